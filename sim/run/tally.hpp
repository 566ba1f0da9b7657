// Exact tallies of a run: integers only, so that any split over threads, blocks and restarts gives
// the same bytes.
#pragma once

#include <npcsim/base/exact_sum.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/engine/outcome.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// Groups of the delete-a-group jackknife: patient number mod 64.
inline constexpr std::size_t jackknife_groups = 64;

/// Days in a period, the resolution of what subgroups keep by jackknife group.
inline constexpr std::size_t days_per_period = 56;

/// Histograms of one endpoint under one strategy.
struct EndpointTally {
  std::uint64_t in_set = 0;           ///< patients who belong to the endpoint's set
  std::uint64_t without_event = 0;    ///< of them, followed to the horizon without an event
  std::vector<std::uint32_t> events;  ///< [tick 0..horizon]
  /// [tick 0..horizon], censored before the horizon; empty until there is one.
  std::vector<std::uint32_t> censored_early;
  /// [cause][day 0..horizon day]; day = tick / 32; empty if there is one cause.
  std::vector<std::uint32_t> cause_events;
  /// [cause][landmark]: of the events on the landmark's day, those up to the landmark; empty if
  /// there is one cause.
  std::vector<std::uint32_t> cause_at_landmark;
  std::vector<std::uint32_t> group_events;  ///< [group][day]
  /// [group][day], censored before the horizon's tick; empty until there is one. Who reaches the
  /// horizon event-free is what remains of group_size.
  std::vector<std::uint32_t> group_censored;
  std::array<std::uint64_t, jackknife_groups> group_size{};

  /// [tick]; the last bin holds those who reach the horizon.
  std::vector<std::uint32_t> censored() const;
};

/// The same at one-day resolution for one level of a subgroup.
struct SubgroupTally {
  std::uint64_t in_set = 0;
  std::vector<std::uint32_t> events;  ///< [day]
  /// [day]; the last bin also holds those who reach the horizon.
  std::vector<std::uint32_t> censored;
  /// [group][period of 56 days, then one bin for all without an event].
  std::vector<std::uint32_t> group_events;
  /// [group][period], those of the last bin who are censored early; empty until there is one.
  std::vector<std::uint32_t> group_censored;
  /// [landmark]: of the events on the landmark's day, those up to the landmark.
  std::vector<std::uint32_t> at_landmark;
};

/// What only pairs of twins can say: strategy against the reference, one endpoint.
struct PairedTally {
  std::uint64_t pairs = 0;  ///< twins of whom both belong to the set
  ExactMoments difference;  ///< restricted time within the horizon, strategy - reference, ticks
  std::vector<std::uint64_t> only_strategy;   ///< [landmark] event-free under the strategy only
  std::vector<std::uint64_t> only_reference;  ///< [landmark] event-free under the reference only
};

struct MeasureTally {
  ExactMoments moments;  ///< of the patients to whom the measure applies
  /// Strategy - reference, for twins to both of whom it applies; empty for the reference.
  ExactMoments paired;
};

/// All tallies of one run (one parameter draw).
class Tally {
 public:
  explicit Tally(const OutcomeShape& shape);

  const OutcomeShape& shape() const { return shape_; }
  /// Adds a finished block; may be called from several threads.
  /// \pre at most 2^20 patients; every tick is in 0..horizon_ticks, every event code in -1..causes.
  void add(const OutcomeBlock& block);
  /// Adds the tallies of other patients, as another process counted them. \pre other has the same
  /// shape.
  void add(const Tally& other);

  const EndpointTally& endpoint(std::size_t strategy, std::size_t endpoint) const;
  const SubgroupTally& subgroup(std::size_t strategy, std::size_t endpoint, std::size_t subgroup,
                                std::size_t level) const;
  const PairedTally& paired(std::size_t strategy, std::size_t endpoint) const;
  const MeasureTally& measure(std::size_t strategy, std::size_t measure) const;
  std::uint64_t patients() const { return patients_; }
  /// Days 0..horizon day: the number of bins of everything that is kept by day.
  std::size_t day_bins() const { return day_bins_; }
  /// Periods of 56 days that hold all days.
  std::size_t period_bins() const { return day_bins_ / days_per_period + 1; }

  /// Bytes for a snapshot, piece by piece or as a whole, and back; equal tallies give equal bytes
  /// on every machine. restore() replaces what was there; it throws std::runtime_error, and changes
  /// nothing, when the bytes do not belong to this shape. None may run while blocks are being
  /// added.
  void write(const std::function<void(std::string_view)>& put) const;
  std::string bytes() const;
  void restore(std::string_view bytes);

  /// Bytes of memory that a tally of this shape takes at most (patients censored early), for the
  /// forecast before a run.
  static std::size_t memory_bytes(const OutcomeShape& shape);

 private:
  struct Scratch;
  // Shows all numbers of a tally to an archive that writes or reads them, always in one order.
  template <class Self, class Archive>
  static void visit(Self& tally, Archive& archive);
  void add_strategy(const OutcomeBlock& block, std::size_t strategy, Scratch& scratch);
  void add_histograms(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                      const Scratch& scratch);
  // Adds an event on a landmark's day to the landmarks that it is not after.
  void count_at_landmarks(std::int32_t tick, std::uint32_t* by_landmark) const;
  void add_subgroups(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                     const Scratch& scratch);

  OutcomeShape shape_;
  std::size_t day_bins_ = 0;
  std::vector<std::uint8_t> has_landmark_;    ///< [day] 1 if a landmark lies on it
  std::size_t levels_ = 0;                    ///< of all subgroups together
  std::vector<std::size_t> subgroup_offset_;  ///< first of a subgroup's levels
  std::uint64_t patients_ = 0;
  std::vector<EndpointTally> endpoints_;
  std::vector<SubgroupTally> subgroups_;
  std::vector<PairedTally> paired_;
  std::vector<MeasureTally> measures_;
  std::vector<std::mutex> locks_;  ///< one for each strategy
};

}  // namespace npcsim

// The patients of a block with those of one jackknife group side by side.
#pragma once

#include <npcsim/run/tally.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// Lane l holds the patients l, l + 64, l + 128, ... of a block: one jackknife group. In the order
/// of patients the histograms by group would take turns in the cache; by lanes each is visited
/// once.
class LaneLayout {
 public:
  explicit LaneLayout(std::size_t patients);

  static constexpr std::size_t lanes = jackknife_groups;
  std::size_t patients() const { return patients_; }
  /// Patients in a lane.
  std::size_t size(std::size_t lane) const { return (patients_ + lanes - 1 - lane) / lanes; }
  /// Where a lane begins in an array of elements().
  std::size_t begin(std::size_t lane) const { return lane * stride_; }
  std::size_t elements() const { return lanes * stride_; }

 private:
  std::size_t patients_;
  std::size_t stride_;
};

/// What stands in a lane for patients without an event, beyond every tick of one.
struct LaneMarks {
  std::uint32_t without_event = 0;
  std::uint32_t not_in_set = 0;  ///< larger than without_event
};

/// Ticks of events, or marks, by lanes. Returns how many are censored before the horizon.
std::uint64_t outcomes_by_lane(const LaneLayout& layout, const LaneMarks& marks,
                               const std::int32_t* ticks, const std::int8_t* codes,
                               std::int32_t horizon_ticks, std::vector<std::uint32_t>& out);

/// One byte a patient, by lanes.
void bytes_by_lane(const LaneLayout& layout, const std::uint8_t* bytes,
                   std::vector<std::uint8_t>& out);

}  // namespace npcsim::detail

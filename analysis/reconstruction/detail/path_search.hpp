// All ways in which patients can have left an arm that agree with its curve and its counts.
#pragma once

#include <npcsim/random/draws.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace npcsim::reconstruction {

/// One stretch of time: first `censored` leave, then `events` happen, then what is known is
/// checked.
struct Step {
  double start = 0;
  double end = 0;
  double event_rate = 0;           ///< events expected per patient at risk
  double censor_rate = 0;          ///< censorings expected per patient at risk
  std::optional<double> survival;  ///< read off the figure at the end of the step
  double noise = 1;                ///< standard deviation of that reading; window if exact
  double slip = 0;    ///< weight of the reading however far off it is, against 1 if it is met
  double lowest = 0;  ///< survival at the end of the step lies in lowest..highest
  double highest = 1;
  std::int32_t at_risk = -1;  ///< patients left after the step; -1: unknown
  double likely_left = -1;    ///< patients left after the step, about; below 0: no idea
  double left_noise = 1;      ///< standard deviation of that
  std::int32_t ticks = -1;    ///< censoring marks seen in the step; -1: marks are unknown
  bool events_at_end = true;  ///< events happen at the end of the step, not anywhere in it
  bool has_events = true;     ///< events are possible
};

/// How many left in each step, and the survival they leave behind.
struct Path {
  std::int32_t start = 0;  ///< patients at time 0
  std::vector<std::int32_t> events;
  std::vector<std::int32_t> censored;
  std::vector<double> survival;  ///< after each step
  std::int32_t total_events = 0;
};

/// Forward recursion over the states (events so far, censorings so far, level of survival).
///
/// Weight of a path = product over steps of: negative binomial for events and for censorings around
/// their expected numbers, and normal density (or a window) of the reading. Sums and maxima over
/// paths are kept for each state, together with the survival of the best path into it: two paths
/// into one state differ in the order of events and censorings only, and in survival by less than a
/// level. Best path: Viterbi 1967; drawn paths: forward filtering, backward
/// sampling (Fruehwirth-Schnatter, J Time Ser Anal 1994;15:183).
class PathSearch {
 public:
  struct Settings {
    std::int32_t lowest_start = 0;   ///< patients at time 0: at least
    std::int32_t highest_start = 0;  ///< and at most
    bool exact = false;              ///< readings are windows, not normal
    bool slips = false;  ///< a few readings may be wrong by any amount within lowest..highest
    std::optional<std::int32_t> total_events;
    bool patient = false;  ///< very unlikely numbers of censorings are tried, too
    double rare = 1e-5;    ///< numbers of censorings less likely than this share of the likeliest
                           ///< are left out, unless exact or patient
    double level_width = 1e-3;  ///< paths into equal counts are told apart by this much survival
    std::size_t most_states = 4000;  ///< per step; the heaviest are kept
  };

  PathSearch(const std::vector<Step>& steps, const Settings& settings);

  /// Some path satisfies every at-risk count, window and the total of events.
  bool feasible() const { return !final_.empty(); }
  /// The step at which no path was left, or the number of steps.
  std::size_t stuck_at() const { return stuck_at_; }
  /// log of the weight of all paths together; compares choices of noise and start.
  double log_evidence() const { return log_evidence_; }

  /// \pre feasible().
  Path best() const;
  /// A path with a probability in proportion to its weight, among those whose own survival is
  /// within lowest..highest and the windows of exact readings; nothing if many attempts find none.
  /// \pre feasible().
  std::optional<Path> draw(const PatientDraws& draws) const;

 private:
  struct State {
    std::int32_t events;
    std::int32_t censored;
    std::int64_t level;  // survival in units of level_width: paths that differ more stay apart
    double survival;
    double sum;   // of the weights of all paths into the state, scaled per step
    double best;  // largest weight of a path into it, scaled alike
    std::int32_t from;
  };
  struct Table;
  class Weights;
  // Numbers of events from first to last; none if last is below first.
  struct Range {
    std::int32_t first;
    std::int32_t last;
  };

  void advance(std::size_t step, const Weights& weights, Table& table);
  void keep_heaviest(std::vector<State>& states) const;
  std::int32_t most_censored_from(const Step& step, const State& state, std::int32_t people) const;
  Range allowed_events(const Step& step, const Weights& weights, const State& state,
                       std::int32_t at_risk) const;
  std::int64_t level_of(double survival) const;
  // `plausible` remembers the most censorings that are tried, by the number of people.
  double log_transition(const Step& step, const Weights& weights, const State& from,
                        const State& to, std::vector<std::int32_t>& plausible) const;
  Path draw_once(const PatientDraws& draws, std::uint32_t attempt) const;
  bool within_limits(const Path& path) const;
  Path trace(const std::vector<std::int32_t>& states) const;

  const std::vector<Step>* steps_;
  Settings settings_;
  std::vector<std::vector<State>> layers_;  // [0] start, [k + 1] after step k
  std::vector<std::int32_t> final_;         // states of the last layer that satisfy the totals
  std::size_t stuck_at_ = 0;
  double log_evidence_ = 0;
};

}  // namespace npcsim::reconstruction

// Everything that changes while a life is lived: plain values that can be copied, so that a life
// can go on in two ways from one point.
#pragma once

#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/program.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim {

/// One agent in one life.
struct AgentState {
  bool dosed = false;
  bool received = false;
  bool for_good = false;  ///< the running course has no planned end; a stop may still end it
  std::int32_t tag = 0;
  double first_dose = never;
  double start = 0;        ///< of the running or last course
  double last_dose = 0;    ///< of it, as planned or as it came
  double dose_before = 0;  ///< last dose of the course before
  double end = 0;          ///< when the running course ends
  double ended = never;    ///< when the last course ended
  double first_ended = never;
  double fatal_at = never;
  std::int32_t fatal_risk = -1;
  std::int32_t planned = 0;       ///< doses of the running course
  std::int32_t stop_cause = -1;   ///< why the running course will end early
  std::int32_t stopped_for = -1;  ///< cause of a stop that has happened
  std::int32_t doses = 0;         ///< of finished courses
  double time_on = 0;             ///< of finished courses, days
  double eqd2 = 0;                ///< delivered
  std::int32_t stage = 0;  ///< of radiotherapy: 1 when half of a course was given, 2 when all was
  std::int32_t hold_count = 0;
  std::int32_t first_hold = 0;  ///< place of its holds among all of the life
};

/// What shapes the time course of an effect between two events. Where it stands at a time follows
/// from this and the schedule of its agent, so changes of effects are no events.
struct TrackState {
  bool running = false;
  bool masked = false;
  double log_hr = 0;   ///< of this patient, gates and modifiers included; unused if tabulated
  double earlier = 0;  ///< while a course runs: what earlier ones have left, as a share of log_hr
  double overlap = 1;
  std::int32_t gate_level = -1;  ///< of the marker that gates it, when its agent was given
  bool moved = true;             ///< it may take another course than when it was looked up last
};

/// Where a time course stands at a time.
struct TrackPoint {
  std::int32_t ramp = -1;  ///< -1 before the onset
  std::int32_t waning = 0;
  double next = never;  ///< next change
};

/// The working memory of a Life. Sized once by the Program; begin() of Life resets it.
class LifeState {
 protected:
  friend class Life;  // reaches into the states of branches too

  static constexpr std::int32_t most_documented = 4;

  struct Pending {
    double at = 0;
    Action action;
  };
  /// What is still to be done at this instant, last in first out: an action, or the question
  /// whether the courses of the action's tag have all ended.
  struct ToDo {
    Action action;
    bool course_done = false;
    std::int32_t known =
        0;  ///< documented progressions when it was decided: a new one overturns it
  };
  struct Anchor {
    double u = 0;       ///< clock time since which the multiplier has been in force
    double hazard = 0;  ///< H there
    double left = 0;    ///< what was left of the threshold there
    double multiplier = 1;
  };
  /// One effect on one process, where it stands.
  struct Cursor {
    std::int32_t track = 0;
    std::int32_t slot = 0;
    TrackPoint point;
    double factor = 1;
    double place = 0;  ///< time that it stands at
    // The steps to come, found when the first of them is taken; following them needs neither the
    // track nor its agent. For time courses that are not made of steps `factors` stays null, and
    // every change is looked up.
    const double* factors = nullptr;  ///< [ramp][waning] of this slot, `slots` apart
    std::int32_t slots = 0;
    std::int32_t last_ramp = 0;
    std::int32_t last_waning = 0;
    double ramp_from = 0, ramp_step = 0;
    double waning_from = 0, waning_step = 0;
  };

  /// A delay before a dose of a course.
  struct Hold {
    std::int32_t dose = 0;  ///< the first that is late, from 0
    double days = 0;
  };
  /// Of a toxicity that changes doses: what finished courses have brought.
  struct Episodes {
    std::uint32_t count = 0;
    double spent = 0;       ///< of the threshold of the next one
    double threshold = -1;  ///< of the next one; below 0: not drawn yet
  };
  /// How large the doses of an agent are; 1 is the full dose.
  struct DoseLevel {
    double level = 1;                    ///< of the dose that was given last
    double coming = 1;                   ///< of the first dose of the running or next course
    std::int32_t reductions = 0;         ///< until the dose that was given last
    std::int32_t reductions_coming = 0;  ///< until the first of the running or next course
    double sum = 0;                      ///< of the levels in finished courses
    double change_at = never;            ///< when the running course is reduced next
  };

  // Who lives this life: strategies whose decisions have been the same so far.
  std::vector<std::int32_t> lived_by_;    ///< strategies; the first decides
  std::vector<StrategyMemory> memories_;  ///< [strategy]
  /// The life's tags are numbers from 0; each strategy has its own number for the same thing.
  std::vector<std::int64_t> own_tags_;  ///< [tag of the life][strategy]

  double now_ = 0;
  double end_ = 0;
  bool over_ = false;
  bool dead_ = false;
  bool processes_begun_ = false;
  std::int32_t state_ = 0;
  std::int32_t cause_of_death_ = -1;

  // Processes, [process].
  std::uint64_t active_ = 0;
  std::uint64_t dirty_ = 0;
  std::uint64_t armed_ = 0;         ///< has a threshold
  std::vector<double> next_;        ///< when it fires, as far as is known; never: not before upto_
  std::vector<double> upto_;        ///< looked at until here; infinite when next_ is settled
  std::vector<double> clock_zero_;  ///< patient time at which its clock is 0
  std::vector<Anchor> anchor_;
  /// As of the last event: marching looks ahead and may have to come back.
  std::vector<Anchor> saved_;
  std::vector<double> saved_at_;
  std::vector<double> fired_;
  std::vector<std::uint32_t> firings_;
  std::vector<double> entered_;            ///< [state]
  std::vector<std::int32_t> entry_cause_;  ///< [state]

  std::vector<AgentState> agents_;
  std::vector<std::int32_t> dosed_;  ///< agents with a running course
  std::vector<double> risk_spent_;   ///< [risk] consumed in finished courses
  std::vector<double> risk_rate_;    ///< [risk] as of the start of the running course
  std::vector<Hold> holds_;          ///< course by course
  std::vector<Episodes> episodes_;   ///< [risk]; empty if no toxicity changes doses
  std::vector<DoseLevel> levels_;    ///< [agent]; empty if no toxicity reduces doses

  std::vector<TrackState> tracks_;
  std::vector<std::int32_t> running_;    ///< tracks that have begun
  std::vector<std::int32_t> sensitive_;  ///< of them, those that other agents or the dose change
  /// [process] running effects in order of declaration, as of upto_
  std::vector<std::vector<Cursor>> cursors_;
  std::uint64_t stale_ = 0;  ///< processes whose cursors must be looked up again
  bool schedules_changed_ = false;
  double lesion_factor_ = 1;

  std::vector<Pending> pending_;
  std::vector<ToDo> to_do_;
  double document_at_ = never;
  std::int32_t document_process_ = -1;
  std::uint32_t latent_count_ = 0;
  double false_alarm_at_ = never;
  std::uint32_t false_count_ = 0;
  std::int32_t documented_count_ = 0;
  double documented_[most_documented] = {};
  std::int32_t documented_type_ = -1;
  std::int32_t line_ = 1;
  std::vector<std::int32_t> level_;
  std::vector<std::int32_t> best_level_;
  bool treatment_begun_ = false;
  std::int32_t treated_line_ = 0;
  double asked_at_ = -1;
  std::int32_t asked_now_ = 0;
};

}  // namespace npcsim

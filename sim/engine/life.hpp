// One patient's life under one strategy: the event loop and the state that it works on.
//
// A Life belongs to one worker and is used again and again; its memory is sized once by the
// Program.
#pragma once

#include <npcsim/base/units.hpp>
#include <npcsim/engine/journal.hpp>
#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/program.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace npcsim {

/// What is the same for a patient under every strategy. Columns with a stride: column c of this
/// patient is columns[c * stride].
struct PatientInput {
  const double* columns = nullptr;
  std::size_t stride = 0;
  const double* base =
      nullptr;  ///< [process * stride] hazard multiplier without state and treatment
  const double* thresholds = nullptr;  ///< [process * stride] first unit-exponential threshold
  PatientDraws draws;
  /// First thresholds of stops and toxicities that were drawn beforehand: harm h of the Program is
  /// harms[harm_places[h] * stride]; a place below 0 or null: drawn when it is asked for.
  const double* harms = nullptr;
  const std::int32_t* harm_places = nullptr;  ///< [harm]
};

/// One agent in one life.
struct AgentState {
  bool dosed = false;
  bool received = false;
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
};

/// What shapes the time course of an effect between two events. Where it stands at a time follows
/// from this and the schedule of its agent, so changes of effects are no events.
struct TrackState {
  bool running = false;
  bool masked = false;
  double log_hr = 0;  ///< of this patient, gates and modifiers included; unused if tabulated
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

class Life {
 public:
  explicit Life(const Program& program);

  /// Lives one life. `journal` may be null.
  void run(const PatientInput& patient, const Strategy& strategy, Journal* journal);

  // What came of it; valid until the next run.
  double end_days() const { return end_; }
  bool dead() const { return dead_; }
  double fired_at(std::int32_t process) const { return fired_[static_cast<std::size_t>(process)]; }
  double entered_at(std::int32_t state) const { return entered_[static_cast<std::size_t>(state)]; }
  double documented_at(std::int32_t occurrence) const {
    return occurrence >= 1 && occurrence <= documented_count_ && occurrence <= most_documented
               ? documented_[static_cast<std::size_t>(occurrence - 1)]
               : never;
  }
  /// What led into a state first: process, or process count + toxicity; -1 if it was never entered.
  std::int32_t cause_of_entry(std::int32_t state) const {
    return entry_cause_[static_cast<std::size_t>(state)];
  }
  std::int32_t documented_count() const { return documented_count_; }
  /// Index of the process (or process count + toxicity) that led to the last final state, -1 if
  /// alive.
  std::int32_t cause_of_death() const { return cause_of_death_; }
  const AgentState& agent(std::int32_t index) const {
    return agents_[static_cast<std::size_t>(index)];
  }
  std::int32_t best_level(std::int32_t marker) const {
    return best_level_[static_cast<std::size_t>(marker)];
  }
  std::int32_t line() const { return line_; }
  /// Highest line in which something was given, 0 if nothing was.
  std::int32_t treated_line() const { return treated_line_; }
  bool had_toxicity(std::int32_t toxicity) const;
  double origin_time(const Origin& origin) const;

  // For StrategyView.
  double now() const { return now_; }
  double value(Variable variable) const;
  bool holds(std::int32_t condition) const;
  const PatientDraws& draws() const { return patient_->draws; }
  std::int32_t asked_now() const { return asked_now_; }
  const Program& program() const { return program_; }

  static constexpr std::int32_t most_documented = 4;
  static constexpr std::size_t usual_pending = 32;
  static constexpr std::int32_t most_holds = 160;

 private:
  struct Pending {
    double at = 0;
    Action action;
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

  // life.cpp: what happens
  void begin(const PatientInput& patient, Journal* journal);
  void fire(std::size_t process, double t);
  void enter(std::int32_t state, double t, std::int32_t cause);
  void since_event(double t);

  // processes.cpp: when it happens
  void activate(std::size_t process, double t);
  void advance(std::size_t process, double t);
  bool march(std::size_t process, double to);
  bool change_multiplier(std::size_t process, Anchor& anchor, double at, double m);
  void commit(std::size_t process, double t);
  void save(std::size_t process);
  void solve(std::size_t process);
  void refresh(double t);
  void bring_up(std::size_t process, double t);
  double multiplier(std::size_t process, double t);
  void look_up(std::size_t process, double t);
  double fixed_multiplier(std::size_t process) const;
  // Cumulative hazard at clock time u. Doses and changes of effects usually fall on whole weeks
  // since diagnosis, where the hazards on that clock are tabulated.
  double cumulative(std::size_t process, double u) const {
    const std::vector<double>& grid = program_.processes[process].grid;
    if (!grid.empty()) {
      const auto k = static_cast<std::size_t>(u / days_per_week);
      if (k < grid.size() && static_cast<double>(k) * days_per_week == u) return grid[k];
    }
    return cumulative_between_weeks(process, u);
  }
  double cumulative_between_weeks(std::size_t process, double u) const;
  double cumulative_at_change(std::size_t process, double u) {
    const Quick& quick = quick_[process];
    if (quick.kind == Quick::Kind::rate) return u > 0 ? quick.number * u : 0.0;
    if (quick.kind == Quick::Kind::scale) return u > 0 ? u / quick.number : 0.0;
    return quick.kind == Quick::Kind::grid ? shared_cumulative(process, u)
                                           : cumulative_between_weeks(process, u);
  }
  double shared_cumulative(std::size_t process, double u);
  bool surely_before(std::size_t process, double u) const;
  std::size_t stratum(const Process& process) const;
  const double* parameters(std::size_t process) const;
  void mark_dirty(std::size_t process) { dirty_ |= std::uint64_t{1} << process; }
  bool active(std::size_t process) const { return ((active_ >> process) & 1U) != 0; }
  double column(std::int32_t c) const {
    return patient_->columns[static_cast<std::size_t>(c) * patient_->stride];
  }

  // courses.cpp: agents
  void give(const Action& action, double t);
  void stop(const Action& action, double t);
  bool waits_for(std::int32_t tag) const;
  void start_course(std::int32_t agent, std::int32_t cycles, std::int32_t planned,
                    const Action& action, double t);
  std::int32_t planned_cycles(const Action& action) const;
  void plan_holds(std::size_t agent, std::int32_t doses);
  double dose_time(std::size_t agent, std::int32_t dose) const;
  std::int32_t doses_before(std::size_t agent, double t) const;
  void close_course(std::size_t agent, double t, std::int32_t how);
  void end_course(std::size_t agent, double t);
  void stop_agent(std::size_t agent, double t);
  void stop_all(double t);
  double risk_rate(const CycleRisk& risk) const;
  double harm_threshold(std::int32_t harm) const {
    const std::int32_t place = patient_->harm_places == nullptr
                                   ? -1
                                   : patient_->harm_places[static_cast<std::size_t>(harm)];
    if (place >= 0) return patient_->harms[static_cast<std::size_t>(place) * patient_->stride];
    return patient_->draws.unit_exponential(
        StreamName::from_hash(program_.harms[static_cast<std::size_t>(harm)]));
  }
  double log_more(const std::vector<MoreWith>& more_with) const;

  // tracks.cpp: effects
  void start_tracks(std::size_t agent);
  void agents_changed();
  TrackPoint track_at(std::size_t track, double t) const;
  void look_up(Cursor& cursor, double t) const;
  bool find_steps(Cursor& cursor) const;
  void follow(Cursor& cursor, double t) const;
  double factor(std::size_t track, std::int32_t slot, const TrackPoint& point) const;
  bool masked(const Track& track) const;
  double overlap(const Track& track) const;
  double patient_log_hr(const Track& track, const TrackState& state) const;
  void update_lesions();

  // observe.cpp
  void latent_progression(std::size_t process, double t);
  void document(double t, bool false_alarm);
  void schedule_false_alarm(double t);
  double next_assessment(double t, bool strictly) const;
  std::int32_t assess(std::int32_t marker, double t);
  bool detectable(const Marker& marker, double t) const;
  double log10_marker(const Marker& marker) const;
  std::int32_t cycles_of(std::int32_t agent) const;

  void ask(Trigger trigger, std::int32_t tag, double t);
  void carry_out(const Decision& decision, double t);
  void perform(const Action& action, double t);
  void note(double t, JournalEntry::Kind kind, std::int32_t index, std::int32_t detail,
            std::int32_t value = 0) {
    if (journal_ != nullptr) journal_->push_back({t, kind, index, detail, value});
  }

  const Program& program_;
  const PatientInput* patient_ = nullptr;
  const Strategy* strategy_ = nullptr;
  Journal* journal_ = nullptr;
  StrategyMemory memory_;

  double now_ = 0;
  double end_ = 0;
  double limit_ = 0;  ///< horizon or drop-out
  bool over_ = false;
  bool dead_ = false;
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
  std::vector<Anchor>
      saved_;  ///< as of the last event: marching looks ahead and may have to come back
  std::vector<double> saved_at_;
  std::vector<double> fired_;
  std::vector<std::uint32_t> firings_;
  /// How the cumulative hazard of a process is found at a change of an effect.
  struct Quick {
    enum class Kind : std::uint8_t { general, rate, scale, grid };
    Kind kind = Kind::general;
    double number = 0;
  };
  std::vector<Quick> quick_;  ///< [process]
  /// Hazards at changes of effects that many patients share: schedules are the same, and so are the
  /// hazards on clocks that begin with them.
  struct SharedHazard {
    double u = -1;
    double hazard = 0;
  };
  static constexpr std::size_t shared_hazards = 256;  ///< a process, a power of 2
  std::vector<SharedHazard> shared_;                  ///< [process][place by u]
  std::vector<double> parameters_;  ///< of processes with covariates on parameters
  std::vector<std::int32_t> parameter_offset_;
  std::vector<double> entered_;            ///< [state]
  std::vector<std::int32_t> entry_cause_;  ///< [state]

  std::vector<AgentState> agents_;
  std::vector<std::int32_t> dosed_;  ///< agents with a running course
  std::vector<double> risk_spent_;   ///< [risk] consumed in finished courses
  std::vector<double> risk_rate_;    ///< [risk] as of the start of the running course
  std::vector<std::int32_t> risk_offset_;
  std::vector<std::int32_t> holds_;  ///< [agent][hold] dose before which it happened

  std::vector<TrackState> tracks_;
  std::vector<std::int32_t> running_;    ///< tracks that have begun
  std::vector<std::int32_t> sensitive_;  ///< of them, those that other agents or the dose change
  std::vector<std::vector<Cursor>>
      cursors_;              ///< [process] running effects in order of declaration, as of upto_
  std::uint64_t stale_ = 0;  ///< processes whose cursors must be looked up again
  bool schedules_changed_ = false;
  double lesion_factor_ = 1;

  std::vector<Pending> pending_;
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
  std::vector<std::unique_ptr<Decision>> answers_;  ///< [depth]
  std::size_t depth_ = 0;                           ///< questions that are being carried out
  double asked_at_ = -1;
  std::int32_t asked_now_ = 0;
};

}  // namespace npcsim

// One patient's life under one strategy: the event loop.
//
// A Life belongs to one worker and is used again and again; its memory is sized once by the
// Program. Strategies that decide alike share one life; where their decisions part, it goes on from
// a copy of its state for each.
#pragma once

#include <npcsim/base/units.hpp>
#include <npcsim/engine/journal.hpp>
#include <npcsim/engine/life_state.hpp>
#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/program.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
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

class Life : private LifeState {
 public:
  explicit Life(const Program& program);

  /// Lives one life. `journal` may be null.
  void run(const PatientInput& patient, const Strategy& strategy, Journal* journal);

  /// Prepares the lives of a patient under several strategies, which next() lives one by one. Both
  /// the patient and the list are read until the last of them.
  void start(const PatientInput& patient, std::span<const Strategy* const> strategies);
  /// Lives another life; false if there is none left.
  bool next();
  /// Strategies, as places in the list, under which this life is lived. Their lives are the same.
  std::span<const std::int32_t> lived_by() const { return lived_by_; }

  // What came of it; valid until the next run.
  double end_days() const { return end_; }
  bool dead() const { return dead_; }
  double fired_at(std::int32_t process) const { return fired_[static_cast<std::size_t>(process)]; }
  /// First entry into a state; never, also for the state in which the life began.
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
  /// Of an agent whose doses can be reduced: times that it was, and mean share of the full dose, -1
  /// without a dose.
  std::int32_t reductions(std::int32_t agent) const {
    return levels_[static_cast<std::size_t>(agent)].reductions;
  }
  double mean_dose_level(std::int32_t agent) const;

  // For StrategyView.
  double now() const { return now_; }
  double value(Variable variable) const;
  bool holds(std::int32_t condition) const;
  const PatientDraws& draws() const { return patient_->draws; }
  std::int32_t asked_now() const { return asked_now_; }
  const Program& program() const { return program_; }

  static constexpr std::size_t usual_pending = 32;
  static constexpr std::int32_t most_holds = 160;

 private:
  // life.cpp: what happens
  void begin();
  void find_parameters();
  void live_from_diagnosis();
  void live_on();
  void next_event();
  void begin_processes();
  void fire(std::size_t process, double t);
  void enter(std::int32_t state, double t, std::int32_t cause);
  void since_event(double t);

  // processes.cpp: when it happens
  void activate(std::size_t process, double t);
  void advance(std::size_t process, double t);
  bool march(std::size_t process, double to);
  template <class Cumulative>
  bool march_by(std::size_t process, double to, const Cumulative& cumulative_at);
  bool march_in_strides(std::size_t process, double to);
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
  double shared_cumulative(std::size_t process, double u);
  bool surely_before(std::size_t process, double u) const;
  const double* parameters(std::size_t process) const;
  void mark_dirty(std::size_t process) { dirty_ |= std::uint64_t{1} << process; }
  bool active(std::size_t process) const { return ((active_ >> process) & 1U) != 0; }
  double column(std::int32_t c) const {
    return patient_->columns[static_cast<std::size_t>(c) * patient_->stride];
  }

  // life_tables.cpp
  std::size_t stratum(const Process& process) const;
  LexisDiagonal diagonal(std::size_t process) const;
  double cumulative_of_table(std::size_t process, double u) const;
  double age_by_table(std::size_t process, double hazard_left) const;

  // courses.cpp: agents
  void give(const Action& action, double t);
  void stop(const Action& action, double t);
  bool waits_for(std::int32_t tag) const;
  void start_course(std::int32_t agent, std::int32_t cycles, std::int32_t planned,
                    const Action& action, double t);
  std::int32_t planned_cycles(const Action& action) const;
  /// How a course ends; `killed`: its own toxicity ends the life, with the dose that was given.
  enum class CourseEnd : std::uint8_t { done, stopped, interrupted, killed };
  void close_course(std::size_t agent, double t, CourseEnd how);
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
  double log_more(const std::vector<MoreWith>& more_with,
                  const std::vector<LinearTerm>& modifiers) const;

  // harms.cpp: toxicities; the last four are for the journal only
  bool had_course_harm(const Toxicity& toxicity, std::size_t place, double share,
                       double more) const;
  void date_harms(std::size_t agent, std::int32_t given, double end);
  void date_course_harms(std::size_t agent, double t);
  void note_held_doses(std::size_t agent, double end);
  void note_toxicities();

  // doses.cpp: doses of a course
  void plan_doses(std::size_t agent, std::int32_t doses);
  double dose_time(std::size_t agent, std::int32_t dose) const;
  std::int32_t doses_before(std::size_t agent, double t) const;
  template <class Happens>
  void live_cycle(std::size_t agent, Episodes* episodes, const Happens& happens) const;
  template <class See>
  std::pair<double, std::int32_t> live_cycles(std::size_t agent, std::int32_t doses,
                                              const See& see);
  void find_dose_level(std::size_t agent, double t);
  void reduce_dose(std::size_t agent, double t);
  void settle_doses(std::size_t agent, std::int32_t given);

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
  void find_log_hr(const Track& track, TrackState& state) const;
  void update_lesions();

  // observe.cpp
  void latent_progression(std::size_t process, double t);
  void document(double t, bool false_alarm);
  void schedule_false_alarm(double t);
  double next_assessment(double t, bool strictly) const;
  std::int32_t assess(std::int32_t marker, double t);
  bool detectable(std::size_t marker, double t) const;
  double log10_marker(std::size_t marker) const;
  std::int32_t cycles_of(std::int32_t agent) const;

  // sharing.cpp: strategies that decide alike
  void everyone_lives_it();
  void ask(Trigger trigger, std::int32_t tag);
  void decide(Trigger trigger, std::int32_t tag);
  void part(Trigger trigger, std::int32_t tag, std::size_t tags_before);
  std::int32_t own_tag(Trigger trigger, std::int32_t tag, std::int32_t strategy) const;
  void translate_tags(std::int32_t strategy, Decision& decision);
  bool agree(const Decision& first, const Decision& other, std::int32_t strategy);
  void do_what_is_to_be_done();
  void ask_whether_done(std::int32_t tag);

  void perform(const Action& action, double t);
  void note(double t, JournalEntry::Kind kind, std::int32_t index, std::int32_t detail,
            std::int32_t value = 0) {
    if (journal_ != nullptr) journal_->push_back({t, kind, index, detail, value});
  }

  const Program& program_;
  const PatientInput* patient_ = nullptr;
  std::span<const Strategy* const> strategies_;
  Journal* journal_ = nullptr;
  std::vector<double> harm_at_;     ///< [toxicity] when it came first; of lives with a journal
  double limit_ = 0;                ///< horizon or drop-out
  const Strategy* only_ = nullptr;  ///< of run()
  Decision decision_;
  Decision other_decision_;
  std::vector<std::int32_t> leaving_;

  /// A life that parts from another: its state when its strategies were asked, and the question.
  struct Branch {
    LifeState state;
    Trigger trigger = Trigger::start;
    std::int32_t tag = 0;
  };
  std::vector<Branch> branches_;  ///< grows to the most that were ever waiting
  std::size_t waiting_ = 0;       ///< branches to be lived
  bool from_diagnosis_ = false;   ///< the first life is still to be lived

  /// How the cumulative hazard of a process is found at a change of an effect.
  struct Quick {
    enum class Kind : std::uint8_t { life_table, family, rate, scale, grid };
    Kind kind = Kind::life_table;
    double number = 0;  ///< rate per day, or scale in days
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
  std::vector<std::int32_t> risk_offset_;
  std::vector<Episodes> cycle_;         ///< of one agent, while its cycles are gone through
  std::vector<std::uint64_t> runs_in_;  ///< [state] processes that run there
  std::uint64_t since_ = 0;             ///< processes on the clock since(x)
  std::vector<std::vector<std::int32_t>> falls_with_;  ///< [marker] agents whose cycles lower it
};

}  // namespace npcsim

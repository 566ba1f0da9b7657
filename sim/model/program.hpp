// A compiled disease model: immutable flat arrays, no strings in the loop. What the engine sees.
#pragma once

#include <npcsim/base/parameters.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/hazard/baseline.hpp>
#include <npcsim/hazard/life_table.hpp>
#include <npcsim/model/condition.hpp>

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

inline constexpr double never = std::numeric_limits<double>::infinity();

struct LinearTerm {
  std::int32_t column = 0;
  double coef = 0;
  double centre = 0;
};

/// intercept + sum coef (x - centre).
struct Linear {
  double intercept = 0;
  std::vector<LinearTerm> terms;

  /// `row(c)` is the patient's value of column c.
  template <class Row>
  double at(const Row& row) const {
    double sum = intercept;
    for (const LinearTerm& term : terms) sum += term.coef * (row(term.column) - term.centre);
    return sum;
  }
};

enum class ColumnKind : std::uint8_t {
  bernoulli,
  bernoulli_logit,
  categorical,
  normal,
  truncated_normal,
  log_normal,
  gamma,
  beta,
  uniform,
  poisson,
  constant,
  pattern,
  pattern_member,
  resample,
  linear,
  sum,
  product,
  log10,
  standardised,
  condition,
  frailty_gamma,
  frailty_log_normal,
  frailty_stable,
  frailty_log,
  copula_normal
};

/// How one column is filled. Rules run in order; a rule uses earlier columns only.
struct ColumnRule {
  ColumnKind kind = ColumnKind::constant;
  std::int32_t column = 0;  ///< what it fills
  std::int32_t latent =
      -1;  ///< column of the copula's standard normal that it uses, -1: its own draw
  std::int32_t score = -1;   ///< column that receives its standard normal score, -1: not kept
  std::uint32_t stream = 0;  ///< hash of the stream's name
  Linear location;           ///< probability, mean, logit, value
  double spread = 0;         ///< sd, shape
  double low = 0, high = 0;  ///< limits; shape parameters a, b of beta
  std::vector<std::int32_t> operands;
  std::vector<double> weights;  ///< cumulative probabilities; log-weights
  std::int32_t condition = -1;
  double otherwise = 0;
  double plus = 0;
  std::int32_t copula = -1;  ///< group, when the latent normal comes from a copula
  std::int32_t copula_row = 0;
};

struct CopulaGroup {
  std::vector<double> cholesky;  ///< lower triangle, row by row, size n (n + 1) / 2
  std::vector<std::int32_t> columns;
  std::vector<std::uint32_t> streams;
};

/// Levels that an attribute can have: conditions keep sets of them in 64 bits.
inline constexpr std::size_t most_levels = 64;

struct ColumnInfo {
  std::string name;
  std::string label;
  std::string unit;
  std::vector<std::string> levels;  ///< of a categorical column; {"no", "yes"} of a flag
  bool hidden = false;              ///< made by the compiler: has no name that a document could use
  bool latent = false;              ///< no strategy may see it
};

/// A table of real patients for resampling.
struct ResampleTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;
  std::uint32_t rows = 0;
};

enum class Clock : std::uint8_t { forward, reset, age, since };

/// An event that a clock or an endpoint can start from.
struct Origin {
  enum class Kind : std::uint8_t { diagnosis, first_dose, process, agent, agent_end };
  Kind kind = Kind::diagnosis;
  std::int32_t index = 0;
};

struct FrailtyUse {
  std::int32_t log_column = 0;
  double exponent = 1;
};

struct ParameterTerms {
  std::int32_t parameter = 0;  ///< index among the baseline's parameters
  std::uint8_t transform = 0;  ///< 0 identity, 1 log, 2 logit
  std::vector<LinearTerm> terms;
  /// Another parameter that was converted to days with the baseline value of this one, or -1: H =
  /// scale t^shape and gamma_0 + gamma_1 log t in another unit of time. It moves by -log_unit times
  /// the change, `scale` on the log scale.
  std::int32_t converted = -1;
  bool converted_log = false;
  double log_unit = 0;
};

struct Process {
  std::string name;
  std::string label;
  std::uint32_t stream = 0;
  std::uint64_t from_mask = 0;
  std::vector<std::int8_t> to;  ///< [state], -1 where the process does not run
  bool fatal = false;           ///< every target is a final state
  std::int32_t order = 0;       ///< position when two processes fire at once
  Clock clock = Clock::forward;
  Origin since;
  Baseline baseline{};
  std::vector<double> knots;
  std::vector<double> parameters;  ///< natural scale, days
  std::vector<ParameterTerms> covariates;
  std::shared_ptr<const LifeTable> life_table;
  std::int32_t age_column = -1;  ///< of the age clock
  std::int32_t sex_column = -1;
  /// Calendar time of diagnosis, a decimal year, for a life table by year; -1: the stratum of its
  /// latest year holds for everybody.
  std::int32_t calendar_column = -1;
  std::uint32_t male_stratum = 0;  ///< of the life table
  std::uint32_t female_stratum = 0;
  Linear log_hr;
  bool has_state_factors = false;
  std::vector<double> state_factor;  ///< [state], hazard ratio while in a state
  std::vector<FrailtyUse> frailties;
  /// Effects that act on it, in order of declaration: track and slot.
  std::vector<std::pair<std::int32_t, std::int32_t>> effects;
  bool documented = false;   ///< counts as progression when observed
  std::vector<double> grid;  ///< H at 7 k days on the forward clock, if tabulated
};

/// Share of an effect or of a risk by the dose of radiotherapy.
struct DoseResponse {
  bool given = false;
  double midpoint = 0, slope = 1;

  /// Logistic in the EQD2 delivered: 1 / (1 + exp(-(EQD2 - midpoint) / slope)).
  double share(double eqd2) const {
    return 1.0 / (1.0 + portable::exp(-(eqd2 - midpoint) / slope));
  }
};

/// Raises a risk once any of the agents has been given.
struct MoreWith {
  std::vector<std::int32_t> agents;
  double coef = 0;  ///< log odds of a probability, log hazard ratio of a rate
};

/// One way in which a course can end, or a harm that is counted by cycles.
struct CycleRisk {
  enum class Kind : std::uint8_t { stop, toxicity, toxic_stop, fatal };
  Kind kind = Kind::stop;
  std::int32_t harm = 0;  ///< index of its threshold in Program::harms
  double per_cycle = 0;   ///< -log(1 - p) per cycle
  double hazard = 0;      ///< per day on the agent; one of the two is 0
  std::int32_t toxicity = -1;
  std::int32_t to_state = -1;
  std::int32_t cause = -1;  ///< index among the stop causes of the agent
  std::vector<MoreWith> more_with;
  std::vector<LinearTerm> modifiers;
  double delay_days = 0;         ///< of the next dose, after each cycle with it
  double reduce_by = 0;          ///< share taken off all later doses, after each cycle with it
  std::int32_t reduce_most = 0;  ///< unless the agent has been reduced so often

  bool changes_doses() const { return per_cycle > 0 && (delay_days > 0 || reduce_by > 0); }
};

struct Agent {
  std::string name;
  std::string title;
  std::vector<std::int32_t> classes;
  bool cyclic = false;
  double every = 0;                                   ///< days
  std::int32_t cap = 0;                               ///< doses, 0: none
  std::vector<std::pair<std::int32_t, double>> plan;  ///< planned cycles, cumulative probability
  std::uint32_t plan_stream = 0;
  std::vector<CycleRisk> risks;
  std::vector<std::string> causes;
  bool holds = false;
  double hold_log = 0;  ///< -log(1 - p)
  double hold_days = 0;
  std::int32_t hold_most = 0;
  std::uint32_t hold_stream = 0;
  bool changes_doses = false;  ///< one of its risks delays or reduces doses
  bool reduces = false;        ///< one of them reduces doses
  bool course = false;
  double over = 0;  ///< days
  double eqd2 = 0;  ///< of the whole course
  std::int32_t fractions = 0;
  bool procedure = false;
  bool controls = false;
  std::int32_t control_lesions = -1;  ///< column
  double control_gain = 0;            ///< (1 - log LC / log LC_none) x share left
  double feasible = 1;
  std::uint32_t feasible_stream = 0;
  std::int32_t given_when = -1;
  std::vector<std::int32_t> tracks;
};

/// The time course of one effect of one agent, and the processes that it acts on.
struct Track {
  std::int32_t agent = 0;
  double log_hr = 0;
  double onset = 0;
  std::vector<double> ramp;  ///< value at the start of each ramp step; the last is 1
  double ramp_step = 0;
  std::vector<double> waning;  ///< value of step j, j = 0 (full) .. steps, then the durable share
  double waning_step = 0;      ///< days from the last dose to step 1, and between steps
  bool step_is_cycle = false;  ///< without a kernel the effect ends one cycle after the last dose
  double duration = 0;         ///< 0: none
  std::int32_t masking_class = -1;
  std::int32_t masking_agent = -1;
  double unmasked = 1;  ///< share of the log effect left while masked
  double half_way = 0, at_end = 1;
  DoseResponse dose_response;
  double dose_exponent = 0;  ///< of the dose level, for reduced doses
  std::int32_t gate_marker = -1;
  std::vector<double> gate;  ///< [level]; level -1 (not assessed) counts as 1
  std::vector<LinearTerm> modifiers;
  std::int32_t when = -1;
  double responder_share = 0;
  double responder_log_hr = 0;
  std::uint32_t responder_stream = 0;
  std::int32_t first_slot = 0;  ///< its targets are slots [first_slot, first_slot + slot_count)
  std::int32_t slot_count = 0;
  bool tabulated = false;              ///< log_hr is the same for every patient
  bool of_course = false;              ///< its agent is a course of radiotherapy
  bool for_good = false;               ///< a procedure whose effect does not wane
  std::vector<std::int32_t> overlaps;  ///< entries of the Program that its agent is in
  /// [masked][ramp][waning][slot] factors exp(log_hr kappa share); filled when tabulated.
  std::vector<double> factors;
};

/// One process under one track.
struct Slot {
  std::int32_t process = 0;
  double share = 1;  ///< of the log effect
};

struct Overlap {
  std::vector<std::vector<std::int32_t>> members;  ///< [member] its agent, or those of its class
  double left = 1;  ///< share of the log effects that is left while one of each member is dosed
};

struct Marker {
  std::string name;
  bool ordered = false;
  std::vector<std::string> levels;
  std::vector<double> cuts;
  std::vector<LinearTerm> loads;
  std::vector<std::pair<std::int32_t, double>> shifts;
  double patient_effect = 0;
  std::int32_t effect_column = -1;
  std::int32_t baseline = -1;
  std::int32_t detectable = -1;
  std::int32_t falls_with_agent = -1, falls_with_class = -1;
  double fall = 0, fall_sd = 0, fall_load = 0;
  std::int32_t fall_column = -1, shared_column = -1;
  double log_limit = 0;
  std::vector<std::int32_t> rebound_of;
  double rebound_a = 1, rebound_b = 1;  ///< beta distribution of the spent share at rebound
  std::vector<double> rebound_cdf;      ///< distribution function at k / (size - 1)
  std::uint32_t rebound_stream = 0;
};

/// Where a toxicity is one of an agent's risks.
struct ToxicityRisk {
  std::int32_t agent = 0;
  std::int32_t risk = 0;
};

struct Toxicity {
  std::string name;
  std::string title;
  std::vector<std::int32_t> agents;
  std::vector<std::int32_t> harms;  ///< [agent of `agents`] thresholds in Program::harms
  std::vector<ToxicityRisk> risks;
  double per_course = 0;    ///< -log(1 - p) of one course
  double hazard_after = 0;  ///< per day from the end of the first course
  std::vector<MoreWith> more_with;
  std::vector<LinearTerm> modifiers;
  DoseResponse dose_response;  ///< of courses
  bool fatal = false;
  std::int32_t to_state = -1;
};

struct Observation {
  bool given = false;
  double every = 0;  ///< days, 0: at once
  bool grid_from_first_dose = true;
  double at_once = 0;
  double miss_log = 0;  ///< -log(1 - sensitivity); 0 when every assessment finds it
  bool misses = false;
  double false_log = 0;  ///< -log(1 - false alarm)
  double drop_out = 0;   ///< per day
};

struct Endpoint {
  std::string name;
  std::string title;
  std::vector<std::int32_t> processes;
  std::vector<std::int32_t> states;
  bool documented = false;
  std::int32_t occurrence = 1;
  Origin since;
  /// Cause codes: processes first, then documented progression, then what leads into the states.
  std::vector<std::string> causes;
  std::vector<std::int8_t>
      cause_of_process;  ///< [process] code when that process itself counts, else 0
  std::vector<std::int8_t>
      cause_of_death;  ///< [process, then toxicity] code when it leads into a state
  std::int8_t cause_of_documented = 0;
};

struct Program {
  std::string name;
  std::string title;
  std::vector<std::string> states;
  std::vector<std::string> state_titles;
  std::int32_t start = 0;
  std::uint64_t final_mask = 0;
  double first_dose = 0;  ///< days
  double horizon = 0;     ///< days

  std::vector<ColumnInfo> columns;
  std::vector<ColumnRule> rules;
  std::vector<CopulaGroup> copulas;
  std::shared_ptr<const ResampleTable> resample;
  std::uint32_t resample_stream = 0;
  ConditionPool conditions;
  std::int32_t eligible = -1;
  std::vector<Process> processes;
  std::vector<Agent> agents;
  std::vector<std::string> classes;
  std::vector<Track> tracks;
  std::vector<Slot> slots;
  std::vector<Overlap> overlaps;
  std::int32_t lesion_process = -1;
  std::int32_t lesion_column = -1;
  double in_situ_share = 0;
  std::vector<Marker> markers;
  std::vector<Toxicity> toxicities;
  /// Streams of the unit-exponential thresholds of stops and toxicities; each has one a patient.
  std::vector<std::uint32_t> harms;
  Observation observation;
  std::vector<Endpoint> endpoints;
  std::vector<std::pair<std::string, std::vector<std::int32_t>>> regimens;
  std::vector<std::pair<std::uint32_t, std::string>> streams;  ///< every stream's hash and name
  std::uint32_t at_once_stream = 0, miss_stream = 0, false_stream = 0, drop_out_stream = 0;

  /// Rules that must be run when these columns are wanted: theirs and those that they and the
  /// engine rest on.
  std::vector<bool> needed_rules(const std::vector<std::int32_t>& wanted) const;

  /// Takes agents that are never given out of the lists of toxicities, overlaps and markers; lives
  /// of the others stay as they are, to the byte. \pre given has one entry for each agent.
  void keep_agents(const std::vector<bool>& given);

  std::int32_t find_column(const std::string& column) const;
  std::int32_t find_agent(const std::string& agent) const;
  std::int32_t find_class(const std::string& name) const;
  std::int32_t find_process(const std::string& process) const;
  std::int32_t find_marker(const std::string& marker) const;
  std::int32_t find_state(const std::string& state) const;
  std::int32_t find_endpoint(const std::string& endpoint) const;
};

}  // namespace npcsim

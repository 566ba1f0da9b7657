// A disease model as its document says it: plain structs, one for each mechanism kind. No meaning
// is checked here beyond types, units and ranges; `compile` does the rest.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/model/condition_doc.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// One term of a linear predictor: coef x (variable - centre).
struct TermDoc {
  Name of;
  Value coef;
  Value centre;
};

/// intercept + sum of terms; a bare number is an intercept.
struct LinearDoc {
  Value intercept;
  std::vector<TermDoc> terms;
  bool given() const { return intercept.given || !terms.empty(); }
};

/// One attribute of a patient: exactly one way to draw or to derive it.
struct AttributeDoc {
  Name kind;  ///< "bernoulli", "normal", ..., see attribute_kinds
  std::vector<std::pair<std::string, LinearDoc>> numbers;  ///< parameters of the kind by name
  std::vector<std::pair<Name, Value>> levels;              ///< categorical: level, probability
  std::vector<Name> of;        ///< operands (sum, log10, standardised, pattern members)
  std::vector<Value> weights;  ///< pattern: log-weights of members
  ConditionDoc derived;        ///< derived flag: the condition
  Name table;                  ///< resample: column
  ConditionDoc when;           ///< if given and false, the attribute is `otherwise`
  Value otherwise;
  Value plus;           ///< added to what was drawn
  bool latent = false;  ///< part of the disease that nobody observes: no strategy may look at it
  std::string unit;
  std::string label;
  std::vector<Name> source;
};

/// Attributes that are drawn together by a Gaussian copula: latent normals with this correlation.
struct CopulaDoc {
  std::vector<Name> of;
  std::vector<std::vector<Value>> correlation;
  SourcePlace place;
};

struct FrailtyDoc {
  Name kind;  ///< gamma, log_normal, positive_stable
  Value variance;
  Value sd;
  Value index;
  std::vector<Name> source;
};

/// Covariates on one parameter of a baseline, on the scale that is fitted (log, identity or logit).
struct AncillaryDoc {
  Name parameter;
  std::vector<TermDoc> terms;
};

struct HazardDoc {
  Name family;  ///< name of a family, "life_table"
  std::vector<std::pair<Name, Value>> parameters;
  std::vector<Value> times;   ///< piecewise: change times; spline: all knots (times)
  std::vector<Value> rates;   ///< piecewise
  std::vector<Value> gammas;  ///< spline
  Name cure;                  ///< "", "mixture", "non_mixture"
  Value cured;                ///< share cured
  Name life_table;            ///< file
  Value hazard_multiplier;    ///< of a life table
  std::vector<AncillaryDoc> covariates;
  std::string time_unit;  ///< of log-scale parameters: days, months or years
  std::vector<Name> source;
  SourcePlace place;
};

struct ProcessDoc {
  std::vector<Name> from;  ///< empty: every state that is not left for good
  Name to;
  std::vector<std::pair<Name, Name>> to_by_state;
  Name clock;  ///< forward, reset, age, since
  Name since;  ///< event of the since clock
  HazardDoc hazard;
  std::vector<TermDoc> log_hr;
  std::vector<std::pair<Name, Value>> in_state;  ///< log HR while in a state
  std::vector<std::pair<Name, Value>> frailty;   ///< exponent by frailty
  std::int64_t rank = 0;
  std::string label;
};

struct KernelDoc {
  Value onset, ramp, ramp_step, half_life, step, durable;
  std::int64_t steps = 0;
  Value duration;      ///< effect ends this long after it began (whatever the dosing)
  bool wanes = false;  ///< half_life was given
};

struct EffectDoc {
  std::vector<Name> process;
  Value log_hr;
  Value hr;
  std::string kind;  ///< conditional (default), marginal, observational
  std::optional<KernelDoc> kernel;
  Name masked_by;
  Value masked_share;
  std::vector<std::pair<Name, Value>> carry_over;  ///< process, share
  Value half_way, at_end;                          ///< course shares
  Value eqd2_midpoint, eqd2_slope;                 ///< dose response
  Name gate_marker;
  std::vector<std::pair<Name, Value>> gate;         ///< level, share
  std::vector<std::pair<Name, Value>> modified_by;  ///< attribute, coefficient
  Value dose_exponent;                              ///< of the dose level, for reduced doses
  ConditionDoc when;
  Value responders_share, responders_log_hr,
      responders_hr;  ///< a share of patients has another effect
  std::vector<Name> source;
  SourcePlace place;
};

struct StopDoc {
  Value per_cycle;  ///< probability after each cycle
  Value hazard;     ///< per time on the agent
  std::vector<Name> source;
};

struct HoldDoc {
  Value per_cycle;
  double delay_days = 7;
  std::int64_t most = 3;
};

struct CourseDoc {
  Value dose;
  std::int64_t fractions = 0;
  double over_days = 0;
  Value alpha_beta;
};

/// Ablation of lesions: which ones, and how well the modality controls them.
struct ControlsDoc {
  Name lesions;        ///< attribute: how many of the patient's lesions it treats
  Value control;       ///< proportion controlled by this modality
  Value effect_share;  ///< share of the effect that is left when it is deferred
  Value feasible;      ///< probability that it can still be done
};

struct AgentDoc {
  std::string title;
  std::vector<Name> classes;
  bool has_cycle = false;
  double every_days = 0;
  std::int64_t cap = 0;                      ///< 0: none
  std::vector<std::pair<Name, Value>> plan;  ///< planned cycles: share of patients by number
  std::vector<std::pair<Name, StopDoc>> stop;
  std::optional<HoldDoc> hold;
  std::optional<CourseDoc> course;
  bool procedure = false;
  std::optional<ControlsDoc> controls;
  ConditionDoc given_when;  ///< the agent is left out for other patients
  std::vector<EffectDoc> effects;
  std::vector<Name> source;
};

struct OverlapDoc {
  std::vector<Name> agents;
  Value share;
};

struct LesionControlDoc {
  Name process;
  Value in_situ_share;
  Name lesions;  ///< attribute: all lesions
  Value none;    ///< proportion controlled without local treatment
};

struct MarkerDoc {
  Name kind;  ///< ordered_probit or kinetics
  // ordered probit
  std::vector<Name> levels;  ///< best first; the last is progression
  std::vector<Value> cuts;
  std::vector<std::pair<Name, Value>> loads;   ///< frailty (standardised) or attribute
  std::vector<std::pair<Name, Value>> shifts;  ///< by agent received
  Value patient_effect;
  // kinetics
  Name baseline;
  Name detectable_at_start;
  Name falls_with;  ///< agent or class whose cycles count
  Value fall, fall_sd, fall_load;
  Name fall_loads_on;  ///< another marker's patient effect
  Value detection_limit;
  std::vector<Name> rebound_of;  ///< processes
  Value rebound_a, rebound_b;    ///< beta distribution of the spent fraction at rebound
  std::string title;
  std::vector<Name> source;
};

struct ToxicityDoc {
  std::string title;
  std::vector<Name> agents;  ///< agents or classes
  Value per_cycle;           ///< probability per cycle
  Value per_course;          ///< probability per course or procedure
  Value hazard;              ///< rate while on the agent, or after it with `after_end`
  bool after_end = false;    ///< the hazard runs from the end of the course, for life
  std::vector<std::pair<Name, Value>> more_with;  ///< agent or class, log odds or log hazard ratio
  std::vector<std::pair<Name, Value>> modified_by;  ///< attribute, the same
  Value eqd2_midpoint, eqd2_slope;                  ///< dose response
  Name action;                                      ///< none, stop
  Value delay;                                      ///< the next dose waits
  bool reduces = false;
  Value reduce_by;               ///< share taken off later doses, each time
  std::int64_t reduce_most = 2;  ///< reductions of the agent, whatever caused them
  Name to;                       ///< state entered (death)
  double duration_days = 0;
  Value disutility;
  Value cost;
  std::vector<Name> source;
};

/// How latent events become known.
struct ObservationDoc {
  std::vector<Name> processes;
  double every_days = 0;  ///< grid of assessments; 0: at once
  Name grid_from;         ///< first_dose or diagnosis
  Value at_once;          ///< share that is found at once by symptoms
  Value sensitivity;      ///< share found at an assessment
  Value false_alarm;      ///< documented at an assessment although not there
  Value drop_out;         ///< rate of leaving follow-up
  bool given = false;
  std::vector<Name> source;
};

struct EndpointDoc {
  std::vector<Name> processes;
  std::vector<Name> states;
  Name documented;  ///< "progression"
  std::int64_t occurrence = 1;
  Name since;  ///< origin; empty: diagnosis
  std::string title;
};

struct StateDoc {
  Name name;
  std::string title;
};

struct ModelDoc {
  std::string name;
  std::string title;
  std::string description;
  ParameterTable parameters;
  std::vector<StateDoc> states;
  std::vector<Name> final_states;  ///< empty: those that no process leaves
  Name start;
  double first_dose_days = 0;
  Name age;           ///< attribute that holds age in years
  Name sex;           ///< attribute that is true for men, for life tables
  Name diagnosed_on;  ///< attribute that holds the calendar time of diagnosis, a decimal year
  std::vector<std::pair<Name, AttributeDoc>> attributes;
  std::vector<CopulaDoc> copulas;
  std::vector<std::pair<Name, FrailtyDoc>> frailties;
  std::vector<std::pair<Name, ProcessDoc>> processes;
  std::vector<std::pair<Name, AgentDoc>> agents;
  std::vector<std::pair<Name, std::vector<Name>>> regimens;
  std::vector<OverlapDoc> overlaps;
  std::optional<LesionControlDoc> lesion_control;
  std::vector<std::pair<Name, MarkerDoc>> markers;
  std::vector<std::pair<Name, ToxicityDoc>> toxicities;
  ObservationDoc observation;
  std::vector<std::pair<Name, EndpointDoc>> endpoints;
  std::vector<std::pair<std::string, std::string>> sources;  ///< citation key, full reference
  SourcePlace place;
  std::string folder;  ///< where included data files are looked for first
};

/// Reads the parameters of a model tree; first, because everything else refers to them.
void bind_parameters(BindContext& context, const Tree& tree, ParameterTable& out);

void bind(Binder& binder, ModelDoc& out);
void bind(Binder& binder, AttributeDoc& out);
void bind(Binder& binder, FrailtyDoc& out);
void bind(Binder& binder, HazardDoc& out);
void bind(Binder& binder, ProcessDoc& out);
void bind(Binder& binder, AgentDoc& out);
void bind(Binder& binder, EffectDoc& out);
void bind(Binder& binder, MarkerDoc& out);
void bind(Binder& binder, ToxicityDoc& out);
void bind(Binder& binder, ObservationDoc& out);
void bind(Binder& binder, EndpointDoc& out);

/// Reads a whole model document. Problems go to `diagnostics`. `uses` receives the places where
/// named parameters must keep within a range.
ModelDoc read_model(const Tree& tree, Diagnostics& diagnostics,
                    std::vector<FilledDefault>* defaults = nullptr,
                    std::vector<ValueUse>* uses = nullptr);

/// Reads a map of attributes (a population may bring its own).
void bind_attributes(Binder& binder, const Key& key,
                     std::vector<std::pair<Name, AttributeDoc>>& out);

/// A map `name: value`, e.g. of loads or shares.
void named_values(Binder& binder, const Key& key, std::vector<std::pair<Name, Value>>& out);

/// A list of `{of, centre, coef}` or a map `name: coef`.
void terms(Binder& binder, const Key& key, std::vector<TermDoc>& out);

/// Describes keys below the map `name` of this binder; does nothing while a document is read.
template <class Read>
void bind_inside(Binder& binder, const std::string& name, Read read) {
  if (!binder.describing()) return;
  static const Tree empty = Tree::map();
  auto path = binder.path();
  path.push_back(name);
  Binder inner(binder.context(), empty, path);
  read(inner);
}

/// The keys `intercept` and `terms`.
void bind_linear(Binder& binder, LinearDoc& out);

/// A number, or `{intercept: , terms: }`.
void read_linear(Binder& binder, const Tree& tree, const Key& key, LinearDoc& out);

}  // namespace npcsim

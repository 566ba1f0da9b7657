// A published study as a document: who entered it, how treatment came about, when progression was
// looked for, how long patients were followed, and how it was analysed.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/model/condition_doc.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// One treatment that patients of the study had.
struct EmulatedArm {
  Name strategy;
  double share = 1;  ///< of randomised patients, relative to the other arms
  Name received;     ///< agent: only patients who got as far as receiving it belong to the arm
};

/// A number times a variable of a patient.
struct ChoiceTerm {
  Name of;  ///< attribute, measure under the first arm, or frailty (standardised logarithm)
  Value coef;
};

/// How a physician came to choose an arm: logit P = intercept + sum coef x.
struct EmulatedChoice {
  Name arm;
  Value intercept;
  std::vector<ChoiceTerm> terms;
};

/// Patients that a figure is about.
struct EmulatedGroup {
  std::vector<Name> arms;  ///< empty: all
  ConditionDoc when;       ///< on attributes and measures
};

/// Part of a score: points for whom the condition holds.
struct ScoreTerm {
  ConditionDoc when;
  Value points;
};

/// What one figure is, where its record in the evidence does not say it all.
struct EmulatedTarget {
  ConditionDoc share;  ///< who is counted
  bool has_share = false;
  Name event;        ///< endpoint whose event within follow-up is counted
  Name cause;        ///< only events of this cause, as the first event of the endpoint
  Name endpoint;     ///< instead of that of the figure
  Name group;        ///< instead of the figure's arm
  Name of, against;  ///< groups, instead of those of the figure's contrast
  std::vector<ScoreTerm> score;
  double at_days = 0;  ///< instead of that of the figure; 0: none
  std::string none;    ///< why the model cannot say it
};

struct EmulationDoc {
  std::string name;
  std::string title;
  std::string description;
  Name publication;           ///< study of the evidence
  std::int64_t patients = 0;  ///< of the published study
  double horizon_days = 0;
  std::string origin = "diagnosis";  ///< diagnosis, first_dose, progression or a time
  double origin_days = -1;           ///< since diagnosis, where the origin is a time
  ConditionDoc enters;
  double follow_least_days = 0;  ///< administrative censoring is uniform between these
  double follow_most_days = 0;
  double drop_out_per_day = 0;
  std::vector<std::pair<Name, EmulatedArm>> arms;
  std::vector<EmulatedChoice> chosen;  ///< in order; who is not chosen is in the first arm
  std::vector<Name> treated;  ///< arms whose effect may be biased; default: all but the first
  bool balanced = false;      ///< measured variables of the choice were matched or weighted
  std::vector<std::pair<Name, EmulatedGroup>> groups;
  std::vector<std::pair<Name, Name>> endpoints;  ///< of the figures -> of the model
  std::vector<std::pair<Name, EmulatedTarget>> targets;
  std::vector<Name> source;
  SourcePlace place;
};

/// The keys of the document; `model`, `population`, `observation` and `parameters` say what is
/// simulated and are read with the pool.
void bind(Binder& binder, EmulationDoc& out);

/// Reads an emulation. `parameters` are those of its model. Problems go to `diagnostics`.
EmulationDoc read_emulation(const Tree& tree, const ParameterTable& parameters,
                            Diagnostics& diagnostics);

/// Keys for `explain` and the reference page.
std::vector<KeyDescription> emulation_keys();

}  // namespace npcsim

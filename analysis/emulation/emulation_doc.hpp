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
  double share = 1;            ///< of randomised patients, relative to the other arms
  std::vector<Name> received;  ///< agents: only patients who got as far as receiving one of them
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

/// Part of a score: points for whom the condition holds.
struct ScoreTerm {
  ConditionDoc when;
  Value points;
};

/// Patients that a figure is about.
struct EmulatedGroup {
  std::vector<Name> arms;        ///< empty: all
  ConditionDoc when;             ///< on attributes and measures
  std::vector<ScoreTerm> score;  ///< whose limits, if there are terms, are:
  Value above;                   ///< if given, more points than these
  Value most;                    ///< if given, at most these
};

/// What one figure is, where its record in the evidence does not say it all.
struct EmulatedTarget {
  ConditionDoc share;  ///< who is counted
  bool has_share = false;
  SourcePlace share_place;
  Name in;           ///< group of all arms, which says who is counted instead of `share`
  Name event;        ///< endpoint whose event within follow-up is counted
  Name cause;        ///< only events of this cause, as the first event of the endpoint
  Name endpoint;     ///< instead of that of the figure
  Name group;        ///< instead of the figure's arm
  Name of, against;  ///< groups, instead of those of the figure's contrast
  std::vector<ScoreTerm> score;
  SourcePlace score_place;
  double at_days = 0;  ///< where the record has no time; 0: none
  SourcePlace at_place;
  std::string none;  ///< why the model cannot say it
};

/// Figures of treatment that was chosen, to be seen without its effect and without the choice.
struct EmulatedApart {
  std::vector<Name> figures;
  std::vector<Name> effect;  ///< parameters; 0: treatment does nothing
  std::vector<Name> choice;  ///< parameters; 0: physicians do not look at the patient
};

struct EmulationDoc {
  std::string name;
  std::string title;
  std::string description;
  Name publication;           ///< study of the evidence
  Name trial;                 ///< running trial of the evidence, instead of a publication
  std::int64_t patients = 0;  ///< of the published study
  SourcePlace patients_place;
  double horizon_days = 0;
  bool times_known = true;  ///< horizon, origin, `lived` and follow-up could be read
  bool origin_written = false;
  std::string origin = "diagnosis";  ///< diagnosis, first_dose, progression or a time
  double origin_days = -1;           ///< since diagnosis, where the origin is a time
  ConditionDoc enters;
  double lived_days = 0;         ///< who died earlier after the origin is not in the series
  double follow_least_days = 0;  ///< administrative censoring is uniform between these
  double follow_most_days = 0;
  double drop_out_per_day = 0;
  SourcePlace origin_place, enters_place, lived_place, follow_place;
  std::vector<std::pair<Name, EmulatedArm>> arms;
  std::vector<EmulatedChoice> chosen;  ///< in order; who is not chosen is in the first arm
  std::vector<Name> treated;  ///< arms whose effect may be biased; default: all but the first
  bool balanced = false;      ///< measured variables of the choice were matched or weighted
  std::vector<std::pair<Name, EmulatedGroup>> groups;
  std::vector<std::pair<Name, Name>> endpoints;  ///< of the figures -> of the model
  std::vector<std::pair<Name, EmulatedTarget>> targets;
  EmulatedApart taken_apart;
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

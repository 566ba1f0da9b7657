// Which parameters act on what is simulated, and which of them no data inform.
#include "small_study.hpp"
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/results/parameter_use.hpp>
#include <npcsim/run/library.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

// Every parameter says in its name whether it acts on the two strategies below.
constexpr const char* yaml = R"(
study: uses
model:
  model: m
  parameters:
    acts_rate: {value: 0.05 per month, source: assumed}
    acts_frailty: {value: 0.3, identified: "weak: tails", source: assumed}
    acts_age: {value: 10, identified: prior only, source: assumed}
    acts_product: {value: 0.5, identified: directly, source: assumed}
    acts_drug: {value: -0.5, identified: "no: response rate only", source: assumed}
    acts_gate: {value: 0.5, identified: conflicting, source: assumed}
    acts_cut: {value: 0.4, identified: "direction only: the sources conflict", source: assumed}
    acts_shift: {value: 0.4, identified: partly, source: assumed}
    acts_spread: {value: 0.8, identified: directly, source: assumed}
    acts_harm: {value: 0.1, identified: weakly, source: assumed}
    acts_chance: {value: 0.5, identified: "nobody knows better: 12 %", source: assumed}
    acts_eligible: {value: 0.5, identified: normally, source: assumed}
    idle_zero: {value: 0.4, identified: prior only, source: assumed}
    idle_setting: {value: 0.4, identified: prior only, source: assumed}
    idle_drug: {value: -0.5, identified: prior only, source: assumed}
    idle_shift: {value: 0.4, identified: prior only, source: assumed}
    idle_harm: {value: 0.1, identified: prior only, source: assumed}
    idle_more: {value: 0.1, identified: prior only, source: assumed}
    idle_attribute: {value: 0.5, identified: prior only, source: assumed}
    idle_mask: {value: 0.5, identified: prior only, source: assumed}
    idle_unused: {value: 0.5, identified: prior only, source: assumed}
  states: [well, ill, dead]
  attributes:
    age: {normal: {mean: 50, sd: $acts_age}}
    never: {constant: 0}
    setting: {categorical: {new: 1, old: 0}}
    not_new: {condition: {setting: old}}
    seen_by_nobody: {bernoulli: $idle_attribute}
    fit: {bernoulli: $acts_eligible}
  frailties:
    luck: {gamma: {variance: $acts_frailty}}
  processes:
    falling_ill:
      from: well
      to: ill
      hazard: {exponential: $acts_rate}
      log_hr:
        - {of: age, coef: 0.5 * $acts_product}
        - {of: never, coef: $idle_zero}
        - {of: not_new, coef: $idle_setting}
      frailty: {luck: 1}
    death: {from: [well, ill], to: dead, hazard: {exponential: 0.02 per month}}
  agents:
    drug:
      cycle: {every: 21 d, cap: 4}
      effects:
        - process: falling_ill
          log_hr: $acts_drug
          gate: {response: {good: 1, bad: $acts_gate}}
          masked_by: {class: other_class, share: $idle_mask}
    other:
      class: other_class
      cycle: {every: 21 d, cap: 4}
      effects: [{process: falling_ill, log_hr: $idle_drug}]
  markers:
    response:
      levels: [good, bad]
      ordered_probit:
        cuts: [$acts_cut]
        shifts: {drug: $acts_shift, other: $idle_shift}
        patient_effect: $acts_spread
  toxicities:
    rash: {of: drug, per_cycle: $acts_harm, more_with: {other_class: $idle_more}}
    fever: {of: other_class, per_cycle: $idle_harm}
  observation: {processes: [falling_ill], every: 42 d}
  endpoints: {OS: {states: [dead]}}
population: {population: p, eligible: {fit: true}}
strategies:
  - {strategy: nothing}
  - {strategy: drug, steps: [{give: drug, probability: $acts_chance}]}
patients: 100
seed: 1
horizon: 36 months
)";

TEST(ParametersAtWork, AreThoseThatTheStrategiesAndTheDiseaseUse) {
  const auto study = compile_text("uses.yaml", yaml);
  std::vector<std::string> found;
  for (const ParameterUse& use : parameters_at_work(*study))
    found.push_back(study->model.parameters.rows()[use.parameter].name);
  std::vector<std::string> expected;
  for (const Parameter& parameter : study->model.parameters.rows()) {
    if (parameter.name.compare(0, 5, "acts_") == 0) expected.push_back(parameter.name);
  }
  EXPECT_EQ(expected.size(), 12U);
  EXPECT_EQ(found, expected);
}

TEST(ParametersAtWork, SayWhereTheyAct) {
  const auto study = compile_text("uses.yaml", yaml);
  std::map<std::string, std::pair<std::string, std::string>> places;
  for (const ParameterUse& use : parameters_at_work(*study)) {
    places[study->model.parameters.rows()[use.parameter].name] = {use.part, use.acts_on.front()};
  }
  using Place = std::pair<std::string, std::string>;
  EXPECT_EQ(places["acts_rate"], (Place{"hazards", "processes > falling_ill"}));
  EXPECT_EQ(places["acts_frailty"], (Place{"patients", "frailties > luck"}));
  EXPECT_EQ(places["acts_gate"], (Place{"treatment", "agents > drug"}));
  EXPECT_EQ(places["acts_shift"], (Place{"markers", "markers > response"}));
  EXPECT_EQ(places["acts_harm"], (Place{"harms", "toxicities > rash"}));
  EXPECT_EQ(places["acts_chance"], (Place{"strategies", "strategies > drug"}));
}

TEST(WeakParameters, AreThoseWhoseIdentificationSaysSo) {
  const auto study = compile_text("uses.yaml", yaml);
  const WeakParameters weak = weak_parameters(*study);
  EXPECT_EQ(weak.at_work, 12U);
  std::vector<std::string> names;
  for (const ParameterUse& use : weak.weak)
    names.push_back(study->model.parameters.rows()[use.parameter].name.substr(5));
  EXPECT_EQ(names,
            (std::vector<std::string>{"rate", "frailty", "age", "drug", "gate", "cut", "harm"}));
  EXPECT_EQ(weak_parameters_in_words(weak),
            "rests on assumed or weakly identified values: 7 of 12 parameters (patients 2, "
            "treatment 2, hazards 1, markers 1, harms 1)");
}

TEST(WeakParameters, GradesFollowTheFirstWords) {
  const auto grade = [](const std::string& identified, std::vector<std::string> source) {
    Parameter parameter;
    parameter.identified = identified;
    parameter.source = std::move(source);
    return standing_of(parameter);
  };
  EXPECT_EQ(grade("prior only", {"doe_2020"}), Standing::prior_only);
  EXPECT_EQ(grade("no", {"doe_2020"}), Standing::prior_only);
  EXPECT_EQ(grade("no: response rate only", {"doe_2020"}), Standing::prior_only);
  EXPECT_EQ(grade("", {"assumed"}), Standing::prior_only);
  EXPECT_EQ(grade("weak", {"doe_2020"}), Standing::weak);
  EXPECT_EQ(grade("conflicting", {"doe_2020"}), Standing::weak);
  for (const char* const informed : {"", "yes", "directly", "normal", "notably so", "partly"})
    EXPECT_EQ(grade(informed, {"doe_2020"}), Standing::informed) << informed;
}

// The dmNPC model: what PD-1 inhibitors do does not matter to a study without them.
TEST(WeakParameters, OfTheModelDependOnTheStrategies) {
  const auto names_of = [](const std::string& strategies) {
    Diagnostics diagnostics;
    Tree tree = read_yaml_text("x.yaml",
                               "study: x\nmodel: dmnpc\npopulation: fujian\nstrategies: [" +
                                   strategies + "]\npatients: 10\nseed: 1\nhorizon: 60 months\n",
                               diagnostics);
    const Library library{{NPCSIM_SOURCE_DIR}};
    inline_documents(library, tree, diagnostics);
    const auto study = compile_study(library, tree, diagnostics);
    if (diagnostics.has_errors()) throw std::runtime_error(diagnostics.text(""));
    std::vector<std::string> names;
    for (const ParameterUse& use : weak_parameters(*study).weak)
      names.push_back(study->model.parameters.rows()[use.parameter].name);
    return names;
  };
  const auto has = [](const std::vector<std::string>& names, const char* name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto pf = names_of("pf_lrrt");
  EXPECT_FALSE(has(pf, "pd1_durable"));
  EXPECT_FALSE(has(pf, "in_situ_share"));
  EXPECT_FALSE(has(pf, "era_log_hr"));  // nobody has era_later_pd1
  EXPECT_TRUE(has(pf, "rt_liver"));
  EXPECT_TRUE(has(pf, "frailty_variance"));
  const auto ablation = names_of("gp_pd1_ablation");
  EXPECT_TRUE(has(ablation, "pd1_durable"));
  EXPECT_TRUE(has(ablation, "in_situ_share"));
  EXPECT_FALSE(has(ablation, "rt_liver"));
}

}  // namespace
}  // namespace npcsim::testing

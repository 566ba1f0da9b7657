#include "small_evidence.hpp"

#include <npcsim/evidence/evidence_checks.hpp>
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {

std::string right_document() {
  return R"(evidence: small
title: One trial
studies:
  trial_1:
    {title: A trial, design: randomised, patients: 100, origin: randomisation, disease: dmnpc,
     source: [doe_2020]}
populations:
  everybody:
    {words: All patients, eligible: {setting: de_novo}, preset: review}
targets:
  pfs_hr:
    {study: trial_1, contrast: {of: new, against: old}, endpoint: PFS, statistic: hazard_ratio,
     value: 0.5, interval: [0.25, 1.0], level: 0.95, p: 0.05, unit: ratio, n: 100,
     n_basis: interval, kind: randomised, population: everybody, place: Table 1}
  os_24m:
    {study: trial_1, arm: new, endpoint: OS, statistic: landmark_survival, at_months: 24,
     value: 0.6, unit: fraction, n: 50, n_basis: printed, kind: randomised,
     conflicts_with: os_24m_other, population: everybody, place: Table 1}
  os_24m_other:
    {study: trial_1, arm: new, endpoint: OS, statistic: landmark_survival, at_months: 24,
     value: 0.7, unit: fraction, n_basis: half, kind: randomised,
     conflicts_with: os_24m, population: everybody, quoted_in: doe_2020, place: Table 2}
  low_risk_share:
    {study: trial_1, arm: all, endpoint: prevalence, statistic: share, value: 0.3, unit: fraction,
     n_basis: class, kind: cohort_description, risk_class: low, population: everybody,
     place: Table 1}
findings:
  said: {study: trial_1, words: dose, numbers: [66, 70], unit: Gy, quoted_in: doe_2020, place: Text}
tables:
  sexes:
    {study: trial_1, place: Table 1, groups: [new, old], levels: {men: [40, 41], women: [10, 9]},
     conditions: {men: {male: true}}, compared: [{of: new, against: old, p: 1}]}
systems:
  by_liver:
    title: Liver
    source: [doe_2020]
    classes:
      - {flag: low, label: Low, words: no liver, condition: {liver: false}}
      - {flag: high, label: High, words: liver, condition: {liver: true}}
trials:
  running:
    {registry: NCT12345678, phase: 2, enrolment: 40, arms: {single: {drugs: [gp]}},
     quoted_in: doe_2020, place: Table 4}
algorithms:
  guideline:
    title: A guideline
    source: [doe_2020]
    place: Figure 1
    steps:
      - {branch: all, order: 1, then: [{do: chemo, with: [gp]}]}
      - {branch: all, order: 2, when: {response: [CR, PR]}, then: [{do: lrrt}]}
treatments:
  new: {strategies: gp, by_study: {trial_1: {strategies: gp_pd1}}}
  all: {reason: the whole study}
exclusions:
  most: 25 %
  targets:
    - {reason: of no use, ids: [low_risk_share]}
  replaced:
    - {id: os_24m_other, by: os_24m, reason: the first one is kept}
effective_n:
  printed: {of: printed, factor: 1, reason: printed}
  interval: {of: interval, reason: interval}
  half: {of: study, factor: 0.5, reason: one arm of two}
  class: {of: class, factor: 0.5, reason: class}
sources:
  doe_2020: "Doe J. A trial. J Trials 2020;1:1-9"
)";
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) {
    ADD_FAILURE() << "the document does not hold '" << from << "'";
    return text;
  }
  return text.replace(at, from.size(), to);
}

std::string complaints(const std::string& first, const std::string& second) {
  Diagnostics diagnostics;
  Evidence evidence;
  const auto read = [&](const std::string& name, const std::string& text) {
    const Tree tree = read_yaml_text(name, text, diagnostics);
    if (!tree.is_null()) read_evidence(tree, evidence, diagnostics);
  };
  read("facts.yaml", first);
  if (!second.empty()) read("more.yaml", second);
  check_evidence(evidence, diagnostics);
  return diagnostics.items().empty() ? std::string() : diagnostics.text("nothing was run");
}

std::string complaints(const std::string& document) { return complaints(document, {}); }

Evidence evidence_of(const std::string& document) {
  Diagnostics diagnostics;
  Evidence evidence;
  read_evidence(read_yaml_text("facts.yaml", document, diagnostics), evidence, diagnostics);
  check_evidence(evidence, diagnostics);
  EXPECT_TRUE(diagnostics.items().empty()) << diagnostics.text("");
  return evidence;
}

}  // namespace npcsim::testing

#include "documents.hpp"

#include <algorithm>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {

std::string right_study() {
  return R"(study: small
model:
  model: m
  parameters:
    log_hr_drug: {value: -0.5, prior: {normal: [-0.5, 0.2]}, source: assumed}
  states: [alive, progressed, dead]
  attributes:
    male: {bernoulli: 0.5}
    age: {normal: {mean: 50, sd: 10}, unit: years}
    old: {condition: {age: {min: 65}}}
    stage: {categorical: {early: 0.4, late: 0.6}}
  copulas:
    - {of: [male, age], correlation: [[1, 0.3], [0.3, 1]]}
  processes:
    progression:
      from: alive
      to: progressed
      hazard: {weibull: {shape: 1.3, scale: 14 months}}
      log_hr: {old: 0.2}
    death:
      from: [alive, progressed]
      to: dead
      hazard: {exponential: 0.05 per month}
  agents:
    drug:
      class: chemotherapy
      cycle: {every: 21 d, cap: 6}
      stop: {toxicity: {per_cycle: 0.02}}
      effects: [{process: progression, hr: 0.6}]
    radiotherapy:
      course: {dose: 70 Gy, fractions: 33, over: 49 d}
      effects: [{process: progression, log_hr: $log_hr_drug}]
  markers:
    response:
      levels: [CR, PR, SD, PD]
      ordered_probit: {cuts: [1.5, -0.7, -1.4], patient_effect: 0.8}
  observation: {processes: [progression], every: 42 d}
  endpoints:
    PFS: {documented: progression, states: [dead]}
    OS: {states: [dead]}
strategies:
  - strategy: nothing
  - strategy: drug
    steps:
      - {give: drug, cycles: 4, name: induction}
      - {assess: response, after: induction}
      - {give: radiotherapy, when: {response: [CR, PR]}}
    on_progression:
      - {give: drug}
reference: nothing
patients: 500
seed: 1
horizon: 60 months
landmarks: [12, 24]
report: {endpoints: [OS], subgroups: [male]}
)";
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw std::runtime_error("'" + std::string(from) + "' does not occur exactly once");
  }
  return text.replace(at, from.size(), to);
}

ProcessResult npcsim(const TempFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), NPCSIM_PROGRAM);
  ProcessOptions options;
  options.folder = folder.path();
  options.environment = {{"NO_COLOR", "1"}};
  return run_program(words, options);
}

ProcessResult check(std::string_view text) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", text));
  return npcsim(folder, {"check", "study.yaml"});
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    out.push_back(entry.path().filename().string() + (entry.is_directory() ? "/" : ""));
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace npcsim::testing

#include "small_scenarios.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {

std::string base_study() {
  return R"(study: small
model:
  model: one_event
  parameters:
    drug_log_hr: {value: -0.5108256237659907, source: assumed, identified: prior only}
    idle: {value: 3, source: assumed, identified: weak}
  states: [alive, dead]
  processes:
    death:
      from: alive
      to: dead
      hazard: {exponential: 0.05 per month, source: assumed}
  agents:
    drug: {effects: [{process: death, log_hr: $drug_log_hr, source: assumed}]}
    other: {effects: [{process: death, log_hr: $idle, source: assumed}]}
  endpoints:
    OS: {states: [dead]}
strategies:
  - {strategy: nothing, title: Nothing at all}
  - {strategy: drug, steps: [{give: drug}]}
patients: 20000
seed: 1
horizon: 60 months
landmarks: [12]
)";
}

std::string scenario_study() {
  return R"(study: scenarios
kind: scenarios
title: A drug and what it might do
base: base.yaml
scenarios:
  harmful: {title: The drug harms, parameters: {drug_log_hr: 0.4700036292457356}, source: assumed}
  useless: {parameters: {drug_log_hr: 0}, source: assumed}
  slower:
    title: Fewer deaths
    set: {model.processes.death.hazard: {exponential: 0.02 per month, source: assumed}}
    source: assumed
)";
}

std::string changed(std::string text, std::string_view from, std::string_view to) {
  const auto at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos)
    throw std::runtime_error("'" + std::string(from) + "' does not occur exactly once");
  return text.replace(at, from.size(), to);
}

void write_studies(const TempFolder& folder, const std::string& scenarios) {
  static_cast<void>(folder.write("base.yaml", base_study()));
  static_cast<void>(folder.write("scenarios.yaml", scenarios));
}

ProcessResult npcsim(const TempFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), NPCSIM_PROGRAM);
  ProcessOptions options;
  options.folder = folder.path();
  options.environment = {{"NO_COLOR", "1"}};
  return run_program(words, options);
}

std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

std::string lines_after(const std::string& text, const std::string& beginning) {
  std::istringstream lines(text);
  std::string out;
  for (std::string line; std::getline(lines, line);) {
    if (line.compare(0, beginning.size(), beginning) == 0)
      out += line.substr(beginning.size()) + "\n";
  }
  return out;
}

}  // namespace npcsim::testing

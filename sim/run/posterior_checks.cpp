#include <npcsim/run/posterior_checks.hpp>

namespace npcsim {

PosteriorChecks read_checks(const CsvTable& file, Diagnostics& diagnostics) {
  PosteriorChecks checks;
  const auto names = file.texts("gate", diagnostics);
  const auto passed = file.texts("passed", diagnostics);
  if (!names || !passed) return checks;
  for (std::size_t row = 0; row < names->size(); ++row) {
    if ((*passed)[row] == "nothing to test") continue;
    ++checks.tested;
    if ((*passed)[row] != "yes") checks.failed.push_back((*names)[row]);
  }
  return checks;
}

std::string in_words(const PosteriorChecks& checks) {
  if (checks.tested == 0) return {};
  const std::string all = std::to_string(checks.tested);
  if (checks.failed.empty())
    return "The calibration behind the posterior passed all of its " + all + " checks.";
  std::string names;
  for (const std::string& name : checks.failed) names += (names.empty() ? "" : "; ") + name;
  return "The calibration behind the posterior failed " + std::to_string(checks.failed.size()) +
         " of its " + all + " checks: " + names + ".";
}

}  // namespace npcsim

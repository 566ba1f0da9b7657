#include "demo_numbers.hpp"
#include "demo_pages.hpp"

#include <algorithm>

namespace npcsim {
namespace {

constexpr int parameter_count = 24;
constexpr int informed = 19;

PageQuantiles normal_quantiles(double mean, double sd) {
  return {mean - 1.96 * sd, mean - 0.674 * sd, mean, mean + 0.674 * sd, mean + 1.96 * sd};
}

PageParameter parameter(DemoNumbers& numbers, const std::string& name, double ratio) {
  PageParameter out;
  out.name = name;
  out.meaning = "invented & <meaningless>";
  out.unit = numbers.uniform() < 0.5 ? "" : "months";
  const double mean = 4 * numbers.uniform() - 1;
  const double sd = 0.2 + numbers.uniform();
  out.prior = normal_quantiles(mean, sd);
  out.posterior = normal_quantiles(
      mean + sd * std::sqrt(std::max(0.0, 1 - ratio * ratio)) * numbers.normal(), ratio * sd);
  out.sd_ratio = ratio;
  out.prior_only = ratio > 0.95;
  out.identified = out.prior_only ? "" : "medians of PFS";
  out.source = out.prior_only ? "assumed" : "invented_2004";
  return out;
}

}  // namespace

CalibrationPageData demo_calibration() {
  DemoNumbers numbers(20240601);
  CalibrationPageData data;
  data.head.title = "Made-up calibration";
  data.head.name = "demo-calibration";
  data.head.facts = {
      {"seed", "7"}, {"evaluations", "4096"}, {"command", "npcsim calibrate --seed 7"}};
  data.head.sources = {{"invented_2004", "Nobody A. No journal 2004;1:1", ""}};
  data.head.notes = {"Invented for the tests of this page."};
  for (int i = 0; i < parameter_count; ++i) {
    const double ratio =
        i < informed ? 0.15 + 0.75 * numbers.uniform() : 0.96 + 0.06 * numbers.uniform();
    data.parameters.push_back(
        parameter(numbers, "log_hr_of_invented_thing_" + std::to_string(i + 1), ratio));
  }
  for (const char* const name : {"tau_progression", "tau_death", "bias_retrospective"}) {
    data.hyperparameters.push_back(parameter(numbers, name, 0.3 + 0.4 * numbers.uniform()));
  }
  data.diagnostics = {{"R-hat", 1.004, "below 1.01", true, "chains have not met"},
                      {"effective draws", 2310.0, "above 1000", true, "intervals are rough"},
                      {"Pareto k", 0.81, "below 0.7", false, "the emulator is wrong <here>"},
                      {"p of what nobody asked", {}, "at least 0.01", true, "", "nothing to test"}};
  data.directions = {
      {0.97, {{"log_hr_of_invented_thing_3", 0.71}, {"log_hr_of_invented_thing_9", -0.68}}},
      {0.96,
       {{"log_hr_of_invented_thing_20", 0.9},
        {"log_hr_of_invented_thing_4", 0.3},
        {"log_hr_of_invented_thing_6", -0.28}}}};
  for (int i = 0; i < 16; ++i) {
    const std::string study = "invented_" + std::to_string(2004 + i);
    data.studies.push_back({study, i == 5 ? 0.0004 : numbers.uniform(),
                            static_cast<std::size_t>(4 + i % 5), study + "_2",
                            2.5 * numbers.normal()});
  }
  for (int i = 0; i < 12; ++i) {
    data.draws.parameters.push_back(data.parameters[static_cast<std::size_t>(i)].name);
    data.draws.values.emplace_back();
  }
  for (int draw = 0; draw < 600; ++draw) {
    const double shared = numbers.normal();
    for (std::size_t i = 0; i < data.draws.values.size(); ++i) {
      const double weight = i == 2 ? 0.9 : i == 8 ? -0.9 : 0.0;
      data.draws.values[i].push_back(weight * shared +
                                     std::sqrt(1 - weight * weight) * numbers.normal());
    }
  }
  for (std::size_t i = 0; i < 4; ++i) {
    PageChains chains{data.parameters[i].name, {}};
    for (int chain = 0; chain < 4; ++chain) {
      std::vector<double> draws;
      const double apart = i == 3 && chain == 2 ? 0.8 : 0.0;  // one chain that has not arrived
      for (int draw = 0; draw < 250; ++draw) draws.push_back(apart + numbers.normal());
      chains.chains.push_back(std::move(draws));
    }
    data.chains.push_back(std::move(chains));
  }
  return data;
}

}  // namespace npcsim

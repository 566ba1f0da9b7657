// Scenarios about a structure and not about a level keep the level of the base case.
#include "project_scenarios.hpp"
#include "support/statistical.hpp"
#include <npcsim/comparison/run_study.hpp>
#include <npcsim/comparison/summary.hpp>

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

SummaryRow median_survival(const CompiledStudy& study) {
  RunOptions options;
  options.threads = 2;
  const RunResult run = run_study(study, options);
  for (const SummaryRow& row : summary_rows(*run.tally)) {
    if (row.strategy == "gp_pd1" && row.endpoint == "OS" && row.statistic == "median" &&
        row.subgroup.empty())
      return row;
  }
  throw std::runtime_error("no median");
}

// Null: the median overall survival under the reference is that of the base case. The solved values
// have three digits, which leaves at most 0.1 months. n = 50,000 patients; standard error of a
// difference of two medians, as if of different patients, 0.24 months; the patients are the same,
// so that fewer than one right program in a million is called wrong.
TEST(SolvedScenarios, KeepTheMedianSurvivalOfTheReference) {
  const ScenarioSet set = project_scenarios(50000);
  const SummaryRow base = median_survival(set.base());
  for (const char* const name : {"after_exponential", "pd1_cure_like"}) {
    const SummaryRow other = median_survival(*scenario_named(set, name).study);
    const double error = std::hypot(base.se.value(), other.se.value());
    const double difference = std::fabs(other.value.value() - base.value.value());
    EXPECT_LT(std::max(0.0, difference - 0.1) / error, z_limit)
        << name << ": median " << *other.value << ", base case " << *base.value
        << " months; solve it again, see docs/methods/scenarios.md";
    EXPECT_LT(error, 0.3);
  }
}

}  // namespace
}  // namespace npcsim::testing

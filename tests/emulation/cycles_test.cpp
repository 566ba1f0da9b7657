// Findings about cycles that were received, of patients whose death does not depend on them.
#include "support/statistical.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/validation/cycles.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::TempFolder;
using testing::z_limit;

// Death at 0.04 a month; chemotherapy multiplies it by exp(gp_log_hr) while it is given, six cycles
// of three weeks under the first strategy and four under the second.
const char* const model = R"(model: one_hazard
title: One hazard
states: [alive, dead]
start: alive
parameters:
  gp_log_hr: {value: 0, prior: {normal: [0, 1]}, source: assumed}
processes:
  death:
    from: alive
    to: dead
    hazard: {exponential: {rate: 0.04 per month}, source: assumed}
agents:
  gp:
    title: Chemotherapy
    cycle: {every: 21 d}
    effects: [{process: death, log_hr: $gp_log_hr, source: assumed}]
    source: assumed
endpoints:
  OS: {states: [dead], title: Overall survival}
)";

class Cycles : public ::testing::Test {
 protected:
  Cycles() {
    folder_.write("configs/models/one_hazard.yaml", model);
    std::string study =
        "study: cycles\ntitle: Cycles\nkind: comparison\nmodel: one_hazard\nstrategies:\n";
    int number = 0;
    for (const char* const cycles : {"6", "4", "6", "6"}) {
      study += "  - {strategy: s" + std::to_string(++number) +
               ", model: one_hazard, title: Some, steps: [{give: gp, cycles: " + cycles + "}]}\n";
    }
    study += "reference: s1\npatients: 1000\nseed: 1\nhorizon: 240 months\n";
    study_ = folder_.write("configs/studies/cycles.yaml", study).string();
  }

  CyclesFinding finding(std::int64_t seed, double log_hr) {
    const Library library{{folder_.path().string()}};
    Diagnostics diagnostics;
    const auto tree = read_study(library, study_, diagnostics);
    auto compiled = tree ? compile_study(library, *tree, diagnostics) : nullptr;
    EXPECT_EQ(diagnostics.text(""), "");
    compiled->study.seed = seed;
    PatientPool pool(std::move(compiled));
    const auto all = cycles_findings(pool, {{"gp_log_hr", log_hr}}, patients, 1e5);
    EXPECT_EQ(all.size(), 1U);  // nobody has a PD-1 inhibitor
    return all.front();
  }

  static constexpr std::uint32_t patients = 4096;

 private:
  TempFolder folder_;
  std::string study_;
};

// Where treatment does nothing, twins die on the same day: the ratio is 1 and knows no error.
TEST_F(Cycles, OfIdenticalTwinsTheRatioIsOneWithoutAnError) {
  const LogRatio causal = finding(1, 0).causal;
  EXPECT_NEAR(causal.value, 0, 1e-12);
  EXPECT_NEAR(causal.se, 0, 1e-12);
}

TEST_F(Cycles, TheErrorIsThatWhichOtherPatientsShow) {
  constexpr int sets = 60;
  double sum = 0;
  double squares = 0;
  double variance = 0;
  for (int seed = 1; seed <= sets; ++seed) {
    const LogRatio causal = finding(seed, -2).causal;
    sum += causal.value;
    squares += causal.value * causal.value;
    variance += causal.se * causal.se / sets;
  }
  const double sd = std::sqrt((squares - sum * sum / sets) / (sets - 1));
  // The standard error of a standard deviation of n normal values is sd / sqrt(2 (n - 1)).
  EXPECT_LT(std::fabs(sd / std::sqrt(variance) - 1), z_limit / std::sqrt(2.0 * (sets - 1)));
  // Everybody dies: two arms of strangers would have sqrt(2 / n).
  EXPECT_LT(std::sqrt(variance), 0.5 * std::sqrt(2.0 / patients));
}

}  // namespace
}  // namespace npcsim

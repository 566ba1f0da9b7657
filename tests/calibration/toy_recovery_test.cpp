#include "toy_model.hpp"
#include <npcsim/calibration/calibrator.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <gtest/gtest.h>

namespace npcsim::test {
namespace {

TEST(Scratch, Coverage) {
  const char* text = std::getenv("WORLDS");
  const int worlds = text == nullptr ? 10 : std::atoi(text);
  double inside95 = 0, inside50 = 0;
  std::vector<double> per(8, 0), ratio(8, 0);
  int flagged = 0, failed = 0;
  for (int w = 0; w < worlds; ++w) {
    ToyModel model;
    const auto truth = model.become_world(100 + static_cast<std::uint64_t>(w));
    CalibrationOptions options;
    options.seed = 1;
    options.between_studies = std::getenv("OFF") == nullptr;
    const auto result = calibrate(model, options);
    const std::size_t p = truth.size();
    for (std::size_t j = 0; j < p; ++j) {
      std::vector<double> column;
      for (std::size_t i = j; i < result.draws.size(); i += p) column.push_back(result.draws[i]);
      const double below = static_cast<double>(std::count_if(column.begin(), column.end(), [&](double x) { return x < truth[j]; })) / static_cast<double>(column.size());
      inside95 += below > 0.025 && below < 0.975;
      per[j] += below > 0.025 && below < 0.975;
      inside50 += below > 0.25 && below < 0.75;
      ratio[j] += result.parameters[j].sd_ratio;
    }
    flagged += result.check.flagged;
    failed += !result.passed();
    if (w < 3) {
      for (const auto& gate : result.gates) std::printf("%s %g (%g) %d\n", gate.name.c_str(), gate.value, gate.limit, gate.passed());
      for (const auto& d : result.unidentified) std::printf("  %g %s\n", d.sd_ratio, d.text.c_str());
      std::printf("evaluations %d collinearity %g, overall z %g tv z %g\n", int(result.evaluations), result.collinearity, result.check.overall.z, result.check.time_varying.z);
    }
  }
  std::printf("coverage %g %g flagged %d failed %d\n", inside95 / worlds / 8, inside50 / worlds / 8, flagged, failed);
  for (int j = 0; j < 8; ++j) std::printf("%g (%g) ", per[std::size_t(j)] / worlds, ratio[std::size_t(j)]/worlds);
  std::printf("\n");
}

}  // namespace
}  // namespace npcsim::test

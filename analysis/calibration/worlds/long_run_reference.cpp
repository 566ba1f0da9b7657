#include <npcsim/calibration/worlds/self_test_summary.hpp>

#include <array>
#include <utility>

namespace npcsim {
namespace {

struct LongRun {
  const char* parameter;
  double sd_ratio;
};

constexpr std::array<LongRun, 1> long_runs{{
    {"progression_scale", 0.3},
}};

}  // namespace

double long_run_ratio(const std::string& parameter) {
  for (const LongRun& one : long_runs) {
    if (parameter == one.parameter) return one.sd_ratio;
  }
  return 0;
}

}  // namespace npcsim

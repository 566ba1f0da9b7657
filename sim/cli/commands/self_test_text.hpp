// The result of a self-test of calibration, for people and for programs.
#pragma once

#include <npcsim/calibration/worlds/self_test_summary.hpp>

#include <string>

namespace npcsim {

std::string self_test_text(const SelfTestSummary& summary);
std::string self_test_json(const SelfTestResult& result, const SelfTestSummary& summary);

}  // namespace npcsim

// Comparison of vectors with reference numbers.
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {

/// Each element within `relative` of the expected one.
inline void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                        double relative, const std::string& what) {
  ASSERT_EQ(found.size(), expected.size()) << what;
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], relative * std::fabs(expected[i])) << what << " " << i;
  }
}

inline double sum_of_squares(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x * x;
  return sum;
}

}  // namespace npcsim

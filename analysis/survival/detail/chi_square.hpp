// Chi-square tests from quadratic forms.
#pragma once

#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/cox_regression.hpp>

#include <algorithm>

namespace npcsim::detail {

inline ChiSquareTest chi_square_test(double chi_square, std::size_t df) {
  ChiSquareTest test;
  test.chi_square = chi_square;
  test.df = static_cast<int>(df);
  test.p =
      df == 0 ? 1 : portable::gamma_q(static_cast<double>(df) / 2, std::max(chi_square, 0.0) / 2);
  return test;
}

}  // namespace npcsim::detail

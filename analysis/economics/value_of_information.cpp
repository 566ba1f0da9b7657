#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/economics/value_of_information.hpp>

#include <cmath>

namespace npcsim {

double expected_value_of_perfect_information(const NormalNetBenefit& benefit) {
  NPCSIM_EXPECTS(benefit.standard_deviation > 0);
  const double u = std::fabs(benefit.mean) / benefit.standard_deviation;
  constexpr double one_by_root_two_pi = 0.398942280401432677939946;
  const double density = one_by_root_two_pi * portable::exp(-u * u / 2);
  return benefit.standard_deviation * (density - u * portable::normal_survival(u));
}

Probability probability_cost_effective(const NormalNetBenefit& benefit) {
  NPCSIM_EXPECTS(benefit.standard_deviation > 0);
  return Probability{portable::normal_cdf(benefit.mean / benefit.standard_deviation)};
}

}  // namespace npcsim

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/contrast.hpp>

#include <cmath>

namespace npcsim {

namespace {

Contrast with_limits(double value, double se, double level) {
  const double half = portable::normal_quantile(0.5 + level / 2) * se;
  const double z = value / se;
  return {value, se, value - half, value + half, z, two_sided_p(z)};
}

}  // namespace

double two_sided_p(double z) { return 2 * portable::normal_survival(std::fabs(z)); }

Contrast difference(double a, double se_a, double b, double se_b, double level) {
  return with_limits(a - b, std::sqrt(se_a * se_a + se_b * se_b), level);
}

Contrast ratio(double a, double se_a, double b, double se_b, double level) {
  const double nothing = portable::not_a_number;
  if (!(a > 0 && b > 0)) return {nothing, nothing, nothing, nothing, nothing, nothing};
  const double relative_a = se_a / a;
  const double relative_b = se_b / b;
  Contrast contrast =
      with_limits(portable::log(a) - portable::log(b),
                  std::sqrt(relative_a * relative_a + relative_b * relative_b), level);
  contrast.value = a / b;
  contrast.lower = portable::exp(contrast.lower);
  contrast.upper = portable::exp(contrast.upper);
  return contrast;
}

}  // namespace npcsim

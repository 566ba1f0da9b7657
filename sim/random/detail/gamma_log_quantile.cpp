#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/random/detail/gamma_log_quantile.hpp>

#include <cmath>

namespace npcsim::detail {

namespace {

/// P(a, x) = x^a / Gamma(a + 1) (1 - a x / (a + 1) + ...), Abramowitz & Stegun 6.5.29: below this
/// log x the bracket is 1 in double precision.
constexpr double power_law_limit = -40.0;

}  // namespace

double gamma_log_ratio(double shape, bool upper, double log_tail) noexcept {
  if (!upper) {
    const double log_x = (log_tail + portable::lgamma(shape + 1.0)) / shape;
    if (log_x < power_law_limit) return log_x - portable::log(shape);
  }
  return portable::gamma_log_ratio_at(shape, upper, log_tail);
}

double gamma_log_quantile(double shape, double z) noexcept {
  // The tail on the side of z, so that neither end loses digits.
  return gamma_log_ratio(shape, z > 0.0, portable::normal_log_survival(std::fabs(z)));
}

Taylor gamma_log_quantile_taylor(double shape, double z) noexcept {
  // P(x) = Phi(z) with x = shape e^g gives g' = phi(z) / (x f(x)) =: q, hence
  // q' / q = -z - (shape - x) q and x' = x q: a recursion for all coefficients.
  constexpr double log_sqrt_2pi = 0x1.d67f1c864beb5p-1;
  const double value = gamma_log_quantile(shape, z);
  // Density of log x; under the power law it is shape * P.
  const double log_shape = portable::log(shape);
  const double log_density = value + log_shape < power_law_limit
                                 ? log_shape + portable::normal_log_survival(-z)
                                 : portable::gamma_tails_at(shape, value).log_density;
  Taylor q{};
  Taylor excess{};  // x - shape, so that large shapes lose nothing
  q[0] = portable::exp(-0.5 * z * z - log_sqrt_2pi - log_density);
  excess[0] = shape * portable::expm1(value);
  Taylor growth{};  // q' / q
  Taylor g{};
  g[0] = value;
  for (std::size_t n = 0; n + 1 < taylor_terms; ++n) {
    double excess_q = 0.0;
    for (std::size_t k = 0; k <= n; ++k) excess_q += excess[k] * q[n - k];
    growth[n] = excess_q - (n == 0 ? z : 0.0) - (n == 1 ? 1.0 : 0.0);
    double q_growth = 0.0;
    for (std::size_t k = 0; k <= n; ++k) q_growth += q[k] * growth[n - k];
    const auto next = static_cast<double>(n + 1);
    g[n + 1] = q[n] / next;
    q[n + 1] = q_growth / next;
    excess[n + 1] = (excess_q + shape * q[n]) / next;
  }
  return g;
}

}  // namespace npcsim::detail

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/evidence/fisher_exact.hpp>

#include <algorithm>

namespace npcsim {
namespace {

double log_choose(double n, double k) {
  return portable::lgamma(n + 1) - portable::lgamma(k + 1) - portable::lgamma(n - k + 1);
}

}  // namespace

double fisher_exact(TwoCounts a, TwoCounts b) {
  const double of_a = a.first + a.second;
  const double of_b = b.first + b.second;
  const double in_first = a.first + b.first;
  const double all = log_choose(of_a + of_b, in_first);
  const auto probability = [&](double x) {
    return portable::exp(log_choose(of_a, x) + log_choose(of_b, in_first - x) - all);
  };
  const double observed = probability(a.first);
  double p = 0;
  for (double x = std::max(0.0, in_first - of_b); x <= std::min(of_a, in_first); ++x) {
    const double one = probability(x);
    if (one <= observed * (1 + 1e-7)) p += one;
  }
  return std::min(p, 1.0);
}

}  // namespace npcsim

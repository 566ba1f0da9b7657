// A difference or a ratio of two independent estimates.
#pragma once

namespace npcsim {

struct Contrast {
  double value = 0;
  double se = 0;  ///< of the value, or of its logarithm for a ratio
  double lower = 0;
  double upper = 0;
  double z = 0;
  double p = 1;  ///< two-sided
};

/// a - b. NaN in, NaN out.
Contrast difference(double a, double se_a, double b, double se_b, double level);
/// a / b, on the log scale by the delta method; NaN unless both are above 0.
Contrast ratio(double a, double se_a, double b, double se_b, double level);

/// 2 (1 - Phi(|z|)).
double two_sided_p(double z);

}  // namespace npcsim

// Confidence limits from an estimate and its standard error.
#pragma once

#include <optional>

namespace npcsim {

struct Interval {
  double low = 0;
  double high = 0;
};

/// value -+ z se, z = 1.96 (0.975 quantile of the normal distribution).
Interval normal_interval(double value, double se);
/// value e^(-+ z se / value): normal for the logarithm; `se` belongs to the value (delta method).
/// \pre value > 0.
Interval log_interval(double value, double se);
/// For a share: normal for log(-log(share)), so that the limits stay between 0 and 1. Empty at 0
/// and 1, where no standard error is known. Source: Kalbfleisch & Prentice (2002), section 1.4.
std::optional<Interval> log_log_interval(double share, double se);

}  // namespace npcsim

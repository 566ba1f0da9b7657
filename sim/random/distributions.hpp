// Continuous distributions by inversion: one uniform number, one value, increasing in it.
#pragma once

/// Every quantile() takes u strictly between 0 and 1, as uniform draws are, and is accurate in both
/// tails: the upper one is computed from 1 - u, which is exact for a uniform draw.
/// Parameters are checked where documents are read; here they are preconditions.

namespace npcsim {

/// Equally likely anywhere between two limits. \pre lower <= upper, both finite.
struct UniformDistribution {
  double lower;
  double upper;

  [[nodiscard]] double quantile(double u) const noexcept;
};

/// \pre sd >= 0, both finite.
struct NormalDistribution {
  double mean;
  double sd;

  [[nodiscard]] double quantile(double u) const noexcept;
};

/// exp of a normal variate; the median is exp(log_mean). \pre log_sd >= 0, both finite.
struct LogNormalDistribution {
  double log_mean;
  double log_sd;

  [[nodiscard]] double quantile(double u) const noexcept;
};

/// Normal distribution given that the value lies between two limits, which may be infinite and may
/// both lie far out in the same tail.
class TruncatedNormalDistribution {
 public:
  /// mean and sd are those before truncation. \pre sd > 0, lower < upper, not NaN.
  TruncatedNormalDistribution(NormalDistribution untruncated, double lower, double upper) noexcept;

  /// Always within [lower, upper].
  [[nodiscard]] double quantile(double u) const noexcept;

 private:
  NormalDistribution untruncated_;
  double lower_;
  double upper_;
  // An interval above the mean is handled as its mirror image below.
  bool mirrored_;
  bool deep_;             // all in one tail: worked on logarithms
  double tail_below_;     // Phi(a), a < b being the standardised (mirrored) limits
  double tail_above_;     // 1 - Phi(b)
  double mass_;           // Phi(b) - Phi(a)
  double log_near_tail_;  // log Phi(b)
  double far_to_near_;    // Phi(a) / Phi(b)
};

/// Gamma by shape and mean; the variance is mean^2 / shape. \pre both above 0 and finite.
///
/// Costs about a microsecond for a new shape; a QuantileTable is 200 times quicker for a fixed one.
struct GammaDistribution {
  double shape;
  double mean;

  /// shape / rate is the mean.
  [[nodiscard]] static GammaDistribution of_rate(double shape, double rate) noexcept {
    return {shape, shape / rate};
  }

  [[nodiscard]] double quantile(double u) const noexcept;

  /// log of the quantile; finite also where the quantile is below the smallest double.
  [[nodiscard]] double log_quantile(double u) const noexcept;
};

/// Density proportional to x^(a - 1) (1 - x)^(b - 1) on [0, 1]. \pre a > 0, b > 0, finite.
struct BetaDistribution {
  double a;
  double b;

  [[nodiscard]] double quantile(double u) const noexcept;
};

}  // namespace npcsim

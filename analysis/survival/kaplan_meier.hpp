// The Kaplan-Meier curve of grouped times and what is read off it.
#pragma once

#include <npcsim/survival/grouped_times.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace npcsim {

/// S(t) = product over event times s <= t of 1 - d(s) / n(s).
///
/// Source: Kaplan & Meier, J Am Stat Assoc 1958;53:457. Between two censored times the product
/// telescopes to a ratio of two counts; it is computed as that ratio, so that without censoring
/// S(t) is the exact share correctly rounded.
class KaplanMeier {
 public:
  /// \pre times.events and times.censored have the same number of bins.
  explicit KaplanMeier(const GroupedTimes& times);

  /// Subjects in all bins.
  std::uint64_t subjects() const { return subjects_; }
  /// At risk just before the bin; a bin past the last has nobody.
  std::uint64_t at_risk(std::size_t bin) const { return bin < at_risk_.size() ? at_risk_[bin] : 0; }
  /// S after the events of the bin; bins past the last have the last value. 1 without subjects.
  double survival(std::size_t bin) const;
  /// Greenwood's sum of d / (n (n - d)) up to and with the bin: the variance of log S. Infinite
  /// where S = 0.
  ///
  /// Source: Greenwood 1926; Kalbfleisch & Prentice (2002), section 1.4.
  double log_variance(std::size_t bin) const;
  /// Standard error of S(bin); 0 where S is 0 or 1.
  double survival_se(std::size_t bin) const;

  /// The time in months at which S falls to 1 - p or below; the middle of the flat part where S
  /// equals 1 - p there (up to the last time of all if S stays so), as survfit of R's package
  /// survival does. Empty if never reached. \pre 0 < p < 1.
  std::optional<double> quantile(double p) const;
  std::optional<double> median() const { return quantile(0.5); }
  /// The times at which the lower and the upper 95 % limit of S (log-log, see intervals.hpp) fall
  /// to 1 - p or below; each may never be reached. Source: Brookmeyer & Crowley, Biometrics
  /// 1982;38:29.
  struct QuantileLimits {
    std::optional<double> low;
    std::optional<double> high;
  };
  QuantileLimits quantile_limits(double p) const;

  /// Restricted mean: the area under S up to `horizon` months, exact for the step function. Where S
  /// is unknown (after the last time, if that was censored) its last value is continued, as in
  /// survfit(rmean).
  double restricted_mean(double horizon) const;
  /// Its standard error: square root of the sum of (area after t)^2 d / (n (n - d)) over event
  /// times t <= horizon.
  ///
  /// Source: Klein & Moeschberger (2003), section 4.5.
  double restricted_mean_se(double horizon) const;

 private:
  double months(std::size_t bin) const {
    return (static_cast<double>(bin) + offset_) * months_per_bin_;
  }
  std::optional<std::size_t> first_bin_at_or_below(double level) const;

  std::vector<std::uint64_t> at_risk_;  // [bin]
  std::vector<double> survival_;        // [bin]
  std::vector<double> log_variance_;    // [bin]
  std::vector<std::uint32_t> events_;   // [bin]
  std::uint64_t subjects_ = 0;
  std::size_t last_bin_ = 0;  // the last with an event or a censoring
  double months_per_bin_ = 1;
  double offset_ = 0;
};

}  // namespace npcsim

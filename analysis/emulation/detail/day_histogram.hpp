// Weighted times of a group by day, and what a large study would read off them.
#pragma once

#include <vector>

namespace npcsim::detail {

/// How long patients of a study are followed from its origin.
struct FollowUp {
  double least_days = 0;
  double most_days = 0;
  double drop_out_per_day = 0;

  /// P(censoring later than t days): uniform entry, and an exponential drop-out.
  double beyond(double days) const;
};

/// Sums of weights by whole days since the origin.
struct DayHistogram {
  std::vector<double> events;    ///< [day]
  std::vector<double> censored;  ///< [day] lost to other causes, or at the end of what is simulated
  double total = 0;

  void add_event(double days, double weight);
  void add_censored(double days, double weight);
};

/// Kaplan-Meier survival just after each day. [day]
std::vector<double> survival_by_day(const DayHistogram& histogram);

/// Expected logarithm of the sample median in months of a study of n patients: the mean of log Q(U)
/// with U normal around 1/2, as the order statistics of a sample are (variance 1 / (4 n); David &
/// Nagaraja, Order Statistics, 2003, section 10.2). A smooth function of the model's parameters,
/// even where progression is found on a grid. Beyond the last day the hazard of the second half
/// goes on.
double expected_log_median(const std::vector<double>& survival, double n);

/// Share with the event within follow-up.
double expected_event_share(const DayHistogram& histogram, const FollowUp& follow);

/// Log hazard ratio that Cox's partial likelihood of a large study of this follow-up has: root of
/// the expected score (Struthers & Kalbfleisch, Biometrika 1986;73:363), the groups in the sizes
/// of their totals. NaN without events.
double expected_log_hazard_ratio(const DayHistogram& of, const DayHistogram& against,
                                 const FollowUp& follow);

}  // namespace npcsim::detail

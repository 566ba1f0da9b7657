// Present value of what happens later, in continuous time.
#pragma once

#include <npcsim/base/units.hpp>

#include <optional>

namespace npcsim {

/// Continuous discounting that is equivalent to an annual rate r: a unit at time t is worth (1 +
/// r)^(-t / 12 months).
///
/// Source: Drummond et al. (2015), Methods for the Economic Evaluation of Health Care Programmes,
/// 4th ed. The force of interest log(1 + r) is the rate at which continuous compounding gives r a
/// year.
class Discount {
 public:
  /// \pre annual_rate > -1; 0 means no discounting.
  static Discount annual(double annual_rate);

  /// Force of interest per month, log(1 + r) / 12.
  double per_month() const { return per_month_; }
  /// Present value of one unit at `at`.
  double factor(Months at) const;
  /// Present value of a flow of one unit per month between two times: the integral of factor().
  /// \pre from <= to.
  double flow(Months from, Months to) const;

 private:
  explicit Discount(double per_month) : per_month_(per_month) {}
  double per_month_;
};

/// Discounted months until an exponential event, up to `horizon` if there is one. \pre rate or
/// discount above 0 if there is no horizon.
double discounted_months(RatePerMonth rate, const Discount& discount,
                         std::optional<Months> horizon = {});

/// Discounted months in the second of two states: entered from the first at rate `enter`, where
/// `leave_first` is the total rate of leaving the first (at least `enter`), and left at rate
/// `leave_second`; all patients begin in the first. Closed form of the convolution of two
/// exponentials. \pre as discounted_months() for both states.
double discounted_months_after(RatePerMonth enter, RatePerMonth leave_first,
                               RatePerMonth leave_second, const Discount& discount,
                               std::optional<Months> horizon = {});

/// Quality-adjusted life years of the three-state disease with constant rates.
struct ProgressiveDisease {
  RatePerMonth progression{0};
  RatePerMonth death_before{0};  ///< before progression
  RatePerMonth death_after{0};
  double utility_before = 1;  ///< 0 is dead, 1 full health
  double utility_after = 1;
};
double expected_qaly(const ProgressiveDisease& disease, const Discount& discount,
                     std::optional<Months> horizon = {});

}  // namespace npcsim

#include <npcsim/base/portable_math.hpp>
#include <npcsim/economics/discount.hpp>

#include <cmath>

namespace npcsim {

namespace {

constexpr double months_per_year = days_per_year / days_per_month;

// Integral of exp(-rate t) over [0, horizon].
double area(double rate, const std::optional<Months>& horizon) {
  if (!horizon) return 1 / rate;
  const double t = horizon->count();
  return rate == 0 ? t : -portable::expm1(-rate * t) / rate;
}

// Minus the derivative of area() by the rate: integral of t exp(-rate t).
double first_moment(double rate, const std::optional<Months>& horizon) {
  if (!horizon) return 1 / (rate * rate);
  const double t = horizon->count();
  const double x = rate * t;
  // Series of (1 - e^-x (1 + x)) / x^2 where the difference would cancel.
  if (std::fabs(x) < 1e-3)
    return t * t * (0.5 - x * (1.0 / 3 - x * (1.0 / 8 - x * (1.0 / 30 - x / 144))));
  return (-portable::expm1(-x) - x * portable::exp(-x)) / (rate * rate);
}

}  // namespace

Discount Discount::annual(double annual_rate) {
  NPCSIM_EXPECTS(annual_rate > -1);
  return Discount{portable::log1p(annual_rate) / months_per_year};
}

double Discount::factor(Months at) const { return portable::exp(-per_month_ * at.count()); }

double Discount::flow(Months from, Months to) const {
  NPCSIM_EXPECTS(from <= to);
  return factor(from) * area(per_month_, to - from);
}

double discounted_months(RatePerMonth rate, const Discount& discount,
                         std::optional<Months> horizon) {
  return area(rate.value() + discount.per_month(), horizon);
}

double discounted_months_after(RatePerMonth enter, RatePerMonth leave_first,
                               RatePerMonth leave_second, const Discount& discount,
                               std::optional<Months> horizon) {
  NPCSIM_EXPECTS(enter.value() <= leave_first.value());
  const double first = leave_first.value() + discount.per_month();
  const double second = leave_second.value() + discount.per_month();
  if (!horizon) return enter.value() / (first * second);
  // The divided difference of area() between the two rates; for rates that are all but equal, its
  // derivative between them, which is off by the square of their distance.
  const double distance = (second - first) * horizon->count();
  if (std::fabs(distance) < 1e-5)
    return enter.value() * first_moment((first + second) / 2, horizon);
  return enter.value() * (area(first, horizon) - area(second, horizon)) / (second - first);
}

double expected_qaly(const ProgressiveDisease& disease, const Discount& discount,
                     std::optional<Months> horizon) {
  const RatePerMonth leave_first{disease.progression.value() + disease.death_before.value()};
  const double before = discounted_months(leave_first, discount, horizon);
  const double after = discounted_months_after(disease.progression, leave_first,
                                               disease.death_after, discount, horizon);
  return (disease.utility_before * before + disease.utility_after * after) / months_per_year;
}

}  // namespace npcsim

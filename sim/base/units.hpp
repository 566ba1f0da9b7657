// Quantities as types. Durations are not points in time, and points belong to a clock.
//
// 1 month = 30.4375 days = 974 ticks exactly; the engine counts days, outcomes are recorded in
// ticks of 1/32 day.
#pragma once

#include <npcsim/base/contracts.hpp>

#include <compare>
#include <cstdint>

namespace npcsim {

inline constexpr double days_per_month = 30.4375;
inline constexpr double days_per_year = 365.25;
inline constexpr double days_per_week = 7.0;
inline constexpr std::int64_t ticks_per_day = 32;
inline constexpr std::int64_t ticks_per_month = 974;

class Months;

/// A duration in days.
class Days {
 public:
  constexpr Days() = default;
  constexpr explicit Days(double count) : count_(count) {}
  constexpr Days(Months months);  // NOLINT(google-explicit-constructor): the same duration
  constexpr double count() const { return count_; }
  friend constexpr auto operator<=>(Days, Days) = default;
  friend constexpr Days operator+(Days a, Days b) { return Days{a.count_ + b.count_}; }
  friend constexpr Days operator-(Days a, Days b) { return Days{a.count_ - b.count_}; }
  friend constexpr Days operator*(double k, Days a) { return Days{k * a.count_}; }
  friend constexpr double operator/(Days a, Days b) { return a.count_ / b.count_; }

 private:
  double count_ = 0;
};

/// A duration in months of 30.4375 days.
class Months {
 public:
  constexpr Months() = default;
  constexpr explicit Months(double count) : count_(count) {}
  static constexpr Months from_days(double days) { return Months{days / days_per_month}; }
  constexpr double count() const { return count_; }
  friend constexpr auto operator<=>(Months, Months) = default;
  friend constexpr Months operator+(Months a, Months b) { return Months{a.count_ + b.count_}; }
  friend constexpr Months operator-(Months a, Months b) { return Months{a.count_ - b.count_}; }
  friend constexpr Months operator*(double k, Months a) { return Months{k * a.count_}; }
  friend constexpr double operator/(Months a, Months b) { return a.count_ / b.count_; }

 private:
  double count_ = 0;
};

constexpr Days::Days(Months months) : count_(months.count() * days_per_month) {}

constexpr Months operator""_mo(long double count) { return Months{static_cast<double>(count)}; }
constexpr Months operator""_mo(unsigned long long count) {
  return Months{static_cast<double>(count)};
}
constexpr Days operator""_d(long double count) { return Days{static_cast<double>(count)}; }
constexpr Days operator""_d(unsigned long long count) { return Days{static_cast<double>(count)}; }

/// A point in time on the clock `Clock`. Points of different clocks neither compare nor subtract.
template <class Clock>
class Instant {
 public:
  constexpr Instant() = default;
  constexpr explicit Instant(Days since_origin) : days_(since_origin.count()) {}
  constexpr double days() const { return days_; }
  constexpr double months() const { return days_ / days_per_month; }
  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Days operator-(Instant a, Instant b) { return Days{a.days_ - b.days_}; }
  friend constexpr Instant operator+(Instant a, Days b) {
    return Instant{Days{a.days_ + b.count()}};
  }
  friend constexpr Instant operator-(Instant a, Days b) {
    return Instant{Days{a.days_ - b.count()}};
  }

 private:
  double days_ = 0;
};

/// Time since this patient's diagnosis.
using PatientTime = Instant<struct PatientClock>;
/// Calendar time of a trial, since the first patient came in.
using StudyTime = Instant<struct StudyClock>;

/// A recorded time: a whole number of 1/32 days.
class Ticks {
 public:
  constexpr Ticks() = default;
  constexpr explicit Ticks(std::int32_t count) : count_(count) {}
  /// Rounds to the nearest tick, halves up. \pre 0 <= days < 2^31 / 32.
  static constexpr Ticks from_days(double days) {
    return Ticks{static_cast<std::int32_t>(days * static_cast<double>(ticks_per_day) + 0.5)};
  }
  constexpr std::int32_t count() const { return count_; }
  constexpr double days() const { return static_cast<double>(count_) / 32.0; }
  constexpr double months() const { return static_cast<double>(count_) / 974.0; }
  friend constexpr auto operator<=>(Ticks, Ticks) = default;

 private:
  std::int32_t count_ = 0;
};

/// Events per month among those at risk. Not a probability.
class RatePerMonth {
 public:
  constexpr explicit RatePerMonth(double value) : value_(value) { NPCSIM_EXPECTS(value >= 0); }
  constexpr double value() const { return value_; }

 private:
  double value_;
};

/// A number from 0 to 1.
class Probability {
 public:
  constexpr explicit Probability(double value) : value_(value) {
    NPCSIM_EXPECTS(value >= 0 && value <= 1);
  }
  constexpr double value() const { return value_; }

 private:
  double value_;
};

/// Treated hazard / control hazard, conditional on covariates and frailty; above 0.
class HazardRatio {
 public:
  constexpr explicit HazardRatio(double value) : value_(value) { NPCSIM_EXPECTS(value > 0); }
  constexpr double value() const { return value_; }

 private:
  double value_;
};

}  // namespace npcsim

// Every family with knots and random parameters, for claims that hold for all of them.
#pragma once

#include <npcsim/hazard/baseline.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/hazard/spline.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::test {

/// Evenly spread numbers, the same on every machine.
class Spread {
 public:
  double uniform(double low, double high) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = (state_ ^ (state_ >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed ^= mixed >> 27;
    return low + (high - low) * (static_cast<double>(mixed >> 11) + 0.5) * 0x1p-53;
  }
  double log_uniform(double low, double high) {
    return std::exp(uniform(std::log(low), std::log(high)));
  }

 private:
  std::uint64_t state_ = 1;
};

inline constexpr std::array<double, 3> change_times{90.0, 180.0, 400.0};
inline constexpr std::array<double, 4> log_knots{3.0, 5.0, 6.0, 7.5};

inline Baseline baseline_of(Family family, Cure cure = Cure::none) {
  Baseline baseline;
  baseline.family = family;
  baseline.cure = cure;
  if (family == Family::piecewise) {
    baseline.knots = change_times.data();
    baseline.knot_count = static_cast<int>(change_times.size());
  } else if (family_info(family).needs_knots) {
    baseline.knots = log_knots.data();
    baseline.knot_count = static_cast<int>(log_knots.size());
  }
  return baseline;
}

/// Times of the order of a year, in days.
inline std::vector<double> random_parameters(const Baseline& baseline, Spread& spread) {
  std::vector<double> p;
  if (baseline.cure != Cure::none) p.push_back(spread.uniform(0.02, 0.9));
  const auto add = [&p](double value) { p.push_back(value); };
  const double rate = spread.log_uniform(1e-4, 1e-1);
  switch (baseline.family) {
    case Family::exponential:
      add(rate);
      break;
    case Family::weibull:
    case Family::log_logistic:
      add(spread.log_uniform(0.3, 5.0));
      add(1.0 / rate);
      break;
    case Family::weibull_ph: {
      const double shape = spread.log_uniform(0.3, 5.0);
      add(shape);
      add(std::pow(rate, shape));
      break;
    }
    case Family::gompertz:
      add(spread.uniform(-0.5, 2.0) * rate);
      add(rate);
      break;
    case Family::log_normal:
      add(-std::log(rate));
      add(spread.log_uniform(0.1, 3.0));
      break;
    case Family::gamma:
      add(spread.log_uniform(0.2, 50.0));
      add(rate);
      break;
    case Family::generalised_gamma:
    case Family::generalised_f:
      add(-std::log(rate));
      add(spread.log_uniform(0.2, 2.0));
      add(spread.uniform(-2.0, 2.0));
      if (baseline.family == Family::generalised_f) add(spread.log_uniform(1e-3, 3.0));
      break;
    case Family::piecewise:
      for (int i = 0; i <= baseline.knot_count; ++i) add(spread.log_uniform(1e-4, 1e-1));
      break;
    case Family::spline_hazard:
    case Family::spline_odds:
    case Family::spline_normal: {
      const std::size_t before = p.size();
      do {
        p.resize(before);
        add(spread.uniform(-8.0, -4.0));
        add(spread.uniform(0.5, 2.0));
        add(spread.uniform(-0.2, 0.2));
        add(spread.uniform(-0.2, 0.2));
      } while (!spline_is_monotone(baseline, p.data()).increases);
      break;
    }
  }
  return p;
}

inline std::string label(const Baseline& baseline, const std::vector<double>& p) {
  std::string text = model_name(baseline.family, baseline.cure);
  for (const double value : p) text += ' ' + std::to_string(value);
  return text;
}

/// Runs `check(baseline, parameters, label, spread)` over all families, cures and `draws` random
/// parameter sets each.
template <class Check>
void for_all_models(int draws, const Check& check) {
  Spread spread;
  for (const FamilyInfo& info : families()) {
    for (const Cure cure : {Cure::none, Cure::mixture, Cure::non_mixture}) {
      const Baseline baseline = baseline_of(info.family, cure);
      for (int i = 0; i < draws; ++i) {
        const std::vector<double> p = random_parameters(baseline, spread);
        check(baseline, p, label(baseline, p), spread);
      }
    }
  }
}

}  // namespace npcsim::test

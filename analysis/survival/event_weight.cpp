#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/event_weight.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

double power(double x, double exponent) {
  if (exponent == 0) return 1;
  if (exponent == 1) return x;
  if (exponent == 0.5) return std::sqrt(x);
  return portable::pow(x, exponent);
}

// S of all groups after the last event at or before t, within rows [begin, end).
double survival_at(const RiskSets& sets, std::size_t begin, std::size_t end, double t) {
  double survival = 1;
  for (std::size_t r = begin; r < end && sets.time()[r] <= t; ++r) {
    survival *= (sets.at_risk(r) - sets.events(r)) / sets.at_risk(r);
  }
  return survival;
}

void weigh_stratum(const RiskSets& sets, const EventWeight& rule, std::size_t begin,
                   std::size_t end, std::vector<double>& weights) {
  using Kind = EventWeight::Kind;
  const double floor = rule.kind == Kind::modest_time       ? survival_at(sets, begin, end, rule.a)
                       : rule.kind == Kind::modest_survival ? rule.a
                                                            : 0;
  double before = 1;  // S-
  double peto = 1;
  for (std::size_t r = begin; r < end; ++r) {
    const double n = sets.at_risk(r);
    const double d = sets.events(r);
    peto *= 1 - d / (n + 1);
    double weight = 1;
    switch (rule.kind) {
      case Kind::fleming_harrington:
        weight = power(before, rule.a) * power(1 - before, rule.b);
        break;
      case Kind::modest_time:
      case Kind::modest_survival:
        weight = 1 / std::max(before, floor);
        break;
      case Kind::gehan:
        weight = n;
        break;
      case Kind::tarone_ware:
        weight = std::sqrt(n);
        break;
      case Kind::peto:
        weight = peto;
        break;
      case Kind::modified_peto:
        weight = peto * n / (n + 1);
        break;
    }
    weights[r] = weight;
    before *= (n - d) / n;
  }
}

}  // namespace

std::vector<double> event_weights(const RiskSets& sets, const EventWeight& rule) {
  std::vector<double> weights(sets.rows(), 1.0);
  const bool plain =
      rule.kind == EventWeight::Kind::fleming_harrington && rule.a == 0 && rule.b == 0;
  if (plain) return weights;
  for (std::size_t s = 0; s < sets.strata(); ++s) {
    weigh_stratum(sets, rule, sets.stratum_begin()[s], sets.stratum_begin()[s + 1], weights);
  }
  return weights;
}

}  // namespace npcsim

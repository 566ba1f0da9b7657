#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/calibration/worlds/expected_figures.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

namespace npcsim {
namespace {

constexpr double months_per_week = static_cast<double>(week_ticks) / ticks_per_month;

// Densities of events by week and the survival at the end of each week.
struct Curve {
  std::vector<double> density;
  std::vector<double> survival;

  void settle() {
    survival.resize(density.size());
    double left = 1;
    for (std::size_t w = 0; w < density.size(); ++w) {
      left -= density[w];
      survival[w] = std::max(left, 1e-6);
    }
  }
  double survival_at(double months) const {
    const double place = months / months_per_week - 1;
    const auto low = static_cast<std::size_t>(place);
    const double part = place - static_cast<double>(low);
    return survival[low] + part * (survival[low + 1] - survival[low]);
  }
  double median() const {
    const auto below =
        std::find_if(survival.begin(), survival.end(), [](double s) { return s <= 0.5; });
    const double end = static_cast<double>(survival.size()) * months_per_week;
    if (below == survival.end())
      return end * portable::log(0.5) / portable::log(std::min(survival.back(), 0.999));
    const auto week = static_cast<std::size_t>(below - survival.begin());
    const double before = week == 0 ? 1 : survival[week - 1];
    const double part = (before - 0.5) / (before - *below);
    return (static_cast<double>(week) + part) * months_per_week;
  }
};

// Share of patients still under observation in a week, by the analysis.
std::vector<double> observed(const StudyPlan& plan, std::size_t weeks) {
  std::vector<double> out(weeks);
  for (std::size_t w = 0; w < weeks; ++w) {
    const double months = (static_cast<double>(w) + 0.5) * months_per_week;
    out[w] = std::clamp((plan.longest() - months) / plan.accrual_months, 0.0, 1.0);
  }
  return out;
}

// Cox's estimate in an infinite sample: the zero of the expected score, by Newton's method.
// Source: Struthers & Kalbfleisch, Biometrika 1986;73:363.
double limit_of_cox(const Curve& one, double weight_one, const Curve& other, double weight_other,
                    const std::vector<double>& under_observation) {
  double beta = 0;
  for (int iteration = 0; iteration < 20; ++iteration) {
    const double ratio = portable::exp(beta);
    double score = 0;
    double information = 0;
    double before_one = weight_one;
    double before_other = weight_other;
    for (std::size_t w = 0; w < one.density.size() && under_observation[w] > 0; ++w) {
      const double events_one = weight_one * one.density[w];
      const double events_other = weight_other * other.density[w];
      // At risk in the middle of the week.
      const double risk_one = (before_one - 0.5 * events_one) * ratio;
      const double risk_other = before_other - 0.5 * events_other;
      const double p = risk_one / std::max(risk_one + risk_other, 1e-12);
      const double events = (events_one + events_other) * under_observation[w];
      score += under_observation[w] * events_one - p * events;
      information += p * (1 - p) * events;
      before_one -= events_one;
      before_other -= events_other;
    }
    const double step = std::clamp(score / std::max(information, 1e-12), -1.0, 1.0);
    beta += step;
    if (std::fabs(step) < 1e-8) break;
  }
  return beta;
}

// The curve of an arm among the strata that `belongs` lets in; returns their share.
double mix(const StudyPlan& plan, const StratumCurves& curves, std::size_t strategy,
           WorldEndpoint endpoint, const std::function<bool(std::size_t)>& belongs, Curve& out) {
  out.density.assign(curves.weeks(), 0);
  std::array<double, world_strata> shares{};
  double share = 0;
  for (std::size_t x = 0; x < world_strata; ++x) {
    if (!belongs(x)) continue;
    shares[x] = plan.stratum_share(x);
    share += shares[x];
  }
  for (std::size_t x = 0; x < world_strata; ++x) {
    if (belongs(x)) curves.add(strategy, endpoint, x, shares[x] / share, out.density);
  }
  out.settle();
  return share;
}

// Both arms of a study as one cohort, of equal size.
Curve average(const Curve& a, const Curve& b) {
  Curve out = a;
  for (std::size_t w = 0; w < out.density.size(); ++w)
    out.density[w] = 0.5 * (a.density[w] + b.density[w]);
  out.settle();
  return out;
}

}  // namespace

StratumCurves::StratumCurves(const WorldLives& lives, const OutcomeShape& shape)
    : weeks_(static_cast<std::size_t>(shape.horizon_ticks / week_ticks) + 1) {
  const std::size_t strategies = shape.strategies.size();
  shares_.assign(strategies * 2 * world_strata * weeks_, 0);
  std::array<double, world_strata> patients{};
  for (const std::uint8_t stratum : lives.stratum) patients[stratum] += 1;
  for (std::size_t s = 0; s < strategies; ++s) {
    for (const WorldEndpoint endpoint : {WorldEndpoint::pfs, WorldEndpoint::os}) {
      const auto ticks = lives.ticks(shape, s, endpoint);
      const auto events = lives.events(shape, s, endpoint);
      double* own =
          shares_.data() + (s * 2 + static_cast<std::size_t>(endpoint)) * world_strata * weeks_;
      for (std::size_t i = 0; i < ticks.size(); ++i) {
        if (events[i] == outcome_censored) continue;
        const std::size_t x = lives.stratum[i];
        own[x * weeks_ + static_cast<std::size_t>(ticks[i] / week_ticks)] += 1 / patients[x];
      }
    }
  }
}

void StratumCurves::add(std::size_t strategy, WorldEndpoint endpoint, std::size_t stratum,
                        double weight, std::vector<double>& density) const {
  const double* own =
      shares_.data() +
      ((strategy * 2 + static_cast<std::size_t>(endpoint)) * world_strata + stratum) * weeks_;
  for (std::size_t w = 0; w < weeks_; ++w) density[w] += weight * own[w];
}

std::vector<double> expected_figures(const StudyPlan& plan, const StratumCurves& control,
                                     const StratumCurves& treated) {
  const auto everybody = [](std::size_t) { return true; };
  std::array<std::array<Curve, 2>, 2> arms;  // [treated][endpoint]
  for (const WorldEndpoint endpoint : {WorldEndpoint::pfs, WorldEndpoint::os}) {
    const auto e = static_cast<std::size_t>(endpoint);
    if (plan.control) mix(plan, control, 0, endpoint, everybody, arms[0][e]);
    if (plan.treated()) mix(plan, treated, plan.treatment, endpoint, everybody, arms[1][e]);
  }
  const std::vector<double> under_observation = observed(plan, control.weeks());
  const auto group = [&](const PlannedFigure& figure, bool carrier, double& share) {
    const auto belongs = [&](std::size_t x) { return (x >> figure.factor & 1U) == carrier; };
    Curve one;
    Curve other;
    if (plan.control) share = mix(plan, control, 0, figure.endpoint, belongs, one);
    if (plan.treated()) share = mix(plan, treated, plan.treatment, figure.endpoint, belongs, other);
    return !plan.control ? other : !plan.treated() ? one : average(one, other);
  };
  std::vector<double> out;
  for (const PlannedFigure& figure : plan.figures) {
    const auto e = static_cast<std::size_t>(figure.endpoint);
    switch (figure.kind) {
      case WorldFigure::median:
        out.push_back(portable::log(arms[figure.treated ? 1 : 0][e].median()));
        break;
      case WorldFigure::survival:
        out.push_back(
            std::asin(std::sqrt(arms[figure.treated ? 1 : 0][e].survival_at(figure.at_months))));
        break;
      case WorldFigure::hazard_ratio:
        out.push_back(limit_of_cox(arms[1][e], 0.5, arms[0][e], 0.5, under_observation));
        break;
      case WorldFigure::factor_hazard_ratio: {
        double with_share = 0;
        double without_share = 0;
        const Curve with = group(figure, true, with_share);
        const Curve without = group(figure, false, without_share);
        out.push_back(limit_of_cox(with, with_share, without, without_share, under_observation));
        break;
      }
    }
  }
  return out;
}

}  // namespace npcsim

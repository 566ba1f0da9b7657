#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/chi_square.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/detail/fitted_likelihood.hpp>
#include <npcsim/survival/proportional_hazards.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace npcsim {

namespace {

using detail::EventGroup;
using detail::PartialLikelihood;

// Positions of all strata in order of time.
std::vector<std::uint32_t> in_time_order(const PartialLikelihood& likelihood) {
  const auto times = likelihood.sorted().time();
  std::vector<std::uint32_t> order(likelihood.size());
  std::iota(order.begin(), order.end(), 0U);
  if (!likelihood.sorted().in_time_order()) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return times[a] < times[b]; });
  }
  return order;
}

// 1 - S(t-), S the Kaplan-Meier estimate of all strata together. [position]
std::vector<double> kaplan_meier_scale(const PartialLikelihood& likelihood) {
  const auto times = likelihood.sorted().time();
  const auto order = in_time_order(likelihood);
  const std::size_t n = order.size();
  std::vector<double> entries(likelihood.sorted().entry().begin(),
                              likelihood.sorted().entry().end());
  std::sort(entries.begin(), entries.end());
  std::vector<double> scale(n, 0.0);
  double survival = 1;
  std::size_t entered = entries.empty() ? n : 0;
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first;
    double events = 0;
    for (; last < n && times[order[last]] == times[order[first]]; ++last) {
      scale[order[last]] = 1 - survival;
      events += likelihood.is_event(order[last]) ? 1 : 0;
    }
    while (entered < entries.size() && entries[entered] < times[order[first]]) ++entered;
    survival *= 1 - events / static_cast<double>(entered - first);
    first = last;
  }
  return scale;
}

// Mean rank of each time among all rows. [position]
std::vector<double> rank_scale(const PartialLikelihood& likelihood) {
  const auto times = likelihood.sorted().time();
  const auto order = in_time_order(likelihood);
  std::vector<double> scale(order.size(), 0.0);
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first;
    while (last < order.size() && times[order[last]] == times[order[first]]) ++last;
    const double rank = static_cast<double>(first + last + 1) / 2;
    for (; first < last; ++first) scale[order[first]] = rank;
  }
  return scale;
}

// g(time) of each position, less its mean over the events.
std::vector<double> centred_times(const PartialLikelihood& likelihood, TimeScale scale) {
  const auto times = likelihood.sorted().time();
  std::vector<double> g;
  switch (scale) {
    case TimeScale::km:
      g = kaplan_meier_scale(likelihood);
      break;
    case TimeScale::rank:
      g = rank_scale(likelihood);
      break;
    case TimeScale::identity:
      g.assign(times.begin(), times.end());
      break;
    case TimeScale::log:
      for (const double t : times) g.push_back(portable::log(t));
      break;
  }
  double sum = 0;
  for (std::size_t i = 0; i < g.size(); ++i) sum += likelihood.is_event(i) ? g[i] : 0;
  const double mean = sum / static_cast<double>(likelihood.events());
  for (double& value : g) value -= mean;
  return g;
}

// Information of (beta, theta) in the hazard exp(x beta + x g(t) theta) at theta = 0, and the score
// of theta.
class InteractionSums {
 public:
  InteractionSums(const PartialLikelihood& likelihood, const std::vector<double>& g)
      : score(likelihood.count(), 0.0),
        information(4 * likelihood.count() * likelihood.count(), 0.0),
        likelihood_(likelihood),
        g_(g),
        first_(likelihood.count(), 0.0),
        second_(likelihood.count() * likelihood.count(), 0.0) {}

  void clear() {
    total_ = 0;
    std::fill(first_.begin(), first_.end(), 0.0);
    std::fill(second_.begin(), second_.end(), 0.0);
  }
  void add(std::size_t position) {
    change(position, likelihood_.risk()[position], total_, first_, second_);
  }
  void remove(std::size_t position) {
    change(position, -likelihood_.risk()[position], total_, first_, second_);
  }
  void at(std::size_t index, std::size_t) {
    const EventGroup group = likelihood_.groups()[index];
    const std::size_t p = first_.size();
    const double time = g_[group.first];
    double tied = 0;
    double weight = 0;
    std::vector<double> tied_first(p, 0.0);
    std::vector<double> tied_second(p * p, 0.0);
    for (std::size_t i = group.first; i < group.first + group.events; ++i) {
      weight += likelihood_.weight(i);
      change(i, likelihood_.risk()[i], tied, tied_first, tied_second);
      for (std::size_t j = 0; j < p; ++j) {
        score[j] += likelihood_.weight(i) * time * likelihood_.column(j)[i];
      }
    }
    weight /= static_cast<double>(group.events);
    const bool efron = likelihood_.ties() == Ties::efron;
    for (std::uint32_t l = 0; l < group.events; ++l) {
      const double share = efron ? static_cast<double>(l) / static_cast<double>(group.events) : 0.0;
      const double left = total_ - share * tied;
      for (std::size_t j = 0; j < p; ++j) {
        const double mean = (first_[j] - share * tied_first[j]) / left;
        score[j] -= weight * time * mean;
        for (std::size_t k = 0; k < p; ++k) {
          const double other = (first_[k] - share * tied_first[k]) / left;
          const double square = (second_[j * p + k] - share * tied_second[j * p + k]) / left;
          const double variance = weight * (square - mean * other);
          information[j * 2 * p + k] += variance;
          information[j * 2 * p + p + k] += time * variance;
          information[(p + j) * 2 * p + k] += time * variance;
          information[(p + j) * 2 * p + p + k] += time * time * variance;
        }
      }
    }
  }

  std::vector<double> score;        // [coefficient]
  std::vector<double> information;  // [2 count][2 count]

 private:
  void change(std::size_t position, double risk, double& total, std::vector<double>& first,
              std::vector<double>& second) const {
    const std::size_t p = first.size();
    total += risk;
    for (std::size_t j = 0; j < p; ++j) {
      const double product = risk * likelihood_.column(j)[position];
      first[j] += product;
      for (std::size_t k = 0; k < p; ++k) {
        second[j * p + k] += product * likelihood_.column(k)[position];
      }
    }
  }

  const PartialLikelihood& likelihood_;
  const std::vector<double>& g_;
  std::vector<double> first_, second_;
  double total_ = 0;
};

}  // namespace

ProportionalHazardsTest proportional_hazards_test(
    const TimeToEvent& records, const Covariates& covariates, const CoxRegression& fit,
    TimeScale scale, const CoxOptions& options,
    const std::vector<std::vector<std::size_t>>& terms) {
  const detail::FittedLikelihood fitted(records, covariates, fit, options);
  const PartialLikelihood& likelihood = fitted.likelihood;
  const std::vector<double> g = centred_times(likelihood, scale);
  ProportionalHazardsTest result;
  if (!std::all_of(g.begin(), g.end(), [](double x) { return std::isfinite(x); })) {
    result.warnings.emplace_back("the logarithm of time does not exist for times that are not > 0");
    return result;
  }
  InteractionSums sums(likelihood, g);
  likelihood.visit_risk_sets(sums);

  const std::size_t p = fit.count();
  const auto test_of = [&](const std::vector<std::size_t>& columns) {
    std::vector<std::size_t> kept(p);
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    for (const std::size_t j : columns) kept.push_back(p + j);
    const std::size_t size = kept.size();
    std::vector<double> information(size * size);
    std::vector<double> score(size, 0.0);
    for (std::size_t a = 0; a < size; ++a) {
      if (a >= p) score[a] = sums.score[kept[a] - p];
      for (std::size_t b = 0; b < size; ++b) {
        information[a * size + b] = sums.information[kept[a] * 2 * p + kept[b]];
      }
    }
    const detail::Cholesky factor(information, size);
    return detail::chi_square_test(factor.quadratic_form(score),
                                   columns.size() - factor.dependent().size());
  };
  std::vector<std::size_t> all(p);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (terms.empty()) {
    for (std::size_t j = 0; j < p; ++j) result.terms.push_back({fit.names[j], test_of({j})});
  }
  for (const std::vector<std::size_t>& term : terms) {
    std::string name;
    for (const std::size_t j : term) name += (name.empty() ? "" : "+") + fit.names[j];
    result.terms.push_back({name, test_of(term)});
  }
  result.global = test_of(all);
  return result;
}

}  // namespace npcsim

#include <npcsim/survival/concordance.hpp>
#include <npcsim/survival/detail/censoring_curve.hpp>
#include <npcsim/survival/detail/pair_sums.hpp>
#include <npcsim/survival/detail/record_checks.hpp>

#include <algorithm>
#include <cmath>
#include <map>

namespace npcsim {

namespace {

bool usable(const TimeToEvent& records, std::span<const double> marker, Concordance& result) {
  Covariates covariates{{"marker"}, {marker}};
  result.warnings = detail::broken_promises(records, covariates);
  return result.warnings.empty();
}

// sqrt of the sum over clusters of squared influences. [position]
double root_sum_of_squares(const SortedRecords& records, const std::vector<double>& influence) {
  double sum = 0;
  if (records.cluster().empty()) {
    for (const double x : influence) sum += x * x;
    return std::sqrt(sum);
  }
  std::map<std::int32_t, double> by_cluster;
  for (std::size_t i = 0; i < influence.size(); ++i)
    by_cluster[records.cluster()[i]] += influence[i];
  for (const auto& [cluster, x] : by_cluster) sum += x * x;
  return std::sqrt(sum);
}

// Value, counts and the influence of each row with pair weights held fixed.
std::vector<double> summarise(const SortedRecords& records, const detail::PairSums& sums,
                              Concordance& result) {
  // Each pair is in the sums of both members.
  double concordant = 0;
  double discordant = 0;
  double tied = 0;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const double weight = records.weight_at(i);
    concordant += weight * sums.concordant[i];
    discordant += weight * sums.discordant[i];
    tied += weight * sums.tied[i];
  }
  result.pairs = {concordant / 2, discordant / 2, tied / 2, sums.tied_time, sums.tied_both};
  const double pairs = (concordant + discordant + tied) / 2;
  if (!(pairs > 0)) {
    result.warnings.emplace_back("no pair of subjects can be put in order");
    return {};
  }
  result.defined = true;
  result.value = (concordant / 2 + tied / 4) / pairs;
  std::vector<double> influence(records.size());
  for (std::size_t i = 0; i < influence.size(); ++i) {
    const double mine = sums.concordant[i] + sums.discordant[i] + sums.tied[i];
    influence[i] = records.weight_at(i) *
                   (sums.concordant[i] + sums.tied[i] / 2 - result.value * mine) / pairs;
  }
  result.se_fixed_weights = root_sum_of_squares(records, influence);
  result.se = result.se_fixed_weights;
  return influence;
}

}  // namespace

Concordance concordance(const TimeToEvent& records, std::span<const double> marker, double until) {
  Concordance result;
  if (!usable(records, marker, result)) return result;
  const SortedRecords sorted(records);
  std::vector<std::size_t> rank;
  const std::size_t ranks = detail::marker_ranks(sorted, marker, rank);
  std::vector<double> pair_weight;
  if (until < std::numeric_limits<double>::infinity()) {
    for (const double t : sorted.time()) pair_weight.push_back(t <= until ? 1 : 0);
  }
  summarise(sorted, detail::pair_sums(sorted, rank, ranks, pair_weight), result);
  return result;
}

Concordance uno_concordance(const TimeToEvent& records, std::span<const double> marker,
                            double until) {
  Concordance result;
  if (!usable(records, marker, result)) return result;
  if (!records.entry.empty()) {
    result.warnings.emplace_back("Uno's concordance does not know entry times");
    return result;
  }
  TimeToEvent pooled = records;
  pooled.stratum = {};
  const SortedRecords sorted(pooled);
  const detail::CensoringCurve censoring(sorted, detail::CensoringRisk::after_events);
  const std::size_t n = sorted.size();
  std::vector<std::size_t> rank;
  const std::size_t ranks = detail::marker_ranks(sorted, marker, rank);
  std::vector<double> pair_weight(n, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const double uncensored = censoring.before[censoring.point[i]];
    if (sorted.event()[i] > 0 && sorted.time()[i] < until && uncensored > 0) {
      pair_weight[i] = 1 / (uncensored * uncensored);
    }
  }
  const detail::PairSums sums = detail::pair_sums(sorted, rank, ranks, pair_weight);
  std::vector<double> influence = summarise(sorted, sums, result);
  if (!result.defined) return result;

  // What row k adds through G: log G(t-) is the sum over s < t of log(1 - c(s) / y(s)), so that the
  // weight 1 / G(t-)^2 of an event at t changes by 2 (I(k censored at s) - c(s) / y(s) I(k at
  // risk)) / (y(s) - c(s)) times itself for every s < t. `share` is the sum over events of their
  // weighted pairs' excess over C, as the earlier member.
  std::vector<double> share(censoring.time.size() + 1, 0.0);
  const detail::PairSums earlier =
      detail::pair_sums(sorted, rank, ranks, pair_weight, detail::PairMembers::earlier);
  for (std::size_t i = 0; i < n; ++i) {
    const double mine = earlier.concordant[i] + earlier.discordant[i] + earlier.tied[i];
    share[censoring.point[i]] +=
        sorted.weight_at(i) * (earlier.concordant[i] + earlier.tied[i] / 2 - result.value * mine);
  }
  const double pairs = result.pairs.concordant + result.pairs.discordant + result.pairs.tied_marker;
  for (std::size_t k = share.size() - 1; k-- > 0;) share[k] += share[k + 1];
  double at_risk = 0;  // integral over the time at risk of censoring
  std::vector<double> integral(censoring.time.size());
  std::vector<double> jump(censoring.time.size(), 0.0);
  for (std::size_t k = 0; k < censoring.time.size(); ++k) {
    const double left = censoring.at_risk[k] - censoring.censored[k];
    if (censoring.censored[k] > 0 && censoring.after[k] > 0) {
      jump[k] = 2 * share[k + 1] / left;
      at_risk += jump[k] * censoring.censored[k] / censoring.at_risk[k];
    }
    integral[k] = at_risk;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t k = censoring.point[i];
    const bool event = sorted.event()[i] > 0;
    const double exposed = event ? (k == 0 ? 0 : integral[k - 1]) : integral[k];
    influence[i] += sorted.weight_at(i) * ((event ? 0 : jump[k]) - exposed) / pairs;
  }
  result.se = root_sum_of_squares(sorted, influence);
  return result;
}

}  // namespace npcsim

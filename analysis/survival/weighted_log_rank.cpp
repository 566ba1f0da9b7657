#include <npcsim/base/contracts.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/contrast.hpp>
#include <npcsim/survival/detail/cholesky.hpp>
#include <npcsim/survival/normal_box.hpp>
#include <npcsim/survival/weighted_log_rank.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {

namespace {

double chi_square_tail(double x, int degrees) { return portable::gamma_q(0.5 * degrees, x / 2); }

// Hypergeometric variance of one event time without the groups' shares: d (n - d) / (n - 1).
double spread(double n, double d) { return n > 1 ? d * ((n - d) / (n - 1)) : 0; }

// Two groups, without detours: simulated trials come by the million.
void sum_two_groups(const RiskSets& sets, const std::vector<double>& weights, GroupLogRank& test) {
  double observed[2] = {0, 0};
  double expected[2] = {0, 0};
  double variance = 0;
  for (std::size_t r = 0; r < sets.rows(); ++r) {
    const double w = weights[r];
    const double n = sets.at_risk(r);
    const double d = sets.events(r);
    const double share = sets.at_risk(r, 1) / n;
    const double other = sets.at_risk(r, 0) / n;
    observed[0] += w * sets.events(r, 0);
    observed[1] += w * sets.events(r, 1);
    expected[0] += w * d * other;
    expected[1] += w * d * share;
    variance += w * w * spread(n, d) * share * other;
  }
  test.observed.assign(observed, observed + 2);
  test.expected.assign(expected, expected + 2);
  test.variance = {variance, -variance, -variance, variance};
}

void sum_groups(const RiskSets& sets, const std::vector<double>& weights, GroupLogRank& test) {
  const std::size_t groups = sets.groups();
  test.observed.assign(groups, 0.0);
  test.expected.assign(groups, 0.0);
  test.variance.assign(groups * groups, 0.0);
  for (std::size_t r = 0; r < sets.rows(); ++r) {
    const double w = weights[r];
    const double n = sets.at_risk(r);
    const double d = sets.events(r);
    const double factor = w * w * spread(n, d);
    for (std::size_t g = 0; g < groups; ++g) {
      const double share = sets.at_risk(r, g) / n;
      test.observed[g] += w * sets.events(r, g);
      test.expected[g] += w * d * share;
      if (share == 0 || factor == 0) continue;
      test.variance[g * groups + g] += factor * share;
      for (std::size_t h = 0; h < groups; ++h) {
        test.variance[g * groups + h] -= factor * share * (sets.at_risk(r, h) / n);
      }
    }
  }
}

// Groups that were never at risk at an event say nothing; of the others one follows from the rest.
void finish(GroupLogRank& test) {
  const std::size_t groups = test.groups();
  std::vector<std::size_t> compared;
  for (std::size_t g = 0; g < groups; ++g) {
    if (test.expected[g] > 0) compared.push_back(g);
  }
  if (compared.size() < 2) return;
  test.degrees = static_cast<int>(compared.size()) - 1;
  compared.erase(compared.begin());
  const std::size_t size = compared.size();
  std::vector<double> excess(size);
  std::vector<double> variance(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    excess[i] = test.observed[compared[i]] - test.expected[compared[i]];
    for (std::size_t j = 0; j < size; ++j) {
      variance[i * size + j] = test.variance[compared[i] * groups + compared[j]];
    }
  }
  if (size == 1) {
    if (!(variance[0] > 0)) return;
    test.chi_square = excess[0] * excess[0] / variance[0];
    if (groups == 2) test.z = excess[0] / std::sqrt(variance[0]);
  } else {
    // Groups that share no stratum are not compared, each set of those that do on its own.
    const detail::Cholesky factor(variance, size);
    test.degrees = static_cast<int>(size - factor.dependent().size());
    if (test.degrees == 0) return;
    test.chi_square = factor.quadratic_form(excess);
  }
  test.p = chi_square_tail(test.chi_square, test.degrees);
  test.defined = true;
}

}  // namespace

GroupLogRank log_rank_test(const RiskSets& sets, const EventWeight& weight) {
  const std::vector<double> weights = event_weights(sets, weight);
  GroupLogRank test;
  if (sets.groups() == 2) {
    sum_two_groups(sets, weights, test);
  } else {
    sum_groups(sets, weights, test);
  }
  finish(test);
  return test;
}

TrendTest trend_test(const GroupLogRank& test, std::span<const double> scores) {
  const std::size_t groups = test.groups();
  NPCSIM_EXPECTS(scores.size() == groups);
  double excess = 0;
  double variance = 0;
  for (std::size_t g = 0; g < groups; ++g) {
    excess += scores[g] * (test.observed[g] - test.expected[g]);
    for (std::size_t h = 0; h < groups; ++h) {
      variance += scores[g] * scores[h] * test.variance[g * groups + h];
    }
  }
  if (!test.defined || !(variance > 0)) return {};
  const double z = excess / std::sqrt(variance);
  return {z, two_sided_p(z), true};
}

MaxCombo max_combo(const RiskSets& sets, std::span<const EventWeight> rules) {
  NPCSIM_EXPECTS(!rules.empty() && rules.size() <= 5);
  MaxCombo best;
  if (sets.groups() != 2) return best;
  const std::size_t tests = rules.size();
  std::vector<std::vector<double>> weights;
  for (const EventWeight& rule : rules) weights.push_back(event_weights(sets, rule));
  std::vector<double> excess(tests);
  std::vector<double> covariance(tests * tests);
  for (std::size_t r = 0; r < sets.rows(); ++r) {
    const double n = sets.at_risk(r);
    const double d = sets.events(r);
    const double share = sets.at_risk(r, 1) / n;
    const double surplus = sets.events(r, 1) - d * share;
    const double variance = spread(n, d) * share * (sets.at_risk(r, 0) / n);
    for (std::size_t a = 0; a < tests; ++a) {
      excess[a] += weights[a][r] * surplus;
      for (std::size_t b = 0; b <= a; ++b) {
        covariance[a * tests + b] += weights[a][r] * weights[b][r] * variance;
      }
    }
  }
  for (std::size_t a = 0; a < tests; ++a) {
    const double variance = covariance[a * tests + a];
    if (!(variance > 0)) return best;
    best.z.push_back(excess[a] / std::sqrt(variance));
  }
  best.correlation.assign(tests * tests, 1.0);
  for (std::size_t a = 0; a < tests; ++a) {
    for (std::size_t b = 0; b < a; ++b) {
      const double scale =
          std::sqrt(covariance[a * tests + a]) * std::sqrt(covariance[b * tests + b]);
      best.correlation[a * tests + b] = best.correlation[b * tests + a] =
          covariance[a * tests + b] / scale;
    }
  }
  const auto [least, most] = std::minmax_element(best.z.begin(), best.z.end());
  const double extreme = std::max(std::fabs(*least), std::fabs(*most));
  const auto outside = [&](double low, double high) {
    const std::vector<double> lower(tests, low);
    const std::vector<double> upper(tests, high);
    return probability_outside(best.correlation, lower, upper);
  };
  constexpr double unbounded = std::numeric_limits<double>::infinity();
  const BoxProbability two_sided = outside(-extreme, extreme);
  const BoxProbability below = outside(*least, unbounded);
  const BoxProbability above = outside(-unbounded, *most);
  best.p = two_sided.value;
  best.p_lower = below.value;
  best.p_upper = above.value;
  best.defined = two_sided.converged && below.converged && above.converged;
  return best;
}

std::vector<EventWeight> usual_combination() {
  return {EventWeight::fleming_harrington(0, 0), EventWeight::fleming_harrington(0, 1),
          EventWeight::fleming_harrington(1, 0), EventWeight::fleming_harrington(1, 1)};
}

}  // namespace npcsim

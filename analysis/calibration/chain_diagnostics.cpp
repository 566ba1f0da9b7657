#include <npcsim/base/portable_math.hpp>
#include <npcsim/calibration/chain_diagnostics.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Sum of products of deviations at a lag, over n.
double autocovariance(std::span<const double> values, double mean, std::size_t lag) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < values.size(); ++i)
    sum += (values[i] - mean) * (values[i + lag] - mean);
  return sum / static_cast<double>(values.size());
}

struct ParetoFit {
  double shape = 0;
  double scale = 1;
};

// Zhang & Stephens (2009): posterior mean of theta = -k / sigma on a grid. \pre sorted, above 0.
ParetoFit fit_pareto(const std::vector<double>& excess) {
  const std::size_t n = excess.size();
  const auto count = static_cast<double>(n);
  const auto grid = static_cast<std::size_t>(30 + std::floor(std::sqrt(count)));
  const double quarter = excess[static_cast<std::size_t>(std::floor(count / 4 + 0.5)) - 1];
  const auto shape_at = [&](double theta) {
    double sum = 0;
    for (const double x : excess) sum += portable::log1p(-theta * x);
    return sum / count;
  };
  std::vector<double> theta(grid);
  std::vector<double> profile(grid);
  for (std::size_t j = 0; j < grid; ++j) {
    const double middle = static_cast<double>(j) + 0.5;
    theta[j] =
        1 / excess.back() + (1 - std::sqrt(static_cast<double>(grid) / middle)) / (3 * quarter);
    const double k = shape_at(theta[j]);
    profile[j] = count * (portable::log(-theta[j] / k) - k - 1);
  }
  double weighted = 0;
  for (std::size_t j = 0; j < grid; ++j) {
    double sum = 0;
    for (const double other : profile) sum += portable::exp(other - profile[j]);
    weighted += theta[j] / sum;
  }
  const double k = shape_at(weighted);
  return {k, -k / weighted};
}

}  // namespace

ChainDiagnostics diagnose_chains(const std::vector<std::vector<double>>& chains) {
  std::vector<std::span<const double>> halves;
  for (const auto& chain : chains) {
    const std::size_t half = chain.size() / 2;
    halves.emplace_back(chain.data(), half);
    halves.emplace_back(chain.data() + (chain.size() - half), half);
  }
  const auto m = static_cast<double>(halves.size());
  const std::size_t length = halves.front().size();
  const auto n = static_cast<double>(length);
  std::vector<double> means;
  double within = 0;
  for (const auto& half : halves) {
    means.push_back(mean_of(half));
    within += autocovariance(half, means.back(), 0) * n / (n - 1) / m;
  }
  const double overall = mean_of(means);
  double between = 0;
  for (const double mean : means) between += (mean - overall) * (mean - overall) / (m - 1);
  const double pooled = (n - 1) / n * within + between;
  ChainDiagnostics out;
  if (!(within > 0)) return out;
  out.split_r_hat = std::sqrt(pooled / within);
  const auto correlation = [&](std::size_t lag) {
    double sum = 0;
    for (std::size_t h = 0; h < halves.size(); ++h)
      sum += autocovariance(halves[h], means[h], lag) * n / (n - 1) / m;
    return 1 - (within - sum) / pooled;
  };
  // Geyer's initial monotone sequence of sums of neighbouring pairs.
  double before = 1 + correlation(1);
  double time = -1 + 2 * before;
  for (std::size_t lag = 2; lag + 1 < length; lag += 2) {
    double pair = correlation(lag) + correlation(lag + 1);
    if (!(pair > 0)) break;
    pair = std::min(pair, before);
    time += 2 * pair;
    before = pair;
  }
  // Antithetic chains can be worth more than their length; Vehtari et al. cap that at log10.
  const double total = m * n;
  out.effective_size = total / std::max(time, 1 / std::log10(total));
  return out;
}

WeightDiagnostics diagnose_weights(std::span<const double> log_weights) {
  const std::size_t n = log_weights.size();
  WeightDiagnostics out;
  out.pareto_k = std::numeric_limits<double>::quiet_NaN();
  if (n == 0) return out;
  const double most = *std::max_element(log_weights.begin(), log_weights.end());
  if (!std::isfinite(most)) return out;
  std::vector<std::size_t> order(n);
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) {
    order[i] = i;
    out.smoothed.push_back(portable::exp(log_weights[i] - most));
    sum += out.smoothed[i];
    squares += out.smoothed[i] * out.smoothed[i];
  }
  out.effective_share = sum * sum / (static_cast<double>(n) * squares);
  const auto count = static_cast<double>(n);
  const auto tail = static_cast<std::size_t>(std::ceil(std::min(count / 5, 3 * std::sqrt(count))));
  if (tail >= 5 && n >= 25) {
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return out.smoothed[a] < out.smoothed[b] || (out.smoothed[a] == out.smoothed[b] && a < b);
    });
    const double cut = out.smoothed[order[n - tail - 1]];
    std::vector<double> excess;
    for (std::size_t i = n - tail; i < n; ++i)
      excess.push_back(std::max(out.smoothed[order[i]] - cut, 1e-300));
    if (excess.back() > 1e-12) {
      const ParetoFit fit = fit_pareto(excess);
      const auto size = static_cast<double>(tail);
      out.pareto_k = fit.shape * size / (size + 10) + 0.5 * 10 / (size + 10);
      const double largest = out.smoothed[order[n - 1]];
      for (std::size_t i = 0; i < tail; ++i) {
        const double p = (static_cast<double>(i) + 0.5) / size;
        const double quantile =
            fit.shape == 0
                ? -portable::log1p(-p) * fit.scale
                : fit.scale * portable::expm1(-fit.shape * portable::log1p(-p)) / fit.shape;
        out.smoothed[order[n - tail + i]] = std::min(cut + quantile, largest);
      }
    } else {
      out.pareto_k = -1;  // all weights alike
    }
  }
  sum = 0;
  for (const double weight : out.smoothed) sum += weight;
  for (double& weight : out.smoothed) weight /= sum;
  return out;
}

}  // namespace npcsim

#include <npcsim/base/portable_math.hpp>
#include <npcsim/emulation/detail/share_regression.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

constexpr int most_iterations = 60;
constexpr int most_halvings = 30;
constexpr double small_gain = 1e-13;  // of the log likelihood, relative
constexpr double small_pivot = 1e-9;  // of the information of a column that the others leave

using Columns = std::vector<std::vector<double>>;

double predictor(const std::vector<double>& coefficients, const Columns& columns, std::size_t row) {
  double sum = coefficients[0];
  for (std::size_t k = 0; k < columns.size(); ++k) sum += coefficients[k + 1] * columns[k][row];
  return sum;
}

// log(1 + exp(x)), which does not overflow.
double softplus(double x) {
  return std::max(x, 0.0) + portable::log(1 + portable::exp(-std::fabs(x)));
}

double logistic(double x) { return 1 / (1 + portable::exp(-x)); }

class Fit {
 public:
  Fit(const Columns& columns, const std::vector<double>& successes,
      const std::vector<double>& failures)
      : columns_(columns),
        successes_(successes),
        failures_(failures),
        size_(columns.size() + 1),
        coefficients_(size_, 0.0) {}

  std::vector<double> run() {
    double now = log_likelihood(coefficients_);
    for (int iteration = 0; iteration < most_iterations; ++iteration) {
      const std::vector<double> step = newton_step();
      double gain = 0;
      double part = 1;
      for (int halving = 0; halving < most_halvings; ++halving, part /= 2) {
        std::vector<double> next = coefficients_;
        for (std::size_t j = 0; j < size_; ++j) next[j] += part * step[j];
        const double there = log_likelihood(next);
        if (!(there >= now)) continue;
        gain = there - now;
        now = there;
        coefficients_ = std::move(next);
        break;
      }
      if (gain <= small_gain * std::fabs(now)) break;
    }
    return coefficients_;
  }

 private:
  double cell(std::size_t j, std::size_t row) const { return j == 0 ? 1.0 : columns_[j - 1][row]; }

  double log_likelihood(const std::vector<double>& coefficients) const {
    double sum = 0;
    for (std::size_t i = 0; i < successes_.size(); ++i) {
      const double x = predictor(coefficients, columns_, i);
      sum -= successes_[i] * softplus(-x) + failures_[i] * softplus(x);
    }
    return sum;
  }

  // Information^-1 score, by elimination; a column that those before it give has no step.
  std::vector<double> newton_step() const {
    std::vector<std::vector<double>> system(size_, std::vector<double>(size_ + 1, 0.0));
    for (std::size_t i = 0; i < successes_.size(); ++i) {
      const double n = successes_[i] + failures_[i];
      if (!(n > 0)) continue;
      const double p = logistic(predictor(coefficients_, columns_, i));
      for (std::size_t j = 0; j < size_; ++j) {
        const double x = cell(j, i);
        system[j][size_] += x * (successes_[i] - n * p);
        for (std::size_t k = 0; k < size_; ++k) system[j][k] += n * p * (1 - p) * x * cell(k, i);
      }
    }
    return solve(std::move(system));
  }

  std::vector<double> solve(std::vector<std::vector<double>> system) const {
    std::vector<double> least;
    for (std::size_t j = 0; j < size_; ++j) least.push_back(small_pivot * system[j][j]);
    std::vector<bool> kept(size_, false);
    for (std::size_t j = 0; j < size_; ++j) {
      kept[j] = system[j][j] > least[j] && system[j][j] > 0;
      if (!kept[j]) continue;
      for (std::size_t r = 0; r < size_; ++r) {
        if (r == j) continue;
        const double factor = system[r][j] / system[j][j];
        for (std::size_t k = j; k <= size_; ++k) system[r][k] -= factor * system[j][k];
      }
    }
    std::vector<double> step(size_, 0.0);
    for (std::size_t j = 0; j < size_; ++j) {
      if (kept[j]) step[j] = system[j][size_] / system[j][j];
    }
    return step;
  }

  const Columns& columns_;
  const std::vector<double>& successes_;
  const std::vector<double>& failures_;
  std::size_t size_;
  std::vector<double> coefficients_;
};

}  // namespace

double ShareRegression::at(const std::vector<std::vector<double>>& columns, std::size_t row) const {
  return logistic(predictor(coefficients, columns, row));
}

ShareRegression fit_shares(const std::vector<std::vector<double>>& columns,
                           const std::vector<double>& successes,
                           const std::vector<double>& failures) {
  return {Fit(columns, successes, failures).run()};
}

}  // namespace npcsim::detail

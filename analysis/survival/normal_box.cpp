#include <npcsim/base/contracts.hpp>
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quadrature.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/survival/normal_box.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace npcsim {

namespace {

constexpr std::size_t most_variables = 5;
// What is left of a variance of 1 when it is a sum of the others and rounding.
constexpr double no_variance = 1e-13;
constexpr double no_slope = 1e-9;
// Beyond, the normal density does not reach the sixteenth digit.
constexpr double far = 8.5;

double density(double y) { return 0.39894228040143267794 * portable::exp(-0.5 * y * y); }

double between(double low, double high) {
  if (!(low < high)) return 0;
  if (low > 0) return portable::normal_survival(low) - portable::normal_survival(high);
  return portable::normal_cdf(high) - portable::normal_cdf(low);
}

// low <= slope . y <= high; the last slope that is not 0 is that of variable `level`.
struct Constraint {
  std::array<double, most_variables> slope{};
  std::size_t level = 0;
  double low = 0;
  double high = 0;
};

struct Range {
  double low = -portable::infinity;
  double high = portable::infinity;
};

// Independent normal variables y, Z = A y with lower trapezoidal A and y_0 = Z of the variable that
// leaves its range; the others must stay in theirs.
class Inside {
 public:
  Inside(std::span<const double> correlation, std::span<const double> lower,
         std::span<const double> upper, std::size_t leaving) {
    const std::size_t stride = lower.size();
    std::array<std::size_t, most_variables> variable{};  // in the order of A's rows
    variable[0] = leaving;
    for (std::size_t k = 0; k < leaving; ++k) variable[k + 1] = k;
    const std::size_t size = leaving + 1;
    std::array<std::array<double, most_variables>, most_variables> a{};
    std::array<double, most_variables> left{};
    for (std::size_t k = 0; k < size; ++k) left[k] = 1;
    rank_ = 0;
    for (std::size_t c = 0; c < size; ++c) {
      if (c > 0) {  // the variable of which most is left
        std::size_t pivot = c;
        for (std::size_t k = c; k < size; ++k) {
          if (left[k] > left[pivot]) pivot = k;
        }
        std::swap(variable[c], variable[pivot]);
        std::swap(a[c], a[pivot]);
        std::swap(left[c], left[pivot]);
      }
      if (left[c] < no_variance) break;
      a[c][c] = std::sqrt(left[c]);
      for (std::size_t k = c + 1; k < size; ++k) {
        double rest = correlation[variable[k] * stride + variable[c]];
        for (std::size_t j = 0; j < c; ++j) rest -= a[k][j] * a[c][j];
        a[k][c] = rest / a[c][c];
        left[k] -= a[k][c] * a[k][c];
      }
      ++rank_;
    }
    for (std::size_t k = 1; k < size; ++k) {
      Constraint constraint{a[k], 0, lower[variable[k]], upper[variable[k]]};
      for (std::size_t j = rank_; j-- > 0;) {
        if (std::fabs(a[k][j]) > no_slope) {
          constraint.level = j;
          break;
        }
      }
      constraints_[count_++] = constraint;
    }
  }

  // P(all inside, low < y_0 < high).
  Quadrature probability(double low, double high) {
    Range range = bounds(0);
    range.low = std::max(range.low, low);
    range.high = std::min(range.high, high);
    if (rank_ == 1) return {between(range.low, range.high), 0, true, 0};
    // The tail ends where nothing is left of its own probability, however small that is.
    const double reach = std::sqrt(far * far + std::min(range.low * range.low, 1e300));
    if (range.low >= 0) range.high = std::min(range.high, reach);
    const double mass = between(range.low, range.high);
    if (!(mass > 0)) return {0, 0, true, 0};
    return integrate_level(0, range, mass);
  }

 private:
  // The range that the constraints leave to y_level, given the variables before it.
  Range bounds(std::size_t level) const {
    Range range;
    for (std::size_t k = 0; k < count_; ++k) {
      const Constraint& constraint = constraints_[k];
      if (constraint.level != level) continue;
      const double slope = constraint.slope[level];
      double sum = 0;
      for (std::size_t j = 0; j < level; ++j) sum += constraint.slope[j] * y_[j];
      const double a = (constraint.low - sum) / slope;
      const double b = (constraint.high - sum) / slope;
      range.low = std::max(range.low, std::min(a, b));
      range.high = std::min(range.high, std::max(a, b));
    }
    return range;
  }

  double inside(std::size_t level) {
    const Range range = bounds(level);
    if (!(range.low < range.high)) return 0;
    if (level + 1 == rank_) return between(range.low, range.high);
    const Quadrature part = integrate_level(level, range, 1);
    converged_ = converged_ && part.converged;
    return part.value;
  }

  Quadrature integrate_level(std::size_t level, Range range, double mass) {
    range.low = std::max(range.low, -far);
    if (level > 0) range.high = std::min(range.high, far);
    range.high = std::min(range.high, std::sqrt(far * far + range.low * range.low));
    if (!(range.low < range.high)) return {0, 0, true, 0};
    std::array<double, 2 + 4 * most_variables * most_variables> ends{};
    std::size_t count = 0;
    ends[count++] = range.low;
    if (level + 2 == rank_) count = add_kinks(level, range, ends.data());
    ends[count++] = range.high;
    std::sort(ends.begin(), ends.begin() + static_cast<std::ptrdiff_t>(count));
    const auto integrand = [&](double y) {
      y_[level] = y;
      return density(y) * inside(level + 1);
    };
    // Inner integrals must look smooth to the outer ones.
    const double tolerance = (level == 0 ? 1e-10 : level == 1 ? 1e-12 : 1e-13) * mass;
    Quadrature total{0, 0, true, 0};
    for (std::size_t k = 0; k + 1 < count; ++k) {
      if (!(ends[k] < ends[k + 1])) continue;
      const Quadrature part =
          integrate(integrand, ends[k], ends[k + 1], QuadratureTolerance{tolerance, 1e-13});
      total.value += part.value;
      total.error += part.error;
      total.converged = total.converged && part.converged;
    }
    if (level == 0) total.converged = total.converged && converged_;
    return total;
  }

  // Where the bounds of the last variable change over from one constraint to another.
  std::size_t add_kinks(std::size_t level, const Range& range, double* ends) const {
    std::array<std::array<double, 2>, 2 * most_variables> lines{};  // bound = [0] + [1] y_level
    std::size_t count = 0;
    for (std::size_t k = 0; k < count_; ++k) {
      const Constraint& constraint = constraints_[k];
      if (constraint.level != level + 1) continue;
      const double slope = constraint.slope[level + 1];
      double sum = 0;
      for (std::size_t j = 0; j < level; ++j) sum += constraint.slope[j] * y_[j];
      for (const double bound : {constraint.low, constraint.high}) {
        if (std::fabs(bound) < portable::infinity) {
          lines[count++] = {(bound - sum) / slope, -constraint.slope[level] / slope};
        }
      }
    }
    std::size_t added = 1;
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        const double at = (lines[i][0] - lines[j][0]) / (lines[j][1] - lines[i][1]);
        if (at > range.low && at < range.high) ends[added++] = at;
      }
    }
    return added;
  }

  std::array<Constraint, most_variables> constraints_{};
  std::size_t count_ = 0;
  std::size_t rank_ = 0;
  std::array<double, most_variables> y_{};
  bool converged_ = true;
};

}  // namespace

BoxProbability probability_outside(std::span<const double> correlation,
                                   std::span<const double> lower, std::span<const double> upper) {
  const std::size_t size = lower.size();
  NPCSIM_EXPECTS(size >= 1 && size <= most_variables && upper.size() == size);
  NPCSIM_EXPECTS(correlation.size() == size * size);
  bool symmetric = true;
  for (std::size_t i = 0; i < size; ++i) symmetric = symmetric && lower[i] == -upper[i];
  BoxProbability total;
  for (std::size_t i = 0; i < size; ++i) {
    Inside above(correlation, lower, upper, i);
    const Quadrature high = above.probability(upper[i], portable::infinity);
    Quadrature low = high;
    if (!symmetric) {
      // Mirrored, so that the tail is an upper one.
      std::array<double, most_variables> mirrored_lower{};
      std::array<double, most_variables> mirrored_upper{};
      for (std::size_t k = 0; k < size; ++k) {
        mirrored_lower[k] = -upper[k];
        mirrored_upper[k] = -lower[k];
      }
      Inside below(correlation, {mirrored_lower.data(), size}, {mirrored_upper.data(), size}, i);
      low = below.probability(-lower[i], portable::infinity);
    }
    total.value += high.value + low.value;
    total.error += high.error + low.error;
    total.converged = total.converged && high.converged && low.converged;
  }
  total.value = std::min(total.value, 1.0);
  return total;
}

}  // namespace npcsim

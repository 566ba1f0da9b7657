#include <npcsim/fitting/detail/newton.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Below this an eigenvalue of the scaled Hessian is rounding.
constexpr double singular = 1e-13;

/// The quadratic model in coordinates in which minus the Hessian has a unit diagonal, and along
/// its eigenvectors.
struct Model {
  Model(const LikelihoodPoint& at, double floor) {
    const auto p = static_cast<Index>(at.gradient.size());
    MatrixXd information = -Eigen::Map<const MatrixXd>(at.hessian.data(), p, p);
    scale.resize(p);
    for (Index i = 0; i < p; ++i) {
      scale[i] = std::sqrt(
          std::max({std::fabs(information(i, i)), floor, std::numeric_limits<double>::min()}));
    }
    for (Index i = 0; i < p; ++i) {
      for (Index j = 0; j < p; ++j) information(i, j) /= scale[i] * scale[j];
    }
    const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(information);
    value = solver.eigenvalues();
    vector = solver.eigenvectors();
    const Eigen::Map<const VectorXd> gradient(at.gradient.data(), p);
    slope = vector.transpose() * gradient.cwiseQuotient(scale);
  }

  bool proper() const { return value.size() == 0 || value[0] > singular; }

  double decrement() const {
    double sum = 0.0;
    for (Index i = 0; i < value.size(); ++i) sum += slope[i] * slope[i] / value[i];
    return sum;
  }

  /// The maximum of the model within a ball (Nocedal & Wright 2006, section 4.3).
  VectorXd step(double radius) const {
    const auto with_shift = [&](double shift) {
      VectorXd s = slope;
      for (Index i = 0; i < s.size(); ++i) s[i] /= value[i] + shift;
      return s;
    };
    if (proper()) {
      VectorXd s = with_shift(0.0);
      if (s.norm() <= radius) return s;
    }
    double low = std::max(0.0, singular - value[0]);
    double high = low + slope.norm() / radius + 1.0;
    for (int k = 0; k < 80; ++k) {
      const double middle = 0.5 * (low + high);
      (with_shift(middle).norm() > radius ? low : high) = middle;
      if (high - low < 1e-3 * high) break;
    }
    return with_shift(high);
  }

  double gain(const VectorXd& s) const {
    double sum = 0.0;
    for (Index i = 0; i < s.size(); ++i) sum += s[i] * (slope[i] - 0.5 * value[i] * s[i]);
    return sum;
  }

  VectorXd scale;
  VectorXd value;
  MatrixXd vector;
  VectorXd slope;
};

}  // namespace

void certify(NewtonResult& result) {
  const Model model(result.at, 0.0);
  result.smallest_eigenvalue = model.value.size() == 0 ? 1.0 : model.value[0];
  result.decrement = model.proper() ? model.decrement() : std::numeric_limits<double>::infinity();
  result.gradient_in_se = std::numeric_limits<double>::infinity();
  if (model.proper()) {
    result.gradient_in_se = 0.0;
    for (Index i = 0; i < model.scale.size(); ++i) {
      double variance = 0.0;
      for (Index k = 0; k < model.scale.size(); ++k) {
        variance += model.vector(i, k) * model.vector(i, k) / model.value[k];
      }
      const double in_se =
          std::fabs(result.at.gradient[static_cast<std::size_t>(i)]) / model.scale[i];
      result.gradient_in_se = std::max(result.gradient_in_se, in_se * std::sqrt(variance));
    }
  }
  result.weakest.assign(result.point.size(), 0.0);
  for (std::size_t i = 0; i < result.weakest.size(); ++i) {
    result.weakest[i] = model.vector(static_cast<Index>(i), 0);
  }
}

NewtonResult maximise(const Objective& objective, std::vector<double> start,
                      const NewtonOptions& options) {
  NewtonResult result;
  result.point = std::move(start);
  result.at = objective(result.point);
  if (!result.at.finite()) return result;
  const std::size_t p = result.point.size();
  const double floor = 1e-4 * options.events;
  double radius = std::sqrt(options.events);
  result.stop = NewtonStop::iteration_limit;
  int refused = 0;
  for (; result.iterations < options.max_iterations; ++result.iterations) {
    const Model model(result.at, floor);
    const bool proper = model.proper();
    if (proper && model.decrement() < options.tolerance) {
      result.stop = NewtonStop::converged;
      break;
    }
    const VectorXd step = model.step(radius);
    const VectorXd change = (model.vector * step).cwiseQuotient(model.scale);
    std::vector<double> trial = result.point;
    bool moved = false;
    for (std::size_t i = 0; i < p; ++i) {
      trial[i] += change[static_cast<Index>(i)];
      moved = moved || trial[i] != result.point[i];
    }
    const double expected = model.gain(step);
    if (options.may_vanish && result.point[*options.may_vanish] < -9.0 && expected < 1e-3 &&
        change[static_cast<Index>(*options.may_vanish)] < -0.5) {
      result.stop = NewtonStop::limit;
      break;
    }
    LikelihoodPoint at = moved ? objective(trial) : LikelihoodPoint{};
    // Gains below the rounding of the value cannot be seen; there Newton's step is trusted as
    // long as it makes the gradient smaller.
    const double rounding = 1e-13 * (std::fabs(result.at.loglik) + 1.0);
    bool accept = moved && at.finite();
    double ratio = -1.0;
    if (accept) {
      ratio = (at.loglik - result.at.loglik) / expected;
      if (expected < rounding) {
        const Model next(at, floor);
        accept = next.proper() && proper && next.decrement() < model.decrement();
        ratio = accept ? 1.0 : -1.0;
      } else {
        accept = ratio > 1e-3;
      }
    }
    if (accept) {
      result.point = std::move(trial);
      result.at = std::move(at);
      refused = 0;
      if (ratio > 0.75 && step.norm() > 0.8 * radius) radius *= 2.5;
      if (ratio < 0.25) radius *= 0.5;
      continue;
    }
    if (!moved || expected < rounding || ++refused > 60) {
      result.stop =
          proper && model.decrement() < 1e-10 ? NewtonStop::converged : NewtonStop::stalled;
      break;
    }
    radius = 0.25 * std::min(radius, step.norm());
  }
  const bool vanishing = options.may_vanish && result.point[*options.may_vanish] < -9.0;
  if (vanishing && result.stop != NewtonStop::converged) result.stop = NewtonStop::limit;
  certify(result);
  if (result.stop == NewtonStop::converged && !(result.smallest_eigenvalue > singular)) {
    result.stop = NewtonStop::stalled;
  }
  return result;
}

std::vector<double> inverse_information(const LikelihoodPoint& at) {
  const auto p = static_cast<Index>(at.gradient.size());
  const Model model(at, 0.0);
  if (!model.proper()) return {};
  const MatrixXd inverse =
      model.vector * model.value.cwiseInverse().asDiagonal() * model.vector.transpose();
  std::vector<double> covariance(at.hessian.size());
  for (Index i = 0; i < p; ++i) {
    for (Index j = 0; j < p; ++j) {
      covariance[static_cast<std::size_t>(i * p + j)] =
          inverse(i, j) / (model.scale[i] * model.scale[j]);
    }
  }
  return covariance;
}

}  // namespace npcsim::detail

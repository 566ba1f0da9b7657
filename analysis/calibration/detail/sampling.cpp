#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/detail/sampling.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
constexpr double fewest_finite = 8;   // data sets that quantiles are read from
constexpr double floor_share = 0.25;  // of the median standard deviation in the study
constexpr double fallback_sd = 0.3;   // of a median that no data set reaches; assumed
constexpr double smallest_sd = 1e-4;

// Value below which a share p of the sorted values lies, linear between their middles.
double quantile(const std::vector<double>& sorted, double p, double total) {
  const double place = std::clamp(p * total - 0.5, 0.0, static_cast<double>(sorted.size()) - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

// Replaces what is not finite in a column by the mean of the tail that it stands for; returns the
// mean, or NaN.
double complete(Eigen::Ref<VectorXd> column) {
  std::vector<double> finite;
  for (const double value : column) {
    if (std::isfinite(value)) finite.push_back(value);
  }
  const auto total = static_cast<double>(column.size());
  const auto count = static_cast<double>(finite.size());
  if (count == total) return column.mean();
  if (count < fewest_finite) {
    column.setConstant(unknown);
    return unknown;
  }
  std::sort(finite.begin(), finite.end());
  const double upper = std::min(0.5, 0.75 * count / total);
  const double lower = 0.4 * upper;
  const double z_upper = portable::normal_quantile(upper);
  const double z_lower = portable::normal_quantile(lower);
  const double at_upper = quantile(finite, upper, total);
  const double sd =
      std::max((at_upper - quantile(finite, lower, total)) / (z_upper - z_lower), smallest_sd);
  const double mean = at_upper - z_upper * sd;
  // E(Z | Z > z) is the hazard of the normal at z.
  const double tail = portable::normal_hazard(portable::normal_quantile(count / total));
  for (double& value : column) {
    if (!std::isfinite(value)) value = mean + tail * sd;
  }
  return mean;
}

// Standard deviations that are too small, or unknown, are raised to what the study's others say.
void raise_small(const std::vector<const CalibrationTarget*>& targets, VectorXd& sd) {
  for (const TargetScale scale : {TargetScale::log, TargetScale::arcsine, TargetScale::identity}) {
    std::vector<double> known;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const double value = sd[static_cast<Index>(i)];
      if (targets[i]->scale == scale && std::isfinite(value)) known.push_back(value);
    }
    std::sort(known.begin(), known.end());
    const double median = known.empty() ? fallback_sd : known[known.size() / 2];
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (targets[i]->scale != scale) continue;
      double& value = sd[static_cast<Index>(i)];
      if (!std::isfinite(value)) value = std::max(median, fallback_sd);
      value = std::max({value, floor_share * median, smallest_sd});
    }
  }
}

}  // namespace

SampledFigures summarise_data_sets(const TargetModel& model,
                                   const std::vector<MatrixXd>& data_sets) {
  const auto& targets = model.targets();
  const auto points = static_cast<Index>(data_sets.size());
  SampledFigures out;
  out.mean.resize(points, static_cast<Index>(targets.size()));
  std::vector<MatrixXd> deviations = data_sets;
  for (Index k = 0; k < points; ++k) {
    MatrixXd& values = deviations[static_cast<std::size_t>(k)];
    for (Index t = 0; t < values.cols(); ++t) {
      out.mean(k, t) = complete(values.col(t));
      values.col(t).array() -= values.col(t).mean();
    }
  }
  for (std::size_t s = 0; s < model.studies().size(); ++s) {
    std::vector<const CalibrationTarget*> own;
    Index first = 0;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      if (targets[t].study != static_cast<std::int32_t>(s)) continue;
      if (own.empty()) first = static_cast<Index>(t);
      own.push_back(&targets[t]);
    }
    const auto d = static_cast<Index>(own.size());
    MatrixXd sums = MatrixXd::Zero(d, d);
    VectorXd squares = VectorXd::Zero(d);
    VectorXd counts = VectorXd::Zero(d);
    double used = 0;
    for (const MatrixXd& values : deviations) {
      MatrixXd part = values.middleCols(first, d);
      for (Index i = 0; i < d; ++i) {
        if (!std::isfinite(part(0, i))) {
          part.col(i).setZero();
          continue;
        }
        squares[i] += part.col(i).squaredNorm();
        counts[i] += static_cast<double>(part.rows()) - 1;
      }
      sums += part.transpose() * part;
      used += static_cast<double>(part.rows()) - 1;
    }
    VectorXd sd(d);
    for (Index i = 0; i < d; ++i)
      sd[i] = counts[i] > 0 ? std::sqrt(squares[i] / counts[i]) : unknown;
    MatrixXd correlation = MatrixXd::Identity(d, d);
    const double kept = used / (used + static_cast<double>(d) + 2);
    for (Index i = 0; i < d; ++i) {
      for (Index j = 0; j < d; ++j) {
        if (i != j && squares[i] > 0 && squares[j] > 0)
          correlation(i, j) = kept * sums(i, j) / std::sqrt(squares[i] * squares[j]);
      }
    }
    raise_small(own, sd);
    const double widened = (used - 1) / std::max(used - static_cast<double>(d) - 2, 1.0);
    out.covariance.emplace_back(widened * (sd.asDiagonal() * correlation * sd.asDiagonal()));
  }
  return out;
}

}  // namespace npcsim::detail

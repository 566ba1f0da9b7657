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
constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double smallest_sd = 1e-4;

// What one figure is in the data sets, NaN apart: finite values, and those beyond either end.
struct Values {
  std::vector<double> finite;  // sorted
  double below = 0;            // data sets with minus infinity
  double above = 0;            // data sets with infinity

  explicit Values(const Eigen::Ref<VectorXd>& column) {
    for (const double value : column) {
      if (std::isfinite(value)) finite.push_back(value);
      if (value == infinite) ++above;
      if (value == -infinite) ++below;
    }
    std::sort(finite.begin(), finite.end());
  }

  double count() const { return static_cast<double>(finite.size()); }
  double total() const { return count() + below + above; }

  // Value below which a share p of all lies, linear between the middles of the finite.
  double quantile(double p) const {
    const double place = std::clamp(p * total() - below - 0.5, 0.0, count() - 1);
    const auto low = static_cast<std::size_t>(place);
    const std::size_t high = std::min(low + 1, finite.size() - 1);
    return finite[low] + (place - static_cast<double>(low)) * (finite[high] - finite[low]);
  }
};

// Replaces infinity in a column by the mean of the tail that it stands for, and NaN, which says
// nothing, by the mean of the others. Returns the mean, or NaN.
double complete(Eigen::Ref<VectorXd> column) {
  const Values values(column);
  const double total = values.total();
  const double count = values.count();
  if (count < std::min(fewest_finite, static_cast<double>(column.size()))) {
    column.setConstant(unknown);
    return unknown;
  }
  double mean = 0;
  if (count == total) {
    for (const double value : column) mean += std::isfinite(value) ? value / total : 0;
  } else {
    // A normal distribution through two quantiles away from what is infinite.
    double upper = (values.below + 0.75 * count) / total;
    double lower = (values.below + 0.25 * count) / total;
    if (values.below == 0) {
      upper = std::min(0.5, upper);
      lower = 0.4 * upper;
    } else if (values.above == 0) {
      lower = std::max(0.5, lower);
      upper = 1 - 0.4 * (1 - lower);
    }
    const double z_upper = portable::normal_quantile(upper);
    const double z_lower = portable::normal_quantile(lower);
    const double at_upper = values.quantile(upper);
    const double sd =
        std::max((at_upper - values.quantile(lower)) / (z_upper - z_lower), smallest_sd);
    mean = at_upper - z_upper * sd;
    // E(Z | Z > z) is the hazard of the normal at z.
    const auto tail = [&](double share) {
      return sd * portable::normal_hazard(portable::normal_quantile(1 - share / total));
    };
    const double high = values.above > 0 ? mean + tail(values.above) : 0;
    const double low = values.below > 0 ? mean - tail(values.below) : 0;
    for (double& value : column) {
      if (value == infinite) value = high;
      if (value == -infinite) value = low;
    }
  }
  double sum = 0;
  for (const double value : column) sum += std::isnan(value) ? 0 : value;
  for (double& value : column) {
    if (std::isnan(value)) value = sum / total;
  }
  return mean;
}

// Rows of a column that say something.
double rows_with_value(const Eigen::Ref<const VectorXd>& column) {
  return static_cast<double>(
      std::count_if(column.begin(), column.end(), [](double x) { return !std::isnan(x); }));
}

// Standard deviation of a share on the arcsine scale by the number of its patients alone.
double sd_of_share(const CalibrationTarget& target) {
  return target.patients > 0 ? 0.5 / std::sqrt(target.patients) : fallback_sd;
}

// Standard deviations that are too small, or unknown, are raised to what the study's others say. A
// figure that is the same in every data set says nothing of others.
void raise_small(const std::vector<const CalibrationTarget*>& targets, VectorXd& sd) {
  for (const TargetScale scale : {TargetScale::log, TargetScale::arcsine, TargetScale::identity}) {
    std::vector<double> known;
    for (std::size_t i = 0; i < targets.size(); ++i) {
      const double value = sd[static_cast<Index>(i)];
      if (targets[i]->scale == scale && value > smallest_sd) known.push_back(value);
    }
    std::sort(known.begin(), known.end());
    const double median = known.empty() ? 0 : known[known.size() / 2];
    for (std::size_t i = 0; i < targets.size(); ++i) {
      if (targets[i]->scale != scale) continue;
      double& value = sd[static_cast<Index>(i)];
      if (known.empty()) {
        value = scale == TargetScale::arcsine ? sd_of_share(*targets[i]) : fallback_sd;
        continue;
      }
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
  out.variance.setZero(out.mean.cols());
  std::vector<VectorXd> rows(data_sets.size(), VectorXd::Zero(out.mean.cols()));
  for (Index k = 0; k < points; ++k) {
    MatrixXd& values = deviations[static_cast<std::size_t>(k)];
    for (Index t = 0; t < values.cols(); ++t) {
      rows[static_cast<std::size_t>(k)][t] = rows_with_value(values.col(t));
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
    for (std::size_t k = 0; k < deviations.size(); ++k) {
      MatrixXd part = deviations[k].middleCols(first, d);
      for (Index i = 0; i < d; ++i) {
        if (!std::isfinite(part(0, i))) {
          part.col(i).setZero();
          continue;
        }
        squares[i] += part.col(i).squaredNorm();
        counts[i] += rows[k][first + i] - 1;
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
    out.variance.segment(first, d) = sd.cwiseAbs2();
    const double widened = (used - 1) / std::max(used - static_cast<double>(d) - 2, 1.0);
    out.covariance.emplace_back(widened * (sd.asDiagonal() * correlation * sd.asDiagonal()));
  }
  return out;
}

}  // namespace npcsim::detail

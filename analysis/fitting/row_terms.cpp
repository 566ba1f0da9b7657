#include <npcsim/fitting/detail/row_terms.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

constexpr std::size_t lanes = 8;

}  // namespace

RowTerms::RowTerms(const LikelihoodPlan& plan)
    : plan_(plan),
      kernel_(make_kernel(plan.family, plan.knots, plan.basis)),
      block_(kernel_->predictors()),
      eta_(plan.predictors.size() * chunk_rows),
      slopes_(plan.predictors.size()),
      time_(chunk_rows),
      log_time_(chunk_rows) {
  for (std::size_t p = 0; p < plan.predictors.size(); ++p) {
    eta_of_.push_back(eta_.data() + p * chunk_rows);
    slopes_[p].resize(plan.predictors[p].slopes.size() * chunk_rows);
  }
  chunk_.time = time_.data();
  chunk_.log_time = log_time_.data();
  chunk_.predictor = eta_of_.data();
}

void RowTerms::load(std::span<const std::uint32_t> rows, std::span<const double> coefficients) {
  count_ = rows.size();
  chunk_.rows = (count_ + lanes - 1) / lanes * lanes;
  for (std::size_t p = 0; p < plan_.predictors.size(); ++p) {
    const Predictor& predictor = plan_.predictors[p];
    double* const eta = eta_.data() + p * chunk_rows;
    for (std::size_t i = 0; i < chunk_.rows; ++i) {
      const std::size_t row = rows[i < count_ ? i : 0];
      double sum = predictor.intercept ? coefficients[*predictor.intercept] : 0.0;
      for (std::size_t s = 0; s < predictor.slopes.size(); ++s) {
        const ScaledColumn& column = plan_.columns[predictor.slopes[s].column];
        const double x = (column.values[row] - column.centre) * column.scale;
        sum += coefficients[predictor.slopes[s].coefficient] * x;
        slopes_[p][s * chunk_rows + i] = x * predictor.unit;
      }
      eta[i] = sum * predictor.unit;
    }
  }
}

void RowTerms::replace(std::size_t i, std::size_t predictor, double value,
                       std::span<const double> slopes) {
  eta_[predictor * chunk_rows + i] = value;
  for (std::size_t s = 0; s < slopes.size(); ++s) {
    slopes_[predictor][s * chunk_rows + i] = slopes[s];
  }
  // The rows that fill up the last vector repeat the first one.
  if (i != 0) return;
  for (std::size_t k = count_; k < chunk_.rows; ++k) eta_[predictor * chunk_rows + k] = value;
}

void RowTerms::set_times(std::span<const double> times) {
  for (std::size_t i = 0; i < chunk_.rows; ++i) {
    time_[i] = times[i < count_ ? i : 0];
    log_time_[i] = std::log(time_[i]);
  }
}

void RowTerms::log_density(std::span<const double> times) {
  set_times(times);
  kernel_->log_density(chunk_, block_);
}

void RowTerms::log_survival(std::span<const double> times) {
  set_times(times);
  kernel_->log_survival(chunk_, block_);
}

void RowTerms::entries(std::size_t i, std::size_t predictor, std::vector<Entry>& out) const {
  out.clear();
  const Predictor& wired = plan_.predictors[predictor];
  if (wired.intercept) out.push_back({*wired.intercept, wired.unit});
  for (std::size_t s = 0; s < wired.slopes.size(); ++s) {
    out.push_back({wired.slopes[s].coefficient, slopes_[predictor][s * chunk_rows + i]});
  }
}

void RowTerms::add_gradient(std::size_t i, double factor, std::span<double> out) {
  for (std::size_t p = 0; p < plan_.predictors.size(); ++p) {
    entries(i, p, left_);
    const double slope = factor * block_.gradient(p)[i];
    for (const Entry& entry : left_) out[entry.coefficient] += slope * entry.derivative;
  }
}

void RowTerms::add_hessian(std::size_t i, double factor, std::span<double> out) {
  // Coefficients beyond the plan's, such as a frailty's variance, stay untouched.
  std::size_t width = 0;
  while (width * width < out.size()) ++width;
  for (std::size_t p = 0; p < plan_.predictors.size(); ++p) {
    entries(i, p, left_);
    for (std::size_t q = 0; q < plan_.predictors.size(); ++q) {
      entries(i, q, right_);
      const double curvature =
          factor * (p <= q ? block_.hessian(p, q)[i] : block_.hessian(q, p)[i]);
      for (const Entry& a : left_) {
        for (const Entry& b : right_) {
          out[a.coefficient * width + b.coefficient] += curvature * a.derivative * b.derivative;
        }
      }
    }
  }
}

}  // namespace npcsim::detail

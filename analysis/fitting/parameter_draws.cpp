#include <npcsim/fitting/detail/covariance_factor.hpp>
#include <npcsim/fitting/parameter_draws.hpp>
#include <npcsim/random/stream.hpp>

#include <algorithm>
#include <cstddef>

namespace npcsim {

std::vector<double> draw_coefficients(const FitResult& fit, DrawKey key, std::uint32_t draw) {
  std::vector<double> coefficients = fit.transformed();
  const detail::CovarianceFactor factor(fit.covariance, coefficients.size());
  const PatientDraws draws(key, draw);
  for (std::size_t k = 0; k < factor.axes.size(); ++k) {
    const double z = draws.normal("fitted coefficients"_stream, static_cast<std::uint32_t>(k));
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      coefficients[i] += z * factor.axes[k][i];
    }
  }
  return coefficients;
}

namespace {

/// Records that were drawn, each once, with the number of times as a weight.
class Resample {
 public:
  Resample(const FitData& data, DrawKey key, std::uint32_t replicate) {
    const TimeToEvent& records = data.records;
    const std::size_t rows = records.rows();
    std::vector<std::uint32_t> unit(rows);
    for (std::size_t i = 0; i < rows; ++i) unit[i] = static_cast<std::uint32_t>(i);
    std::size_t units = rows;
    if (!records.cluster.empty()) {
      std::vector<std::int32_t> labels(records.cluster.begin(), records.cluster.end());
      std::sort(labels.begin(), labels.end());
      labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
      units = labels.size();
      for (std::size_t i = 0; i < rows; ++i) {
        unit[i] = static_cast<std::uint32_t>(
            std::lower_bound(labels.begin(), labels.end(), records.cluster[i]) - labels.begin());
      }
    }
    std::vector<std::uint32_t> times_drawn(units, 0);
    const DrawKey replicate_key{key.seed, replicate};
    for (std::size_t k = 0; k < units; ++k) {
      const PatientDraws draws(replicate_key, static_cast<std::uint32_t>(k));
      const double place = draws.uniform("bootstrap record"_stream) * static_cast<double>(units);
      ++times_drawn[std::min(units - 1, static_cast<std::size_t>(place))];
    }
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < rows; ++i) {
      if (times_drawn[unit[i]] > 0) kept.push_back(i);
    }
    const auto pick = [&kept](auto column, auto& out) {
      if (column.empty()) return;
      out.reserve(kept.size());
      for (const std::size_t i : kept) out.push_back(column[i]);
    };
    pick(records.time, time_);
    pick(records.event, event_);
    pick(records.entry, entry_);
    pick(data.upper, upper_);
    pick(data.background, background_);
    for (const std::size_t i : kept) {
      weight_.push_back((records.weight.empty() ? 1.0 : records.weight[i]) * times_drawn[unit[i]]);
    }
    columns_.resize(data.covariates.count());
    view_.covariates.names = data.covariates.names;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      pick(data.covariates.columns[c], columns_[c]);
      view_.covariates.columns.push_back(columns_[c]);
    }
    view_.records.time = time_;
    view_.records.event = event_;
    view_.records.entry = entry_;
    view_.records.weight = weight_;
    view_.upper = upper_;
    view_.background = background_;
  }

  const FitData& view() const { return view_; }

 private:
  std::vector<double> time_;
  std::vector<std::int32_t> event_;
  std::vector<double> entry_;
  std::vector<double> upper_;
  std::vector<double> background_;
  std::vector<double> weight_;
  std::vector<std::vector<double>> columns_;
  FitData view_;
};

}  // namespace

FitResult bootstrap_fit(const FitSpecification& specification, const FitData& data, DrawKey key,
                        std::uint32_t replicate) {
  if (data.records.rows() == 0) return fit(specification, data);  // which has words for it
  const Resample sample(data, key, replicate);
  return fit(specification, sample.view());
}

}  // namespace npcsim

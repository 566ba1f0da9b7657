#include <npcsim/calibration/detail/kept_draws.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

std::size_t draw_count(const CalibrationResult& result) {
  return result.names.empty() ? 0 : result.draws.size() / result.names.size();
}

std::vector<std::size_t> evenly_spaced(std::size_t all, std::size_t rows) {
  rows = std::min(rows, all);
  std::vector<std::size_t> out;
  for (std::size_t r = 0; r < rows; ++r) out.push_back(r * all / rows);
  return out;
}

std::vector<double> column_of(const std::vector<double>& draws, std::size_t columns,
                              std::size_t column) {
  std::vector<double> out;
  for (std::size_t d = column; d < draws.size(); d += columns) out.push_back(draws[d]);
  return out;
}

std::vector<double> sorted_column(const std::vector<double>& draws, std::size_t columns,
                                  std::size_t column) {
  std::vector<double> out = column_of(draws, columns, column);
  std::sort(out.begin(), out.end());
  return out;
}

Moments moments_of(const std::vector<double>& values) {
  Moments out;
  for (const double value : values) out.mean += value / static_cast<double>(values.size());
  out.sd = std::sqrt(covariance_of(values, values));
  return out;
}

double covariance_of(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() < 2) return 0;
  const auto n = static_cast<double>(a.size());
  double mean_a = 0;
  double mean_b = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    mean_a += a[i] / n;
    mean_b += b[i] / n;
  }
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - mean_a) * (b[i] - mean_b);
  return sum / (n - 1);
}

}  // namespace npcsim::detail

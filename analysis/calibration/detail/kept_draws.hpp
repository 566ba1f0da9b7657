// Draws of a finished calibration as its tables, files and pages take them.
#pragma once

#include <npcsim/calibration/calibration_result.hpp>

#include <cstddef>
#include <vector>

namespace npcsim::detail {

std::size_t draw_count(const CalibrationResult& result);

/// `rows` places of `all` in rising order and evenly spaced; all of them if there are no more.
std::vector<std::size_t> evenly_spaced(std::size_t all, std::size_t rows);

/// One column of `draws` [draw * columns + column].
std::vector<double> column_of(const std::vector<double>& draws, std::size_t columns,
                              std::size_t column);
std::vector<double> sorted_column(const std::vector<double>& draws, std::size_t columns,
                                  std::size_t column);

struct Moments {
  double mean = 0;
  double sd = 0;
};
Moments moments_of(const std::vector<double>& values);

/// Covariance of two columns of equal length.
double covariance_of(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace npcsim::detail

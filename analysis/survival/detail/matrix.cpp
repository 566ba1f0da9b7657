#include <npcsim/survival/detail/matrix.hpp>

#include <numeric>

namespace npcsim::detail {

std::vector<double> outer_product(const std::vector<std::vector<double>>& columns) {
  const std::size_t p = columns.size();
  std::vector<double> result(p * p, 0.0);
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = 0; k <= j; ++k) {
      const double value =
          std::inner_product(columns[j].begin(), columns[j].end(), columns[k].begin(), 0.0);
      result[j * p + k] = value;
      result[k * p + j] = value;
    }
  }
  return result;
}

std::vector<double> sandwich(const std::vector<double>& bread, const std::vector<double>& filling,
                             std::size_t size) {
  std::vector<double> half(size * size, 0.0);
  std::vector<double> result(size * size, 0.0);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < size; ++k) {
        half[i * size + j] += bread[i * size + k] * filling[k * size + j];
      }
    }
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < size; ++k) {
        result[i * size + j] += half[i * size + k] * bread[k * size + j];
      }
    }
  }
  return result;
}

std::vector<double> divide_by_scales(std::vector<double> matrix, const std::vector<double>& scale) {
  const std::size_t p = scale.size();
  for (std::size_t j = 0; j < p; ++j) {
    for (std::size_t k = 0; k < p; ++k) matrix[j * p + k] /= scale[j] * scale[k];
  }
  return matrix;
}

}  // namespace npcsim::detail

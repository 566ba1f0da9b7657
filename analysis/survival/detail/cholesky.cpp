#include <npcsim/survival/detail/cholesky.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {

Cholesky::Cholesky(std::span<const double> matrix, std::size_t size, double tolerance)
    : size_(size), factor_(size * size, 0.0) {
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      double sum = matrix[i * size + j];
      for (std::size_t k = 0; k < j; ++k) sum -= factor_[i * size + k] * factor_[j * size + k];
      if (j < i) {
        const double pivot = factor_[j * size + j];
        factor_[i * size + j] = pivot > 0 ? sum / pivot : 0;
        continue;
      }
      const double diagonal = matrix[i * size + i];
      if (sum > tolerance * diagonal && diagonal > 0) {
        factor_[i * size + i] = std::sqrt(sum);
      } else {
        for (std::size_t k = 0; k <= i; ++k) factor_[i * size + k] = 0;
        dependent_.push_back(i);
      }
    }
  }
}

std::vector<double> Cholesky::solve(std::span<const double> b) const {
  std::vector<double> x(b.begin(), b.end());
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t k = 0; k < i; ++k) x[i] -= factor_[i * size_ + k] * x[k];
    const double pivot = factor_[i * size_ + i];
    x[i] = pivot > 0 ? x[i] / pivot : 0;
  }
  for (std::size_t i = size_; i-- > 0;) {
    for (std::size_t k = i + 1; k < size_; ++k) x[i] -= factor_[k * size_ + i] * x[k];
    const double pivot = factor_[i * size_ + i];
    x[i] = pivot > 0 ? x[i] / pivot : 0;
  }
  return x;
}

double Cholesky::quadratic_form(std::span<const double> b) const {
  std::vector<double> y(b.begin(), b.end());
  double sum = 0;
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t k = 0; k < i; ++k) y[i] -= factor_[i * size_ + k] * y[k];
    const double pivot = factor_[i * size_ + i];
    y[i] = pivot > 0 ? y[i] / pivot : 0;
    sum += y[i] * y[i];
  }
  return sum;
}

std::vector<double> Cholesky::inverse() const {
  std::vector<double> result(size_ * size_, 0.0);
  std::vector<double> unit(size_, 0.0);
  for (std::size_t j = 0; j < size_; ++j) {
    unit[j] = 1;
    const std::vector<double> column = solve(unit);
    unit[j] = 0;
    for (std::size_t i = 0; i < size_; ++i) result[i * size_ + j] = column[i];
  }
  for (std::size_t i = 0; i < size_; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double mean = (result[i * size_ + j] + result[j * size_ + i]) / 2;
      result[i * size_ + j] = mean;
      result[j * size_ + i] = mean;
    }
  }
  return result;
}

namespace {

// One rotation that makes element (p, q) zero.
void rotate(std::vector<double>& a, std::size_t n, std::size_t p, std::size_t q) {
  const double off = a[p * n + q];
  if (off == 0) return;
  const double theta = (a[q * n + q] - a[p * n + p]) / (2 * off);
  const double sign = theta < 0 ? -1 : 1;
  const double t = sign / (std::fabs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  const double s = t * c;
  for (std::size_t k = 0; k < n; ++k) {
    const double kp = a[k * n + p];
    const double kq = a[k * n + q];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double pk = a[p * n + k];
    const double qk = a[q * n + k];
    a[p * n + k] = c * pk - s * qk;
    a[q * n + k] = s * pk + c * qk;
  }
}

}  // namespace

double smallest_scaled_eigenvalue(std::span<const double> matrix, std::size_t size) {
  if (size == 0) return 1;
  std::vector<double> a(size * size);
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      a[i * size + j] =
          matrix[i * size + j] / std::sqrt(matrix[i * size + i] * matrix[j * size + j]);
    }
  }
  constexpr int most_sweeps = 30;
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double off = 0;
    for (std::size_t p = 0; p < size; ++p) {
      for (std::size_t q = p + 1; q < size; ++q) off += a[p * size + q] * a[p * size + q];
    }
    if (!(off > 1e-30)) break;
    for (std::size_t p = 0; p < size; ++p) {
      for (std::size_t q = p + 1; q < size; ++q) rotate(a, size, p, q);
    }
  }
  double smallest = a[0];
  for (std::size_t i = 1; i < size; ++i) smallest = std::min(smallest, a[i * size + i]);
  return smallest;
}

}  // namespace npcsim::detail

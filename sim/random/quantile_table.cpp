#include <npcsim/base/vectorise.hpp>
#include <npcsim/random/detail/gamma_log_quantile.hpp>
#include <npcsim/random/detail/quantile_cell.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

namespace npcsim {

namespace {

using detail::QuantileCells;

constexpr double quarter_width = 1.0 / QuantileCells::quarters_per_unit;

/// Largest estimated error of log w; the promise is 1e-11, so the estimate may be off by a lot.
constexpr double tolerance = 2e-13;

/// A quarter is never cut into more cells than this; shape 0.02 needs 64.
constexpr int finest = 4096;

/// g and its derivatives at one place.
struct Node {
  double z;
  detail::Taylor taylor;
};

Node node_at(double shape, double z) noexcept {
  return {z, detail::gamma_log_quantile_taylor(shape, z)};
}

/// Largest error of the two-point Hermite polynomial of degree 7 with four derivatives (the value
/// included) at each end, g''''''''(s) / 8! (h/2)^8 (Davis 1975, Interpolation and Approximation,
/// theorem 3.5.1), with the eighth derivative taken at both ends.
double hermite_error(const Node& left, const Node& right) noexcept {
  const double half = 0.5 * (right.z - left.z);
  const double h2 = half * half;
  const double h8 = h2 * h2 * h2 * h2;
  return std::max(std::fabs(left.taylor[8]), std::fabs(right.taylor[8])) * h8;
}

/// Coefficients in t = (z - left) / (right - left) of that polynomial.
std::array<double, 8> hermite(const Node& left, const Node& right) noexcept {
  const double h = right.z - left.z;
  std::array<double, 4> a{};
  std::array<double, 4> b{};
  double power = 1.0;
  for (std::size_t k = 0; k < 4; ++k) {
    a[k] = left.taylor[k] * power;
    b[k] = right.taylor[k] * power;
    power *= h;
  }
  // What the cubic Taylor polynomial of the left end misses at the right end, by derivative; the
  // four upper coefficients follow from a 4 x 4 system with integer inverse.
  const double d0 = b[0] - (a[0] + a[1] + a[2] + a[3]);
  const double d1 = b[1] - (a[1] + 2.0 * a[2] + 3.0 * a[3]);
  const double d2 = b[2] - (a[2] + 3.0 * a[3]);
  const double d3 = b[3] - a[3];
  return {a[0],
          a[1],
          a[2],
          a[3],
          35.0 * d0 - 15.0 * d1 + 5.0 * d2 - d3,
          -84.0 * d0 + 39.0 * d1 - 14.0 * d2 + 3.0 * d3,
          70.0 * d0 - 34.0 * d1 + 13.0 * d2 - 3.0 * d3,
          -20.0 * d0 + 10.0 * d1 - 4.0 * d2 + d3};
}

/// The nodes of one quarter cut into equal cells, ends included.
std::vector<Node> cut(double shape, const Node& left, const Node& right, int cells) {
  std::vector<Node> nodes{left};
  const double width = quarter_width / cells;
  for (int i = 1; i < cells; ++i) nodes.push_back(node_at(shape, left.z + i * width));
  nodes.push_back(right);
  return nodes;
}

bool fine_enough(const std::vector<Node>& nodes) noexcept {
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    if (!(hermite_error(nodes[i - 1], nodes[i]) <= tolerance)) return false;
  }
  return true;
}

}  // namespace

QuantileTable QuantileTable::gamma_of_shape(double shape) {
  if (!(shape >= smallest_shape) || !std::isfinite(shape)) {
    throw std::domain_error("gamma shape must be finite and at least 0.02");
  }
  QuantileTable table;
  std::vector<std::array<double, 8>> polynomials;
  Node left = node_at(shape, -QuantileCells::reach);
  for (int quarter = 0; quarter < QuantileCells::quarters; ++quarter) {
    const Node right = node_at(shape, left.z + quarter_width);
    int cells = 1;
    std::vector<Node> nodes = cut(shape, left, right, cells);
    while (cells < finest && !fine_enough(nodes)) {
      cells *= 2;
      nodes = cut(shape, left, right, cells);
    }
    table.cells_per_quarter_.push_back(cells);
    table.first_cell_.push_back(static_cast<std::int32_t>(polynomials.size()));
    for (std::size_t i = 1; i < nodes.size(); ++i) {
      polynomials.push_back(hermite(nodes[i - 1], nodes[i]));
    }
    left = right;
  }
  table.cells_ = polynomials.size();
  for (std::size_t power = 0; power < 8; ++power) {
    for (const std::array<double, 8>& c : polynomials) table.coefficients_.push_back(c[power]);
  }
  return table;
}

QuantileTable QuantileTable::gamma_of_variance(double variance) {
  if (!(variance >= 0.0) || !(variance <= 1.0 / smallest_shape)) {
    throw std::domain_error("variance of a gamma distribution with mean 1 must be from 0 to 50");
  }
  if (variance > 0.0 && std::isfinite(1.0 / variance)) return gamma_of_shape(1.0 / variance);
  QuantileTable constant;
  constant.cells_ = 1;
  constant.cells_per_quarter_.assign(QuantileCells::quarters, 1.0);
  constant.first_cell_.assign(QuantileCells::quarters, 0);
  constant.coefficients_.assign(8, 0.0);
  return constant;
}

NPCSIM_VECTOR_CLONES void QuantileTable::log_values(const double* z, std::size_t n,
                                                    double* out) const noexcept {
  detail::for_each_log_quantile(view(), z, n, [=](std::size_t i, double log_w) { out[i] = log_w; });
}

NPCSIM_VECTOR_CLONES void QuantileTable::values(const double* z, std::size_t n,
                                                double* out) const noexcept {
  detail::for_each_log_quantile(
      view(), z, n, [=](std::size_t i, double log_w) { out[i] = portable::exp(log_w); });
}

}  // namespace npcsim

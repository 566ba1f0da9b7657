// Linear terms and conditions for many patients at once.
#pragma once

#include <npcsim/model/condition.hpp>
#include <npcsim/model/program.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace npcsim {

/// Columns of attributes: column c of patient i is columns[c * stride + i], i < count.
struct AttributeBlock {
  const double* columns = nullptr;
  std::size_t stride = 0;
  std::size_t count = 0;

  const double* column(std::int32_t c) const {
    return columns + static_cast<std::size_t>(c) * stride;
  }
};

/// out[i] = linear.at(patient i), the terms added in the same order.
void fill_linear(const Linear& linear, const AttributeBlock& block, double* out) noexcept;

/// out[i] = 1 where the condition holds, else 0. \pre it looks at attributes only. `scratch` grows
/// as needed.
void fill_condition(const ConditionPool& pool, std::int32_t root, const AttributeBlock& block,
                    double* out, std::vector<double>& scratch);

/// out[i] = 1 where draws[i] < 1 / (1 + e^-x[i]), else 0.
void fill_logistic_flags(const double* draws, const double* x, std::size_t n, double* out) noexcept;

/// x[i] = e^x[i].
void exponentiate(double* x, std::size_t n) noexcept;

}  // namespace npcsim

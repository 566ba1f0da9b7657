#include <npcsim/base/parameters.hpp>

#include <cmath>

namespace npcsim {

std::optional<double> inner_value(const Parameter& parameter, double written) {
  if (!std::isfinite(written)) return std::nullopt;
  if (parameter.suffix.empty()) return written;
  // Read as text, so that it is the number that a document with this value has, to the last digit.
  const auto quantity = parse_quantity(shortest(written) + " " + parameter.suffix);
  if (!quantity || quantity->dimension != parameter.dimension) return std::nullopt;
  return quantity->value;
}

}  // namespace npcsim

// Integers that do not mix: a patient is not a block, a strategy is not a draw.
#pragma once

#include <compare>
#include <cstdint>

namespace npcsim {

/// An integer with a meaning. `Tag` only tells kinds apart.
template <class Tag, class Number = std::uint32_t>
class Identifier {
 public:
  constexpr Identifier() = default;
  constexpr explicit Identifier(Number number) : number_(number) {}
  constexpr Number number() const { return number_; }
  friend constexpr auto operator<=>(Identifier, Identifier) = default;

 private:
  Number number_ = 0;
};

using PatientId = Identifier<struct PatientTag>;
using BlockId = Identifier<struct BlockTag>;
using StrategyId = Identifier<struct StrategyTag>;
using DrawIndex = Identifier<struct DrawTag>;

/// The master seed of a study. There is no default: a study without a seed is an error.
using Seed = Identifier<struct SeedTag, std::uint64_t>;

}  // namespace npcsim

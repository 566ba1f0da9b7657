// Outcome blocks and lists of numbers as bytes, for the log and the snapshot of a run.
#pragma once

#include <npcsim/engine/outcome.hpp>

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim::detail {

/// Appends a list: its length in 64 bits, then its elements as they lie in memory.
template <class T>
void put(std::string& out, const std::vector<T>& values) {
  const std::uint64_t size = values.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

/// Takes a list off the front; false if it is not all there.
template <class T>
bool take(std::string_view& in, std::vector<T>& values) {
  std::uint64_t size = 0;
  if (in.size() < sizeof size) return false;
  std::memcpy(&size, in.data(), sizeof size);
  in.remove_prefix(sizeof size);
  if (in.size() / sizeof(T) < size) return false;
  values.resize(size);
  if (size > 0) std::memcpy(values.data(), in.data(), size * sizeof(T));
  in.remove_prefix(size * sizeof(T));
  return true;
}

/// A finished block and how many candidates were drawn for it.
std::string encode(const OutcomeBlock& block, std::uint64_t candidates);
/// False if the bytes are no block.
bool decode(std::string_view bytes, OutcomeBlock& block, std::uint64_t& candidates);

}  // namespace npcsim::detail

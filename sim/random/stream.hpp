// Names of random streams: a draw is asked for by what it means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace npcsim {

/// Name of a stream of draws, kept as a 32-bit hash of its text.
///
/// The hash is part of the key of every draw, so it never changes: FNV-1a, 32 bits, over the bytes
/// of the name (Fowler, Noll & Vo; offset basis 2166136261, prime 16777619). Two names in one study
/// must not share a hash; the compiler of studies checks that. A name says what is drawn, for
/// instance "frailty" or "ablation complete", and never contains a strategy or a step, so that
/// strategies share draws.
class StreamName {
 public:
  /// Name written as text; case and blanks count.
  constexpr explicit StreamName(std::string_view name) noexcept : hash_(fnv1a(name)) {}

  /// Stream of a hash taken earlier from hash(), for instance one stored in a compiled program.
  [[nodiscard]] static constexpr StreamName from_hash(std::uint32_t hash) noexcept {
    return StreamName(hash);
  }

  /// The 32 bits that enter the counter.
  [[nodiscard]] constexpr std::uint32_t hash() const noexcept { return hash_; }

  friend constexpr bool operator==(StreamName, StreamName) noexcept = default;

 private:
  constexpr explicit StreamName(std::uint32_t hash) noexcept : hash_(hash) {}

  static constexpr std::uint32_t fnv1a(std::string_view name) noexcept {
    std::uint32_t hash = 2166136261U;
    for (const char letter : name) {
      hash = (hash ^ static_cast<unsigned char>(letter)) * 16777619U;
    }
    return hash;
  }

  std::uint32_t hash_;
};

inline namespace literals {

/// "frailty"_stream is the stream of that name, hashed while compiling.
consteval StreamName operator""_stream(const char* text, std::size_t length) noexcept {
  return StreamName(std::string_view(text, length));
}

}  // namespace literals

}  // namespace npcsim

// 64-bit digests that tell two contents apart by accident, not by malice.
//
// The algorithm is XXH64 (Y. Collet, "xxHash fast digest algorithm", specification 0.1.1), seed 0:
// the same value on every machine, and `xxhsum -H64` prints it too.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace npcsim {

/// Digest of a stream of bytes. How the stream was cut into pieces does not matter.
class Digest {
 public:
  void add(std::string_view bytes);
  /// A number as eight bytes, lowest first.
  void add(std::uint64_t number);
  /// A text with its length in front, so that "a", "bc" and "ab", "c" differ.
  void add_text(std::string_view text);
  /// Digest of all that was added so far.
  std::uint64_t value() const;

 private:
  void mix(const unsigned char* stripe);

  std::array<std::uint64_t, 4> lanes_{0x60EA27EEADC0B5D6, 0xC2B2AE3D27D4EB4F, 0,
                                      0x61C8864E7A143579};
  std::array<unsigned char, 32> rest_{};
  std::size_t rest_size_ = 0;
  std::uint64_t total_ = 0;
};

std::uint64_t digest_of(std::string_view bytes);

/// Sixteen hexadecimal digits.
std::string digest_text(std::uint64_t digest);

/// Digest of the decoded content of an HDF5 file: for all datasets outside of the groups
/// /provenance and /risk_classes, in the order of their paths, the path, the type, the number of
/// rows and the values.
/// Compression, chunks and attributes do not count. Throws FileError (cannot_read).
std::uint64_t hdf5_digest(const std::string& path);

}  // namespace npcsim

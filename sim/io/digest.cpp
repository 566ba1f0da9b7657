#include <npcsim/io/digest.hpp>

#include <algorithm>
#include <cstring>

namespace npcsim {
namespace {

constexpr std::uint64_t prime_1 = 0x9E3779B185EBCA87;
constexpr std::uint64_t prime_2 = 0xC2B2AE3D27D4EB4F;
constexpr std::uint64_t prime_3 = 0x165667B19E3779F9;
constexpr std::uint64_t prime_4 = 0x85EBCA77C2B2AE63;
constexpr std::uint64_t prime_5 = 0x27D4EB2F165667C5;

std::uint64_t rotated(std::uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

// Lowest byte first on every machine; compilers turn the loop into one load.
template <int bytes>
std::uint64_t little_endian(const unsigned char* at) {
  std::uint64_t out = 0;
  for (int i = 0; i < bytes; ++i) out |= static_cast<std::uint64_t>(at[i]) << (8 * i);
  return out;
}

std::uint64_t round(std::uint64_t lane, std::uint64_t word) {
  return rotated(lane + word * prime_2, 31) * prime_1;
}

}  // namespace

void Digest::mix(const unsigned char* stripe) {
  for (std::size_t i = 0; i < 4; ++i) {
    lanes_[i] = round(lanes_[i], little_endian<8>(stripe + 8 * i));
  }
}

void Digest::add(std::string_view bytes) {
  total_ += bytes.size();
  if (rest_size_ > 0) {
    const std::size_t taken = std::min(bytes.size(), rest_.size() - rest_size_);
    std::memcpy(rest_.data() + rest_size_, bytes.data(), taken);
    rest_size_ += taken;
    bytes.remove_prefix(taken);
    if (rest_size_ < rest_.size()) return;
    mix(rest_.data());
    rest_size_ = 0;
  }
  while (bytes.size() >= rest_.size()) {
    std::array<unsigned char, 32> stripe;
    std::memcpy(stripe.data(), bytes.data(), stripe.size());
    mix(stripe.data());
    bytes.remove_prefix(stripe.size());
  }
  if (!bytes.empty()) std::memcpy(rest_.data(), bytes.data(), bytes.size());
  rest_size_ = bytes.size();
}

void Digest::add(std::uint64_t number) {
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(static_cast<unsigned char>(number >> (8 * i)));
  }
  add(std::string_view(bytes.data(), bytes.size()));
}

void Digest::add_text(std::string_view text) {
  add(static_cast<std::uint64_t>(text.size()));
  add(text);
}

std::uint64_t Digest::value() const {
  std::uint64_t h = prime_5;
  if (total_ >= 32) {
    h = rotated(lanes_[0], 1) + rotated(lanes_[1], 7) + rotated(lanes_[2], 12) +
        rotated(lanes_[3], 18);
    for (const std::uint64_t lane : lanes_) h = (h ^ round(0, lane)) * prime_1 + prime_4;
  }
  h += total_;
  std::size_t at = 0;
  for (; at + 8 <= rest_size_; at += 8) {
    h = rotated(h ^ round(0, little_endian<8>(rest_.data() + at)), 27) * prime_1 + prime_4;
  }
  if (at + 4 <= rest_size_) {
    h = rotated(h ^ (little_endian<4>(rest_.data() + at) * prime_1), 23) * prime_2 + prime_3;
    at += 4;
  }
  for (; at < rest_size_; ++at) h = rotated(h ^ (rest_[at] * prime_5), 11) * prime_1;
  h = (h ^ (h >> 33)) * prime_2;
  h = (h ^ (h >> 29)) * prime_3;
  return h ^ (h >> 32);
}

std::uint64_t digest_of(std::string_view bytes) {
  Digest digest;
  digest.add(bytes);
  return digest.value();
}

std::string digest_text(std::uint64_t digest) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; digest >>= 4) out[i] = digits[digest & 15];
  return out;
}

}  // namespace npcsim

#include <npcsim/random/philox.hpp>

#include <fstream>
#include <sstream>
#include <string>

#include <Random123/philox.h>
#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim {
namespace {

TEST(Philox, GivesThePublishedKnownAnswers) {
  std::ifstream file(NPCSIM_SOURCE_DIR "/tests/random/philox4x32_10_vectors.txt");
  ASSERT_TRUE(file);
  std::string line;
  int vectors = 0;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    PhiloxBlock counter{};
    PhiloxKey key{};
    PhiloxBlock answer{};
    for (auto& word : counter) words >> std::hex >> word;
    for (auto& word : key) words >> std::hex >> word;
    for (auto& word : answer) words >> std::hex >> word;
    ASSERT_TRUE(words) << line;
    EXPECT_EQ(philox4x32_10(counter, key), answer) << line;
    ++vectors;
  }
  EXPECT_EQ(vectors, 10);
}

TEST(Philox, IsAConstantExpression) {
  static_assert(philox4x32_10({0, 0, 0, 0}, {0, 0}) ==
                PhiloxBlock{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST(Philox, EqualsTheRandom123LibraryOnAMillionCounters) {
  // Inputs come from Random123 itself under another key, so that all bits vary.
  const r123::Philox4x32_R<10> library;
  for (std::uint32_t i = 0; i < 1'000'000; ++i) {
    const auto c = library({{i, 1, 2, 3}}, {{4, 5}});
    const auto k = library({{i, 6, 7, 8}}, {{9, 10}});
    const auto expected = library(c, {{k[0], k[1]}});
    const PhiloxBlock found = philox4x32_10({c[0], c[1], c[2], c[3]}, {k[0], k[1]});
    for (std::size_t word = 0; word < 4; ++word) ASSERT_EQ(found[word], expected[word]) << i;
  }
}

}  // namespace
}  // namespace npcsim

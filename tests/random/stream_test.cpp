#include <npcsim/random/stream.hpp>

#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(StreamName, HashIsFnv1aOfTheText) {
  // Published test vectors of the 32-bit FNV-1a hash (Fowler, Noll & Vo, test_fnv.c).
  EXPECT_EQ(StreamName("").hash(), 0x811c9dc5U);
  EXPECT_EQ(StreamName("a").hash(), 0xe40c292cU);
  EXPECT_EQ(StreamName("b").hash(), 0xe70c2de5U);
  EXPECT_EQ(StreamName("foobar").hash(), 0xbf9cf968U);
}

TEST(StreamName, HashesOfModelStreamsNeverChange) {
  // Every result ever published depends on these; computed with an independent Python FNV-1a.
  EXPECT_EQ("frailty"_stream.hash(), 0xb17865beU);
  EXPECT_EQ("distant progression"_stream.hash(), 0xeb205a69U);
  EXPECT_EQ("ablation complete"_stream.hash(), 0x5cf6aae6U);
}

TEST(StreamName, LiteralAndRunTimeTextAgree) {
  static_assert("site pattern"_stream == StreamName("site pattern"));
  const std::string written = std::string("site ") + "pattern";
  EXPECT_EQ(StreamName(written), "site pattern"_stream);
}

TEST(StreamName, LettersBeyondAsciiHashAsBytes) {
  // UTF-8 of e with acute accent, bytes C3 A9; a signed char must not leak into the hash.
  EXPECT_EQ(StreamName("\xc3\xa9").hash(), 0x1e9de8c1U);
}

TEST(StreamName, SurvivesStorageAsANumber) {
  EXPECT_EQ(StreamName::from_hash("frailty"_stream.hash()), "frailty"_stream);
}

TEST(StreamName, CaseAndBlanksCount) {
  EXPECT_NE("Frailty"_stream, "frailty"_stream);
  EXPECT_NE("frailty "_stream, "frailty"_stream);
}

}  // namespace
}  // namespace npcsim

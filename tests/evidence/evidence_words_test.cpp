#include <npcsim/evidence/evidence_words.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(EvidenceWords, EachWordOfTheListIsRecognisedAndWrittenBack) {
  std::string_view rest = statistic_choices();
  int count = 0;
  while (!rest.empty()) {
    const auto bar = rest.find('|');
    const std::string_view text = rest.substr(0, bar);
    const auto statistic = statistic_of(text);
    ASSERT_TRUE(statistic.has_value()) << text;
    EXPECT_EQ(static_cast<int>(*statistic), count);
    EXPECT_EQ(word(*statistic), text);
    ++count;
    rest = bar == std::string_view::npos ? std::string_view() : rest.substr(bar + 1);
  }
  EXPECT_EQ(count, 13);
}

TEST(EvidenceWords, EnumeratorsAndWordsAreInTheSameOrder) {
  EXPECT_EQ(word(Statistic::auc), "auc");
  EXPECT_EQ(word(Statistic::hazard_ratio), "hazard_ratio");
  EXPECT_EQ(word(EvidenceKind::randomised), "randomised");
  EXPECT_EQ(word(EvidenceKind::review), "review");
  EXPECT_EQ(word(Reading::exact), "exact");
  EXPECT_EQ(word(Reading::not_reached), "not_reached");
}

TEST(EvidenceWords, OtherWordsAreNotRecognised) {
  EXPECT_FALSE(statistic_of("mean").has_value());
  EXPECT_FALSE(statistic_of("").has_value());
  EXPECT_FALSE(statistic_of("median|share").has_value());
  EXPECT_FALSE(evidence_kind_of("anecdote").has_value());
  EXPECT_FALSE(reading_of("roughly").has_value());
}

}  // namespace
}  // namespace npcsim

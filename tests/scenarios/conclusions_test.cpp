#include <npcsim/scenarios/conclusions.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

SummaryRow row(double low, double high) {
  SummaryRow out;
  out.value = (low + high) / 2;
  out.lo95 = low;
  out.hi95 = high;
  return out;
}

const Headline ratio{"OS", "hazard_ratio", {}, true, 1, "HR OS"};
const Headline difference{"OS", "difference_rmst", 60.0, false, 1, "RMST"};

TEST(Conclusions, SmallRatiosAndLargeDifferencesSpeakForTheStrategy) {
  const SummaryRow small = row(0.5, 0.9);
  const SummaryRow large = row(1.1, 1.5);
  const SummaryRow open = row(0.9, 1.1);
  EXPECT_EQ(favours(&small, ratio), Favours::strategy);
  EXPECT_EQ(favours(&large, ratio), Favours::reference);
  EXPECT_EQ(favours(&open, ratio), Favours::neither);
  EXPECT_EQ(favours(&large, difference), Favours::strategy);
  const SummaryRow loss = row(-2, -1);
  EXPECT_EQ(favours(&loss, difference), Favours::reference);
  EXPECT_EQ(favours(nullptr, ratio), Favours::neither);
  const SummaryRow touching = row(1, 1);
  EXPECT_EQ(favours(&touching, ratio), Favours::neither);
}

TEST(Conclusions, ChangeOfSideLossAndGainAreToldApart) {
  EXPECT_EQ(changed(Favours::strategy, Favours::strategy), Changed::no);
  EXPECT_EQ(changed(Favours::neither, Favours::neither), Changed::no);
  EXPECT_EQ(changed(Favours::strategy, Favours::reference), Changed::reversed);
  EXPECT_EQ(changed(Favours::reference, Favours::strategy), Changed::reversed);
  EXPECT_EQ(changed(Favours::strategy, Favours::neither), Changed::lost);
  EXPECT_EQ(changed(Favours::neither, Favours::reference), Changed::gained);
}

TEST(Conclusions, HeadlinesAreThoseOfTheFirstEndpointAndOfSurvival) {
  OutcomeShape shape;
  shape.strategies = {"a", "b", "c"};
  shape.reference = 1;
  shape.endpoints = {{"PFS", "", {}}, {"OS", "", {}}, {"PFS2", "", {}}};
  shape.landmark_ticks = {12 * 974, 30 * 974, 60 * 974};
  shape.horizon_ticks = 90 * 974;
  const auto shown = headlines(shape);
  ASSERT_EQ(shown.size(), 4U);
  EXPECT_EQ(shown[0].title, "HR PFS");
  EXPECT_EQ(shown[1].title, "HR OS");
  EXPECT_EQ(shown[2].title, "OS at 30 mo, difference, %");
  EXPECT_EQ(shown[3].title, "RMST OS to 90 mo, difference");
  EXPECT_EQ(contrasted_strategies(shape), (std::vector<std::size_t>{0, 2}));
}

}  // namespace
}  // namespace npcsim::testing

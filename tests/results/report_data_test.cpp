// What the page of a small run says, apart from its pictures.
#include "small_study.hpp"
#include <npcsim/report/html_text.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

bool holds(const std::string& page, const std::string& words) {
  return page.find(words) != std::string::npos;
}

std::string data_with_horizon(const std::string& horizon, const std::string& landmarks) {
  return page_data_of(small_text("horizon: 36 months\nlandmarks: [12, 24]",
                                 "horizon: " + horizon + "\nlandmarks: " + landmarks));
}

TEST(ReportData, NumbersAtRiskStandAtWholeStepsOnTheGridOfTheCurves) {
  EXPECT_TRUE(
      holds(data_with_horizon("9 months", "[6]"), R"("at_risk":{"months":[0,1,2,3,4,5,6,7,8,9],)"));
  EXPECT_TRUE(
      holds(data_with_horizon("1 months", "[0.5]"), R"("at_risk":{"months":[0,0.25,0.5,0.75,1],)"));
  EXPECT_TRUE(holds(data_with_horizon("24 months", "[12]"),
                    R"("at_risk":{"months":[0,3,6,9,12,15,18,21,24],)"));
  EXPECT_TRUE(holds(data_with_horizon("360 months", "[12]"),
                    R"("at_risk":{"months":[0,60,120,180,240,300,360],)"));
}

TEST(ReportData, StatesOverTimeOfAMonthHaveMoreThanTwoPoints) {
  const std::string data = data_with_horizon("1 months", "[0.5]");
  EXPECT_TRUE(holds(data, R"("occupancy":[{"strategy":"control","months":[0,0.03125,0.0625,)"));
}

TEST(ReportData, ListsNumbersWithoutASource) {
  const std::string page =
      page_of(small_text("hazard: {exponential: 0.03 per month, source: assumed}",
                         "hazard: {exponential: 0.03 per month}"));
  for (const char* const words : {"processes > worsening > log_hr", "frail: 0.5, age: 0.01",
                                  "processes > death > hazard", "exponential: 0.03 per month"}) {
    EXPECT_TRUE(holds(page, words) || holds(page, html_text(words))) << words;
  }
  // Orders of processes and cuts of conditions are definitions.
  EXPECT_FALSE(holds(page, "> rank"));
}

TEST(ReportData, SaysHowManyStrategiesHaveKeyFigures) {
  std::string more;
  for (const char name : {'a', 'b', 'c'})
    more += std::string("  - {strategy: ") + name + ", model: small, steps: [{give: drug}]}\n";
  const std::string words = "Of the first 4 of 5 strategies; all are under Results in numbers.";
  const std::string page = page_of(small_text("reference: control", more + "reference: control"));
  EXPECT_TRUE(holds(page, words));
  EXPECT_FALSE(holds(page_of(small_text(300)), "Of the first 4"));
}

TEST(ReportData, OneMonthIsOneMonth) {
  const std::string data = data_with_horizon("1 months", "[0.5]");
  EXPECT_TRUE(holds(data, "not reached within 1 month\""));
  EXPECT_FALSE(holds(data, "1 months"));
}

TEST(ReportData, SpeaksOfTheStudyThatItHas) {
  const std::string two = page_data_of(small_text(300));
  EXPECT_TRUE(holds(two, "patients, each under both strategies"));
  EXPECT_TRUE(holds(two, "Areas are true states."));
  const std::string three = page_data_of(
      small_text("reference: control", "  - {strategy: a, model: small}\nreference: control"));
  EXPECT_TRUE(holds(three, "patients, each under two of the 3 strategies"));
  EXPECT_FALSE(holds(three, "each under both"));
  const std::string stopped =
      page_data_of(small_text("rash: {title: Rash,", "rash: {title: Bad_rash,"));
  EXPECT_TRUE(holds(stopped, R"("label":"Bad rash")"));
}

}  // namespace

}  // namespace npcsim::testing

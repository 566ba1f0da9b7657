// What a writer of emulations is told.
#include "small_study.hpp"

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;

const char* const median =
    "  made_median: {study: made, arm: treatd, endpoint: OS, statistic: median, value: 20, unit: "
    "months, n: 100, n_basis: printed, kind: retrospective, population: all_patients, place: "
    "Table 1}\n";

TEST(EmulationMessages, AllMistakesAtOnceWithTheirPlaces) {
  const auto made = make_small_study(
      {.chosen = "chosen: [{arm: treeted, logit: {intercept: 0, terms: {hihg: 1}}}]\n",
       .more = "enters: {weight: {min: 50}}\ngroups: {young: {when: {high: tall}}}\n"
               "targets: {made_mean: {none: not printed}}\n",
       .figures = median});
  const std::string& text = made->problems;
  EXPECT_NE(text.find("the study has no arm 'treeted'"), std::string::npos) << text;
  EXPECT_NE(text.find("did you mean 'treated'?"), std::string::npos) << text;
  EXPECT_NE(text.find("'hihg' is neither an attribute nor a measure"), std::string::npos) << text;
  EXPECT_NE(text.find("'weight' is neither an attribute nor a measure"), std::string::npos) << text;
  EXPECT_NE(text.find("'high' has no level 'tall'"), std::string::npos) << text;
  EXPECT_NE(text.find("the study 'made' has no figure 'made_mean'"), std::string::npos) << text;
  EXPECT_NE(text.find("is about 'treatd', which is neither an arm nor a group"), std::string::npos)
      << text;
  EXPECT_NE(text.find("made.yaml:"), std::string::npos) << text;
}

TEST(EmulationMessages, AFigureThatIsLeftOpen) {
  const auto made = make_small_study(
      {.figures = "  made_share: {study: made, arm: treated, endpoint: toxicity, statistic: "
                  "toxicity_rate, value: 0.2, unit: fraction, n: 100, n_basis: printed, kind: "
                  "retrospective, population: all_patients, place: Table 1}\n"});
  EXPECT_NE(made->problems.find("say who is counted, or why the model cannot"), std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, ACauseThatTheEndpointDoesNotHave) {
  const auto made = make_small_study(
      {.more = "targets: {made_share: {event: OS, cause: deaht}}\n",
       .figures = "  made_share: {study: made, arm: treated, endpoint: mortality, statistic: "
                  "crude_rate, value: 0.2, unit: fraction, n: 100, n_basis: printed, kind: "
                  "retrospective, population: all_patients, place: Table 1}\n"});
  EXPECT_NE(made->problems.find("'deaht' is no cause of the endpoint 'OS'"), std::string::npos)
      << made->problems;
  EXPECT_NE(made->problems.find("did you mean 'death'?"), std::string::npos) << made->problems;
}

TEST(EmulationMessages, AnOriginThatNobodyKnows) {
  const auto made = make_small_study({.more = "origin: surgery\n"});
  EXPECT_NE(made->problems.find("unknown origin 'surgery'"), std::string::npos) << made->problems;
}

}  // namespace
}  // namespace npcsim

// The clock of a study: endpoints with an origin of their own, and treatment before the origin.
#include "small_study.hpp"
#include "support/statistical.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;
using testing::SmallStudy;
using testing::z_limit;
using testing::z_score;

std::string survival_of_never(const std::string& more) {
  return "  made_os: {study: made, arm: never, endpoint: OS, " + more +
         ", value: 0.3, unit: fraction, n: 60, n_basis: printed, kind: retrospective, confounded: "
         "true, population: all_patients, place: Table 1}\n";
}
const std::string at_year = "statistic: landmark_survival, at_months: 12";

SmallStudy from_first_dose() {
  return {.log_hr = -0.5,
          .times = "horizon: 60 months\nfollow_up: {least: 20 months, most: 40 months}\n",
          .model = "first_dose: 91 d\n",
          .figures = survival_of_never(at_year)};
}

// Whether the model or the study counts from the first dose, the figures are the same.
TEST(StudyClock, AnEndpointFromTheFirstDoseIsNotShiftedTwice) {
  SmallStudy study = from_first_dose();
  study.more = "origin: first_dose\n";
  const auto by_study = make_small_study(study);
  ASSERT_EQ(by_study->problems, "");
  study.os = ", since: first_dose";
  const auto by_both = make_small_study(study);
  ASSERT_EQ(by_both->problems, "");
  const auto figures = [](const testing::MadeSet& made) {
    const auto twins = made.set->simulate({}, {}, 0);
    auto out = made.set->expected(twins, twins, {});
    const auto sampled = made.set->sampled(twins, {}, 20, 0);
    out.insert(out.end(), sampled.begin(), sampled.end());
    return out;
  };
  EXPECT_EQ(figures(*by_both), figures(*by_study));
}

TEST(StudyClock, AnEndpointOfAnotherOriginIsRefused) {
  SmallStudy study = from_first_dose();
  study.os = ", since: first_dose";
  for (const char* const origin : {"diagnosis", "6 months"}) {
    study.more = std::string("origin: ") + origin + "\n";
    const auto made = make_small_study(study);
    EXPECT_NE(made->problems.find("who is in the study at its origin, " + std::string(origin) +
                                  ", is told by 'OS', which the model counts since 'first_dose'"),
              std::string::npos)
        << made->problems;
    EXPECT_NE(made->problems.find(
                  "the figure 'made_os' is of 'OS', which the model counts since 'first_dose': the "
                  "study counts from its own origin, " +
                  std::string(origin) + "\n"),
              std::string::npos)
        << made->problems;
    EXPECT_NE(made->problems.find("hint: origin: first_dose, or an endpoint without 'since'"),
              std::string::npos)
        << made->problems;
  }
  study.os = ", since: drug";
  study.more = "origin: first_dose\n";
  const auto made = make_small_study(study);
  EXPECT_NE(made->problems.find("which the model counts since 'drug'"), std::string::npos)
      << made->problems;
  EXPECT_NE(made->problems.find("hint: an endpoint without 'since'"), std::string::npos)
      << made->problems;
}

// The drug is given at 6 months. Its effect in the treated is exp(-0.7) whether or not the study
// counts from later, or has lost those who died soon: their untreated twins died sooner.
TEST(StudyClock, TheTruthDoesNotDependOnWhomTheStudyLost) {
  const std::string ratio =
      "  made_hr: {study: made, contrast: {of: treated, against: never}, endpoint: OS, statistic: "
      "hazard_ratio, value: 0.5, unit: ratio, n: 200, n_basis: printed, kind: retrospective, "
      "confounded: true, population: all_patients, place: Table 1}\n";
  const auto truth = [&](const std::string& more, const char* follow_up = "580 months") {
    const auto made =
        make_small_study({.log_hr = -0.7,
                          .times = std::string("horizon: 600 months\nfollow_up: ") +
                                   "{least: " + follow_up + ", most: " + follow_up + "}\n",
                          .more = more,
                          .figures = ratio});
    EXPECT_EQ(made->problems, "");
    const auto twins = made->set->simulate({}, {}, 0);
    return made->set->studies().front().analyses(twins.front(), {}).front().truth;
  };
  struct Lost {
    const char* more;
    const char* since_diagnosis;  // the same follow-up
  };
  for (const Lost& lost :
       {Lost{"origin: 12 months\n", "592 months"}, Lost{"lived: 12 months\n", "580 months"},
        Lost{"origin: 3 months\nlived: 20 months\n", "583 months"}}) {
    const LogRatio one = truth(lost.more);
    // z_limit standard errors of 20,000 patients; those who live are an eighth of a ratio away.
    EXPECT_LT(std::fabs(z_score(one.value, -0.7, one.se)), z_limit) << lost.more;
    const LogRatio all = truth("", lost.since_diagnosis);
    EXPECT_EQ(one.value, all.value) << lost.more;
    EXPECT_EQ(one.se, all.se) << lost.more;
  }
  // A month of follow-up after the first year is thirteen since diagnosis.
  const LogRatio soon = truth("origin: 12 months\n", "1 months");
  const LogRatio since_diagnosis = truth("", "13 months");
  EXPECT_EQ(soon.value, since_diagnosis.value);
  EXPECT_EQ(soon.se, since_diagnosis.se);
}

// Without 'received' an arm has its treatment from the first dose on, also where the clock of the
// figures starts later.
TEST(StudyClock, AnArmIsTreatedBeforeALandmark) {
  const std::string figures = survival_of_never(at_year);
  std::string ratio = figures;
  ratio.replace(ratio.find("arm: never"), 10, "contrast: {of: treated, against: never}");
  ratio.replace(ratio.find(at_year), at_year.size(), "statistic: hazard_ratio");
  ratio.replace(ratio.find("fraction"), 8, "ratio");
  const auto made = make_small_study(
      {.log_hr = -0.7,
       .received = "[]",
       .times = "horizon: 600 months\nfollow_up: {least: 580 months, most: 585 months}\n",
       .more = "origin: 12 months\n",
       .figures = ratio});
  ASSERT_EQ(made->problems, "");
  const auto twins = made->set->simulate({}, {}, 0);
  const auto all = made->set->studies().front().analyses(twins.front(), {}).front();
  // Six months without an effect for both, of a mean of 25: the ratio is between.
  EXPECT_LT(all.truth.value, -0.4);
  EXPECT_GT(all.truth.value, -0.7);
}

}  // namespace
}  // namespace npcsim

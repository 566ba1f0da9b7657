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

// An unknown strategy leaves no patients to ask, but the study's own names can be checked.
TEST(EmulationMessages, NamesOfTheStudyAreCheckedBesideAWrongStrategy) {
  const auto made = make_small_study(
      {.chosen = "chosen: [{arm: treeted, logit: {intercept: 0}}]\n",
       .times = "horizon: 600 months\nfollow_up: {least: 599 months, most: 600 months}\n"
                "publication: maid\npopulation: {parameters: {nothing: 1}}\n",
       .more = "groups: {some: {arms: [nevr]}}\n",
       .figures = median});
  const std::string& text = made->problems;
  for (const char* const words : {"the evidence has no study 'maid'", "did you mean 'made'?",
                                  "has no arm 'treeted'", "has no arm 'nevr'", "'nothing'"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
}

TEST(EmulationMessages, CalendarTimeOfDiagnosisIsTheStudys) {
  const std::string of_all =
      std::string(median).replace(std::string(median).find("treatd"), 6, "treated");
  const auto made = make_small_study({.more = "diagnosed_on: 2012.5\n", .figures = of_all});
  ASSERT_EQ(made->problems, "");
  const CompiledStudy& base = made->set->pool(0).base();
  EXPECT_EQ(base.study.diagnosed_on, 2012.5);
  EXPECT_EQ(base.program->find_column("diagnosed_on"), 0);
  const auto wrong = make_small_study({.more = "diagnosed_on: 12.5\n", .figures = of_all});
  EXPECT_NE(wrong->problems.find("'diagnosed_on' must be from 1900 to 2200, found 12.5"),
            std::string::npos)
      << wrong->problems;
  EXPECT_NE(wrong->problems.find("\n1 error\n"), std::string::npos) << wrong->problems;
}

TEST(EmulationMessages, StudiesOfOtherYearsShareNoPatients) {
  const auto made = make_small_study({.more = "diagnosed_on: 2012.5\n"});
  const auto write = [&](const std::string& name, const std::string& year) {
    const std::string text = testing::read_text(made->folder / "configs/emulations/made.yaml");
    const std::string rest = text.substr(text.find('\n'));
    return made->folder
        .write("configs/emulations/" + name + ".yaml",
               "study: " + name + "\npublication: made" +
                   rest.substr(0, rest.find("diagnosed_on")) + year)
        .string();
  };
  Diagnostics diagnostics;
  const EmulationSet set(
      Library{{made->folder.path().string()}},
      {write("one", "diagnosed_on: 2012.5\n"), write("two", "diagnosed_on: 2014.5\n"),
       write("three", ""), write("four", "diagnosed_on: 2012.5\n")},
      made->evidence, EmulationOptions{1, 100, {}}, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.text("");
  EXPECT_EQ(set.pools(), 3U);
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

TEST(EmulationMessages, GroupsThatSayTooLittle) {
  const auto made = make_small_study({.received = "[drug, drog]",
                                      .more = "groups:\n"
                                              "  any: {score: [{when: {high: true}, points: 2}]}\n"
                                              "  none: {above: 2}\n"});
  EXPECT_NE(made->problems.find("a score and its limits go together"), std::string::npos)
      << made->problems;
  EXPECT_NE(made->problems.find("the model has no agent 'drog'"), std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, AShareInAGroupThatIsNotOfAllArms) {
  const auto made = make_small_study(
      {.more = "groups: {some: {arms: treated, when: {high: true}}}\n"
               "targets: {made_in: {in: some}}\n",
       .figures = "  made_in: {study: made, arm: treated, endpoint: prevalence, statistic: share, "
                  "value: 0.2, unit: fraction, n: 100, n_basis: printed, kind: "
                  "cohort_description, population: all_patients, place: Table 1}\n"});
  EXPECT_NE(made->problems.find("'some' is no group of all arms"), std::string::npos)
      << made->problems;
}

std::string survival_at(int months) {
  return "  made_os: {study: made, arm: never, endpoint: OS, statistic: landmark_survival, "
         "at_months: " +
         std::to_string(months) +
         ", value: 0.3, unit: fraction, n: 60, n_basis: printed, kind: retrospective, population: "
         "all_patients, place: Table 1}\n";
}

// At 60 months nobody is left to be counted: the horizon or the follow-up has ended before.
TEST(EmulationMessages, ALandmarkBeyondWhatIsSeen) {
  struct Case {
    const char* times;
    const char* most;
  };
  for (const Case& one :
       {Case{"horizon: 20 months\nfollow_up: {least: 12 months, most: 80 months}\n", "20 months"},
        Case{"follow_up: {least: 12 months, most: 36 months}\n", "36 months"},
        Case{"follow_up: {least: 12 months, most: 60 months}\n", "60 months"}}) {
    const auto made = make_small_study({.times = one.times, .figures = survival_at(60)});
    EXPECT_NE(made->problems.find("the figure 'made_os' is of 60 months, but nobody is followed "
                                  "beyond " +
                                  std::string(one.most) + " after the origin"),
              std::string::npos)
        << made->problems;
  }
  EXPECT_EQ(make_small_study({.times = "follow_up: {least: 60 months, most: 60 months}\n",
                              .figures = survival_at(60)})
                ->problems,
            "");
  EXPECT_EQ(make_small_study({.times = "follow_up: {least: 12 months, most: 36 months}\n",
                              .more = "targets: {made_os: {none: beyond the follow-up}}\n",
                              .figures = survival_at(60)})
                ->problems,
            "");
}

TEST(EmulationMessages, ATimeBesideThatOfTheRecord) {
  const auto made = make_small_study(
      {.more = "targets: {made_os: {at: 6 months}}\n", .figures = survival_at(24)});
  EXPECT_NE(made->problems.find("made.yaml:11:25: error: the figure 'made_os' has a time of its "
                                "own, 24 months"),
            std::string::npos)
      << made->problems;
}

// The clock starts at 30 months, so that a horizon of 80 shows 50.
TEST(EmulationMessages, ALandmarkBeyondTheHorizonFromALaterOrigin) {
  const auto made = make_small_study(
      {.times = "horizon: 80 months\nfollow_up: {least: 12 months, most: 72 months}\n",
       .more = "origin: 30 months\n",
       .figures = survival_at(60)});
  EXPECT_NE(made->problems.find("nobody is followed beyond 50 months after the origin"),
            std::string::npos)
      << made->problems;
}

const char* const confounded_ratio =
    "  made_hr: {study: made, contrast: {of: treated, against: never}, endpoint: OS, statistic: "
    "hazard_ratio, value: 0.5, unit: ratio, n: 200, n_basis: printed, kind: retrospective, "
    "confounded: true, population: all_patients, place: Table 1}\n";

TEST(EmulationMessages, AConfoundedRatioOfArmsThatNobodyChose) {
  const auto made = make_small_study({.chosen = "", .figures = confounded_ratio});
  EXPECT_NE(made->problems.find("evidence.yaml:8:3: error: the figure 'made_hr' is confounded, for "
                                "treatment was chosen, but the emulation 'made' randomises"),
            std::string::npos)
      << made->problems;
  // Classes of patients within an arm are not treatments.
  const auto classes =
      make_small_study({.chosen = "",
                        .more = "groups: {high: {when: {high: true}}, low: {when: {high: false}}}\n"
                                "targets: {made_hr: {of: high, against: low}}\n",
                        .figures = confounded_ratio});
  EXPECT_EQ(classes->problems, "");
  EXPECT_EQ(make_small_study({.figures = confounded_ratio})->problems, "");
}

TEST(EmulationMessages, ARandomisedStudyWhoseArmsWereChosen) {
  const auto made = make_small_study({.design = "randomised", .figures = survival_at(12)});
  EXPECT_NE(made->problems.find("made.yaml:10:16: error: nobody chose an arm in 'made': the "
                                "evidence says that it was randomised"),
            std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, EndpointsThatDoNotExist) {
  const auto made =
      make_small_study({.more = "endpoints: {OS: OSS, ZZS: OS}\n", .figures = survival_at(12)});
  EXPECT_NE(made->problems.find("made.yaml:11:17: error: the model has no endpoint 'OSS'"),
            std::string::npos)
      << made->problems;
  EXPECT_NE(made->problems.find("made.yaml:11:22: error: no figure of the study is of the endpoint "
                                "'ZZS'"),
            std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, KeysThatDoNotGoTogether) {
  const auto made =
      make_small_study({.chosen = "balanced: true\n",
                        .more = "targets:\n  made_os: {share: {high: true}, none: not printed}\n"
                                "  made_hr: {cause: death, of: never}\n",
                        .figures = survival_at(12) + confounded_ratio});
  for (const char* const words :
       {"made.yaml:10:11: error: 'balanced' without 'chosen': nothing was chosen",
        "made.yaml:12:40: error: 'none' says that the model cannot say the figure, and the other "
        "keys what it is",
        "made.yaml:13:20: error: 'cause' is of events, and there is no 'event'",
        "made.yaml:13:3: error: the figure 'made_hr' compares 'never' with itself"})
    EXPECT_NE(made->problems.find(words), std::string::npos) << words << "\n" << made->problems;
}

TEST(EmulationMessages, TheFirstArmIsNotChosen) {
  const auto made = make_small_study(
      {.chosen = "chosen: [{arm: never, logit: {intercept: 0}}]\n", .figures = survival_at(12)});
  EXPECT_NE(made->problems.find("made.yaml:10:16: error: 'never' is the first arm"),
            std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, NobodyEnters) {
  const auto made = make_small_study({.more = "enters: {all: [{high: true}, {high: false}]}\n",
                                      .figures = survival_at(12),
                                      .patients = 500});
  EXPECT_NE(made->problems.find("made.yaml:11:9: error: nobody of 500 simulated patients enters "
                                "the study 'made'"),
            std::string::npos)
      << made->problems;
}

TEST(EmulationMessages, AMedianThatNobodyCanHaveSeen) {
  const std::string figures =
      "  made_median: {study: made, arm: never, endpoint: OS, statistic: median, value: 500, unit: "
      "months, n: 100, n_basis: printed, kind: retrospective, population: all_patients, place: "
      "Table 1}\n";
  const auto made = make_small_study(
      {.times = "follow_up: {least: 12 months, most: 36 months}\n", .figures = figures});
  EXPECT_NE(made->problems.find("is a median of 500 months, but nobody is followed beyond 36 "
                                "months after the origin"),
            std::string::npos)
      << made->problems;
  EXPECT_EQ(make_small_study({.figures = figures})->problems, "");
}

TEST(EmulationMessages, TimesThatLeaveNobody) {
  const auto short_lives = make_small_study(
      {.times = "horizon: 10 months\nfollow_up: {least: 36 months, most: 60 months}\n",
       .figures = survival_at(6)});
  EXPECT_NE(short_lives->problems.find("made.yaml:6:12: error: everybody is followed for 36 months "
                                       "or more, which is beyond the horizon of 10 months"),
            std::string::npos)
      << short_lives->problems;
  const auto late = make_small_study({.more = "origin: 700 months\n", .figures = survival_at(12)});
  EXPECT_NE(
      late->problems.find("made.yaml:11:9: error: nobody can enter at '700 months': lives end "
                          "at the horizon"),
      std::string::npos)
      << late->problems;
  EXPECT_NE(late->problems.find("\n1 error\n"), std::string::npos) << late->problems;
  const auto long_lived =
      make_small_study({.times = "follow_up: {least: 12 months, most: 36 months}\n",
                        .more = "lived: 300 months\n",
                        .figures = survival_at(12)});
  EXPECT_NE(long_lived->problems.find("error: 'lived' leaves nobody: it is 300 months, and nobody "
                                      "is followed beyond 36 months"),
            std::string::npos)
      << long_lived->problems;
}

TEST(EmulationMessages, AnOriginThatNobodyKnows) {
  const auto made = make_small_study({.more = "origin: surgery\n"});
  EXPECT_NE(made->problems.find("unknown origin 'surgery'"), std::string::npos) << made->problems;
}

}  // namespace
}  // namespace npcsim

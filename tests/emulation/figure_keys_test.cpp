// Keys of an emulation that say another kind of figure than the evidence.
#include "small_study.hpp"

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::make_small_study;

std::string figure(const std::string& id, const std::string& what) {
  return "  " + id + ": {study: made, " + what +
         ", n: 100, n_basis: printed, kind: retrospective, confounded: true, population: "
         "all_patients, place: Table 1}\n";
}

std::string figures() {
  return figure("made_hr",
                "contrast: {of: treated, against: never}, endpoint: OS, statistic: hazard_ratio, "
                "value: 0.5, unit: ratio") +
         figure("made_median",
                "arm: never, endpoint: OS, statistic: median, value: 17, unit: "
                "months") +
         figure("made_share",
                "arm: never, endpoint: prevalence, statistic: share, value: 0.5, "
                "unit: fraction");
}

// What is said of one line under `targets`.
std::string said(const std::string& target) {
  return make_small_study({.more = "groups: {high: {when: {high: true}}}\ntargets:\n"
                                   "  made_share: {share: {high: true}}\n  " +
                                   target + "\n",
                           .figures = figures()})
      ->problems;
}

TEST(FigureKeys, EachBelongsToItsKindOfFigure) {
  struct Case {
    const char* target;
    const char* place;
    const char* words;
    const char* hint;
  };
  for (const Case& one :
       {Case{"made_hr: {share: {high: true}}", "14:20",
             "'share' says who is counted, but 'made_hr' is a hazard_ratio", "groups: {...}"},
        Case{"made_median: {in: high}", "14:21",
             "'in' says who is counted, but 'made_median' is a median", "groups: {...}"},
        Case{"made_median: {event: OS}", "14:24",
             "'event' counts who has had an event, but 'made_median' is a median", "endpoint: OS"},
        Case{"made_median: {of: high}", "14:21",
             "'of' is for a comparison, but 'made_median' is of one arm", "group: high"},
        Case{"made_median: {against: high}", "14:26",
             "'against' is for a comparison, but 'made_median' is of one arm", "group: high"},
        Case{"made_hr: {group: high}", "14:20",
             "'group' is for a figure of one arm, but 'made_hr' compares two", "of: ..."},
        Case{"made_hr: {score: [{when: {high: true}, points: 1}]}", "14:20",
             "'score' is a marker of discrimination, but 'made_hr' is a hazard_ratio",
             "remove 'score'"},
        Case{"made_median: {at: 12 months}", "14:21",
             "'at' is the time of a share, but 'made_median' is a median", "remove 'at'"},
        Case{"made_hr: {at: 12 months}", "14:17",
             "'at' is the time of a share, but 'made_hr' is a hazard_ratio", "remove 'at'"}}) {
    const std::string text = said(one.target);
    EXPECT_NE(text.find(std::string("error: ") + one.words), std::string::npos) << text;
    EXPECT_NE(text.find(one.hint), std::string::npos) << text;
    EXPECT_NE(text.find("\n1 error\n"), std::string::npos) << text;
    EXPECT_NE(text.find("made.yaml:14:"), std::string::npos) << text;
  }
}

TEST(FigureKeys, OneOfThemSaysWhatIsCounted) {
  const auto of = [](const std::string& keys) {
    return make_small_study({.more = "groups: {high: {when: {high: true}}}\n"
                                     "targets: {made_share: {" +
                                     keys + "}}\n",
                             .figures = figures()})
        ->problems;
  };
  struct Case {
    const char* keys;
    const char* words;
  };
  for (const Case& one :
       {Case{"share: {high: true}, event: OS",
             "made.yaml:12:52: error: 'share' and 'event' both say who is counted"},
        Case{"share: {high: true}, in: high",
             "made.yaml:12:49: error: 'share' and 'in' both say who is counted"},
        Case{"in: high, endpoint: OS",
             "made.yaml:12:44: error: 'endpoint' changes nothing where "
             "'in' says who is counted"},
        Case{"event: OS, endpoint: OS",
             "made.yaml:12:45: error: 'event' and 'endpoint' name two "
             "endpoints of one figure"}}) {
    const std::string text = of(one.keys);
    EXPECT_NE(text.find(one.words), std::string::npos) << text;
    EXPECT_NE(text.find("\n1 error\n"), std::string::npos) << text;
  }
  EXPECT_EQ(of("in: high"), "");
}

// The difference of two shares without a time would be one of two medians.
TEST(FigureKeys, ADifferenceOfSharesHasATime) {
  const std::string difference =
      figure("made_gain",
             "contrast: {of: treated, against: never}, endpoint: OS, statistic: "
             "difference, value: 0.1, unit: fraction");
  const auto made = make_small_study({.figures = difference});
  EXPECT_NE(made->problems.find("error: the figure 'made_gain' has no time"), std::string::npos)
      << made->problems;
  EXPECT_EQ(
      make_small_study({.more = "targets: {made_gain: {at: 12 months}}\n", .figures = difference})
          ->problems,
      "");
}

}  // namespace
}  // namespace npcsim

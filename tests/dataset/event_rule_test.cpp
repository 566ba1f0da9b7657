#include "small_files.hpp"

namespace npcsim::testing {
namespace {

struct Applied {
  std::optional<EventCodes> codes;
  std::string messages;
  std::string hints;
};

// One column "status" with these cells.
Applied applied(const std::vector<std::string>& cells, const std::string& rule,
                const EventUse& use = {}) {
  std::string text = "status,x\n";
  for (const std::string& cell : cells) text += cell + ",1\n";
  Diagnostics diagnostics;
  DataFile file = data_file(text);
  const auto parsed = parse_event_rule(rule, file, diagnostics);
  Applied out;
  if (parsed) {
    EXPECT_EQ(parsed->column, "status");
    const auto columns = read_columns(file, {0}, diagnostics);
    out.codes = apply_event_rule(*parsed, (*columns)[0], use, file, diagnostics);
  }
  out.messages = diagnostics.items().empty() ? "" : diagnostics.items()[0].message;
  out.hints = diagnostics.items().empty() ? "" : diagnostics.items()[0].hint;
  return out;
}

using Codes = std::vector<std::int32_t>;

TEST(EventRule, ComparisonsSayWhichCodesAreEvents) {
  const std::vector<std::string> cells{"0", "1", "2", "", "1"};
  EXPECT_EQ(applied(cells, "status==2").codes->event, (Codes{0, 0, 1, -1, 0}));
  EXPECT_EQ(applied(cells, "status=2").codes->event, (Codes{0, 0, 1, -1, 0}));
  EXPECT_EQ(applied(cells, "status != 0").codes->event, (Codes{0, 1, 1, -1, 1}));
  EXPECT_EQ(applied(cells, "status>0").codes->event, (Codes{0, 1, 1, -1, 1}));
  EXPECT_EQ(applied(cells, "status>=2").codes->event, (Codes{0, 0, 1, -1, 0}));
  EXPECT_EQ(applied(cells, "status<2").codes->event, (Codes{1, 1, 0, -1, 1}));
  EXPECT_EQ(applied(cells, "status<=0").codes->event, (Codes{1, 0, 0, -1, 0}));
  EXPECT_EQ(applied(cells, "status in 1,2").codes->event, (Codes{0, 1, 1, -1, 1}));
  EXPECT_EQ(applied(cells, "status in (1, 2)").codes->event, (Codes{0, 1, 1, -1, 1}));
}

TEST(EventRule, TextsAreComparedAsTheyStand) {
  const std::vector<std::string> cells{"dead", "alive", "NA", "dead"};
  EXPECT_EQ(applied(cells, "status==dead").codes->event, (Codes{1, 0, -1, 1}));
  EXPECT_EQ(applied(cells, "status == 'dead'").codes->event, (Codes{1, 0, -1, 1}));
  EXPECT_EQ(applied(cells, "status!=alive").codes->event, (Codes{1, 0, -1, 1}));
}

TEST(EventRule, AColumnAloneHoldsZeroAndOneOrOneAndTwoOrFalseAndTrue) {
  EXPECT_EQ(applied({"0", "1", "1"}, "status").codes->event, (Codes{0, 1, 1}));
  EXPECT_EQ(applied({"0", "0"}, "status").codes->event, (Codes{0, 0}));
  EXPECT_EQ(applied({"1", "1"}, "status").codes->event, (Codes{1, 1}));
  const auto as_in_r = applied({"1", "2", "1"}, "status");
  EXPECT_EQ(as_in_r.codes->event, (Codes{0, 1, 0}));
  EXPECT_EQ(as_in_r.codes->warnings,
            std::vector<std::string>{"'status' holds 1 and 2: 2 was taken as the event, as in R's "
                                     "Surv"});
  const auto all_dead = applied({"2", "2"}, "status");
  EXPECT_EQ(all_dead.codes->event, (Codes{1, 1}));
  EXPECT_EQ(all_dead.codes->warnings,
            std::vector<std::string>{"'status' holds 2 alone: it was taken as the event, as in R's "
                                     "Surv"});
  EXPECT_EQ(applied({"TRUE", "FALSE"}, "status").codes->event, (Codes{1, 0}));
}

TEST(EventRule, UnknownCodesAreListed) {
  EXPECT_EQ(applied({"0", "1", "2"}, "status").messages,
            "event code unknown: column 'status' holds 0 (1 row), 1 (1 row), 2 (1 row)");
  EXPECT_EQ(applied({"0", "1", "1"}, "status==3").messages,
            "event code unknown: no cell of column 'status' is 3; it holds 0 (1 row), 1 (2 rows)");
  EXPECT_EQ(applied({"dead", "alive"}, "status==daed").messages,
            "event code unknown: no cell of column 'status' is daed; it holds alive (1 row), dead "
            "(1 row)");
  EXPECT_EQ(applied({"dead", "alive"}, "status>0").messages,
            "'status>0' compares numbers; column 'status' holds alive (1 row), dead (1 row)");
  EXPECT_EQ(applied({"0"}, "status==").messages, "--event 'status==' says no code");
}

TEST(EventRule, DataWithoutEventsOrWithoutCensoringNeedNotHoldBothCodes) {
  EXPECT_EQ(applied({"0", "0"}, "status==1").codes->event, (Codes{0, 0}));
  EXPECT_EQ(applied({"1", "2"}, "status!=0").codes->event, (Codes{1, 1}));
}

TEST(EventRule, OneOfSeveralCodesMayBeAbsent) {
  const auto found = applied({"0", "1"}, "status in 1,2");
  EXPECT_EQ(found.codes->event, (Codes{0, 1}));
  EXPECT_EQ(found.codes->warnings, std::vector<std::string>{"no cell of 'status' is 2"});
  EXPECT_FALSE(applied({"0", "1"}, "status in 3,4").codes.has_value());
}

TEST(EventRule, CausesAreTheCodesThatAreNotCensored) {
  const EventUse causes{false, true, ""};
  const std::vector<std::string> cells{"0", "2", "1", "", "2"};
  const auto alone = applied(cells, "status", causes);
  EXPECT_EQ(alone.codes->cause, (Codes{0, 2, 1, -1, 2}));
  EXPECT_EQ(alone.codes->cause_names, (std::vector<std::string>{"1", "2"}));
  const auto named = applied(cells, "status==2", causes);
  EXPECT_EQ(named.codes->cause, (Codes{0, 2, 1, -1, 2}));
  EXPECT_EQ(named.codes->cause_of_interest, 2);
  EXPECT_EQ(applied(cells, "status>1", causes).codes->cause, (Codes{0, 1, 0, -1, 1}));
}

TEST(EventRule, TheCodeOfCensoredRowsCanBeNamed) {
  const EventUse causes{false, true, "alive"};
  const std::vector<std::string> cells{"alive", "relapse", "death"};
  const auto codes = applied(cells, "status", causes);
  EXPECT_EQ(codes.codes->cause, (Codes{0, 2, 1}));
  EXPECT_EQ(codes.codes->cause_names, (std::vector<std::string>{"death", "relapse"}));
  EXPECT_EQ(applied(cells, "status", EventUse{false, true, ""}).messages,
            "event code unknown: which code of column 'status' means censored? It holds alive (1 "
            "row), death (1 row), relapse (1 row)");
}

TEST(EventRule, TheOtherOfTwoNumbersWithoutAZeroIsCensoredAndNotInSilence) {
  const EventUse causes{true, true, ""};
  const auto two = applied({"1", "2", "2"}, "status==2", causes);
  EXPECT_EQ(two.codes->cause, (Codes{0, 1, 1}));
  EXPECT_EQ(two.codes->cause_names, std::vector<std::string>{"2"});
  EXPECT_EQ(two.codes->cause_of_interest, 1);
  EXPECT_EQ(two.codes->event, (Codes{0, 1, 1}));
  EXPECT_EQ(two.codes->warnings,
            std::vector<std::string>{
                "no code of 'status' is 0, which means censored: 1 was taken as censored and 2 as "
                "the only cause; --censored 0 makes both causes"});
  EXPECT_EQ(applied({"1", "2", "2"}, "status==1", causes).codes->cause, (Codes{1, 0, 0}));
  EXPECT_TRUE(applied({"1", "1"}, "status==1", causes).codes->warnings.empty());
  const EventUse said{false, true, "1"};
  EXPECT_EQ(applied({"1", "2", "2"}, "status==2", said).codes->cause, (Codes{0, 1, 1}));
  EXPECT_TRUE(applied({"1", "2", "2"}, "status==2", said).codes->warnings.empty());
}

// cmprsk::cuminc has cencode = 0: without zeros nobody is censored.
TEST(EventRule, CensoredZeroMakesAllNumbersCauses) {
  const EventUse nobody{true, true, "0"};
  const auto two = applied({"1", "2", "2"}, "status==1", nobody);
  EXPECT_EQ(two.codes->cause, (Codes{1, 2, 2}));
  EXPECT_EQ(two.codes->cause_of_interest, 1);
  EXPECT_TRUE(two.codes->warnings.empty());
  const auto three = applied({"1", "2", "3"}, "status==2", nobody);
  EXPECT_EQ(three.codes->cause, (Codes{1, 2, 3}));
  EXPECT_EQ(three.codes->cause_of_interest, 2);
}

TEST(EventRule, WhichOfThreeCodesIsCensoredHasToBeSaid) {
  const EventUse causes{true, true, ""};
  const std::vector<std::string> numbers{"1", "2", "3"};
  const auto open = applied(numbers, "status==2", causes);
  EXPECT_FALSE(open.codes.has_value());
  EXPECT_EQ(open.messages,
            "event code unknown: which code of column 'status' means censored? It holds 1 (1 row), "
            "2 (1 row), 3 (1 row)");
  EXPECT_EQ(open.hints,
            "say it, e.g. --censored 1, or 0 if none is; if only 2 is an event, --event 'status in "
            "2'");
  EXPECT_EQ(applied(numbers, "status==2", EventUse{true, true, "1"}).codes->cause,
            (Codes{0, 1, 2}));
  EXPECT_EQ(applied(numbers, "status in 2", causes).codes->cause, (Codes{0, 1, 0}));
  const std::vector<std::string> words{"alive", "relapse", "dead"};
  const auto of_words = applied(words, "status==dead", causes);
  EXPECT_EQ(of_words.messages,
            "event code unknown: which code of column 'status' means censored? It holds alive (1 "
            "row), dead (1 row), relapse (1 row)");
  EXPECT_EQ(of_words.hints,
            "say it, e.g. --censored alive; if only dead is an event, --event 'status in dead'");
  EXPECT_EQ(applied(words, "status in dead", causes).codes->cause, (Codes{0, 0, 1}));
}

TEST(EventRule, OneAndTwoAloneAreReadAsInSurvAndNotInSilence) {
  const auto alone = applied({"1", "2", "2"}, "status", EventUse{false, true, ""});
  EXPECT_EQ(alone.codes->cause, (Codes{0, 1, 1}));
  EXPECT_EQ(alone.codes->warnings,
            std::vector<std::string>{"'status' holds 1 and 2: 1 was taken as censored and 2 as the "
                                     "only cause, as in R's Surv; --censored 0 makes both causes"});
  EXPECT_EQ(applied({"1", "2", "2"}, "status", EventUse{false, true, "0"}).codes->cause,
            (Codes{1, 2, 2}));
  EXPECT_EQ(applied({"3", "7"}, "status", EventUse{false, true, ""}).messages,
            "event code unknown: which code of column 'status' means censored? It holds 3 (1 row), "
            "7 (1 row)");
}

TEST(EventRule, OfTwoWordsOnlyTheNamedOneIsACauseAndNotInSilence) {
  const auto codes = applied({"alive", "dead", "dead"}, "status==dead", EventUse{true, true, ""});
  EXPECT_EQ(codes.codes->cause, (Codes{0, 1, 1}));
  EXPECT_EQ(codes.codes->warnings,
            std::vector<std::string>{"no code of 'status' is 0 or censored: alive was taken as "
                                     "censored and dead as the only cause; --event 'status in "
                                     "dead,alive' makes both causes"});
}

TEST(EventRule, AColumnMayBeCalledLikeARule) {
  DataFile file = data_file("a==b,time\n1,2\n");
  Diagnostics diagnostics;
  const auto rule = parse_event_rule("a==b", file, diagnostics);
  ASSERT_TRUE(rule.has_value());
  EXPECT_EQ(rule->column, "a==b");
  EXPECT_EQ(rule->test, EventRule::Test::alone);
}

}  // namespace
}  // namespace npcsim::testing

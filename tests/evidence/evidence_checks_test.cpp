#include "small_evidence.hpp"

#include <string>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

struct Case {
  const char* from;
  const char* to;
  const char* expected;
};

void expect_each(const std::vector<Case>& cases) {
  for (const Case& one : cases) {
    const std::string text = complaints(changed(right_document(), one.from, one.to));
    EXPECT_NE(text.find(one.expected), std::string::npos)
        << one.from << " -> " << one.to << "\nexpected: " << one.expected << "\nfound: " << text;
    // One cause, one complaint.
    EXPECT_NE(text.find("1 error, nothing was run"), std::string::npos) << text;
  }
}

TEST(EvidenceChecks, ConflictOnOneSideIsShownWithPlaceCaretAndHint) {
  const std::string text = complaints(changed(
      changed(right_document(), "     conflicts_with: os_24m, population", "     population"),
      "  replaced:\n    - {id: os_24m_other, by: os_24m, reason: the first one is kept}\n", ""));
  EXPECT_NE(text.find("facts.yaml:18:22: error: 'os_24m' conflicts with 'os_24m_other', which does "
                      "not say so\n"
                      "   18 |      conflicts_with: os_24m_other, population: everybody, place: "
                      "Table 1}\n"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("hint: write conflicts_with: os_24m there"), std::string::npos) << text;
}

TEST(EvidenceChecks, TheSameIdInTwoDocumentsIsNamedWithBothPlaces) {
  const std::string second =
      "evidence: more\ntitle: More\nstudies:\n  trial_1: {title: T, design: registry, disease: "
      "npc, "
      "source: [doe_2020]}\n";
  const std::string text = complaints(right_document(), second);
  EXPECT_NE(text.find("more.yaml:4:3: error: the study 'trial_1' is there twice"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("hint: first in facts.yaml, line 4"), std::string::npos) << text;
}

TEST(EvidenceChecks, TheSameDocumentTwiceIsNamedWithBothPlaces) {
  const std::string text = complaints(right_document(), "evidence: small\ntitle: The same name\n");
  EXPECT_EQ(text,
            "more.yaml:1:11: error: the evidence document 'small' is there twice\n"
            "    1 | evidence: small\n"
            "      |           ^~~~~\n"
            "   hint: first in facts.yaml, line 1\n"
            "1 error, nothing was run\n");
}

TEST(EvidenceChecks, TheSameRegistryNumberOnTwoTrialsIsNamedWithBothPlaces) {
  const std::string second =
      "evidence: more\ntitle: More\ntrials:\n"
      "  again: {registry: NCT12345678, phase: 2, enrolment: 40, place: Table 1,\n"
      "          arms: {single: {drugs: [gp]}}}\n";
  EXPECT_EQ(complaints(right_document(), second),
            "more.yaml:4:21: error: 'NCT12345678' is the number of two trials\n"
            "    4 |   again: {registry: NCT12345678, phase: 2, enrolment: 40, place: Table 1,\n"
            "      |                     ^~~~~~~~~~~\n"
            "   in trials > again\n"
            "   hint: first that of 'running' in facts.yaml, line 42\n"
            "1 error, nothing was run\n");
}

// A key of another document that looks alike is not what was meant.
TEST(EvidenceChecks, SourceOfADocumentWithoutSourcesIsToBeGiven) {
  const std::string second =
      "evidence: more\ntitle: More\nstudies:\n  ours: {title: T, design: registry, disease: npc, "
      "source: [doe_2021]}\n";
  const std::string text = complaints(right_document(), second);
  EXPECT_NE(text.find("there is no source 'doe_2021'"), std::string::npos) << text;
  EXPECT_NE(
      text.find("hint: give its reference, e.g. sources: {doe_2021: \"Authors. Title. Journal "
                "year;volume:pages\"}\n"),
      std::string::npos)
      << text;
  EXPECT_EQ(text.find("did you mean"), std::string::npos) << text;
}

TEST(EvidenceChecks, WordForWhichNothingStandsIsShownWithPlaceCaretAndHint) {
  EXPECT_EQ(complaints(changed(right_document(), "all: {reason: the whole study}", "all: {}")),
            "facts.yaml:54:3: error: nothing stands for 'all', and no reason is given\n"
            "   54 |   all: {}\n"
            "      |   ^~~\n"
            "   in treatments > all\n"
            "   hint: give strategies, agents or a reason\n"
            "1 error, nothing was run\n");
}

TEST(EvidenceChecks, TheSameSourceInOtherWordsIsRefused) {
  const std::string second = "evidence: more\ntitle: More\nsources:\n  doe_2020: Doe J. 2021\n";
  EXPECT_NE(complaints(right_document(), second).find("the source 'doe_2020' is given in two ways"),
            std::string::npos);
}

TEST(EvidenceChecks, NamesThatAreNotThereAreReportedWithAHint) {
  expect_each(
      {{"{study: trial_1, contrast", "{study: trial_2, contrast", "there is no study 'trial_2'"},
       {"by_study: {trial_1:", "by_study: {trial_2:", "there is no study 'trial_2'"},
       {"population: everybody, place: Table 1}\n  os_24m:",
        "population: nobody, place: Table 1}\n  os_24m:", "there is no population 'nobody'"},
       {"quoted_in: doe_2020, place: Table 2", "quoted_in: doe_2021, place: Table 2",
        "did you mean 'doe_2020'?"},
       {"risk_class: low", "risk_class: lower", "no risk system has the class 'lower'"},
       {"n_basis: half", "n_basis: halve", "there is no rule 'halve'"},
       {"source: [doe_2020]}\npop", "source: [roe_2020]}\npop", "there is no source 'roe_2020'"},
       {"said: {study: trial_1", "said: {study: trial_2", "there is no study 'trial_2'"},
       {"unit: Gy, quoted_in: doe_2020", "unit: Gy, quoted_in: doe_2021",
        "did you mean 'doe_2020'?"},
       {"kind: randomised, population", "kind: randomised, versus: pfs, population",
        "there is no target 'pfs'"},
       {"kind: randomised, population", "kind: randomised, versus: pfs_hr, population",
        "'pfs_hr' stands beside itself"}});
}

TEST(EvidenceChecks, FiguresMustHaveTheShapeOfTheirStatistic) {
  expect_each({{"contrast: {of: new, against: old}", "arm: new", "is a hazard_ratio of one arm"},
               {"contrast: {of: new, against: old}", "arm: new, contrast: {of: new, against: old}",
                "has an arm and a contrast"},
               {"contrast: {of: new, against: old}", "contrast: {of: new, against: new}",
                "compares 'new' with itself"},
               {"arm: all, ", "", "has neither an arm nor a contrast"},
               {"p: 0.05, unit: ratio", "p: 0.05, unit: fraction", "is a hazard_ratio in fraction"},
               {"statistic: share", "statistic: response_rate", "is a response_rate of prevalence"},
               {"statistic: share, value: 0.3", "statistic: share", "has no value"},
               {"statistic: share, value: 0.3", "statistic: share, value: 0.3, range: [0.2, 0.4]",
                "has a value and a range"},
               {"statistic: share, value: 0.3", "statistic: share, value: 0.3, is: range",
                "is called a range and has none"},
               {"statistic: share, value: 0.3", "statistic: share, value: 0.3, is: not_reached",
                "is not reached and has a value"},
               {"statistic: hazard_ratio", "statistic: hazard_ratio, at_months: 24",
                "is a hazard_ratio with 'at_months'"},
               {"statistic: share, value: 0.3", "statistic: share, value: 30",
                "write it as a fraction: 0.3"},
               {"statistic: share, value: 0.3", "statistic: share, value: 1.3",
                "fractions are from 0 to 1; 1.3 per cent are 0.013\n"}});
}

// A word that is not known has been reported: there is no response of nothing.
TEST(EvidenceChecks, AnUnknownEndpointIsOneMistake) {
  const std::string text =
      complaints(changed(changed(right_document(), "endpoint: prevalence", "endpoint: DCR"),
                         "statistic: share", "statistic: response_rate"));
  EXPECT_NE(text.find("'DCR'"), std::string::npos) << text;
  EXPECT_EQ(text.find("is a response_rate of"), std::string::npos) << text;
  EXPECT_NE(text.find("\n1 error,"), std::string::npos) << text;
}

TEST(EvidenceChecks, LandmarkNeedsItsTime) {
  const std::string text =
      complaints(changed(right_document(), "at_months: 24,\n     value: 0.6", "value: 0.6"));
  EXPECT_NE(text.find("'os_24m' is a landmark_survival without 'at_months'"), std::string::npos)
      << text;
}

TEST(EvidenceChecks, IntervalsMustFitTheirValues) {
  expect_each({{"value: 0.5, interval", "value: 1.5, interval",
                "the interval of 'pfs_hr' does not hold its value 1.5"},
               {"value: 0.5, interval", "value: 0.62, interval",
                "is not in the middle of its interval on the log scale"},
               {"level: 0.95, p: 0.05", "p: 0.05", "has an interval without 'level'"},
               {"level: 0.95", "level: 0.05", "has an interval of the level 0.05"},
               {"level: 0.95", "level: 0.05", "write level: 0.95 for an interval of 95 %"},
               {"p: 0.05", "p: 0.004", "has the P value 0.004, but its interval gives 0.05"},
               {"p: 0.05", "p: 0.2", "has the P value 0.2, but its interval gives 0.05"}});
  // A doubt that is stated is no mistake.
  EXPECT_EQ(complaints(changed(right_document(), "value: 0.5, interval",
                               "doubt: Misprint., value: 0.62, interval")),
            "");
}

// What could not be read is there all the same: it is not missing, too.
TEST(EvidenceChecks, UnreadableNumbersAreOneMistake) {
  expect_each({{"interval: [0.25, 1.0]", "interval: [1.0, 0.25]", "must go from low to high"},
               {"level: 0.95", "level: 95", "'level' must be above 0 to below 1, found 95"},
               {"value: 0.5, interval", "value: .nan, interval",
                "write a finite number, or leave the key out"},
               {"value: 0.6, unit", "value: -0.6, unit", "'value' must be at least 0"},
               {"n: 50,", "n: -4,", "'n' must be at least 1, found -4"},
               {"at_months: 24,\n     value: 0.6", "at_months: -24,\n     value: 0.6",
                "'at_months' must be above 0, found -24"},
               {"patients: 100", "patients: -100", "'patients' must be at least 1, found -100"},
               {"value: 0.6, unit", "range: [0.7, 0.6], is: range, unit",
                "'range' must go from low to high"}});
}

TEST(EvidenceChecks, MediansAreAboveZero) {
  const std::string text = complaints(
      changed(right_document(),
              "statistic: landmark_survival, at_months: 24,\n     value: 0.6, unit: fraction",
              "statistic: median, value: 0, unit: months"));
  EXPECT_NE(text.find("'os_24m' is a median of 0 months"), std::string::npos) << text;
}

TEST(EvidenceChecks, NIsNeverThatOfTheWholeStudyForAPart) {
  expect_each({{"risk_class: low", "n: 100, risk_class: low",
                "is of a class and has the n of the whole study"},
               {"n: 50", "n: 101", "has 101 patients, its study 100"},
               {"n: 50", "n: 50, cohort: 120", "is of a cohort of 120 patients, its study has 100"},
               {"unit: fraction, n: 50", "unit: fraction", "is 'printed', but there is no n"},
               {"n_basis: interval", "n_basis: class", "but there is no risk_class"}});
}

TEST(EvidenceChecks, RuleThatTakesTheSizeOfTheStudyNeedsOne) {
  const std::string text = complaints(
      changed(right_document(), "design: randomised, patients: 100", "design: randomised"));
  EXPECT_NE(text.find("the n_basis of 'os_24m_other' is 'half', but its study has no number of "
                      "patients"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("the n_basis of 'low_risk_share' is 'class', but its study"),
            std::string::npos)
      << text;
}

TEST(EvidenceChecks, TablesSystemsAndTrialsMustBeWhole) {
  expect_each(
      {{"women: [10, 9]", "women: [10]", "the level 'women' of 'sexes' has 1 counts for 2 groups"},
       {"conditions: {men: {male: true}}", "missing: [1]",
        "'missing' of 'sexes' has 1 counts for 2 groups"},
       {"conditions: {men:", "conditions: {man:", "'man' is no level of 'sexes'"},
       {"words: liver, condition: {liver: true}", "words: liver",
        "nobody can be put into the class 'high'"},
       {"flag: high", "flag: low", "the flag 'low' stands for two classes"},
       {"NCT12345678", "NCT1234567", "'NCT1234567' is no registry number"},
       {"arms: {single: {drugs: [gp]}}", "arms: {}", "'running' has no arm"}});
}

TEST(EvidenceChecks, PrintedPValuesOfTablesAreThoseOfTheirCounts) {
  expect_each({{"against: old, p: 1}", "against: old, p: 0.8}",
                "the P value 0.8 of 'new' against 'old' is printed, but Fisher's exact test gives "
                "1"},
               {"against: old, p: 1}", "against: odl, p: 1}", "'odl' is no group of the table"},
               {"against: old, p: 1}", "against: new, p: 1}", "'new' is compared with itself"},
               {"against: old, p: 1}", "against: old, p: 1.5}", "'p' must be from 0 to 1"}});
  EXPECT_EQ(complaints(changed(right_document(), "against: old, p: 1}",
                               "against: old, p: 0.8, doubt: Another test.}")),
            "");
}

// The sum over all tables of these margins that are no more probable, in fractions of whole
// numbers: 0.04858163.
TEST(EvidenceChecks, FishersTestOfATableIsMadeAgain) {
  const auto with = [](const std::string& keys) {
    return complaints(
        changed(changed(right_document(), "compared: [{of: new, against: old, p: 1}]", keys),
                "men: [40, 41], women: [10, 9]", "men: [40, 30], women: [10, 20]"));
  };
  EXPECT_EQ(with("p_fisher: 0.0486"), "");
  EXPECT_EQ(with("p_fisher: 0.05"), "");
  const std::string wrong = with("p_fisher: 0.0485");
  EXPECT_NE(wrong.find("error: 'p_fisher' of 'sexes' is 0.0485, but Fisher's exact test of these "
                       "counts gives 0.0486\n"),
            std::string::npos)
      << wrong;
  // A doubt about what was printed does not excuse what the document has computed.
  EXPECT_NE(with("p_fisher: 0.04, doubt: Another test.").find("gives 0.0486"), std::string::npos);
  // The P value in print may be that of any test.
  EXPECT_EQ(with("p: 0.03, p_fisher: 0.0486"), "");
}

TEST(EvidenceChecks, PatientsAreCountedInWholeNumbers) {
  expect_each({{"women: [10, 9]", "women: [10, 9.5]",
                "the level 'women' of 'sexes' has a count of 9.5, but patients are counted in "
                "whole numbers"},
               {"conditions: {men: {male: true}}", "missing: [1, 0.5]",
                "'missing' of 'sexes' has a count of 0.5"}});
}

TEST(EvidenceChecks, FindingsHaveANumber) {
  expect_each({{"numbers: [66, 70]", "numbers: []", "a finding has a number"},
               {"numbers: [66, 70]", "numbers: [66, seventy]", "'numbers' must be a number"},
               {"numbers: [66, 70], ", "", "missing key 'numbers'"},
               {"unit: Gy", "unit: Sv", "unknown unit 'Sv'"}});
}

TEST(EvidenceChecks, ExclusionsAreKnownOnceAndWithinTheirLimit) {
  expect_each(
      {{"ids: [low_risk_share]", "ids: [low_risk_shares]", "did you mean 'low_risk_share'?"},
       {"most: 25 %", "most: 20 %", "1 of 4 targets are left out, at most 20 % may be"},
       {"by: os_24m, reason", "by: pfs_hr, reason",
        "'pfs_hr' is not in conflict with 'os_24m_other'"},
       {"    - {id: os_24m_other, by: os_24m, reason: the first one is kept}\n", "    []\n",
        "'os_24m' and 'os_24m_other' conflict, and both are used"}});
  const std::string neither =
      complaints(changed(changed(right_document(), "most: 25 %", "most: 50 %"),
                         "ids: [low_risk_share]", "ids: [low_risk_share, os_24m]"));
  EXPECT_NE(neither.find("'os_24m' stands for 'os_24m_other', but is left out itself, so that "
                         "neither is used"),
            std::string::npos)
      << neither;
  const std::string twice =
      complaints(changed(changed(right_document(), "most: 25 %", "most: 50 %"),
                         "ids: [low_risk_share]", "ids: [low_risk_share, low_risk_share]"));
  EXPECT_NE(twice.find("'low_risk_share' is left out twice"), std::string::npos) << twice;
}

TEST(EvidenceChecks, AllMistakesComeInOneGo) {
  std::string text = changed(right_document(), "value: 0.6", "value: 60");
  text = changed(text, "risk_class: low", "risk_class: lower");
  text = changed(text, "NCT12345678", "12345678");
  EXPECT_NE(complaints(text).find("3 errors, nothing was run"), std::string::npos)
      << complaints(text);
}

}  // namespace
}  // namespace npcsim::testing

// Published figures of classes beside simulated ones: which stand beside which, and the numbers.
#include "evidence/small_evidence.hpp"
#include "small_study.hpp"
#include <npcsim/comparison/summary.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/results/risk_classes.hpp>

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

constexpr double one_day = 1 / 30.4375;

// A system of two classes that divides all patients, and figures of every kind.
std::string classes_document(const std::string& more_targets = {}) {
  return R"(evidence: classes
title: One system
studies:
  doe:
    {title: A series, design: retrospective, patients: 90, disease: dmnpc, source: [doe_2020, poe_2021]}
populations:
  everybody: {words: All patients, preset: review}
targets:
  high_os_median:
    {study: doe, arm: high, endpoint: OS, statistic: median, value: 14, is: more_than, unit: months,
     n: 30, n_basis: printed, kind: retrospective, risk_class: by_liver_high, population: everybody,
     quoted_in: doe_2020, place: Table 1, doubt: Read off a curve.}
  high_os_18m:
    {study: doe, arm: high, endpoint: OS, statistic: landmark_survival, at_months: 18, value: 0.4,
     interval: [0.3, 0.5], level: 0.9, unit: fraction, n_basis: interval, kind: retrospective,
     risk_class: by_liver_high, population: everybody, place: Table 1}
  low_os_18m:
    {study: doe, arm: low, endpoint: OS, statistic: landmark_survival, at_months: 18,
     is: range, range: [0.6, 0.8], unit: fraction, n: 30, n_basis: printed, kind: retrospective,
     risk_class: by_liver_low, population: everybody, place: Table 1}
)" + more_targets +
         R"(systems:
  by_liver:
    title: Liver
    source: [doe_2020]
    classes:
      - {flag: by_liver_low, label: Low, words: no liver, condition: {liver: false}}
      - {flag: by_liver_high, label: High, words: liver, condition: {liver: true}}
treatments:
  new: {strategies: fresh}
  old: {strategies: stale}
  low: {reason: a class}
  high: {reason: a class}
effective_n:
  printed: {of: printed, factor: 1, reason: printed}
  interval: {of: interval, reason: interval}
  none: {of: nothing, reason: shown only}
sources:
  doe_2020: "Doe J. A series. 2020"
  poe_2021: "Poe E. A table. 2021"
)";
}

std::string target(const std::string& id, const std::string& rest) {
  return "  " + id +
         ":\n    {study: doe, kind: retrospective, population: everybody, place: Table 2, " + rest +
         "}\n";
}

OutcomeShape shape_with(std::vector<std::string> flags) {
  OutcomeShape shape;
  shape.strategies = {"stale", "fresh"};
  shape.reference = 0;
  shape.endpoints = {{"OS", "Survival", {"death"}}};
  for (std::string& flag : flags) shape.subgroups.push_back({std::move(flag), {"no", "yes"}});
  shape.horizon_ticks = 36 * 974;
  shape.landmark_ticks = {12 * 974};
  return shape;
}

// Four patients of low and four of high risk; months of death, 0: alive at 36 months.
//
// Under the stale strategy half of the high-risk patients are dead after 15 months, the next dies
// at 25. Under the fresh one only one of each class dies.
constexpr double deaths[2][8] = {{10, 20, 30, 0, 5, 15, 25, 30}, {20, 0, 0, 0, 10, 0, 0, 0}};

// `high` says of each subgroup whether its level "yes" is the high-risk class.
Tally tally_of(const OutcomeShape& shape, const std::vector<bool>& high) {
  OutcomeBlock block;
  block.resize(shape, 0, 8);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t patient = 0; patient < 8; ++patient) {
      const std::size_t cell = block.endpoint_column(shape, s, 0) + patient;
      const double months = deaths[s][patient];
      block.ticks[cell] =
          months > 0 ? static_cast<std::int32_t>(months * 974) : shape.horizon_ticks;
      block.events[cell] = months > 0 ? std::int8_t{1} : outcome_censored;
    }
  }
  for (std::size_t g = 0; g < high.size(); ++g) {
    for (std::size_t patient = 0; patient < 8; ++patient) {
      block.levels[g * 8 + patient] = (patient >= 4) == high[g] ? 1 : 0;
    }
  }
  Tally tally(shape);
  tally.add(block);
  return tally;
}

std::vector<RiskClassRow> rows_of(const std::string& more_targets = {}) {
  const OutcomeShape shape = shape_with({"by_liver_low", "by_liver_high"});
  return risk_class_rows(evidence_of(classes_document(more_targets)), shape,
                         tally_of(shape, {false, true}));
}

std::vector<RiskClassRow> figure(const std::vector<RiskClassRow>& rows, const std::string& id) {
  std::vector<RiskClassRow> out;
  for (const RiskClassRow& row : rows) {
    if (row.figure == id) out.push_back(row);
  }
  return out;
}

TEST(RiskClasses, MedianIsThatOfTheClass) {
  const auto rows = figure(rows_of(), "high_os_median");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].strategy, "stale");
  // The curve is one half from 15 to 25 months; the median is the middle, as in R's survfit.
  EXPECT_NEAR(rows[0].simulated.value(), 20, one_day);
  EXPECT_EQ(rows[0].share, 0.5);
  EXPECT_EQ(rows[0].subgroup, "by_liver_high=yes");
  EXPECT_EQ(rows[1].strategy, "fresh");
  EXPECT_FALSE(rows[1].simulated);
  EXPECT_EQ(rows[1].reason, "not reached within 36 months");
}

TEST(RiskClasses, OneMonthIsSingular) {
  OutcomeShape shape = shape_with({"by_liver_low", "by_liver_high"});
  shape.horizon_ticks = 974;
  shape.landmark_ticks = {};
  const auto rows = risk_class_rows(evidence_of(classes_document()), shape, Tally(shape));
  EXPECT_EQ(figure(rows, "high_os_18m").at(0).reason, "after the end of follow-up at 1 month");
}

TEST(RiskClasses, SurvivalIsComputedAtTheTimeInPrintThoughItIsNoLandmarkOfTheStudy) {
  const auto rows = rows_of();
  const auto high = figure(rows, "high_os_18m");
  ASSERT_EQ(high.size(), 2U);
  EXPECT_DOUBLE_EQ(high[0].simulated.value(), 2.0 / 4);
  EXPECT_DOUBLE_EQ(high[1].simulated.value(), 3.0 / 4);
  EXPECT_DOUBLE_EQ(figure(rows, "low_os_18m")[0].simulated.value(), 3.0 / 4);
  // Without censoring Greenwood's error is the binomial one.
  EXPECT_NEAR(high[0].se.value(), std::sqrt(0.5 * 0.5 / 4), 1e-12);
}

TEST(RiskClasses, PrintedNumbersAreCarriedAsPrinted) {
  const auto rows = rows_of();
  const RiskClassRow median = figure(rows, "high_os_median")[0];
  EXPECT_EQ(median.system, "by_liver");
  EXPECT_EQ(median.label, "High");
  EXPECT_EQ(median.printed_as, "more_than");
  EXPECT_EQ(median.published, 14);
  EXPECT_EQ(median.n, 30);
  EXPECT_EQ(median.cohort, 90);
  EXPECT_EQ(median.source, "doe_2020 poe_2021");
  EXPECT_EQ(median.reference, "Doe J. A series. 2020 | Poe E. A table. 2021");
  EXPECT_EQ(median.quoted_in, "doe_2020");
  EXPECT_EQ(median.doubt, "Read off a curve.");
  const RiskClassRow landmark = figure(rows, "high_os_18m")[0];
  EXPECT_EQ(landmark.published_low, 0.3);
  EXPECT_EQ(landmark.published_high, 0.5);
  EXPECT_EQ(landmark.published_level, 0.9);
  EXPECT_EQ(landmark.at_months, 18);
  EXPECT_FALSE(landmark.n);
  const RiskClassRow range = figure(rows, "low_os_18m")[0];
  EXPECT_EQ(range.printed_as, "range");
  EXPECT_FALSE(range.published);
  EXPECT_EQ(range.published_low, 0.6);
  EXPECT_EQ(range.published_high, 0.8);
}

TEST(RiskClasses, FollowTheOrderOfTheSystemNotThatOfTheFigures) {
  std::vector<std::string> order;
  for (const RiskClassRow& row : rows_of()) {
    if (row.strategy == "stale") order.push_back(row.figure);
  }
  EXPECT_EQ(order, (std::vector<std::string>{"high_os_median", "low_os_18m", "high_os_18m"}));
}

TEST(RiskClasses, OtherClassOfTwoIsTheLevelNo) {
  const OutcomeShape shape = shape_with({"by_liver_low"});
  const auto rows =
      risk_class_rows(evidence_of(classes_document()), shape, tally_of(shape, {false}));
  const RiskClassRow high = figure(rows, "high_os_18m").at(0);
  EXPECT_EQ(high.subgroup, "by_liver_low=no");
  EXPECT_DOUBLE_EQ(high.simulated.value(), 2.0 / 4);
}

TEST(RiskClasses, OtherClassOfASystemForSomePatientsIsNotTheLevelNo) {
  const OutcomeShape shape = shape_with({"by_liver_low"});
  const std::string document =
      changed(classes_document(), "    source: [doe_2020]\n    classes",
              "    source: [doe_2020]\n    applies_to: {bone_only: true}\n    classes");
  const auto rows = risk_class_rows(evidence_of(document), shape, tally_of(shape, {false}));
  EXPECT_TRUE(figure(rows, "high_os_18m").empty());
  EXPECT_FALSE(figure(rows, "low_os_18m").empty());
}

TEST(RiskClasses, HazardRatioOfClassesIsThatOfCoxsModel) {
  const auto rows =
      figure(rows_of(target("ratio",
                            "contrast: {of: high, against: low}, endpoint: OS, statistic: "
                            "hazard_ratio, value: 2, unit: ratio, n_basis: none, risk_class: "
                            "by_liver_high")),
             "ratio");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].strategy, "fresh");
  EXPECT_TRUE(rows[1].versus.empty());
  // One death of 4 + 4 in the high class, then one of 3 + 4 in the low one: the partial likelihood
  // r / ((4 r + 4) (3 r + 4)) is greatest at r = 4 / (4 x 3)^(1/2).
  EXPECT_NEAR(rows[1].simulated.value(), 4 / std::sqrt(12.0), 1e-9);
}

// The ratio of a system whose classes have these flags: of the first against `word`.
std::vector<RiskClassRow> ratio_against(const std::string& word, const std::string& first,
                                        const std::string& second) {
  std::string text = classes_document(
      target("ratio", "contrast: {of: " + first + ", against: " + word +
                          "}, endpoint: OS, statistic: hazard_ratio, value: 2, unit: ratio, "
                          "n_basis: none, risk_class: by_liver_high"));
  const auto rename = [&text](const std::string& flag, const std::string& other) {
    for (auto at = text.find(flag); at != std::string::npos; at = text.find(flag, at + 1))
      text.replace(at, flag.size(), other);
  };
  rename("by_liver_high", first);
  rename("by_liver_low", second);
  const OutcomeShape shape = shape_with({first, second});
  return figure(risk_class_rows(evidence_of(text), shape, tally_of(shape, {true, false})), "ratio");
}

TEST(RiskClasses, AWordThatEndsSeveralFlagsIsTheClassOfTheStudyOrOfTheSystem) {
  for (const std::string prefix : {"doe_", "by_liver_", ""}) {
    const auto rows = ratio_against("high_risk", prefix + "very_high_risk", prefix + "high_risk");
    ASSERT_EQ(rows.size(), 2U) << prefix;
    // As above; compared with itself the class would have 1.
    EXPECT_NEAR(rows[1].simulated.value(), 4 / std::sqrt(12.0), 1e-9) << prefix;
  }
  const auto rows = ratio_against("high_risk", "x_very_high_risk", "x_high_risk");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].reason, "'high_risk' is no class that the study reports");
}

TEST(RiskClasses, HazardRatioAgainstAClassThatIsNotReportedIsEmptyAndSaysSo) {
  const auto rows =
      figure(rows_of(target("ratio",
                            "contrast: {of: high, against: old}, endpoint: OS, statistic: "
                            "hazard_ratio, value: 2, unit: ratio, n_basis: none, risk_class: "
                            "by_liver_high")),
             "ratio");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_TRUE(rows[0].strategy.empty());
  EXPECT_EQ(rows[0].reason, "'old' is no class that the study reports");
}

TEST(RiskClasses, FigureOfATreatmentStandsBesideTheStrategyThatStandsForIt) {
  const auto rows =
      figure(rows_of(target("treated",
                            "arm: new, endpoint: OS, statistic: landmark_survival, at_months: "
                            "18, value: 0.8, unit: fraction, n_basis: none, risk_class: "
                            "by_liver_high")),
             "treated");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].strategy, "fresh");
  EXPECT_FALSE(rows[0].arm_is_class);
}

TEST(RiskClasses, ChosenTreatmentIsNotComparedWithStrategies) {
  const std::string contrast =
      "contrast: {of: new, against: old}, endpoint: OS, statistic: hazard_ratio, value: 0.5, unit: "
      "ratio, n_basis: none, risk_class: by_liver_high";
  const auto chosen = figure(rows_of(target("ratio", contrast + ", confounded: true")), "ratio");
  ASSERT_EQ(chosen.size(), 1U);
  EXPECT_FALSE(chosen[0].simulated);
  EXPECT_EQ(chosen[0].reason, "treatment was chosen, not assigned: no strategy is such an arm");
  const auto assigned = figure(rows_of(target("ratio", contrast)), "ratio");
  ASSERT_EQ(assigned.size(), 1U);
  EXPECT_EQ(assigned[0].strategy, "fresh");
  EXPECT_EQ(assigned[0].versus, "stale");
}

TEST(RiskClasses, WhatCannotBeSimulatedIsListedWithAReason) {
  const auto rows = rows_of(
      target("late",
             "arm: high, endpoint: OS, statistic: landmark_survival, at_months: 60, value: "
             "0.1, unit: fraction, n_basis: none, risk_class: by_liver_high") +
      target("p",
             "contrast: {of: new, against: old}, endpoint: OS, statistic: p_value, value: 0.01, "
             "unit: probability, n_basis: none, risk_class: by_liver_high"));
  ASSERT_EQ(figure(rows, "late").size(), 1U);
  EXPECT_EQ(figure(rows, "late")[0].reason, "after the end of follow-up at 36 months");
  ASSERT_EQ(figure(rows, "p").size(), 1U);
  EXPECT_EQ(figure(rows, "p")[0].reason, "a P value is one of the size of its cohort");
}

TEST(RiskClasses, OnlySurvivalThatTheStudyReportsIsListed) {
  const auto rows = rows_of(
      target("pfs",
             "arm: high, endpoint: PFS, statistic: median, value: 5, unit: months, n_basis: "
             "none, risk_class: by_liver_high") +
      target("part",
             "arm: high, endpoint: prevalence, statistic: share, value: 0.4, unit: fraction, "
             "n_basis: none, risk_class: by_liver_high"));
  EXPECT_TRUE(figure(rows, "pfs").empty());
  EXPECT_TRUE(figure(rows, "part").empty());
}

TEST(RiskClasses, TableReadsBackToTheSameRows) {
  const Table table = risk_classes_table(rows_of());
  EXPECT_EQ(to_csv(risk_classes_table(risk_class_rows_of(table))), to_csv(table));
  EXPECT_EQ(table.rows(), 6U);
}

TEST(RiskClasses, StudyWithoutSuchSubgroupsHasNone) {
  const OutcomeShape shape = shape_with({"male"});
  EXPECT_TRUE(
      risk_class_rows(evidence_of(classes_document()), shape, tally_of(shape, {true})).empty());
  EXPECT_TRUE(risk_class_rows({}, shape, tally_of(shape, {true})).empty());
}

// The flag of the small study as a class.
Evidence evidence_of_frail(const std::string& more_targets = {}) {
  std::string text = classes_document(more_targets);
  for (const auto& [from, to] :
       {std::pair{"by_liver_high", "frail"}, std::pair{"by_liver_low", "sturdy"},
        std::pair{"arm: high", "arm: frail"}, std::pair{"arm: low", "arm: sturdy"},
        std::pair{"at_months: 18", "at_months: 24"},
        std::pair{"strategies: fresh", "strategies: drug"},
        std::pair{"strategies: stale", "strategies: control"}, std::pair{"  low:", "  sturdy:"},
        std::pair{"  high:", "  frail:"}}) {
    const std::string word = from;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
      text.replace(at, word.size(), to);
    }
  }
  return evidence_of(text);
}

TEST(RiskClasses, FiguresAreThoseOfTheSummary) {
  const auto study = small_study(1000);
  const TempFolder folder;
  SmallRun how;
  how.evidence = evidence_of_frail(
      target("ratio",
             "contrast: {of: new, against: old}, endpoint: OS, statistic: hazard_ratio, "
             "value: 0.5, unit: ratio, n_basis: none, risk_class: by_liver_high"));
  const auto summary = run_into(*study, folder.path().string(), how);
  const RunResult run = run_blocks(*study, {});
  std::size_t compared = 0;
  for (const RiskClassRow& row : risk_class_rows(how.evidence, study->shape, *run.tally)) {
    for (const SummaryRow& cell : summary) {
      if (cell.strategy != row.strategy || cell.versus != row.versus ||
          cell.subgroup != row.subgroup || cell.endpoint != row.endpoint ||
          cell.statistic != row.statistic || cell.at_months != row.at_months) {
        continue;
      }
      ++compared;
      EXPECT_EQ(cell.value, row.simulated) << row.figure;
      EXPECT_EQ(cell.se, row.se) << row.figure;
      EXPECT_EQ(cell.lo95, row.lo95) << row.figure;
      EXPECT_EQ(cell.hi95, row.hi95) << row.figure;
    }
  }
  // Three figures under two strategies, and one ratio between the two.
  EXPECT_EQ(compared, 7U);
}

TEST(RiskClasses, FilesDoNotDependOnThreadsAndTheFolderIsEnoughForThePage) {
  const auto study = small_study(500);
  SmallRun how;
  how.report = true;
  how.evidence = evidence_of_frail();
  const TempFolder one;
  run_into(*study, one.path().string(), how);
  how.threads = 3;
  how.block = 77;
  const TempFolder other;
  run_into(*study, other.path().string(), how);
  const std::string page = read_text(one / "report.html");
  EXPECT_EQ(read_text(one / "risk_classes.csv"), read_text(other / "risk_classes.csv"));
  EXPECT_EQ(read_text(other / "report.html"), page);
  EXPECT_NE(page.find("Published intervals are in brackets"), std::string::npos);
  EXPECT_NE(page.find("Poe E. A table. 2021"), std::string::npos);
  write_text(one / "report.html", "gone");
  rebuild_report(*study, one.path().string());
  EXPECT_EQ(read_text(one / "report.html"), page);
}

TEST(RiskClasses, EvidenceChangesNothingElse) {
  const auto study = small_study(500);
  SmallRun how;
  const TempFolder without;
  run_into(*study, without.path().string(), how);
  how.evidence = evidence_of_frail();
  const TempFolder with;
  run_into(*study, with.path().string(), how);
  EXPECT_FALSE(std::filesystem::exists(without / "risk_classes.csv"));
  EXPECT_TRUE(std::filesystem::exists(with / "risk_classes.csv"));
  EXPECT_EQ(read_text(with / "summary.csv"), read_text(without / "summary.csv"));
  EXPECT_EQ(hdf5_digest((with / "results.h5").string()),
            hdf5_digest((without / "results.h5").string()));
}

}  // namespace

}  // namespace npcsim::testing

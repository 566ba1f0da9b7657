#include "exponential_twins.hpp"
#include "find_row.hpp"
#include "support/statistical.hpp"
#include <npcsim/comparison/summary.hpp>

#include <cmath>
#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::find_row;
using testing::tally_of;
using testing::Twins;

// |z| below 4.9: one false alarm in a million. Recording on ticks moves a time by 1/64 day at most,
// 5e-4 months.
void expect_truth(const SummaryRow& row, double truth, double grid = 0) {
  ASSERT_TRUE(row.value && row.se) << row.statistic;
  EXPECT_GT(*row.se, 0) << row.statistic;
  EXPECT_LT(std::fabs(*row.value - truth), 4.9 * *row.se + grid)
      << row.strategy << " " << row.statistic << " " << *row.value << " +- " << *row.se;
}

double restricted_mean(double rate, double horizon) {
  return (1 - std::exp(-rate * horizon)) / rate;
}

void expect_closed_forms(const std::vector<SummaryRow>& rows) {
  // Rates 0.1 and 0.05 a month to 24 months.
  const double rate[] = {0.1, 0.05};
  const std::string name[] = {"a", "b"};
  constexpr double tick = 5.2e-4;
  for (int s = 0; s < 2; ++s) {
    const auto own = [&](const std::string& statistic, double at) -> const SummaryRow& {
      return find_row(rows, {name[s], "", "", "PFS", statistic, at});
    };
    expect_truth(find_row(rows, {name[s], "", "", "PFS", "median"}), std::log(2.0) / rate[s], tick);
    expect_truth(own("survival", 6), std::exp(-6 * rate[s]), tick * rate[s]);
    expect_truth(own("survival", 12), std::exp(-12 * rate[s]), tick * rate[s]);
    expect_truth(own("rmst", 24), restricted_mean(rate[s], 24), tick);
    expect_truth(own("mean", 24), restricted_mean(rate[s], 24), tick);
    for (const double at : {6.0, 12.0, 24.0}) {
      for (const std::string cause : {"distant", "locoregional"}) {
        expect_truth(find_row(rows, {name[s], "", "", "PFS:" + cause, "cumulative_incidence", at}),
                     0.5 * (1 - std::exp(-at * rate[s])), tick * rate[s]);
      }
    }
  }
  const auto contrast = [&](const std::string& statistic) -> const SummaryRow& {
    return find_row(rows, {"b", "a", "", "PFS", statistic});
  };
  expect_truth(contrast("hazard_ratio"), 0.5, 1e-5);
  expect_truth(contrast("difference_median"), std::log(2.0) * (20 - 10), 2 * tick);
  expect_truth(contrast("difference_rmst"), restricted_mean(0.05, 24) - restricted_mean(0.1, 24),
               2 * tick);
  expect_truth(contrast("difference_mean"), restricted_mean(0.05, 24) - restricted_mean(0.1, 24),
               2 * tick);
  for (const double at : {6.0, 12.0}) {
    expect_truth(find_row(rows, {"b", "a", "", "PFS", "difference_survival", at}),
                 std::exp(-0.05 * at) - std::exp(-0.1 * at), 2 * tick * 0.1);
  }
}

TEST(Summary, ClosedFormsOfExponentialTwins) { expect_closed_forms(summary_rows(tally_of({}))); }

TEST(Summary, ClosedFormsUnderLossToFollowUp) {
  Twins twins;
  twins.censoring_per_month = 0.04;
  const auto rows = summary_rows(tally_of(twins));
  expect_closed_forms(rows);
}

TEST(Summary, ClosedFormsWhenSetsDifferBetweenStrategies) {
  Twins twins;
  twins.share_in_set = 0.7;
  const auto rows = summary_rows(tally_of(twins));
  expect_closed_forms(rows);
  // Twins of whom both belong to the sets are other patients; the difference is that of the sets.
  EXPECT_NEAR(*find_row(rows, {"b", "a", "", "PFS", "difference_rmst"}).value,
              *find_row(rows, {"b", "", "", "PFS", "rmst"}).value -
                  *find_row(rows, {"a", "", "", "PFS", "rmst"}).value,
              1e-12);
}

// 1,000 patients of whom an exact share has the event before the landmark; nothing is random.
TEST(Summary, ExactSumsGiveExactErrors) {
  OutcomeShape shape = testing::shape_of({});
  shape.measures.clear();
  shape.subgroups.clear();
  Tally tally(shape);
  OutcomeBlock block;
  block.resize(shape, 0, 1'000);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    // Reference: 400 events at 3 months. Strategy: 100 of those twins and 50 others, at 9 months.
    const bool had_reference = i < 400;
    const bool had_strategy = i < 100 || i >= 950;
    block.ticks[i] = had_reference ? 3 * 974 : shape.horizon_ticks;
    block.events[i] = had_reference ? 1 : 0;
    block.ticks[1'000 + i] = had_strategy ? 9 * 974 : shape.horizon_ticks;
    block.events[1'000 + i] = had_strategy ? 1 : 0;
  }
  tally.add(block);
  const auto rows = summary_rows(tally);
  const SummaryRow& survival = find_row(rows, {"a", "", "", "PFS", "survival", 12.0});
  EXPECT_DOUBLE_EQ(survival.value.value(), 0.6);
  EXPECT_DOUBLE_EQ(survival.se.value(), std::sqrt(0.6 * 0.4 / 1000));
  // At 12 months 300 twins are event-free under the strategy only and 50 under the reference only.
  const SummaryRow& gain = find_row(rows, {"b", "a", "", "PFS", "difference_survival", 12.0});
  EXPECT_DOUBLE_EQ(gain.value.value(), 0.25);
  EXPECT_DOUBLE_EQ(gain.se.value(), std::sqrt((0.35 - 0.0625) / 1000));
  // At 6 months nobody has had the event under the strategy.
  EXPECT_DOUBLE_EQ(find_row(rows, {"b", "a", "", "PFS", "difference_survival", 6.0}).value.value(),
                   0.4);
  // Months gained: 300 twins 24 - 3, 100 twins 9 - 3, 50 twins 9 - 24, 550 twins none.
  const double mean = (300 * 21.0 + 100 * 6.0 - 50 * 15.0) / 1000;
  const double squares = 300 * 441.0 + 100 * 36.0 + 50 * 225.0;
  const SummaryRow& months = find_row(rows, {"b", "a", "", "PFS", "difference_rmst"});
  EXPECT_NEAR(months.value.value(), mean, 1e-12);
  EXPECT_NEAR(months.se.value(), std::sqrt((squares - 1000 * mean * mean) / 999 / 1000), 1e-12);
  EXPECT_FALSE(find_row(rows, {"a", "", "", "PFS", "median"}).value.has_value())
      << "60 % never had the event";
  EXPECT_FALSE(find_row(rows, {"b", "a", "", "PFS", "difference_median"}).value.has_value());
}

TEST(Summary, PairedDifferencesAreDifferencesOfTheOwnRows) {
  const auto rows = summary_rows(tally_of({}));
  for (const std::string statistic : {"rmst", "mean"}) {
    EXPECT_NEAR(*find_row(rows, {"b", "a", "", "PFS", "difference_" + statistic}).value,
                *find_row(rows, {"b", "", "", "PFS", statistic}).value -
                    *find_row(rows, {"a", "", "", "PFS", statistic}).value,
                1e-12);
  }
  EXPECT_NEAR(*find_row(rows, {"b", "a", "", "PFS", "difference_survival", 12.0}).value,
              *find_row(rows, {"b", "", "", "PFS", "survival", 12.0}).value -
                  *find_row(rows, {"a", "", "", "PFS", "survival", 12.0}).value,
              1e-14);
}

TEST(Summary, IncidencesAndSurvivalAddUpToOne) {
  for (const double censoring : {0.0, 0.04}) {
    Twins twins;
    twins.censoring_per_month = censoring;
    const auto rows = summary_rows(tally_of(twins));
    for (const double at : {6.0, 12.0}) {
      const double total =
          *find_row(rows, {"a", "", "", "PFS", "survival", at}).value +
          *find_row(rows, {"a", "", "", "PFS:distant", "cumulative_incidence", at}).value +
          *find_row(rows, {"a", "", "", "PFS:locoregional", "cumulative_incidence", at}).value;
      EXPECT_NEAR(total, 1, 1e-12);
    }
  }
}

// A landmark at which visits lie: the visit's progressions are before it, deaths later that day are
// not.
TEST(Summary, IncidencesAreExactWhereManyEventsFallOnALandmark) {
  OutcomeShape shape = testing::shape_of({});
  shape.strategies = {"a"};
  shape.measures.clear();
  shape.subgroups.clear();
  const std::int32_t visit = 6 * 32 * 30;
  shape.landmark_ticks = {visit, visit + 16};
  Tally tally(shape);
  OutcomeBlock block;
  block.resize(shape, 0, 1'000);
  for (std::uint32_t i = 0; i < 1'000; ++i) {
    // 300 of the first cause at the visit, 200 of the second a quarter of a day later, 100 of the
    // second earlier.
    block.ticks[i] = i < 300 ? visit : i < 500 ? visit + 8 : i < 600 ? 100 : shape.horizon_ticks;
    block.events[i] = i < 300 ? 1 : i < 600 ? 2 : 0;
  }
  tally.add(block);
  const auto rows = summary_rows(tally);
  const auto incidence = [&](const char* cause, std::int32_t tick) {
    return *find_row(rows, {"a", "", "", std::string("PFS:") + cause, "cumulative_incidence",
                            tick * (1.0 / 974)})
                .value;
  };
  EXPECT_NEAR(incidence("distant", visit), 0.3, 1e-15);
  EXPECT_NEAR(incidence("locoregional", visit), 0.1, 1e-15);
  EXPECT_NEAR(incidence("distant", visit + 16), 0.3, 1e-15);
  EXPECT_NEAR(incidence("locoregional", visit + 16), 0.3, 1e-15);
  EXPECT_NEAR(incidence("locoregional", shape.horizon_ticks), 0.3, 1e-15);
}

TEST(Summary, MeasuresAreMeansOverThoseToWhomTheyApply) {
  const auto rows = summary_rows(tally_of({}));
  // floor(6 u) has mean 2.5; floor(6 u + 1) one more, for every twin.
  expect_truth(find_row(rows, {"a", "", "", "cycles", "mean"}), 2.5);
  const SummaryRow& more = find_row(rows, {"b", "a", "", "cycles", "difference_mean"});
  EXPECT_DOUBLE_EQ(more.value.value(), 1);
  EXPECT_DOUBLE_EQ(more.se.value(), 0);
  expect_truth(find_row(rows, {"a", "", "", "responded", "share"}), 0.3);
  expect_truth(find_row(rows, {"b", "a", "", "responded", "difference_share"}), 0.2);
  const SummaryRow& time = find_row(rows, {"a", "", "", "on_treatment", "mean"});
  EXPECT_DOUBLE_EQ(time.value.value(), 1);
  EXPECT_EQ(time.unit, "months");
}

TEST(Summary, ASubgroupOfEverybodyAgreesWithTheWholeToADay) {
  const auto rows = summary_rows(tally_of({}));
  constexpr double day = 1 / 30.4375;
  // Times move to the middle of their day, by half a day at most, and so do medians and means.
  for (const std::string statistic : {"median", "rmst"}) {
    EXPECT_NEAR(*find_row(rows, {"b", "", "all=everybody", "PFS", statistic}).value,
                *find_row(rows, {"b", "", "", "PFS", statistic}).value, 0.5 * day + 1e-9);
  }
  // Within a day the sets at risk shrink by 0.1 and 0.05 day, their ratio by the difference: no
  // term of the score is further off than that.
  const double ratio = 0.5 * (0.1 - 0.05) * day;
  // The time is met to a day: events of one day of 100,000 patients.
  const double events = 0.1 * std::exp(-0.1 * 12) * day;
  const double survival = events + testing::z_limit * std::sqrt(events / 100'000);
  for (const auto& [statistic, tolerance] :
       std::vector<std::pair<std::string, double>>{{"hazard_ratio", ratio},
                                                   {"difference_median", day + 1e-9},
                                                   {"difference_rmst", day + 1e-9},
                                                   {"difference_survival", survival}}) {
    const auto at = statistic == "difference_survival" ? std::optional<double>(12) : std::nullopt;
    const SummaryRow& all = find_row(rows, {"b", "a", "", "PFS", statistic, at});
    const SummaryRow& everybody = find_row(rows, {"b", "a", "all=everybody", "PFS", statistic, at});
    EXPECT_NEAR(*everybody.value, *all.value, tolerance) << statistic;
    // Twins in both; two ways to see how alike they are, from 64 groups, differ by some per cent.
    // The difference of medians is known better than to the day by which subgroups are kept.
    if (statistic == "difference_median") {
      EXPECT_FALSE(everybody.se);
      EXPECT_LE(*everybody.lo95, *all.lo95 + day);
      EXPECT_GE(*everybody.hi95, *all.hi95 - day);
      continue;
    }
    // Each error has a relative standard error of 1 / sqrt(2 x 63).
    EXPECT_NEAR(*everybody.se / *all.se, 1, testing::z_limit / std::sqrt(63.0)) << statistic;
  }
  EXPECT_EQ(*find_row(rows, {"a", "", "sex=women", "PFS", "patients"}).value, 33'334);
  expect_truth(find_row(rows, {"a", "", "sex=men", "PFS", "survival", 12.0}), std::exp(-1.2),
               0.1 * day);
  const SummaryRow& median = find_row(rows, {"a", "", "sex=men", "PFS", "median"});
  EXPECT_LT(*median.lo95, *median.value);
  EXPECT_GT(*median.hi95, *median.value);
}

// Visits fall on landmarks, so that many events do: those of the very tick count in subgroups, too.
TEST(Summary, ASubgroupOfEverybodyHasTheSurvivalOfTheWholeAtLandmarks) {
  const auto rows = summary_rows(tally_of({}));
  std::size_t compared = 0;
  for (const SummaryRow& row : rows) {
    if (!row.subgroup.empty() ||
        (row.statistic != "survival" && row.statistic != "difference_survival")) {
      continue;
    }
    const SummaryRow& everybody = find_row(rows, {row.strategy, row.versus, "all=everybody",
                                                  row.endpoint, row.statistic, row.at_months});
    // A difference of two rounded shares, or one of counts that is rounded once.
    const double rounding = row.versus.empty() ? 0 : std::numeric_limits<double>::epsilon();
    EXPECT_NEAR(*everybody.value, *row.value, rounding);
    ++compared;
  }
  EXPECT_GT(compared, 0U);
}

TEST(Summary, ASetWithoutPatientsSaysSoAndNothingElse) {
  Twins twins;
  twins.share_in_set = 0;
  twins.patients = 100;
  for (const SummaryRow& row : summary_rows(tally_of(twins))) {
    if (row.endpoint != "PFS") continue;
    EXPECT_EQ(row.statistic, "patients");
    EXPECT_EQ(row.value.value(), 0);
  }
}

TEST(Summary, NoNumberIsNotANumber) {
  for (const double in_set : {1.0, 0.05, 0.0}) {
    for (const std::uint32_t patients : {0U, 1U, 2U, 50U, 1'000U}) {
      Twins twins;
      twins.patients = patients;
      twins.share_in_set = in_set;
      twins.censoring_per_month = 0.1;
      for (const SummaryRow& row : summary_rows(tally_of(twins))) {
        for (const auto& number : {row.at_months, row.value, row.se, row.lo95, row.hi95}) {
          EXPECT_TRUE(!number || std::isfinite(*number)) << row.statistic << " of " << patients;
        }
        EXPECT_TRUE(row.value || !row.se) << "an error without a value";
      }
    }
  }
}

TEST(Summary, TableHasTheColumnsOfTheContractAndEmptyCellsForWhatIsUnknown) {
  Twins twins;
  twins.rates_per_month = {0.01};
  twins.patients = 10;
  const std::string csv = to_csv(summarise(tally_of(twins), "study, first"));
  EXPECT_EQ(csv.substr(0, csv.find('\n')),
            "study,strategy,versus,subgroup,endpoint,statistic,at_months,value,se,lo95,hi95,unit");
  EXPECT_NE(csv.find("\"study, first\",a,,,PFS,patients,,10,,,,count\n"), std::string::npos);
  EXPECT_NE(csv.find("\"study, first\",a,,,PFS,median,,,,,,months\n"), std::string::npos);
}

// One patient is a value and no scatter; of two there is one.
TEST(Summary, OnePatientHasNoStandardError) {
  for (const double censoring : {0.0, 0.02}) {
    for (const std::uint32_t patients : {1U, 2U}) {
      Twins twins;
      twins.patients = patients;
      twins.censoring_per_month = censoring;
      std::size_t errors = 0;
      for (const SummaryRow& row : summary_rows(tally_of(twins))) {
        const bool all = row.subgroup.empty() || row.subgroup == "all=everybody";
        const double in_group = all ? patients : 1;
        EXPECT_FALSE(in_group == 1 && (row.se || row.lo95 || row.hi95))
            << row.subgroup << " " << row.endpoint << " " << row.statistic << " " << censoring;
        if (row.se) ++errors;
      }
      EXPECT_EQ(errors > 0, patients > 1);
    }
  }
}

// Ten patients fill ten of the 64 groups. The last one is not in the set of the second strategy, so
// that the difference of means is jackknifed: without each patient in turn it is that of the
// others.
TEST(Summary, OfFewPatientsTheJackknifeHasAsManyGroups) {
  constexpr std::size_t n = 10;
  constexpr int days[2][n] = {{30, 70, 110, 180, 200, 260, 300, 310, 400, 600},
                              {40, 90, 100, 230, 290, 350, 320, 500, 450, 0}};
  OutcomeShape shape = testing::shape_of({});
  OutcomeBlock block;
  block.resize(shape, 0, n);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t at = block.endpoint_column(shape, s, 0) + i;
      block.ticks[at] = days[s][i] * 32 + 16;  // noon: where days are counted
      block.events[at] = s == 1 && i + 1 == n ? outcome_not_in_set : std::int8_t{1};
    }
  }
  Tally tally(shape);
  tally.add(block);
  // Mean of the strategy without a patient, months.
  const auto mean_without = [&](std::size_t s, std::size_t left_out) {
    double sum = 0;
    double count = 0;
    for (std::size_t i = 0; i < (s == 0 ? n : n - 1); ++i) {
      if (i == left_out) continue;
      sum += (days[s][i] + 0.5) * 32 / 974;
      ++count;
    }
    return sum / count;
  };
  double mean = 0;
  double squares = 0;
  for (std::size_t i = 0; i < n; ++i) mean += (mean_without(1, i) - mean_without(0, i)) / n;
  for (std::size_t i = 0; i < n; ++i)
    squares += std::pow(mean_without(1, i) - mean_without(0, i) - mean, 2);
  const auto rows = summary_rows(tally);
  const SummaryRow& difference = find_row(rows, {"b", "a", "", "PFS", "difference_rmst"});
  EXPECT_NEAR(*difference.value, mean_without(1, n) - mean_without(0, n), 1e-12);
  EXPECT_NEAR(*difference.se, std::sqrt(squares * (n - 1.0) / n), 1e-12);
}

TEST(Summary, StatisticsAreThoseOfTheEnumeratedList) {
  const std::set<std::string> listed = {"patients",
                                        "median",
                                        "survival",
                                        "rmst",
                                        "mean",
                                        "event_share",
                                        "cumulative_incidence",
                                        "share",
                                        "hazard_ratio",
                                        "difference_median",
                                        "difference_survival",
                                        "difference_rmst",
                                        "difference_mean",
                                        "difference_share"};
  std::set<std::string> seen;
  for (const SummaryRow& row : summary_rows(tally_of({}))) seen.insert(row.statistic);
  EXPECT_EQ(seen, listed);
}

}  // namespace
}  // namespace npcsim

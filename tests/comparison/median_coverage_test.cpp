// Do 95 % intervals of medians and of their differences hold the truth in 95 % of runs, also where
// progression is only seen at visits and the median moves by whole visits?
#include "exponential_twins.hpp"
#include "find_row.hpp"
#include <npcsim/comparison/summary.hpp>

#include <cmath>
#include <cstdio>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::find_row;
using testing::tally_of;
using testing::Twins;

// Nobody has died or been found to progress by t with probability exp(-death t - rate visit
// floor(t / visit)); the median is the first time at which this is at most one half.
double true_median(const Twins& twins, std::size_t strategy) {
  const double rate = twins.rates_per_month[strategy];
  const double wanted = std::log(2.0);
  if (twins.visit_ticks == 0) return wanted / (rate + twins.death_per_month);
  const double visit = twins.visit_ticks / 974.0;
  for (int k = 0;; ++k) {
    // Between visits k and k + 1 only deaths come.
    if (rate * visit * k + twins.death_per_month * visit * k >= wanted) return visit * k;
    const double until = (wanted - rate * visit * k) / twins.death_per_month;
    if (twins.death_per_month > 0 && until < visit * (k + 1)) return until;
  }
}

struct Coverage {
  int median = 0;
  int difference = 0;
  int without_error = 0;  // differences whose standard error is left out
  double width = 0;       // mean width of the intervals of the difference
};

constexpr int runs = 400;

Coverage coverage_of(Twins twins) {
  Coverage found;
  const double a = true_median(twins, 0);
  const double b = true_median(twins, 1);
  // Recording on ticks moves a time by half a tick.
  const double tick = 1.0 / 974;
  const auto holds = [&](const SummaryRow& row, double truth) {
    return row.lo95 && row.hi95 && *row.lo95 <= truth + tick && *row.hi95 >= truth - tick;
  };
  for (int run = 0; run < runs; ++run) {
    twins.seed = 5000 + static_cast<std::uint64_t>(run);
    const auto rows = summary_rows(tally_of(twins));
    const SummaryRow& median = find_row(rows, {"b", "", "", "PFS", "median"});
    const SummaryRow& difference = find_row(rows, {"b", "a", "", "PFS", "difference_median"});
    found.median += holds(median, b) ? 1 : 0;
    found.difference += holds(difference, b - a) ? 1 : 0;
    found.without_error += difference.se ? 0 : 1;
    if (difference.lo95 && difference.hi95)
      found.width += (*difference.hi95 - *difference.lo95) / runs;
    EXPECT_LE(difference.lo95.value_or(-1e9), *difference.value);
    EXPECT_GE(difference.hi95.value_or(1e9), *difference.value);
  }
  std::printf("    median %.1f %%, difference %.1f %%, mean width %.2f months\n",
              100.0 * found.median / runs, 100.0 * found.difference / runs, found.width);
  return found;
}

// Null hypothesis: 95 % of the intervals hold the truth. |z| < 4.9, one false alarm in a million;
// one per cent more is allowed for what is only true of many patients.
const double tolerance = 4.9 * std::sqrt(0.95 * 0.05 * runs) + 0.01 * runs;
void expect_nominal(int hits) { EXPECT_NEAR(hits, 0.95 * runs, tolerance); }
// In steps an interval holds the truth at least as often.
void expect_at_least_nominal(int hits) { EXPECT_GE(hits, 0.95 * runs - tolerance); }

Twins runs_of(std::uint32_t patients) {
  Twins twins;
  twins.patients = patients;
  twins.horizon_months = 48;
  return twins;
}

TEST(MedianIntervals, HoldTheTruthOfTwinsInNinetyFivePerCent) {
  Twins twins = runs_of(1'000);
  twins.death_per_month = 0.02;
  const Coverage found = coverage_of(twins);
  expect_nominal(found.median);
  expect_nominal(found.difference);
  EXPECT_EQ(found.without_error, 0);
}

TEST(MedianIntervals, HoldTheTruthOfStrangersInNinetyFivePerCent) {
  Twins twins = runs_of(1'000);
  twins.alike = false;
  const Coverage found = coverage_of(twins);
  expect_nominal(found.median);
  expect_nominal(found.difference);
}

TEST(MedianIntervals, HoldTheTruthOnALatticeOfVisits) {
  // Six-weekly visits; deaths in between. The intervals of 3,000 patients are narrower than the
  // distance of visits, those of 300 span several.
  for (const std::uint32_t patients : {300U, 1'000U, 3'000U}) {
    for (const bool alike : {true, false}) {
      Twins twins = runs_of(patients);
      twins.visit_ticks = 42 * 32;
      twins.death_per_month = 0.01;
      twins.alike = alike;
      const Coverage found = coverage_of(twins);
      expect_at_least_nominal(found.median);
      expect_at_least_nominal(found.difference);
      EXPECT_GT(found.without_error, 0);
    }
  }
}

TEST(MedianIntervals, HoldTheTruthWhereVisitsLieAtOneHalfExactly) {
  // The worst place: S is one half at a visit of both strategies, so that each median is one visit
  // in half of the runs and the next one in the others.
  for (const bool alike : {true, false}) {
    Twins twins = runs_of(1'000);
    twins.visit_ticks = 42 * 32;
    twins.rates_per_month = {std::log(2.0) / 5 * 974 / twins.visit_ticks,
                             std::log(2.0) / 8 * 974 / twins.visit_ticks};
    twins.alike = alike;
    const Coverage found = coverage_of(twins);
    expect_at_least_nominal(found.median);
    expect_at_least_nominal(found.difference);
  }
}

}  // namespace
}  // namespace npcsim

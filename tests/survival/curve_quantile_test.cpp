// Expected numbers: quantile(survfit(...)) of R's package survival 3.5-3.
#include "survival_data.hpp"
#include <npcsim/survival/survival_curve.hpp>

#include <limits>

namespace npcsim {
namespace {

using testing::Records;

constexpr double never = std::numeric_limits<double>::infinity();

struct Expected {
  double p, value, lower, upper;
};

void expect_quantiles(const SurvivalCurve& curve, const std::vector<Expected>& expected) {
  for (const Expected& e : expected) {
    SCOPED_TRACE(e.p);
    const QuantileEstimate found = curve_quantile(curve, e.p);
    EXPECT_EQ(found.value.value_or(never), e.value);
    EXPECT_EQ(found.lower.value_or(never), e.lower);
    EXPECT_EQ(found.upper.value_or(never), e.upper);
  }
}

std::vector<SurvivalCurve> curves(const Records& records, IntervalScale scale) {
  CurveOptions options;
  options.scale = scale;
  return survival_curves(SortedRecords(records.view(), records.group), options);
}

TEST(CurveQuantile, AgreesWithR) {
  const auto lung = curves(testing::lung(), IntervalScale::log_log);
  expect_quantiles(lung[0], {{.25, 144, 105, 176}, {.5, 270, 210, 306}, {.75, 457, 371, 567}});
  expect_quantiles(lung[1], {{.25, 226, 167, 310}, {.5, 426, 345, 524}, {.75, 687, 524, 765}});
  const auto ovarian = curves(testing::ovarian(), IntervalScale::plain);
  expect_quantiles(ovarian[0], {{.1, 115, 59, 329}, {.25, 268, 115, 638}, {.5, 638, 268, never}});
  expect_quantiles(ovarian[1],
                   {{.1, 365, 353, 563}, {.25, 475, 365, never}, {.5, never, 475, never}});
}

TEST(CurveQuantile, AFlatStretchGivesItsMiddle) {
  const Records records{{1, 2, 3, 4, 5, 6}, {1, 1, 1, 0, 1, 1}, {}, {}, {}, {}, {}};
  expect_quantiles(curves(records, IntervalScale::log)[0],
                   {{1.0 / 6, 1.5, 1, never}, {.5, 4, 2, never}, {.75, 5.5, 3, never}});
}

TEST(CurveQuantile, ALastFlatStretchReachesToTheLastTime) {
  const Records records{{1, 2, 3, 4}, {1, 1, 0, 0}, {}, {}, {}, {}, {}};
  expect_quantiles(curves(records, IntervalScale::plain)[0],
                   {{.25, 1.5, 1, never}, {.5, 3, 1, never}, {.75, never, 2, never}});
}

// S takes the values 0.9, 0.8, ... up to rounding.
TEST(CurveQuantile, RoundingDoesNotMoveIt) {
  Records records;
  for (int k = 1; k <= 10; ++k) {
    records.time.push_back(k);
    records.event.push_back(1);
  }
  expect_quantiles(curves(records, IntervalScale::log)[0], {{.1, 1.5, 1, 6},
                                                            {.2, 2.5, 1, 7},
                                                            {.3, 3.5, 2, 8},
                                                            {.4, 4.5, 2, never},
                                                            {.5, 5.5, 3, never},
                                                            {.6, 6.5, 4, never},
                                                            {.7, 7.5, 5, never},
                                                            {.8, 8.5, 6, never},
                                                            {.9, 9.5, 8, never}});
}

}  // namespace
}  // namespace npcsim

#include "freireich.hpp"
#include <npcsim/survival/cumulative_incidence.hpp>
#include <npcsim/survival/kaplan_meier.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// The treated of Freireich with made-up causes: events at odd places of the list are of cause a, at
// even ones of b.
//   cause <- ifelse(s6 == 0, 0, ifelse(seq_along(s6) %% 2 == 1, 1, 2))
//   summary(survfit(Surv(t6, factor(cause, 0:2, c("c", "a", "b"))) ~ 1), times = c(6, 10, 20, 23)):
//   pstate, std.err
TEST(CumulativeIncidence, AgreesWithR) {
  const auto subjects = testing::mercaptopurine();
  const auto data = testing::histograms(subjects);
  std::vector<std::uint32_t> a(40), b(40);
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    if (subjects[i].second == 1)
      ++(i % 2 == 0 ? a : b)[static_cast<std::size_t>(subjects[i].first)];
  }
  struct Row {
    std::size_t week;
    double a, a_se, b, b_se;
  };
  for (const Row& row : {Row{6, 0.095238095238095233, 0.064056448489004700, 0.047619047619047616,
                             0.046471432045168209},
                         Row{10, 0.199439775910364131, 0.089599946514694551, 0.047619047619047616,
                             0.046471432045168209},
                         Row{20, 0.262184873949579789, 0.102170616363622055, 0.110364145658263302,
                             0.074487389305391186},
                         Row{23, 0.351820728291316498, 0.122613760989032802, 0.200000000000000011,
                             0.107428795204865146}}) {
    const Estimate of_a = cumulative_incidence(data.view(), a, row.week);
    const Estimate of_b = cumulative_incidence(data.view(), b, row.week);
    EXPECT_NEAR(of_a.value, row.a, 1e-9) << row.week;
    EXPECT_NEAR(of_a.se, row.a_se, 1e-9) << row.week;
    EXPECT_NEAR(of_b.value, row.b, 1e-9) << row.week;
    EXPECT_NEAR(of_b.se, row.b_se, 1e-9) << row.week;
    EXPECT_NEAR(of_a.value + of_b.value + KaplanMeier(data.view()).survival(row.week), 1, 1e-14);
  }
}

// Without censoring: p = 7 / 21 by week 5 for one cause.
TEST(CumulativeIncidence, WithoutCensoringIsAShareWithABinomialError) {
  const auto data = testing::histograms(testing::placebo());
  std::vector<std::uint32_t> cause(40);
  cause[1] = 2;
  cause[2] = 1;
  cause[4] = 2;
  cause[5] = 2;
  const Estimate estimate = cumulative_incidence(data.view(), cause, 5);
  const double p = 7.0 / 21;
  EXPECT_NEAR(estimate.value, p, 1e-14);
  EXPECT_NEAR(estimate.se, std::sqrt(p * (1 - p) / 21), 1e-14);
}

}  // namespace
}  // namespace npcsim

#include "freireich.hpp"
#include <npcsim/survival/log_rank.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::histograms;
using testing::mercaptopurine;
using testing::placebo;

// survdiff(Surv(T, S) ~ g): obs, exp, var, chisq
TEST(LogRank, AgreesWithR) {
  const auto treated = histograms(mercaptopurine());
  const auto control = histograms(placebo());
  const LogRank test = log_rank(risk_table(treated.view(), control.view()));
  EXPECT_NEAR(test.observed, 9, 1e-9);
  EXPECT_NEAR(test.expected, 19.250500948031128, 1e-9);
  EXPECT_NEAR(test.variance, 6.2569605736754994, 1e-9);
  EXPECT_NEAR(test.chi_square(), 16.792940989216525, 1e-8);
  EXPECT_LT(test.z, 0) << "fewer events than expected favour the treated";
}

TEST(LogRank, WithoutEventsThereIsNoEvidence) {
  const auto nobody = histograms({});
  EXPECT_EQ(log_rank(risk_table(nobody.view(), nobody.view())).z, 0);
}

}  // namespace
}  // namespace npcsim

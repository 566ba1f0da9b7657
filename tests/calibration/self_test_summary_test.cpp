#include <npcsim/calibration/worlds/self_test_summary.hpp>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

constexpr std::size_t worlds = 40;

// Worlds in which the truth of each parameter lies at even distances in the posterior, and every
// posterior is `ratio` times as wide as the prior.
SelfTestResult even_worlds(double ratio) {
  SelfTestResult out;
  const char* names[] = {"progression_scale", "drug_a_progression"};
  for (const char* name : names) out.parameters.push_back({name, ParameterTransform::log, 0, 1});
  for (std::size_t w = 0; w < worlds; ++w) {
    WorldOutcome one;
    const double share = (static_cast<double>(w) + 0.5) / worlds;
    one.below = {share, 1 - share};
    one.sd_ratio = {ratio, ratio};
    one.truth = {0, 0};
    one.mean = {0, 0};
    out.worlds.push_back(one);
  }
  return out;
}

const Gate& criterion(const SelfTestSummary& summary, const std::string& name) {
  for (const Gate& gate : summary.criteria) {
    if (gate.name == name) return gate;
  }
  throw std::runtime_error("no criterion '" + name + "'");
}

TEST(SelfTestSummary, EvenRanksHaveTheirNominalCoverage) {
  const SelfTestSummary found = summarise_self_test(even_worlds(0.2), {});
  EXPECT_NEAR(found.coverage95, 0.95, 1e-12);  // 38 of 40: (w + 0.5) / 40 within 0.025 .. 0.975
  EXPECT_NEAR(found.coverage50, 0.5, 1e-12);
  EXPECT_DOUBLE_EQ(found.parameters[0].uniform_p, 1);  // four in each bin
  EXPECT_NEAR(found.coverage95_se, 0.0349, 1e-4);  // sqrt(0.05 * 0.95 / 39): both parameters agree
}

TEST(SelfTestSummary, ThePriorHandedBackFails) {
  // It covers as promised, and has even ranks; but it has learnt nothing.
  const SelfTestSummary found = summarise_self_test(even_worlds(1), {});
  EXPECT_TRUE(found.parameters[0].identified);
  EXPECT_FALSE(
      criterion(found, "largest posterior sd of identified parameters against long runs").passed());
  EXPECT_FALSE(found.passed());
}

TEST(SelfTestSummary, UnevenRanksFail) {
  SelfTestResult result = even_worlds(0.2);
  for (WorldOutcome& world : result.worlds) world.below[0] = 0.5 + 0.5 * world.below[0];
  const SelfTestSummary found = summarise_self_test(result, {});
  EXPECT_FALSE(criterion(found, "smallest p of uniform ranks times parameters").passed());
}

// Two worlds that cover everything say little about 92 to 97 %: the verdict comes with a remark.
TEST(SelfTestSummary, AFewWorldsAreRemarkedOn) {
  SelfTestResult result = even_worlds(0.2);
  result.worlds.resize(2);
  for (WorldOutcome& world : result.worlds) world.below = {0.4, 0.6};
  const SelfTestSummary two = summarise_self_test(result, {});
  EXPECT_EQ(two.coverage95, 1);
  EXPECT_FALSE(two.passed());
  EXPECT_EQ(criterion(two, "coverage of 95 % intervals").remark, "2 worlds cannot decide");
  EXPECT_LE(criterion(two, "smallest p of uniform ranks times parameters").value, 1);
  result.worlds.resize(1);
  for (const Gate& gate : summarise_self_test(result, {}).criteria)
    EXPECT_EQ(gate.remark, "1 world cannot decide") << gate.name;
  // A hundred decide, whatever their standard error.
  result.worlds.assign(100, result.worlds[0]);
  for (const Gate& gate : summarise_self_test(result, {}).criteria)
    EXPECT_EQ(gate.remark, "") << gate.name;
  EXPECT_FALSE(summarise_self_test(result, {}).passed());
}

TEST(SelfTestSummary, CriteriaFollowTheQuestion) {
  SelfTestResult result = even_worlds(0.2);
  SelfTestOptions delayed;
  delayed.delayed = true;
  EXPECT_FALSE(summarise_self_test(result, delayed).passed());
  for (std::size_t w = 0; w < 32; ++w) result.worlds[w].flagged = true;
  EXPECT_TRUE(summarise_self_test(result, delayed).passed());
  EXPECT_FALSE(summarise_self_test(result, {}).passed());  // flags where all is well
  SelfTestOptions without;
  without.between_studies = false;
  EXPECT_FALSE(summarise_self_test(result, without).passed());  // coverage did not fall
}

TEST(SelfTestSummary, GatesOfTheFitAreNoNumericalChecks) {
  SelfTestResult result = even_worlds(0.2);
  result.worlds[0].gates = {{"p of all residuals", 0.001, 0.01, true}};
  EXPECT_NEAR(summarise_self_test(result, {}).gates_passed, 1, 1e-12);
  result.worlds[1].gates = {{"largest split R-hat", 1.2, 1.01, false}};
  EXPECT_NEAR(summarise_self_test(result, {}).gates_passed, 39.0 / 40, 1e-12);
}

}  // namespace
}  // namespace npcsim

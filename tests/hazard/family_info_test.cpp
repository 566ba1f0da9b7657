#include "cases.hpp"
#include <npcsim/hazard/family_info.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(FamilyInfo, RowsStandInTheOrderOfTheEnumeration) {
  for (std::size_t i = 0; i < family_count; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(families()[i].family), i);
    EXPECT_EQ(&family_info(families()[i].family), &families()[i]);
  }
}

TEST(FamilyInfo, EveryNameAndAliasIsFoundOnce) {
  std::vector<std::string> seen;
  for (const FamilyInfo& info : families()) {
    EXPECT_EQ(find_family(info.name), &info);
    seen.emplace_back(info.name);
    for (const std::string_view alias : info.aliases) {
      if (alias.empty()) continue;
      EXPECT_EQ(find_family(alias), &info) << alias;
      seen.emplace_back(alias);
    }
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::adjacent_find(seen.begin(), seen.end()), seen.end());
  EXPECT_EQ(find_family("weibul"), nullptr);
  EXPECT_EQ(find_family(""), nullptr);
}

TEST(FamilyInfo, UnderstandsTheNamesOfFlexsurv) {
  const std::vector<std::pair<std::string, Family>> names{{"exp", Family::exponential},
                                                          {"weibull", Family::weibull},
                                                          {"weibullPH", Family::weibull_ph},
                                                          {"gompertz", Family::gompertz},
                                                          {"llogis", Family::log_logistic},
                                                          {"lnorm", Family::log_normal},
                                                          {"lognormal", Family::log_normal},
                                                          {"gamma", Family::gamma},
                                                          {"gengamma", Family::generalised_gamma},
                                                          {"genf", Family::generalised_f},
                                                          {"log_logistic", Family::log_logistic},
                                                          {"generalised_f", Family::generalised_f}};
  for (const auto& [name, family] : names) {
    ASSERT_NE(find_family(name), nullptr) << name;
    EXPECT_EQ(find_family(name)->family, family) << name;
  }
}

TEST(FamilyInfo, CurePrefixesGoBothWays) {
  for (const FamilyInfo& info : families()) {
    for (const Cure cure : {Cure::none, Cure::mixture, Cure::non_mixture}) {
      const auto found = find_model(model_name(info.family, cure));
      ASSERT_TRUE(found.has_value());
      EXPECT_EQ(found->family, info.family);
      EXPECT_EQ(found->cure, cure);
    }
  }
  EXPECT_EQ(find_model("cure_mixture_weibull")->cure, Cure::mixture);
  EXPECT_FALSE(find_model("cure_mixture_").has_value());
}

TEST(FamilyInfo, DescribesEveryParameter) {
  for (const FamilyInfo& info : families()) {
    const Baseline b = test::baseline_of(info.family, Cure::mixture);
    EXPECT_EQ(parameter_name(b, 0), "theta");
    EXPECT_EQ(parameter_info(b, 0).transform, Transform::logit);
    for (int i = 0; i < parameter_count(b); ++i) {
      EXPECT_FALSE(parameter_info(b, i).name.empty()) << info.name << i;
      EXPECT_FALSE(parameter_info(b, i).help.empty()) << info.name << i;
    }
  }
  const Baseline piecewise = test::baseline_of(Family::piecewise);
  EXPECT_EQ(parameter_count(piecewise), 4);
  EXPECT_EQ(parameter_name(piecewise, 3), "rate_3");
  EXPECT_EQ(parameter_name(test::baseline_of(Family::spline_odds), 2), "gamma_2");
  EXPECT_EQ(parameter_name(Baseline{Family::generalised_f}, 3), "P");
}

std::string problem(const Baseline& baseline, const std::vector<double>& p) {
  return parameter_problem(baseline, p.data());
}

TEST(ParameterProblem, NamesTheValueAndItsRange) {
  EXPECT_EQ(problem({Family::weibull}, {1.2, 300.0}), "");
  EXPECT_EQ(problem({Family::weibull}, {-1.0, 300.0}), "shape must be above 0, found -1");
  EXPECT_EQ(problem({Family::weibull}, {1.2, 0.0}), "scale must be above 0, found 0");
  EXPECT_EQ(problem({Family::exponential}, {-0.01}), "rate must be 0 or above, found -0.01");
  EXPECT_EQ(problem({Family::exponential}, {0.0}), "");
  EXPECT_EQ(problem({Family::gompertz}, {-0.1, 0.01}), "");
  EXPECT_EQ(problem({Family::log_normal}, {NAN, 1.0}), "meanlog must be finite, found nan");
  EXPECT_EQ(problem({Family::generalised_f}, {1.0, 1.0, -2.0, -0.5}),
            "P must be 0 or above, found -0.5");
  EXPECT_EQ(problem({Family::weibull, Cure::mixture}, {1.2, 1.0, 1.0}),
            "theta must be between 0 and 1, found 1.2");
  EXPECT_EQ(problem({Family::weibull, Cure::non_mixture}, {0.0, 1.0, 1.0}),
            "theta must be above 0 and at most 1, found 0");
  EXPECT_EQ(problem(test::baseline_of(Family::piecewise), {0.1, 0.1, -1.0, 0.1}),
            "rate_2 must be 0 or above, found -1");
}

TEST(ParameterProblem, SaysWhereASplineFalls) {
  EXPECT_EQ(problem(test::baseline_of(Family::spline_hazard), {-5.0, -0.5, 0.0, 0.0}),
            "the spline must increase in log time, found slope -0.5 at time 20.0855369");
}

TEST(ParameterProblem, AcceptsAllRandomParameters) {
  test::for_all_models(20, [](const Baseline& b, const std::vector<double>& p,
                              const std::string& label, test::Spread&) {
    EXPECT_EQ(knot_problem(b), "") << label;
    EXPECT_EQ(problem(b, p), "") << label;
    EXPECT_EQ(static_cast<int>(p.size()), parameter_count(b)) << label;
  });
}

TEST(KnotProblem, FindsDisorder) {
  const std::array<double, 3> disorder{1.0, 3.0, 2.0};
  EXPECT_EQ(knot_problem({Family::piecewise, Cure::none, disorder.data(), 3}),
            "change times must increase, found 2 after 3");
  const std::array<double, 1> zero{0.0};
  EXPECT_EQ(knot_problem({Family::piecewise, Cure::none, zero.data(), 1}),
            "change time must be above 0, found 0");
  EXPECT_EQ(knot_problem({Family::spline_odds, Cure::none, disorder.data(), 1}),
            "a spline needs at least its two boundary knots, found 1");
  EXPECT_EQ(knot_problem({Family::piecewise, Cure::none, nullptr, 0}), "");
}

}  // namespace
}  // namespace npcsim

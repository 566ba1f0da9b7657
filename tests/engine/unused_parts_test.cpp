// What a study does not use of its model costs it nothing and changes nothing.
#include "random_model.hpp"

#include <string>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

std::string study(const std::string& strategies, const std::string& report) {
  return "study: parts\nmodel: dmnpc\npopulation: fujian\nstrategies: " + strategies +
         "\npatients: 3000\nseed: 8\nhorizon: 120 months\nreport: " + report + "\n";
}

// Patients of the first strategy: all endpoints, and how many had each harm.
std::string first_strategy(const std::string& strategies) {
  const auto compiled_study = compiled(study(strategies, "{endpoints: [PFS, OS]}"));
  const OutcomeBlock block = outcomes(*compiled_study);
  std::string text;
  for (std::size_t e = 0; e < compiled_study->shape.endpoints.size(); ++e) {
    const std::size_t from = block.endpoint_column(compiled_study->shape, 0, e);
    for (std::size_t i = 0; i < block.count; ++i)
      text += std::to_string(block.ticks[from + i]) + " ";
  }
  for (std::size_t m = 0; m < compiled_study->shape.measures.size(); ++m) {
    const std::string& name = compiled_study->shape.measures[m].name;
    if (name.rfind("toxicity_", 0) != 0) continue;
    const std::size_t from = block.measure_column(compiled_study->shape, 0, m);
    long sum = 0;
    for (std::size_t i = 0; i < block.count; ++i) sum += block.measures[from + i];
    if (sum > 0) text += name + " " + std::to_string(sum) + "\n";
  }
  return text;
}

TEST(UnusedParts, AgentsOfOtherStrategiesChangeNoLife) {
  const std::string alone = first_strategy("[gp_pd1_lrrt]");
  EXPECT_NE(alone.find("toxicity_neutropenia"), std::string::npos);
  EXPECT_NE(alone.find("toxicity_hearing_loss"), std::string::npos);
  // Further regimens, concurrent cisplatin, capecitabine beside the PD-1 inhibitor, ablation.
  EXPECT_EQ(alone, first_strategy("[gp_pd1_lrrt, tp_pd1, pf_lrrt, gp_pd1_capecitabine_maintenance, "
                                  "gp_pd1_lrrt_ablation, gp_pd1_lrrt_hypofractionated]"));
}

TEST(UnusedParts, AttributesThatNothingAsksForAreNotFilled) {
  const auto plain = compiled(study("[gp]", "{endpoints: [OS]}"));
  const auto by_class = compiled(study("[gp]", "{endpoints: [OS], subgroups: [zou_2017_m1a]}"));
  const auto needed = [](const CompiledStudy& of, const char* attribute) {
    return of.needed.at(static_cast<std::size_t>(of.program->find_column(attribute)));
  };
  EXPECT_FALSE(needed(*plain, "zou_2017_m1a"));
  EXPECT_FALSE(needed(*plain, "oligometastatic_3"));  // derived from what is needed
  EXPECT_TRUE(needed(*plain, "lesion_count"));
  EXPECT_TRUE(needed(*by_class, "zou_2017_m1a"));
  // Classes of another system rest on classes: none of them is.
  EXPECT_FALSE(needed(*by_class, "shen_2015_m1a"));
  EXPECT_TRUE(needed(*compiled(study("[gp]", "{subgroups: [shen_2015_m1b]}")), "shen_2015_m1a"));
  // What a strategy looks at is needed.
  EXPECT_FALSE(needed(*plain, "high_risk"));
  EXPECT_TRUE(
      needed(*compiled(study("[gp_pd1_lrrt_high_risk]", "{endpoints: [OS]}")), "high_risk"));
}

}  // namespace
}  // namespace npcsim::testing

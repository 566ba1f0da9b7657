// The structural scenarios of the dmNPC model are there and change what they say.
#include "project_scenarios.hpp"
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/model/prior.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Liver by radiotherapy none, half and whole of the contrast log(1.81 / 0.61) of zou_2017; PD-1
// durable share 0 and 0.3; later lines without PD-1 inhibitor and with an effect of the era.
TEST(ProjectScenarios, ChangeTheValuesThatTheirTitlesSay) {
  const ScenarioSet set = project_scenarios(100);
  struct Expected {
    const char* scenario;
    const char* what;
    const char* after;
  };
  for (const Expected& row :
       {Expected{"liver_none", "rt_liver", "0"},
        {"liver_half", "rt_liver", "0.545"},
        {"liver_full", "rt_liver", "1.09"},
        {"pd1_wanes", "pd1_durable", "0"},
        {"pd1_durable", "pd1_durable", "0.3"},
        {"era_no_access", "later_pd1_access", "0"},
        {"era_later_pd1", "model.attributes.era_later_pd1", "{constant: 1}"}}) {
    bool found = false;
    for (const ScenarioChange& change : scenario_named(set, row.scenario).changes) {
      if (change.what != row.what) continue;
      found = true;
      EXPECT_EQ(change.after, row.after) << row.scenario;
      EXPECT_NE(change.before, row.after) << row.scenario;
    }
    EXPECT_TRUE(found) << row.scenario;
  }
  EXPECT_EQ(std::stod(scenario_named(set, "liver_half").changes[0].after) * 2,
            std::stod(scenario_named(set, "liver_full").changes[0].after));
  EXPECT_NEAR(std::stod(scenario_named(set, "liver_full").changes[0].after), std::log(1.81 / 0.61),
              0.005);
}

// A low and a high scenario are the 2.5 and 97.5 % points of the prior as the model has it now.
TEST(ProjectScenarios, LowAndHighAreQuantilesOfThePriors) {
  const ScenarioSet set = project_scenarios(100);
  const ParameterTable& parameters = set.base().model.parameters;
  int checked = 0;
  for (const Scenario& scenario : set.scenarios) {
    const bool low = scenario.name.ends_with("_low");
    if (!low && !scenario.name.ends_with("_high")) continue;
    ASSERT_EQ(scenario.changes.size(), 1U) << scenario.name;
    const ScenarioChange& change = scenario.changes[0];
    const std::int32_t index = parameters.find(change.what);
    ASSERT_GE(index, 0) << change.what;
    const double exact =
        prior_quantile(parameters.rows()[static_cast<std::size_t>(index)], low ? 0.025 : 0.975);
    EXPECT_EQ(std::stod(change.after), std::stod(rounded(exact, 3))) << scenario.name;
    ++checked;
  }
  EXPECT_EQ(checked, 6);
}

}  // namespace
}  // namespace npcsim::testing

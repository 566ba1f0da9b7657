// Populations and presets, limits of conditions, life tables: what a document means, by who lives.
#include "documents.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Death at 0.1 a month of those for whom the flag `at_risk` is true, of nobody else.
std::string study(const std::string& attributes, const std::string& more = "",
                  const std::string& parameters = "") {
  return "study: s\nmodel:\n  model: m\n  states: [alive, dead]\n" + parameters +
         "  attributes:\n" + attributes +
         "  processes:\n    death: {from: alive, to: dead, hazard: 0.1 per month, log_hr: {safe: "
         "-50}}\n  endpoints: {OS: {states: [dead]}}\n" +
         more + "strategies: [{strategy: none}]\npatients: 2000\nseed: 1\nhorizon: 600 months\n";
}

// How many of 2,000 die within 600 months.
std::string dead(const TempFolder& folder, const std::string& text) {
  folder.write("study.yaml", text);
  const ProcessResult run =
      npcsim(folder, {"run", "study.yaml", "--out", "o", "--force", "--quiet"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::string summary = read_text(folder / "o/summary.csv");
  const auto at = summary.find("event_share");
  if (at == std::string::npos) return summary;
  const auto line = summary.substr(at, summary.find('\n', at) - at);
  return line.find(",1,") != std::string::npos   ? "all"
         : line.find(",0,") != std::string::npos ? "nobody"
                                                 : line;
}

// The preset's `plus` would make everybody 10, and safe.
TEST(Population, ReplacesAnAttributeOfItsPresetAsAWhole) {
  const TempFolder folder;
  folder.write("configs/populations/base.yaml",
               "population: base\nattributes: {x: {constant: 5, plus: 5}}\n");
  const std::string attributes = "    x: {constant: 0}\n    safe: {condition: {x: {min: 8}}}\n";
  EXPECT_EQ(dead(folder, study(attributes, "population: {preset: base}\n")), "nobody");
  EXPECT_EQ(dead(folder,
                 study(attributes, "population: {preset: base, attributes: {x: {constant: 5}}}\n")),
            "all");
}

// 24 months are 2 of an attribute in years.
TEST(Condition, ALimitMayBeAParameterWithAUnit) {
  const TempFolder folder;
  const std::string parameters =
      "  parameters: {lim: {value: 24 months, source: assumed}, lim_twice: {value: 2, source: "
      "assumed}}\n";
  const auto at = [&](const std::string& years, const std::string& limit) {
    return dead(folder, study("    x: {constant: " + years + ", unit: years}\n" +
                                  "    safe: {condition: {x: {min: " + limit + "}}}\n",
                              "", parameters));
  };
  EXPECT_EQ(at("1.99", "$lim"), "all");
  EXPECT_EQ(at("2.01", "$lim"), "nobody");
  EXPECT_EQ(at("3.99", "$lim_twice * $lim"), "all");
  EXPECT_EQ(at("4.01", "$lim_twice * $lim"), "nobody");
}

// exp(900) is no number; the pair that both weights and `pair` favour has all of the probability.
TEST(Pattern, WeightsMayBeOfAnySize) {
  const TempFolder folder;
  const auto both = [&](const std::string& weights, const std::string& pair) {
    return dead(folder,
                study("    where: {pattern: {members: [a, b], weights: " + weights +
                      ", pair: " + pair + "}}\n    safe: {condition: {a: true, b: true}}\n"));
  };
  EXPECT_EQ(both("[900, 900]", "500"), "nobody");
  EXPECT_EQ(both("[-900, -900]", "-500"), "all");
}

TEST(LifeTable, MustSayAllThatIsAskedOfIt) {
  const TempFolder folder;
  const auto check = [&](const std::string& table, const std::string& sex) {
    folder.write("t.csv", table);
    folder.write("study.yaml",
                 "study: s\nmodel:\n  model: m\n  states: [alive, dead]\n  sex: sex\n"
                 "  attributes:\n    age: {constant: 50}\n    sex: " +
                     sex +
                     "\n  processes:\n    death: {from: alive, to: dead, clock: age, hazard: "
                     "{life_table: t.csv}}\n  endpoints: {OS: {states: [dead]}}\n"
                     "strategies: [{strategy: none}]\npatients: 10\nseed: 1\nhorizon: 12 months\n");
    return npcsim(folder, {"check", "study.yaml"});
  };
  const std::string flag = "{bernoulli: 0.5}";
  EXPECT_EQ(check("age_from,sex,rate\n0,male,0.5\n0,female,0.1\n", flag).exit_code, 0);
  const auto refused = [&](const std::string& table, const std::string& sex, const char* message) {
    const ProcessResult answer = check(table, sex);
    EXPECT_EQ(answer.exit_code, 65) << message;
    EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  };
  refused("age_from,sex,rate\n0,male,0.5\n", flag, "the life table has no rows for women\n");
  refused("age_from,sex,rate\n0,female,0.5\n", flag, "the life table has no rows for men\n");
  refused("age_from,rate,probability\n0,0.5,0.4\n", flag,
          "the life table says twice how many die: 'rate' and 'probability'\n");
  refused("age_from,sex,rate\n0,male,0.5\n0,female,0.1\n",
          "{categorical: {male: 0.5, female: 0.5}}", "study.yaml:5:8: error: 'sex' is no flag");
}

}  // namespace
}  // namespace npcsim::testing

// Calendar time of diagnosis: who says it, and that no way of running a study makes a difference.
#include "random_model.hpp"
#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::string by_year = "tests/verification/documents/life_table_by_year.csv";

/// Two states before death, with deaths by a life table from both, and one drug.
std::string study(const std::string& attributes, const std::string& more = "",
                  const std::string& table = by_year, const std::string& drug = "") {
  return R"(study: calendar
model:
  model: calendar
  states: [first_line, progressed, dead]
)" + attributes +
         R"(  processes:
    progression: {from: first_line, to: progressed, hazard: {exponential: 0.03 per month, source: assumed}}
    death: {from: first_line, to: dead, clock: age, hazard: {life_table: )" +
         table + R"(, source: assumed}}
    death_after: {from: progressed, to: dead, clock: age, hazard: {life_table: )" +
         table + R"(, hazard_multiplier: 2, source: assumed}}
  agents:
    drug: {)" +
         drug + R"(effects: [{process: [death, death_after], hr: 0.5, source: assumed}]}
  endpoints: {PFS: {processes: [progression, death]}, OS: {states: [dead]}}
strategies: [{strategy: none}, {strategy: treated, steps: [{give: drug}]}]
patients: 20000
seed: 7
horizon: 360 months
)" + more;
}

std::string attributes(const std::string& rest) {
  return "  attributes:\n    male: {bernoulli: 0.6, source: assumed}\n    age: {uniform: [40, 75], "
         "source: assumed}\n" +
         rest;
}

const std::string spread_out = attributes("    diagnosed_on: {uniform: [1995, 2018]}\n");

bool columnwise(const CompiledStudy& of) {
  const PatientSampler sampler(*of.program, of.needed);
  return BlockSimulator(of, sampler).is_columnwise();
}

TEST(Calendar, ColumnsAreTheEventLoopBitForBit) {
  const auto run = compiled(study(spread_out));
  ASSERT_TRUE(columnwise(*run));
  EXPECT_TRUE(same(outcomes(*run, true), outcomes(*run, false)));
  const auto one_year = compiled(study(attributes(""), "diagnosed_on: 2003.25\n"));
  ASSERT_TRUE(columnwise(*one_year));
  EXPECT_TRUE(same(outcomes(*one_year, true), outcomes(*one_year, false)));
  EXPECT_FALSE(same(outcomes(*run), outcomes(*one_year)));
}

TEST(Calendar, ThreadsAndBlocksDoNotMatter) {
  for (const std::string drug : {"", "cycle: {every: 21 d, cap: 30}, "}) {
    const auto run = compiled(study(spread_out, "", by_year, drug));
    EXPECT_EQ(columnwise(*run), drug.empty());
    const std::string bytes = run_blocks(*run, cut(1, 20000)).tally->bytes();
    for (const std::uint32_t block : {777U, 4096U})
      EXPECT_TRUE(bytes == run_blocks(*run, cut(3, block)).tally->bytes()) << block;
  }
}

TEST(Calendar, OfAStudyIsThatOfAnAttributeWhichIsTheSameForAll) {
  const OutcomeBlock study_says =
      outcomes(*compiled(study(attributes(""), "diagnosed_on: 2009.5\n")));
  EXPECT_TRUE(same(study_says, outcomes(*compiled(
                                   study(attributes("    diagnosed_on: {constant: 2009.5}\n"))))));
  EXPECT_TRUE(
      same(study_says,
           outcomes(*compiled(
               study("  diagnosed_on: year\n" +
                     attributes("    year: {linear: {intercept: 2009.5, terms: {male: 0}}}\n"))))));
}

TEST(Calendar, WordOfTheStudyHoldsAgainstTheModelAndThePopulation) {
  const OutcomeBlock alone = outcomes(*compiled(study(attributes(""), "diagnosed_on: 2009.5\n")));
  EXPECT_TRUE(same(alone, outcomes(*compiled(study(spread_out, "diagnosed_on: 2009.5\n")))));
  const std::string population =
      "population: {attributes: {diagnosed_on: {uniform: [1995, 2018]}}}\n";
  EXPECT_TRUE(same(
      alone, outcomes(*compiled(study(attributes(""), population + "diagnosed_on: 2009.5\n")))));
  // The population alone says it as the model would.
  EXPECT_TRUE(same(outcomes(*compiled(study(spread_out))),
                   outcomes(*compiled(study(attributes(""), population)))));
}

TEST(Calendar, IsAnAttributeLikeOthers) {
  // Terms and conditions may use it, wherever it comes from.
  const std::string derived =
      "    recent: {condition: {diagnosed_on: {min: 2005}}}\n    late: {linear: {intercept: 0, "
      "terms: [{of: diagnosed_on, centre: 2000, coef: 1}]}}\n";
  const auto run =
      compiled(study(attributes(derived), "diagnosed_on: 2009.5\nreport: {subgroups: [recent]}\n"));
  EXPECT_EQ(run->program->find_column("diagnosed_on"), 0);
  const OutcomeBlock block = outcomes(*run);
  for (const std::uint8_t level : block.levels) ASSERT_EQ(level, 1);
}

TEST(Calendar, WithoutOneTheLatestYearHoldsForEverybody) {
  const TempFolder folder;
  const std::string latest = folder
                                 .write("latest.csv",
                                        "age_from,sex,rate\n0,male,0.002\n50,male,0.008\n"
                                        "60,male,0.025\n70,male,0.09\n0,female,0.001\n"
                                        "50,female,0.005\n65,female,0.05\n")
                                 .string();
  EXPECT_TRUE(same(outcomes(*compiled(study(attributes("")))),
                   outcomes(*compiled(study(attributes(""), "", latest)))));
}

TEST(Calendar, TableWithoutYearsDoesNotAskForIt) {
  const std::string plain = "tests/verification/documents/life_table.csv";
  const auto with = compiled(study(spread_out, "", plain));
  EXPECT_EQ(with->program->processes[1].calendar_column, -1);
  EXPECT_TRUE(same(outcomes(*with), outcomes(*compiled(study(attributes(""), "", plain)))));
}

TEST(Calendar, DrawsOfParametersKeepTheStudysYear) {
  const std::string text = study(
      "  parameters: {rate: {value: 0.03 per month, prior: {log_normal: [0.03, 0.1]}, "
      "source: assumed}}\n" +
          attributes(""),
      "diagnosed_on: 2002.5\ndraws: {count: 2, from: prior}\n");
  const auto run = compiled(text);
  Diagnostics problems;
  const auto draw = with_parameters(*run, run->model.parameters.values(), problems);
  EXPECT_FALSE(problems.has_errors());
  EXPECT_EQ(problems.warning_count(), 0U);
  EXPECT_TRUE(same(outcomes(*run), outcomes(*draw)));
}

}  // namespace
}  // namespace npcsim::testing

// npcsim validate: a posterior and the models that are to have its values.
#include "documents.hpp"
#include "support/statistical.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/io/csv.hpp>

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// A second model beside that of the two trials, whose rate has a name of its own, and a trial of
// it.
void write_other_model(const TempFolder& folder, const std::string& rate = "other_rate",
                       const std::string& value = "0.04 per month") {
  std::string model = read_text(folder / "configs/models/one_hazard.yaml");
  model = changed(model, "model: one_hazard", "model: other_hazard");
  model = changed(model, "death_rate: {value: 0.04 per month", rate + ": {value: " + value);
  if (value != "0.04 per month")
    model = changed(model, "log_normal: [0.04, 0.3]", "log_normal: [0.48, 0.3]");
  folder.write("configs/models/other_hazard.yaml", changed(model, "$death_rate", "$" + rate));
  for (const char* const name : {"wait", "treat"}) {
    const std::string text = read_text(folder / ("strategies/" + std::string(name) + ".yaml"));
    const std::string mine = changed(text, "model: one_hazard", "model: other_hazard");
    folder.write("strategies/other_" + std::string(name) + ".yaml",
                 changed(mine, "strategy: ", "strategy: other_"));
  }
  std::string trial = read_text(folder / "configs/emulations/first.yaml");
  trial = changed(trial, "study: first", "study: third");
  trial = changed(trial, "one_hazard", "other_hazard");
  trial = changed(trial, "strategy: wait", "strategy: other_wait");
  folder.write("configs/emulations/third.yaml",
               changed(trial, "strategy: treat", "strategy: other_treat"));
  folder.write(
      "configs/evidence/third.yaml",
      "evidence: third\ntitle: Made up too\nstudies:\n  third: {title: Third, design: randomised, "
      "patients: 200, disease: dmnpc, source: [somebody]}\ntargets:\n  third_never_12: {study: "
      "third, arm: never, endpoint: OS, statistic: landmark_survival, at_months: 12, value: 0.6, "
      "unit: fraction, n: 100, n_basis: printed, kind: randomised, confounded: false, population: "
      "all_patients, place: Table 1}\nsources:\n  somebody: Somebody, made up\n");
}

ProcessResult validated(const TempFolder& folder, const std::vector<std::string>& names,
                        const std::string& posterior) {
  folder.write("post.csv", posterior);
  std::vector<std::string> words{"validate", "--posterior",  "post.csv",   "--out",
                                 "out",      "--draws",      "2",          "--replicates",
                                 "100",      "--patients",   "2048",       "--force",
                                 "--quiet",  "--parameters", "nothing.csv"};
  folder.write("nothing.csv", "parameter,sd_ratio,note\nnone,1,\n");
  words.insert(words.end(), names.begin(), names.end());
  return npcsim(folder, words);
}

// The line of a figure in the table.
std::string row_of(const TempFolder& folder, const std::string& figure) {
  const std::string table = read_text(folder / "out/figures.csv");
  const auto at = table.find("," + figure + ",");
  if (at == std::string::npos) return "no such figure";
  const auto begin = table.rfind('\n', at) + 1;
  return table.substr(begin, table.find('\n', at) - begin);
}

double predicted(const TempFolder& folder, const std::string& figure) {
  Diagnostics diagnostics;
  const auto table = read_csv_file((folder / "out/figures.csv").string(), diagnostics);
  const auto names = table->texts("figure", diagnostics);
  const auto* numbers = table->numbers("predicted", diagnostics);
  for (std::size_t row = 0; row < names->size(); ++row) {
    if ((*names)[row] == figure) return (*numbers)[row];
  }
  return std::nan("");
}

// Each of the two models has one of the columns: the order of the names changes nothing.
TEST(ValidatePosterior, EveryModelTakesItsOwnParameters) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_other_model(folder);
  const std::string posterior = "draw,death_rate,other_rate\n1,0.1,0.2\n2,0.1,0.2\n";
  ASSERT_EQ(validated(folder, {"first", "third"}, posterior).exit_code, 0);
  const std::string first = row_of(folder, "first_never_12");
  const std::string third = row_of(folder, "third_never_12");
  // The middle of 200 data sets of 100 patients around a pool of 2,048: the median's standard error
  // is sqrt(pi / 2) times that of a mean.
  for (const auto& [figure, rate] : {std::pair("first_never_12", 0.1), {"third_never_12", 0.2}}) {
    const double share = std::exp(-12 * rate);
    const double se =
        std::sqrt(share * (1 - share) * (std::acos(-1.0) / 2 / 100 / 200 + 1.0 / 2048));
    EXPECT_LT(std::fabs(z_score(predicted(folder, figure), share, se)), z_limit) << figure;
  }
  ASSERT_EQ(validated(folder, {"third", "first"}, posterior).exit_code, 0);
  EXPECT_EQ(row_of(folder, "first_never_12"), first);
  EXPECT_EQ(row_of(folder, "third_never_12"), third);
}

TEST(ValidatePosterior, OneNumberInTwoUnitsIsRefused) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_other_model(folder, "death_rate", "0.48 per year");
  const ProcessResult answer =
      validated(folder, {"first", "third"}, "draw,death_rate\n1,0.04\n2,0.04\n");
  EXPECT_EQ(answer.exit_code, 78);
  EXPECT_EQ(answer.err,
            "post.csv:1:6: error: 'death_rate' is written in 'per month' in the model 'one_hazard' "
            "and in 'per year' in 'other_hazard'\n"
            "    1 | draw,death_rate\n"
            "      |      ^~~~~~~~~~\n"
            "   hint: one column has one unit: validate the models one by one\n"
            "1 error, nothing was run\n");
  // Alone each reads it in its own unit.
  ASSERT_EQ(validated(folder, {"third"}, "draw,death_rate\n1,2.4\n2,2.4\n").exit_code, 0);
  const double share = std::exp(-12 * 0.2);
  const double se = std::sqrt(share * (1 - share) * (std::acos(-1.0) / 40000 + 1.0 / 2048));
  EXPECT_LT(std::fabs(z_score(predicted(folder, "third_never_12"), share, se)), z_limit);
}

TEST(ValidatePosterior, AColumnThatNoModelKnowsIsAWarning) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer =
      npcsim(folder, {"validate", "first", "--posterior",
                      folder
                          .write("post.csv",
                                 "draw,death_rat,effect,study_first,hyper_other\n"
                                 "1,0.1,-0.5,0,0\n2,0.1,-0.4,0,0\n")
                          .string(),
                      "--out", "out", "--draws", "2", "--patients", "512"});
  EXPECT_EQ(answer.exit_code, 0);
  const auto at = answer.err.find("post.csv");
  ASSERT_NE(at, std::string::npos);
  EXPECT_EQ(answer.err.substr(at),
            "post.csv:1:6: warning: no model has a parameter 'death_rat': this column is not "
            "used\n"
            "    1 | draw,death_rat,effect,study_first,hyper_other\n"
            "      |      ^~~~~~~~~\n"
            "   hint: did you mean 'death_rate'?\n");
}

TEST(ValidatePosterior, WithoutAnyParameterIsRefused) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = validated(folder, {"first"}, "nosuchparam\n0.1\n0.2\n");
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "post.csv:1:1: warning: no model has a parameter 'nosuchparam': this column is not "
            "used\n"
            "    1 | nosuchparam\n"
            "      | ^~~~~~~~~~~\n"
            "   hint: one of death_rate, effect\n"
            "post.csv:1:1: error: no column is a parameter of a model\n"
            "    1 | nosuchparam\n"
            "      | ^~~~~~~~~~~\n"
            "   hint: columns are called as the models call their parameters; --base validates the "
            "values of the documents\n"
            "1 error, nothing was run\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST(ValidatePosterior, ACellWithoutAPossibleValueIsRefused) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult missing = validated(folder, {"first"}, "draw,effect\n1,0.1\n2,\n");
  EXPECT_EQ(missing.exit_code, 65);
  EXPECT_EQ(missing.err,
            "post.csv:3:3: error: 'effect' has no value in this row\n"
            "    3 | 2,\n"
            "      |   ^\n"
            "   hint: a draw has a number for every parameter of the file\n"
            "1 error, nothing was run\n");
  write_other_model(folder, "other_risk", "40 % within 12 months");
  const ProcessResult high = validated(folder, {"third"}, "draw,other_risk\n1,40\n2,120\n");
  EXPECT_EQ(high.exit_code, 65);
  EXPECT_EQ(high.err,
            "post.csv:3:3: error: 'other_risk' is 120; it cannot stand before '% within 12 "
            "months'\n"
            "    3 | 2,120\n"
            "      |   ^~~\n"
            "1 error, nothing was run\n");
}

}  // namespace
}  // namespace npcsim::testing

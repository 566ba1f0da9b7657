// npcsim validate: what the posterior has seen, what two emulations share out, and small runs.
#include "documents.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/report/report_page.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

constexpr const char* rows_of_30 = "the posterior has 2 rows for 30 draws: some are used again";

ProcessResult validated(const TempFolder& folder, const std::string& draws,
                        const std::vector<std::string>& more) {
  folder.write("fit/posterior.csv", "draw,effect\n1,-0.5\n2,-0.4\n");
  std::vector<std::string> words{
      "validate", "first",  "second",     "--posterior", "fit/posterior.csv",
      "--out",    "out",    "--patients", "512",         "--draws",
      draws,      "--force"};
  words.insert(words.end(), more.begin(), more.end());
  return npcsim(folder, words);
}

std::string use_of(const TempFolder& folder, const std::string& figure) {
  Diagnostics diagnostics;
  const auto table = read_csv_file((folder / "out/figures.csv").string(), diagnostics);
  const auto names = table->texts("figure", diagnostics);
  const auto uses = table->texts("use", diagnostics);
  for (std::size_t row = 0; row < names->size(); ++row) {
    if ((*names)[row] == figure) return (*uses)[row];
  }
  return "no such figure";
}

TEST(ValidateSeen, FiguresThatThePosteriorDoesNotKnowAreCountedApart) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("fit/predictions.csv",
               "study,figure,use\nfirst,first_never_12,fitted\nfirst,first_never_24,fitted\n"
               "first,first_treated_12,fitted\nfirst,first_treated_24,fitted\n"
               "second,second_never_12,shown\n");
  const ProcessResult answer = validated(folder, "30", {});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("8 of 8 figures simulated; of 4 published ones "), std::string::npos)
      << answer.out;
  EXPECT_NE(answer.out.find("\nof 4 that the posterior has not seen "), std::string::npos)
      << answer.out;
  EXPECT_EQ(use_of(folder, "first_never_12"), "fitted");
  EXPECT_EQ(use_of(folder, "second_never_12"), "not seen by the posterior");
  EXPECT_EQ(use_of(folder, "second_treated_24"), "not seen by the posterior");
  const std::string page = read_text(folder / "out/report.html");
  if (report_has_figures()) {
    EXPECT_NE(page.find(R"("use":"not seen")"), std::string::npos);
  }
  const ProcessResult json = validated(folder, "30", {"--json"});
  EXPECT_NE(json.out.find(R"("not seen by the posterior")"), std::string::npos) << json.out;
}

// Without a word of a calibration nobody can tell.
TEST(ValidateSeen, WithoutPredictionsEveryFigureThatCanBeFittedIs) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = validated(folder, "30", {});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(answer.out.find("not seen"), std::string::npos) << answer.out;
  EXPECT_EQ(use_of(folder, "second_never_12"), "fitted");
  folder.write("fit/predictions.csv", "study,figure\nfirst,first_never_12\n");
  ASSERT_EQ(validated(folder, "30", {}).exit_code, 0);
  EXPECT_EQ(use_of(folder, "second_never_12"), "fitted");
}

// As of a cohort before and after matching: each figure is one, wherever it is simulated.
TEST(ValidateSeen, FiguresOfTwoEmulationsOfOneStudyCountOnce) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string first = read_text(folder / "configs/emulations/first.yaml");
  folder.write("configs/emulations/first.yaml",
               first + "targets: {first_never_12: {none: the other half}}\n");
  folder.write("configs/emulations/again.yaml",
               changed(first, "study: first", "study: again\npublication: first") +
                   "targets:\n  first_never_24: {none: the first half}\n"
                   "  first_treated_12: {none: the first half}\n"
                   "  first_treated_24: {none: not simulated at all}\n");
  const ProcessResult answer = validated(folder, "30", {"again"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("8 of 8 figures simulated; of 8 published"), std::string::npos)
      << answer.out;
  EXPECT_EQ(answer.out.find("not simulated"), std::string::npos) << answer.out;
  const std::string page = read_text(folder / "out/report.html");
  EXPECT_EQ(page.find("the other half"), std::string::npos);
}

TEST(ValidateSeen, WarnsOfIntervalsOfAHandfulOfDataSets) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string few =
      "the intervals are those of 4 data sets: the ends of a 95 % interval need 50 or more";
  const ProcessResult answer = validated(folder, "2", {});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.err.find("warning: " + few + "\n"), std::string::npos) << answer.err;
  EXPECT_EQ(answer.err.find("some are used again"), std::string::npos) << answer.err;
  EXPECT_NE(read_text(folder / "out/report.html").find("T" + few.substr(1) + "."),
            std::string::npos);
  const ProcessResult more = validated(folder, "30", {});
  EXPECT_EQ(more.err.find(few), std::string::npos) << more.err;
  EXPECT_NE(more.err.find(std::string("warning: ") + rows_of_30), std::string::npos) << more.err;
}

}  // namespace
}  // namespace npcsim::testing

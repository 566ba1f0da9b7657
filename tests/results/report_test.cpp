// The page of a small run, and the lines on the terminal.
#include "small_study.hpp"
#include <npcsim/report/report_page.hpp>
#include <npcsim/results/detail/sampled_lives.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

TEST(Report, IsTheSameWhenItIsRebuiltFromTheFolder) {
  const auto study = small_study(500);
  const TempFolder folder;
  run_into(*study, folder.path().string(), {2, 0, WriteOptions::Keep::summary, 1, true});
  const std::string first = read_text(folder / "report.html");
  write_text(folder / "report.html", "gone");
  rebuild_report(*study, folder.path().string());
  EXPECT_EQ(read_text(folder / "report.html"), first);
}

TEST(Report, SpeaksInTheTitlesOfTheDocuments) {
  const auto study = small_study(300);
  const TempFolder folder;
  run_into(*study, folder.path().string(), {1, 0, WriteOptions::Keep::summary, 1, true});
  const std::string page = read_text(folder / "report.html");
  for (const char* const words :
       {"A drug that delays progression", "The drug", "Rash", "https://example.org/doe",
        "weibull: {shape: 1.3, scale: 10 months}"}) {
    EXPECT_NE(page.find(words), std::string::npos) << words;
  }
  // The plain page of a build without figures has the short names of endpoints only.
  if (report_has_figures()) {
    EXPECT_NE(page.find("Time without worsening (PFS)"), std::string::npos);
  }
}

TEST(SampledLives, SharesOfStatesAddUpAndTheDeadAreThoseOfTheSummary) {
  const auto study = small_study(2000);
  const TempFolder folder;
  const auto rows = run_into(*study, folder.path().string(), {1, 0});
  const detail::SampledLives lives = detail::sample_lives(*study, 2);
  ASSERT_EQ(lives.patients, 2000U);
  for (const auto& strategy : lives.occupancy) {
    for (std::size_t month = 0; month < lives.months.size(); ++month) {
      std::uint32_t sum = 0;
      for (const auto& state : strategy) sum += state[month];
      EXPECT_EQ(sum, 2000U);
    }
  }
  // All patients are in the sample, so the dead at 24 months are exactly those of the curve.
  for (const SummaryRow& row : rows) {
    if (row.strategy == "drug" && row.endpoint == "OS" && row.statistic == "survival" &&
        row.subgroup.empty() && row.versus.empty() && std::fabs(*row.at_months - 24) < 1e-9) {
      const double dead = lives.occupancy[1][2][24];
      EXPECT_NEAR(1 - dead / 2000, *row.value, 1e-12);
    }
  }
}

TEST(ResultText, NamesPlacesAndSaysWhatItIsNot) {
  const auto study = small_study(100);
  const TempFolder folder;
  const auto rows = run_into(*study, folder.path().string(), {1, 0});
  RunOptions run_options;
  run_options.threads = 1;
  const RunResult run = run_blocks(*study, run_options);
  WriteOptions options;
  options.folder = "outputs/runs/small";
  const std::string text = result_text(*study, run, {rows, {}, {}}, options);
  EXPECT_NE(text.find("100 patients under each strategy, followed for 36 months, seed 11"),
            std::string::npos);
  EXPECT_NE(text.find("outputs/runs/small/report.html"), std::string::npos);
  EXPECT_NE(text.find("not medical advice"), std::string::npos);
  EXPECT_NE(text.find("warning: with fewer than 1024 patients"), std::string::npos);
}

}  // namespace

}  // namespace npcsim::testing

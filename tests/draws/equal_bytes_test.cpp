// The same numbers whatever the threads, blocks, interruptions, slices and companions.
#include "draws_study.hpp"
#include <npcsim/comparison/draw_figures.hpp>
#include <npcsim/io/files.hpp>

#include <atomic>
#include <bit>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

using Figures = std::vector<std::vector<double>>;

// NaN equals NaN: these are the bytes.
std::vector<std::uint64_t> bits(const Figures& figures) {
  std::vector<std::uint64_t> out;
  for (const auto& draw : figures) {
    for (const double value : draw) out.push_back(std::bit_cast<std::uint64_t>(value));
  }
  return out;
}

TEST(EqualDraws, WhateverTheThreadsAndBlocks) {
  const auto study = draws_study({});
  const RunResult one = run_all(*study, 1);
  ASSERT_TRUE(one.complete);
  ASSERT_EQ(one.draws.size(), 5U);
  for (const int threads : {1, 2, 3, 7}) {
    for (const std::uint32_t block : {500U, 64U, 17U}) {
      EXPECT_EQ(bits(run_all(*study, threads, block).draws), bits(one.draws))
          << threads << " threads, blocks of " << block;
    }
  }
}

TEST(EqualDraws, AfterAnInterruption) {
  DrawsStudy how;
  how.draws = "{count: 30, from: prior}";
  const auto study = draws_study(how);
  const RunResult whole = run_all(*study);
  const TempFolder folder;
  std::atomic<bool> stop{false};
  RunOptions options;
  options.threads = 2;
  options.block_patients = 50;
  options.folder = folder.path().string();
  options.stop = &stop;
  // The process is stopped in a reduction in the middle, where a draw has just been finished.
  const DrawFigures figures(study->shape);
  std::atomic<int> reduced{0};
  const DrawsResult part = run_draws(*study, options, [&](const Tally& tally) {
    if (++reduced == 11) stop = true;
    return figures.of(tally);
  });
  EXPECT_FALSE(part.complete);
  const std::uint64_t kept = finished_draws(options.folder);
  EXPECT_GE(kept, 11U);
  EXPECT_LT(kept, 30U);
  options.stop = nullptr;
  options.resume = true;
  std::atomic<int> again{0};
  const DrawsResult rest = run_draws(*study, options, [&](const Tally& tally) {
    ++again;
    return figures.of(tally);
  });
  ASSERT_TRUE(rest.complete);
  EXPECT_EQ(static_cast<std::uint64_t>(again), 30 - kept);
  EXPECT_EQ(bits(rest.figures), bits(whole.draws));
}

TEST(EqualDraws, AfterARecordWasTornInTheMiddle) {
  const auto study = draws_study({});
  const TempFolder folder;
  RunOptions options;
  options.folder = folder.path().string();
  options.threads = 1;
  const RunResult whole = run_study(*study, options);
  const std::string log = (folder / "draws.log").string();
  std::filesystem::resize_file(log, std::filesystem::file_size(log) - 9);
  EXPECT_EQ(finished_draws(options.folder), 4U);
  options.resume = true;
  EXPECT_EQ(bits(run_study(*study, options).draws), bits(whole.draws));
}

TEST(EqualDraws, JoinedFromSlices) {
  const auto study = draws_study({});
  const RunResult whole = run_all(*study);
  const TempFolder folder;
  std::vector<std::string> folders;
  RunOptions options;
  options.threads = 2;
  options.block_patients = 64;
  options.slices = 3;
  for (options.slice = 1; options.slice <= 3; ++options.slice) {
    options.folder = (folder / std::to_string(options.slice)).string();
    make_folders(options.folder);
    ASSERT_TRUE(run_study(*study, options).complete);
    folders.push_back(options.folder);
  }
  RunOptions joined;
  joined.block_patients = 64;
  const RunResult merged = merge_study(*study, joined, folders);
  ASSERT_TRUE(merged.complete) << merged.failure;
  EXPECT_EQ(bits(merged.draws), bits(whole.draws));
  folders.pop_back();
  EXPECT_FALSE(merge_study(*study, joined, folders).complete);
}

TEST(EqualDraws, WithOrWithoutOtherStrategies) {
  DrawsStudy more;
  more.strategies = "[control, drug, other]";
  const auto few = draws_study({});
  const auto many = draws_study(more);
  const RunResult a = run_all(*few);
  const RunResult b = run_all(*many);
  for (const auto& [strategy, statistic] :
       std::vector<std::pair<std::string, std::string>>{{"control", "median"},
                                                        {"control", "rmst"},
                                                        {"drug", "median"},
                                                        {"drug", "hazard_ratio"},
                                                        {"drug", "difference_rmst"}}) {
    for (std::size_t draw = 0; draw < 5; ++draw) {
      EXPECT_EQ(a.draws[draw][figure_place(*few, strategy, "OS", statistic)],
                b.draws[draw][figure_place(*many, strategy, "OS", statistic)])
          << strategy << " " << statistic;
    }
  }
}

// A draw is the study that somebody would write with these values.
TEST(EqualDraws, AsAStudyWithTheDrawnValues) {
  const TempFolder folder;
  write_text(folder / "posterior.csv", "rate,log_hr\n0.0321,-0.77\n0.08,-0.1\n");
  DrawsStudy how;
  how.draws = "{from: posterior.csv}";
  how.file = (folder / "study.yaml").string();
  const auto study = draws_study(how);
  const RunResult run = run_all(*study);
  DrawsStudy written;
  written.draws = "";
  written.rate = "0.0321";
  written.log_hr = "-0.77";
  const auto alone = draws_study(written);
  const RunResult other = run_all(*alone);
  EXPECT_EQ(bits({run.draws[0]}), bits({DrawFigures(alone->shape).of(*other.tally)}));
}

// Values without errors are the values with errors.
TEST(DrawFigures, AreThoseOfTheSummary) {
  const auto study = small_study(2000);
  RunOptions options;
  const RunResult run = run_blocks(*study, options);
  const DrawFigures figures(study->shape);
  const std::vector<double> values = figures.of(*run.tally);
  const std::vector<SummaryRow> rows = summary_rows(*run.tally);
  ASSERT_EQ(figures.keys().size(), rows.size());  // no set is empty here
  for (std::size_t k = 0; k < rows.size(); ++k) {
    EXPECT_EQ(figures.keys()[k].statistic, rows[k].statistic);
    EXPECT_EQ(rows[k].value.has_value(), values[k] == values[k]) << k;
    if (rows[k].value) {
      EXPECT_EQ(*rows[k].value, values[k]) << k;
    }
  }
}

// Nobody is frail: those rows are not in the summary, and empty among the figures.
TEST(DrawFigures, OfAnEmptySetAreEmpty) {
  std::string text = draws_text({});
  text.replace(text.find("held: {value: 0.5"), 17, "held: {value: 0.0");
  const auto study = compile_text("empty.yaml", text);
  const RunResult run = run_all(*study);
  const DrawFigures figures(study->shape);
  const std::vector<double> values = figures.of(*run.tally);
  std::size_t empty = 0;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const SummaryRow& key = figures.keys()[k];
    if (key.subgroup == "frail=yes" && key.statistic != "patients") {
      EXPECT_NE(values[k], values[k]) << key.statistic;
      ++empty;
    }
  }
  EXPECT_GT(empty, 5U);
  EXPECT_LT(summary_rows(*run.tally).size(), values.size());
}

}  // namespace

}  // namespace npcsim::testing

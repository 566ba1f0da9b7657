// npcsim calibrate: what it leaves in its folder.
#include "documents.hpp"
#include "support/statistical.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/base/table.hpp>
#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/report/report_page.hpp>

#include <cmath>
#include <memory>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// One calibration for all tests of this file.
class CalibrationFolder : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder_ = std::make_unique<TempFolder>();
    write_tiny_calibration(*folder_);
    answer_ = npcsim(*folder_, {"calibrate", "configs/calibrations/tiny.yaml", "--out", "out",
                                "--threads", "1"});
  }
  static void TearDownTestSuite() { folder_.reset(); }
  static std::string path(const std::string& name) { return (*folder_ / ("out/" + name)).string(); }
  static Table table(const std::string& group) {
    return read_table_hdf5(Hdf5File::open(path("posterior.h5")), group);
  }
  static const Column::Numbers& numbers(const Table& table, const std::string& column) {
    return std::get<Column::Numbers>(table.find(column)->cells);
  }

  static std::unique_ptr<TempFolder> folder_;
  static ProcessResult answer_;
};
std::unique_ptr<TempFolder> CalibrationFolder::folder_;
ProcessResult CalibrationFolder::answer_;

TEST_F(CalibrationFolder, LeavesTheseFiles) {
  EXPECT_LE(answer_.exit_code, 1) << answer_.err;
  EXPECT_EQ(names_in(*folder_ / "out"),
            (std::vector<std::string>{"gates.csv", "parameters.csv", "posterior.csv",
                                      "posterior.h5", "predictions.csv", "provenance.json",
                                      "report.html", "studies.csv"}));
}

TEST_F(CalibrationFolder, TheDrawsOfTheBinaryFileAreThoseOfTheTextFile) {
  std::string draws = read_text(path("posterior.csv"));
  if (draws.starts_with("# prior only: ")) draws.erase(0, draws.find('\n') + 1);
  EXPECT_EQ(to_csv(table("/draws")), draws);
  EXPECT_EQ(to_csv(table("/parameters")), read_text(path("parameters.csv")));
  EXPECT_EQ(to_csv(table("/gates")), read_text(path("gates.csv")));
}

TEST_F(CalibrationFolder, TheRealLineIsThatOfThePrior) {
  const Table natural = table("/draws");
  const Table real = table("/draws_real_line");
  const Table prior = table("/prior");
  ASSERT_EQ(real.rows(), 4000U);
  EXPECT_EQ(std::get<Column::Texts>(prior.find("transform")->cells),
            (Column::Texts{"log", "identity"}));
  // As the model writes them: log 0.04 per month and 0.3; 0 and 0.5.
  EXPECT_NEAR(numbers(prior, "mean")[0], std::log(0.04), 1e-14);
  EXPECT_EQ(numbers(prior, "sd"), (Column::Numbers{0.3, 0.5}));
  for (std::size_t r = 0; r < real.rows(); ++r) {
    EXPECT_NEAR(std::log(numbers(natural, "death_rate")[r]), numbers(real, "death_rate")[r], 1e-13);
    EXPECT_EQ(numbers(natural, "effect")[r], numbers(real, "effect")[r]);
  }
}

TEST_F(CalibrationFolder, MeanAndCovarianceAreThoseOfTheDraws) {
  const Table real = table("/draws_real_line");
  const Table stored = table("/covariance");
  const auto& rate = numbers(real, "death_rate");
  const auto& effect = numbers(real, "effect");
  const auto n = static_cast<double>(rate.size());
  double x = 0;
  double y = 0;
  double xy = 0;
  for (std::size_t r = 0; r < rate.size(); ++r) {
    x += rate[r] / n;
    y += effect[r] / n;
    xy += rate[r] * effect[r] / n;
  }
  EXPECT_NEAR(numbers(stored, "mean")[0], x, 1e-12);
  EXPECT_NEAR(numbers(stored, "mean")[1], y, 1e-12);
  // E[xy] - E[x] E[y], with n - 1: another formula than the program's.
  EXPECT_NEAR(numbers(stored, "effect")[0], (xy - x * y) * n / (n - 1), 1e-11);
  EXPECT_EQ(numbers(stored, "effect")[0], numbers(stored, "death_rate")[1]);
}

TEST_F(CalibrationFolder, ANewStudyIsDrawnWithTheSpreadOfItsRow) {
  const Table draws = table("/draws");
  const Table studies = table("/new_study");
  ASSERT_EQ(studies.rows(), draws.rows());
  const auto n = static_cast<double>(draws.rows());
  // Standard normal scores: their sum has sd sqrt(n), that of their squares sqrt(2 n).
  const auto expect_scores = [&](const char* of, const auto& score) {
    double sum = 0;
    double squares = 0;
    for (std::size_t r = 0; r < draws.rows(); ++r) {
      const double z = score(r);
      sum += z;
      squares += z * z;
    }
    EXPECT_LT(std::abs(sum) / std::sqrt(n), z_limit) << of;
    EXPECT_LT(std::abs(squares - n) / std::sqrt(2 * n), z_limit) << of;
  };
  const auto hyper = [&](const char* name, std::size_t r) {
    return numbers(draws, "hyper_" + std::string(name))[r];
  };
  const auto drawn = [&](const char* name, std::size_t r) { return numbers(studies, name)[r]; };
  expect_scores("death", [&](std::size_t r) { return drawn("death", r) / hyper("tau_death", r); });
  expect_scores("death_series", [&](std::size_t r) {
    return (drawn("death_series", r) - drawn("death", r)) / hyper("tau_series_death", r);
  });
  expect_scores("effect_matched", [&](std::size_t r) {
    return (drawn("effect_matched", r) - drawn("effect_randomised", r) - hyper("bias_matched", r)) /
           hyper("sd_bias_matched", r);
  });
  expect_scores("proportion",
                [&](std::size_t r) { return drawn("proportion", r) / hyper("phi_proportion", r); });
  expect_scores("shape",
                [&](std::size_t r) { return drawn("shape", r) / hyper("sigma_shape", r); });
  expect_scores("shape_series", [&](std::size_t r) {
    return drawn("shape_series", r) /
           std::hypot(hyper("sigma_shape", r), hyper("sigma_series_shape", r));
  });
}

TEST_F(CalibrationFolder, TheBinaryFileSaysWhereItComesFrom) {
  const Hdf5File file = Hdf5File::open(path("posterior.h5"));
  EXPECT_EQ(file.text_attribute("/", "calibration"), "tiny");
  EXPECT_EQ(file.integer_attribute("/", "seed"), 11);
  EXPECT_EQ(file.text_attribute("/", "verdict"), answer_.exit_code == 0 ? "passed" : "failed");
  EXPECT_EQ(file.text_attribute("/", "evidence_digest").size(), 16U);
  EXPECT_EQ(numbers(table("/weights"), "weight"), Column::Numbers(4000, 1.0));
}

TEST_F(CalibrationFolder, NeitherThreadsNorTheFolderChangeTheBinaryFile) {
  const ProcessResult again = npcsim(*folder_, {"calibrate", "configs/calibrations/tiny.yaml",
                                                "--out", "again", "--threads", "2", "--quiet"});
  EXPECT_EQ(again.exit_code, answer_.exit_code) << again.err;
  EXPECT_EQ(again.out, "");
  EXPECT_EQ(hdf5_digest((*folder_ / "again/posterior.h5").string()),
            hdf5_digest(path("posterior.h5")));
}

TEST_F(CalibrationFolder, ThePageShowsWhatWasLearnt) {
  const std::string page = read_text(path("report.html"));
  const auto has = [&](const std::string& text) { return page.find(text) != std::string::npos; };
  if (!report_has_figures()) {  // a page of words alone
    EXPECT_TRUE(has("<title>Two &lt;made-up&gt; trials</title>"));
    EXPECT_FALSE(has("<script"));
    return;
  }
  EXPECT_TRUE(has(R"("title":"Two \u003cmade-up> trials")"));
  EXPECT_TRUE(has(R"("name":"death_rate")"));
  EXPECT_TRUE(has(R"("meaning":"log hazard ratio of death")"));
  // 97.5 % of the normal prior: 1.959964 x 0.5.
  EXPECT_TRUE(has(R"("prior":[-0.979981)"));
  EXPECT_TRUE(has(R"("study":"second")"));
  EXPECT_TRUE(has(R"("draws":{"parameters":["death_rate","effect"])"));
  EXPECT_TRUE(has(R"("name":"largest split R-hat")"));
  EXPECT_TRUE(has("(hyper_bias_unmatched)"));
  // Every parameter between studies has a short name and a meaning.
  for (const BetweenPrior& prior : default_between_priors()) {
    EXPECT_FALSE(prior.title.empty()) << prior.name;
    EXPECT_TRUE(has("\"name\":\"" + prior.title + "\"")) << prior.name;
    EXPECT_TRUE(has(prior.meaning + " (hyper_" + prior.name + ")")) << prior.name;
  }
}

}  // namespace
}  // namespace npcsim::testing

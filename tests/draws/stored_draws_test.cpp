// What a run with draws leaves behind.
#include "draws_study.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/report/report_page.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

RunFigures run_into(const CompiledStudy& study, const TempFolder& folder, bool report = false) {
  RunOptions options;
  options.threads = 2;
  const RunResult run = run_study(study, options);
  WriteOptions write;
  write.folder = folder.path().string();
  write.report = report;
  return write_results(study, run, {}, write);
}

Table csv(const TempFolder& folder, const std::string& name) {
  Diagnostics diagnostics;
  const auto table = read_csv_file((folder / name).string(), diagnostics);
  if (!table) throw std::runtime_error(diagnostics.text(""));
  return table->table();
}

TEST(StoredDraws, BaseCaseIsByteForByteARunWithoutDraws) {
  DrawsStudy without;
  without.draws = "";
  const TempFolder a;
  const TempFolder b;
  run_into(*draws_study({}), a);
  run_into(*draws_study(without), b);
  EXPECT_EQ(read_text(a / "summary.csv"), read_text(b / "summary.csv"));
}

TEST(StoredDraws, TableHasARowForEachDrawAndFigure) {
  const auto study = draws_study({});
  const TempFolder folder;
  const RunFigures figures = run_into(*study, folder);
  const Table draws = csv(folder, "draws.csv");
  const std::vector<std::string> names = {"draw",      "strategy", "versus",
                                          "subgroup",  "endpoint", "statistic",
                                          "at_months", "value",    "unit"};
  ASSERT_EQ(draws.columns.size(), names.size());
  for (std::size_t c = 0; c < names.size(); ++c) EXPECT_EQ(draws.columns[c].name, names[c]);
  EXPECT_EQ(draws.rows(), 6 * figures.draws.size());
  // Draw 0 has the values of summary.csv: no set is empty here.
  const Table summary = csv(folder, "summary.csv");
  for (std::size_t row = 0; row < summary.rows(); ++row) {
    EXPECT_EQ(draws.find("value")->cell_text(row), summary.find("value")->cell_text(row)) << row;
    EXPECT_EQ(draws.find("statistic")->cell_text(row), summary.find("statistic")->cell_text(row));
  }
}

TEST(StoredDraws, Hdf5HoldsTheSameWithCodes) {
  const auto study = draws_study({});
  const TempFolder folder;
  run_into(*study, folder);
  const Table draws = csv(folder, "draws.csv");
  const Hdf5File file = Hdf5File::open((folder / "results.h5").string());
  const auto values = file.read<double>("/draws/value");
  const auto codes = file.read<std::int32_t>("/draws/statistic");
  ASSERT_EQ(values.size(), draws.rows());
  std::vector<std::string> levels;
  std::string word;
  for (const char c : file.text_attribute("/draws/statistic", "levels") + "\n") {
    if (c == '\n') {
      levels.push_back(word);
      word.clear();
    } else {
      word += c;
    }
  }
  for (std::size_t row = 0; row < values.size(); ++row) {
    const std::string text = draws.find("value")->cell_text(row);
    if (!text.empty()) {
      EXPECT_EQ(values[row], std::stod(text));
    }
    EXPECT_EQ(levels[static_cast<std::size_t>(codes[row])],
              draws.find("statistic")->cell_text(row));
  }
  const Table stored = read_table_hdf5(file, "/draws_parameters");
  EXPECT_EQ(stored.rows(), 6U);
  const auto& log_hr = std::get<Column::Numbers>(stored.find("log_hr")->cells);
  for (std::int64_t draw = 0; draw <= 5; ++draw) {
    EXPECT_EQ(log_hr[static_cast<std::size_t>(draw)],
              study->draws->written(draw, study->model.parameters)[1]);
  }
}

TEST(StoredDraws, SummaryReadsBack) {
  const TempFolder folder;
  const RunFigures figures = run_into(*draws_study({}), folder);
  const Hdf5File file = Hdf5File::open((folder / "results.h5").string());
  const Table back = read_table_hdf5(file, "/draws_summary");
  EXPECT_EQ(back.rows(), figures.draws.size());
  EXPECT_EQ(to_csv(back), read_text(folder / "draws_summary.csv"));
}

TEST(StoredDraws, StudyWithoutDrawsHasDrawZeroOnly) {
  const TempFolder folder;
  DrawsStudy without;
  without.draws = "";
  run_into(*draws_study(without), folder);
  const Hdf5File file = Hdf5File::open((folder / "results.h5").string());
  for (const std::int32_t draw : file.read<std::int32_t>("/draws/draw")) EXPECT_EQ(draw, 0);
  EXPECT_EQ(file.read<double>("/draws_parameters/rate"), std::vector<double>{0.05});
  EXPECT_FALSE(file.exists("/draws_summary"));
  EXPECT_FALSE(std::filesystem::exists(folder / "draws.csv"));
}

TEST(StoredDraws, StudyInTheFolderGivesTheSameBytes) {
  const TempFolder documents;
  write_text(documents / "my_posterior.csv",
             "# prior only: rate\nrate,log_hr\n0.04,-0.7\n0.06,-0.3\n0.05,-0.2\n");
  DrawsStudy how;
  how.draws = "{count: 2, from: my_posterior.csv, patients: fresh}";
  how.file = (documents / "study.yaml").string();
  const auto study = draws_study(how);
  const TempFolder first;
  run_into(*study, first, true);
  EXPECT_EQ(read_text(first / "inputs/my_posterior.csv"),
            read_text(documents / "my_posterior.csv"));
  const auto again = compile_text((first / "study.yaml").string(), read_text(first / "study.yaml"));
  EXPECT_EQ(again->digest, study->digest);
  const TempFolder second;
  run_into(*again, second, true);
  for (const char* const name :
       {"summary.csv", "draws.csv", "draws_summary.csv", "study.yaml", "report.html"}) {
    EXPECT_EQ(read_text(first / name), read_text(second / name)) << name;
  }
  EXPECT_EQ(hdf5_digest((first / "results.h5").string()),
            hdf5_digest((second / "results.h5").string()));
  // And the report can be made again from the folder.
  const std::string page = read_text(first / "report.html");
  write_text(first / "report.html", "gone");
  rebuild_report(*again, first.path().string());
  EXPECT_EQ(read_text(first / "report.html"), page);
  if (!report_has_figures()) {  // a page of words alone
    EXPECT_EQ(page.find("<script"), std::string::npos);
    return;
  }
  EXPECT_NE(page.find("known by their priors only: rate"), std::string::npos);
  EXPECT_NE(page.find("2 of 3 parameters vary, by the rows of my_posterior.csv; other patients in "
                      "each draw"),
            std::string::npos);
}

}  // namespace

}  // namespace npcsim::testing

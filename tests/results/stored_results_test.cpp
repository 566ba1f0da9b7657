// What results.h5 and provenance.json hold.
#include "small_study.hpp"
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/results/detail/stored_tables.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

class StoredResults : public ::testing::Test {
 protected:
  StoredResults()
      : study_(small_study()),
        rows_(run_into(*study_, folder_.path().string(), {2, 500, WriteOptions::Keep::journal})),
        file_(Hdf5File::open((folder_ / "results.h5").string())) {}

  double summary(const std::string& strategy, const std::string& endpoint,
                 const std::string& statistic) const {
    for (const SummaryRow& row : rows_) {
      if (row.strategy == strategy && row.endpoint == endpoint && row.statistic == statistic &&
          row.subgroup.empty()) {
        return row.value.value();
      }
    }
    throw std::runtime_error("no such row");
  }

  TempFolder folder_;
  std::unique_ptr<CompiledStudy> study_;
  std::vector<SummaryRow> rows_;
  Hdf5File file_;
};

TEST_F(StoredResults, SummaryReadsBackToTheSameRows) {
  const auto back = detail::summary_rows_of(read_table_hdf5(file_, "/summary"));
  EXPECT_EQ(to_csv(summary_table(back, "small")), read_text(folder_ / "summary.csv"));
  ASSERT_EQ(back.size(), rows_.size());
}

TEST_F(StoredResults, OutcomesHaveOneRowPerPatientAndStrategyInOrder) {
  const auto patient = file_.read<std::int64_t>("/outcomes/patient");
  const auto strategy = file_.read<std::int32_t>("/outcomes/strategy");
  ASSERT_EQ(patient.size(), 6000U);
  for (std::size_t row = 0; row < patient.size(); ++row) {
    EXPECT_EQ(patient[row], static_cast<std::int64_t>(row / 2));
    EXPECT_EQ(strategy[row], static_cast<std::int32_t>(row % 2));
  }
  EXPECT_EQ(file_.text_attribute("/outcomes/strategy", "levels"), "control\ndrug");
}

TEST_F(StoredResults, RestrictedMeanFollowsFromTheColumns) {
  // Nobody is censored before the horizon: the mean of the recorded times is the restricted mean.
  const auto ticks = file_.read<std::int32_t>("/outcomes/os_ticks");
  const auto per_month = file_.integer_attribute("/outcomes/os_ticks", "ticks_per_month");
  double sum = 0;
  for (std::size_t row = 1; row < ticks.size(); row += 2) sum += ticks[row];
  EXPECT_NEAR(sum / static_cast<double>(per_month) / 3000, summary("drug", "OS", "rmst"), 1e-9);
}

TEST_F(StoredResults, MeasuresFollowFromTheColumns) {
  const auto cycles = file_.read<std::int32_t>("/outcomes/cycles_drug");
  double sum = 0;
  for (std::size_t row = 1; row < cycles.size(); row += 2) sum += cycles[row];
  EXPECT_NEAR(sum / 3000, summary("drug", "cycles_drug", "mean"), 1e-9);
}

TEST_F(StoredResults, PatientsHoldVisibleAttributesOnly) {
  const auto names = file_.names("/patients");
  EXPECT_EQ(names, (std::vector<std::string>{"age", "frail", "patient"}));
  const auto frail = file_.read<std::int32_t>("/patients/frail");
  ASSERT_EQ(frail.size(), 3000U);
  double members = 0;
  for (const SummaryRow& row : rows_) {
    if (row.subgroup == "frail=yes" && row.strategy == "control" && row.endpoint == "OS" &&
        row.statistic == "patients") {
      members = row.value.value();
    }
  }
  EXPECT_EQ(static_cast<double>(std::count(frail.begin(), frail.end(), 1)), members);
  EXPECT_EQ(file_.text_attribute("/patients/frail", "levels"), "no\nyes");
}

TEST_F(StoredResults, JournalHoldsEveryDeath) {
  const auto kind = file_.read<std::int32_t>("/journal/kind");
  const auto state = file_.read<std::int32_t>("/journal/detail");
  const auto events = file_.read<std::int32_t>("/outcomes/os_event");
  const auto kinds = file_.read<std::string>("/names/kind");
  const auto states = file_.read<std::string>("/names/state");
  std::int64_t journal_deaths = 0;
  for (std::size_t i = 0; i < kind.size(); ++i) {
    if (kinds[static_cast<std::size_t>(kind[i])] == "fired" &&
        states[static_cast<std::size_t>(state[i])] == "dead") {
      ++journal_deaths;
    }
  }
  EXPECT_EQ(journal_deaths,
            std::count_if(events.begin(), events.end(), [](std::int32_t e) { return e > 0; }));
}

TEST_F(StoredResults, ParametersAndDrawsSayWhatWasUsed) {
  EXPECT_EQ(file_.read<std::string>("/parameters/name"), std::vector<std::string>{"drug_log_hr"});
  EXPECT_EQ(file_.read<std::string>("/parameters/source"), std::vector<std::string>{"doe_2020"});
  EXPECT_EQ(file_.read<double>("/draws_parameters/drug_log_hr"), std::vector<double>{-0.6});
}

TEST_F(StoredResults, ProvenanceListsWhatIsAssumed) {
  const std::string json = read_text(folder_ / "provenance.json");
  EXPECT_NE(json.find("\"attributes > frail\""), std::string::npos);
  EXPECT_NE(json.find("weibull: {shape: 1.3, scale: 10 months}"), std::string::npos);
  EXPECT_EQ(json.find("\"drug_log_hr\""), std::string::npos) << "it has a source";
}

TEST(OutputSample, IsTheSamePatientsInEveryTableAndNested) {
  const auto study = small_study();
  const auto patients_at = [&](double share, const std::string& table) {
    const TempFolder folder;
    run_into(*study, folder.path().string(), {1, 0, WriteOptions::Keep::journal, share});
    auto found = Hdf5File::open((folder / "results.h5").string())
                     .read<std::int64_t>("/" + table + "/patient");
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
  };
  const auto tenth = patients_at(0.1, "patients");
  EXPECT_EQ(tenth, patients_at(0.1, "outcomes"));
  EXPECT_EQ(tenth, patients_at(0.1, "journal"));
  const auto third = patients_at(0.3, "patients");
  EXPECT_TRUE(std::includes(third.begin(), third.end(), tenth.begin(), tenth.end()));
  // Binomial with n = 3000, p = 0.1: standard deviation 16.4; z = 4.9 is one false alarm in a
  // million.
  EXPECT_NEAR(static_cast<double>(tenth.size()), 300, 4.9 * 16.43);
}

// A signal while patients are written: nothing of the run is lost.
TEST(StoppedOutput, IsHeardInEveryTableAndCanBeWrittenAgain) {
  const auto study = small_study();
  const TempFolder folder;
  RunOptions options;
  options.threads = 1;
  options.block_patients = 500;
  options.folder = folder.path().string();
  options.keep_patients = true;
  const RunResult run = run_blocks(*study, options);
  WriteOptions write;
  write.folder = options.folder;
  write.report = false;
  write.keep = WriteOptions::Keep::journal;
  int times = 0;
  int stop_at = 1'000'000;
  write.stop = [&] { return ++times > stop_at; };
  write_results(*study, run, {}, write);
  // The base case of /draws, 3000 patients in chunks of 256, six blocks of outcomes, a life each.
  EXPECT_EQ(times, 1 + 12 + 6 + 3000);
  const std::string whole = read_text(folder / "summary.csv");
  for (const int at : {0, 5, 15, 1000}) {
    times = 0;
    stop_at = at;
    EXPECT_THROW(write_results(*study, run, {}, write), Stopped) << at;
  }
  times = 0;
  stop_at = 1'000'000;
  write_results(*study, run, {}, write);
  EXPECT_EQ(read_text(folder / "summary.csv"), whole);
  EXPECT_EQ(Hdf5File::open((folder / "results.h5").string())
                .read<std::int64_t>("/patients/patient")
                .size(),
            3000U);
}

TEST(DamagedResults, AreAFileErrorOfTheReport) {
  const auto study = small_study(300);
  const TempFolder folder;
  run_into(*study, folder.path().string(), {});
  const std::string path = (folder / "results.h5").string();
  Hdf5File file = Hdf5File::create(path);
  Table curves;
  curves.name = "curves";
  curves.add_texts("strategy").cells = Column::Texts{"drug", "drug"};
  curves.add_texts("endpoint").cells = Column::Texts{"OS"};
  write_table_hdf5(file, "/summary", curves);
  file.close();
  try {
    rebuild_report(*study, folder.path().string());
    ADD_FAILURE() << "nothing failed";
  } catch (const FileError& error) {
    EXPECT_EQ(std::string(error.what()),
              "cannot read '" + path +
                  "': the file is damaged: the columns of '/summary' differ in length");
  }
}

}  // namespace

}  // namespace npcsim::testing

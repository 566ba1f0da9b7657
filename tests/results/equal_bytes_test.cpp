// The same results whatever the threads and blocks, and from the study that a run leaves behind.
#include "small_study.hpp"
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

std::string h5(const TempFolder& folder) { return (folder / "results.h5").string(); }

TEST(Results, DoNotDependOnThreadsAndBlocks) {
  const auto study = small_study();
  const TempFolder one;
  const TempFolder other;
  run_into(*study, one.path().string(), {1, 3000, WriteOptions::Keep::journal});
  run_into(*study, other.path().string(), {3, 77, WriteOptions::Keep::journal});
  EXPECT_EQ(read_text(one / "summary.csv"), read_text(other / "summary.csv"));
  EXPECT_EQ(hdf5_digest(h5(one)), hdf5_digest(h5(other)));
}

TEST(Results, ReportDataDoNotDependOnThreads) {
  const auto study = small_study(500);
  const TempFolder one;
  const TempFolder other;
  run_into(*study, one.path().string(), {1, 0, WriteOptions::Keep::summary, 1, true});
  run_into(*study, other.path().string(), {3, 0, WriteOptions::Keep::summary, 1, true});
  EXPECT_EQ(read_text(one / "report.html"), read_text(other / "report.html"));
}

TEST(Results, OtherSeedGivesOtherDigest) {
  const auto study = small_study(200);
  const TempFolder one;
  run_into(*study, one.path().string(), {1, 0, WriteOptions::Keep::patients});
  const TempFolder other;
  std::string text = read_text(one / "study.yaml");
  text.replace(text.find("seed: 11"), 8, "seed: 12");
  run_into(*compile_text("study.yaml", text), other.path().string(),
           {1, 0, WriteOptions::Keep::patients});
  EXPECT_NE(hdf5_digest(h5(one)), hdf5_digest(h5(other)));
}

TEST(Results, StudyInTheFolderGivesTheSameBytes) {
  const auto study = small_study();
  const TempFolder first;
  run_into(*study, first.path().string(), {1, 0, WriteOptions::Keep::patients});
  const auto again = compile_text("study.yaml", read_text(first / "study.yaml"));
  const TempFolder second;
  run_into(*again, second.path().string(), {1, 0, WriteOptions::Keep::patients});
  EXPECT_EQ(study->digest, again->digest);
  for (const char* const name : {"summary.csv", "study.yaml"}) {
    EXPECT_EQ(read_text(first / name), read_text(second / name)) << name;
  }
  EXPECT_EQ(hdf5_digest(h5(first)), hdf5_digest(h5(second)));
}

}  // namespace

}  // namespace npcsim::testing

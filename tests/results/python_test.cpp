// The lines of outputs/README.md, run by Python.
#include "small_study.hpp"
#include "support/process.hpp"

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {

namespace {

constexpr const char* python = "/usr/bin/python3";

TEST(Python, ReadsOutcomesAsTheReadmeShows) {
  const auto found = run_program({python, "-c", "import h5py, numpy"});
  ASSERT_EQ(found.exit_code, 0) << "scripts/setup test installs it\n" << found.err;
  const auto study = small_study(400);
  const TempFolder folder;
  const auto rows = run_into(*study, folder.path().string(), {1, 0, WriteOptions::Keep::patients});
  const auto result = run_program({python, NPCSIM_SOURCE_DIR "/tests/results/read_with_h5py.py",
                                   (folder / "results.h5").string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const SummaryRow& row : rows) {
    if (row.strategy == "drug" && row.endpoint == "OS" && row.statistic == "rmst" &&
        row.subgroup.empty()) {
      EXPECT_NEAR(std::stod(result.out), *row.value, 1e-9);
    }
  }
}

}  // namespace

}  // namespace npcsim::testing

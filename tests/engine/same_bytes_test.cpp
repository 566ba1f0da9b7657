// Equal bytes however a run is cut: threads, blocks, size, company of strategies, and restarts.
#include "random_model.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/comparison/summary.hpp>
#include <npcsim/io/table_io.hpp>

#include <atomic>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Eligible by acceptance, so that candidates are drawn again too; an event loop with everything in
// it.
std::unique_ptr<CompiledStudy> reference_study(std::uint32_t patients,
                                               const std::string& strategies) {
  return compiled(R"(study: bytes
model: dmnpc
population: {preset: review, eligible: {organ_count: {max: 2}}}
strategies: )" + strategies +
                  R"(
patients: )" + std::to_string(patients) +
                  R"(
seed: 20240217
horizon: 120 months
report: {subgroups: [liver]}
)");
}

std::string bytes_of(const CompiledStudy& study, const RunOptions& options) {
  const RunResult result = run_blocks(study, options);
  EXPECT_TRUE(result.complete) << result.failure;
  return result.tally->bytes() + std::to_string(result.candidates);
}

TEST(SameBytes, ForAnyThreadsAndAnyBlocks) {
  const auto study = reference_study(10000, "[gp, gp_pd1_lrrt]");
  const std::string bytes = bytes_of(*study, cut(1, 10000));
  for (const int threads : {1, 2, 3}) {
    for (const std::uint32_t block : {777U, 1000U, 4096U, 65536U}) {
      EXPECT_TRUE(bytes == bytes_of(*study, cut(threads, block)))
          << threads << " threads, blocks of " << block;
    }
  }
}

TEST(SameBytes, InColumnsForAnyThreadsAndAnyBlocks) {
  const auto study = compiled(random_study({.seed = 2, .simple = true, .patients = 70001}));
  const std::string bytes = bytes_of(*study, cut(1, 70001));
  for (const int threads : {1, 2, 3}) {
    for (const std::uint32_t block : {777U, 1000U, 4096U, 65536U}) {
      EXPECT_TRUE(bytes == bytes_of(*study, cut(threads, block)))
          << threads << " threads, blocks of " << block;
    }
  }
}

TEST(SameBytes, ForPatientsOfASmallAndOfALargeRun) {
  const auto small = reference_study(1000, "[gp, gp_pd1_lrrt]");
  const auto large = reference_study(100000, "[gp, gp_pd1_lrrt]");
  EXPECT_TRUE(same(outcomes(*small), outcomes(*large, true, 0, 1000)));
  // And for patients who lie across a border of any chunk.
  const OutcomeBlock middle = outcomes(*large, true, 900, 700);
  const OutcomeBlock begin = outcomes(*large, true, 0, 1600);
  for (std::size_t s = 0; s < 2; ++s) {
    for (std::size_t e = 0; e < large->shape.endpoints.size(); ++e) {
      const std::size_t a = middle.endpoint_column(large->shape, s, e);
      const std::size_t b = begin.endpoint_column(large->shape, s, e) + 900;
      for (std::size_t i = 0; i < 700; ++i) {
        ASSERT_EQ(middle.ticks[a + i], begin.ticks[b + i]);
        ASSERT_EQ(middle.events[a + i], begin.events[b + i]);
      }
    }
  }
}

TEST(SameBytes, ForAStrategyAloneOrBesideOthers) {
  const auto alone = reference_study(3000, "[gp_pd1_lrrt]");
  const auto beside = reference_study(3000, "[gp, gp_pd1, gp_pd1_lrrt, pf]");
  const OutcomeBlock a = outcomes(*alone);
  const OutcomeBlock b = outcomes(*beside);
  for (std::size_t e = 0; e < alone->shape.endpoints.size(); ++e) {
    const std::size_t in_a = a.endpoint_column(alone->shape, 0, e);
    const std::size_t in_b = b.endpoint_column(beside->shape, 2, e);
    for (std::size_t i = 0; i < 3000; ++i) {
      ASSERT_EQ(a.ticks[in_a + i], b.ticks[in_b + i]);
      ASSERT_EQ(a.events[in_a + i], b.events[in_b + i]);
    }
  }
  for (std::size_t m = 0; m < alone->shape.measures.size(); ++m) {
    for (std::size_t k = 0; k < beside->shape.measures.size(); ++k) {
      if (beside->shape.measures[k].name != alone->shape.measures[m].name) continue;
      for (std::size_t i = 0; i < 3000; ++i) {
        ASSERT_EQ(a.measures[a.measure_column(alone->shape, 0, m) + i],
                  b.measures[b.measure_column(beside->shape, 2, k) + i])
            << alone->shape.measures[m].name;
      }
    }
  }
}

TEST(SameBytes, InRandomModelsWithAndWithoutCompany) {
  for (std::uint32_t seed = 0; seed < 12; ++seed) {
    const std::string alone = "  - {strategy: one, steps: [{give: drug, cycles: 4}]}\n";
    const auto one = compiled(random_study({.seed = seed, .strategies = alone}));
    const auto two = compiled(random_study(
        {.seed = seed,
         .strategies =
             "  - {strategy: zero, steps: [{give: rt}, {give: other, when: {x: true}}]}\n" +
             alone}));
    const OutcomeBlock a = outcomes(*one);
    const OutcomeBlock b = outcomes(*two);
    for (std::size_t e = 0; e < 2; ++e) {
      for (std::size_t i = 0; i < a.count; ++i) {
        ASSERT_EQ(a.ticks[a.endpoint_column(one->shape, 0, e) + i],
                  b.ticks[b.endpoint_column(two->shape, 1, e) + i]);
      }
    }
  }
}

// Stops a run from outside after `enough` patients, as a signal would, then goes on.
std::string interrupted(const CompiledStudy& study, bool keep, std::uint64_t enough) {
  const TempFolder folder;
  std::atomic<bool> stop{false};
  RunOptions options;
  options.threads = 2;
  options.block_patients = 500;
  options.folder = folder.path().string();
  options.keep_patients = keep;
  options.snapshot_seconds = 0;
  options.stop = &stop;
  options.progress = [&](const Progress& progress) {
    if (progress.done >= enough) stop = true;
  };
  const RunResult part = run_blocks(study, options);
  stop = false;
  options.progress = nullptr;
  options.resume = true;
  options.threads = 3;
  const RunResult whole = run_blocks(study, options);
  EXPECT_TRUE(whole.complete);
  std::string bytes = whole.tally->bytes() + std::to_string(whole.candidates);
  if (keep) {
    std::uint32_t expected = 0;
    read_patients(options.folder, [&](const OutcomeBlock& block) {
      EXPECT_EQ(block.first_patient, expected);
      expected += block.count;
      EXPECT_TRUE(same(block, outcomes(study, true, block.first_patient, block.count)));
    });
    EXPECT_EQ(expected, static_cast<std::uint32_t>(study.study.patients));
  }
  return bytes;
}

TEST(SameBytes, AfterAnInterruption) {
  const auto study = reference_study(6000, "[gp, gp_pd1]");
  const std::string bytes = bytes_of(*study, cut(1));
  EXPECT_TRUE(bytes == interrupted(*study, false, 1));
  EXPECT_TRUE(bytes == interrupted(*study, true, 1));
  EXPECT_TRUE(bytes == interrupted(*study, true, 3000));
}

TEST(SameBytes, InTheTextOfTheSummary) {
  const auto study = reference_study(5000, "[gp, gp_pd1]");
  const auto text = [&](int threads) {
    const RunResult result = run_blocks(*study, cut(threads, 640));
    const TempFolder folder;
    const std::string path = (folder / "summary.csv").string();
    write_table_csv(path, summarise(*result.tally, "bytes"));
    return read_text(path);
  };
  EXPECT_TRUE(text(1) == text(3));
}

}  // namespace
}  // namespace npcsim::testing

// What running blocks keeps, whatever happens in one of its threads.
#include "made_blocks.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/detail/run_state.hpp>

#include <atomic>
#include <cstdlib>
#include <new>
#include <thread>

#include <gtest/gtest.h>

namespace {

// While it is on, large pieces of memory go to the first thread that asks for one, and to no other.
std::atomic<bool> memory_is_scarce{false};
std::atomic<bool> somebody_has_some{false};
thread_local bool has_some = false;

void* memory(std::size_t size) {
  constexpr std::size_t large = 150'000;
  if (size >= large && memory_is_scarce) {
    if (!somebody_has_some.exchange(true)) has_some = true;
    if (!has_some) return nullptr;
  }
  return std::malloc(size == 0 ? 1 : size);
}

}  // namespace

// Not inlined: compilers that see through one of a pair call it mismatched.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (void* const found = memory(size)) return found;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* place) noexcept { std::free(place); }
[[gnu::noinline]] void operator delete(void* place, std::size_t) noexcept { std::free(place); }

namespace npcsim::testing {
namespace {

// So many patients that it takes seconds to come to the end.
std::unique_ptr<CompiledStudy> one_hazard(std::int64_t patients) {
  Diagnostics diagnostics;
  const Library library;
  Tree tree = read_yaml_text("one.yaml", R"(study: one
model:
  model: one
  states: [alive, dead]
  processes: {death: {from: alive, to: dead, hazard: 0.05 per month}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: nothing}]
seed: 1
horizon: 12 months
patients: 64
)",
                             diagnostics);
  inline_documents(library, tree, diagnostics);
  auto study = compile_study(library, tree, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  study->study.patients = patients;
  return study;
}

// Patients in the snapshot of a folder; 0 if there is none.
std::uint64_t patients_kept(const std::string& folder) {
  const auto snapshot = read_snapshot(detail::snapshot_path(folder));
  if (!snapshot) return 0;
  std::string_view payload = snapshot->payload;
  detail::SnapshotHead head;
  EXPECT_TRUE(detail::take_head(payload, head));
  return head.done;
}

TEST(Runner, AThreadWithoutMemoryEndsTheRunAndWhatTheOthersHaveFinishedIsKept) {
  const auto study = one_hazard(200'000'000);
  const TempFolder folder;
  RunOptions options;
  options.threads = 2;
  options.block_patients = 65'536;
  options.folder = folder.path().string();
  options.snapshot_seconds = 86'400;  // none before the end
  memory_is_scarce = true;
  EXPECT_THROW(run_blocks(*study, options), std::bad_alloc);
  memory_is_scarce = false;
  const std::uint64_t kept = patients_kept(options.folder);
  EXPECT_GT(kept, 0U);
  EXPECT_LT(kept, 200'000'000U) << "the other thread has gone on to the end";
  options.resume = true;
  detail::RunState resumed(*study, options);
  resumed.restore();
  EXPECT_EQ(resumed.result().tally->patients(), kept);
}

// With a lock for many that lets newcomers in while somebody waits, the last block comes first.
TEST(RunState, ASnapshotIsWrittenThoughThereIsAlwaysSomebodyWhoAddsABlock) {
  const auto study = one_hazard(2'000'000'000);
  const TempFolder folder;
  RunOptions options;
  options.block_patients = 512;
  options.folder = folder.path().string();
  options.snapshot_seconds = 86'400;
  detail::RunState state(*study, options);
  state.restore();
  const OutcomeBlock outcomes = made_block(study->shape, {}, 0, options.block_patients);
  std::atomic<std::uint64_t> next{0};
  std::atomic<bool> saved{false};
  std::vector<std::thread> adding;
  for (int thread = 0; thread < 8; ++thread) {
    adding.emplace_back([&] {
      for (std::uint64_t block = 0; !saved && (block = next.fetch_add(1)) < state.end_block();)
        state.add(block, outcomes, options.block_patients);
    });
  }
  while (next < 100) std::this_thread::yield();
  state.save();
  saved = true;
  for (std::thread& thread : adding) thread.join();
  EXPECT_GT(patients_kept(options.folder), 0U);
  EXPECT_LT(next, state.end_block());
}

}  // namespace
}  // namespace npcsim::testing

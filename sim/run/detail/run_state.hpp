// A run in progress: which of its blocks are finished, the sums over them, and what is on the disk.
#pragma once

#include <npcsim/io/block_log.hpp>
#include <npcsim/run/runner.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <vector>

namespace npcsim::detail {

std::string log_path(const std::string& folder);
std::string snapshot_path(const std::string& folder);

/// Bytes that the outcomes of one patient take in a block.
std::uint64_t bytes_per_patient(const OutcomeShape& shape);

/// What a snapshot says beside the tallies.
struct SnapshotHead {
  std::uint64_t done = 0;  ///< patients
  std::uint64_t candidates = 0;
  std::vector<std::uint64_t> finished;  ///< bitmap of blocks
};
/// Takes the head off the front of a snapshot's payload; false if it is none.
bool take_head(std::string_view& payload, SnapshotHead& head);

class RunState {
 public:
  RunState(const CompiledStudy& study, const RunOptions& options);

  /// Goes on with what the folder holds, or begins anew.
  void restore();
  /// Adds what another folder holds of the same run; says what is wrong with it, if anything is.
  std::string join(const std::string& folder);

  /// Whether restore() found the block finished. Any thread may ask while others add.
  bool was_finished(std::uint64_t block) const { return is_set(found_, block); }
  /// The blocks of this slice: [begin_block, end_block).
  std::uint64_t begin_block() const { return begin_; }
  std::uint64_t end_block() const { return end_; }
  std::uint32_t first(std::uint64_t block) const {
    return static_cast<std::uint32_t>(block * block_);
  }
  std::uint32_t count(std::uint64_t block) const;

  void add(std::uint64_t block, const OutcomeBlock& outcomes, std::uint64_t candidates);
  /// The run cannot go on, because of this patient.
  void fail(std::uint64_t patient, const std::string& what, SourcePlace place = {});
  /// The same if an exception says why: all workers stop after their blocks.
  void give_up() { failed_ = true; }
  bool should_stop() const {
    return failed_ || (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed));
  }

  /// Brings a summary run's snapshot to the disk. No effect if a block could not be added whole.
  void save();
  RunResult result();
  void report();

 private:
  static bool is_set(const std::vector<std::uint64_t>& bits, std::uint64_t block) {
    return ((bits[block / 64] >> (block % 64)) & 1U) != 0;
  }
  bool finished(std::uint64_t block) const { return is_set(finished_, block); }
  void mark(std::uint64_t block);
  double seconds() const;
  void after_block();
  // Counts a block of a log; false if it is finished already or belongs to another study.
  bool add_logged(std::uint64_t block, std::string_view payload);
  bool add_snapshot(const Snapshot& snapshot);

  const CompiledStudy& study_;
  const RunOptions& options_;
  std::unique_ptr<Tally> tally_;
  std::unique_ptr<BlockLog> log_;
  std::uint64_t total_ = 0;  // patients of the study
  std::uint64_t slice_ = 0;  // patients of the slice
  std::uint64_t block_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t begin_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t digest_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t done_before_ = 0;
  std::uint64_t candidates_ = 0;
  std::vector<std::uint64_t> finished_;  // bitmap of blocks
  std::vector<std::uint64_t> found_;     // the same as restore() left it
  std::uint64_t failed_patient_ = 0;
  std::string failure_;
  SourcePlace place_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::mutex turnstile_;  // in front of the next
  std::shared_mutex snapshot_mutex_;
  std::atomic<bool> torn_{false};
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double reported_ = 0;
  double saved_ = 0;
  std::atomic<double> save_took_{0};
};

}  // namespace npcsim::detail

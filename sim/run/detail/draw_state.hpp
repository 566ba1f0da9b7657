// The draws of a run in progress: which are finished, which are being run, and what is on the disk.
#pragma once

#include <npcsim/io/block_log.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/run/draw_runner.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace npcsim::detail {

std::string draws_path(const std::string& folder);
/// Which run a log of draws belongs to.
std::uint64_t draws_digest(const CompiledStudy& study);

/// One draw whose blocks are being run.
struct DrawInProgress {
  std::unique_ptr<CompiledStudy> study;
  std::unique_ptr<PatientSampler> sampler;
  std::unique_ptr<Tally> tally;
  std::atomic<std::uint64_t> blocks_left{0};
  std::once_flag begun;
};

class DrawState {
 public:
  DrawState(const CompiledStudy& study, const RunOptions& options);

  /// Goes on with what the folder holds, or begins anew.
  void restore();

  /// Draws of the slice that are not finished, in order.
  const std::vector<std::int64_t>& left() const { return left_; }
  std::uint64_t blocks() const { return blocks_; }
  std::uint32_t first(std::uint64_t block) const {
    return static_cast<std::uint32_t>(block * block_);
  }
  std::uint32_t count(std::uint64_t block) const;

  /// The draw, compiled by the first worker that asks; nullptr if that failed.
  std::shared_ptr<DrawInProgress> begin(std::int64_t draw);
  void add_patients(std::uint32_t patients);
  /// Keeps the numbers of a finished draw and forgets the rest of it.
  void finish(std::int64_t draw, std::vector<double> figures);
  void fail(std::int64_t draw, const std::string& what, SourcePlace place = {});
  bool should_stop() const {
    return failed_ || (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed));
  }
  void report();
  DrawsResult result();

 private:
  void compile(std::int64_t draw, DrawInProgress& out);

  const CompiledStudy& study_;
  const RunOptions& options_;
  std::unique_ptr<BlockLog> log_;
  std::uint64_t total_ = 0;  // patients of a draw
  std::uint64_t block_ = 0;
  std::uint64_t blocks_ = 0;
  std::int64_t first_draw_ = 0;
  std::int64_t end_draw_ = 0;
  std::vector<std::int64_t> left_;
  std::vector<std::vector<double>> figures_;  // [draw - 1]
  std::uint64_t finished_ = 0;
  std::map<std::int64_t, std::shared_ptr<DrawInProgress>> in_progress_;
  std::int64_t failed_draw_ = 0;
  std::string failure_;
  SourcePlace place_;
  std::atomic<bool> failed_{false};
  std::atomic<std::uint64_t> done_{0};  // patients
  std::uint64_t done_before_ = 0;
  std::mutex mutex_;
  std::mutex progress_mutex_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double reported_ = 0;
};

}  // namespace npcsim::detail

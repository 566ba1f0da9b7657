#include <npcsim/io/block_log.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/runner.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <mutex>
#include <shared_mutex>
#include <vector>

#include <tbb/blocked_range.h>
#include <tbb/enumerable_thread_specific.h>
#include <tbb/global_control.h>
#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim {
namespace {

constexpr std::uint32_t default_block = 16384;

template <class T>
void put(std::string& out, const std::vector<T>& values) {
  const std::uint64_t size = values.size();
  out.append(reinterpret_cast<const char*>(&size), sizeof size);
  out.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T));
}

template <class T>
bool take(std::string_view& in, std::vector<T>& values) {
  std::uint64_t size = 0;
  if (in.size() < sizeof size) return false;
  std::memcpy(&size, in.data(), sizeof size);
  in.remove_prefix(sizeof size);
  if (in.size() < size * sizeof(T)) return false;
  values.resize(size);
  if (size > 0) std::memcpy(values.data(), in.data(), size * sizeof(T));
  in.remove_prefix(size * sizeof(T));
  return true;
}

std::string encode(const OutcomeBlock& block, std::uint64_t candidates) {
  std::string out;
  put(out, std::vector<std::uint64_t>{block.first_patient, block.count, candidates});
  put(out, block.ticks);
  put(out, block.events);
  put(out, block.measures);
  put(out, block.levels);
  return out;
}

bool decode(std::string_view bytes, OutcomeBlock& block, std::uint64_t& candidates) {
  std::vector<std::uint64_t> head;
  if (!take(bytes, head) || head.size() != 3) return false;
  block.first_patient = static_cast<std::uint32_t>(head[0]);
  block.count = static_cast<std::uint32_t>(head[1]);
  candidates = head[2];
  return take(bytes, block.ticks) && take(bytes, block.events) && take(bytes, block.measures) &&
         take(bytes, block.levels);
}

std::string log_path(const std::string& folder) { return beside(folder, "blocks.log"); }
std::string snapshot_path(const std::string& folder) { return beside(folder, "tallies.snapshot"); }

// A run in progress: which blocks are finished, and the sums over them.
class RunState {
 public:
  RunState(const CompiledStudy& study, const RunOptions& options)
      : study_(study), options_(options), tally_(std::make_unique<Tally>(study.shape)) {
    total_ = static_cast<std::uint64_t>(study.study.patients);
    block_ = options.block_patients > 0 ? options.block_patients : default_block;
    blocks_ = (total_ + block_ - 1) / block_;
    finished_.assign((blocks_ + 63) / 64, 0);
    Digest digest;
    digest.add(study.digest);
    digest.add(std::uint64_t{block_});
    digest.add(std::uint64_t{options.keep_patients ? 1U : 0U});
    digest_ = digest.value();
  }

  void restore() {
    if (options_.folder.empty()) return;
    if (options_.keep_patients) {
      const auto again = [this](std::uint64_t block, std::string_view payload) {
        OutcomeBlock outcomes;
        std::uint64_t candidates = 0;
        if (block >= blocks_ || finished(block) || !decode(payload, outcomes, candidates)) return;
        tally_->add(outcomes);
        candidates_ += candidates;
        mark(block);
      };
      log_ = std::make_unique<BlockLog>(
          options_.resume ? BlockLog::resume(log_path(options_.folder), digest_, again)
                          : BlockLog::create(log_path(options_.folder), digest_));
      done_before_ = done_;
      return;
    }
    if (!options_.resume) {
      remove_path(snapshot_path(options_.folder));
      return;
    }
    const auto snapshot = read_snapshot(snapshot_path(options_.folder));
    if (!snapshot || snapshot->run_digest != digest_) return;
    std::string_view rest = snapshot->payload;
    std::vector<std::uint64_t> head;
    std::vector<std::uint64_t> bits;
    if (!take(rest, head) || head.size() != 2 || !take(rest, bits) ||
        bits.size() != finished_.size())
      return;
    tally_->restore(std::string(rest));
    finished_ = std::move(bits);
    done_ = head[0];
    candidates_ = head[1];
    done_before_ = done_;
  }

  bool finished(std::uint64_t block) const {
    return ((finished_[block / 64] >> (block % 64)) & 1U) != 0;
  }
  std::uint64_t blocks() const { return blocks_; }
  std::uint32_t first(std::uint64_t block) const {
    return static_cast<std::uint32_t>(block * block_);
  }
  std::uint32_t count(std::uint64_t block) const {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(block_, total_ - block * block_));
  }

  void add(std::uint64_t block, const OutcomeBlock& outcomes, std::uint64_t candidates) {
    {
      // Many workers may add at once; a snapshot waits until none does.
      const std::shared_lock<std::shared_mutex> adding(snapshot_mutex_);
      if (log_ != nullptr) {
        const std::string payload = encode(outcomes, candidates);
        const std::lock_guard<std::mutex> one(mutex_);
        log_->append(block, payload);
      }
      tally_->add(outcomes);
      const std::lock_guard<std::mutex> one(mutex_);
      mark(block);
      candidates_ += candidates;
    }
    after_block();
  }

  void fail(std::uint64_t block, const std::string& what) {
    const std::lock_guard<std::mutex> one(mutex_);
    // The failure of the lowest block is reported, whatever finished first.
    if (failure_.empty() || block < failed_block_) {
      failed_block_ = block;
      failure_ = what;
    }
    failed_ = true;
  }

  bool should_stop() const {
    return failed_ || (options_.stop != nullptr && options_.stop->load(std::memory_order_relaxed));
  }

  void save() {
    if (options_.folder.empty() || options_.keep_patients) return;
    const std::unique_lock<std::shared_mutex> alone(snapshot_mutex_);
    std::string payload;
    put(payload, std::vector<std::uint64_t>{done_, candidates_});
    put(payload, finished_);
    payload += tally_->bytes();
    write_snapshot(snapshot_path(options_.folder), digest_, payload);
  }

  RunResult result() {
    RunResult out;
    out.complete = done_ == total_;
    out.candidates = candidates_;
    out.failure = failure_;
    out.tally = std::move(tally_);
    return out;
  }

  void report() {
    if (!options_.progress) return;
    Progress progress;
    progress.done = done_;
    progress.total = total_;
    progress.done_before = done_before_;
    progress.seconds = seconds();
    options_.progress(progress);
  }

 private:
  void mark(std::uint64_t block) {
    finished_[block / 64] |= std::uint64_t{1} << (block % 64);
    done_ += count(block);
  }
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  }
  void after_block() {
    bool snapshot = false;
    {
      const std::unique_lock<std::mutex> one(mutex_, std::try_to_lock);
      if (!one.owns_lock()) return;
      const double now = seconds();
      if (now - reported_ > 0.1) {
        reported_ = now;
        report();
      }
      if (now - saved_ > std::max(options_.snapshot_seconds, 20 * save_took_)) {
        saved_ = now;
        snapshot = true;
      }
    }
    if (snapshot) {
      const double before = seconds();
      save();
      save_took_ = seconds() - before;
    }
  }

  const CompiledStudy& study_;
  const RunOptions& options_;
  std::unique_ptr<Tally> tally_;
  std::unique_ptr<BlockLog> log_;
  std::uint64_t total_ = 0;
  std::uint64_t block_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t digest_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t done_before_ = 0;
  std::uint64_t candidates_ = 0;
  std::vector<std::uint64_t> finished_;
  std::uint64_t failed_block_ = 0;
  std::string failure_;
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::shared_mutex snapshot_mutex_;
  std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
  double reported_ = 0;
  double saved_ = 0;
  std::atomic<double> save_took_{0};
};

}  // namespace

RunResult run_blocks(const CompiledStudy& study, const RunOptions& options) {
  RunState state(study, options);
  state.restore();
  const PatientSampler sampler(*study.program, study.needed);
  struct Worker {
    Worker(const CompiledStudy& study, const PatientSampler& sampler) : simulator(study, sampler) {}
    BlockSimulator simulator;
    OutcomeBlock block;
  };
  tbb::enumerable_thread_specific<std::unique_ptr<Worker>> workers;
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr trouble;
  std::mutex trouble_mutex;

  // Each worker takes the next block that is not finished; which one does it changes nothing.
  const auto work = [&] {
    auto& worker = workers.local();
    if (worker == nullptr) worker = std::make_unique<Worker>(study, sampler);
    while (!state.should_stop()) {
      const std::uint64_t block = next.fetch_add(1);
      if (block >= state.blocks()) break;
      if (state.finished(block)) continue;
      std::uint64_t candidates = 0;
      if (!worker->simulator.run(state.first(block), state.count(block), worker->block,
                                 candidates)) {
        state.fail(block, "the population finds fewer than one eligible patient in " +
                              std::to_string(PatientSampler::most_candidates) +
                              " candidates (block of patient " +
                              std::to_string(state.first(block)) + ")");
        break;
      }
      try {
        state.add(block, worker->block, candidates);
      } catch (...) {
        const std::lock_guard<std::mutex> one(trouble_mutex);
        if (!trouble) trouble = std::current_exception();
        state.fail(block, "the result of a block could not be kept");
        break;
      }
    }
  };
  const int threads = options.threads > 0 ? options.threads : tbb::info::default_concurrency();
  if (threads == 1) {
    work();
  } else {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism,
                                    static_cast<std::size_t>(threads));
    tbb::task_arena arena(threads);
    arena.execute([&] {
      tbb::parallel_for(
          tbb::blocked_range<int>(0, threads, 1), [&](const tbb::blocked_range<int>&) { work(); },
          tbb::simple_partitioner());
    });
  }
  if (trouble) std::rethrow_exception(trouble);
  state.report();
  // A plugin may have failed in some life: the lowest patient is named, whichever thread met it.
  for (std::size_t s = 0; s < study.strategies.size(); ++s) {
    const auto* plugin = dynamic_cast<const PluginStrategy*>(study.strategies[s].get());
    const auto failed = plugin == nullptr ? std::nullopt : plugin->failed();
    if (!failed) continue;
    state.fail(failed->patient, failed->message + "\n   hint: npcsim replay STUDY --patient " +
                                    std::to_string(failed->patient) + " --strategy " +
                                    study.shape.strategies[s] + " shows that life");
  }
  state.save();
  return state.result();
}

void read_patients(const CompiledStudy& study, const std::string& folder,
                   const std::function<void(const OutcomeBlock&)>& visit) {
  // Blocks lie in the log in the order in which they were finished: find them first, then read them
  // in order, one at a time.
  static_cast<void>(study);
  std::vector<BlockPlace> places = block_places(log_path(folder));
  std::stable_sort(places.begin(), places.end(),
                   [](const BlockPlace& a, const BlockPlace& b) { return a.block < b.block; });
  OutcomeBlock outcomes;
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i > 0 && places[i].block == places[i - 1].block) continue;
    std::uint64_t candidates = 0;
    const std::string payload = read_block(log_path(folder), places[i]);
    if (decode(payload, outcomes, candidates)) visit(outcomes);
  }
}

Forecast forecast(const CompiledStudy& study, int threads, bool keep_patients) {
  Forecast out;
  const OutcomeShape& shape = study.shape;
  const std::uint64_t per_patient =
      shape.strategies.size() * (shape.endpoints.size() * 5 + shape.measures.size() * 4) +
      shape.subgroups.size();
  const auto workers =
      static_cast<std::uint64_t>(threads > 0 ? threads : tbb::info::default_concurrency());
  out.memory_bytes = Tally::memory_bytes(shape) + workers * default_block * per_patient;
  if (keep_patients)
    out.patient_bytes = per_patient * static_cast<std::uint64_t>(study.study.patients);
  return out;
}

}  // namespace npcsim

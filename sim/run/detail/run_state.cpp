#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/detail/block_bytes.hpp>
#include <npcsim/run/detail/run_state.hpp>

#include <algorithm>

namespace npcsim::detail {

std::string log_path(const std::string& folder) { return beside(folder, "blocks.log"); }
std::string snapshot_path(const std::string& folder) { return beside(folder, "tallies.snapshot"); }

std::uint64_t bytes_per_patient(const OutcomeShape& shape) {
  return shape.strategies.size() * (shape.endpoints.size() * 5 + shape.measures.size() * 4) +
         shape.subgroups.size();
}

bool take_head(std::string_view& payload, SnapshotHead& head) {
  std::vector<std::uint64_t> numbers;
  if (!take(payload, numbers) || numbers.size() != 2 || !take(payload, head.finished)) return false;
  head.done = numbers[0];
  head.candidates = numbers[1];
  return true;
}

RunState::RunState(const CompiledStudy& study, const RunOptions& options)
    : study_(study), options_(options), tally_(std::make_unique<Tally>(study.shape)) {
  total_ = static_cast<std::uint64_t>(study.study.patients);
  block_ = patients_in_a_block(study, options);
  blocks_ = (total_ + block_ - 1) / block_;
  begin_ = blocks_ * (options.slice - 1) / options.slices;
  end_ = blocks_ * options.slice / options.slices;
  slice_ = std::min(end_ * block_, total_) - std::min(begin_ * block_, total_);
  finished_.assign((blocks_ + 63) / 64, 0);
  found_ = finished_;
  Digest digest;
  digest.add(study.digest);
  digest.add(std::uint64_t{block_});
  digest.add(std::uint64_t{options.keep_patients ? 1U : 0U});
  digest_ = digest.value();
}

void RunState::restore() {
  if (options_.folder.empty()) return;
  if (options_.keep_patients) {
    const auto again = [this](std::uint64_t block, std::string_view payload) {
      add_logged(block, payload);
    };
    log_ = std::make_unique<BlockLog>(
        options_.resume ? BlockLog::resume(log_path(options_.folder), digest_, again)
                        : BlockLog::create(log_path(options_.folder), digest_));
  } else if (!options_.resume) {
    remove_path(snapshot_path(options_.folder));
  } else if (const auto snapshot = read_snapshot(snapshot_path(options_.folder))) {
    if (snapshot->run_digest == digest_) add_snapshot(*snapshot);
  }
  done_before_ = done_;
  found_ = finished_;
}

bool RunState::add_logged(std::uint64_t block, std::string_view payload) {
  OutcomeBlock outcomes;
  std::uint64_t candidates = 0;
  if (block >= blocks_ || finished(block) || !decode(payload, outcomes, candidates)) return false;
  OutcomeBlock expected;
  expected.resize(study_.shape, first(block), count(block));
  if (outcomes.first_patient != expected.first_patient || outcomes.count != expected.count ||
      outcomes.ticks.size() != expected.ticks.size() ||
      outcomes.events.size() != expected.events.size() ||
      outcomes.measures.size() != expected.measures.size() ||
      outcomes.levels.size() != expected.levels.size()) {
    return false;  // of another study
  }
  tally_->add(outcomes);
  candidates_ += candidates;
  mark(block);
  return true;
}

bool RunState::add_snapshot(const Snapshot& snapshot) {
  std::string_view rest = snapshot.payload;
  SnapshotHead head;
  if (!take_head(rest, head) || head.finished.size() != finished_.size()) return false;
  for (std::size_t i = 0; i < finished_.size(); ++i) {
    if ((finished_[i] & head.finished[i]) != 0) return false;
  }
  if (done_ == 0) {
    tally_->restore(rest);
  } else {
    Tally others(study_.shape);
    others.restore(rest);
    tally_->add(others);
  }
  for (std::size_t i = 0; i < finished_.size(); ++i) finished_[i] |= head.finished[i];
  done_ += head.done;
  candidates_ += head.candidates;
  return true;
}

std::string RunState::join(const std::string& folder) {
  if (!options_.keep_patients) {
    const auto snapshot = read_snapshot(snapshot_path(folder));
    if (!snapshot) return folder + " holds no tallies";
    if (snapshot->run_digest != digest_) return folder + " holds blocks of another run";
    if (!add_snapshot(*snapshot)) return folder + " holds blocks that were joined already";
    return {};
  }
  if (log_digest(log_path(folder)) != digest_) return folder + " holds blocks of another run";
  std::string problem;
  read_blocks(log_path(folder), [&](std::uint64_t block, std::string_view payload) {
    if (!problem.empty()) return;
    if (block >= blocks_ || finished(block)) {
      problem = folder + " holds blocks that were joined already";
    } else if (add_logged(block, payload)) {
      log_->append(block, payload);
    } else {
      problem = folder + " holds a block that is none of this study";
    }
  });
  return problem;
}

std::uint32_t RunState::count(std::uint64_t block) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(block_, total_ - block * block_));
}

void RunState::add(std::uint64_t block, const OutcomeBlock& outcomes, std::uint64_t candidates) {
  {
    // Whoever waits to save stands in front of all who come later: a lock for many alone would let
    // them overtake for as long as one is inside.
    const std::lock_guard<std::mutex> in_turn(turnstile_);
  }
  {
    // Many workers may add at once; a snapshot waits until none does.
    const std::shared_lock<std::shared_mutex> adding(snapshot_mutex_);
    if (log_ != nullptr) {
      const std::string payload = encode(outcomes, candidates);
      const std::lock_guard<std::mutex> one(mutex_);
      log_->append(block, payload);
    }
    try {
      tally_->add(outcomes);
    } catch (...) {
      torn_ = true;  // the tally may hold a part of the block
      throw;
    }
    const std::lock_guard<std::mutex> one(mutex_);
    mark(block);
    candidates_ += candidates;
  }
  after_block();
}

void RunState::fail(std::uint64_t patient, const std::string& what, SourcePlace place) {
  const std::lock_guard<std::mutex> one(mutex_);
  // The failure of the lowest patient is reported, whatever finished first.
  if (failure_.empty() || patient < failed_patient_) {
    failed_patient_ = patient;
    failure_ = what;
    place_ = place;
  }
  failed_ = true;
}

void RunState::save() {
  if (options_.folder.empty() || options_.keep_patients) return;
  const std::lock_guard<std::mutex> first(turnstile_);
  const std::unique_lock<std::shared_mutex> alone(snapshot_mutex_);
  if (torn_) return;
  const double before = seconds();  // waiting for the workers costs them nothing
  std::string head;
  put(head, std::vector<std::uint64_t>{done_, candidates_});
  put(head, finished_);
  write_snapshot(snapshot_path(options_.folder), digest_, [&](const auto& write) {
    write(head);
    tally_->write(write);
  });
  save_took_ = seconds() - before;
}

RunResult RunState::result() {
  RunResult out;
  out.complete = done_ == slice_;
  out.candidates = candidates_;
  out.failure = failure_;
  out.place = place_;
  out.tally = std::move(tally_);
  return out;
}

void RunState::report() {
  if (!options_.progress) return;
  Progress progress;
  progress.done = done_;
  progress.total = slice_;
  progress.done_before = done_before_;
  progress.seconds = seconds();
  options_.progress(progress);
}

void RunState::mark(std::uint64_t block) {
  finished_[block / 64] |= std::uint64_t{1} << (block % 64);
  done_ += count(block);
}

double RunState::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
}

void RunState::after_block() {
  bool snapshot = false;
  {
    const std::unique_lock<std::mutex> one(mutex_, std::try_to_lock);
    if (!one.owns_lock()) return;
    const double now = seconds();
    if (now - reported_ > 0.1) {
      reported_ = now;
      report();
    }
    // A twentieth of the time at most, unless every block is asked for.
    const double pause =
        options_.snapshot_seconds > 0 ? std::max(options_.snapshot_seconds, 20 * save_took_) : 0;
    if (now - saved_ > pause) {
      saved_ = now;
      snapshot = true;
    }
  }
  if (snapshot) save();
}

}  // namespace npcsim::detail

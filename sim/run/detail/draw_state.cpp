#include <npcsim/base/first_error.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/detail/block_bytes.hpp>
#include <npcsim/run/detail/draw_state.hpp>

#include <algorithm>

namespace npcsim::detail {

namespace {

std::uint64_t draws_before(std::uint64_t draws, std::uint64_t slice, std::uint64_t slices) {
  return draws * slice / slices;
}

}  // namespace

std::string draws_path(const std::string& folder) { return beside(folder, "draws.log"); }

std::uint64_t draws_digest(const CompiledStudy& study) {
  Digest digest;
  digest.add_text("draws");
  digest.add(study.digest);
  return digest.value();
}

DrawState::DrawState(const CompiledStudy& study, const RunOptions& options)
    : study_(study), options_(options) {
  total_ = static_cast<std::uint64_t>(study.study.patients);
  block_ = patients_in_a_block(study, options);
  blocks_ = (total_ + block_ - 1) / block_;
  const auto draws = static_cast<std::uint64_t>(study.draws->count);
  first_draw_ =
      1 + static_cast<std::int64_t>(draws_before(draws, options.slice - 1, options.slices));
  end_draw_ = 1 + static_cast<std::int64_t>(draws_before(draws, options.slice, options.slices));
  figures_.resize(draws);
}

void DrawState::restore() {
  const auto again = [this](std::uint64_t draw, std::string_view payload) {
    if (draw < 1 || draw > figures_.size() || !figures_[draw - 1].empty()) return;
    if (take(payload, figures_[draw - 1])) ++finished_;
  };
  if (!options_.folder.empty()) {
    const std::string path = draws_path(options_.folder);
    const std::uint64_t digest = draws_digest(study_);
    const bool goes_on =
        options_.resume && file_exists(path) &&
        read_blocks(path, [](std::uint64_t, std::string_view) {}).run_digest == digest;
    log_ = std::make_unique<BlockLog>(goes_on ? BlockLog::resume(path, digest, again)
                                              : BlockLog::create(path, digest));
  }
  for (std::int64_t draw = first_draw_; draw < end_draw_; ++draw) {
    if (figures_[static_cast<std::size_t>(draw - 1)].empty()) left_.push_back(draw);
  }
  done_before_ = finished_ * total_;
  done_ = done_before_;
}

std::uint32_t DrawState::count(std::uint64_t block) const {
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(block_, total_ - block * block_));
}

void DrawState::compile(std::int64_t draw, DrawInProgress& out) {
  Diagnostics diagnostics;
  out.study = with_draw(study_, draw, diagnostics);
  if (diagnostics.has_errors()) {
    const Diagnostic& first = first_error(diagnostics);
    out.study.reset();
    fail(draw,
         "draw " + std::to_string(draw) +
             " of the parameters cannot be simulated: " + first.message +
             (first.path.empty() ? "" : " (in " + first.path + ")") + "\n   hint: " +
             (first.hint.empty() ? "narrower priors, or a file without that row" : first.hint));
    return;
  }
  out.sampler = std::make_unique<PatientSampler>(*out.study->program, out.study->needed);
  out.tally = std::make_unique<Tally>(out.study->shape);
  out.blocks_left = blocks_;
}

std::shared_ptr<DrawInProgress> DrawState::begin(std::int64_t draw) {
  std::shared_ptr<DrawInProgress> found;
  {
    const std::lock_guard<std::mutex> one(mutex_);
    auto& place = in_progress_[draw];
    if (place == nullptr) place = std::make_shared<DrawInProgress>();
    found = place;
  }
  std::call_once(found->begun, [&] { compile(draw, *found); });
  return found->study == nullptr ? nullptr : found;
}

void DrawState::add_patients(std::uint32_t patients) {
  done_ += patients;
  const std::unique_lock<std::mutex> one(progress_mutex_, std::try_to_lock);
  if (!one.owns_lock() || !options_.progress) return;
  const double now =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  if (now - reported_ <= 0.1) return;
  reported_ = now;
  report();
}

void DrawState::finish(std::int64_t draw, std::vector<double> figures) {
  const std::lock_guard<std::mutex> one(mutex_);
  if (log_ != nullptr) {
    std::string payload;
    put(payload, figures);
    log_->append(static_cast<std::uint64_t>(draw), payload);
  }
  figures_[static_cast<std::size_t>(draw - 1)] = std::move(figures);
  ++finished_;
  in_progress_.erase(draw);
}

void DrawState::fail(std::int64_t draw, const std::string& what, SourcePlace place) {
  const std::lock_guard<std::mutex> one(mutex_);
  if (failure_.empty() || draw < failed_draw_) {
    failed_draw_ = draw;
    failure_ = what;
    place_ = place;
  }
  failed_ = true;
}

void DrawState::report() {
  if (!options_.progress) return;
  Progress progress;
  progress.done = done_;
  progress.total = static_cast<std::uint64_t>(end_draw_ - first_draw_) * total_;
  progress.done_before = done_before_;
  progress.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  options_.progress(progress);
}

DrawsResult DrawState::result() {
  DrawsResult out;
  out.complete = finished_ == static_cast<std::uint64_t>(end_draw_ - first_draw_);
  out.failure = failure_;
  out.place = place_;
  out.figures = std::move(figures_);
  return out;
}

}  // namespace npcsim::detail

namespace npcsim {

std::uint64_t draws_of_slice(std::uint64_t draws, std::uint64_t slice, std::uint64_t slices) {
  return detail::draws_before(draws, slice, slices) -
         detail::draws_before(draws, slice - 1, slices);
}

}  // namespace npcsim

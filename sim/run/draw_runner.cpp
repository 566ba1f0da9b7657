#include <npcsim/base/stopped.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/detail/block_bytes.hpp>
#include <npcsim/run/detail/draw_state.hpp>
#include <npcsim/run/detail/failed_lives.hpp>
#include <npcsim/run/detail/on_threads.hpp>
#include <npcsim/run/nobody_eligible.hpp>

#include <exception>
#include <set>

namespace npcsim {

namespace {

using detail::DrawInProgress;
using detail::DrawState;

// One thread's engine, at one draw after the other.
class DrawWorker {
 public:
  DrawWorker(const CompiledStudy& study, DrawState& state, const Reduction& reduce,
             const std::atomic<bool>* stop)
      : study_(study), state_(state), reduce_(reduce), stop_(stop) {}

  void run(std::int64_t draw, std::uint64_t block) {
    if (draw != draw_) {
      simulator_.reset();
      progress_ = state_.begin(draw);
      draw_ = draw;
      if (progress_ == nullptr) return;
      simulator_ = std::make_unique<BlockSimulator>(*progress_->study, *progress_->sampler);
      simulator_->stop_when(stop_);
    }
    if (progress_ == nullptr) return;
    const std::string name = "draw " + std::to_string(draw) + " of the parameters: ";
    std::uint64_t candidates = 0;
    if (!simulator_->run(state_.first(block), state_.count(block), outcomes_, candidates)) {
      state_.fail(draw, name + nobody_eligible(), place_of_population(study_));
      return;
    }
    progress_->tally->add(outcomes_);
    state_.add_patients(state_.count(block));
    if (progress_->blocks_left.fetch_sub(1) > 1) return;
    const auto failed = detail::failed_lives(*progress_->study, " --draw " + std::to_string(draw));
    if (!failed.empty()) {
      state_.fail(draw, name + failed.front().message);
      return;
    }
    state_.finish(draw, reduce_(*progress_->tally));
    progress_->tally.reset();
  }

 private:
  const CompiledStudy& study_;
  DrawState& state_;
  const Reduction& reduce_;
  const std::atomic<bool>* stop_;
  std::int64_t draw_ = 0;
  std::shared_ptr<DrawInProgress> progress_;
  std::unique_ptr<BlockSimulator> simulator_;
  OutcomeBlock outcomes_;
};

}  // namespace

DrawsResult run_draws(const CompiledStudy& study, const RunOptions& options,
                      const Reduction& reduce) {
  DrawState state(study, options);
  state.restore();
  std::atomic<std::uint64_t> next{0};
  std::exception_ptr trouble;
  std::mutex trouble_mutex;
  // Tasks are taken in the order of draws, so that few draws are in progress at any time.
  detail::on_threads(options.threads, [&] {
    DrawWorker worker(study, state, reduce, options.stop);
    while (!state.should_stop()) {
      const std::uint64_t task = next.fetch_add(1);
      if (task >= state.left().size() * state.blocks()) break;
      const std::int64_t draw = state.left()[task / state.blocks()];
      try {
        worker.run(draw, task % state.blocks());
      } catch (const Stopped&) {
        break;  // a draw is kept whole or not at all
      } catch (...) {
        const std::lock_guard<std::mutex> one(trouble_mutex);
        if (!trouble) trouble = std::current_exception();
        state.fail(draw, "the result of a draw could not be kept");
      }
    }
  });
  if (trouble) std::rethrow_exception(trouble);
  state.report();
  return state.result();
}

DrawsResult merge_draws(const CompiledStudy& study, const std::vector<std::string>& folders) {
  DrawsResult out;
  out.figures.resize(static_cast<std::size_t>(study.draws->count));
  std::size_t found = 0;
  for (const std::string& folder : folders) {
    const BlockLogState state =
        read_blocks(detail::draws_path(folder), [&](std::uint64_t draw, std::string_view payload) {
          if (draw < 1 || draw > out.figures.size() || !out.figures[draw - 1].empty()) return;
          if (detail::take(payload, out.figures[draw - 1])) ++found;
        });
    if (state.run_digest != detail::draws_digest(study)) {
      out.failure = folder + " holds draws of another run";
      return out;
    }
  }
  out.complete = found == out.figures.size();
  return out;
}

std::uint64_t finished_draws(const std::string& folder) {
  const std::string path = detail::draws_path(folder);
  if (!file_exists(path)) return 0;
  std::set<std::uint64_t> seen;
  for (const BlockPlace& place : block_places(path)) seen.insert(place.block);
  return seen.size();
}

}  // namespace npcsim

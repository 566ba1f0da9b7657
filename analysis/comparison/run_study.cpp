#include <npcsim/comparison/draw_figures.hpp>
#include <npcsim/comparison/run_study.hpp>

namespace npcsim {

namespace {

void take_draws(RunResult& result, DrawsResult draws) {
  result.complete = result.complete && draws.complete;
  if (result.failure.empty()) {
    result.failure = std::move(draws.failure);
    result.place = draws.place;
  }
  result.draws = std::move(draws.figures);
}

}  // namespace

RunResult run_study(const CompiledStudy& study, const RunOptions& options) {
  if (!study.draws) return run_blocks(study, options);
  const auto patients = static_cast<std::uint64_t>(study.study.patients);
  const std::uint64_t of_draws =
      patients *
      draws_of_slice(static_cast<std::uint64_t>(study.draws->count), options.slice, options.slices);
  // Both parts speak of themselves; the progress is that of the whole.
  std::uint64_t of_base = 0;
  RunOptions part = options;
  if (options.progress) {
    const std::uint64_t kept = options.resume ? patients * finished_draws(options.folder) : 0;
    part.progress = [&, kept](Progress progress) {
      of_base = progress.total;
      progress.done += kept;
      progress.done_before += kept;
      progress.total += of_draws;
      options.progress(progress);
    };
  }
  RunResult result = run_blocks(study, part);
  if (!result.complete || !result.failure.empty()) return result;
  if (options.progress) {
    part.progress = [&](Progress progress) {
      progress.done += of_base;
      progress.done_before += of_base;
      progress.total += of_base;
      options.progress(progress);
    };
  }
  const DrawFigures figures(study.shape);
  take_draws(result,
             run_draws(study, part, [&figures](const Tally& tally) { return figures.of(tally); }));
  return result;
}

RunResult merge_study(const CompiledStudy& study, const RunOptions& options,
                      const std::vector<std::string>& folders) {
  RunResult result = merge_blocks(study, options, folders);
  if (study.draws && result.failure.empty()) take_draws(result, merge_draws(study, folders));
  return result;
}

}  // namespace npcsim

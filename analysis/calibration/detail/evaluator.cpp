#include <npcsim/calibration/detail/evaluator.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <atomic>
#include <bit>
#include <cstring>

#include <tbb/parallel_for.h>
#include <tbb/task.h>
#include <tbb/task_arena.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::uint64_t key_of(std::string_view kind, const std::vector<double>& theta,
                     const StudyShift& shift, std::uint64_t count, std::uint32_t stream) {
  Digest digest;
  digest.add_text(kind);
  for (const double value : theta) digest.add(std::bit_cast<std::uint64_t>(value));
  for (const double value : {shift.progression, shift.death, shift.effect})
    digest.add(std::bit_cast<std::uint64_t>(value));
  digest.add(count);
  digest.add(std::uint64_t{stream});
  return digest.value();
}

// When an evaluation ends by an exception, the loops inside the others are left unfinished without
// a word. What they return must not be kept.
void give_up_if_cancelled() {
  if (tbb::is_current_task_group_canceling()) throw Stopped();
}

}  // namespace

Evaluator::Evaluator(const TargetModel& model, const CalibrationOptions& options)
    : model_(model), options_(options) {
  if (options.log_path.empty()) return;
  const auto visit = [this](std::uint64_t key, std::string_view payload) {
    std::vector<double> figures(payload.size() / sizeof(double));
    std::memcpy(figures.data(), payload.data(), figures.size() * sizeof(double));
    logged_.insert_or_assign(key, std::move(figures));
  };
  log_ = BlockLog::resume(options.log_path, options.log_digest, visit);
}

std::vector<double> Evaluator::theta(const VectorXd& scores) const {
  const auto& parameters = model_.parameters();
  std::vector<double> out(parameters.size());
  for (std::size_t j = 0; j < out.size(); ++j)
    out[j] = parameters[j].mean + parameters[j].sd * scores[static_cast<Index>(j)];
  return out;
}

std::optional<std::vector<double>> Evaluator::known(std::uint64_t key) const {
  const auto found = logged_.find(key);
  if (found == logged_.end()) return std::nullopt;
  return found->second;
}

void Evaluator::keep(std::uint64_t key, const std::vector<double>& figures) {
  if (!log_) return;
  const std::lock_guard<std::mutex> one(mutex_);
  log_->append(key,
               {reinterpret_cast<const char*>(figures.data()), figures.size() * sizeof(double)});
}

MatrixXd Evaluator::predict(const std::string& stage, const std::vector<Evaluation>& list) {
  const auto targets = static_cast<Index>(model_.targets().size());
  MatrixXd out(static_cast<Index>(list.size()), targets);
  std::atomic<std::uint64_t> done{0};
  const auto one = [&](std::size_t i) {
    go_on_unless(options_.stop);
    const Evaluation& at = list[i];
    const std::vector<double> parameters = theta(at.scores);
    const std::uint64_t key = key_of("predict", parameters, at.shift, 0, at.stream);
    auto figures = known(key);
    if (!figures) {
      figures = model_.predict(parameters, at.shift, at.stream);
      give_up_if_cancelled();
      keep(key, *figures);
    }
    out.row(static_cast<Index>(i)) = Eigen::Map<const Eigen::RowVectorXd>(figures->data(), targets);
    const std::uint64_t count = done.fetch_add(1) + 1;
    if (options_.progress) {
      const std::lock_guard<std::mutex> alone(mutex_);
      options_.progress({stage, count, list.size()});
    }
  };
  // A thread that waits must not start another calibration that happens to share the arena.
  tbb::this_task_arena::isolate([&] { tbb::parallel_for(std::size_t{0}, list.size(), one); });
  evaluations_ += list.size();
  return out;
}

std::vector<MatrixXd> Evaluator::replicate(const MatrixXd& points, std::size_t count,
                                           std::uint32_t first_stream) {
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  std::vector<MatrixXd> out(static_cast<std::size_t>(points.rows()));
  const auto one = [&](std::size_t k) {
    go_on_unless(options_.stop);
    const std::vector<double> parameters = theta(points.row(static_cast<Index>(k)).transpose());
    const std::uint32_t stream = first_stream + static_cast<std::uint32_t>(k);
    const std::uint64_t key = key_of("replicate", parameters, {}, count, stream);
    auto figures = known(key);
    if (!figures) {
      figures = model_.replicate(parameters, count, stream);
      give_up_if_cancelled();
      keep(key, *figures);
    }
    out[k] = Eigen::Map<const RowMajor>(figures->data(), static_cast<Index>(count),
                                        static_cast<Index>(model_.targets().size()));
  };
  tbb::this_task_arena::isolate([&] { tbb::parallel_for(std::size_t{0}, out.size(), one); });
  evaluations_ += out.size();
  return out;
}

}  // namespace npcsim::detail

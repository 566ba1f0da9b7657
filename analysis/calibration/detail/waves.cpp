#include <npcsim/calibration/detail/waves.hpp>
#include <npcsim/random/batch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double shift_step = 0.3;  // of log hazards: some times the sd between studies

StudyShift shift_of(std::size_t kind, double size) {
  StudyShift out;
  (kind == 0 ? out.progression : kind == 1 ? out.death : out.effect) = size;
  return out;
}

VectorXd mean_row(const MatrixXd& rows, Index first, Index count) {
  VectorXd sum = VectorXd::Zero(rows.cols());
  for (Index i = 0; i < count; ++i) sum += rows.row(first + i).transpose();
  return sum / static_cast<double>(count);
}

// Mean over the points of (data sets - large sample), where both say something.
VectorXd offset_of(const MatrixXd& means, const MatrixXd& large) {
  VectorXd sum = VectorXd::Zero(means.cols());
  VectorXd count = VectorXd::Zero(means.cols());
  for (Index k = 0; k < means.rows(); ++k) {
    for (Index t = 0; t < sum.size(); ++t) {
      const double off = means(k, t) - large(k, t);
      if (!std::isfinite(off)) continue;
      sum[t] += off;
      count[t] += 1;
    }
  }
  return sum.cwiseQuotient(count.cwiseMax(1));
}

// A set of patients has a constant of its own, which costs a point: sixteen points in large
// designs. Small ones need a dozen sets, so that the mean of the constants is not noise; but two
// pairs w and -w at least, for the difference in a pair says nothing of squares.
std::size_t points_a_set(std::size_t points) {
  constexpr std::size_t sets = 12;
  return std::clamp<std::size_t>(points / sets, 4, 16);
}

// Numbers the patients of points from 0. A point that is alone with its patients says nothing that
// they do not blur: its number is -1.
std::vector<Index> sets_of(const std::vector<std::uint32_t>& streams) {
  std::map<std::uint32_t, Index> points;
  for (const std::uint32_t stream : streams) ++points[stream];
  std::map<std::uint32_t, Index> numbers;
  std::vector<Index> out;
  for (const std::uint32_t stream : streams) {
    const auto next = static_cast<Index>(numbers.size());
    out.push_back(points[stream] < 2 ? -1 : numbers.emplace(stream, next).first->second);
  }
  return out;
}

}  // namespace

DesignRuns run_design(Evaluator& evaluator, const Region& region, std::size_t points,
                      std::uint64_t seed, std::uint32_t first_stream) {
  const Index p = region.centre.size();
  const std::size_t together = points_a_set(points);
  std::vector<Evaluation> list;
  VectorXd w(p);
  for (std::size_t i = 0; i < points; ++i) {
    if (i % 2 == 0) {
      fill_normal({seed, first_stream}, 0, static_cast<std::size_t>(p), "calibration design"_stream,
                  static_cast<std::uint32_t>(i), w.data());
    } else {
      w = -w;
    }
    list.push_back({region.scores(w), {}, first_stream + static_cast<std::uint32_t>(i / together)});
  }
  const MatrixXd figures = evaluator.predict("design", list);
  DesignRuns out;
  out.scores.resize(figures.rows(), p);
  out.figures.resize(figures.rows(), figures.cols());
  Index kept = 0;
  for (Index i = 0; i < figures.rows(); ++i) {
    if (!figures.row(i).allFinite()) continue;
    out.scores.row(kept) = list[static_cast<std::size_t>(i)].scores.transpose();
    out.figures.row(kept++) = figures.row(i);
    out.streams.push_back(list[static_cast<std::size_t>(i)].stream);
  }
  out.left_out = static_cast<std::size_t>(figures.rows() - kept);
  out.scores.conservativeResize(kept, Eigen::NoChange);
  out.figures.conservativeResize(kept, Eigen::NoChange);
  return out;
}

DesignRuns joined(const DesignRuns& first, const DesignRuns& second) {
  DesignRuns out;
  out.scores.resize(first.scores.rows() + second.scores.rows(), first.scores.cols());
  out.scores << second.scores, first.scores;
  out.figures.resize(out.scores.rows(), first.figures.cols());
  out.figures << second.figures, first.figures;
  out.streams = second.streams;
  out.streams.insert(out.streams.end(), first.streams.begin(), first.streams.end());
  out.left_out = first.left_out + second.left_out;
  return out;
}

CentreRuns run_centre(Evaluator& evaluator, const VectorXd& scores, std::size_t streams,
                      std::uint32_t first_stream) {
  const auto n = static_cast<Index>(streams);
  std::vector<Evaluation> list;
  const auto add = [&](const StudyShift& shift) {
    for (std::size_t s = 0; s < streams; ++s)
      list.push_back({scores, shift, first_stream + static_cast<std::uint32_t>(s)});
  };
  add({});
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    add(shift_of(k, shift_step));
    add(shift_of(k, -shift_step));
  }
  const MatrixXd figures = evaluator.predict("shifts", list);
  if (!figures.allFinite()) {
    const bool as_they_are = figures.topRows(n).allFinite();
    throw NoFigures(as_they_are
                        ? "the model gives no figures for patients of higher or lower hazards"
                        : "the model gives no figures",
                    without_figure(figures.colwise().sum().transpose()));
  }
  CentreRuns out;
  constexpr Index shifts = 2 * static_cast<Index>(shift_kinds) + 1;
  MatrixXd mean(figures.cols(), shifts);
  for (Index k = 0; k < shifts; ++k) mean.col(k) = mean_row(figures, k * n, n);
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const VectorXd up = mean.col(2 * static_cast<Index>(k) + 1);
    const VectorXd down = mean.col(2 * static_cast<Index>(k) + 2);
    out.response.slope[k] = (up - down) / (2 * shift_step);
    out.response.bend[k] = (up + down - 2 * mean.col(0)) / (shift_step * shift_step);
  }
  out.noise_variance = VectorXd::Zero(figures.cols());
  if (n < 2) return out;
  // Interaction of shifts and patients: what neither explains alone.
  for (Index s = 0; s < n; ++s) {
    MatrixXd off(figures.cols(), shifts);
    for (Index k = 0; k < shifts; ++k)
      off.col(k) = figures.row(k * n + s).transpose() - mean.col(k);
    off.colwise() -= VectorXd(off.rowwise().mean());
    out.noise_variance += off.rowwise().squaredNorm() / static_cast<double>((n - 1) * (shifts - 1));
  }
  return out;
}

DataSets run_data_sets(const TargetModel& model, Evaluator& evaluator, const MatrixXd& points,
                       std::size_t count, std::uint32_t first_stream) {
  std::vector<Evaluation> list;
  for (Index k = 0; k < points.rows(); ++k)
    list.push_back({points.row(k).transpose(), {}, first_stream + static_cast<std::uint32_t>(k)});
  DataSets out;
  out.sampled = summarise_data_sets(model, evaluator.replicate(points, count, first_stream));
  out.offset = offset_of(out.sampled.mean, evaluator.predict("data sets", list));
  return out;
}

Wave build_wave(Problem& problem, const Region& region, const DesignRuns& runs,
                const CentreRuns& centre, const DataSets& data_sets, EmulatorEffort effort) {
  const Index p = region.centre.size();
  std::vector<Index> near;
  std::vector<std::uint32_t> streams;
  for (Index i = 0; i < runs.scores.rows(); ++i) {
    const VectorXd w = region.coordinates(runs.scores.row(i).transpose());
    if (w.squaredNorm() > region.reach_squared()) continue;
    near.push_back(i);
    streams.push_back(runs.streams[static_cast<std::size_t>(i)]);
  }
  std::vector<Index> sets;
  MatrixXd points(static_cast<Index>(near.size()), p);
  MatrixXd figures(points.rows(), runs.figures.cols());
  Index kept = 0;
  const std::vector<Index> numbers = sets_of(streams);
  for (std::size_t i = 0; i < near.size(); ++i) {
    if (numbers[i] < 0) continue;
    points.row(kept) = region.coordinates(runs.scores.row(near[i]).transpose()).transpose();
    figures.row(kept++) = runs.figures.row(near[i]);
    sets.push_back(numbers[i]);
  }
  const Index needed =
      2 * p + 4 + (sets.empty() ? 0 : 1 + *std::max_element(sets.begin(), sets.end()));
  if (kept < needed)
    throw NoFigures("the model gives figures at " + std::to_string(kept) +
                        " points near its mode, and " + std::to_string(needed) + " are needed",
                    {});
  Wave wave;
  wave.region = region;
  const MatrixXd at = points.topRows(kept);
  const MatrixXd found = figures.topRows(kept);
  wave.emulator = std::make_unique<Emulator>(at, found, sets);
  if (effort == EmulatorEffort::full) wave.emulator->refine(at, found, sets, region.spread);
  wave.offset = data_sets.offset;
  wave.emulator->shift(wave.offset);
  wave.left_out_points = runs.left_out;

  problem.set_sampling(data_sets.sampled);
  VectorXd sampling(problem.targets());
  for (const StudyFigures& study : problem.studies())
    sampling.segment(study.first, study.size()) = study.sampling.diagonal();
  // What part of the left-out error is noise of the patients? That is averaged by the regression;
  // the rest, what the polynomial cannot follow, is not.
  const MatrixXd& errors = wave.emulator->left_out_errors();
  const VectorXd squares = errors.colwise().squaredNorm().transpose() / static_cast<double>(kept);
  const double total = squares.cwiseQuotient(sampling).mean();
  const double noise = centre.noise_variance.cwiseQuotient(sampling).mean();
  const double leverage = wave.emulator->leverage().mean();
  wave.left_out_error = std::sqrt(total);
  problem.add_error(errors, leverage + std::max(0.0, 1 - noise * (1 + leverage) / total));
  problem.set_response(centre.response);
  return wave;
}

}  // namespace npcsim::detail

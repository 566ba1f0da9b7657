#include <npcsim/calibration/detail/waves.hpp>
#include <npcsim/random/batch.hpp>

#include <algorithm>
#include <cmath>
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

// Mean over the points of (data sets - emulator), where data sets say something.
VectorXd offset_of(const Region& region, const QuadraticEmulator& emulator, const MatrixXd& points,
                   const MatrixXd& means) {
  VectorXd sum = VectorXd::Zero(means.cols());
  VectorXd count = VectorXd::Zero(means.cols());
  for (Index k = 0; k < points.rows(); ++k) {
    const VectorXd at = emulator.figures(region.coordinates(points.row(k).transpose()));
    for (Index t = 0; t < sum.size(); ++t) {
      if (!std::isfinite(means(k, t))) continue;
      sum[t] += means(k, t) - at[t];
      count[t] += 1;
    }
  }
  return sum.cwiseQuotient(count.cwiseMax(1));
}

}  // namespace

DesignRuns run_design(Evaluator& evaluator, const Region& region, std::size_t points,
                      std::uint64_t seed, std::uint32_t first_stream) {
  const Index p = region.centre.size();
  std::vector<Evaluation> list;
  VectorXd w(p);
  for (std::size_t i = 0; i < points; ++i) {
    if (i % 2 == 0) {
      fill_normal({seed, first_stream}, 0, static_cast<std::size_t>(p), "calibration design"_stream,
                  static_cast<std::uint32_t>(i), w.data());
    } else {
      w = -w;
    }
    list.push_back({region.scores(w), {}, first_stream + static_cast<std::uint32_t>(i)});
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
  const VectorXd base = mean_row(figures, 0, n);
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const VectorXd up = mean_row(figures, (2 * static_cast<Index>(k) + 1) * n, n);
    const VectorXd down = mean_row(figures, (2 * static_cast<Index>(k) + 2) * n, n);
    out.response.slope[k] = (up - down) / (2 * shift_step);
    out.response.bend[k] = (up + down - 2 * base) / (shift_step * shift_step);
  }
  out.noise_variance = VectorXd::Zero(figures.cols());
  if (n < 2) return out;
  for (Index s = 0; s < n; ++s)
    out.noise_variance +=
        (figures.row(s).transpose() - base).cwiseAbs2() / static_cast<double>(n - 1);
  return out;
}

SampledFigures run_data_sets(const TargetModel& model, Evaluator& evaluator, const MatrixXd& points,
                             std::size_t count, std::uint32_t first_stream) {
  return summarise_data_sets(model, evaluator.replicate(points, count, first_stream));
}

Wave build_wave(Problem& problem, const Region& region, const DesignRuns& runs,
                const CentreRuns& centre, const MatrixXd& points, const SampledFigures& sampled) {
  const Index p = region.centre.size();
  MatrixXd near(runs.scores.rows(), p);
  MatrixXd figures(runs.scores.rows(), runs.figures.cols());
  Index kept = 0;
  for (Index i = 0; i < runs.scores.rows(); ++i) {
    const VectorXd w = region.coordinates(runs.scores.row(i).transpose());
    if (w.squaredNorm() > region.reach_squared()) continue;
    near.row(kept) = w.transpose();
    figures.row(kept++) = runs.figures.row(i);
  }
  if (kept < 2 * p + 4)
    throw NoFigures("the model gives figures at " + std::to_string(kept) +
                        " points near its mode, and " + std::to_string(2 * p + 4) + " are needed",
                    {});
  Wave wave;
  wave.region = region;
  wave.emulator = std::make_unique<QuadraticEmulator>(near.topRows(kept), figures.topRows(kept));
  wave.offset = offset_of(region, *wave.emulator, points, sampled.mean);
  wave.emulator->shift(wave.offset);
  wave.left_out_points = runs.left_out;

  problem.set_sampling(sampled);
  VectorXd sampling(problem.targets());
  for (const StudyFigures& study : problem.studies())
    sampling.segment(study.first, study.size()) = study.sampling.diagonal();
  // What part of the left-out error is noise of the patients? That is averaged by the regression;
  // the rest, what a quadratic cannot follow, is not.
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

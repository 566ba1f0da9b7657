// Runs of the model from which the emulator and the likelihood of one wave are built.
#pragma once

#include <npcsim/calibration/detail/evaluator.hpp>
#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/calibration/detail/problem.hpp>
#include <npcsim/calibration/detail/quadratic_emulator.hpp>

#include <cstdint>
#include <memory>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Evaluated points of a design; rows at which the model said nothing are left out.
struct DesignRuns {
  Eigen::MatrixXd scores;   ///< [point][parameter]
  Eigen::MatrixXd figures;  ///< [point][target]
  std::size_t left_out = 0;
};

/// `points` runs at normally distributed coordinates of the region, in pairs w and -w, so that
/// squares do not disturb slopes. Each has patients of its own: the regression then averages their
/// noise out, which common patients would keep as false slopes.
DesignRuns run_design(Evaluator& evaluator, const Region& region, std::size_t points,
                      std::uint64_t seed, std::uint32_t first_stream);

/// Runs of both, those of `second` first.
DesignRuns joined(const DesignRuns& first, const DesignRuns& second);

/// Derivatives in the shifts at one point, by central differences averaged over patient sets; and
/// the variance of figures between patient sets.
struct CentreRuns {
  ShiftResponse response;
  Eigen::VectorXd noise_variance;  ///< [target]
};
CentreRuns run_centre(Evaluator& evaluator, const Eigen::VectorXd& scores, std::size_t streams,
                      std::uint32_t first_stream);

/// Data sets at each of several points [point][parameter].
SampledFigures run_data_sets(const TargetModel& model, Evaluator& evaluator,
                             const Eigen::MatrixXd& points, std::size_t count,
                             std::uint32_t first_stream);

/// An emulator of the region with its error relative to the sampling errors.
struct Wave {
  Region region;
  std::unique_ptr<QuadraticEmulator> emulator;
  Eigen::VectorXd offset;     ///< of data sets against the large-sample figures, [target]
  double left_out_error = 0;  ///< root mean square, in sampling standard deviations
  std::size_t left_out_points = 0;
};

/// Fits the emulator to the runs within reach of the region, moves it by what data sets of the
/// studies' size differ from large samples at `points`, and puts sampling covariance, simulation
/// and emulator error, and derivatives in the shifts into the problem.
Wave build_wave(Problem& problem, const Region& region, const DesignRuns& runs,
                const CentreRuns& centre, const Eigen::MatrixXd& points,
                const SampledFigures& sampled);

}  // namespace npcsim::detail

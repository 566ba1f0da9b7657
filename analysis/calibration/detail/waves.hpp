// Runs of the model from which the emulator and the likelihood of one wave are built.
#pragma once

#include <npcsim/calibration/detail/emulator.hpp>
#include <npcsim/calibration/detail/evaluator.hpp>
#include <npcsim/calibration/detail/hamiltonian.hpp>
#include <npcsim/calibration/detail/problem.hpp>

#include <cstdint>
#include <memory>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// Evaluated points of a design; rows at which the model said nothing are left out.
struct DesignRuns {
  Eigen::MatrixXd scores;              ///< [point][parameter]
  Eigen::MatrixXd figures;             ///< [point][target]
  std::vector<std::uint32_t> streams;  ///< [point] its patients
  std::size_t left_out = 0;
};

/// `points` runs at normally distributed coordinates of the region, in pairs w and -w, so that
/// squares do not disturb slopes. Sixteen points in a row, fewer in small designs, share their
/// patients. Most of the noise of a figure is that of its patients wherever the parameters are; the
/// emulator gives each set of patients a constant and is rid of it. With few sets, what they say of
/// slopes would be kept as false slopes; over many it is averaged out.
DesignRuns run_design(Evaluator& evaluator, const Region& region, std::size_t points,
                      std::uint64_t seed, std::uint32_t first_stream);

/// Runs of both, those of `second` first.
DesignRuns joined(const DesignRuns& first, const DesignRuns& second);

/// Derivatives in the shifts at one point, by central differences averaged over patient sets; and
/// the variance of figures with which patient sets differ in what a shift does to them.
struct CentreRuns {
  ShiftResponse response;
  Eigen::VectorXd noise_variance;  ///< [target]
};
CentreRuns run_centre(Evaluator& evaluator, const Eigen::VectorXd& scores, std::size_t streams,
                      std::uint32_t first_stream);

/// Data sets at each of several points [point][parameter], and what their means are off from the
/// figures of the patients that they were drawn from as one large sample.
struct DataSets {
  SampledFigures sampled;
  Eigen::VectorXd offset;  ///< mean over the points where data sets say something, [target]
};
DataSets run_data_sets(const TargetModel& model, Evaluator& evaluator,
                       const Eigen::MatrixXd& points, std::size_t count,
                       std::uint32_t first_stream);

/// How well the emulator of a wave has to be: to find the region of the next wave a quadratic with
/// one penalty does; what draws come from is refined.
enum class EmulatorEffort : std::uint8_t { rough, full };

/// An emulator of the region with its error relative to the sampling errors.
struct Wave {
  Region region;
  std::unique_ptr<Emulator> emulator;
  Eigen::VectorXd offset;     ///< of data sets against the large-sample figures, [target]
  double left_out_error = 0;  ///< root mean square, in sampling standard deviations
  std::size_t left_out_points = 0;
};

/// Fits the emulator to the runs within reach of the region, moves it by what data sets of the
/// studies' size differ from large samples, and puts sampling covariance, simulation and emulator
/// error, and derivatives in the shifts into the problem.
Wave build_wave(Problem& problem, const Region& region, const DesignRuns& runs,
                const CentreRuns& centre, const DataSets& data_sets, EmulatorEffort effort);

}  // namespace npcsim::detail

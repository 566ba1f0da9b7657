// Bayesian calibration of a simulator to published figures: hierarchical synthetic likelihood,
// emulator by polynomials, Hamiltonian Monte Carlo. docs/methods/calibration.md has the equations.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/calibration/calibration_result.hpp>
#include <npcsim/calibration/target_model.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

struct CalibrationProgress {
  std::string stage;
  std::uint64_t done = 0;  ///< evaluations of the stage
  std::uint64_t total = 0;
};

/// How much work is done where. Numbers of evaluations are for one call of the model each.
struct CalibrationOptions {
  std::uint64_t seed = 0;
  std::size_t starts = 2;             ///< of the search for the mode: the prior mean, then draws
  std::size_t steps = 10;             ///< at most, of each search
  std::size_t replicate_points = 16;  ///< posterior draws at which data sets are simulated
  std::size_t replicates = 50;        ///< data sets at each
  std::size_t shift_streams = 8;  ///< patient sets over which derivatives in shifts are averaged
  std::size_t wave_points = 0;    ///< of each of the two waves; 0: 1.25 and 2 times the
                                  ///< coefficients, at least 20 and 10 times the parameters
  std::size_t chains = 4;
  std::size_t warmup = 300;
  std::size_t draws = 1000;        ///< per chain, of the final posterior
  std::size_t check_points = 100;  ///< fresh runs of the model at posterior draws
  std::size_t check_streams = 4;   ///< patient sets averaged in each
  double early_months = 9;         ///< survival up to here is early, for the time-varying check
  bool between_studies = true;     ///< false: no heterogeneity, no bias
  bool leave_one_out = false;      ///< posterior without each study
  std::vector<BetweenPrior> between = default_between_priors();
  /// Every evaluation is kept in this file, and an interrupted calibration goes on from it with the
  /// same result; empty: not kept.
  std::string log_path;
  std::uint64_t log_digest = 0;      ///< of the problem and the program: a log fits one of them
  std::uint64_t problem_digest = 0;  ///< of document, models, evidence and priors
  std::function<void(const CalibrationProgress&)> progress;  ///< from one thread at a time
  StopSign stop;  ///< asked before every evaluation and step of a chain
};

/// The model gives no figures where the calibration has to begin: the documents do not fit each
/// other, such as a study that nobody enters.
class NoFigures : public std::runtime_error {
 public:
  NoFigures(const std::string& message, std::vector<std::size_t> targets)
      : std::runtime_error(message), targets_(std::move(targets)) {}
  /// Those without a figure; empty: none in particular.
  const std::vector<std::size_t>& targets() const { return targets_; }

 private:
  std::vector<std::size_t> targets_;
};

/// Runs in the TBB arena of the caller; the result does not depend on the number of threads.
/// Throws FileError (log), Stopped, and NoFigures if the model can say nothing near its prior mean.
/// \pre the model has a parameter, and a figure that is fitted.
CalibrationResult calibrate(const TargetModel& model, const CalibrationOptions& options);

}  // namespace npcsim

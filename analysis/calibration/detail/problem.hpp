// The likelihood of all figures together: one block for each study, and what differs between
// studies.
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/detail/sampling.hpp>
#include <npcsim/calibration/detail/study_likelihood.hpp>

#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// First and second derivatives of all figures in each kind of shift. [kind] of [target]
struct ShiftResponse {
  std::array<Eigen::VectorXd, shift_kinds> slope;
  std::array<Eigen::VectorXd, shift_kinds> bend;
};

class Problem {
 public:
  Problem(const TargetModel& model, const CalibrationOptions& options);

  Eigen::Index parameters() const { return parameters_; }
  /// Parameters of what differs between studies; 0 if that is switched off.
  Eigen::Index between() const { return between_; }
  Eigen::Index targets() const { return targets_; }
  std::size_t fitted() const;
  const std::vector<StudyFigures>& studies() const { return studies_; }

  /// Sampling covariance of each study, from simulated data sets scaled to published standard
  /// errors.
  void set_sampling(const SampledFigures& sampled);
  /// Adds simulation and emulator error, the covariance of `errors` [point][target] times `share`.
  void add_error(const Eigen::MatrixXd& errors, double share);
  void set_response(const ShiftResponse& response);
  /// The study and all others of the same patients.
  std::vector<std::size_t> same_patients(std::size_t study) const;
  void leave_out(const std::vector<std::size_t>& studies);

  StudySpread spread(const StudyFigures& study, const Eigen::VectorXd& between_scores) const;

  /// Gradients may be nullptr.
  double log_likelihood(const Eigen::VectorXd& mu, const Eigen::VectorXd& between_scores,
                        Eigen::VectorXd* of_mu, Eigen::VectorXd* of_between) const;
  double study_log_likelihood(std::size_t study, const Eigen::VectorXd& mu,
                              const Eigen::VectorXd& between_scores) const;

 private:
  const TargetModel& model_;
  std::vector<BetweenPrior> priors_;
  Eigen::Index parameters_ = 0;
  Eigen::Index between_ = 0;
  Eigen::Index targets_ = 0;
  std::vector<StudyFigures> studies_;
};

/// Targets about which the model says nothing.
std::vector<std::size_t> without_figure(const Eigen::VectorXd& figures);

}  // namespace npcsim::detail

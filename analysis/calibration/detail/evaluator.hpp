// Runs a model at many points on all threads and keeps what was computed in a log.
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/target_model.hpp>
#include <npcsim/io/block_log.hpp>

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <Eigen/Dense>

namespace npcsim::detail {

/// One evaluation of a model. `scores` are parameters in prior standard deviations from the prior
/// mean.
struct Evaluation {
  Eigen::VectorXd scores;
  StudyShift shift;
  std::uint32_t stream = 0;
};

class Evaluator {
 public:
  /// The log, if one is named, is continued; throws FileError, also if it belongs to another
  /// calibration.
  Evaluator(const TargetModel& model, const CalibrationOptions& options);

  /// Figures [evaluation][target]. Evaluations run in parallel in the calling arena; each is a pure
  /// function of its arguments, so the result does not depend on that.
  Eigen::MatrixXd predict(const std::string& stage, const std::vector<Evaluation>& list);
  /// Figures of `count` data sets at each point [point][parameter], with a stream each: one matrix
  /// [data set][target] for each point.
  std::vector<Eigen::MatrixXd> replicate(const Eigen::MatrixXd& points, std::size_t count,
                                         std::uint32_t first_stream);

  /// Calls of the model, with those that the log answered.
  std::uint64_t evaluations() const { return evaluations_; }

 private:
  std::vector<double> theta(const Eigen::VectorXd& scores) const;
  std::optional<std::vector<double>> known(std::uint64_t key) const;
  void keep(std::uint64_t key, const std::vector<double>& figures);

  const TargetModel& model_;
  const CalibrationOptions& options_;
  std::optional<BlockLog> log_;
  std::unordered_map<std::uint64_t, std::vector<double>> logged_;
  std::mutex mutex_;
  std::uint64_t evaluations_ = 0;
};

}  // namespace npcsim::detail

// What calibration needs of a model: expected figures, and figures of data sets of the studies'
// size.
#pragma once

#include <npcsim/calibration/targets.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// Added to the log hazards of the patients of every study: how a study's own level, or the bias of
/// its comparison, moves its figures.
struct StudyShift {
  double progression = 0;  ///< of progression, all arms
  double death = 0;        ///< of death, all arms
  double effect = 0;       ///< of progression and death, in treated arms only

  friend bool operator==(const StudyShift&, const StudyShift&) = default;
};

/// A simulator of published figures. Every function is a pure function of its arguments and may be
/// called by several threads at once.
class TargetModel {
 public:
  virtual ~TargetModel() = default;
  TargetModel() = default;
  TargetModel(const TargetModel&) = delete;
  TargetModel& operator=(const TargetModel&) = delete;

  virtual const std::vector<CalibrationParameter>& parameters() const = 0;
  virtual const std::vector<CalibrationStudy>& studies() const = 0;
  /// Targets of one study stand side by side, in the order of the studies.
  virtual const std::vector<CalibrationTarget>& targets() const = 0;

  /// Large-sample figure of every target on its scale. Equal `stream`: the same patients, so that
  /// the figures move little with `theta`, which is on the real line. NaN or infinity where the
  /// model cannot say it; such evaluations are left out, so a median beyond the horizon had better
  /// be extrapolated.
  virtual std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                                      std::uint32_t stream) const = 0;

  /// The authors' statistics in `count` data sets of the studies' own sizes, accrual and follow-up.
  /// [data set * targets + target]; infinity: a median that is not reached; NaN: nothing.
  virtual std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                        std::uint32_t stream) const = 0;
};

}  // namespace npcsim

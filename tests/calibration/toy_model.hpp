// A calibration problem in closed form: exponential illness-death model, normal sampling errors.
#pragma once

#include <npcsim/calibration/target_model.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::test {

/// Parameters: log hazards of progression, of death before it and after it, log hazard ratios of a
/// treatment on progression and on death after it, and of a second treatment on progression, and
/// two that no figure depends on. Nothing is simulated: predictions are exact, errors normal with a
/// known covariance.
class ToyModel final : public TargetModel {
 public:
  ToyModel();

  const std::vector<CalibrationParameter>& parameters() const override { return parameters_; }
  const std::vector<CalibrationStudy>& studies() const override { return studies_; }
  const std::vector<CalibrationTarget>& targets() const override { return targets_; }
  std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                              std::uint32_t stream) const override;
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override;

  /// Draws a world: parameters, what differs between studies, shifts of each study, and published
  /// figures, which become the values of targets(). Returns the parameters.
  std::vector<double> become_world(std::uint64_t seed);

 private:
  struct Arm {
    std::int32_t study;
    int treatment;  // 0 none, 1, 2
    double n;
  };
  std::vector<double> with_errors(std::vector<double> figures, std::uint64_t seed,
                                  std::uint32_t occurrence) const;
  double survival(std::span<const double> theta, const Arm& arm, const StudyShift& shift,
                  bool progression_free, double months) const;

  std::vector<CalibrationParameter> parameters_;
  std::vector<CalibrationStudy> studies_;
  std::vector<CalibrationTarget> targets_;
  std::vector<Arm> arms_;               // [arm]
  std::vector<std::size_t> arm_of_;     // [target]
  std::vector<bool> progression_free_;  // [target]
};

}  // namespace npcsim::test

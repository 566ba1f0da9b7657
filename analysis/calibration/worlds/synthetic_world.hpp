// One synthetic world: true parameters, thirty studies of it as their authors publish them, and
// the simulator that has to find the parameters again.
#pragma once

#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/calibration/target_model.hpp>
#include <npcsim/calibration/worlds/disease.hpp>
#include <npcsim/calibration/worlds/study_plan.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

struct WorldOptions {
  std::uint64_t seed = 0;               ///< of the world: parameters, studies, patients
  std::uint64_t patients_seed = 0;      ///< of the patients that the calibration simulates
  bool delayed = false;                 ///< in truth, treatment effects begin after six months
  std::uint32_t patients = 8192;        ///< simulated under each strategy in one evaluation
  std::uint32_t data_patients = 32768;  ///< from which data sets of the studies' size are drawn
};

class SyntheticWorld final : public TargetModel {
 public:
  /// Draws the world. `disease` must outlive it.
  SyntheticWorld(const WorldDisease& disease, const WorldOptions& options);

  const std::vector<double>& truth() const { return truth_; }  ///< on the real line
  const BetweenValues& true_between() const { return true_between_; }

  const std::vector<CalibrationParameter>& parameters() const override {
    return disease_.parameters();
  }
  const std::vector<CalibrationStudy>& studies() const override { return studies_; }
  const std::vector<CalibrationTarget>& targets() const override { return targets_; }
  std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                              std::uint32_t stream) const override;
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override;

 private:
  void draw_truth();
  StudyShift draw_shift(std::size_t study) const;
  void publish(std::size_t study);
  void bend_shapes();

  const WorldDisease& disease_;
  WorldOptions options_;
  std::vector<StudyPlan> plans_;
  std::vector<double> truth_;
  BetweenValues true_between_{};
  std::vector<CalibrationStudy> studies_;
  std::vector<CalibrationTarget> targets_;
};

}  // namespace npcsim

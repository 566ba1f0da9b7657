// What calibration problems of a few lines have in common: their lists.
#pragma once

#include <npcsim/calibration/target_model.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace npcsim::test {

class SmallModel : public TargetModel {
 public:
  const std::vector<CalibrationParameter>& parameters() const final { return parameters_; }
  const std::vector<CalibrationStudy>& studies() const final { return studies_; }
  const std::vector<CalibrationTarget>& targets() const final { return targets_; }

 protected:
  void add_parameter(std::string name, double prior_mean, double prior_sd) {
    parameters_.push_back({std::move(name), ParameterTransform::identity, prior_mean, prior_sd});
  }
  void add_randomised_study(std::string name, std::string publication = {}) {
    studies_.push_back({std::move(name), DesignTier::randomised, false, std::move(publication)});
  }
  /// A figure of the study that was added last.
  void add_figure(std::string id, double published, bool fitted = true) {
    CalibrationTarget target;
    target.id = std::move(id);
    target.study = static_cast<std::int32_t>(studies_.size()) - 1;
    target.scale = TargetScale::identity;
    target.value = published;
    target.fitted = fitted;
    targets_.push_back(target);
  }

 private:
  std::vector<CalibrationParameter> parameters_;
  std::vector<CalibrationStudy> studies_;
  std::vector<CalibrationTarget> targets_;
};

}  // namespace npcsim::test

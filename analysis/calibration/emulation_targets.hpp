// The published studies as a model that calibration can fit.
#pragma once

#include <npcsim/calibration/target_model.hpp>
#include <npcsim/emulation/emulation_set.hpp>

#include <map>
#include <string>
#include <vector>

namespace npcsim {

/// Which studies take part, and with what weight. Designs as the evidence has them: "randomised",
/// "single_arm", "retrospective", "registry", "review"; "running" without results.
struct EmulationTargetOptions {
  std::vector<std::string> without_designs;
  std::vector<std::string> without_studies;
  /// Number of patients behind the figures of a design, times this: a check, not a weight.
  std::map<std::string, double> patients_times;
};

/// Figures of a set of emulations as targets. Figures that the model cannot say are left out;
/// those that calibration may not use are predicted and not fitted.
class EmulationTargets final : public TargetModel {
 public:
  /// `parameters`: names of parameters of the models with a prior that is not fixed. Problems go to
  /// `diagnostics`; that a study gives one of them a value of its own is a warning. Of a set that
  /// is not sound, the names of parameters are checked in the models that could be compiled, and
  /// there are no targets. The set, with its effective numbers settled, must outlive this.
  EmulationTargets(const EmulationSet& set, const std::vector<Name>& parameters,
                   const EmulationTargetOptions& options, Diagnostics& diagnostics);

  const std::vector<CalibrationParameter>& parameters() const override { return parameters_; }
  const std::vector<CalibrationStudy>& studies() const override { return studies_; }
  const std::vector<CalibrationTarget>& targets() const override { return targets_; }
  /// NaN for values with which the model contradicts itself, or nobody is eligible.
  std::vector<double> predict(std::span<const double> theta, const StudyShift& shift,
                              std::uint32_t stream) const override;
  std::vector<double> replicate(std::span<const double> theta, std::size_t count,
                                std::uint32_t stream) const override;

  /// Targets that are fitted; the others are shown.
  std::size_t fitted() const;
  /// Studies with a target that is fitted.
  std::size_t fitted_studies() const;
  /// Figure of the set behind each target.
  const std::vector<std::size_t>& figures() const { return figure_of_; }
  /// Study of the set behind each study.
  const std::vector<std::size_t>& set_studies() const { return study_of_; }
  /// The model's own record of each parameter.
  const std::vector<const Parameter*>& records() const { return records_; }
  /// Why the models contradict themselves at a point on the real line; empty: they do not.
  std::string contradiction(std::span<const double> theta) const;
  /// Values of the parameters in inner units at a point on the real line.
  NamedValues values(std::span<const double> theta) const;

 private:
  std::vector<const PatientPool*> pools_with(const std::string& parameter) const;
  void add_parameter(const Name& name, Diagnostics& diagnostics);
  void check_prior(const Name& name, const std::vector<const PatientPool*>& pools,
                   Diagnostics& diagnostics) const;
  void warn_of_fixed(const Name& parameter, Diagnostics& diagnostics) const;
  void add_study(std::size_t study, const EmulationTargetOptions& options);
  std::vector<double> figures_at(std::span<const double> theta, const StudyShift& shift,
                                 std::uint32_t stream) const;

  const EmulationSet& set_;
  std::vector<CalibrationParameter> parameters_;
  std::vector<const Parameter*> records_;
  std::vector<CalibrationStudy> studies_;
  std::vector<std::size_t> study_of_;
  std::vector<CalibrationTarget> targets_;
  std::vector<std::size_t> figure_of_;
  std::vector<double> spread_;  ///< [target] of deviations, 1 / sqrt(times the patients)
};

/// Shares differ between studies for reasons of their own, times through the hazards; measures of
/// discrimination do not.
Heterogeneity heterogeneity_of(Statistic statistic);

/// How treatment came about in a study of this design, and whether its patients were collected
/// afterwards from routine care. A running trial is a trial, not a series. `chosen`: by physicians;
/// `balanced`: comparisons are matched or weighted.
CalibrationStudy calibration_study(std::string id, const std::string& design, bool chosen,
                                   bool balanced);
CalibrationStudy calibration_study(const EmulatedStudy& study);

/// The normal prior on the real line that stands for a prior: the same for normal and log-normal
/// ones; for a beta prior the normal with the mean and variance of its logit, digamma(a) -
/// digamma(b) and trigamma(a) + trigamma(b). \pre the prior varies.
CalibrationParameter real_line_prior(const Parameter& parameter);

}  // namespace npcsim

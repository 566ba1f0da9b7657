// Published figures as calibration compares them, the studies they come from, and what is fitted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

/// On which scale the error of a figure is near normal: medians and hazard ratios by their
/// logarithm; shares by asin(sqrt(p)), whose variance 1 / (4 n) does not depend on p and which is
/// finite at 0 and 1 (Anscombe, Biometrika 1948;35:246).
enum class TargetScale : std::uint8_t { log, arcsine, identity };

/// How the printed value bounds what was observed. "Not reached" is above the last follow-up.
enum class TargetReading : std::uint8_t { exact, above, below, within };

/// What differs between studies beyond chance: their hazards, the share itself, or nothing.
enum class Heterogeneity : std::uint8_t { hazard, proportion, none };

/// Which patients a figure is about.
enum class TargetGroup : std::uint8_t { control, treated, contrast, other };

struct CalibrationTarget {
  std::string id;
  std::int32_t study = 0;
  TargetScale scale = TargetScale::log;
  TargetReading reading = TargetReading::exact;
  double value = 0;  ///< on the scale; of `above` and `below` the bound
  double low = 0;    ///< on the scale, of `within`
  double high = 0;
  double se = 0;        ///< published, on the scale; 0: none
  double patients = 0;  ///< behind the figure; 0: unknown
  Heterogeneity heterogeneity = Heterogeneity::hazard;
  bool fitted = true;  ///< false: predicted and checked, but not part of the likelihood
  TargetGroup group = TargetGroup::other;
  double at_months = 0;  ///< of survival at a time; 0: not such a figure
};

/// How treatment came about; matched and unmatched comparisons have a bias of their own each.
enum class DesignTier : std::uint8_t { randomised, single_arm, matched, unmatched };

struct CalibrationStudy {
  std::string id;
  DesignTier tier = DesignTier::randomised;
  bool series = false;  ///< patients of routine care, collected afterwards
  /// Studies with equal names here are of the same patients and left out together; empty: none is.
  std::string publication = {};
};

/// From the real line to the parameter: x, e^x, 1 / (1 + e^-x).
enum class ParameterTransform : std::uint8_t { identity, log, logit };

struct CalibrationParameter {
  std::string name;
  ParameterTransform transform = ParameterTransform::identity;
  double mean = 0;  ///< of the normal prior on the real line
  double sd = 1;    ///< above 0
};

/// The parameter's own value.
double natural_value(ParameterTransform transform, double real);

}  // namespace npcsim

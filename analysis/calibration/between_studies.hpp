// What differs between studies beyond chance: the variance and bias parameters, and their priors.
#pragma once

#include <npcsim/calibration/target_model.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

/// Prior of one such parameter.
struct BetweenPrior {
  std::string name;
  bool half_normal = true;  ///< a standard deviation; false: normal
  double mean = 0;          ///< of a normal prior
  double sd = 1;            ///< of the normal, or scale of the half-normal; 0: fixed at the mean
  std::string title = {};   ///< short, for figures
  std::string meaning = {};
};

/// Positions in the vector of these parameters.
enum class Between : std::size_t {
  progression,     ///< sd of the studies' log hazards of progression
  death,           ///< sd of the studies' log hazards of death
  effect,          ///< sd of the studies' log hazard ratios of treatment
  proportion,      ///< sd of shares on the arcsine scale
  matched_sd,      ///< further sd of the log hazard ratio in matched comparisons
  unmatched_sd,    ///< the same in unmatched ones
  matched_bias,    ///< mean bias of the log hazard ratio in matched comparisons
  unmatched_bias,  ///< the same in unmatched ones
  series_death,    ///< further sd of the log hazards of death in retrospective series
  shape,           ///< sd of each figure's own log hazards: curves are not shaped as the model's
  series_shape,    ///< further sd of the same in retrospective series
};
inline constexpr std::size_t between_count = 11;

using BetweenValues = std::array<double, between_count>;

inline double value_of(const BetweenValues& values, Between which) {
  return values[static_cast<std::size_t>(which)];
}

/// Default priors; scales are on the log hazard, and assumed. Bias distributions per design follow
/// the idea of Turner et al., J R Stat Soc A 2009;172:21.
std::vector<BetweenPrior> default_between_priors();

/// The parameter and its derivative where its standard normal score is `score`: the prior
/// distribution function of the parameter at the value equals that of the normal at the score.
struct BetweenValue {
  double value = 0;
  double slope = 0;
};
BetweenValue between_value(const BetweenPrior& prior, double score);

/// Score of a value; inverse of between_value().
double between_score(const BetweenPrior& prior, double value);

/// Independent standard normal numbers from which a study's shift is made.
struct StudyNormals {
  double progression = 0;
  double death = 0;
  double effect = 0;
  double bias = 0;
  double series_death = 0;
};

/// How a study of this design differs from the model, bias of its comparison included.
StudyShift study_shift(const BetweenValues& values, const CalibrationStudy& study,
                       const StudyNormals& normals);

/// Standard deviation of the own log hazards of each figure of a study of this design.
double shape_sd(const BetweenValues& values, const CalibrationStudy& study);

/// Root of the sum of squares of a figure's derivatives in the log hazards of progression and of
/// death: by how much an own shift of 1 moves it. [target], central differences at `theta`.
std::vector<double> shape_slopes(const TargetModel& model, std::span<const double> theta);

}  // namespace npcsim

// How much each patient of a pool counts in each arm of a study.
#pragma once

#include <npcsim/emulation/detail/study_design.hpp>

#include <vector>

namespace npcsim::detail {

struct StudyWeights {
  std::vector<std::vector<double>> weight;  ///< [arm][patient] 0 if not in the study
  std::vector<std::vector<double>> origin;  ///< [arm][patient] days; NaN if not in the study
};

/// Randomised: every patient counts in every arm with the arm's share. Chosen: with the probability
/// of the choice, so that the weights of all arms sum to at most 1; no draw is made and the weights
/// move smoothly with the parameters. `values`: the parameters of the pool's model.
///
/// With `balanced`, weights are divided by the probability of the arm given the measured variables
/// among all patients of the study, as a logistic regression of a large study finds it: what
/// matching or weighting on them leaves is the selection by the unmeasured ones and by having lived
/// to be treated.
StudyWeights weigh(const StudyDesign& design, const ArmTwins& twins,
                   const std::vector<double>& values);

}  // namespace npcsim::detail

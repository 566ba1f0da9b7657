#include <npcsim/base/portable_math.hpp>
#include <npcsim/emulation/detail/study_weights.hpp>

#include <cmath>

namespace npcsim::detail {

void arm_probabilities(const StudyDesign& design, const ArmTwins& twins,
                       const std::vector<double>& values, std::uint32_t patient, bool measured_only,
                       std::vector<double>& out) {
  out.assign(design.arms.size(), 0.0);
  if (design.choices.empty()) {
    for (std::size_t a = 0; a < out.size(); ++a) out[a] = design.arms[a].share;
    return;
  }
  const OutcomeShape& shape = design.pool->base().shape;
  double left = 1;
  for (const ChoiceDesign& choice : design.choices) {
    const ArmDesign& arm = design.arms[choice.arm];
    // Nobody can be chosen for what they did not live to receive.
    if (!arm.is_received(*twins[choice.arm], shape, patient)) continue;
    double logit = choice.intercept.at(values);
    for (const ChoiceDesign::Term& term : choice.terms) {
      if (term.unmeasured && measured_only) continue;
      // What was seen before the choice is the same under every arm: the reference tells it.
      const double x = term.variable.at(*twins[0], shape, design.arms[0].strategy, patient);
      if (!std::isnan(x)) logit += term.coef.at(values) * x;
    }
    const double p = left / (1 + portable::exp(-logit));
    out[choice.arm] += p;
    left -= p;
  }
  out[0] += left;
}

StudyWeights weigh(const StudyDesign& design, const ArmTwins& twins,
                   const std::vector<double>& values) {
  StudyWeights out;
  const std::size_t arms = design.arms.size();
  const std::uint32_t patients = twins.front()->patients;
  out.weight.assign(arms, std::vector<double>(patients, 0.0));
  out.origin = out.weight;
  std::vector<double> chosen;
  std::vector<double> measured;
  for (std::uint32_t i = 0; i < patients; ++i) {
    arm_probabilities(design, twins, values, i, false, chosen);
    if (design.doc.balanced) arm_probabilities(design, twins, values, i, true, measured);
    for (std::size_t a = 0; a < arms; ++a) {
      out.origin[a][i] = origin_days(design, twins, a, i);
      if (std::isnan(out.origin[a][i])) continue;
      out.weight[a][i] = chosen[a];
      if (design.doc.balanced && measured[a] > 0) out.weight[a][i] /= measured[a];
    }
  }
  return out;
}

}  // namespace npcsim::detail

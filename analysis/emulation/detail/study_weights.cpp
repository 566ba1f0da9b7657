#include <npcsim/base/portable_math.hpp>
#include <npcsim/emulation/detail/share_regression.hpp>
#include <npcsim/emulation/detail/study_weights.hpp>

#include <cmath>

namespace npcsim::detail {
namespace {

// What was seen before the choice is the same under every arm: the reference tells it. A measure
// that does not apply counts as 0.
double seen(const StudyDesign& design, const ArmTwins& twins, const ChoiceDesign::Term& term,
            std::uint32_t patient) {
  const double x =
      term.variable.at(*twins[0], design.pool->base().shape, design.arms[0].strategy, patient);
  return std::isnan(x) ? 0.0 : x;
}

// P(each choice) of one patient, and last that of none.
void choose(const StudyDesign& design, const ArmTwins& twins, const std::vector<double>& values,
            std::uint32_t patient, std::vector<double>& out) {
  out.assign(design.choices.size() + 1, 0.0);
  const OutcomeShape& shape = design.pool->base().shape;
  double left = 1;
  for (std::size_t c = 0; c < design.choices.size(); ++c) {
    const ChoiceDesign& choice = design.choices[c];
    // Nobody can be chosen for what they did not live to receive.
    if (!design.arms[choice.arm].is_received(*twins[choice.arm], shape, patient)) continue;
    double logit = choice.intercept.at(values);
    for (const ChoiceDesign::Term& term : choice.terms)
      logit += term.coef.at(values) * seen(design, twins, term, patient);
    out[c] = left / (1 + portable::exp(-logit));
    left -= out[c];
  }
  out.back() = left;
}

// Divides weights by the probability of the arm given the measured variables, among all patients of
// the study: for each choice, of those who are left, the logistic regression that a large study
// would find. `chosen` [choice, last: none][patient].
void balance(const StudyDesign& design, const ArmTwins& twins,
             std::vector<std::vector<double>> chosen, StudyWeights& out) {
  const std::size_t choices = design.choices.size();
  const auto patients = static_cast<std::uint32_t>(chosen.front().size());
  const auto arm_of = [&](std::size_t c) { return c < choices ? design.choices[c].arm : 0; };
  for (std::size_t c = 0; c <= choices; ++c) {
    for (std::uint32_t i = 0; i < patients; ++i) {
      if (std::isnan(out.origin[arm_of(c)][i])) chosen[c][i] = 0;
    }
  }
  std::vector<std::vector<double>> share(choices);  // of each choice among those who are left
  std::vector<double> later = chosen.back();
  for (std::size_t c = choices; c-- > 0;) {
    std::vector<std::vector<double>> columns;
    for (const ChoiceDesign::Term& term : design.choices[c].terms) {
      if (term.unmeasured) continue;
      columns.emplace_back();
      for (std::uint32_t i = 0; i < patients; ++i)
        columns.back().push_back(seen(design, twins, term, i));
    }
    const ShareRegression fit = fit_shares(columns, chosen[c], later);
    for (std::uint32_t i = 0; i < patients; ++i) {
      share[c].push_back(fit.at(columns, i));
      later[i] += chosen[c][i];
    }
  }
  std::vector<double> measured;
  for (std::uint32_t i = 0; i < patients; ++i) {
    measured.assign(design.arms.size(), 0.0);
    double left = 1;
    for (std::size_t c = 0; c < choices; ++c) {
      measured[arm_of(c)] += left * share[c][i];
      left *= 1 - share[c][i];
    }
    measured[0] += left;
    for (std::size_t a = 0; a < measured.size(); ++a) {
      if (out.weight[a][i] > 0 && measured[a] > 0) out.weight[a][i] /= measured[a];
    }
  }
}

}  // namespace

StudyWeights weigh(const StudyDesign& design, const ArmTwins& twins,
                   const std::vector<double>& values) {
  StudyWeights out;
  const std::size_t arms = design.arms.size();
  const std::size_t choices = design.choices.size();
  const std::uint32_t patients = twins.front()->patients;
  out.weight.assign(arms, std::vector<double>(patients, 0.0));
  out.origin = out.weight;
  std::vector<std::vector<double>> chosen(choices + 1, std::vector<double>(patients, 0.0));
  std::vector<double> one;
  for (std::uint32_t i = 0; i < patients; ++i) {
    for (std::size_t a = 0; a < arms; ++a) {
      out.origin[a][i] = origin_days(design, twins, a, i);
      if (choices == 0 && !std::isnan(out.origin[a][i])) out.weight[a][i] = design.arms[a].share;
    }
    if (choices == 0) continue;
    choose(design, twins, values, i, one);
    for (std::size_t c = 0; c <= choices; ++c) {
      const std::size_t arm = c < choices ? design.choices[c].arm : 0;
      chosen[c][i] = one[c];
      if (!std::isnan(out.origin[arm][i])) out.weight[arm][i] += one[c];
    }
  }
  if (design.doc.balanced) balance(design, twins, std::move(chosen), out);
  return out;
}

}  // namespace npcsim::detail

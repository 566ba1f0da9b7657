// Prior distributions of parameters, as documents write them.
#pragma once

#include <npcsim/base/binder.hpp>

namespace npcsim {

/// Reads what stands under `prior`: fixed, {normal: [mean, sd]}, {log_normal: [median, sd of the
/// logarithm]}, {beta: [a, b]} or {half_normal: [scale]}. Problems go to the binder.
Prior read_prior(Binder& binder, const Tree& tree);

/// As a document writes it: "{normal: [-0.85, 0.2]}", "fixed"; empty if there is none.
std::string written(const Prior& prior);

/// Whether the parameter varies: it has a prior, and one that is not fixed.
bool is_uncertain(const Parameter& parameter);

/// The number, in the unit in which the value is written, that the parameter does not exceed with
/// probability u. A beta prior of a value in per cent is one of the share. \pre 0 < u < 1, as
/// uniform draws are; is_uncertain(parameter).
double prior_quantile(const Parameter& parameter, double u);

/// Whether the prior can give this number, and what it can give in words ("above 0").
bool prior_allows(const Parameter& parameter, double written);
const char* prior_range(const Parameter& parameter);

}  // namespace npcsim

// What calibration may use of a target, and how many patients stand behind it.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <optional>

namespace npcsim {

/// Why a target takes no part in calibration: the reason of the exclusion list, or nothing if it
/// takes part.
std::optional<std::string> left_out(const Evidence& evidence, std::string_view target);

/// Patients behind a figure by its rule. `class_share` is the share of the target's risk class in
/// its study as the model predicts it before any fit; 1 where there is no class. Nothing where the
/// rule gives no number: the figure has an interval, or is shown and not counted.
std::optional<double> effective_n(const Evidence& evidence, const Target& target,
                                  double class_share);

/// Standard error on the scale of fitting (log for ratios, as printed otherwise) that the printed
/// interval implies, with normal quantiles; nothing without one.
std::optional<double> standard_error_of_interval(const Target& target);

}  // namespace npcsim

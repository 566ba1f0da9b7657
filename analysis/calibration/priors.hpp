// Priors of a model's named parameters, as its document writes them.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/parameters.hpp>
#include <npcsim/calibration/targets.hpp>

#include <optional>

namespace npcsim {

/// {normal: [mean, sd]} is normal itself; {log_normal: [median, sd]} is normal in the logarithm.
/// Medians are in the unit in which the parameter's value is written; the result is for the inner
/// unit. Nothing for `fixed`, for no prior, and for what is wrong or of another family; what is
/// wrong goes to `diagnostics`.
std::optional<CalibrationParameter> calibration_prior(const Parameter& parameter,
                                                      Diagnostics& diagnostics);

}  // namespace npcsim

// From numbers per step to records with times.
#pragma once

#include <npcsim/random/draws.hpp>
#include <npcsim/reconstruction/detail/path_search.hpp>
#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <optional>
#include <vector>

namespace npcsim::reconstruction {

/// Events at the end of their step, or evenly over it; censorings at their marks if there are any,
/// otherwise evenly over the step, which is what a constant hazard expects. With `draws` both are
/// uniform over their step instead. Who is left in the end is censored at `end`.
std::vector<PatientRecord> place(const std::vector<Step>& steps, const Path& path,
                                 const PublishedCurve& curve, double end,
                                 const std::optional<PatientDraws>& draws);

}  // namespace npcsim::reconstruction

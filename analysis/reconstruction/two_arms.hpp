// Two arms of one trial, with the hazard ratio that was published.
#pragma once

#include <npcsim/reconstruction/reconstruct.hpp>

#include <optional>

namespace npcsim {

/// Hazard ratio of the first arm over the second as printed, with its 95 % interval if given.
struct PublishedRatio {
  Rounded ratio;
  std::optional<double> low;
  std::optional<double> high;
};

struct TwoArms {
  Reconstruction first;
  Reconstruction second;
  /// Of the records: log hazard ratio, first over second; empty without a finite estimate.
  std::optional<LogHazardRatio> ratio;
  bool ratio_agrees = true;  ///< within the rounding of the published one
};

/// Both arms by reconstruct(). If their hazard ratio is not the published one, the pair of equally
/// admissible reconstructions whose ratio and width of interval come nearest; each draw of the
/// first arm is joined by the draw of the second that suits it best.
TwoArms reconstruct_two_arms(const PublishedCurve& first, const PublishedCurve& second,
                             const std::optional<PublishedRatio>& published,
                             const ReconstructionOptions& options);

}  // namespace npcsim

// Reading digitised curves and at-risk tables.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/csv_analyses/reconstruct_data.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim::detail {

/// What the files of an arm say. Nothing, and errors with their places, if they contradict
/// themselves; what can be put in order is, with a warning.
std::optional<PublishedCurve> read_published(const ReconstructArm& arm, Diagnostics& diagnostics,
                                             std::vector<std::string>& warnings);

/// The diagnostic page.
struct PageArm {
  const PublishedCurve* published;
  const std::vector<PatientRecord>* records;
  const Agreement* agreement;
  std::string missed;  ///< a sentence about clicks that are far off; empty if there are none
};
/// `ratio`: a sentence about the hazard ratio of two arms.
std::string reconstruction_page(const std::vector<PageArm>& arms, const std::string& ratio);

}  // namespace npcsim::detail

// Individual records from a published Kaplan-Meier curve, with everything that is known at once.
#pragma once

#include <npcsim/reconstruction/clicks.hpp>
#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

/// Where a drop that shows at a click happened.
enum class ClickKind : std::uint8_t {
  automatic,  ///< decided by the clicks: see docs/methods/reconstruction.md
  steps,      ///< at the click: the corners of the curve were clicked on
  points,     ///< anywhere since the click before: the curve was sampled
};

struct ReconstructionOptions {
  ClickKind clicks = ClickKind::automatic;
  std::size_t draws = 0;   ///< further reconstructions that differ where the data leave it open
  std::uint64_t seed = 0;  ///< of the draws; the main reconstruction does not depend on it
  std::uint32_t arm = 0;   ///< arms have their own draws
};

struct Reconstruction {
  bool found = false;  ///< false: no records at all agree with the at-risk table; see `notes`
  std::vector<PatientRecord> records;             ///< in order of time
  std::vector<std::vector<PatientRecord>> draws;  ///< as many as were asked for
  bool exact = false;  ///< every click is met to the last digit that it is written in
  ClickKind clicks = ClickKind::points;  ///< what `automatic` became
  double noise = 0;  ///< estimated standard deviation of clicks, a share of either axis
  std::vector<std::string> notes;  ///< in words: constraints given up, draws that were not found
};

/// The default: the most plausible numbers of events and censorings in all intervals between clicks
/// that agree with every number given. Method: docs/methods/reconstruction.md.
///
/// \pre at least one click and one row at risk; all numbers finite; counts do not rise.
Reconstruction reconstruct(const PublishedCurve& curve, const ReconstructionOptions& options);

/// Interval by interval, with the numbers of the curve rounded on the way. One reconstruction; not
/// found if no row of the at-risk table is at or before the last click.
///
/// Source: Guyot, Ades, Ouwens & Welton, BMC Med Res Methodol 2012;12:9.
Reconstruction reconstruct_guyot(const PublishedCurve& curve);

}  // namespace npcsim

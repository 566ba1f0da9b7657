// Whether records miss clicks by more than reading a figure explains.
#pragma once

#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

/// Clicks that the Kaplan-Meier curve of records misses by more than it should.
struct Misfit {
  std::size_t missed = 0;  ///< so many clicks; the rest of this is of the worst of them
  double time = 0;
  double read = 0;           ///< survival of the click
  double reconstructed = 0;  ///< survival of the records: the nearer of before and after a drop
  double limit = 0;          ///< largest difference that passes
};

/// A click passes if the records have its survival within five standard deviations of reading
/// (assumed), along either axis, and the drop of one patient: whole patients come no nearer.
/// `noise` is the standard deviation that a reconstruction has learnt, a share of either axis, 0 if
/// it has learnt none; of it 0.006 count (assumed), because a search that has gone astray learns a
/// noise that excuses everything. Digits of the readings and rises among them count in any case.
Misfit misfit(const PublishedCurve& curve, const std::vector<PatientRecord>& records, double noise);

/// A sentence about it; empty if every click passes.
std::string misfit_words(const Misfit& misfit, std::size_t clicks);

}  // namespace npcsim

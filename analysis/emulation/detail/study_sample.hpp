// A data set of the study's size, drawn from the pool as the study drew from the clinic.
#pragma once

#include <npcsim/emulation/detail/day_histogram.hpp>
#include <npcsim/emulation/detail/study_weights.hpp>
#include <npcsim/random/draws.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::detail {

struct SampleRow {
  std::uint32_t patient = 0;
  std::uint32_t arm = 0;
  double origin = 0;       ///< days since diagnosis
  double censored_at = 0;  ///< days since the origin
};

/// Draws patients with replacement, each into an arm by its weights, and a follow-up for each.
/// `key.replicate` is the number of the data set. Fewer than `n` rows come back only where hardly
/// anybody belongs to the study.
std::vector<SampleRow> draw_study(const StudyDesign& design, const StudyWeights& weights,
                                  std::size_t n, DrawKey key);

/// Each patient of the pool at most once: a study as large as the pool.
std::vector<SampleRow> whole_pool(const StudyDesign& design, const StudyWeights& weights,
                                  DrawKey key);

FollowUp follow_up(const StudyDesign& design);

}  // namespace npcsim::detail

// Sums over pairs of subjects whose order of events is known.
#pragma once

#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace npcsim::detail {

/// For each row the weights of its partners, times the weight of the pair: those with whom the row
/// agrees (the higher marker had the event first), disagrees, or ties in the marker. Every pair
/// stands in the sums of both its members; multiply by the row's own weight for counts.
struct PairSums {
  std::vector<double> concordant;  ///< [position]
  std::vector<double> discordant;
  std::vector<double> tied;
  double tied_time = 0;  ///< weighted pairs of events at one time with different markers
  double tied_both = 0;  ///< the same with equal markers
};

/// Whose sums are wanted: of both members of a pair, or of the one with the earlier event alone.
enum class PairMembers { both, earlier };

/// `rank` [position]: number of the marker's value among its distinct values, 0 based; `ranks` of
/// them. `pair_weight` [position]: of the pairs in which this event is the earlier one; 0 leaves
/// them out, empty: 1. A censoring at the time of an event is later than it. O(n log n) by Fenwick
/// trees (Fenwick, Softw Pract Exper 1994;24:327), after the counting of Newson, Stata J
/// 2006;6:309.
PairSums pair_sums(const SortedRecords& records, std::span<const std::size_t> rank,
                   std::size_t ranks, std::span<const double> pair_weight = {},
                   PairMembers members = PairMembers::both);

/// Rank of each position's value; `values` [row]. Returns the number of distinct values.
std::size_t marker_ranks(const SortedRecords& records, std::span<const double> values,
                         std::vector<std::size_t>& rank);

}  // namespace npcsim::detail

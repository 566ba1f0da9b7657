// The records of one group at its distinct times.
#pragma once

#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim::detail {

/// Points are the group's distinct times, with or without an event, strata taken together.
struct GroupTimeline {
  std::vector<std::uint32_t> positions;    ///< in SortedRecords, by time, events first
  std::vector<std::uint32_t> by_entry;     ///< the same positions by entry; empty without entries
  std::vector<std::uint32_t> begin;        ///< [point + 1] first of positions
  std::vector<double> time;                ///< [point]
  std::vector<double> at_risk;             ///< [point] sum of weights with entry < time
  std::vector<double> events;              ///< [point] sum of weights, any cause
  std::vector<double> censored;            ///< [point] sum of weights
  std::vector<std::uint32_t> event_count;  ///< [point]

  std::size_t points() const { return time.size(); }
};

GroupTimeline group_timeline(const SortedRecords& records, std::size_t group);

/// Numbers 0.. for the clusters of the positions in a timeline, in the order of `positions`; empty
/// without clusters (every record is its own).
std::vector<std::uint32_t> cluster_numbers(const SortedRecords& records,
                                           const GroupTimeline& timeline, std::size_t& clusters);

/// True if a sum over all clusters at every event time is quickly done (a tenth of a second at
/// most).
bool few_terms(const GroupTimeline& timeline, std::size_t clusters);

/// A variance from running sums: what rounding may have left of `largest`, the largest so far, is
/// 0.
inline double above_rounding(double variance, double& largest) {
  largest = variance > largest ? variance : largest;
  return variance > 1e-14 * largest ? variance : 0;
}

/// Runs through a timeline and tells `visitor` who enters, dies and leaves: `enter(i)` before the
/// first point after its entry, `point(p)` when all entries before the point are in, `leave(i)` for
/// each record that ends there, `after(p)`; i indexes timeline.positions.
template <class Visitor>
void follow(const SortedRecords& records, const GroupTimeline& timeline, Visitor& visitor) {
  std::vector<std::uint32_t> index_of;  // [by_entry] index into positions
  if (!timeline.by_entry.empty()) {
    std::vector<std::uint32_t> index(records.size());
    for (std::size_t i = 0; i < timeline.positions.size(); ++i) {
      index[timeline.positions[i]] = static_cast<std::uint32_t>(i);
    }
    index_of.reserve(timeline.by_entry.size());
    for (const std::uint32_t position : timeline.by_entry) index_of.push_back(index[position]);
  } else {
    for (std::size_t i = 0; i < timeline.positions.size(); ++i) visitor.enter(i);
  }
  std::size_t next = 0;
  for (std::size_t p = 0; p < timeline.points(); ++p) {
    while (next < index_of.size() && records.entry()[timeline.by_entry[next]] < timeline.time[p]) {
      visitor.enter(index_of[next++]);
    }
    visitor.point(p);
    for (std::size_t i = timeline.begin[p]; i < timeline.begin[p + 1]; ++i) visitor.leave(i, p);
    visitor.after(p);
  }
}

}  // namespace npcsim::detail

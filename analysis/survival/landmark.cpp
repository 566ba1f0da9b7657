#include <npcsim/survival/landmark.hpp>

#include <algorithm>
#include <span>

namespace npcsim {

namespace {

template <class Value>
void append(std::span<const Value> column, std::size_t row, std::vector<Value>& out) {
  if (!column.empty()) out.push_back(column[row]);
}

}  // namespace

LandmarkRecords landmark_records(const TimeToEvent& records, double landmark) {
  LandmarkRecords kept;
  for (std::size_t i = 0; i < records.rows(); ++i) {
    if (!(records.time[i] > landmark)) {
      ++kept.ended_before;
      continue;
    }
    kept.row.push_back(i);
    kept.time.push_back(records.time[i] - landmark);
    kept.event.push_back(records.event[i]);
    if (!records.entry.empty()) kept.entry.push_back(std::max(records.entry[i] - landmark, 0.0));
    append(records.weight, i, kept.weight);
    append(records.stratum, i, kept.stratum);
    append(records.cluster, i, kept.cluster);
  }
  return kept;
}

}  // namespace npcsim

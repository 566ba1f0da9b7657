#include <npcsim/survival/made_records.hpp>

#include <cmath>

namespace npcsim {

std::vector<double> MadeRecords::gather(std::span<const double> column) const {
  std::vector<double> gathered;
  gathered.reserve(source.size());
  for (const std::size_t row : source) gathered.push_back(column[row]);
  return gathered;
}

ExposureRecords split_at_exposure(const TimeToEvent& records, std::span<const double> start,
                                  double origin) {
  ExposureRecords made;
  MadeRecords& out = made.records;
  const auto add = [&](std::size_t row, double entry, double time, std::int32_t event,
                       double exposed) {
    out.entry.push_back(entry);
    out.time.push_back(time);
    out.event.push_back(event);
    if (!records.weight.empty()) out.weight.push_back(records.weight[row]);
    if (!records.stratum.empty()) out.stratum.push_back(records.stratum[row]);
    out.cluster.push_back(records.cluster.empty() ? static_cast<std::int32_t>(row)
                                                  : records.cluster[row]);
    out.source.push_back(row);
    made.exposed.push_back(exposed);
  };
  for (std::size_t row = 0; row < records.rows(); ++row) {
    const double entry = records.entry.empty() ? origin : records.entry[row];
    const double time = records.time[row];
    const double from = start[row];
    if (!(from < time)) {  // also NaN
      add(row, entry, time, records.event[row], 0);
    } else if (from <= entry) {
      add(row, entry, time, records.event[row], 1);
    } else {
      add(row, entry, from, 0, 0);
      add(row, from, time, records.event[row], 1);
    }
  }
  return made;
}

}  // namespace npcsim

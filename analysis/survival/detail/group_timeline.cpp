#include <npcsim/survival/detail/group_timeline.hpp>

#include <algorithm>

namespace npcsim::detail {

namespace {

void collect(const SortedRecords& records, std::size_t group, GroupTimeline& timeline) {
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records.group_at(i) == group) timeline.positions.push_back(static_cast<std::uint32_t>(i));
  }
  for (const std::uint32_t i : records.by_entry()) {
    if (records.group_at(i) == group) timeline.by_entry.push_back(i);
  }
  if (records.in_time_order()) return;
  const auto time = records.time();
  const auto event = records.event();
  std::stable_sort(
      timeline.positions.begin(), timeline.positions.end(), [&](std::uint32_t a, std::uint32_t b) {
        return time[a] < time[b] || (time[a] == time[b] && event[a] > 0 && event[b] <= 0);
      });
  const auto entry = records.entry();
  std::stable_sort(timeline.by_entry.begin(), timeline.by_entry.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return entry[a] < entry[b]; });
}

}  // namespace

GroupTimeline group_timeline(const SortedRecords& records, std::size_t group) {
  GroupTimeline timeline;
  collect(records, group, timeline);
  const auto time = records.time();
  const std::size_t n = timeline.positions.size();
  for (std::size_t i = 0; i < n; ++i) {
    const double now = time[timeline.positions[i]];
    if (i > 0 && now == timeline.time.back()) continue;
    timeline.time.push_back(now);
    timeline.begin.push_back(static_cast<std::uint32_t>(i));
  }
  timeline.begin.push_back(static_cast<std::uint32_t>(n));
  const std::size_t points = timeline.points();
  timeline.at_risk.resize(points);
  timeline.events.assign(points, 0.0);
  timeline.censored.assign(points, 0.0);
  timeline.event_count.assign(points, 0);
  // Backwards, so that late risk sets are sums of few terms. With entries a sum of weights is a
  // difference; the count tells when nobody but those with events is left.
  double at_risk = 0;
  std::size_t count = 0;
  std::size_t entries = timeline.by_entry.size();
  for (std::size_t p = points; p-- > 0;) {
    for (std::size_t i = timeline.begin[p + 1]; i-- > timeline.begin[p];) {
      const std::size_t position = timeline.positions[i];
      const double weight = records.weight_at(position);
      at_risk += weight;
      ++count;
      if (records.event()[position] > 0) {
        timeline.events[p] += weight;
        ++timeline.event_count[p];
      } else {
        timeline.censored[p] += weight;
      }
    }
    while (entries > 0 && records.entry()[timeline.by_entry[entries - 1]] >= timeline.time[p]) {
      at_risk -= records.weight_at(timeline.by_entry[--entries]);
      --count;
    }
    timeline.at_risk[p] = count == timeline.event_count[p] ? timeline.events[p] : at_risk;
  }
  return timeline;
}

bool few_terms(const GroupTimeline& timeline, std::size_t clusters) {
  constexpr std::size_t most = std::size_t{1} << 24;
  std::size_t events = 0;
  for (const std::uint32_t count : timeline.event_count) events += count > 0 ? 1 : 0;
  return clusters == 0 || events <= most / clusters;
}

std::vector<std::uint32_t> cluster_numbers(const SortedRecords& records,
                                           const GroupTimeline& timeline, std::size_t& clusters) {
  std::vector<std::uint32_t> number;
  clusters = timeline.positions.size();
  if (records.cluster().empty()) return number;
  std::vector<std::int32_t> names;
  for (const std::uint32_t i : timeline.positions) names.push_back(records.cluster()[i]);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  clusters = names.size();
  for (const std::uint32_t i : timeline.positions) {
    const auto at = std::lower_bound(names.begin(), names.end(), records.cluster()[i]);
    number.push_back(static_cast<std::uint32_t>(at - names.begin()));
  }
  return number;
}

}  // namespace npcsim::detail

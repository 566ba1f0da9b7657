#include <npcsim/run/detail/block_moments.hpp>
#include <npcsim/run/detail/lanes.hpp>
#include <npcsim/run/detail/subgroup_counts.hpp>
#include <npcsim/run/tally.hpp>

#include <algorithm>

namespace npcsim {

using detail::BlockPairs;
using detail::EndpointColumn;

namespace {

std::size_t bins_by_day(const OutcomeShape& shape) {
  return static_cast<std::size_t>(shape.horizon_ticks) / static_cast<std::size_t>(ticks_per_day) +
         1;
}

std::size_t day_of(std::int32_t tick) {
  return static_cast<std::uint32_t>(tick) / static_cast<std::uint32_t>(ticks_per_day);
}

std::size_t all_levels(const OutcomeShape& shape) {
  std::size_t n = 0;
  for (const SubgroupShape& subgroup : shape.subgroups) n += subgroup.levels.size();
  return n;
}

EndpointColumn column_of(const OutcomeBlock& block, const OutcomeShape& shape, std::size_t strategy,
                         std::size_t endpoint) {
  const std::size_t start = block.endpoint_column(shape, strategy, endpoint);
  return {block.ticks.data() + start, block.events.data() + start};
}

// Brings an array into the cache in one sweep: a histogram that is about to be counted into in
// random order would otherwise be waited for line by line.
void fetch(const std::uint32_t* array, std::size_t n) {
  constexpr std::size_t line = 64 / sizeof(std::uint32_t);
  for (std::size_t i = 0; i < n; i += line) __builtin_prefetch(array + i, 1);
}

template <class Word>
void add_each(std::vector<Word>& into, const std::vector<Word>& from) {
  if (into.size() < from.size()) into.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) into[i] += from[i];
}

}  // namespace

// What one block needs while it is added, reused from column to column.
struct Tally::Scratch {
  Scratch(const Tally& tally, const OutcomeBlock& block)
      : layout(block.count), axis(tally), codes(tally.shape()), first(block.first_patient) {
    codes.read(block, layout);
    counts.resize(codes.bundles().size(), detail::SubgroupCounts(axis));
  }
  std::size_t group(std::size_t lane) const { return (first + lane) % jackknife_groups; }

  detail::LaneLayout layout;
  detail::PeriodAxis axis;
  detail::SubgroupCodes codes;
  std::size_t first;
  // Of one endpoint under one strategy.
  std::vector<std::uint32_t> outcomes;  // by lanes
  std::uint64_t censored_early = 0;
  std::vector<detail::SubgroupCounts> counts;  // [bundle]
};

std::vector<std::uint32_t> EndpointTally::censored() const {
  std::vector<std::uint32_t> all = censored_early;
  all.resize(events.size());
  if (!all.empty()) all.back() += static_cast<std::uint32_t>(without_event);
  return all;
}

Tally::Tally(const OutcomeShape& shape)
    : shape_(shape),
      day_bins_(bins_by_day(shape)),
      has_landmark_(day_bins_),
      levels_(all_levels(shape)),
      endpoints_(shape.strategies.size() * shape.endpoints.size()),
      subgroups_(endpoints_.size() * levels_),
      paired_(endpoints_.size()),
      measures_(shape.strategies.size() * shape.measures.size()),
      locks_(std::max<std::size_t>(1, shape.strategies.size())) {
  NPCSIM_EXPECTS(shape.horizon_ticks >= 0);
  std::size_t offset = 0;
  for (const SubgroupShape& subgroup : shape.subgroups) {
    subgroup_offset_.push_back(offset);
    offset += subgroup.levels.size();
  }
  for (const std::int32_t tick : shape.landmark_ticks) has_landmark_[day_of(tick)] = 1;
  const std::size_t ticks = static_cast<std::size_t>(shape.horizon_ticks) + 1;
  for (std::size_t index = 0; index < endpoints_.size(); ++index) {
    EndpointTally& tally = endpoints_[index];
    const std::size_t causes = shape.endpoints[index % shape.endpoints.size()].causes.size();
    tally.events.resize(ticks);
    if (causes > 1) {
      tally.cause_events.resize(causes * day_bins_);
      tally.cause_at_landmark.resize(causes * shape.landmark_ticks.size());
    }
    tally.group_events.resize(jackknife_groups * day_bins_);
  }
  for (SubgroupTally& tally : subgroups_) {
    tally.events.resize(day_bins_);
    tally.censored.resize(day_bins_);
    tally.group_events.resize(jackknife_groups * (period_bins() + 1));
    tally.at_landmark.resize(shape.landmark_ticks.size());
  }
  for (PairedTally& tally : paired_) {
    tally.only_strategy.resize(shape.landmark_ticks.size());
    tally.only_reference.resize(shape.landmark_ticks.size());
  }
}

void Tally::add(const OutcomeBlock& block) {
  Scratch scratch(*this, block);
  // Threads that finish together begin with different strategies and so wait less for one another.
  const std::size_t n = shape_.strategies.size();
  const std::size_t begin = n == 0 ? 0 : (block.first_patient / 65536U) % n;
  for (std::size_t k = 0; k < n; ++k) add_strategy(block, (begin + k) % n, scratch);
  const std::lock_guard<std::mutex> lock(locks_.front());
  patients_ += block.count;
}

void Tally::add_strategy(const OutcomeBlock& block, std::size_t strategy, Scratch& scratch) {
  const std::size_t n = block.count;
  const bool compared =
      shape_.reference >= 0 && strategy != static_cast<std::size_t>(shape_.reference);
  const std::size_t reference = compared ? static_cast<std::size_t>(shape_.reference) : 0;
  for (std::size_t endpoint = 0; endpoint < shape_.endpoints.size(); ++endpoint) {
    const EndpointColumn column = column_of(block, shape_, strategy, endpoint);
    BlockPairs pairs;
    if (compared) {
      pairs = compare_twins(column, column_of(block, shape_, reference, endpoint), n,
                            shape_.landmark_ticks);
    }
    scratch.censored_early =
        outcomes_by_lane(scratch.layout, scratch.axis.marks(), column.ticks, column.events,
                         shape_.horizon_ticks, scratch.outcomes);
    const auto& bundles = scratch.codes.bundles();
    for (std::size_t b = 0; b < bundles.size(); ++b)
      scratch.counts[b].count(scratch.layout, bundles[b], scratch.outcomes);

    const std::lock_guard<std::mutex> lock(locks_[strategy]);
    if (compared) {
      PairedTally& paired = paired_[strategy * shape_.endpoints.size() + endpoint];
      paired.pairs += pairs.difference.count;
      paired.difference.add(pairs.difference.exact());
      add_each(paired.only_strategy, pairs.only_strategy);
      add_each(paired.only_reference, pairs.only_reference);
    }
    add_histograms(block, strategy, endpoint, scratch);
    add_subgroups(block, strategy, endpoint, scratch);
  }
  for (std::size_t m = 0; m < shape_.measures.size(); ++m) {
    const std::int32_t* const values =
        block.measures.data() + block.measure_column(shape_, strategy, m);
    const ExactMoments moments = detail::measure_moments(values, n).exact();
    ExactMoments paired;
    if (compared) {
      paired = detail::paired_moments(
                   values, block.measures.data() + block.measure_column(shape_, reference, m), n)
                   .exact();
    }
    const std::lock_guard<std::mutex> lock(locks_[strategy]);
    MeasureTally& tally = measures_[strategy * shape_.measures.size() + m];
    tally.moments.add(moments);
    tally.paired.add(paired);
  }
}

void Tally::add_histograms(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                           const Scratch& scratch) {
  const EndpointColumn column = column_of(block, shape_, strategy, endpoint);
  EndpointTally& tally = endpoints_[strategy * shape_.endpoints.size() + endpoint];
  std::uint64_t in_set = 0;
  std::uint64_t events = 0;
  if (std::size_t{block.count} * 8 > tally.events.size())
    fetch(tally.events.data(), tally.events.size());
  const detail::LaneMarks marks = scratch.axis.marks();
  std::uint32_t* const by_tick = tally.events.data();
  for (std::size_t lane = 0; lane < detail::LaneLayout::lanes; ++lane) {
    const std::uint32_t* const outcome = scratch.outcomes.data() + scratch.layout.begin(lane);
    const std::size_t n = scratch.layout.size(lane);
    const std::size_t group = scratch.group(lane);
    std::uint32_t* const by_day = tally.group_events.data() + group * day_bins_;
    if (n * 8 > day_bins_) fetch(by_day, day_bins_);
    std::uint64_t members = 0;
    for (std::size_t k = 0; k < n; ++k) {
      // Adding 0 for the others costs less than a branch that is taken at random.
      const std::uint32_t event = outcome[k] < marks.without_event ? 1U : 0U;
      const std::uint32_t tick = event != 0 ? outcome[k] : 0;
      by_tick[tick] += event;
      by_day[tick / static_cast<std::uint32_t>(ticks_per_day)] += event;
      events += event;
      members += outcome[k] < marks.not_in_set ? 1U : 0U;
    }
    in_set += members;
    tally.group_size[group] += members;
  }
  tally.in_set += in_set;
  tally.without_event += in_set - events - scratch.censored_early;
  if (scratch.censored_early > 0) {
    tally.censored_early.resize(tally.events.size());
    tally.group_censored.resize(jackknife_groups * day_bins_);
    for (std::size_t i = 0; i < block.count; ++i) {
      const std::int32_t tick = column.ticks[i];
      if (column.events[i] != outcome_censored || tick >= shape_.horizon_ticks) continue;
      const std::size_t group = (block.first_patient + i) % jackknife_groups;
      ++tally.censored_early[static_cast<std::size_t>(tick)];
      ++tally.group_censored[group * day_bins_ + day_of(tick)];
    }
  }
  if (tally.cause_events.empty()) return;
  std::uint32_t* const causes = tally.cause_events.data();
  for (std::size_t i = 0; i < block.count; ++i) {
    const std::int8_t code = column.events[i];
    // Adding 0 for the others costs less than a branch that is taken at random.
    const std::size_t cause = code > 0 ? static_cast<std::size_t>(code - 1) : 0;
    const std::size_t day = day_of(column.ticks[i]);
    causes[cause * day_bins_ + day] += code > 0 ? 1U : 0U;
    if (has_landmark_[day] != 0 && code > 0) {
      count_at_landmarks(column.ticks[i],
                         tally.cause_at_landmark.data() + cause * shape_.landmark_ticks.size());
    }
  }
}

void Tally::count_at_landmarks(std::int32_t tick, std::uint32_t* by_landmark) const {
  const std::vector<std::int32_t>& landmarks = shape_.landmark_ticks;
  for (std::size_t k = 0; k < landmarks.size(); ++k) {
    if (day_of(landmarks[k]) == day_of(tick) && tick <= landmarks[k]) {
      ++by_landmark[k];
    }
  }
}

void Tally::add_subgroups(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                          const Scratch& scratch) {
  const EndpointColumn column = column_of(block, shape_, strategy, endpoint);
  SubgroupTally* const tallies =
      subgroups_.data() + (strategy * shape_.endpoints.size() + endpoint) * levels_;
  for (std::size_t b = 0; b < scratch.counts.size(); ++b) {
    const detail::SubgroupCodes::Bundle& bundle = scratch.codes.bundles()[b];
    for (std::size_t code = 0; code < bundle.codes; ++code) {
      if (bundle.occurs[code] == 0) continue;
      for (std::size_t k = 0; k < bundle.levels.size(); ++k) {
        const std::size_t level = bundle.level_of(code, k);
        if (level == bundle.levels[k]) continue;
        scratch.counts[b].add_to(tallies[subgroup_offset_[bundle.first + k] + level], bundle, code,
                                 scratch.first);
      }
    }
  }
  for (std::size_t i = 0; i < block.count && !scratch.counts.empty(); ++i) {
    if (has_landmark_[day_of(column.ticks[i])] == 0 || column.events[i] <= 0) continue;
    for (std::size_t subgroup = 0; subgroup < shape_.subgroups.size(); ++subgroup) {
      const std::size_t index = block.levels[subgroup * block.count + i];
      if (index >= shape_.subgroups[subgroup].levels.size()) continue;
      count_at_landmarks(column.ticks[i],
                         tallies[subgroup_offset_[subgroup] + index].at_landmark.data());
    }
  }
  if (scratch.censored_early == 0) return;
  for (std::size_t i = 0; i < block.count; ++i) {
    if (column.events[i] != outcome_censored || column.ticks[i] >= shape_.horizon_ticks) continue;
    const std::size_t day = day_of(column.ticks[i]);
    const std::size_t group = (block.first_patient + i) % jackknife_groups;
    for (std::size_t subgroup = 0; subgroup < shape_.subgroups.size(); ++subgroup) {
      const std::size_t known = shape_.subgroups[subgroup].levels.size();
      const std::size_t index = block.levels[subgroup * block.count + i];
      if (index >= known) continue;
      SubgroupTally& level = tallies[subgroup_offset_[subgroup] + index];
      ++level.censored[day];
      --level.censored.back();
      level.group_censored.resize(jackknife_groups * period_bins());
      ++level.group_censored[group * period_bins() + day / days_per_period];
    }
  }
}

void Tally::add(const Tally& other) {
  patients_ += other.patients_;
  for (std::size_t i = 0; i < endpoints_.size(); ++i) {
    EndpointTally& into = endpoints_[i];
    const EndpointTally& from = other.endpoints_[i];
    into.in_set += from.in_set;
    into.without_event += from.without_event;
    add_each(into.events, from.events);
    add_each(into.censored_early, from.censored_early);
    add_each(into.cause_events, from.cause_events);
    add_each(into.cause_at_landmark, from.cause_at_landmark);
    add_each(into.group_events, from.group_events);
    add_each(into.group_censored, from.group_censored);
    for (std::size_t group = 0; group < jackknife_groups; ++group) {
      into.group_size[group] += from.group_size[group];
    }
    paired_[i].pairs += other.paired_[i].pairs;
    paired_[i].difference.add(other.paired_[i].difference);
    add_each(paired_[i].only_strategy, other.paired_[i].only_strategy);
    add_each(paired_[i].only_reference, other.paired_[i].only_reference);
  }
  for (std::size_t i = 0; i < subgroups_.size(); ++i) {
    subgroups_[i].in_set += other.subgroups_[i].in_set;
    add_each(subgroups_[i].events, other.subgroups_[i].events);
    add_each(subgroups_[i].censored, other.subgroups_[i].censored);
    add_each(subgroups_[i].group_events, other.subgroups_[i].group_events);
    add_each(subgroups_[i].group_censored, other.subgroups_[i].group_censored);
    add_each(subgroups_[i].at_landmark, other.subgroups_[i].at_landmark);
  }
  for (std::size_t i = 0; i < measures_.size(); ++i) {
    measures_[i].moments.add(other.measures_[i].moments);
    measures_[i].paired.add(other.measures_[i].paired);
  }
}

const EndpointTally& Tally::endpoint(std::size_t strategy, std::size_t endpoint) const {
  return endpoints_[strategy * shape_.endpoints.size() + endpoint];
}

const SubgroupTally& Tally::subgroup(std::size_t strategy, std::size_t endpoint,
                                     std::size_t subgroup, std::size_t level) const {
  const std::size_t column = strategy * shape_.endpoints.size() + endpoint;
  return subgroups_[column * levels_ + subgroup_offset_[subgroup] + level];
}

const PairedTally& Tally::paired(std::size_t strategy, std::size_t endpoint) const {
  return paired_[strategy * shape_.endpoints.size() + endpoint];
}

const MeasureTally& Tally::measure(std::size_t strategy, std::size_t measure) const {
  return measures_[strategy * shape_.measures.size() + measure];
}

std::size_t Tally::memory_bytes(const OutcomeShape& shape) {
  const std::size_t days = bins_by_day(shape);
  const std::size_t ticks = static_cast<std::size_t>(shape.horizon_ticks) + 1;
  std::size_t for_one_strategy = shape.measures.size() * sizeof(MeasureTally) + sizeof(std::mutex);
  for (const EndpointShape& endpoint : shape.endpoints) {
    const std::size_t causes = endpoint.causes.size() > 1 ? endpoint.causes.size() : 0;
    const std::size_t periods = days / days_per_period + 1;
    const std::size_t bins =
        2 * ticks + causes * (days + shape.landmark_ticks.size()) + 2 * jackknife_groups * days +
        all_levels(shape) *
            (2 * days + jackknife_groups * (2 * periods + 1) + shape.landmark_ticks.size());
    for_one_strategy += sizeof(EndpointTally) + sizeof(PairedTally) + bins * sizeof(std::uint32_t) +
                        shape.landmark_ticks.size() * 2 * sizeof(std::uint64_t) +
                        all_levels(shape) * sizeof(SubgroupTally);
  }
  return sizeof(Tally) + shape.strategies.size() * for_one_strategy;
}

}  // namespace npcsim

#include <npcsim/run/tally.hpp>

#include <algorithm>

namespace npcsim {

namespace {

// Patients that are worked on at a time: their columns fit into the first-level cache.
constexpr std::size_t tile_size = 4096;
static_assert(tile_size % jackknife_groups == 0);

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

// The moments of one block in machine words. A square has up to 64 bits; its halves are summed
// apart, so that no block of fewer than 2^31 patients overflows.
struct BlockMoments {
  std::uint64_t count = 0;
  std::int64_t sum = 0;
  std::uint64_t squares_low = 0;
  std::uint64_t squares_high = 0;

  void add(std::int64_t value, std::uint64_t weight) {
    const auto magnitude = static_cast<std::uint32_t>(value < 0 ? -value : value);
    const std::uint64_t square = std::uint64_t{magnitude} * magnitude;
    count += weight;
    sum += value;
    squares_low += square & 0xffffffffU;
    squares_high += square >> 32;
  }
  ExactMoments exact() const {
    ExactMoments moments;
    moments.count = count;
    moments.sum.add(sum);
    moments.squares = ExactSum(static_cast<std::int64_t>(squares_high >> 32), squares_high << 32);
    moments.squares.add(ExactSum(0, squares_low));
    return moments;
  }
};

BlockMoments measure_moments(const std::int32_t* values, std::size_t n) {
  BlockMoments moments;
  for (std::size_t i = 0; i < n; ++i) {
    const bool applies = values[i] != measure_missing;
    moments.add(applies ? values[i] : 0, applies ? 1U : 0U);
  }
  return moments;
}

BlockMoments paired_moments(const std::int32_t* values, const std::int32_t* reference,
                            std::size_t n) {
  BlockMoments moments;
  for (std::size_t i = 0; i < n; ++i) {
    const bool applies = values[i] != measure_missing && reference[i] != measure_missing;
    const std::int64_t difference = std::int64_t{values[i]} - reference[i];
    moments.add(applies ? difference : 0, applies ? 1U : 0U);
  }
  return moments;
}

// One endpoint of one strategy in a block.
struct EndpointColumn {
  const std::int32_t* ticks;
  const std::int8_t* events;
};

EndpointColumn column_of(const OutcomeBlock& block, const OutcomeShape& shape, std::size_t strategy,
                         std::size_t endpoint) {
  const std::size_t start = block.endpoint_column(shape, strategy, endpoint);
  return {block.ticks.data() + start, block.events.data() + start};
}

struct BlockPairs {
  BlockMoments difference;
  std::vector<std::uint64_t> only_strategy;
  std::vector<std::uint64_t> only_reference;
};

BlockPairs compare_twins(const EndpointColumn& strategy, const EndpointColumn& reference,
                         std::size_t n, const std::vector<std::int32_t>& landmarks) {
  BlockPairs pairs{{},
                   std::vector<std::uint64_t>(landmarks.size()),
                   std::vector<std::uint64_t>(landmarks.size())};
  // Time of the event; INT32_MAX for twins without one and for twins who are not compared.
  std::array<std::int32_t, tile_size> event_strategy;
  std::array<std::int32_t, tile_size> event_reference;
  std::array<std::int32_t, tile_size> difference;
  for (std::size_t start = 0; start < n; start += tile_size) {
    const std::size_t size = std::min(tile_size, n - start);
    const std::int32_t* const ticks_s = strategy.ticks + start;
    const std::int32_t* const ticks_r = reference.ticks + start;
    const std::int8_t* const code_s = strategy.events + start;
    const std::int8_t* const code_r = reference.events + start;
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < size; ++i) {
      // Masks instead of conditions, so that the loop vectorises; -1 is all ones.
      const std::int32_t s = code_s[i];
      const std::int32_t r = code_r[i];
      const std::int32_t both = ~((s | r) >> 31);
      const std::int32_t had_s = both & -static_cast<std::int32_t>(s > 0);
      const std::int32_t had_r = both & -static_cast<std::int32_t>(r > 0);
      difference[i] = both & (ticks_s[i] - ticks_r[i]);
      event_strategy[i] = (had_s & ticks_s[i]) | (~had_s & INT32_MAX);
      event_reference[i] = (had_r & ticks_r[i]) | (~had_r & INT32_MAX);
      count -= static_cast<std::uint32_t>(both);
    }
    pairs.difference.count += count;
    for (std::size_t i = 0; i < size; ++i) pairs.difference.add(difference[i], 0);
    for (std::size_t k = 0; k < landmarks.size(); ++k) {
      const std::int32_t landmark = landmarks[k];
      std::uint32_t only_s = 0;
      std::uint32_t only_r = 0;
      for (std::size_t i = 0; i < size; ++i) {
        const std::uint32_t free_s = event_strategy[i] > landmark ? 1U : 0U;
        const std::uint32_t free_r = event_reference[i] > landmark ? 1U : 0U;
        only_s += free_s & ~free_r;
        only_r += free_r & ~free_s;
      }
      pairs.only_strategy[k] += only_s;
      pairs.only_reference[k] += only_r;
    }
  }
  return pairs;
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
  Scratch(std::size_t patients, std::size_t days, std::size_t bins_by_group)
      : capacity(patients / jackknife_groups + 2),
        event_ticks(capacity * jackknife_groups),
        nobody(days),
        nobody_by_group(bins_by_group) {}

  // Sorts the patients with an event by jackknife group. In patient order the 64 histograms by
  // group would take turns in the cache; sorted, each is visited once. Tiles keep the reading side
  // in the cache as well.
  void sort_by_group(const EndpointColumn& column, std::size_t n, std::size_t first,
                     std::int32_t horizon) {
    events_in_group.fill(0);
    group_size.fill(0);
    std::uint32_t early = 0;
    for (std::size_t start = 0; start < n; start += tile_size) {
      const std::size_t stop = std::min(start + tile_size, n);
      for (std::size_t offset = 0; offset < jackknife_groups; ++offset) {
        const std::size_t group = (first + offset) % jackknife_groups;
        std::int32_t* const list = event_ticks.data() + group * capacity;
        std::size_t listed = events_in_group[group];
        std::uint64_t size = 0;
        for (std::size_t i = start + offset; i < stop; i += jackknife_groups) {
          const std::int8_t code = column.events[i];
          list[listed] = column.ticks[i];
          listed += code > 0 ? 1U : 0U;
          size += code >= 0 ? 1U : 0U;
          early += (code == outcome_censored && column.ticks[i] < horizon) ? 1U : 0U;
        }
        events_in_group[group] = listed;
        group_size[group] += size;
      }
    }
    censored_early = early;
  }

  std::size_t capacity;
  std::vector<std::int32_t> event_ticks;  // [group][capacity]
  std::array<std::size_t, jackknife_groups> events_in_group{};
  std::array<std::uint64_t, jackknife_groups> group_size{};
  std::uint64_t censored_early = 0;
  // Take the patients without a level.
  std::vector<std::uint32_t> nobody;           // [day]
  std::vector<std::uint32_t> nobody_by_group;  // [group][period + 1]
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
  }
  for (PairedTally& tally : paired_) {
    tally.only_strategy.resize(shape.landmark_ticks.size());
    tally.only_reference.resize(shape.landmark_ticks.size());
  }
}

void Tally::add(const OutcomeBlock& block) {
  Scratch scratch(block.count, day_bins_, jackknife_groups * (period_bins() + 1));
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
    scratch.sort_by_group(column, n, block.first_patient, shape_.horizon_ticks);

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
    const ExactMoments moments = measure_moments(values, n).exact();
    ExactMoments paired;
    if (compared) {
      paired = paired_moments(values,
                              block.measures.data() + block.measure_column(shape_, reference, m), n)
                   .exact();
    }
    const std::lock_guard<std::mutex> lock(locks_[strategy]);
    MeasureTally& tally = measures_[strategy * shape_.measures.size() + m];
    tally.moments.add(moments);
    tally.paired.add(paired);
  }
}

void Tally::add_histograms(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                           Scratch& scratch) {
  const EndpointColumn column = column_of(block, shape_, strategy, endpoint);
  EndpointTally& tally = endpoints_[strategy * shape_.endpoints.size() + endpoint];
  std::uint64_t in_set = 0;
  std::uint64_t events = 0;
  if (std::size_t{block.count} * 8 > tally.events.size())
    fetch(tally.events.data(), tally.events.size());
  for (std::size_t group = 0; group < jackknife_groups; ++group) {
    const std::int32_t* const list = scratch.event_ticks.data() + group * scratch.capacity;
    const std::size_t listed = scratch.events_in_group[group];
    std::uint32_t* const by_tick = tally.events.data();
    std::uint32_t* const by_day = tally.group_events.data() + group * day_bins_;
    if (listed * 8 > day_bins_) fetch(by_day, day_bins_);
    for (std::size_t k = 0; k < listed; ++k) {
      const auto tick = static_cast<std::uint32_t>(list[k]);
      ++by_tick[tick];
      ++by_day[tick / static_cast<std::uint32_t>(ticks_per_day)];
    }
    events += listed;
    in_set += scratch.group_size[group];
    tally.group_size[group] += scratch.group_size[group];
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
    if (has_landmark_[day] != 0 && code > 0) count_at_landmarks(column.ticks[i], cause, tally);
  }
}

void Tally::count_at_landmarks(std::int32_t tick, std::size_t cause, EndpointTally& tally) const {
  const std::vector<std::int32_t>& landmarks = shape_.landmark_ticks;
  for (std::size_t k = 0; k < landmarks.size(); ++k) {
    if (day_of(landmarks[k]) == day_of(tick) && tick <= landmarks[k]) {
      ++tally.cause_at_landmark[cause * landmarks.size() + k];
    }
  }
}

void Tally::add_subgroups(const OutcomeBlock& block, std::size_t strategy, std::size_t endpoint,
                          Scratch& scratch) {
  const EndpointColumn column = column_of(block, shape_, strategy, endpoint);
  const std::size_t base = (strategy * shape_.endpoints.size() + endpoint) * levels_;
  for (std::size_t subgroup = 0; subgroup < shape_.subgroups.size(); ++subgroup) {
    SubgroupTally* const tallies = subgroups_.data() + base + subgroup_offset_[subgroup];
    const std::size_t known = shape_.subgroups[subgroup].levels.size();
    const std::uint8_t* const levels = block.levels.data() + subgroup * block.count;
    std::array<std::uint32_t*, 256> events_of;
    events_of.fill(scratch.nobody.data());
    std::array<std::uint32_t*, 256> groups_of;
    groups_of.fill(scratch.nobody_by_group.data());
    for (std::size_t level = 0; level < known; ++level) {
      events_of[level] = tallies[level].events.data();
      groups_of[level] = tallies[level].group_events.data();
    }
    const std::size_t periods = period_bins();
    // Patients of a level, and above bit 32 those with an event; four counters in turn, because an
    // addition to the number that was stored just before has to wait for the store.
    std::array<std::uint64_t, 4 * 256> counts{};
    for (std::size_t i = 0; i < block.count; ++i) {
      const std::size_t level = levels[i];
      const std::uint32_t event = column.events[i] > 0 ? 1U : 0U;
      const std::uint64_t member = column.events[i] >= 0 ? 1U : 0U;
      const std::size_t day = day_of(column.ticks[i]);
      events_of[level][day] += event;
      const std::size_t group = (block.first_patient + i) % jackknife_groups;
      const std::size_t period = event != 0 ? day / days_per_period : periods;
      groups_of[level][group * (periods + 1) + period] += static_cast<std::uint32_t>(member);
      counts[(i % 4) * 256 + level] += member + (std::uint64_t{event} << 32);
    }
    std::array<std::uint64_t, 256> early{};
    if (scratch.censored_early > 0) {
      for (std::size_t i = 0; i < block.count; ++i) {
        if (column.events[i] != outcome_censored || column.ticks[i] >= shape_.horizon_ticks)
          continue;
        if (levels[i] >= known) continue;
        SubgroupTally& level = tallies[levels[i]];
        const std::size_t day = day_of(column.ticks[i]);
        const std::size_t group = (block.first_patient + i) % jackknife_groups;
        ++level.censored[day];
        level.group_censored.resize(jackknife_groups * periods);
        ++level.group_censored[group * periods + day / days_per_period];
        ++early[levels[i]];
      }
    }
    for (std::size_t level = 0; level < known; ++level) {
      const std::uint64_t both =
          counts[level] + counts[256 + level] + counts[512 + level] + counts[768 + level];
      const std::uint64_t members = both & 0xffffffffU;
      tallies[level].in_set += members;
      tallies[level].censored.back() +=
          static_cast<std::uint32_t>(members - (both >> 32) - early[level]);
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
    const std::size_t bins = 2 * ticks + causes * (days + shape.landmark_ticks.size()) +
                             2 * jackknife_groups * days +
                             all_levels(shape) * (2 * days + jackknife_groups * (2 * periods + 1));
    for_one_strategy += sizeof(EndpointTally) + sizeof(PairedTally) + bins * sizeof(std::uint32_t) +
                        shape.landmark_ticks.size() * 2 * sizeof(std::uint64_t) +
                        all_levels(shape) * sizeof(SubgroupTally);
  }
  return sizeof(Tally) + shape.strategies.size() * for_one_strategy;
}

}  // namespace npcsim

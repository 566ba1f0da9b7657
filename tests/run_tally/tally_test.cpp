#include "made_blocks.hpp"
#include <npcsim/run/tally.hpp>

#include <atomic>
#include <cstdlib>
#include <map>
#include <new>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

namespace {

// Bytes that this program has asked for and not given back.
std::atomic<std::size_t> live_bytes{0};

}  // namespace

void* operator new(std::size_t size) {
  auto* const block = static_cast<std::size_t*>(std::malloc(size + 16));
  if (block == nullptr) throw std::bad_alloc();
  *block = size;
  live_bytes += size;
  return block + 2;
}
void operator delete(void* pointer) noexcept {
  if (pointer == nullptr) return;
  auto* const block = static_cast<std::size_t*>(pointer) - 2;
  live_bytes -= *block;
  std::free(block);
}
void operator delete(void* pointer, std::size_t) noexcept { operator delete(pointer); }

namespace npcsim {
namespace {

using testing::made_block;
using testing::made_shape;
using testing::MadeOutcomes;

constexpr std::uint32_t patients = 30'000;
constexpr std::uint32_t first_patient = 1'000'003;  // not a multiple of the number of groups

Tally tally_of(const MadeOutcomes& kind) {
  Tally tally(made_shape());
  tally.add(made_block(tally.shape(), kind, first_patient, patients));
  return tally;
}

const MadeOutcomes kinds[] = {{false, true}, {false, false}, {true, true}, {true, false}};

// A count that should agree with a histogram: patients by bin, as written down in the comments of
// tally.hpp.
std::map<std::size_t, std::uint32_t> filled(const std::vector<std::uint32_t>& histogram) {
  std::map<std::size_t, std::uint32_t> bins;
  for (std::size_t i = 0; i < histogram.size(); ++i) {
    if (histogram[i] != 0) bins[i] = histogram[i];
  }
  return bins;
}

TEST(Tally, HistogramsHoldEveryPatientWhereTheirDefinitionSays) {
  for (const MadeOutcomes& kind : kinds) {
    const Tally tally = tally_of(kind);
    const OutcomeShape& shape = tally.shape();
    const OutcomeBlock block = made_block(shape, kind, first_patient, patients);
    EXPECT_EQ(tally.patients(), patients);
    for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
      for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
        std::map<std::size_t, std::uint32_t> events, censored, causes, group_events, group_censored;
        std::map<std::size_t, std::uint32_t> at_landmark;
        std::array<std::uint64_t, jackknife_groups> sizes{};
        for (std::uint32_t i = 0; i < patients; ++i) {
          const std::size_t at = block.endpoint_column(shape, s, e) + i;
          const auto tick = static_cast<std::size_t>(block.ticks[at]);
          const std::size_t group = (first_patient + i) % 64;
          if (block.events[at] < 0) continue;
          ++sizes[group];
          if (block.events[at] > 0) {
            ++events[tick];
            ++causes[(static_cast<std::size_t>(block.events[at]) - 1) * tally.day_bins() +
                     tick / 32];
            ++group_events[group * tally.day_bins() + tick / 32];
            for (std::size_t k = 0; k < shape.landmark_ticks.size(); ++k) {
              const auto landmark = static_cast<std::size_t>(shape.landmark_ticks[k]);
              if (tick <= landmark && tick / 32 == landmark / 32) {
                ++at_landmark[(static_cast<std::size_t>(block.events[at]) - 1) *
                                  shape.landmark_ticks.size() +
                              k];
              }
            }
          } else {
            ++censored[tick];
            if (block.ticks[at] < shape.horizon_ticks)
              ++group_censored[group * tally.day_bins() + tick / 32];
          }
        }
        const EndpointTally& endpoint = tally.endpoint(s, e);
        EXPECT_EQ(endpoint.in_set, std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}));
        EXPECT_EQ(endpoint.group_size, sizes);
        EXPECT_EQ(filled(endpoint.events), events);
        EXPECT_EQ(filled(endpoint.censored()), censored);
        EXPECT_EQ(endpoint.censored_early.empty(), !kind.censored_early);
        EXPECT_EQ(filled(endpoint.group_events), group_events);
        EXPECT_EQ(filled(endpoint.group_censored), group_censored);
        EXPECT_EQ(endpoint.group_censored.empty(), !kind.censored_early);
        if (shape.endpoints[e].causes.size() == 1) causes.clear();
        if (shape.endpoints[e].causes.size() == 1) at_landmark.clear();
        EXPECT_EQ(filled(endpoint.cause_at_landmark), at_landmark);
        EXPECT_EQ(filled(endpoint.cause_events), causes);
      }
    }
  }
}

TEST(Tally, SubgroupsHoldTheirMembersByDay) {
  for (const MadeOutcomes& kind : kinds) {
    const Tally tally = tally_of(kind);
    const OutcomeShape& shape = tally.shape();
    const OutcomeBlock block = made_block(shape, kind, first_patient, patients);
    for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
      for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
        for (std::size_t g = 0; g < shape.subgroups.size(); ++g) {
          for (std::size_t level = 0; level < shape.subgroups[g].levels.size(); ++level) {
            std::map<std::size_t, std::uint32_t> events, censored, group_events, group_censored;
            const std::size_t periods = tally.period_bins();
            std::uint64_t members = 0;
            std::vector<std::uint32_t> at_landmark(shape.landmark_ticks.size());
            for (std::uint32_t i = 0; i < patients; ++i) {
              const std::size_t at = block.endpoint_column(shape, s, e) + i;
              if (block.events[at] < 0 || block.levels[g * patients + i] != level) continue;
              ++members;
              ++(block.events[at] > 0 ? events
                                      : censored)[static_cast<std::size_t>(block.ticks[at]) / 32];
              const std::size_t group = (first_patient + i) % 64;
              const std::size_t period = static_cast<std::size_t>(block.ticks[at]) / 32 / 56;
              for (std::size_t k = 0; k < at_landmark.size(); ++k) {
                const std::int32_t landmark = shape.landmark_ticks[k];
                at_landmark[k] += block.events[at] > 0 && block.ticks[at] <= landmark &&
                                          block.ticks[at] / 32 == landmark / 32
                                      ? 1U
                                      : 0U;
              }
              ++group_events[group * (periods + 1) + (block.events[at] > 0 ? period : periods)];
              if (block.events[at] == 0 && block.ticks[at] < shape.horizon_ticks)
                ++group_censored[group * periods + period];
            }
            const SubgroupTally& subgroup = tally.subgroup(s, e, g, level);
            EXPECT_EQ(subgroup.in_set, members);
            EXPECT_EQ(filled(subgroup.events), events);
            EXPECT_EQ(filled(subgroup.censored), censored);
            EXPECT_EQ(filled(subgroup.group_events), group_events);
            EXPECT_EQ(filled(subgroup.group_censored), group_censored);
            EXPECT_EQ(subgroup.at_landmark, at_landmark);
          }
        }
      }
    }
  }
}

TEST(Tally, TwinsAreComparedOnlyWhereBothBelongToTheSet) {
  for (const MadeOutcomes& kind : kinds) {
    const Tally tally = tally_of(kind);
    const OutcomeShape& shape = tally.shape();
    const OutcomeBlock block = made_block(shape, kind, first_patient, patients);
    for (std::size_t s = 1; s < shape.strategies.size(); ++s) {
      for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
        ExactMoments difference;
        std::vector<std::uint64_t> only_strategy(3), only_reference(3);
        for (std::uint32_t i = 0; i < patients; ++i) {
          const std::size_t a = block.endpoint_column(shape, s, e) + i;
          const std::size_t b = block.endpoint_column(shape, 0, e) + i;
          if (block.events[a] < 0 || block.events[b] < 0) continue;
          difference.add(std::int64_t{block.ticks[a]} - block.ticks[b]);
          for (std::size_t k = 0; k < 3; ++k) {
            const bool had_a = block.events[a] > 0 && block.ticks[a] <= shape.landmark_ticks[k];
            const bool had_b = block.events[b] > 0 && block.ticks[b] <= shape.landmark_ticks[k];
            if (!had_a && had_b) ++only_strategy[k];
            if (had_a && !had_b) ++only_reference[k];
          }
        }
        EXPECT_EQ(tally.paired(s, e).pairs, difference.count);
        EXPECT_EQ(tally.paired(s, e).difference, difference);
        EXPECT_EQ(tally.paired(s, e).only_strategy, only_strategy);
        EXPECT_EQ(tally.paired(s, e).only_reference, only_reference);
      }
    }
    EXPECT_EQ(tally.paired(0, 0).pairs, 0U);
  }
}

TEST(Tally, MeasuresAreSummedExactlyUpToTheLargestValues) {
  const Tally tally = tally_of({});
  const OutcomeShape& shape = tally.shape();
  const OutcomeBlock block = made_block(shape, {}, first_patient, patients);
  for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
    for (std::size_t m = 0; m < shape.measures.size(); ++m) {
      ExactMoments moments;
      ExactSum paired_sum;
      std::uint64_t pairs = 0;
      for (std::uint32_t i = 0; i < patients; ++i) {
        const std::int32_t value = block.measures[block.measure_column(shape, s, m) + i];
        const std::int32_t twin = block.measures[block.measure_column(shape, 0, m) + i];
        if (value != measure_missing) moments.add(value);
        if (s == 0 || value == measure_missing || twin == measure_missing) continue;
        ++pairs;
        paired_sum.add(std::int64_t{value} - twin);
      }
      EXPECT_EQ(tally.measure(s, m).moments, moments);
      EXPECT_EQ(tally.measure(s, m).paired.count, pairs);
      EXPECT_EQ(tally.measure(s, m).paired.sum, paired_sum);
    }
  }
}

TEST(Tally, SquaresOfTheLargestDifferencesDoNotOverflow) {
  OutcomeShape shape;
  shape.strategies = {"a", "b"};
  shape.reference = 0;
  shape.measures = {{"cost", "", MeasureKind::count}};
  Tally tally(shape);
  OutcomeBlock block;
  constexpr std::uint32_t n = 1024;
  block.resize(shape, 0, n);
  for (std::uint32_t i = 0; i < n; ++i) {
    block.measures[i] = -INT32_MAX;
    block.measures[n + i] = INT32_MAX;
  }
  tally.add(block);
  // 2^10 (2^32 - 2)^2 = 2^74 - 2^44 + 2^12.
  EXPECT_EQ(tally.measure(1, 0).paired.squares, ExactSum(1023, 0ULL - (1ULL << 44) + (1ULL << 12)));
}

TEST(Tally, AnySplitOrderAndThreadsGiveTheSameBytes) {
  for (const MadeOutcomes& kind : kinds) {
    const std::string expected = tally_of(kind).bytes();
    // Blocks of 1, 2, 3, ... patients, so that their edges fall everywhere.
    std::vector<OutcomeBlock> blocks;
    const OutcomeShape shape = made_shape();
    for (std::uint32_t done = 0, size = 1; done < patients; size += 1 + size / 3) {
      const std::uint32_t now = std::min(size, patients - done);
      blocks.push_back(made_block(shape, kind, first_patient + done, now));
      done += now;
    }
    Tally backwards(shape);
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) backwards.add(*block);
    EXPECT_TRUE(backwards.bytes() == expected);

    Tally shared(shape);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        for (std::size_t b = t; b < blocks.size(); b += 4) shared.add(blocks[b]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_TRUE(shared.bytes() == expected);

    Tally left(shape), right(shape);
    for (std::size_t b = 0; b < blocks.size(); ++b) (b % 3 == 0 ? left : right).add(blocks[b]);
    left.add(right);
    EXPECT_TRUE(left.bytes() == expected);
  }
}

TEST(Tally, ARestoredSnapshotGoesOnAsIfNothingHadHappened) {
  for (const MadeOutcomes& kind : kinds) {
    const OutcomeShape shape = made_shape();
    Tally before(shape);
    before.add(made_block(shape, kind, 0, 5'000));
    Tally after(shape);
    after.add(made_block(shape, {true, true}, 77, 100));  // what was there is replaced
    after.restore(before.bytes());
    EXPECT_TRUE(after.bytes() == before.bytes());
    after.add(made_block(shape, kind, 5'000, 5'000));
    before.add(made_block(shape, kind, 5'000, 5'000));
    EXPECT_TRUE(after.bytes() == before.bytes());
  }
}

TEST(Tally, ASnapshotBringsBackEveryNumber) {
  for (const MadeOutcomes& kind : kinds) {
    const Tally before = tally_of(kind);
    const OutcomeShape& shape = before.shape();
    Tally after(shape);
    after.restore(before.bytes());
    EXPECT_EQ(after.patients(), before.patients());
    for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
      for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
        const EndpointTally& was = before.endpoint(s, e);
        const EndpointTally& is = after.endpoint(s, e);
        EXPECT_EQ(is.in_set, was.in_set);
        EXPECT_EQ(is.group_size, was.group_size);
        EXPECT_TRUE(is.events == was.events && is.censored() == was.censored());
        EXPECT_TRUE(is.cause_events == was.cause_events);
        EXPECT_TRUE(is.cause_at_landmark == was.cause_at_landmark);
        EXPECT_TRUE(is.group_events == was.group_events && is.group_censored == was.group_censored);
        EXPECT_EQ(after.paired(s, e).pairs, before.paired(s, e).pairs);
        EXPECT_EQ(after.paired(s, e).difference, before.paired(s, e).difference);
        EXPECT_EQ(after.paired(s, e).only_strategy, before.paired(s, e).only_strategy);
        EXPECT_EQ(after.paired(s, e).only_reference, before.paired(s, e).only_reference);
        for (std::size_t level = 0; level < 3; ++level) {
          EXPECT_EQ(after.subgroup(s, e, 1, level).in_set, before.subgroup(s, e, 1, level).in_set);
          EXPECT_EQ(after.subgroup(s, e, 1, level).events, before.subgroup(s, e, 1, level).events);
          EXPECT_EQ(after.subgroup(s, e, 1, level).censored,
                    before.subgroup(s, e, 1, level).censored);
          EXPECT_EQ(after.subgroup(s, e, 1, level).group_events,
                    before.subgroup(s, e, 1, level).group_events);
          EXPECT_EQ(after.subgroup(s, e, 1, level).group_censored,
                    before.subgroup(s, e, 1, level).group_censored);
        }
      }
      for (std::size_t m = 0; m < shape.measures.size(); ++m) {
        EXPECT_EQ(after.measure(s, m).moments, before.measure(s, m).moments);
        EXPECT_EQ(after.measure(s, m).paired, before.measure(s, m).paired);
      }
    }
  }
}

TEST(Tally, OneDifferentPatientGivesOtherBytes) {
  const OutcomeShape shape = made_shape();
  OutcomeBlock block = made_block(shape, {}, 0, 1'000);
  Tally one(shape), other(shape);
  one.add(block);
  block.ticks[500] = block.ticks[500] == 7 ? 8 : 7;
  other.add(block);
  EXPECT_FALSE(one.bytes() == other.bytes());
}

TEST(Tally, ASnapshotOfAnotherStudyOrADamagedOneIsRefused) {
  const OutcomeShape shape = made_shape();
  Tally tally = tally_of({});
  const std::string bytes = tally.bytes();
  OutcomeShape other = shape;
  other.horizon_ticks += 32;
  EXPECT_THROW(Tally(other).restore(bytes), std::runtime_error);
  other = shape;
  other.strategies[1] = "something_else";
  EXPECT_THROW(Tally(other).restore(bytes), std::runtime_error);
  EXPECT_THROW(tally.restore(bytes.substr(0, bytes.size() - 1)), std::runtime_error);
  EXPECT_THROW(tally.restore(bytes + "x"), std::runtime_error);
  EXPECT_THROW(tally.restore(""), std::runtime_error);
  EXPECT_TRUE(tally.bytes() == bytes) << "a failed restore changes nothing";
}

// A disk that is full stops the writing at any piece, the last one too.
TEST(Tally, WhatCannotBeWrittenIsToldToTheCaller) {
  const Tally tally = tally_of({});
  int pieces = 0;
  tally.write([&](std::string_view) { ++pieces; });
  ASSERT_GT(pieces, 0);
  for (const int last : {1, pieces}) {
    int count = 0;
    const auto put = [&](std::string_view) {
      if (++count == last) throw std::runtime_error("full");
    };
    EXPECT_THROW(tally.write(put), std::runtime_error) << last;
  }
}

TEST(Tally, TheMemoryForecastIsWithinAFewPerCentOfWhatIsTaken) {
  OutcomeShape shape = made_shape();
  shape.horizon_ticks = 120 * 974;
  const OutcomeBlock block = made_block(shape, {true, true}, 0, 1'000);
  const std::size_t before = live_bytes;
  Tally tally(shape);
  tally.add(block);
  const auto taken = static_cast<double>(live_bytes - before + sizeof(Tally));
  EXPECT_NEAR(static_cast<double>(Tally::memory_bytes(shape)) / taken, 1.0, 0.05);
}

}  // namespace
}  // namespace npcsim

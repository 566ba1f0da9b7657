// Relations that hold between runs of any model, on models made up at random.
#include "random_model.hpp"
#include <npcsim/comparison/summary.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

constexpr std::uint32_t models = 24;

std::size_t column(const CompiledStudy& study, std::size_t strategy, std::size_t endpoint,
                   const OutcomeBlock& block) {
  return block.endpoint_column(study.shape, strategy, endpoint);
}

bool same_entry(const JournalEntry& a, const JournalEntry& b) {
  return a.days == b.days && a.kind == b.kind && a.index == b.index && a.detail == b.detail &&
         a.value == b.value;
}

bool same_journal(const Journal& a, const Journal& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), same_entry);
}

const std::string one_piece = R"(study: pieces
model:
  model: pieces
  states: [alive, dead]
  processes:
    death: {from: alive, to: dead, hazard: HAZARD}
  agents:
    drug: {effects: [{process: death, hr: 0.5, source: assumed}]}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: treated, steps: [{give: drug, at: 5 months, for: 6 months}]}]
patients: 2000
seed: 3
horizon: 600 months
)";

std::string with_hazard(const std::string& hazard) {
  std::string text = one_piece;
  return text.replace(text.find("HAZARD"), 6, hazard);
}

TEST(Metamorphic, SplittingASegmentMovesNoEvent) {
  const auto whole = compiled(with_hazard("{exponential: 0.05 per month, source: assumed}"));
  const auto split = compiled(
      with_hazard("{piecewise: {times: [3 months, 7 months, 20 months], rates: [0.05 per month, "
                  "0.05 per month, 0.05 per month, 0.05 per month]}, source: assumed}"));
  const auto a = journals(*whole, 0, 2000);
  const auto b = journals(*split, 0, 2000);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].size(), b[i].size());
    for (std::size_t k = 0; k < a[i].size(); ++k) {
      ASSERT_NEAR(a[i][k].days, b[i][k].days, 1e-12 * a[i][k].days);
    }
  }
}

TEST(Metamorphic, AnEffectOfOneIsNoEffectBitForBit) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    // `placebo` changes its multiplier of 1 every week; `drug` acts on the same process beside it.
    const std::string text = random_study({.seed = seed});
    std::string more = text;
    const std::string agents = "  agents:\n";
    more.replace(
        more.find(agents), agents.size(),
        "  agents:\n    placebo: {effects: [{process: [progression, death_after], log_hr: 0, "
        "kernel: {onset: 3 d, ramp: "
        "70 d, ramp_step: 7 d, half_life: 30 d, step: 7 d, steps: 50}, source: assumed}]}\n");
    const auto plain = compiled(text);
    const std::string steps = "    steps:\n";
    more.replace(more.find(steps), steps.size(),
                 "    steps:\n      - {give: placebo, at: 14 d, for: 100 d}\n");
    const std::string first = "      - {give: drug, cycles: 6}";
    more.replace(more.find(first), first.size(), "      - {give: drug, cycles: 6, after: start}");
    const auto with_placebo = compiled(more);
    const OutcomeBlock a = outcomes(*plain);
    const OutcomeBlock b = outcomes(*with_placebo);
    ASSERT_EQ(a.ticks, b.ticks) << "model " << seed;
    ASSERT_EQ(a.events, b.events) << "model " << seed;
  }
}

TEST(Metamorphic, DaysInsteadOfMonthsGiveTheSameHistories) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    const auto months = compiled(random_study({.seed = seed}));
    const auto days = compiled(random_study({.seed = seed, .days = true}));
    ASSERT_TRUE(same(outcomes(*months), outcomes(*days))) << "model " << seed;
    for (std::uint32_t i = 0; i < 50; ++i) {
      ASSERT_TRUE(same_journal(journal(*months, i, 1), journal(*days, i, 1)))
          << "model " << seed << ", patient " << i;
    }
  }
}

TEST(Metamorphic, LoweringTheHazardOfACauseNeverHastensIt) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    // The drug acts from the start on what leaves the first state; nothing else leads back into it.
    const auto study = compiled(
        random_study({.seed = seed, .simple = true, .strategies = R"(  - {strategy: untreated}
  - {strategy: treated, steps: [{give: drug}]}
)"}));
    const auto untreated = journals(*study, 0, 600);
    const auto treated = journals(*study, 1, 600);
    const std::int32_t progression = study->program->find_process("progression");
    const auto when = [progression](const Journal& life) {
      for (const JournalEntry& entry : life) {
        if (entry.kind == JournalEntry::Kind::fired && entry.index == progression)
          return entry.days;
      }
      return never;
    };
    std::size_t later = 0;
    for (std::size_t i = 0; i < untreated.size(); ++i) {
      ASSERT_GE(when(treated[i]), when(untreated[i])) << "model " << seed << ", patient " << i;
      later += when(treated[i]) > when(untreated[i]) ? 1U : 0U;
    }
    EXPECT_GT(later, 0U) << "model " << seed;
  }
}

TEST(Metamorphic, EffectsOfZeroMakeStrategiesIdentical) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    const auto study = compiled(random_study({.seed = seed, .effect = 0}));
    const OutcomeBlock block = outcomes(*study);
    const std::size_t half = block.ticks.size() / 2;
    const auto middle = static_cast<std::ptrdiff_t>(half);
    ASSERT_TRUE(
        std::equal(block.ticks.begin(), block.ticks.begin() + middle, block.ticks.begin() + middle))
        << "model " << seed;
    ASSERT_TRUE(std::equal(block.events.begin(), block.events.begin() + middle,
                           block.events.begin() + middle));
  }
}

TEST(Metamorphic, AProcessThatNeverFiresChangesNothing) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    for (const bool simple : {false, true}) {
      const auto plain = compiled(random_study({.seed = seed, .simple = simple}));
      const auto more = compiled(random_study(
          {.seed = seed,
           .simple = simple,
           .more_processes = "    idle: {from: first_line, to: dead, clock: reset, hazard: "
                             "{exponential: 0 per month, source: assumed}}\n"}));
      ASSERT_TRUE(same(outcomes(*plain), outcomes(*more))) << "model " << seed;
    }
  }
}

TEST(Metamorphic, ADecisionChangesNothingBeforeIt) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    const auto study = compiled(random_study({.seed = seed, .strategies = R"(  - strategy: early
    steps: [{give: drug, cycles: 3}]
  - strategy: changed
    steps: [{give: drug, cycles: 3}, {give: rt, at: 200 d}, {give: other, at: 200 d, for: 3 months}]
)"}));
    const auto early = journals(*study, 0, 400);
    const auto changed = journals(*study, 1, 400);
    for (std::size_t i = 0; i < early.size(); ++i) {
      std::size_t k = 0;
      while (k < early[i].size() && early[i][k].days < 200) ++k;
      std::size_t m = 0;
      while (m < changed[i].size() && changed[i][m].days < 200) ++m;
      ASSERT_EQ(k, m) << "model " << seed << ", patient " << i;
      for (std::size_t e = 0; e < k; ++e) {
        ASSERT_TRUE(same_entry(early[i][e], changed[i][e]))
            << "model " << seed << ", patient " << i;
      }
    }
  }
}

TEST(Metamorphic, HistoriesAreInOrderAndCountsKeepTheirLimits) {
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    const auto study = compiled(random_study({.seed = seed}));
    const OutcomeBlock block = outcomes(*study);
    std::size_t cycles = 0;
    while (study->shape.measures[cycles].name != "cycles_drug") ++cycles;
    const Program& program = *study->program;
    const std::int32_t cap =
        program.agents[static_cast<std::size_t>(program.find_agent("drug"))].cap;
    for (std::size_t s = 0; s < 2; ++s) {
      for (std::uint32_t i = 0; i < block.count; ++i) {
        ASSERT_LE(block.ticks[column(*study, s, 0, block) + i],
                  block.ticks[column(*study, s, 1, block) + i]);
        const std::int32_t given =
            block.measures[block.measure_column(study->shape, s, cycles) + i];
        ASSERT_GE(given, 0);
        ASSERT_LE(given, std::min(cap, 10));
      }
      for (const Journal& life : journals(*study, s, 100)) {
        for (std::size_t e = 1; e < life.size(); ++e) ASSERT_LE(life[e - 1].days, life[e].days);
      }
    }
  }
}

TEST(Metamorphic, LesionsAreAtLeastOrgansAndOrgansAtLeastOne) {
  const auto study = compiled(R"(study: reference
model: dmnpc
population: review
strategies: [gp]
patients: 2000
seed: 4
horizon: 60 months
)");
  const PatientSampler sampler(*study->program,
                               std::vector<bool>(study->program->rules.size(), true));
  std::vector<double> columns(study->program->columns.size() * 2000);
  PatientSampler::Workspace work;
  sampler.draw({4, 0}, 0, 2000, columns.data(), work);
  const auto of = [&](const std::string& name, std::size_t i) {
    return columns[static_cast<std::size_t>(study->program->find_column(name)) * 2000 + i];
  };
  for (std::size_t i = 0; i < 2000; ++i) {
    ASSERT_GE(of("organ_count", i), 1);
    ASSERT_GE(of("lesion_count", i), of("organ_count", i));
  }
}

TEST(Metamorphic, IncidencesOfAllCausesAndSurvivalAddToOne) {
  std::size_t compared = 0;
  for (std::uint32_t seed = 0; seed < models; ++seed) {
    const auto study = compiled(random_study({.seed = seed, .patients = 2000}));
    const RunResult result = run_blocks(*study, cut(1));
    const auto rows = summary_rows(*result.tally);
    for (const SummaryRow& row : rows) {
      if (row.statistic != "survival") continue;
      double sum = *row.value;
      std::size_t causes = 0;
      for (const SummaryRow& other : rows) {
        if (other.statistic == "cumulative_incidence" && other.strategy == row.strategy &&
            other.at_months == row.at_months && other.endpoint.rfind(row.endpoint + ":", 0) == 0) {
          sum += *other.value;
          ++causes;
        }
      }
      if (causes == 0) continue;  // one cause only: its incidence is the rest
      ++compared;
      ASSERT_NEAR(sum, 1, 1e-12) << "model " << seed << " " << row.endpoint;
    }
  }
  EXPECT_GE(compared, 2 * models);
}

TEST(Columns, AreTheEventLoopBitForBit) {
  std::size_t columnwise = 0;
  for (std::uint32_t seed = 0; seed < 4 * models; ++seed) {
    const auto study = compiled(random_study({.seed = seed, .simple = true}));
    const PatientSampler sampler(*study->program, study->needed);
    columnwise += BlockSimulator(*study, sampler).is_columnwise() ? 1U : 0U;
    ASSERT_TRUE(same(outcomes(*study, true), outcomes(*study, false))) << "model " << seed;
  }
  EXPECT_EQ(columnwise, 4 * models);
}

TEST(Columns, AStepAfterAnEndlessOneNeverComesEither) {
  // The first agent is given for good, so the step after it has no turn: in columns as in the event
  // loop.
  for (const std::string after : {"", ", after: start"}) {
    const auto study = compiled(
        random_study({.seed = 7,
                      .simple = true,
                      .strategies = "  - {strategy: two, steps: [{give: drug}, {give: other" +
                                    after + "}]}\n"}));
    ASSERT_TRUE(same(outcomes(*study, true), outcomes(*study, false))) << after;
  }
}

TEST(Columns, OverlapsAreThoseOfTheEventLoop) {
  std::string text = random_study({.seed = 9, .simple = true});
  const std::string endpoints = "  endpoints:\n";
  text.replace(text.find(endpoints), endpoints.size(),
               "  overlaps: [{agents: [drug, other], share: 0.5}]\n" + endpoints);
  const auto study = compiled(text);
  EXPECT_TRUE(same(outcomes(*study, true), outcomes(*study, false)));
}

}  // namespace
}  // namespace npcsim::testing

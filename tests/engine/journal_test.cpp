// The journal of a life says what its row of outcomes says.
#include "random_model.hpp"

#include <algorithm>
#include <map>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Every way in which a toxicity comes: in a cycle, while on an agent, from a course, years after
// one, and as a death.
const std::string toxic = R"(study: toxic
model:
  model: toxic
  states: [alive, dead]
  attributes: {frail: {bernoulli: 0.4}}
  processes: {death: {from: alive, to: dead, hazard: {exponential: 0.02 per month}}}
  agents:
    drug: {title: Drug, class: chemotherapy, cycle: {every: 21 d, cap: 12},
      hold: {per_cycle: 0.2, delay: 7 d, most: 3}}
    pill: {class: chemotherapy, cycle: {every: 7 d}}
    rays: {course: {dose: 60 Gy, fractions: 30, over: 42 d}}
  toxicities:
    in_a_cycle: {of: drug, per_cycle: 0.1, delay: 14 d}
    reducing: {of: drug, per_cycle: 0.1, reduce: {by: 20 %, most: 2}}
    stopping: {of: drug, per_cycle: 0.03, action: stop}
    on_the_agent: {of: pill, hazard: 0.05 per month}
    of_the_course: {of: rays, per_course: 0.3, modified_by: {frail: 0.5}}
    years_later: {of: rays, hazard: 0.01 per month, after_end: true}
    fatal: {of: drug, per_cycle: 0.03, to: dead}
  endpoints: {OS: {states: [dead]}}
strategies:
  - strategy: treated
    steps:
      - {give: drug, cycles: 6, name: first}
      - {give: rays, after: first, name: second}
      - {give: [drug, pill], cycles: 8, after: second}
patients: 600
seed: 5
horizon: 120 months
)";

// The treatment of the field, with all its toxicities.
const std::string of_the_field = R"(study: field
model: dmnpc
strategies: [gp_pd1_lrrt]
patients: 400
seed: 5
horizon: 120 months
)";

class Histories : public ::testing::TestWithParam<std::string> {
 protected:
  const std::unique_ptr<CompiledStudy> study_ = compiled(GetParam());
  const std::uint32_t patients_ = static_cast<std::uint32_t>(study_->study.patients);
  const std::vector<Journal> lives_ = journals(*study_, 0, patients_);
};

TEST_P(Histories, HaveTheToxicitiesOfTheOutcomes) {
  const OutcomeBlock block = outcomes(*study_);
  std::size_t toxicities = 0;
  for (std::size_t m = 0; m < study_->measures.size(); ++m) {
    const Measure& measure = study_->measures[m];
    if (measure.kind != Measure::Kind::toxicity) continue;
    ++toxicities;
    const std::size_t column = block.measure_column(study_->shape, 0, m);
    std::size_t count = 0;
    for (std::uint32_t i = 0; i < patients_; ++i) {
      const bool said =
          std::any_of(lives_[i].begin(), lives_[i].end(), [&](const JournalEntry& entry) {
            return entry.kind == JournalEntry::Kind::toxicity && entry.index == measure.index;
          });
      ASSERT_EQ(said, block.measures[column + i] == 1)
          << study_->program->toxicities[static_cast<std::size_t>(measure.index)].name
          << ", patient " << i;
      count += said ? 1U : 0U;
    }
    EXPECT_TRUE(count > 0 || GetParam() != toxic) << measure.index;
  }
  EXPECT_GE(toxicities, 7U);
}

TEST_P(Histories, AreInTheOrderOfTimeAndEndWithTheLife) {
  for (const Journal& life : lives_) {
    EXPECT_TRUE(std::is_sorted(
        life.begin(), life.end(),
        [](const JournalEntry& a, const JournalEntry& b) { return a.days < b.days; }));
    EXPECT_GE(life.front().days, 0.0);
    EXPECT_LE(life.back().days, study_->study.horizon_days);
  }
}

// A course that is done has taken its cycles and the days for which doses were held.
TEST_P(Histories, HaveEveryDayForWhichADoseWasHeld) {
  std::size_t held = 0;
  for (const Journal& life : lives_) {
    std::map<std::int32_t, const JournalEntry*> begun;
    for (std::size_t i = 0; i < life.size(); ++i) {
      const JournalEntry& entry = life[i];
      if (entry.kind == JournalEntry::Kind::begin) begun[entry.index] = &entry;
      if (entry.kind != JournalEntry::Kind::finish || entry.value != 0) continue;
      const Agent& agent = study_->program->agents[static_cast<std::size_t>(entry.index)];
      if (!agent.cyclic) continue;
      double days = agent.every * begun.at(entry.index)->detail;
      for (const HeldDose& dose : held_doses(life, i)) {
        days += dose.days;
        ++held;
      }
      EXPECT_NEAR(entry.days - begun.at(entry.index)->days, days, 1e-6);
    }
  }
  EXPECT_TRUE(held > 100 || GetParam() != toxic) << held;
}

INSTANTIATE_TEST_SUITE_P(Of, Histories, ::testing::Values(toxic, of_the_field),
                         [](const auto& row) { return row.index == 0 ? "Toxic" : "TheField"; });

// Death from a toxicity interrupts its course: nobody has finished what has killed him.
TEST(Journal, ACourseThatKillsIsInterrupted) {
  const auto study = compiled(toxic);
  const std::int32_t fatal = study->program->toxicities.back().to_state;
  std::size_t killed = 0;
  for (const Journal& life : journals(*study, 0, 600)) {
    for (std::size_t i = 0; i + 1 < life.size(); ++i) {
      if (life[i].kind != JournalEntry::Kind::toxicity || life[i].detail != fatal) continue;
      ++killed;
      ASSERT_EQ(life[i + 1].kind, JournalEntry::Kind::finish);
      EXPECT_EQ(life[i + 1].value, 2);
      EXPECT_GE(life[i + 1].detail, 1);  // the dose that killed was given
    }
  }
  EXPECT_GT(killed, 10U);
}

}  // namespace
}  // namespace npcsim::testing

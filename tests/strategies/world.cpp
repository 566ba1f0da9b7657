#include "world.hpp"

#include <npcsim/base/portable_math.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/random/stream.hpp>
#include <npcsim/strategies/idle_steps.hpp>

#include <ios>
#include <sstream>

#include <gtest/gtest.h>

namespace npcsim::testing {

std::string soon_after(int day) {
  return "piecewise: {times: [" + std::to_string(day) + " d], rates: [0 per day, 100000 per day]}";
}

std::string tiny_model(const TinyHazards& hazards) {
  return R"(model: tiny
parameters:
  share: {value: 0.25, source: assumed}
states: [first_line, progressed, dead]
first_dose: 28 d
attributes:
  poor: {bernoulli: 0.5, source: assumed}
  destiny: {bernoulli: 0.5, latent: true, source: assumed}
  stage: {categorical: {a: 0.5, b: 0.3, c: 0.2}, source: assumed}
processes:
  progression:
    from: first_line
    to: progressed
    hazard: {)" +
         hazards.progression + R"(, source: assumed}
  death_after:
    from: progressed
    to: dead
    clock: reset
    hazard: {)" +
         hazards.death_after + R"(, source: assumed}
agents:
  gemcitabine: {class: chemotherapy, cycle: {every: 21 d}}
  cisplatin: {class: [chemotherapy, platinum], cycle: {every: 21 d}}
  pd1:
    class: immunotherapy
    cycle: {every: 21 d}
    effects: [{process: progression, hr: 0.6, source: assumed}]
  lrrt:
    course: {dose: 70 Gy, fractions: 33, over: 45 d}
    effects: [{process: progression, hr: 0.5, source: assumed}]
  capecitabine: {class: chemotherapy, cycle: {every: 21 d, cap: 8}}
  biopsy: {procedure: true}
  tablets: {}
regimens:
  gp: [gemcitabine, cisplatin]
  gp_rechallenge: [gemcitabine, cisplatin]
  all: [gemcitabine, cisplatin, pd1, lrrt, capecitabine]
  rest: [biopsy, tablets, gemcitabine, cisplatin]
markers:
  response:
    levels: [CR, PR, SD, PD]
    ordered_probit: {cuts: )" +
         hazards.response_cuts + R"(, patient_effect: 1}
observation: {processes: progression, every: 42 d}
endpoints:
  PFS: {documented: progression, states: dead}
  OS: {states: dead}
)";
}

World::World(const TinyHazards& hazards, double horizon_days)
    : program(compiled(hazards, horizon_days)) {}

Program World::compiled(const TinyHazards& hazards, double horizon_days) {
  Diagnostics problems;
  const Tree tree = read_yaml_text("tiny.yaml", tiny_model(hazards), problems);
  const ModelDoc model = read_model(tree, problems);
  CompileInput input;
  input.model = &model;
  input.parameters = model.parameters.values();
  input.horizon_days = horizon_days;
  Program out = compile(input, problems);
  EXPECT_FALSE(problems.has_errors()) << problems.text("");
  parameters = input.parameters;
  table = model.parameters;
  return out;
}

std::string World::problems(const std::string& text) {
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", text, found);
  const StrategyDoc doc = read_strategy(tree, &table, found);
  Program scratch = program;
  if (!found.has_errors()) compile_strategy(doc, scratch, parameters, found);
  return found.has_errors() ? found.text("nothing was run") : "";
}

std::string World::warnings(const std::string& text) const {
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", text, found);
  warn_of_idle_steps(read_strategy(tree, &table, found), program, found);
  return found.text("");
}

std::unique_ptr<StepStrategy> World::steps(const std::string& text) {
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", text, found);
  const StrategyDoc doc = read_strategy(tree, &table, found);
  auto out = compile_strategy(doc, program, parameters, found);
  EXPECT_EQ(found.text(""), "") << text;
  return out;
}

// What is drawn for a patient.
struct World::Drawn {
  PatientDraws draws;
  std::vector<double> columns{};
  std::vector<double> base{};
  std::vector<double> thresholds{};
  PatientInput input() const { return {columns.data(), 1, base.data(), thresholds.data(), draws}; }
};

World::Drawn World::draw(std::uint32_t patient) const {
  constexpr DrawKey key{20240217, 0};
  const PatientSampler sampler(program, program.needed_rules({}));
  Drawn out{PatientDraws(key, patient)};
  out.columns.resize(program.columns.size());
  PatientSampler::Workspace work;
  EXPECT_GT(sampler.draw(key, patient, 1, out.columns.data(), work), 0U);
  for (const Process& process : program.processes) {
    out.base.push_back(portable::exp(process.log_hr.at(
        [&](std::int32_t c) { return out.columns[static_cast<std::size_t>(c)]; })));
    out.thresholds.push_back(out.draws.unit_exponential(StreamName::from_hash(process.stream)));
  }
  return out;
}

Journal World::journal(const Strategy& strategy, std::uint32_t patient) {
  const Drawn drawn = draw(patient);
  Life life(program);
  Journal journal;
  life.run(drawn.input(), strategy, &journal);
  return journal;
}

World::Together World::together(const std::vector<const Strategy*>& strategies,
                                std::uint32_t patient) {
  const Drawn drawn = draw(patient);
  const PatientInput input = drawn.input();
  Together out;
  out.outcomes.resize(strategies.size());
  Life life(program);
  life.start(input, strategies);
  while (life.next()) {
    ++out.lives;
    std::ostringstream text;
    text << std::hexfloat << life.end_days() << ' ' << life.documented_count() << ' '
         << life.documented_at(1) << ' ' << life.line();
    for (std::size_t p = 0; p < program.processes.size(); ++p)
      text << ' ' << life.fired_at(static_cast<std::int32_t>(p));
    for (std::size_t a = 0; a < program.agents.size(); ++a) {
      const AgentState& agent = life.agent(static_cast<std::int32_t>(a));
      text << ' ' << agent.doses << ' ' << agent.time_on << ' ' << agent.ended;
    }
    for (const std::int32_t s : life.lived_by()) {
      EXPECT_EQ(out.outcomes[static_cast<std::size_t>(s)], "") << "lived twice";
      out.outcomes[static_cast<std::size_t>(s)] = text.str();
    }
  }
  return out;
}

std::string World::life(const Strategy& strategy, std::uint32_t patient) {
  std::string out;
  for (const JournalEntry& entry : journal(strategy, patient)) {
    std::string day = std::to_string(entry.days);
    day.erase(day.size() - 4);  // two decimals
    if (day.substr(day.size() - 3) == ".00") day.erase(day.size() - 3);
    out += day + " " + in_words(entry, program) + "\n";
  }
  return out;
}

}  // namespace npcsim::testing

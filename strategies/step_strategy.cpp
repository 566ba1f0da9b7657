#include <npcsim/model/compile.hpp>
#include <npcsim/random/stream.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <algorithm>
#include <cstring>

namespace npcsim {
namespace {

// Tags of rules for later lines, apart from those of steps.
constexpr std::int32_t rule_tag = 1000;

class StrategyCompiler {
 public:
  StrategyCompiler(Program& program, const std::vector<double>& parameters,
                   Diagnostics& diagnostics)
      : program_(program), parameters_(parameters), diagnostics_(diagnostics) {}

  std::vector<Step> list(const std::vector<StepDoc>& docs, const std::string& what, bool rules) {
    std::vector<Step> out;
    for (std::size_t i = 0; i < docs.size(); ++i) {
      path_ = what + " > " + std::to_string(i + 1);
      out.push_back(step(docs[i], static_cast<std::int32_t>(i) + (rules ? rule_tag : 0)));
      if (rules) {
        if (docs[i].at_days >= 0 || !docs[i].after.empty()) {
          diagnostics_.error(docs[i].place,
                             "a rule for a later line begins when progression is documented",
                             "use 'delay' instead of 'at' or 'after'", path_);
        }
        continue;
      }
      Step& step = out.back();
      step.after = static_cast<std::int32_t>(i) - 1;
      if (docs[i].after.empty()) continue;
      if (docs[i].after.text == "start") {
        step.after = -1;
        continue;
      }
      step.after = -2;
      std::vector<std::string> names{"start"};
      for (std::size_t j = 0; j < i; ++j) {
        if (!docs[j].name.empty()) names.push_back(docs[j].name.text);
        if (docs[j].name.text == docs[i].after.text) step.after = static_cast<std::int32_t>(j);
      }
      if (step.after == -2) {
        diagnostics_.error(docs[i].after.place,
                           "no earlier step is called '" + docs[i].after.text + "'",
                           suggestion(docs[i].after.text, names), path_);
        step.after = -1;
      }
    }
    if (docs.size() > StepStrategy::most_steps) {
      diagnostics_.error(
          docs.back().place,
          "a strategy has at most " + std::to_string(StepStrategy::most_steps) + " steps");
    }
    return out;
  }

 private:
  void add_agent(Action& action, std::int32_t agent, std::int32_t cycles,
                 const SourcePlace& place) {
    if (action.agent_count == static_cast<std::int32_t>(most_agents_in_action)) {
      diagnostics_.error(
          place, "a step gives at most " + std::to_string(most_agents_in_action) + " agents", "",
          path_);
      return;
    }
    const auto at = static_cast<std::size_t>(action.agent_count++);
    action.agents[at] = agent;
    action.cycles[at] = cycles;
  }

  void add(Action& action, const Name& name, std::int32_t cycles) {
    const std::int32_t agent = program_.find_agent(name.text);
    if (agent >= 0) {
      add_agent(action, agent, cycles, name.place);
      return;
    }
    std::vector<std::string> names;
    for (const auto& [regimen, members] : program_.regimens) {
      if (regimen == name.text) {
        for (const std::int32_t member : members) add_agent(action, member, cycles, name.place);
        return;
      }
      names.push_back(regimen);
    }
    for (const Agent& known : program_.agents) names.push_back(known.name);
    diagnostics_.error(name.place,
                       "model '" + program_.name + "' has no agent or regimen '" + name.text + "'",
                       suggestion(name.text, names), path_);
  }

  // The draw behind a probability is named after what is done, never after the strategy or the
  // step.
  std::uint32_t stream(const StepDoc& doc) {
    std::string drawn = doc.draw.empty() ? "choice" : "choice " + doc.draw;
    if (!doc.draw.empty()) return checked(drawn, doc);
    if (!doc.assess.empty()) drawn += " assess " + doc.assess.text;
    if (!doc.stop.empty()) drawn += " stop";
    for (const auto* names : {&doc.give, &doc.stop}) {
      for (const Name& name : *names) drawn += " " + name.text;
    }
    return checked(drawn, doc);
  }

  // Two streams of different names must not share a hash.
  std::uint32_t checked(const std::string& name, const StepDoc& doc) {
    const std::uint32_t hash = StreamName(name).hash();
    if (!doc.probability.given) return hash;
    for (const auto& [known_hash, known] : program_.streams) {
      if (known_hash == hash && known != name) {
        diagnostics_.error(
            doc.place,
            "the names of the random streams '" + name + "' and '" + known + "' have the same hash",
            "give the step another 'draw'", path_);
      }
    }
    program_.streams.emplace_back(hash, name);
    return hash;
  }

  Step step(const StepDoc& doc, std::int32_t tag) {
    Step out;
    out.name = doc.name.text;
    out.action.tag = tag;
    out.delay_days = doc.delay_days;
    out.at_days = doc.at_days;
    out.too_late = doc.within_days >= 0 && doc.delay_days > doc.within_days;
    out.probability = doc.probability.given ? doc.probability.at(parameters_) : 1.0;
    out.condition = compile_condition(doc.when, program_, parameters_, false, diagnostics_);
    out.stream = stream(doc);
    if (!doc.assess.empty()) {
      out.kind = Step::Kind::assess;
      out.action.kind = Action::Kind::assess;
      out.action.marker = program_.find_marker(doc.assess.text);
      if (out.action.marker < 0) {
        std::vector<std::string> names;
        for (const Marker& marker : program_.markers) names.push_back(marker.name);
        diagnostics_.error(doc.assess.place,
                           "model '" + program_.name + "' has no marker '" + doc.assess.text + "'",
                           suggestion(doc.assess.text, names), path_);
        out.action.marker = 0;
      }
      out.action.delay_days = doc.delay_days;
      return out;
    }
    if (!doc.stop.empty()) {
      out.kind = Step::Kind::stop;
      out.action.kind = Action::Kind::stop;
      for (const Name& name : doc.stop) add(out.action, name, 0);
      out.action.delay_days = doc.delay_days;
      return out;
    }
    out.kind = Step::Kind::give;
    out.action.kind = Action::Kind::give;
    const std::int32_t cycles =
        doc.planned ? cycles_as_planned : static_cast<std::int32_t>(doc.cycles);
    for (const Name& name : doc.give) add(out.action, name, cycles);
    for (const auto& [name, count] : doc.with)
      add(out.action, name, static_cast<std::int32_t>(count));
    out.action.time_on_agent_days = doc.time_on_agent_days;
    out.action.duration_days = doc.for_days;
    out.action.delay_days = doc.delay_days;
    bool cyclic = false;
    bool planned = false;
    bool lasting = false;
    for (std::int32_t i = 0; i < out.action.agent_count; ++i) {
      const Agent& agent =
          program_.agents[static_cast<std::size_t>(out.action.agents[static_cast<std::size_t>(i)])];
      cyclic = cyclic || agent.cyclic;
      planned = planned || !agent.plan.empty();
      lasting = lasting || (!agent.cyclic && !agent.course && !agent.procedure);
    }
    if (out.action.agent_count == 0) return out;  // reported already
    if ((cycles != 0 || doc.time_on_agent_days > 0) && !cyclic) {
      diagnostics_.error(doc.place, "'cycles' and 'until' need an agent with a cycle",
                         "use 'for' instead", path_);
    } else if (doc.planned && !planned) {
      diagnostics_.error(doc.place, "'cycles: planned' needs an agent with a 'plan'",
                         "give the number of cycles, or the agent a plan", path_);
    }
    if (doc.for_days > 0 && !lasting) {
      diagnostics_.error(doc.place, "'for' needs an agent without cycle, course or procedure",
                         "use 'cycles' or 'until' instead", path_);
    }
    return out;
  }

  Program& program_;
  const std::vector<double>& parameters_;
  Diagnostics& diagnostics_;
  std::string path_;
};

}  // namespace

// What a strategy remembers of one patient.
struct StepStrategy::Marks {
  std::uint64_t begun = 0;
  std::uint64_t over = 0;
};

StepStrategy::StepStrategy(std::vector<Step> steps, std::vector<Step> second_line,
                           std::vector<Step> third_line)
    : steps_(std::move(steps)),
      second_line_(std::move(second_line)),
      third_line_(std::move(third_line)) {}

std::vector<std::int32_t> StepStrategy::agents() const {
  std::vector<std::int32_t> out;
  for (const auto* list : {&steps_, &second_line_, &third_line_}) {
    for (const Step& step : *list) {
      if (step.kind != Step::Kind::give) continue;
      for (std::int32_t i = 0; i < step.action.agent_count; ++i) {
        out.push_back(step.action.agents[static_cast<std::size_t>(i)]);
      }
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

bool StepStrategy::only_gives_at_start() const {
  for (const Step& step : steps_) {
    if (step.kind != Step::Kind::give || step.condition >= 0 || step.at_days >= 0 ||
        step.delay_days > 0 || step.too_late || step.probability < 1.0 ||
        step.action.duration_days > 0) {
      return false;
    }
  }
  return true;
}

// Whether the patient takes the step; if so, its action is asked for.
bool StepStrategy::begin(std::size_t index, const StrategyView& view,
                         Decision& decision) const noexcept {
  const Step& step = steps_[index];
  if (step.too_late || !view.holds(step.condition)) return false;
  if (step.probability < 1.0 &&
      !(view.draws().uniform(StreamName::from_hash(step.stream)) < step.probability)) {
    return false;
  }
  return decision.add(step.action);
}

void StepStrategy::advance(const StrategyView& view, Marks& marks,
                           Decision& decision) const noexcept {
  // Steps are in order and `after` names an earlier one, so one pass finds every step whose turn
  // has come.
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    const Step& step = steps_[i];
    if ((marks.begun & bit) != 0 || step.at_days >= 0) continue;
    if (step.after >= 0 && ((marks.over >> static_cast<unsigned>(step.after)) & 1U) == 0) continue;
    marks.begun |= bit;
    const bool begun = begin(i, view, decision);
    if (!begun || step.kind == Step::Kind::stop) marks.over |= bit;
    // What follows may depend on what an assessment shows that is done now: wait for the answer.
    if (begun && step.kind == Step::Kind::assess && !(step.delay_days > 0)) return;
  }
}

void StepStrategy::decide(const StrategyView& view, StrategyMemory& memory,
                          Decision& decision) const noexcept {
  Marks marks;
  std::memcpy(&marks, memory.bytes.data(), sizeof marks);
  const auto tag = view.tag();
  switch (view.trigger()) {
    case Trigger::start:
      for (std::size_t i = 0; i < steps_.size(); ++i) {
        if (steps_[i].at_days < 0) continue;
        Action wake;
        wake.kind = Action::Kind::wake;
        wake.tag = static_cast<std::int32_t>(i);
        wake.delay_days = steps_[i].at_days - view.days();
        decision.add(wake);
      }
      advance(view, marks, decision);
      break;
    case Trigger::wake: {
      const auto index = static_cast<std::size_t>(tag);
      const std::uint64_t bit = std::uint64_t{1} << index;
      marks.begun |= bit;
      if (!begin(index, view, decision) || steps_[index].kind == Step::Kind::stop)
        marks.over |= bit;
      if (decision.count == 0 || steps_[index].kind == Step::Kind::stop)
        advance(view, marks, decision);
      break;
    }
    case Trigger::course_done:
    case Trigger::assessed:
      if (tag >= 0 && tag < rule_tag) {
        marks.over |= std::uint64_t{1} << static_cast<unsigned>(tag);
        advance(view, marks, decision);
      }
      break;
    case Trigger::progression: {
      marks.begun = ~std::uint64_t{0};  // the first line is over
      marks.over = ~std::uint64_t{0};
      const auto& rules = tag == 1 ? second_line_ : third_line_;
      if (tag > 2) break;
      for (const Step& rule : rules) {
        if (rule.too_late || !view.holds(rule.condition)) continue;
        if (rule.probability < 1.0 &&
            !(view.draws().uniform(StreamName::from_hash(rule.stream)) < rule.probability)) {
          continue;
        }
        decision.add(rule.action);
        break;
      }
      break;
    }
  }
  static_assert(sizeof(Marks) <= sizeof(StrategyMemory::bytes));
  std::memcpy(memory.bytes.data(), &marks, sizeof marks);
}

std::unique_ptr<StepStrategy> compile_strategy(const StrategyDoc& doc, Program& program,
                                               const std::vector<double>& parameters,
                                               Diagnostics& diagnostics) {
  StrategyCompiler compiler(program, parameters, diagnostics);
  auto steps = compiler.list(doc.steps, "steps", false);
  auto second = compiler.list(doc.on_progression, "on_progression", true);
  auto third = compiler.list(doc.on_second_progression, "on_second_progression", true);
  if ((!second.empty() || !third.empty()) && !program.observation.given) {
    diagnostics.error(doc.place,
                      "strategy '" + doc.name + "' reacts to progression, but model '" +
                          program.name + "' does not say how progression becomes known",
                      "add 'observation' to the model");
  }
  return std::make_unique<StepStrategy>(std::move(steps), std::move(second), std::move(third));
}

}  // namespace npcsim

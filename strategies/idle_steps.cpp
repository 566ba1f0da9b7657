#include <npcsim/strategies/idle_steps.hpp>

#include <algorithm>
#include <set>

namespace npcsim {
namespace {

class IdleSteps {
 public:
  IdleSteps(const StrategyDoc& doc, const Program& program, Diagnostics& diagnostics)
      : doc_(doc), program_(program), diagnostics_(diagnostics) {
    for (const auto* list : {&doc.steps, &doc.on_progression, &doc.on_second_progression}) {
      for (const StepDoc& step : *list) {
        for (const Name& name : step.give) add_agents(name.text, given_);
        for (const auto& [name, cycles] : step.with) add_agents(name.text, given_);
        if (!step.assess.empty()) assessed_.insert(step.assess.text);
      }
    }
  }

  void look() {
    look_at(doc_.steps, "steps");
    for (std::size_t i = 0; i < doc_.steps.size(); ++i)
      look_for_markers(doc_.steps[i].when, path("steps", i));
    look_at_rules(doc_.on_progression, "on_progression");
    look_at_rules(doc_.on_second_progression, "on_second_progression");
  }

 private:
  static std::string path(const std::string& what, std::size_t index) {
    return what + " > " + std::to_string(index + 1);
  }

  void add_agents(const std::string& name, std::set<std::int32_t>& out) const {
    const std::int32_t agent = program_.find_agent(name);
    if (agent >= 0) out.insert(agent);
    for (const auto& [regimen, members] : program_.regimens) {
      if (regimen == name) out.insert(members.begin(), members.end());
    }
  }

  void look_at(const std::vector<StepDoc>& steps, const std::string& what) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const StepDoc& step = steps[i];
      if (step.within_days >= 0 && step.delay_days > step.within_days)
        diagnostics_.warning(step.place, "nobody takes this: 'delay' is longer than 'within'",
                             "leave out 'within', or make it at least as long as the delay",
                             path(what, i));
      for (const Name& name : step.stop) {
        std::set<std::int32_t> stopped;
        add_agents(name.text, stopped);
        const bool any = std::any_of(stopped.begin(), stopped.end(),
                                     [&](std::int32_t agent) { return given_.contains(agent); });
        if (!stopped.empty() && !any)
          diagnostics_.warning(name.place,
                               "no step gives '" + name.text + "', so there is nothing to stop", "",
                               path(what, i));
      }
    }
  }

  void look_at_rules(const std::vector<StepDoc>& rules, const std::string& what) {
    look_at(rules, what);
    for (std::size_t i = 0; i + 1 < rules.size(); ++i) {
      const StepDoc& rule = rules[i];
      const bool late = rule.within_days >= 0 && rule.delay_days > rule.within_days;
      if (!rule.when.empty() || rule.probability.given || late) continue;
      diagnostics_.warning(
          rules[i + 1].place,
          "nobody comes to this rule: rule " + std::to_string(i + 1) + " has no 'when'",
          "the first rule that holds is taken; put the one without 'when' last", path(what, i + 1));
      return;
    }
  }

  // Before a first assessment no level holds, and in the first line only steps assess.
  void look_for_markers(const ConditionDoc& condition, const std::string& where) {
    for (const ConditionDoc& part : condition.parts) look_for_markers(part, where);
    if (condition.kind != ConditionDoc::Kind::test) return;
    for (const Marker& marker : program_.markers) {
      const std::string variable = marker.ordered ? marker.name : marker.name + "_detectable";
      if (condition.variable.text != variable || assessed_.contains(marker.name)) continue;
      diagnostics_.warning(
          condition.variable.place,
          "no step assesses '" + marker.name + "', so '" + variable + "' is never known here",
          "put {assess: " + marker.name + "} before this step", where);
    }
  }

  const StrategyDoc& doc_;
  const Program& program_;
  Diagnostics& diagnostics_;
  std::set<std::int32_t> given_;
  std::set<std::string> assessed_;
};

}  // namespace

void warn_of_idle_steps(const StrategyDoc& doc, const Program& program, Diagnostics& diagnostics) {
  IdleSteps(doc, program, diagnostics).look();
}

}  // namespace npcsim

// A strategy read aloud.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/commands/describe.hpp>
#include <npcsim/cli/commands/text_layout.hpp>

namespace npcsim {
namespace {

std::string duration(double days) {
  if (days >= 60) {
    const std::string months = rounded(days / days_per_month, 3);
    const auto point = months.find('.');
    std::string shown = months;
    while (point != std::string::npos && (shown.back() == '0' || shown.back() == '.')) {
      const bool done = shown.back() == '.';
      shown.pop_back();
      if (done) break;
    }
    return shown + (shown == "1" ? " month" : " months");
  }
  return shortest(days) + (days == 1 ? " day" : " days");
}

// Titles of an agent, or of the members of a regimen.
std::string spoken(const std::string& name, const ModelDoc* model) {
  if (model == nullptr) return name;
  for (const auto& [agent, doc] : model->agents) {
    if (agent.text == name) return doc.title.empty() ? name : doc.title;
  }
  for (const auto& [regimen, members] : model->regimens) {
    if (regimen.text != name) continue;
    std::string out;
    for (const Name& member : members)
      out += (out.empty() ? "" : " plus ") + spoken(member.text, model);
    return out;
  }
  return name;
}

std::string spoken_list(const std::vector<Name>& names, const ModelDoc* model) {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : " plus ") + spoken(name.text, model);
  return out;
}

std::string marker_title(const std::string& name, const ModelDoc* model) {
  if (model != nullptr) {
    for (const auto& [marker, doc] : model->markers) {
      if (marker.text == name && !doc.title.empty()) return doc.title;
    }
  }
  return name;
}

std::string step_in_words(const StepDoc& step, const ModelDoc* model) {
  std::string out;
  if (step.at_days >= 0) {
    out += "At " + duration(step.at_days) + " after diagnosis";
  } else if (step.after.text == "start") {
    out += "From the start";
  } else if (!step.after.empty()) {
    out += "After " + step.after.text;
  }
  if (!step.when.empty()) out += (out.empty() ? "If " : ", if ") + in_words(step.when);
  if (step.probability.given && step.probability.parameters.empty()) {
    out += (out.empty() ? "In " : ", in ") + shortest(step.probability.factor * 100) +
           " % of patients";
  }
  if (step.delay_days > 0) out += (out.empty() ? "After " : ", after ") + duration(step.delay_days);
  std::string action;
  if (!step.assess.empty()) {
    action = "assess " + marker_title(step.assess.text, model);
  } else if (!step.stop.empty()) {
    action = "stop " + spoken_list(step.stop, model);
  } else {
    action = "give " + spoken_list(step.give, model);
    if (step.planned) action += ", as many cycles as planned";
    if (step.cycles > 0)
      action += " for " + std::to_string(step.cycles) + (step.cycles == 1 ? " cycle" : " cycles");
    for (std::size_t i = 0; i < step.with.size(); ++i) {
      action += (i == 0 ? ", with " : " and ") + spoken(step.with[i].first.text, model);
      const std::int64_t cycles = step.with[i].second;
      if (cycles > 0)
        action += " for " + std::to_string(cycles) + (cycles == 1 ? " cycle" : " cycles");
    }
    if (step.time_on_agent_days > 0)
      action += ", until " + duration(step.time_on_agent_days) + " from its first dose";
    if (step.for_days > 0) action += ", for " + duration(step.for_days);
  }
  if (out.empty()) {
    action.front() = static_cast<char>(action.front() - 'a' + 'A');
    out = action;
  } else {
    out += ": " + action;
  }
  if (!step.name.empty()) out += " (" + step.name.text + ")";
  return out + ".";
}

std::string numbered(const std::vector<StepDoc>& steps, const ModelDoc* model, bool rules) {
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::string text = step_in_words(steps[i], model);
    if (rules && i > 0 && steps[i].when.empty()) {
      text.front() = static_cast<char>(text.front() - 'A' + 'a');
      text = "Otherwise " + text;
    }
    const std::string number = std::to_string(i + 1) + ".";
    std::string body = wrapped(text, 6, 100);
    body.replace(6 - number.size() - 1, number.size(), number);
    out += body;
  }
  return out;
}

}  // namespace

std::string strategy_in_words(const StrategyDoc& strategy, const ModelDoc* model) {
  std::string out = wrapped(strategy.title, 0, 100);
  if (strategy.title != strategy.name)
    out += "strategy " + strategy.name +
           (strategy.model.empty() ? "" : ", model " + strategy.model) + "\n";
  if (!strategy.description.empty()) out += "\n" + wrapped(strategy.description, 2, 100);
  if (!strategy.plugin.empty()) {
    out += "\n  The shared library " + strategy.plugin.text + " decides.\n";
    return out;
  }
  if (strategy.steps.empty()) {
    out += "\n  No treatment.\n";
  } else {
    out += "\nFirst line, one step after the other\n" + numbered(strategy.steps, model, false);
  }
  if (!strategy.on_progression.empty()) {
    out += "\nWhen progression is documented, the first rule that holds\n" +
           numbered(strategy.on_progression, model, true);
  }
  if (strategy.on_progression.empty() && !strategy.on_second_progression.empty())
    out += "\nWhen progression is documented, nothing is given.\n";
  if (!strategy.on_second_progression.empty()) {
    out += "\nAfter the next documented progression\n" +
           numbered(strategy.on_second_progression, model, true);
  }
  return out;
}

}  // namespace npcsim

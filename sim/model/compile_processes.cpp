// Processes: states, clocks, covariates, frailties.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/model/detail/compiler.hpp>

namespace npcsim {

void Compiler::processes() {
  // States that no process names under `from` are final, unless the document says which ones are.
  std::uint64_t left = 0;
  bool unclear = false;  // a state that does not exist has been named and will be reported
  for (const auto& [name, doc] : model_.processes) {
    if (doc.from.empty()) continue;
    for (const Name& from : doc.from) {
      const std::int32_t index = program_.find_state(from.text);
      if (index >= 0) left |= std::uint64_t{1} << static_cast<unsigned>(index);
      if (index < 0) unclear = true;
    }
  }
  const auto bit = [](std::int32_t index) {
    return index < 0 ? std::uint64_t{0} : std::uint64_t{1} << static_cast<unsigned>(index);
  };
  std::uint64_t ends = 0;  // where processes that run everywhere and fatal toxicities lead
  std::uint64_t entered = 0;
  const Name* everywhere = nullptr;
  for (const auto& [name, doc] : model_.processes) {
    if (!doc.to.empty()) entered |= bit(program_.find_state(doc.to.text));
    for (const auto& [when, target] : doc.to_by_state)
      entered |= bit(program_.find_state(target.text));
    if (!doc.from.empty()) continue;
    everywhere = &name;
    if (!doc.to.empty()) ends |= bit(program_.find_state(doc.to.text));
    for (const auto& [when, target] : doc.to_by_state)
      ends |= bit(program_.find_state(target.text));
  }
  for (const auto& [name, doc] : model_.toxicities) {
    if (!doc.to.empty()) ends |= bit(program_.find_state(doc.to.text));
  }
  const std::uint64_t all = (std::uint64_t{1} << program_.states.size()) - 1;
  program_.final_mask = all & ~left;
  if (!model_.final_states.empty()) {
    program_.final_mask = 0;
    for (const Name& name : model_.final_states) {
      const std::int32_t index = state(name);
      program_.final_mask |= bit(index);
      if ((bit(index) & left) != 0) {
        diagnostics_.error(name.place,
                           "state '" + name.text + "' is final, but a process leaves it",
                           "remove it from 'final', or from the 'from' of the process");
      }
    }
  } else if (everywhere != nullptr && !unclear) {
    // A process without `from` runs in every state that is not final: whether a state that only it
    // could leave is final cannot be told.
    for (const StateDoc& doc : model_.states) {
      const std::int32_t index = program_.find_state(doc.name.text);
      if (index == program_.start || (bit(index) & (left | ends)) != 0 ||
          (bit(index) & entered) == 0)
        continue;
      diagnostics_.error(doc.name.place,
                         "does state '" + doc.name.text + "' end a life? Process '" +
                             everywhere->text +
                             "' runs in every state that is not final, and no process names '" +
                             doc.name.text + "' under 'from'",
                         "list the states that end a life, e.g. final: [dead]");
      states_are_clear_ = false;
    }
  }
  program_.final_mask &= ~(std::uint64_t{1} << static_cast<unsigned>(program_.start));
  // Without a process a life has nothing that could end it.
  if (program_.final_mask == 0 && !model_.processes.empty() && !unclear && states_are_clear_) {
    diagnostics_.warning(model_.states.empty() ? model_.place : model_.states.front().name.place,
                         "no state is final: nobody's life ends before the horizon",
                         "a state that no process leaves is final: leave the state of the dead "
                         "out of every 'from'");
  }
  if (model_.processes.size() > 60)
    diagnostics_.error(model_.place, "a model has at most 60 processes");
  for (const auto& [name, doc] : model_.processes) process(name, doc);
  if (program_.processes.empty()) diagnostics_.error(model_.place, "the model has no processes");
}

void Compiler::process(const Name& name, const ProcessDoc& doc) {
  Process out;
  out.name = name.text;
  out.label = doc.label.empty() ? name.text : doc.label;
  if (program_.find_process(name.text) >= 0) {
    diagnostics_.error(name.place, "process '" + name.text + "' is declared twice");
  }
  out.stream = stream("process " + name.text, name.place);
  out.to.assign(program_.states.size(), -1);
  std::vector<std::int32_t> from;
  if (doc.from.empty()) {
    for (std::size_t s = 0; s < program_.states.size(); ++s) {
      if (((program_.final_mask >> s) & 1U) == 0) from.push_back(static_cast<std::int32_t>(s));
    }
  }
  for (const Name& entry : doc.from) {
    const std::int32_t index = state(entry);
    if (index >= 0) from.push_back(index);
  }
  for (const std::int32_t s : from) {
    out.from_mask |= std::uint64_t{1} << static_cast<unsigned>(s);
    std::int32_t to = -1;
    if (!doc.to.empty()) {
      to = program_.find_state(doc.to.text);
    } else {
      bool said = doc.to_by_state.empty();  // a missing key has been reported
      for (const auto& [when, target] : doc.to_by_state) {
        if (program_.find_state(when.text) != s) continue;
        to = program_.find_state(target.text);
        said = true;
      }
      if (!said) {
        diagnostics_.error(name.place, "process '" + name.text +
                                           "' does not say where it leads from '" +
                                           program_.states[static_cast<std::size_t>(s)] + "'");
      }
    }
    out.to[static_cast<std::size_t>(s)] = static_cast<std::int8_t>(to);
  }
  if (!doc.to.empty()) state(doc.to);
  for (const auto& [when, target] : doc.to_by_state) {
    state(when);
    state(target);
  }
  out.fatal = !from.empty();
  for (const std::int8_t to : out.to) {
    if (to >= 0 && ((program_.final_mask >> static_cast<unsigned>(to)) & 1U) == 0)
      out.fatal = false;
  }
  out.clock = doc.clock.text == "reset"   ? Clock::reset
              : doc.clock.text == "age"   ? Clock::age
              : doc.clock.text == "since" ? Clock::since
                                          : Clock::forward;
  if (out.clock == Clock::since) out.since = origin(doc.since);
  if (out.clock == Clock::since && doc.since.text == name.text) {
    diagnostics_.error(doc.since.place, "process '" + name.text + "' would begin when it happens",
                       "name another process, an agent, first_dose or diagnosis");
  }
  if (out.clock == Clock::age) {
    out.age_column = program_.find_column(model_.age.text);
    if (out.age_column < 0) {
      diagnostics_.error(
          doc.clock.place, "the age clock needs an attribute with the age in years",
          "declare the attribute '" + model_.age.text + "', or name yours under 'age'");
      out.age_column = 0;
    } else if (const auto& levels =
                   program_.columns[static_cast<std::size_t>(out.age_column)].levels;
               !levels.empty()) {
      diagnostics_.error(doc.clock.place,
                         "the age clock needs an attribute with the age in years, and '" +
                             model_.age.text + "' has levels",
                         "declare a number, and name it under 'age'");
    }
  }
  hazard(doc.hazard, out);
  out.log_hr.terms = linear_terms(doc.log_hr);
  if (!doc.in_state.empty()) {
    out.has_state_factors = true;
    out.state_factor.assign(program_.states.size(), 1.0);
    for (const auto& [when, value] : doc.in_state) {
      const std::int32_t index = state(when);
      if (index >= 0 && out.to[static_cast<std::size_t>(index)] < 0) {
        diagnostics_.error(when.place,
                           "process '" + name.text + "' does not run in '" + when.text + "'",
                           "'in_state' names states of 'from'");
      }
      if (index >= 0) out.state_factor[static_cast<std::size_t>(index)] = portable::exp(at(value));
    }
  }
  for (const auto& [frailty, exponent] : doc.frailty) {
    const std::int32_t index = program_.find_column("log frailty " + frailty.text);
    if (index < 0) {
      std::vector<std::string> names;
      for (const auto& [known, entry] : model_.frailties) names.push_back(known.text);
      unknown(frailty, "frailty", names);
      continue;
    }
    out.frailties.push_back({index, at(exponent)});
  }
  program_.processes.push_back(std::move(out));
  // The knots moved with the process; the baseline points at them where they are now.
  Process& stored = program_.processes.back();
  stored.baseline.knots = stored.knots.data();
  stored.baseline.knot_count = static_cast<int>(stored.knots.size());
}

}  // namespace npcsim

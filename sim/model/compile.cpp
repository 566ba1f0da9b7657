// States, streams, look-ups, observation, endpoints, and the order of compilation.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/model/compile.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>

namespace npcsim {
namespace {

template <class List>
std::int32_t find_name(const List& list, const std::string& name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return static_cast<std::int32_t>(i);
  }
  return -1;
}

std::int32_t find_text(const std::vector<std::string>& list, const std::string& name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i] == name) return static_cast<std::int32_t>(i);
  }
  return -1;
}

}  // namespace

std::int32_t Program::find_column(const std::string& column) const {
  return find_name(columns, column);
}
std::int32_t Program::find_agent(const std::string& agent) const {
  return find_name(agents, agent);
}
std::int32_t Program::find_class(const std::string& group) const {
  return find_text(classes, group);
}
std::int32_t Program::find_process(const std::string& process) const {
  return find_name(processes, process);
}
std::int32_t Program::find_marker(const std::string& marker) const {
  return find_name(markers, marker);
}
std::int32_t Program::find_state(const std::string& state) const {
  return find_text(states, state);
}
std::int32_t Program::find_endpoint(const std::string& endpoint) const {
  return find_name(endpoints, endpoint);
}

void Compiler::unknown(const Name& name, const std::string& what,
                       const std::vector<std::string>& choices) {
  diagnostics_.error(name.place, "unknown " + what + " '" + name.text + "'",
                     suggestion(name.text, choices));
}

std::uint32_t Compiler::stream(const std::string& name, SourcePlace place) {
  const std::uint32_t hash = StreamName(name).hash();
  for (const auto& [other_hash, other] : streams_) {
    if (other_hash == hash && other != name) {
      diagnostics_.error(
          place,
          "the names of the random streams '" + name + "' and '" + other + "' have the same hash",
          "rename one of the two");
    }
  }
  streams_.emplace_back(hash, name);
  return hash;
}

void Compiler::states() {
  for (const StateDoc& doc : model_.states) {
    if (find_text(program_.states, doc.name.text) >= 0) {
      diagnostics_.error(doc.name.place, "state '" + doc.name.text + "' is declared twice");
      continue;
    }
    program_.states.push_back(doc.name.text);
    program_.state_titles.push_back(doc.title.empty() ? doc.name.text : doc.title);
  }
  if (program_.states.empty()) {
    diagnostics_.error(model_.place, "the model has no states");
    program_.states.emplace_back("none");
  }
  if (program_.states.size() > 60)
    diagnostics_.error(model_.place, "a model has at most 60 states");
  if (!model_.start.empty()) program_.start = std::max(state(model_.start), 0);
}

std::int32_t Compiler::state(const Name& name) {
  const std::int32_t index = program_.find_state(name.text);
  if (index < 0) {
    unknown(name, "state", program_.states);
    states_are_clear_ = false;
  }
  return index;
}

std::int32_t Compiler::find_process(const Name& name) {
  for (std::size_t i = 0; i < model_.processes.size(); ++i) {
    if (model_.processes[i].first.text == name.text) return static_cast<std::int32_t>(i);
  }
  std::vector<std::string> names;
  for (const auto& [process, doc] : model_.processes) names.push_back(process.text);
  unknown(name, "process", names);
  return -1;
}

std::int32_t Compiler::find_agent(const Name& name) {
  for (std::size_t i = 0; i < model_.agents.size(); ++i) {
    if (model_.agents[i].first.text == name.text) return static_cast<std::int32_t>(i);
  }
  std::vector<std::string> names;
  for (const auto& [agent_name, doc] : model_.agents) names.push_back(agent_name.text);
  unknown(name, "agent", names);
  return -1;
}

std::vector<std::int32_t> Compiler::agents_of(const Name& name) {
  const std::int32_t group = program_.find_class(name.text);
  std::vector<std::int32_t> out;
  if (group >= 0) {
    for (std::size_t i = 0; i < program_.agents.size(); ++i) {
      const auto& classes = program_.agents[i].classes;
      if (std::find(classes.begin(), classes.end(), group) != classes.end()) {
        out.push_back(static_cast<std::int32_t>(i));
      }
    }
    return out;
  }
  const std::int32_t index = find_agent(name);
  if (index >= 0) out.push_back(index);
  return out;
}

std::int32_t Compiler::column(const Name& name) {
  const std::int32_t index = program_.find_column(name.text);
  if (index < 0) {
    for (const auto& [attribute_name, doc] : model_.attributes) {
      if (attribute_name.text == name.text) {
        diagnostics_.error(name.place, "'" + name.text + "' is used before it is declared",
                           "move it up, or break the cycle of derived attributes");
        return -1;
      }
    }
    unknown(name, "attribute", variable_names(program_, true));
  }
  return index;
}

bool Compiler::declared_before(const ConditionDoc& condition) {
  if (condition.kind == ConditionDoc::Kind::test) {
    if (program_.find_column(condition.variable.text) >= 0) return true;
    for (const auto& [name, doc] : model_.attributes) {
      if (name.text == condition.variable.text) {
        column(condition.variable);
        return false;
      }
    }
    return true;
  }
  bool fine = true;
  for (const ConditionDoc& part : condition.parts) fine = declared_before(part) && fine;
  return fine;
}

std::int32_t Compiler::term(const Name& name) {
  const std::int32_t index = column(name);
  if (index < 0 || !has_other_levels(index)) return index;
  const std::string& first = program_.columns[static_cast<std::size_t>(index)].levels.front();
  diagnostics_.error(name.place, "'" + name.text + "' has several levels and cannot be a term",
                     "derive a flag for each level, e.g. " + name.text + "_" + first +
                         ": {condition: {" + name.text + ": " + first + "}}");
  return -1;
}

std::vector<LinearTerm> Compiler::linear_terms(const std::vector<TermDoc>& terms) {
  std::vector<LinearTerm> out;
  for (const TermDoc& term : terms) {
    const std::int32_t index = this->term(term.of);
    if (index >= 0) out.push_back({index, at(term.coef), at(term.centre)});
  }
  return out;
}

Linear Compiler::linear(const LinearDoc& doc) {
  Linear out;
  out.intercept = at(doc.intercept);
  out.terms = linear_terms(doc.terms);
  return out;
}

Origin Compiler::origin(const Name& name) {
  Origin out;
  if (name.empty() || name.text == "diagnosis") return out;
  if (name.text == "first_dose") {
    out.kind = Origin::Kind::first_dose;
    return out;
  }
  for (std::size_t i = 0; i < model_.processes.size(); ++i) {
    if (model_.processes[i].first.text == name.text) {
      out.kind = Origin::Kind::process;
      out.index = static_cast<std::int32_t>(i);
      return out;
    }
  }
  std::string agent_name = name.text;
  const bool end = agent_name.size() > 4 && agent_name.substr(agent_name.size() - 4) == "_end";
  for (std::size_t i = 0; i < model_.agents.size(); ++i) {
    const std::string& candidate = model_.agents[i].first.text;
    if (candidate == agent_name || (end && candidate + "_end" == agent_name)) {
      out.kind = candidate == agent_name ? Origin::Kind::agent : Origin::Kind::agent_end;
      out.index = static_cast<std::int32_t>(i);
      return out;
    }
  }
  std::vector<std::string> names{"diagnosis", "first_dose"};
  for (const auto& [process, doc] : model_.processes) names.push_back(process.text);
  for (const auto& [agent, doc] : model_.agents) {
    names.push_back(agent.text);
    names.push_back(agent.text + "_end");
  }
  unknown(name, "event", names);
  return out;
}

void Compiler::observation() {
  const ObservationDoc& doc = model_.observation;
  Observation& out = program_.observation;
  out.given = doc.given;
  if (!doc.given) return;
  for (const Name& name : doc.processes) {
    const std::int32_t index = find_process(name);
    if (index < 0) continue;
    Process& process = program_.processes[static_cast<std::size_t>(index)];
    if (process.fatal && states_are_clear_) {
      diagnostics_.error(name.place,
                         "'" + name.text + "' is a death and cannot be documented as progression");
    }
    process.documented = true;
  }
  out.every = doc.every_days;
  if (doc.grid_from.text != "first_dose" && doc.grid_from.text != "diagnosis") {
    unknown(doc.grid_from, "origin of the grid", {"first_dose", "diagnosis"});
  }
  out.grid_from_first_dose = doc.grid_from.text == "first_dose";
  out.at_once = at(doc.at_once);
  const double sensitivity = at(doc.sensitivity, 1.0);
  out.misses = sensitivity < 1.0;
  if (out.misses) out.miss_log = -portable::log(1.0 - sensitivity);
  out.false_log = -portable::log1p(-at(doc.false_alarm));
  out.drop_out = at(doc.drop_out);
  if (out.false_log > 0 && out.every <= 0) {
    diagnostics_.error(doc.false_alarm.place, "false alarms need a grid of assessments",
                       "give 'every'");
  }
  program_.at_once_stream = stream("found at once", doc.false_alarm.place);
  program_.miss_stream = stream("missed assessments", doc.false_alarm.place);
  program_.false_stream = stream("false alarm", doc.false_alarm.place);
  program_.drop_out_stream = stream("drop out", doc.false_alarm.place);
}

void Compiler::endpoints() {
  for (const auto& [name, doc] : model_.endpoints) {
    Endpoint out;
    out.name = name.text;
    out.title = doc.title.empty() ? name.text : doc.title;
    out.since = origin(doc.since);
    out.cause_of_process.assign(program_.processes.size(), 0);
    out.cause_of_death.assign(program_.processes.size() + program_.toxicities.size(), 0);
    const auto cause = [&out](const std::string& text) {
      const std::int32_t known = find_text(out.causes, text);
      if (known >= 0) return static_cast<std::int8_t>(known + 1);
      out.causes.push_back(text);
      return static_cast<std::int8_t>(out.causes.size());
    };
    for (const Name& process_name : doc.processes) {
      const std::int32_t index = find_process(process_name);
      if (index < 0) continue;
      out.processes.push_back(index);
      out.cause_of_process[static_cast<std::size_t>(index)] = cause(process_name.text);
    }
    if (!doc.documented.empty()) {
      if (doc.documented.text != "progression") {
        unknown(doc.documented, "documented event", {"progression"});
      } else if (!program_.observation.given) {
        diagnostics_.error(doc.documented.place,
                           "the model does not say how progression becomes known",
                           "add 'observation', or use 'processes'");
      }
      out.documented = true;
      out.occurrence = static_cast<std::int32_t>(doc.occurrence);
      out.cause_of_documented = cause("progression");
    }
    for (const Name& state_name : doc.states) {
      const std::int32_t index = state(state_name);
      if (index < 0) continue;
      out.states.push_back(index);
      bool entered = false;
      for (std::size_t p = 0; p < program_.processes.size(); ++p) {
        const Process& process = program_.processes[p];
        if (std::find(process.to.begin(), process.to.end(), index) != process.to.end()) {
          out.cause_of_death[p] = cause(process.name);
          entered = true;
        }
      }
      for (std::size_t t = 0; t < program_.toxicities.size(); ++t) {
        if (program_.toxicities[t].to_state == index) {
          out.cause_of_death[program_.processes.size() + t] = cause(program_.toxicities[t].name);
          entered = true;
        }
      }
      if (!entered && index == program_.start && states_are_clear_) {
        diagnostics_.error(state_name.place,
                           "patients start in '" + state_name.text +
                               "' and nothing leads there, so nobody ever enters it",
                           "name states that processes or toxicities lead to");
      }
    }
    if (out.processes.empty() && out.states.empty() && !out.documented) {
      diagnostics_.error(name.place, "endpoint '" + name.text + "' has no events",
                         "give processes, states or documented");
    }
    program_.endpoints.push_back(std::move(out));
  }
  if (program_.endpoints.empty()) diagnostics_.error(model_.place, "the model has no endpoints");
}

void Compiler::reachability() {
  if (!states_are_clear_) return;  // a state that was written wrong explains it
  std::uint64_t reached = std::uint64_t{1} << static_cast<unsigned>(program_.start);
  for (std::size_t round = 0; round < program_.states.size(); ++round) {
    for (const Process& process : program_.processes) {
      for (std::size_t s = 0; s < process.to.size(); ++s) {
        if (((reached >> s) & 1U) != 0 && process.to[s] >= 0) {
          reached |= std::uint64_t{1} << static_cast<unsigned>(process.to[s]);
        }
      }
    }
    for (const Toxicity& toxicity : program_.toxicities) {
      if (toxicity.to_state >= 0)
        reached |= std::uint64_t{1} << static_cast<unsigned>(toxicity.to_state);
    }
  }
  for (std::size_t s = 0; s < program_.states.size(); ++s) {
    if (((reached >> s) & 1U) == 0) {
      SourcePlace place = model_.place;
      for (const StateDoc& doc : model_.states) {
        if (doc.name.text == program_.states[s]) place = doc.name.place;
      }
      diagnostics_.error(place,
                         "state '" + program_.states[s] + "' cannot be reached from '" +
                             program_.states[static_cast<std::size_t>(program_.start)] + "'",
                         "add a process that leads to it, or remove it");
    }
  }
}

void Compiler::order_processes() {
  // Same instant: deaths before other events, then the rank of the document, then order of
  // declaration.
  std::vector<std::size_t> order(program_.processes.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Process& first = program_.processes[a];
    const Process& second = program_.processes[b];
    if (first.fatal != second.fatal) return first.fatal;
    return model_.processes[a].second.rank < model_.processes[b].second.rank;
  });
  for (std::size_t i = 0; i < order.size(); ++i) {
    program_.processes[order[i]].order = static_cast<std::int32_t>(i);
  }
}

Program Compiler::run() {
  program_.name = model_.name;
  program_.title = model_.title;
  program_.first_dose = model_.first_dose_days;
  program_.horizon = input_.horizon_days;
  states();
  columns();
  // Names of agents and their classes are needed by everything below.
  for (const auto& [name, doc] : model_.agents) {
    Agent agent;
    agent.name = name.text;
    agent.title = doc.title.empty() ? name.text : doc.title;
    if (find_name(program_.agents, name.text) >= 0) {
      diagnostics_.error(name.place, "agent '" + name.text + "' is declared twice");
    }
    for (const Name& group : doc.classes) {
      std::int32_t index = find_text(program_.classes, group.text);
      if (index < 0) {
        index = static_cast<std::int32_t>(program_.classes.size());
        program_.classes.push_back(group.text);
      }
      agent.classes.push_back(index);
    }
    program_.agents.push_back(std::move(agent));
  }
  for (const auto& [name, members] : model_.regimens) {
    std::vector<std::int32_t> indices;
    for (const Name& member : members) {
      const std::int32_t index = find_agent(member);
      if (index >= 0) indices.push_back(index);
    }
    if (find_name(program_.agents, name.text) >= 0) {
      diagnostics_.error(name.place, "'" + name.text + "' is an agent and a regimen",
                         "rename one of the two");
    }
    program_.regimens.emplace_back(name.text, std::move(indices));
  }
  processes();
  toxicities();
  agents();
  lesion_control();
  markers();
  observation();
  order_processes();
  endpoints();
  reachability();
  for (Track& track : program_.tracks) finish_track(track);
  if (input_.eligible != nullptr) {
    program_.eligible =
        compile_condition(*input_.eligible, program_, input_.parameters, true, diagnostics_);
  }
  program_.streams = streams_;
  return std::move(program_);
}

Program compile(const CompileInput& input, Diagnostics& diagnostics) {
  return Compiler(input, diagnostics).run();
}

std::vector<NamedTable> named_tables(const ModelDoc& model) {
  std::vector<NamedTable> out;
  for (const auto& [name, process] : model.processes) {
    if (!process.hazard.life_table.empty())
      out.push_back({process.hazard.life_table, model.folder});
  }
  return out;
}

}  // namespace npcsim

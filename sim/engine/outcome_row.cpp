#include <npcsim/base/units.hpp>
#include <npcsim/engine/outcome_row.hpp>

namespace npcsim {

std::vector<Measure> measures_of(const Program& program, const std::vector<bool>& agents_in_use) {
  std::vector<Measure> out;
  bool any = false;
  for (std::size_t a = 0; a < program.agents.size(); ++a) {
    const Agent& agent = program.agents[a];
    const auto index = static_cast<std::int32_t>(a);
    if (!agents_in_use[a]) continue;
    if (!agent.cyclic && !agent.course && !agent.procedure && agent.tracks.empty() &&
        agent.risks.empty())
      continue;
    any = true;
    out.push_back({Measure::Kind::received, index, 0});
    if (agent.cyclic) {
      out.push_back({Measure::Kind::cycles, index, 0});
      out.push_back({Measure::Kind::time_on, index, 0});
    }
    if (agent.reduces) {
      out.push_back({Measure::Kind::reductions, index, 0});
      out.push_back({Measure::Kind::dose_level, index, 0});
    }
    for (std::size_t c = 0; c < agent.causes.size(); ++c) {
      out.push_back({Measure::Kind::stopped, index, static_cast<std::int32_t>(c)});
    }
  }
  if (!any) return out;
  for (std::size_t m = 0; m < program.markers.size(); ++m) {
    const Marker& marker = program.markers[m];
    const auto index = static_cast<std::int32_t>(m);
    for (std::size_t level = 0; level < marker.levels.size(); ++level) {
      out.push_back({Measure::Kind::best_level, index, static_cast<std::int32_t>(level)});
    }
    if (marker.ordered && marker.levels.size() == 4)
      out.push_back({Measure::Kind::objective_response, index, 0});
  }
  for (std::size_t t = 0; t < program.toxicities.size(); ++t) {
    bool possible = false;
    for (const std::int32_t agent : program.toxicities[t].agents) {
      possible = possible || agents_in_use[static_cast<std::size_t>(agent)];
    }
    if (possible) out.push_back({Measure::Kind::toxicity, static_cast<std::int32_t>(t), 0});
  }
  if (program.observation.given) {
    out.push_back({Measure::Kind::progressions, 0, 0});
    out.push_back({Measure::Kind::lines, 0, 2});
    out.push_back({Measure::Kind::lines, 0, 3});
  }
  return out;
}

MeasureShape shape_of(const Measure& measure, const Program& program) {
  const auto index = static_cast<std::size_t>(measure.index);
  const auto detail = static_cast<std::size_t>(measure.detail);
  switch (measure.kind) {
    case Measure::Kind::received:
      return {"received_" + program.agents[index].name, "received " + program.agents[index].title,
              MeasureKind::flag};
    case Measure::Kind::cycles:
      return {"cycles_" + program.agents[index].name, "cycles of " + program.agents[index].title,
              MeasureKind::count};
    case Measure::Kind::time_on:
      return {"time_on_" + program.agents[index].name, "time on " + program.agents[index].title,
              MeasureKind::duration};
    case Measure::Kind::reductions:
      return {"reductions_" + program.agents[index].name,
              "dose reductions of " + program.agents[index].title, MeasureKind::count};
    case Measure::Kind::dose_level:
      return {"dose_level_" + program.agents[index].name,
              "mean dose of " + program.agents[index].title + ", share of the full dose",
              MeasureKind::portion};
    case Measure::Kind::stopped:
      return {"stopped_" + program.agents[index].name + "_" + program.agents[index].causes[detail],
              program.agents[index].title + " stopped: " + program.agents[index].causes[detail],
              MeasureKind::flag};
    case Measure::Kind::best_level: {
      const Marker& marker = program.markers[index];
      const std::string level =
          marker.ordered ? marker.levels[detail] : (detail == 1 ? "detectable" : "undetectable");
      return {"best_" + marker.name + "_" + level, "best " + marker.name + " " + level,
              MeasureKind::flag};
    }
    case Measure::Kind::objective_response:
      return {"objective_" + program.markers[index].name,
              program.markers[index].levels[0] + " or " + program.markers[index].levels[1] +
                  " as best " + program.markers[index].name,
              MeasureKind::flag};
    case Measure::Kind::toxicity:
      return {"toxicity_" + program.toxicities[index].name, program.toxicities[index].title,
              MeasureKind::flag};
    case Measure::Kind::progressions:
      return {"documented_progressions", "documented progressions", MeasureKind::count};
    case Measure::Kind::lines:
      return {"line_" + std::to_string(measure.detail),
              (measure.detail == 2 ? "received second line" : "received third line"),
              MeasureKind::flag};
    case Measure::Kind::first_dose:
      return {"first_dose_" + program.agents[index].name,
              "diagnosis to first dose of " + program.agents[index].title, MeasureKind::duration};
  }
  return {};
}

void endpoint_outcome(const Life& life, const Endpoint& endpoint, std::int32_t& tick,
                      std::int8_t& code) {
  const double origin = life.origin_time(endpoint.since);
  if (!(origin < life.end_days()) && origin > 0) {
    tick = 0;
    code = outcome_not_in_set;
    return;
  }
  double at = never;
  code = outcome_censored;
  for (const std::int32_t process : endpoint.processes) {
    const double fired = life.fired_at(process);
    if (fired < at) {
      at = fired;
      code = endpoint.cause_of_process[static_cast<std::size_t>(process)];
    }
  }
  if (endpoint.documented) {
    const double documented = life.documented_at(endpoint.occurrence);
    if (documented < at) {
      at = documented;
      code = endpoint.cause_of_documented;
    }
  }
  for (const std::int32_t state : endpoint.states) {
    const double entered = life.entered_at(state);
    if (entered < at) {
      at = entered;
      code = endpoint.cause_of_death[static_cast<std::size_t>(life.cause_of_entry(state))];
    }
  }
  if (!(at <= life.end_days())) {
    at = life.end_days();
    code = outcome_censored;
  }
  if (at < origin) {
    // It happened before the clock of this endpoint began.
    tick = 0;
    code = outcome_not_in_set;
    return;
  }
  tick = Ticks::from_days(at - origin).count();
}

std::int32_t measure_value(const Life& life, const Measure& measure) {
  switch (measure.kind) {
    case Measure::Kind::received:
      return life.agent(measure.index).received ? 1 : 0;
    case Measure::Kind::cycles:
      return life.agent(measure.index).doses;
    case Measure::Kind::time_on:
      return Ticks::from_days(life.agent(measure.index).time_on).count();
    case Measure::Kind::reductions:
      return life.reductions(measure.index);
    case Measure::Kind::dose_level: {
      const double level = life.mean_dose_level(measure.index);
      return level < 0 ? measure_missing : static_cast<std::int32_t>(1e6 * level + 0.5);
    }
    case Measure::Kind::stopped:
      return life.agent(measure.index).stopped_for == measure.detail ? 1 : 0;
    case Measure::Kind::best_level: {
      const std::int32_t best = life.best_level(measure.index);
      return best < 0 ? measure_missing : best == measure.detail ? 1 : 0;
    }
    case Measure::Kind::objective_response: {
      const std::int32_t best = life.best_level(measure.index);
      return best < 0 ? measure_missing : best <= 1 ? 1 : 0;
    }
    case Measure::Kind::toxicity:
      return life.had_toxicity(measure.index) ? 1 : 0;
    case Measure::Kind::progressions:
      return life.documented_count();
    case Measure::Kind::lines:
      return life.treated_line() >= measure.detail ? 1 : 0;
    case Measure::Kind::first_dose: {
      const AgentState& agent = life.agent(measure.index);
      return agent.received ? Ticks::from_days(agent.first_dose).count() : measure_missing;
    }
  }
  return 0;
}

}  // namespace npcsim

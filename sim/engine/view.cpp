// What a strategy may look at in a life, and where the clocks of processes and endpoints begin.
#include <npcsim/base/units.hpp>
#include <npcsim/engine/life.hpp>

#include <algorithm>

namespace npcsim {

double StrategyView::days() const { return life_.now(); }
double StrategyView::value(Variable variable) const { return life_.value(variable); }
bool StrategyView::holds(std::int32_t condition) const { return life_.holds(condition); }
std::int32_t StrategyView::line() const { return life_.line(); }
std::int32_t StrategyView::asked_now() const { return life_.asked_now(); }
const PatientDraws& StrategyView::draws() const { return life_.draws(); }

double Life::origin_time(const Origin& origin) const {
  switch (origin.kind) {
    case Origin::Kind::diagnosis:
      return 0;
    case Origin::Kind::first_dose:
      return treatment_begun_ ? program_.first_dose : never;
    case Origin::Kind::process:
      return fired_[static_cast<std::size_t>(origin.index)];
    case Origin::Kind::agent:
      return agents_[static_cast<std::size_t>(origin.index)].first_dose;
    case Origin::Kind::agent_end:
      return agents_[static_cast<std::size_t>(origin.index)].ended;
  }
  return never;
}

double Life::value(Variable variable) const {
  const auto index = static_cast<std::size_t>(variable.index);
  // Since the last dose that has come. Of a course that goes on, those to come are nobody's to
  // know.
  const auto months_since = [this](std::size_t a) {
    const AgentState& agent = agents_[a];
    if (!agent.received) return 1e9;
    double last = agent.last_dose;
    if (agent.dosed && program_.agents[a].cyclic) {
      const std::int32_t come = doses_before(a, now_);
      last = come > 0 ? dose_time(a, come - 1) : agent.start;
    }
    if (last > now_) last = now_;
    return (now_ - last) / days_per_month;
  };
  switch (variable.kind) {
    case VariableKind::column:
      return column(variable.index);
    case VariableKind::months_since_diagnosis:
      return now_ / days_per_month;
    case VariableKind::progressions:
      return documented_count_;
    case VariableKind::progression_type:
      return documented_type_;
    case VariableKind::line:
      return line_;
    case VariableKind::marker_level:
    case VariableKind::marker_detectable:
      return level_[index];
    case VariableKind::agent_received:
      return agents_[index].received ? 1.0 : 0.0;
    case VariableKind::agent_cycles:
      return cycles_of(variable.index);
    case VariableKind::months_since_agent:
      return months_since(index);
    case VariableKind::class_received:
    case VariableKind::months_since_class: {
      double since = 1e9;
      for (std::size_t a = 0; a < agents_.size(); ++a) {
        const auto& classes = program_.agents[a].classes;
        if (agents_[a].received &&
            std::find(classes.begin(), classes.end(), variable.index) != classes.end()) {
          since = std::min(since, months_since(a));
        }
      }
      if (variable.kind == VariableKind::class_received) return since < 1e9 ? 1.0 : 0.0;
      return since;
    }
    case VariableKind::toxicity:
      return had_toxicity(variable.index) ? 1.0 : 0.0;
    case VariableKind::stopped:
      return agents_[index].stopped_for >= 0 ? 1.0 : 0.0;
  }
  return 0;
}

bool Life::holds(std::int32_t condition) const {
  return program_.conditions.holds(condition,
                                   [this](const Variable& variable) { return value(variable); });
}

}  // namespace npcsim

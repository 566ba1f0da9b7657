// Agents, the time courses of their effects, lesion control, markers and toxicities.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

double log_survival(double probability) { return -portable::log1p(-probability); }

}  // namespace

// The threshold of a stop or of a toxicity of one agent.
std::int32_t Compiler::harm(const std::string& name, SourcePlace place) {
  program_.harms.push_back(stream(name, place));
  return static_cast<std::int32_t>(program_.harms.size()) - 1;
}

void Compiler::toxicities() {
  for (const auto& [name, doc] : model_.toxicities) {
    Toxicity out;
    out.name = name.text;
    out.title = doc.title.empty() ? name.text : doc.title;
    for (const Name& agent_name : doc.agents) {
      for (const std::int32_t index : agents_of(agent_name)) {
        if (std::find(out.agents.begin(), out.agents.end(), index) == out.agents.end())
          out.agents.push_back(index);
      }
    }
    if (doc.per_course.given) out.per_course = log_survival(at(doc.per_course));
    if (doc.hazard.given && doc.after_end) out.hazard_after = at(doc.hazard);
    if (out.per_course > 0 || out.hazard_after > 0) {
      for (const std::int32_t index : out.agents) {
        out.harms.push_back(harm(
            "toxicity " + out.name + " of " + program_.agents[static_cast<std::size_t>(index)].name,
            name.place));
      }
    }
    for (const auto& [agent_name, coefficient] : doc.more_with)
      out.more_with.push_back({agents_of(agent_name), at(coefficient)});
    for (const auto& [attribute, coefficient] : doc.modified_by) {
      const std::int32_t index = term(attribute);
      if (index >= 0) out.modifiers.push_back({index, at(coefficient), 0.0});
    }
    if (doc.eqd2_midpoint.given) {
      out.dose_response = {true, at(doc.eqd2_midpoint), at(doc.eqd2_slope, 1.0)};
      const auto no_course = std::find_if(out.agents.begin(), out.agents.end(), [&](auto index) {
        return !model_.agents[static_cast<std::size_t>(index)].second.course;
      });
      if (no_course != out.agents.end()) {
        diagnostics_.error(doc.eqd2_midpoint.place,
                           "'dose_response' needs agents with a course, '" +
                               program_.agents[static_cast<std::size_t>(*no_course)].name +
                               "' has none");
      } else if (!doc.per_course.given && !doc.after_end) {
        diagnostics_.error(doc.eqd2_midpoint.place,
                           "'dose_response' needs a dose that has been given",
                           "use per_course, or hazard with after_end: true");
      }
    }
    if (!doc.to.empty()) {
      out.to_state = state(doc.to);
      out.fatal = true;
      if (doc.per_course.given || doc.after_end) {
        diagnostics_.error(doc.to.place,
                           "only a toxicity per cycle or while on the agent can be fatal",
                           "use per_cycle, or hazard without after_end");
      }
    }
    if (doc.action.text != "none" && doc.action.text != "stop") {
      unknown(doc.action, "action", {"none", "stop"});
    }
    program_.toxicities.push_back(std::move(out));
  }
}

void Compiler::agents() {
  for (std::size_t i = 0; i < model_.agents.size(); ++i)
    agent(model_.agents[i].second, program_.agents[i]);
  for (const OverlapDoc& doc : model_.overlaps) {
    Overlap out;
    std::vector<std::int32_t> all;
    for (const Name& name : doc.agents) {
      out.members.push_back(agents_of(name));
      for (const std::int32_t agent : out.members.back()) {
        if (std::find(all.begin(), all.end(), agent) != all.end()) {
          diagnostics_.error(name.place,
                             "'" + program_.agents[static_cast<std::size_t>(agent)].name +
                                 "' would overlap with itself",
                             "name agents or classes that share no agent");
          break;
        }
      }
      all.insert(all.end(), out.members.back().begin(), out.members.back().end());
    }
    if (doc.agents.size() == 1) {
      diagnostics_.error(doc.agents.front().place, "an overlap needs at least two agents",
                         "e.g. agents: [capecitabine, pd1]");
    }
    out.left = 1.0 - at(doc.share);
    program_.overlaps.push_back(std::move(out));
  }
}

void Compiler::stop_risks(const AgentDoc& doc, Agent& out) {
  const std::int32_t self = program_.find_agent(out.name);
  for (const auto& [cause, stop] : doc.stop) {
    CycleRisk risk;
    risk.kind = CycleRisk::Kind::stop;
    risk.cause = static_cast<std::int32_t>(out.causes.size());
    out.causes.push_back(cause.text);
    risk.harm = harm("stop " + out.name + " " + cause.text, cause.place);
    if (stop.per_cycle.given) risk.per_cycle = log_survival(at(stop.per_cycle));
    if (stop.hazard.given) risk.hazard = at(stop.hazard);
    if (stop.per_cycle.given && !out.cyclic) {
      diagnostics_.error(cause.place, "'" + out.name + "' has no cycles: a stop needs 'hazard'");
    }
    out.risks.push_back(std::move(risk));
  }
  for (std::size_t t = 0; t < model_.toxicities.size(); ++t) {
    const ToxicityDoc& toxicity = model_.toxicities[t].second;
    const Toxicity& compiled = program_.toxicities[t];
    if (std::find(compiled.agents.begin(), compiled.agents.end(), self) == compiled.agents.end())
      continue;
    if (!toxicity.per_cycle.given && (!toxicity.hazard.given || toxicity.after_end)) continue;
    CycleRisk risk;
    risk.kind = compiled.fatal                   ? CycleRisk::Kind::fatal
                : toxicity.action.text == "stop" ? CycleRisk::Kind::toxic_stop
                                                 : CycleRisk::Kind::toxicity;
    risk.toxicity = static_cast<std::int32_t>(t);
    risk.to_state = compiled.to_state;
    risk.more_with = compiled.more_with;
    risk.modifiers = compiled.modifiers;
    if (risk.kind == CycleRisk::Kind::toxic_stop) {
      risk.cause = static_cast<std::int32_t>(out.causes.size());
      out.causes.push_back(compiled.name);
    }
    risk.harm =
        harm("toxicity " + compiled.name + " of " + out.name, model_.toxicities[t].first.place);
    if (toxicity.per_cycle.given) {
      risk.per_cycle = log_survival(at(toxicity.per_cycle));
      if (!out.cyclic) {
        diagnostics_.error(
            model_.toxicities[t].first.place,
            "'" + compiled.name + "' is per cycle, but '" + out.name + "' has no cycles");
      }
    } else {
      risk.hazard = at(toxicity.hazard);
    }
    risk.delay_days = at(toxicity.delay);
    if (toxicity.reduces) {
      risk.reduce_by = at(toxicity.reduce_by);
      risk.reduce_most = static_cast<std::int32_t>(toxicity.reduce_most);
    }
    if (risk.kind == CycleRisk::Kind::fatal && risk.changes_doses()) {
      diagnostics_.error(toxicity.to.place, "no dose is left to delay or to reduce after death");
    }
    out.changes_doses = out.changes_doses || risk.changes_doses();
    out.reduces = out.reduces || (risk.per_cycle > 0 && risk.reduce_by > 0);
    program_.toxicities[t].risks.push_back({self, static_cast<std::int32_t>(out.risks.size())});
    out.risks.push_back(std::move(risk));
  }
}

void Compiler::agent(const AgentDoc& doc, Agent& out) {
  const std::int32_t self = program_.find_agent(out.name);
  const SourcePlace place = model_.agents[static_cast<std::size_t>(self)].first.place;
  out.cyclic = doc.has_cycle;
  out.every = doc.every_days;
  out.cap = static_cast<std::int32_t>(doc.cap);
  out.procedure = doc.procedure;
  if ((doc.has_cycle ? 1 : 0) + (doc.course ? 1 : 0) + (doc.procedure ? 1 : 0) > 1) {
    diagnostics_.error(place,
                       "agent '" + out.name + "' has more than one of cycle, course, procedure");
  }
  if (!doc.has_cycle && !doc.plan.empty()) {
    diagnostics_.error(doc.plan.front().first.place,
                       "'plan' is by number of cycles, but '" + out.name + "' has none",
                       "give it a cycle, e.g. cycle: {every: 21 d, cap: 6}");
  }
  double sum = 0;
  for (const auto& [cycles, share] : doc.plan) {
    const auto count = parse_integer(cycles.text);
    if (!count || *count < 1) {
      diagnostics_.error(cycles.place, "a plan is by number of cycles, found '" + cycles.text + "'",
                         "e.g. {4: 0.15, 6: 0.85}");
      continue;
    }
    sum += at(share);
    out.plan.emplace_back(static_cast<std::int32_t>(*count), sum);
  }
  if (!out.plan.empty()) {
    if (!(sum > 1 - 1e-9 && sum < 1 + 1e-9)) {
      diagnostics_.error(doc.plan.front().first.place,
                         "the shares of a plan must sum to 1, found " + shortest(sum));
    }
    out.plan_stream = stream("plan " + out.name, place);
  }
  stop_risks(doc, out);
  if (doc.hold) {
    if (!doc.has_cycle) {
      diagnostics_.error(doc.hold->per_cycle.place,
                         "'hold' delays doses, but '" + out.name + "' has no cycles",
                         "give it a cycle, e.g. cycle: {every: 21 d, cap: 6}");
    }
    out.holds = at(doc.hold->per_cycle) > 0;
    out.hold_log = log_survival(at(doc.hold->per_cycle));
    out.hold_days = doc.hold->delay_days;
    out.hold_most = static_cast<std::int32_t>(doc.hold->most);
    out.hold_stream = stream("hold " + out.name, place);
  }
  if (doc.course) {
    // EQD2 = D (d + alpha/beta) / (2 + alpha/beta) with d the dose of one fraction (Withers et al.
    // 1983).
    out.course = true;
    out.over = doc.course->over_days;
    out.fractions = static_cast<std::int32_t>(doc.course->fractions);
    const double dose = at(doc.course->dose);
    const double ratio = at(doc.course->alpha_beta);
    out.eqd2 = dose * (dose / static_cast<double>(out.fractions) + ratio) / (2.0 + ratio);
  }
  if (doc.controls) {
    out.controls = true;
    out.control_lesions = column(doc.controls->lesions);
    if (!model_.lesion_control) {
      diagnostics_.error(doc.controls->lesions.place,
                         "'controls' needs the model's 'lesion_control'");
    } else {
      // In-situ hazard of a treated lesion relative to an untreated one: log LC / log LC_none; what
      // is lost is one minus that, times the share that a deferred treatment still saves.
      const double ratio =
          portable::log(at(doc.controls->control)) / portable::log(at(model_.lesion_control->none));
      out.control_gain = (1.0 - ratio) * at(doc.controls->effect_share, 1.0);
      if (!(out.control_gain <= 1.0)) {
        diagnostics_.error(doc.controls->lesions.place,
                           "the ablation removes more than all of the hazard");
      }
    }
    out.feasible = at(doc.controls->feasible, 1.0);
    out.feasible_stream = stream("feasible " + out.name, place);
  }
  out.given_when =
      compile_condition(doc.given_when, program_, input_.parameters, true, diagnostics_);
  for (const EffectDoc& entry : doc.effects) effect(self, entry);
}

void Compiler::kernel(const AgentDoc& agent_doc, const EffectDoc& doc, Track& track) {
  const Agent& agent_out = program_.agents[static_cast<std::size_t>(track.agent)];
  track.ramp = {1.0};
  track.waning = {1.0, 0.0};
  track.step_is_cycle = true;
  track.waning_step = agent_out.cyclic ? agent_out.every : 0.0;
  if (!doc.kernel) return;
  const KernelDoc& k = *doc.kernel;
  track.onset = at(k.onset);
  const double ramp = at(k.ramp);
  track.ramp_step = at(k.ramp_step, 21.0);
  if (ramp > 0) {
    track.ramp.clear();
    for (std::int32_t i = 0;; ++i) {
      const double value = static_cast<double>(i) * track.ramp_step / ramp;
      if (value >= 1.0) break;
      track.ramp.push_back(value);
      if (i > 100000) {
        diagnostics_.error(doc.place, "the ramp has too many steps", "make ramp_step longer");
        break;
      }
    }
    track.ramp.push_back(1.0);
  }
  track.duration = at(k.duration);
  const double durable = at(k.durable);
  if (k.wanes) {
    track.step_is_cycle = false;
    track.waning_step = at(k.step, 21.0);
    const double half_life = at(k.half_life);
    track.waning = {1.0};
    for (std::int64_t j = 1; j <= k.steps; ++j) {
      const double age = static_cast<double>(j) * track.waning_step / half_life;
      track.waning.push_back(durable +
                             (1.0 - durable) * portable::exp(-age * 0.69314718055994530942));
    }
    track.waning.push_back(durable);
  } else {
    track.waning = {1.0, durable};
    if (!agent_out.cyclic) track.waning_step = 0.0;
  }
  static_cast<void>(agent_doc);
}

void Compiler::effect(std::int32_t agent_index, const EffectDoc& doc) {
  Agent& agent_out = program_.agents[static_cast<std::size_t>(agent_index)];
  const AgentDoc& agent_doc = model_.agents[static_cast<std::size_t>(agent_index)].second;
  Track track;
  track.agent = agent_index;
  const auto log_of = [&](const Value& log_hr, const Value& hr) {
    if (log_hr.given) return at(log_hr);
    const double ratio = at(hr);
    // A hazard ratio of 0 switches the process off.
    return ratio > 0 ? portable::log(ratio) : -never;
  };
  track.log_hr = log_of(doc.log_hr, doc.hr);
  kernel(agent_doc, doc, track);
  if (agent_out.course && (doc.kernel || !doc.masked_by.empty())) {
    diagnostics_.error(doc.place, "the effect of a course has no kernel and is not masked",
                       "use course_share: {half_way: ..., end: ...}");
  }
  if (!doc.masked_by.empty()) {
    track.masking_class = program_.find_class(doc.masked_by.text);
    if (track.masking_class < 0) track.masking_agent = find_agent(doc.masked_by);
    const std::vector<std::int32_t>& own = agent_out.classes;
    if (track.masking_agent == agent_index ||
        (track.masking_class >= 0 &&
         std::find(own.begin(), own.end(), track.masking_class) != own.end())) {
      diagnostics_.error(doc.masked_by.place, "'" + agent_out.name + "' would mask itself",
                         "name another agent, or a class to which it does not belong");
    }
    track.unmasked = 1.0 - at(doc.masked_share);
  }
  if (doc.half_way.given || doc.at_end.given) {
    track.half_way = at(doc.half_way);
    track.at_end = at(doc.at_end, 1.0);
    if (!agent_out.course) {
      diagnostics_.error(doc.half_way.given ? doc.half_way.place : doc.at_end.place,
                         "'course_share' needs an agent with a course");
    }
  }
  if (doc.eqd2_midpoint.given) {
    track.dose_response = {true, at(doc.eqd2_midpoint), at(doc.eqd2_slope, 1.0)};
    if (!agent_out.course) {
      diagnostics_.error(doc.eqd2_midpoint.place, "'dose_response' needs an agent with a course");
    }
  }
  if (!doc.gate_marker.empty()) {
    // Markers are compiled later: look at the document.
    const MarkerDoc* marker = nullptr;
    for (std::size_t m = 0; m < model_.markers.size(); ++m) {
      if (model_.markers[m].first.text == doc.gate_marker.text) {
        marker = &model_.markers[m].second;
        track.gate_marker = static_cast<std::int32_t>(m);
      }
    }
    if (marker == nullptr) {
      std::vector<std::string> names;
      for (const auto& [name, entry] : model_.markers) names.push_back(name.text);
      unknown(doc.gate_marker, "marker", names);
    } else {
      track.gate.assign(marker->levels.size(), 0.0);
      std::vector<std::string> names;
      for (const Name& level : marker->levels) names.push_back(level.text);
      for (const auto& [level, share] : doc.gate) {
        const auto found = std::find(names.begin(), names.end(), level.text);
        if (found == names.end()) {
          unknown(level, "level", names);
        } else {
          track.gate[static_cast<std::size_t>(found - names.begin())] = at(share);
        }
      }
    }
  }
  for (const auto& [name, coefficient] : doc.modified_by) {
    const std::int32_t index = term(name);
    if (index >= 0) track.modifiers.push_back({index, at(coefficient), 0.0});
  }
  track.dose_exponent = at(doc.dose_exponent);
  if (track.dose_exponent > 0 && !agent_out.cyclic) {
    diagnostics_.error(doc.dose_exponent.place,
                       "'dose_exponent' needs an agent with cycles: only their doses are reduced");
  } else if (track.dose_exponent > 0 && !agent_out.reduces) {
    diagnostics_.warning(
        doc.dose_exponent.place,
        "'dose_exponent' does nothing: no toxicity reduces '" + agent_out.name + "'");
  }
  track.when = compile_condition(doc.when, program_, input_.parameters, true, diagnostics_);
  if (doc.responders_share.given) {
    track.responder_share = at(doc.responders_share);
    track.responder_log_hr = log_of(doc.responders_log_hr, doc.responders_hr);
    // All effects of an agent agree on who responds to it.
    track.responder_stream = stream("responder " + agent_out.name, doc.place);
    if (!doc.responders_log_hr.given && !doc.responders_hr.given) {
      diagnostics_.error(doc.responders_share.place, "'responders' needs log_hr or hr");
    }
  }
  const auto target = [&](const Name& name, double share) {
    const std::int32_t index = find_process(name);
    if (index < 0) return;
    for (std::size_t s = static_cast<std::size_t>(track.first_slot); s < program_.slots.size();
         ++s) {
      if (program_.slots[s].process != index) continue;
      diagnostics_.error(name.place, "the effect names '" + name.text + "' twice",
                         "its log hazard ratio would count twice; 'process' and 'carry_over' name "
                         "different processes");
      return;
    }
    const auto slot = static_cast<std::int32_t>(program_.slots.size());
    program_.slots.push_back({index, share});
    program_.processes[static_cast<std::size_t>(index)].effects.emplace_back(
        static_cast<std::int32_t>(program_.tracks.size()), slot);
    ++track.slot_count;
  };
  track.first_slot = static_cast<std::int32_t>(program_.slots.size());
  for (const Name& name : doc.process) target(name, 1.0);
  for (const auto& [name, share] : doc.carry_over) target(name, at(share));
  agent_out.tracks.push_back(static_cast<std::int32_t>(program_.tracks.size()));
  program_.tracks.push_back(std::move(track));
}

void Compiler::finish_track(Track& track) {
  const Agent& owner = program_.agents[static_cast<std::size_t>(track.agent)];
  track.of_course = owner.course;
  track.for_good = owner.procedure && track.step_is_cycle && track.waning.size() == 2;
  for (std::size_t i = 0; i < program_.overlaps.size(); ++i) {
    const auto& members = program_.overlaps[i].members;
    if (std::any_of(members.begin(), members.end(), [&track](const auto& member) {
          return std::find(member.begin(), member.end(), track.agent) != member.end();
        })) {
      track.overlaps.push_back(static_cast<std::int32_t>(i));
    }
  }
  track.tabulated = !track.dose_response.given && track.gate_marker < 0 &&
                    track.modifiers.empty() && track.when < 0 && track.responder_share == 0 &&
                    !owner.course && !(track.dose_exponent > 0 && owner.reduces);
  if (!track.tabulated) return;
  const double masks[2] = {1.0, track.unmasked};
  for (const double mask : masks) {
    for (const double ramp : track.ramp) {
      for (const double waning : track.waning) {
        for (std::int32_t s = 0; s < track.slot_count; ++s) {
          const double share = program_.slots[static_cast<std::size_t>(track.first_slot + s)].share;
          const double kappa = ramp * waning * mask * share;
          track.factors.push_back(kappa == 0.0 ? 1.0 : portable::exp(track.log_hr * kappa));
        }
      }
    }
  }
}

void Compiler::lesion_control() {
  if (!model_.lesion_control) return;
  const LesionControlDoc& doc = *model_.lesion_control;
  program_.lesion_process = find_process(doc.process);
  program_.lesion_column = column(doc.lesions);
  program_.in_situ_share = at(doc.in_situ_share);
}

void Compiler::markers() {
  for (const auto& [name, doc] : model_.markers) {
    Marker out;
    out.name = name.text;
    if (doc.kind.text == "ordered_probit") {
      out.ordered = true;
      for (const Name& level : doc.levels) out.levels.push_back(level.text);
      for (const Value& cut : doc.cuts) out.cuts.push_back(at(cut));
      if (out.levels.size() < 2 || out.cuts.size() + 1 != out.levels.size()) {
        diagnostics_.error(name.place, "marker '" + out.name +
                                           "' needs one cut fewer than levels, found " +
                                           std::to_string(out.levels.size()) + " levels and " +
                                           std::to_string(out.cuts.size()) + " cuts");
      }
      for (std::size_t i = 1; i < out.cuts.size(); ++i) {
        if (!(out.cuts[i] < out.cuts[i - 1])) {
          diagnostics_.error(doc.cuts[i].place,
                             "the cuts must decrease, from the best level to the worst");
        }
      }
      for (const auto& [variable, coefficient] : doc.loads) {
        std::int32_t index = program_.find_column("frailty " + variable.text);
        if (index < 0) index = term(variable);
        if (index >= 0) out.loads.push_back({index, at(coefficient), 0.0});
      }
      for (const auto& [agent_name, shift] : doc.shifts) {
        const std::int32_t index = find_agent(agent_name);
        if (index >= 0) out.shifts.emplace_back(index, at(shift));
      }
      out.patient_effect = at(doc.patient_effect);
      out.effect_column = hidden_normal("patient effect " + out.name);
    } else if (doc.kind.text == "kinetics") {
      out.levels = {"no", "yes"};
      out.baseline = column(doc.baseline);
      if (!doc.detectable_at_start.empty()) out.detectable = column(doc.detectable_at_start);
      out.falls_with_class = program_.find_class(doc.falls_with.text);
      if (out.falls_with_class < 0) out.falls_with_agent = find_agent(doc.falls_with);
      out.fall = at(doc.fall);
      out.fall_sd = at(doc.fall_sd);
      out.fall_load = at(doc.fall_load);
      out.fall_column = hidden_normal("fall of " + out.name);
      if (!doc.fall_loads_on.empty()) {
        out.shared_column = program_.find_column("patient effect " + doc.fall_loads_on.text);
        if (out.shared_column < 0) unknown(doc.fall_loads_on, "ordered marker", {});
      }
      // Decimal logarithm of the limit; the baseline attribute is on the same scale.
      out.log_limit = portable::log(at(doc.detection_limit, 1.0)) * 0.43429448190325182765;
      for (const Name& process_name : doc.rebound_of) {
        const std::int32_t index = find_process(process_name);
        if (index >= 0) out.rebound_of.push_back(index);
      }
      out.rebound_a = at(doc.rebound_a, 1);
      out.rebound_b = at(doc.rebound_b, 1);
      out.rebound_stream = stream("rebound of " + out.name, name.place);
      constexpr int cells = 256;
      for (int k = 0; !out.rebound_of.empty() && k <= cells; ++k) {
        out.rebound_cdf.push_back(
            portable::beta_p(out.rebound_a, out.rebound_b, static_cast<double>(k) / cells));
      }
    }
    program_.markers.push_back(std::move(out));
  }
}

}  // namespace npcsim

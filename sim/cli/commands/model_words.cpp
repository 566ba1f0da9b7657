// A model told in words.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/commands/describe.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/hazard/family_info.hpp>

#include <algorithm>
#include <cstdio>

namespace npcsim {
namespace {

constexpr std::size_t columns = 100;

// Four significant digits, no exponent for ordinary sizes.
std::string figure(double value) {
  char text[40] = {};
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string time_text(double days) {
  if (days == 0) return "0 d";
  if (days < 60) return figure(days) + " d";
  return figure(days / days_per_month) + " months";
}

std::string rate_text(double per_day) {
  const double monthly = per_day * days_per_month;
  if (monthly != 0 && monthly < 0.001) return figure(per_day * days_per_year) + " per year";
  return figure(monthly) + " per month";
}

std::string joined(const std::vector<Name>& names, const char* between = ", ") {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : between) + name.text;
  return out;
}

class Teller {
 public:
  explicit Teller(const ModelDoc& model) : model_(model) {}

  std::string tell();

 private:
  std::string number(const Value& value) const { return value_text(value, model_.parameters); }
  std::string linear(const LinearDoc& doc) const;
  std::string terms(const std::vector<TermDoc>& list) const;
  std::string attribute(const AttributeDoc& doc) const;
  std::string hazard(const HazardDoc& doc) const;
  std::string clock(const ProcessDoc& doc) const;
  std::string kernel(const AgentDoc& agent, const EffectDoc& effect) const;
  std::string effect(const AgentDoc& agent, const EffectDoc& doc) const;
  std::string dosing(const AgentDoc& doc) const;
  std::string marker(const MarkerDoc& doc) const;
  std::string toxicity(const ToxicityDoc& doc) const;
  std::string named(const std::vector<std::pair<Name, Value>>& list) const;

  void section(const std::string& title) { out_ += "\n" + title + "\n"; }
  void entry(const std::string& head, const std::string& body) {
    out_ += wrapped(head, 2, columns);
    if (!body.empty()) out_ += wrapped(body, 6, columns);
  }

  const ModelDoc& model_;
  std::string out_;
};

std::string Teller::named(const std::vector<std::pair<Name, Value>>& list) const {
  std::string out;
  for (const auto& [name, value] : list)
    out += (out.empty() ? "" : ", ") + name.text + " " + number(value);
  return out;
}

std::string Teller::terms(const std::vector<TermDoc>& list) const {
  std::string out;
  for (const TermDoc& term : list) {
    out += (out.empty() ? "" : ", ") + number(term.coef) + " x ";
    out +=
        term.centre.given ? "(" + term.of.text + " - " + number(term.centre) + ")" : term.of.text;
  }
  return out;
}

std::string Teller::linear(const LinearDoc& doc) const {
  std::string out = doc.intercept.given || doc.terms.empty() ? number(doc.intercept) : "";
  if (!doc.terms.empty()) out += (out.empty() ? "" : " + ") + terms(doc.terms);
  return out;
}

std::string Teller::attribute(const AttributeDoc& doc) const {
  const std::string& kind = doc.kind.text;
  const auto of = [&doc, this](const char* name) {
    for (const auto& [key, value] : doc.numbers) {
      if (key == name) return linear(value);
    }
    return std::string("?");
  };
  std::string out;
  if (kind == "bernoulli") {
    out = doc.numbers.empty()                    ? "flag"
          : doc.numbers.front().first == "logit" ? "true with log odds " + of("logit")
                                                 : "true with probability " + of("probability");
  } else if (kind == "condition") {
    out = "true if " + in_words(doc.derived);
  } else if (kind == "categorical") {
    out = "one of " + named(doc.levels);
  } else if (kind == "sum" || kind == "product") {
    out = kind + " of " + joined(doc.of);
  } else if (kind == "log10") {
    out = "decimal logarithm of " + joined(doc.of);
  } else if (kind == "standardised") {
    out = "standard normal score of " + joined(doc.of);
  } else if (kind == "resample") {
    out = "column " + doc.table.text + " of the table of patients";
  } else if (kind == "pattern") {
    out = "non-empty subset of " + joined(doc.of);
  } else {
    std::string text = kind;
    for (char& c : text) {
      if (c == '_') c = ' ';
    }
    out = text;
    bool first = true;
    for (const auto& [key, value] : doc.numbers) {
      out += (first ? ": " : ", ") +
             (kind == "constant" || kind == "linear" ? std::string() : key + " ") + linear(value);
      first = false;
    }
    if (!doc.of.empty()) out += ", times " + joined(doc.of);
  }
  if (doc.plus.given) out += ", plus " + number(doc.plus);
  if (!doc.when.empty())
    out += "; if not " + in_words(doc.when) + ": " +
           (doc.otherwise.given ? number(doc.otherwise) : "0");
  if (!doc.unit.empty()) out += " (" + doc.unit + ")";
  return out;
}

std::string Teller::hazard(const HazardDoc& doc) const {
  std::string out;
  if (!doc.life_table.empty()) {
    out = "life table " + doc.life_table.text;
    if (doc.hazard_multiplier.given) out += " x " + number(doc.hazard_multiplier);
  } else {
    const auto found = find_model(doc.family.text);
    std::string name = found ? std::string(family_info(found->family).name) : doc.family.text;
    if (name == "llogis") name = "log-logistic";
    if (name == "lnorm") name = "log-normal";
    for (char& c : name) {
      if (c == '_') c = ' ';
    }
    if (name == "exponential") {
      out = "constant " + (doc.parameters.empty() ? "" : number(doc.parameters.front().second));
    } else {
      out = name;
      for (const auto& [parameter, value] : doc.parameters) {
        out += (out == name ? ": " : ", ") + parameter.text + " " + number(value);
      }
    }
    const auto list = [&out, this](const char* what, const std::vector<Value>& values) {
      for (std::size_t i = 0; i < values.size(); ++i)
        out += (i == 0 ? std::string(", ") + what + " " : ", ") + number(values[i]);
    };
    list("times", doc.times);
    list("rates", doc.rates);
    list("gammas", doc.gammas);
    if (!doc.time_unit.empty()) out += " (time in " + doc.time_unit + ")";
  }
  if (!doc.cure.empty())
    out += "; " + number(doc.cured) + " of patients never (" + doc.cure.text + ")";
  for (const AncillaryDoc& entry : doc.covariates)
    out += "; " + entry.parameter.text + " with " + terms(entry.terms);
  return out;
}

std::string Teller::clock(const ProcessDoc& doc) const {
  if (doc.clock.text == "reset") return "time since entry";
  if (doc.clock.text == "age") return "attained age";
  if (doc.clock.text == "since") return "time since " + doc.since.text;
  return "time since diagnosis";
}

std::string Teller::kernel(const AgentDoc& agent, const EffectDoc& effect) const {
  if (agent.course) {
    std::string out = "of this log effect ";
    out += effect.half_way.given || effect.at_end.given
               ? number(effect.half_way) + " from the middle of the course and " +
                     (effect.at_end.given ? number(effect.at_end) : "1") + " from its end, for good"
               : "nothing before the end of the course, all of it from then on, for good";
    if (effect.eqd2_midpoint.given) {
      out += "; logistic in the dose (EQD2): half at " + number(effect.eqd2_midpoint) + ", scale " +
             number(effect.eqd2_slope);
    }
    return out;
  }
  if (!effect.kernel) {
    return agent.procedure   ? "at once and for good"
           : agent.has_cycle ? "in full from the first dose until one cycle after the last"
                             : "in full while it is given";
  }
  const KernelDoc& k = *effect.kernel;
  std::string out;
  out += k.onset.given ? "begins " + number(k.onset) + " after the first dose"
                       : "begins with the first dose";
  if (k.ramp.given) {
    out += ", rises over " + number(k.ramp) + " in steps of " +
           (k.ramp_step.given ? number(k.ramp_step) : "21 d");
  }
  const std::string durable = k.durable.given ? number(k.durable) : "0";
  if (k.wanes) {
    out += "; after the last dose it halves every " + number(k.half_life) + ", in " +
           std::to_string(k.steps) + " steps of " + (k.step.given ? number(k.step) : "21 d") +
           ", and " + durable + " of it stays for good";
  } else if (agent.procedure) {
    if (!k.duration.given) out += ", for good";
  } else {
    out +=
        agent.has_cycle ? "; from one cycle after the last dose " : "; when it is no longer given ";
    out += durable + " of it stays for good";
  }
  if (k.duration.given)
    out += "; " + number(k.duration) + " after it began " + durable +
           " of it is left, whatever the dosing";
  return out;
}

std::string Teller::effect(const AgentDoc& agent, const EffectDoc& doc) const {
  std::string out =
      (doc.hr.given ? "hazard ratio " + number(doc.hr) : "log hazard ratio " + number(doc.log_hr)) +
      " on " + joined(doc.process, " and ") + ": " + kernel(agent, doc);
  if (!doc.masked_by.empty())
    out += "; " + number(doc.masked_share) + " of it is masked while " + doc.masked_by.text +
           " is given";
  for (const auto& [process, share] : doc.carry_over)
    out += "; " + number(share) + " of it acts on " + process.text;
  if (!doc.gate_marker.empty())
    out += "; share by " + doc.gate_marker.text + " at the start: " + named(doc.gate);
  if (!doc.modified_by.empty()) out += "; added to the log hazard ratio: " + named(doc.modified_by);
  if (doc.dose_exponent.given)
    out += "; log effect times the dose level to the power " + number(doc.dose_exponent);
  if (!doc.when.empty()) out += "; only if " + in_words(doc.when);
  if (doc.responders_share.given) {
    out += "; in " + number(doc.responders_share) + " of patients " +
           (doc.responders_hr.given ? "a hazard ratio of " + number(doc.responders_hr)
                                    : "a log hazard ratio of " + number(doc.responders_log_hr)) +
           " instead";
  }
  return out;
}

std::string Teller::dosing(const AgentDoc& doc) const {
  std::string out;
  if (doc.has_cycle) {
    out = "every " + time_text(doc.every_days) +
          (doc.cap > 0 ? ", at most " + std::to_string(doc.cap) + " doses" : "");
  } else if (doc.course) {
    out = number(doc.course->dose) + " in " + std::to_string(doc.course->fractions) +
          " fractions over " + time_text(doc.course->over_days);
  } else {
    out = doc.procedure ? "one procedure" : "given continuously";
  }
  if (!doc.plan.empty()) {
    out += "; planned cycles ";
    for (std::size_t i = 0; i < doc.plan.size(); ++i) {
      out +=
          (i == 0 ? "" : ", ") + doc.plan[i].first.text + " (" + number(doc.plan[i].second) + ")";
    }
  }
  for (const auto& [cause, stop] : doc.stop) {
    out += "; stopped for " + cause.text + " " +
           (stop.per_cycle.given ? "with probability " + number(stop.per_cycle) + " per cycle"
                                 : "at " + number(stop.hazard));
  }
  if (doc.hold) {
    out += "; before a dose it is held " + time_text(doc.hold->delay_days) + " with probability " +
           number(doc.hold->per_cycle) + ", at most " + std::to_string(doc.hold->most) + " times";
  }
  if (doc.controls)
    out += "; controls " + number(doc.controls->control) + " of the lesions in " +
           doc.controls->lesions.text;
  if (!doc.given_when.empty()) out += "; only if " + in_words(doc.given_when);
  return out;
}

std::string Teller::marker(const MarkerDoc& doc) const {
  if (doc.kind.text == "ordered_probit") {
    std::string out = "levels " + joined(doc.levels) + " from a latent normal cut at ";
    for (std::size_t i = 0; i < doc.cuts.size(); ++i)
      out += (i == 0 ? "" : ", ") + number(doc.cuts[i]);
    if (!doc.loads.empty()) out += "; loads on " + named(doc.loads);
    if (!doc.shifts.empty()) out += "; shifted by " + named(doc.shifts);
    return out;
  }
  std::string out = "starts at " + doc.baseline.text + " and falls by " + number(doc.fall) +
                    " (log10) per cycle of " + doc.falls_with.text + "; detectable from " +
                    number(doc.detection_limit);
  if (!doc.rebound_of.empty()) out += "; returns ahead of " + joined(doc.rebound_of, " or ");
  return out;
}

std::string Teller::toxicity(const ToxicityDoc& doc) const {
  std::string out = doc.per_cycle.given ? "probability " + number(doc.per_cycle) + " per cycle"
                    : doc.per_course.given
                        ? "probability " + number(doc.per_course) + " per course"
                        : number(doc.hazard) + (doc.after_end ? " after the end of" : " on");
  out += (doc.per_cycle.given || doc.per_course.given ? " of " : " ") + joined(doc.agents);
  if (!doc.to.empty()) out += ", fatal";
  if (doc.action.text == "stop") out += ", stops the agent";
  if (doc.delay.given) out += ", delays the next dose by " + number(doc.delay);
  if (doc.reduces) {
    out += ", takes " + number(doc.reduce_by) + " off later doses (at most " +
           std::to_string(doc.reduce_most) + " times)";
  }
  if (!doc.more_with.empty()) out += "; more with " + named(doc.more_with);
  if (!doc.modified_by.empty())
    out += "; added to the log odds or log hazard: " + named(doc.modified_by);
  if (doc.eqd2_midpoint.given)
    out += "; half of the risk at an EQD2 of " + number(doc.eqd2_midpoint);
  return out;
}

std::string Teller::tell() {
  const ModelDoc& m = model_;
  out_ = wrapped(m.title.empty() ? m.name : m.title, 0, columns) + "model " + m.name + ": " +
         std::to_string(m.states.size()) + " states, " + std::to_string(m.processes.size()) +
         " processes, " + std::to_string(m.agents.size()) + " agents, " +
         std::to_string(m.parameters.rows().size()) + " parameters\n";
  if (!m.description.empty()) out_ += "\n" + wrapped(m.description, 2, columns);

  section("States and moves");
  out_ += diagram_text(state_graph(m), columns);
  if (m.first_dose_days > 0)
    out_ += "\n  Treatment begins " + time_text(m.first_dose_days) + " after diagnosis.\n";

  section("Processes: from -> to, hazard by clock, factors");
  for (const auto& [name, doc] : m.processes) {
    std::string to = doc.to.text;
    for (const auto& [when, target] : doc.to_by_state) {
      to += (to.empty() ? "" : ", ") + target.text + " (from " + when.text + ")";
    }
    std::string body = hazard(doc.hazard) + ", by " + clock(doc);
    if (!doc.log_hr.empty()) body += "; log hazard ratio " + terms(doc.log_hr);
    if (!doc.in_state.empty()) body += "; log hazard ratio in " + named(doc.in_state);
    for (const auto& [frailty, power] : doc.frailty) {
      const std::string text = number(power);
      body += "; x " + frailty.text + (text == "1" ? "" : "^" + text);
    }
    entry(name.text + ": " +
              (doc.from.empty() ? std::string("every state that is not final") : joined(doc.from)) +
              " -> " + to,
          body);
  }

  if (!m.attributes.empty()) {
    section("Attributes of patients");
    for (const auto& [name, doc] : m.attributes) {
      entry(name.text + (doc.label.empty() || doc.label == name.text ? "" : ", " + doc.label),
            attribute(doc) +
                (name.text == m.diagnosed_on.text ? "; calendar time of diagnosis" : ""));
    }
  }
  for (const CopulaDoc& doc : m.copulas) entry("drawn together: " + joined(doc.of), "");
  if (!m.frailties.empty()) {
    section("Frailties (unmeasured, one value for each patient)");
    for (const auto& [name, doc] : m.frailties) {
      entry(name.text, doc.kind.text == "gamma"
                           ? "gamma with mean 1 and variance " + number(doc.variance)
                       : doc.kind.text == "log_normal"
                           ? "log-normal with median 1, sd of the logarithm " + number(doc.sd)
                           : "positive stable with index " + number(doc.index));
    }
  }
  if (!m.agents.empty()) {
    section("Agents");
    for (const auto& [name, doc] : m.agents) {
      entry(name.text + (doc.title.empty() ? "" : ", " + doc.title) +
                (doc.classes.empty() ? "" : " [" + joined(doc.classes) + "]"),
            dosing(doc));
      for (const EffectDoc& one : doc.effects) out_ += wrapped("- " + effect(doc, one), 6, columns);
    }
  }
  if (!m.regimens.empty()) {
    section("Regimens");
    for (const auto& [name, members] : m.regimens) {
      out_ += wrapped(name.text + ": " + joined(members, " + "), 2, columns);
    }
  }
  for (const OverlapDoc& doc : m.overlaps) {
    entry("overlap of " + joined(doc.agents, " and "),
          number(doc.share) + " of their log effects is lost while both are given");
  }
  if (m.lesion_control) {
    const LesionControlDoc& doc = *m.lesion_control;
    entry("lesions", number(doc.in_situ_share) + " of " + doc.process.text +
                         " grows from known lesions (" + doc.lesions.text + "); " +
                         number(doc.none) + " of lesions are controlled without local treatment");
  }
  if (!m.markers.empty()) {
    section("Markers");
    for (const auto& [name, doc] : m.markers)
      entry(name.text + (doc.title.empty() ? "" : ", " + doc.title), marker(doc));
  }
  if (!m.toxicities.empty()) {
    section("Toxicities");
    for (const auto& [name, doc] : m.toxicities)
      entry(name.text + (doc.title.empty() ? "" : ", " + doc.title), toxicity(doc));
  }
  section("Observation");
  if (!m.observation.given) {
    out_ +=
        "  Events are seen when they happen; nothing is documented, strategies cannot react to "
        "it.\n";
  } else {
    const ObservationDoc& doc = m.observation;
    std::string text = joined(doc.processes, " and ") + ": ";
    text += doc.every_days > 0
                ? "seen at assessments every " + time_text(doc.every_days) + " from " +
                      (doc.grid_from.text == "diagnosis" ? "diagnosis" : "the first dose")
                : std::string("seen at once");
    if (doc.at_once.given) text += ", " + number(doc.at_once) + " at once by symptoms";
    if (doc.sensitivity.given)
      text += "; an assessment finds it with probability " + number(doc.sensitivity);
    if (doc.false_alarm.given)
      text += "; false alarm with probability " + number(doc.false_alarm) + " per assessment";
    if (doc.drop_out.given) text += "; patients leave follow-up at " + number(doc.drop_out);
    out_ += wrapped(text, 2, columns);
  }
  section("Endpoints");
  for (const auto& [name, doc] : m.endpoints) {
    std::string text = "time from " +
                       (doc.since.empty() ? std::string("diagnosis") : doc.since.text) +
                       " to the first of: ";
    std::string events = joined(doc.processes);
    if (!doc.documented.empty()) {
      events += (events.empty() ? "" : ", ") + std::string("documented progression") +
                (doc.occurrence > 1 ? " no. " + std::to_string(doc.occurrence) : "");
    }
    for (const Name& state : doc.states)
      events += (events.empty() ? "" : ", ") + std::string("entry into ") + state.text;
    entry(name.text + (doc.title.empty() ? "" : ", " + doc.title), text + events);
  }
  if (!m.parameters.rows().empty()) {
    section("Parameters: value, prior, source");
    for (const Parameter& row : m.parameters.rows()) {
      std::string head =
          row.name + " = " + figure(row.written) + (row.unit.empty() ? "" : " " + row.unit);
      if (!row.prior.empty()) head += "; prior " + row.prior;
      std::string sources;
      for (const std::string& source : row.source)
        sources += (sources.empty() ? "" : ", ") + source;
      head += "; " + (sources.empty()        ? std::string("no source")
                      : sources == "assumed" ? sources
                                             : "source " + sources);
      entry(head, row.meaning);
    }
  }
  if (!m.sources.empty()) {
    section("Sources");
    for (const auto& [key, reference] : m.sources)
      out_ += wrapped(key + ": " + reference, 2, columns);
  }
  return out_;
}

}  // namespace

std::string value_text(const Value& value, const ParameterTable& parameters) {
  if (!value.given) return "0";
  double number = value.factor;
  Dimension dimension = value.dimension;
  std::string names;
  for (const std::int32_t index : value.parameters) {
    const Parameter& row = parameters.rows()[static_cast<std::size_t>(index)];
    number *= row.value;
    if (row.dimension != Dimension::none) dimension = row.dimension;
    names += (names.empty() ? "" : " x ") + row.name;
  }
  std::string out = dimension == Dimension::time     ? time_text(number)
                    : dimension == Dimension::rate   ? rate_text(number)
                    : dimension == Dimension::dose   ? figure(number) + " Gy"
                    : dimension == Dimension::length ? figure(number) + " cm"
                                                     : figure(number);
  return names.empty() ? out : out + " [" + names + "]";
}

std::string model_in_words(const ModelDoc& model) { return Teller(model).tell(); }

}  // namespace npcsim

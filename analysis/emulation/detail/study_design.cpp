#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/study_design.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

constexpr double not_in_study = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> arm_names(const EmulationDoc& doc) {
  std::vector<std::string> names;
  for (const auto& [name, arm] : doc.arms) names.push_back(name.text);
  return names;
}

// The arm of this name; an unknown one is an error.
std::size_t arm_of(const Name& name, const EmulationDoc& doc, Diagnostics& diagnostics) {
  const std::vector<std::string> names = arm_names(doc);
  const auto found = std::find(names.begin(), names.end(), name.text);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  diagnostics.error(name.place, "the study has no arm '" + name.text + "'",
                    suggestion(name.text, names));
  return 0;
}

RecordVariable measured(PatientPool& pool, const Measure& measure) {
  RecordVariable out;
  out.kind = RecordVariable::Kind::measure;
  out.index = pool.measure(measure);
  return out;
}

ArmDesign design_arm(const Name& arm, const EmulatedArm& doc, double total, PatientPool& pool,
                     Diagnostics& diagnostics) {
  ArmDesign out;
  out.name = arm.text;
  out.share = doc.share / total;
  out.strategy = static_cast<std::size_t>(std::max(pool.find_strategy(doc.strategy.text), 0));
  for (const Name& name : doc.received) {
    const std::int32_t agent = pool.program().find_agent(name.text);
    if (agent < 0) {
      std::vector<std::string> agents;
      for (const Agent& known : pool.program().agents) agents.push_back(known.name);
      diagnostics.error(name.place, "the model has no agent '" + name.text + "'",
                        suggestion(name.text, agents));
      continue;
    }
    out.received.push_back(measured(pool, {Measure::Kind::received, agent, 0}));
    out.first_dose.push_back(measured(pool, {Measure::Kind::first_dose, agent, 0}));
  }
  return out;
}

ChoiceDesign design_choice(const EmulatedChoice& doc, const EmulationDoc& study, PatientPool& pool,
                           Diagnostics& diagnostics) {
  ChoiceDesign out;
  out.arm = arm_of(doc.arm, study, diagnostics);
  out.intercept = doc.intercept;
  for (const ChoiceTerm& term : doc.terms) {
    ChoiceDesign::Term made;
    made.coef = term.coef;
    const std::int32_t frailty = pool.program().find_column("frailty " + term.of.text);
    if (frailty >= 0) {
      made.unmeasured = true;
      made.variable.kind = RecordVariable::Kind::attribute;
      made.variable.index = pool.keep(frailty);
    } else {
      made.variable = find_variable(term.of, pool, diagnostics);
      const std::vector<std::string>& levels = made.variable.levels;
      // Their numbers have no meaning: a model refuses them in the same words.
      if (!levels.empty() && levels != std::vector<std::string>{"no", "yes"})
        diagnostics.error(
            term.of.place, "'" + term.of.text + "' has several levels and cannot be a term",
            "derive a flag for each level in the model, e.g. " + term.of.text + "_" +
                levels.front() + ": {condition: {" + term.of.text + ": " + levels.front() + "}}",
            "chosen");
    }
    out.terms.push_back(std::move(made));
  }
  return out;
}

GroupDesign design_group(const Name& name, const EmulatedGroup& doc, const EmulationDoc& study,
                         PatientPool& pool, Diagnostics& diagnostics) {
  GroupDesign out;
  out.name = name.text;
  out.arms.assign(study.arms.size(), doc.arms.empty());
  for (const Name& arm : doc.arms) out.arms[arm_of(arm, study, diagnostics)] = true;
  out.when = RecordCondition(doc.when, pool, diagnostics);
  if (!doc.score.empty())
    out.when = RecordCondition::both(out.when, RecordCondition::of_score(doc, pool, diagnostics));
  return out;
}

// When the clock of an endpoint starts, days since diagnosis; others are refused.
double clock_days(const StudyDesign& design, std::int32_t endpoint) {
  const Endpoint& one = design.pool->program().endpoints[static_cast<std::size_t>(
      design.pool->base().endpoints[static_cast<std::size_t>(endpoint)])];
  return one.since.kind == Origin::Kind::first_dose ? design.pool->program().first_dose : 0;
}

// Who is there at the origin is told by endpoints whose times have to be known since diagnosis.
void check_clock(const StudyDesign& design, std::int32_t endpoint, Diagnostics& diagnostics) {
  const EmulationDoc& doc = design.doc;
  const std::string since = other_clock(design, endpoint);
  if (since.empty()) return;
  diagnostics.error(
      doc.origin_place,
      "who is in the study at its origin, " + doc.origin + ", is told by '" +
          design.pool->base().shape.endpoints[static_cast<std::size_t>(endpoint)].name +
          "', which the model counts since '" + since + "'",
      (since == "first_dose" ? std::string("origin: first_dose, or ") : std::string()) +
          "an endpoint of that name without 'since'",
      "origin");
}

// From the origin to the horizon. Progression comes at another time for everybody: what is left is
// the horizon at most.
double days_seen(const EmulationDoc& doc, const PatientPool& pool) {
  if (doc.origin == "first_dose") return doc.horizon_days - pool.program().first_dose;
  return doc.horizon_days - std::max(doc.origin_days, 0.0);
}

// Whoever lives to the horizon is not seen any longer: a study whose patients were all followed for
// longer would be cut short without a word.
void check_times(const StudyDesign& design, const EmulationDoc& doc, Diagnostics& diagnostics) {
  if (!doc.times_known) return;  // which has been reported
  const std::string horizon = "the horizon of " + in_months(doc.horizon_days);
  if (!(design.seen_days > 0)) {
    diagnostics.error(doc.origin_place, "the origin lies beyond " + horizon + ": nobody is left",
                      "a longer 'horizon', or an earlier origin", "origin");
    return;
  }
  if (doc.follow_least_days > doc.horizon_days)
    diagnostics.error(doc.follow_place,
                      "everybody is followed for " + in_months(doc.follow_least_days) +
                          " or more, which is beyond " + horizon,
                      "horizon: " + in_months(doc.follow_most_days), "follow_up");
  const double longest = std::min(doc.follow_most_days, design.seen_days);
  if (doc.lived_days >= longest)
    diagnostics.error(doc.lived_place,
                      "'lived' leaves nobody: it is " + in_months(doc.lived_days) +
                          ", and nobody is followed beyond " + in_months(longest),
                      "who died sooner after the origin is missing from the series", "lived");
}

}  // namespace

bool StudyDesign::is_followed(double days) const {
  if (days > seen_days) return false;
  // Of follow-up that is spread between two times nobody has the longest itself.
  return days < doc.follow_most_days ||
         (days == doc.follow_most_days && doc.follow_least_days == days);
}

bool ArmDesign::is_received(const Twins& twins, const OutcomeShape& shape,
                            std::uint32_t patient) const {
  return received.empty() ||
         std::any_of(received.begin(), received.end(), [&](const RecordVariable& flag) {
           return flag.at(twins, shape, strategy, patient) > 0;
         });
}

double ArmDesign::first_received(const Twins& twins, const OutcomeShape& shape,
                                 std::uint32_t patient) const {
  double first = std::numeric_limits<double>::infinity();
  for (const RecordVariable& dose : first_dose)
    first = std::fmin(first, dose.at(twins, shape, strategy, patient));
  return first;
}

std::string in_months(double days) {
  return shortest(std::round(100 * days / days_per_month) / 100) + " months";
}

std::int32_t StudyDesign::find_group(std::string_view name) const {
  for (std::size_t g = 0; g < groups.size(); ++g) {
    if (groups[g].name == name) return static_cast<std::int32_t>(g);
  }
  return -1;
}

std::int32_t StudyDesign::find_arm(std::string_view name) const {
  for (std::size_t a = 0; a < arms.size(); ++a) {
    if (arms[a].name == name) return static_cast<std::int32_t>(a);
  }
  return -1;
}

std::string other_clock(const StudyDesign& design, std::int32_t endpoint) {
  if (endpoint < 0) return {};
  const Program& program = design.pool->program();
  const Origin& since = program
                            .endpoints[static_cast<std::size_t>(
                                design.pool->base().endpoints[static_cast<std::size_t>(endpoint)])]
                            .since;
  const auto index = static_cast<std::size_t>(since.index);
  switch (since.kind) {
    case Origin::Kind::diagnosis:
      return {};
    case Origin::Kind::first_dose:
      return design.doc.origin == "first_dose" ? std::string() : "first_dose";
    case Origin::Kind::process:
      return program.processes[index].name;
    case Origin::Kind::agent:
      return program.agents[index].name;
    case Origin::Kind::agent_end:
      return program.agents[index].name + "_end";
  }
  return {};
}

StudyDesign design_study(EmulationDoc doc, PatientPool& pool, Diagnostics& diagnostics) {
  StudyDesign out;
  out.pool = &pool;
  if (doc.arms.empty()) diagnostics.error(doc.place, "the study has no arms", "name at least one");
  double total = 0;
  for (const auto& [name, arm] : doc.arms) total += arm.share;
  for (const auto& [name, arm] : doc.arms)
    out.arms.push_back(design_arm(name, arm, total, pool, diagnostics));
  for (std::size_t a = 1; a < out.arms.size(); ++a) out.arms[a].treated = doc.treated.empty();
  for (const Name& name : doc.treated) {
    const std::size_t arm = arm_of(name, doc, diagnostics);
    if (arm < out.arms.size()) out.arms[arm].treated = true;
  }
  for (const EmulatedChoice& choice : doc.chosen)
    out.choices.push_back(design_choice(choice, doc, pool, diagnostics));
  for (const auto& [name, group] : doc.groups) {
    if (out.find_arm(name.text) >= 0)
      diagnostics.error(name.place, "'" + name.text + "' is the name of an arm already");
    out.groups.push_back(design_group(name, group, doc, pool, diagnostics));
  }
  for (std::size_t a = 0; a < out.arms.size(); ++a) {
    GroupDesign group;
    group.name = out.arms[a].name;
    group.arms.assign(out.arms.size(), false);
    group.arms[a] = true;
    out.groups.push_back(std::move(group));
  }
  out.enters = RecordCondition(doc.enters, pool, diagnostics);
  out.os = pool.find_endpoint("OS");
  out.pfs = pool.find_endpoint("PFS");
  if (out.pfs >= 0) {
    const auto endpoint =
        static_cast<std::size_t>(pool.base().endpoints[static_cast<std::size_t>(out.pfs)]);
    out.documented = pool.program().endpoints[endpoint].cause_of_documented;
  }
  if (doc.origin == "progression") {
    if (out.pfs < 0 || out.documented == 0)
      diagnostics.error(doc.place,
                        "the origin 'progression' needs an endpoint PFS of documented "
                        "progression in the model");
    out.second_line = measured(pool, {Measure::Kind::lines, 0, 2});
  }
  out.seen_days = days_seen(doc, pool);
  check_times(out, doc, diagnostics);
  if (doc.lived_days > 0 && out.os < 0)
    diagnostics.error(doc.lived_place, "'lived' needs an endpoint OS in the model");
  out.doc = std::move(doc);
  check_clock(out, out.os, diagnostics);
  if (out.doc.origin == "progression" || out.doc.origin_days >= 0)
    check_clock(out, out.pfs, diagnostics);
  return out;
}

void check_arm_names(const EmulationDoc& doc, Diagnostics& diagnostics) {
  for (const Name& name : doc.treated) arm_of(name, doc, diagnostics);
  for (const EmulatedChoice& choice : doc.chosen) arm_of(choice.arm, doc, diagnostics);
  for (const auto& [name, group] : doc.groups) {
    for (const Name& arm : group.arms) arm_of(arm, doc, diagnostics);
  }
}

double origin_days(const StudyDesign& design, const ArmTwins& twins, std::size_t arm,
                   std::uint32_t patient) {
  const ArmDesign& a = design.arms[arm];
  const Twins& pool = *twins[arm];
  const OutcomeShape& shape = design.pool->base().shape;
  // Since diagnosis, or since the first dose where that is the origin of the study, too.
  const auto days_of = [&](std::int32_t endpoint) {
    const std::size_t column =
        pool.outcomes.endpoint_column(shape, a.strategy, static_cast<std::size_t>(endpoint));
    return Ticks{pool.outcomes.ticks[column + patient]}.days() + clock_days(design, endpoint);
  };
  double origin = 0;
  if (design.doc.origin == "first_dose") {
    origin = design.pool->program().first_dose;
  } else if (design.doc.origin == "progression") {
    const std::size_t column =
        pool.outcomes.endpoint_column(shape, a.strategy, static_cast<std::size_t>(design.pfs));
    if (pool.outcomes.events[column + patient] != design.documented) return not_in_study;
    if (!(design.second_line.at(pool, shape, a.strategy, patient) > 0)) return not_in_study;
    origin = days_of(design.pfs);
  } else if (design.doc.origin_days >= 0) {
    origin = design.doc.origin_days;
    if (design.pfs >= 0 && days_of(design.pfs) <= origin) return not_in_study;
  }
  if (design.os >= 0) {
    const std::size_t column =
        pool.outcomes.endpoint_column(shape, a.strategy, static_cast<std::size_t>(design.os));
    if (pool.outcomes.events[column + patient] == outcome_not_in_set) return not_in_study;
    if (days_of(design.os) <= origin + design.doc.lived_days) return not_in_study;
  }
  if (!a.is_received(pool, shape, patient)) return not_in_study;
  if (!design.enters.holds(pool, shape, a.strategy, patient)) return not_in_study;
  return origin;
}

EndpointTime endpoint_time(const StudyDesign& design, const ArmTwins& twins, std::size_t arm,
                           std::uint32_t patient, std::size_t endpoint, double origin) {
  const Twins& pool = *twins[arm];
  const std::size_t at = pool.outcomes.endpoint_column(design.pool->base().shape,
                                                       design.arms[arm].strategy, endpoint) +
                         patient;
  EndpointTime out{Ticks{pool.outcomes.ticks[at]}.days() +
                       clock_days(design, static_cast<std::int32_t>(endpoint)) - origin,
                   pool.outcomes.events[at]};
  if (out.days < 0) out.code = outcome_not_in_set;
  return out;
}

}  // namespace npcsim::detail

// Processes, observation and endpoints.
#include <npcsim/base/units.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/model/model_doc.hpp>

namespace npcsim {
namespace {

std::vector<std::string> family_keys(const std::string& name) {
  const auto found = find_model(name);
  if (!found) return {};
  if (found->family == Family::piecewise) return {"times", "rates"};
  const FamilyInfo& family = family_info(found->family);
  if (family.needs_knots) return {"knots", "gammas"};
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < family.parameter_count; ++i)
    keys.emplace_back(family.parameters[i].name);
  return keys;
}

// Of a parameter of a family, as it is written.
Dimension dimension_of(const std::string& name, const std::string& parameter) {
  const auto found = find_model(name);
  if (!found) return Dimension::none;
  const FamilyInfo& family = family_info(found->family);
  for (std::size_t i = 0; i < family.parameter_count; ++i) {
    const ParameterInfo& info = family.parameters[i];
    if (info.name != parameter) continue;
    if (info.dimension == ParameterDimension::time) return Dimension::time;
    return info.dimension == ParameterDimension::rate ? Dimension::rate : Dimension::none;
  }
  const bool median = found->family == Family::log_normal && parameter == "median";
  return median ? Dimension::time : Dimension::none;
}

// Parameters by name; their units are checked when the family is known, in compile.
void bind_family_parameters(Binder& binder, const Tree& tree, HazardDoc& out) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree::Key& key = tree.keys()[i];
    const Tree& item = tree.items()[i];
    const auto list = [&](std::vector<Value>& values, Dimension dimension) {
      const Key entry{.name = key.text, .help = "a list of numbers", .dimension = dimension};
      if (!item.is_list()) {
        binder.error(item.place(), "'" + key.text + "' must be a list, found " + in_words(item));
        return;
      }
      for (const Tree& number : item.items()) {
        values.emplace_back();
        binder.read_value(number, entry, values.back());
      }
    };
    if (key.text == "times" || key.text == "knots") {
      list(out.times, Dimension::time);
    } else if (key.text == "rates") {
      list(out.rates, Dimension::rate);
    } else if (key.text == "gammas") {
      list(out.gammas, Dimension::none);
    } else if (key.text == "time_unit") {
      out.time_unit = item.text();
      if (item.text() != "days" && item.text() != "months" && item.text() != "years") {
        binder.error(item.place(),
                     "time_unit must be days, months or years, found " + in_words(item));
      }
    } else if (!item.is_scalar()) {
      binder.error(key.place, "unknown key '" + key.text + "' in '" + out.family.text + "'",
                   suggestion(key.text, family_keys(out.family.text)));
    } else {
      Value value;
      // Accept any of the three dimensions here: compile knows which one the parameter has.
      Dimension dimension = Dimension::none;
      if (item.text().find('$') != std::string::npos && binder.context().parameters != nullptr) {
        for (const Parameter& row : binder.context().parameters->rows()) {
          if (item.text().find('$' + row.name) != std::string::npos &&
              row.dimension != Dimension::none) {
            dimension = row.dimension;
          }
        }
      } else if (const auto quantity = parse_quantity(item.text())) {
        dimension = quantity->dimension;
        // A word that is no unit belongs where the family has one.
        if (dimension == Dimension::none && !quantity->unit.empty())
          dimension = dimension_of(out.family.text, key.text);
      }
      binder.read_value(
          item, {.name = key.text, .help = "a parameter of the hazard", .dimension = dimension},
          value);
      out.parameters.emplace_back(Name{key.text, key.place}, value);
      out.parameters.back().second.place = item.place();
    }
  }
}

void bind_cure(Binder& inner, HazardDoc& out) {
  std::string kind = "mixture";
  inner.text(
      {.name = "kind",
       .help = "mixture: S = share + (1 - share) S0; non_mixture: S = share^(1 - S0), with S0 the "
               "survival of the family",
       .fallback = "mixture",
       .choices = "mixture|non_mixture"},
      kind);
  out.cure = {kind, inner.node().place()};
  inner.value({.name = "share",
               .help = "share of patients who never have the event",
               .required = true,
               .example = "0.3",
               .least = 0,
               .most = 1},
              out.cured);
}

// The parameters of one family, for the reference page.
void describe_family(Binder& binder, const FamilyInfo& family) {
  if (family.needs_knots) {
    const bool piecewise = family.family == Family::piecewise;
    binder.raw(
        {.name = piecewise ? "times" : "knots",
         .help = piecewise ? "change times, increasing, K of them"
                           : "times of all knots, increasing, the two boundary knots included; not "
                             "logarithms",
         .required = true,
         .example = piecewise ? "[12 months, 24 months]" : "[1 months, 8 months, 60 months]"},
        "list of durations");
    binder.raw(
        {.name = piecewise ? "rates" : "gammas",
         .help =
             piecewise
                 ? "the K + 1 hazards: before the first change time, between them, after the last"
                 : "coefficients as flexsurv gives them: constant, slope in log time, one per "
                   "inner knot",
         .required = true,
         .example =
             piecewise ? "[0.02 per month, 0.05 per month, 0.01 per month]" : "[-4.1, 1.3, 0.05]"},
        piecewise ? "list of rates" : "list of numbers");
    return;
  }
  for (std::size_t i = 0; i < family.parameter_count; ++i) {
    const ParameterInfo& parameter = family.parameters[i];
    std::string_view type = "number";
    std::string_view example = parameter.name == "P" || parameter.name == "Q" ? "0.5" : "1.3";
    if (parameter.dimension == ParameterDimension::time) {
      type = "duration";
      example = "14 months";
    } else if (parameter.dimension == ParameterDimension::rate) {
      type = "rate";
      example = "0.05 per month";
    } else if (parameter.dimension == ParameterDimension::log_time) {
      type = "number (natural logarithm of a time; give time_unit)";
      example = "2.3";
    } else if (parameter.dimension == ParameterDimension::rate_power) {
      type = "number (depends on the unit of time; give time_unit)";
      example = "0.03";
    }
    binder.raw(
        {.name = parameter.name, .help = parameter.help, .required = true, .example = example},
        type);
  }
  if (family.family == Family::log_normal) {
    binder.raw(
        {.name = "median", .help = "median time, instead of meanlog", .example = "10 months"},
        "duration");
  }
}

void bind_hazard(Binder& binder, HazardDoc& out) {
  out.place = binder.node().place();
  if (binder.describing()) {
    for (const FamilyInfo& family : families()) {
      const bool one = family.family == Family::exponential;
      binder.raw({.name = family.name, .help = family.help, .example = one ? "0.05 per month" : ""},
                 one ? "rate, or map" : "map");
      bind_inside(binder, std::string(family.name),
                  [&](Binder& inner) { describe_family(inner, family); });
    }
    bind_inside(binder, "cure", [&](Binder& inner) { bind_cure(inner, out); });
    std::vector<TermDoc> none;
    bind_inside(binder, "covariates", [&](Binder& inner) {
      terms(inner,
            {.name = "<parameter>",
             .help = "terms on this parameter of the family, on its own scale: shape (but that of "
                     "gompertz), scale, rate (rate_0, rate_1, ... of piecewise), sigma, "
                     "sdlog, P on the log scale (exp(coef) multiplies); mu, meanlog, Q, gamma_i "
                     "and the shape of gompertz as they are "
                     "(coef adds); theta on the logit scale"},
            none);
    });
  }
  // The families are open to this room: whatever is not one of the other keys names a family.
  for (std::size_t i = 0; i < binder.node().size(); ++i) {
    const std::string& key = binder.node().keys()[i].text;
    if (key == "source" || key == "covariates" || key == "cure" || key == "hazard_multiplier" ||
        key == "life_table" || key == "time_unit") {
      continue;
    }
    // A key that is no family is reported as what it is: one family and one typing mistake are
    // common.
    if (!find_model(key) && !out.family.empty()) continue;
    const Tree* tree = binder.raw({.name = key, .help = "a family"}, "map");
    if (tree == nullptr) continue;
    if (!out.family.empty()) {
      binder.error(binder.node().keys()[i].place,
                   "a hazard has one family, found '" + out.family.text + "' and '" + key + "'");
      continue;
    }
    out.family = {key, binder.node().keys()[i].place};
    if (tree->is_map()) {
      bind_family_parameters(binder, *tree, out);
    } else if (tree->is_scalar()) {
      // `exponential: 0.05 per month` says the one parameter there is.
      Value value;
      Dimension dimension = Dimension::rate;
      binder.read_value(
          *tree, {.name = key, .help = "the rate", .dimension = dimension, .least = 0}, value);
      out.parameters.emplace_back(Name{"", tree->place()}, value);
    } else {
      binder.error(tree->place(),
                   "'" + key + "' must be a map of parameters, found " + in_words(*tree));
    }
  }
  binder.name(
      {.name = "life_table",
       .help = "CSV file of death rates by age and sex, instead of a family; goes with clock: age",
       .example = "life_tables/china_2000.csv"},
      out.life_table);
  binder.value({.name = "hazard_multiplier",
                .help = "multiplies the hazard of a life table",
                .fallback = "1",
                .least = 0},
               out.hazard_multiplier);
  binder.text({.name = "time_unit",
               .help = "unit of time behind parameters that carry none: meanlog, mu, the scale of "
                       "weibull_ph, gammas",
               .example = "months",
               .choices = "days|months|years"},
              out.time_unit);
  if (const Tree* cure = binder.raw({.name = "cure",
                                     .help = "a share of patients never has the event",
                                     .example = "{kind: mixture, share: 0.3}"},
                                    "map")) {
    if (cure->is_map()) {
      auto path = binder.path();
      path.emplace_back("cure");
      Binder inner(binder.context(), *cure, path);
      bind_cure(inner, out);
      inner.finish();
    } else {
      binder.error(cure->place(), "'cure' must be a map, found " + in_words(*cure));
    }
  }
  if (const Tree* tree =
          binder.raw({.name = "covariates",
                      .help = "terms on single parameters, on the scale on which they are fitted",
                      .example = "{scale: {poor_status: -0.2}}"},
                     "map of terms by parameter")) {
    if (!tree->is_map()) {
      binder.error(tree->place(), "'covariates' must be a map, found " + in_words(*tree));
    } else {
      auto path = binder.path();
      path.emplace_back("covariates");
      Binder inner(binder.context(), *tree, path);
      for (const Tree::Key& key : tree->keys()) {
        out.covariates.push_back({{key.text, key.place}, {}});
        terms(inner, {.name = key.text, .help = "terms"}, out.covariates.back().terms);
      }
      inner.finish();
    }
  }
  binder.names({.name = "source", .help = "citation keys, or assumed", .example = "assumed"},
               out.source);
  if (out.family.empty() && out.life_table.empty() && !binder.describing()) {
    binder.error(binder.node().place(), "the hazard names no family",
                 "e.g. {weibull: {shape: 1.3, scale: 14 months}}; see npcsim list hazards");
  }
  if (!out.family.empty() && !out.life_table.empty()) {
    binder.error(out.family.place, "a hazard is a family or a life table, not both");
  } else if (!out.life_table.empty() || !out.family.empty()) {
    // What would be read and then change nothing.
    const bool family = !out.family.empty();
    for (const char* const key : {"cure", "covariates", "time_unit", "hazard_multiplier"}) {
      const bool of_family = std::string_view(key) != "hazard_multiplier";
      const Tree* const tree = binder.node().find(key);
      if (tree == nullptr || of_family == family) continue;
      // Compiled studies say the default, which changes nothing.
      if (!of_family && out.hazard_multiplier.parameters.empty() &&
          out.hazard_multiplier.factor == 1)
        continue;
      binder.error(tree->place(),
                   "'" + std::string(key) + "' goes with a " +
                       (of_family ? "family" : "life table") + ", not with a " +
                       (of_family ? "life table" : "family"),
                   of_family ? "" : "write the rate or the scale itself, or a log_hr");
    }
  }
}

}  // namespace

void bind(Binder& binder, HazardDoc& out) { bind_hazard(binder, out); }

void bind(Binder& binder, ProcessDoc& out) {
  binder.names({.name = "from",
                .help = "states in which the process runs; default: all but final ones",
                .example = "[progression_free, progressed]"},
               out.from);
  if (const Tree* to =
          binder.raw({.name = "to",
                      .help = "state entered, or a map from the state left to the state entered",
                      .required = true,
                      .example = "dead"},
                     "name or map")) {
    if (to->is_scalar()) {
      out.to = {to->text(), to->place()};
    } else if (to->is_map()) {
      for (std::size_t i = 0; i < to->size(); ++i) {
        out.to_by_state.emplace_back(Name{to->keys()[i].text, to->keys()[i].place},
                                     Name{to->items()[i].text(), to->items()[i].place()});
      }
    } else {
      binder.error(to->place(), "'to' must be a state or a map from state to state");
    }
  }
  if (const Tree* clock = binder.raw(
          {.name = "clock",
           .help =
               "time that the hazard is a function of. forward: since diagnosis; reset: since the "
               "patient "
               "entered the states of `from`; age: attained age; since(x): since event x, which is "
               "first_dose, "
               "a process, an agent (its first dose) or an agent with _end (its last course ended)",
           .fallback = "forward",
           .example = "since(pd1)",
           .choices = "forward|reset|age|since(x)"},
          "word")) {
    std::string text = clock->text();
    if (clock->is_map() && clock->size() == 1 && clock->keys().front().text == "since") {
      out.clock = {"since", clock->place()};
      out.since = {clock->items().front().text(), clock->items().front().place()};
    } else if (text.size() > 7 && text.substr(0, 6) == "since(" && text.back() == ')') {
      out.clock = {"since", clock->place()};
      out.since = {text.substr(6, text.size() - 7), clock->place()};
    } else if (text == "forward" || text == "reset" || text == "age") {
      out.clock = {text, clock->place()};
    } else {
      binder.error(clock->place(), "unknown clock " + in_words(*clock),
                   suggestion(text, {"forward", "reset", "age", "since(x)"}));
    }
  }
  if (out.clock.empty()) out.clock.text = "forward";
  const Tree* hazard = binder.describing() ? nullptr : binder.node().find("hazard");
  const Key hazard_key{
      .name = "hazard",
      .help = "baseline hazard: a family with its parameters, a life table, or a constant rate",
      .required = true,
      .example = "{weibull: {shape: 1.3, scale: 14 months}}"};
  if (hazard != nullptr && hazard->is_scalar()) {
    // `hazard: 0.05 per month` is the exponential family.
    Value rate;
    binder.value({.name = "hazard",
                  .help = "a family with its parameters, or a constant rate",
                  .dimension = Dimension::rate,
                  .least = 0},
                 rate);
    out.hazard.place = hazard->place();
    out.hazard.family = {"exponential", hazard->place()};
    out.hazard.parameters.emplace_back(Name{"", hazard->place()}, rate);
  } else {
    binder.child(hazard_key, out.hazard);
  }
  terms(binder,
        {.name = "log_hr",
         .help = "log hazard ratios of attributes, conditional on the others and on frailty",
         .example = "{poor_status: 0.3}"},
        out.log_hr);
  named_values(binder,
               {.name = "in_state",
                .help = "log hazard ratio while in a state (of those in `from`)",
                .example = "{second_relapse: 0.47}"},
               out.in_state);
  const Tree* frailty = binder.describing() ? nullptr : binder.node().find("frailty");
  if (frailty != nullptr && !frailty->is_map()) {
    std::vector<Name> names;
    binder.names({.name = "frailty", .help = "names of frailties"}, names);
    for (const Name& name : names) out.frailty.emplace_back(name, Value::of(1));
  } else {
    named_values(
        binder,
        {.name = "frailty",
         .help = "the hazard is multiplied by each frailty to this power; a name alone has power 1",
         .example = "{aggressiveness: 1}"},
        out.frailty);
  }
  binder.integer({.name = "rank",
                  .help = "order among events at the same instant; lower first",
                  .fallback = "0"},
                 out.rank);
  binder.text({.name = "label", .help = "name for people"}, out.label);
}

void bind(Binder& binder, ObservationDoc& out) {
  out.given = true;
  binder.names({.name = "processes",
                .help = "latent events that count as progression",
                .required = true,
                .example = "[progression]"},
               out.processes);
  binder.number({.name = "every",
                 .help = "time between scheduled assessments; 0 d: seen at once",
                 .fallback = "0 d",
                 .example = "42 d",
                 .dimension = Dimension::time,
                 .least = 0},
                out.every_days);
  if (const Tree* every = binder.node().find("every");
      every != nullptr && out.every_days > 0 && out.every_days < Ticks{1}.days()) {
    binder.error(every->place(),
                 "assessments are at least 1/32 d apart, the step of recorded times",
                 "0 d: progression is seen at once");
  }
  out.grid_from.text = "first_dose";
  binder.name({.name = "grid_from",
               .help = "where the grid of assessments begins",
               .fallback = "first_dose",
               .choices = "first_dose|diagnosis"},
              out.grid_from);
  binder.value({.name = "at_once",
                .help = "share of progressions found at once by symptoms",
                .fallback = "0",
                .least = 0,
                .most = 1},
               out.at_once);
  binder.value({.name = "sensitivity",
                .help = "chance that an assessment finds a progression",
                .fallback = "1",
                .least = 0,
                .most = 1,
                .above_least = true},
               out.sensitivity);
  binder.value({.name = "false_alarm",
                .help = "chance that an assessment reports a progression that is not there",
                .fallback = "0",
                .least = 0,
                .most = 1,
                .below_most = true},
               out.false_alarm);
  binder.value({.name = "drop_out",
                .help = "rate of leaving follow-up",
                .fallback = "0 per year",
                .example = "0.05 per year",
                .dimension = Dimension::rate,
                .least = 0},
               out.drop_out);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

void bind(Binder& binder, EndpointDoc& out) {
  binder.names(
      {.name = "processes",
       .help = "the first of these events, when it happens (latent, before anybody sees it)",
       .example = "[progression, death_before_progression]"},
      out.processes);
  binder.names(
      {.name = "states",
       .help =
           "first entry into one of these states; a patient who starts in a state enters it when "
           "coming back",
       .example = "[dead]"},
      out.states);
  binder.name({.name = "documented",
               .help = "documented progression (the model needs `observation`)",
               .example = "progression",
               .choices = "progression"},
              out.documented);
  binder.integer({.name = "occurrence",
                  .help = "which documented progression counts",
                  .fallback = "1",
                  .least = 1,
                  .most = 3},
                 out.occurrence);
  if (const Tree* occurrence = binder.node().find("occurrence");
      occurrence != nullptr && out.documented.empty() && out.occurrence != 1) {
    binder.error(occurrence->place(),
                 "'occurrence' counts documented progressions, and there is "
                 "no 'documented' here",
                 "write documented: progression, or leave it out");
  }
  binder.name({.name = "since",
               .help = "origin: diagnosis, first_dose, a process or an agent; patients "
                       "without it are left out",
               .fallback = "diagnosis",
               .example = "lrrt"},
              out.since);
  binder.text({.name = "title", .help = "name for people"}, out.title);
}

}  // namespace npcsim

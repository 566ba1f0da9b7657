#include <npcsim/strategies/step_doc.hpp>

#include <set>

namespace npcsim {

void bind(Binder& binder, StepDoc& out) {
  out.place = binder.node().place();
  constexpr Dimension time = Dimension::time;
  binder.name({.name = "name", .help = "name of the step, for `after`", .example = "induction"},
              out.name);
  binder.names(
      {.name = "give",
       .help = "agents or regimens that are given, from the model; a step has exactly one of "
               "give, assess, stop",
       .example = "gp_pd1"},
      out.give);
  if (const Tree* cycles =
          binder.raw({.name = "cycles",
                      .help = "number of cycles of the agents under `give` that have a "
                              "cycle; planned: as the agent's `plan` has it; without "
                              "it, until the cap, a stop or progression",
                      .example = "6"},
                     "whole number or 'planned'")) {
    const auto count =
        cycles->is_scalar() && !cycles->quoted() ? parse_integer(cycles->text()) : std::nullopt;
    if (cycles->is_scalar() && cycles->text() == "planned") {
      out.planned = true;
    } else if (count && *count >= 1 && *count <= 100000) {
      out.cycles = *count;
    } else {
      binder.error(cycles->place(), "'cycles' must be a whole number from 1, or planned, found " +
                                        in_words(*cycles));
    }
  }
  const Key cycles_of_agent{.name = "cycles",
                            .help = "number of cycles of this agent; without it, until stopped",
                            .example = "2",
                            .least = 1,
                            .most = 100000};
  if (const Tree* with =
          binder.raw({.name = "with",
                      .help = "further agents that begin at the same time, with their own "
                              "number of cycles",
                      .example = "{concurrent_cisplatin: {cycles: 2}}"},
                     "map by agent, or list of agents")) {
    // A list of agents, or a map from agent to its cycles.
    if (with->is_map()) {
      for (std::size_t i = 0; i < with->size(); ++i) {
        out.with.emplace_back(Name{with->keys()[i].text, with->keys()[i].place}, 0);
        const Tree& item = with->items()[i];
        if (item.is_map()) {
          auto path = binder.path();
          path.emplace_back("with");
          path.push_back(with->keys()[i].text);
          Binder inner(binder.context(), item, path);
          inner.integer(cycles_of_agent, out.with.back().second);
          inner.finish();
        } else if (!item.is_null()) {
          binder.error(item.place(), "expected {cycles: n}, found " + in_words(item));
        }
      }
    } else if (with->is_list() || with->is_scalar()) {
      std::vector<Name> names;
      binder.names({.name = "with", .help = ""}, names);
      for (const Name& name : names) out.with.emplace_back(name, 0);
    }
  }
  if (binder.describing()) {
    static const Tree none = Tree::map();
    auto path = binder.path();
    path.emplace_back("with.<agent>");
    std::int64_t cycles = 0;
    Binder(binder.context(), none, path).integer(cycles_of_agent, cycles);
  }
  binder.name({.name = "assess",
               .help = "marker that is assessed; progression that is there is found",
               .example = "response"},
              out.assess);
  binder.names({.name = "stop", .help = "agents or regimens that are stopped", .example = "pd1"},
               out.stop);
  condition(binder,
            {.name = "when",
             .help = "the step is left out unless this holds when its turn comes; looked at once",
             .example = "{response: [CR, PR]}"},
            out.when);
  binder.name(
      {.name = "after",
       .help = "name of an earlier step that must be over first, or start; default: the step "
               "before this one",
       .example = "induction"},
      out.after);
  const Key at{.name = "at",
               .help = "time since diagnosis, instead of `after`",
               .example = "6 months",
               .dimension = time,
               .least = 0};
  binder.number(at, out.at_days);
  binder.number({.name = "delay",
                 .help = "from its turn to its beginning",
                 .fallback = "0 d",
                 .example = "28 d",
                 .dimension = time,
                 .least = 0},
                out.delay_days);
  binder.number({.name = "within",
                 .help = "the step is left out when its delay is longer than this",
                 .example = "30 d",
                 .dimension = time,
                 .least = 0},
                out.within_days);
  binder.number(
      {.name = "for",
       .help = "how long agents without cycle, course or procedure are given; without it, for "
               "good",
       .example = "12 months",
       .dimension = time,
       .least = 0,
       .above_least = true},
      out.for_days);
  const Key time_on_agent{
      .name = "time_on_agent",
      .help = "doses come strictly before the agent's first dose plus this; earlier courses count",
      .required = true,
      .example = "24 months",
      .dimension = time,
      .least = 0,
      .above_least = true};
  if (binder.describing()) {
    static const Tree none = Tree::map();
    auto path = binder.path();
    path.emplace_back("until");
    Binder(binder.context(), none, path).number(time_on_agent, out.time_on_agent_days);
  }
  if (const Tree* until = binder.raw({.name = "until",
                                      .help = "when dosing ends at the latest",
                                      .example = "{time_on_agent: 24 months}"},
                                     "map")) {
    if (until->is_map()) {
      auto path = binder.path();
      path.emplace_back("until");
      Binder inner(binder.context(), *until, path);
      inner.number(time_on_agent, out.time_on_agent_days);
      inner.finish();
    } else {
      binder.error(until->place(), "'until' must be a map, found " + in_words(*until));
    }
  }
  binder.value({.name = "probability",
                .help = "share of patients who take the step",
                .fallback = "1",
                .example = "0.7",
                .least = 0,
                .most = 1},
               out.probability);
  binder.text(
      {.name = "draw",
       .help = "name of the draw behind `probability`; steps with the same name agree for the same "
               "patient, in every strategy; default: what is given",
       .example = "consents"},
      out.draw);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
  const int kinds =
      (out.give.empty() ? 0 : 1) + (out.assess.empty() ? 0 : 1) + (out.stop.empty() ? 0 : 1);
  if (kinds != 1 && !binder.describing()) {
    binder.error(binder.node().place(), "a step does exactly one of give, assess, stop");
  }
  // `start` is before any time, so that nothing contradicts it.
  if (out.at_days >= 0 && !out.after.empty() && out.after.text != "start" && !binder.describing()) {
    binder.error(binder.node().place(),
                 "a step has its time ('at') or its turn ('after'), not both",
                 "write 'after' and 'delay' for a time after another step");
  }
  if (binder.describing()) return;
  for (const char* const key : {"with", "cycles", "for", "until"}) {
    const Tree* const tree = binder.node().find(key);
    if (tree != nullptr && out.give.empty() && kinds == 1)
      binder.error(tree->place(), "'" + std::string(key) + "' goes with 'give'");
  }
  if (const Tree* const tree = binder.node().find("draw");
      tree != nullptr && binder.node().find("probability") == nullptr)
    binder.error(tree->place(), "'draw' goes with 'probability'",
                 "without it everybody takes the step");
}

void bind(Binder& binder, StrategyDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.own_name({.name = "strategy",
                   .help = "name of the strategy",
                   .required = true,
                   .example = "gp_pd1_lrrt"},
                  name);
  out.name = name.text;
  binder.text({.name = "model",
               .help = "model whose agents it names; `npcsim check` on the strategy alone needs it",
               .example = "dmnpc"},
              out.model);
  binder.text({.name = "title", .help = "name for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.list({.name = "steps",
               .help = "first line of treatment, in order; none: no treatment",
               .example = "[{give: gp_pd1, cycles: 6, name: induction}, {assess: response}]"},
              out.steps);
  std::set<std::string> names;
  for (const StepDoc& step : out.steps) {
    if (step.name.empty()) continue;
    if (step.name.text == "start") {
      binder.error(step.name.place, "'start' cannot be the name of a step",
                   "after: start means the beginning of treatment");
    } else if (!names.insert(step.name.text).second) {
      binder.error(step.name.place, "two steps are called '" + step.name.text + "'",
                   "'after' could mean either");
    }
  }
  binder.list({.name = "on_progression",
               .help = "rules for the second line, written like steps: the first that holds is "
                       "followed, the last "
                       "without `when` is the default",
               .example = "[{when: {months_since_platinum: {min: 6}}, give: gp, cycles: 6}, {give: "
                          "capecitabine}]"},
              out.on_progression);
  binder.list({.name = "on_second_progression", .help = "rules for the third line"},
              out.on_second_progression);
  binder.name({.name = "plugin",
               .help = "shared library that decides instead of steps",
               .example = "response_adaptive.so"},
              out.plugin);
  const Tree* const plugin = binder.node().find("plugin");
  if (plugin != nullptr && plugin->is_scalar() && !plugin->is_null() && out.plugin.empty()) {
    binder.error(plugin->place(), "'plugin' must name a shared library, found no text",
                 "e.g. response_adaptive.so; without the key the steps decide");
  }
  if (const Tree* settings = binder.raw({.name = "settings",
                                         .help = "numbers handed to the plugin",
                                         .example = "{threshold: 0.5}"},
                                        "map")) {
    if (!settings->is_map()) {
      binder.error(settings->place(),
                   "'settings' must be a map of numbers, found " + in_words(*settings));
    } else if (plugin == nullptr) {
      binder.error(binder.node().find_key("settings")->place,
                   "'settings' are numbers for a plugin, and there is no 'plugin'",
                   "name the shared library under 'plugin', or remove 'settings'");
    }
    for (std::size_t i = 0; settings->is_map() && i < settings->size(); ++i) {
      out.settings.emplace_back(Name{settings->keys()[i].text, settings->keys()[i].place}, Value{});
      binder.read_value(settings->items()[i],
                        {.name = settings->keys()[i].text, .help = "a setting"},
                        out.settings.back().second);
    }
  }
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

StrategyDoc read_strategy(const Tree& tree, const ParameterTable* parameters,
                          Diagnostics& diagnostics, std::vector<FilledDefault>* defaults,
                          std::vector<ValueUse>* uses) {
  StrategyDoc out;
  if (!tree.is_map()) {
    diagnostics.error(tree.place(),
                      "a strategy document must be a map of keys, found " + in_words(tree));
    return out;
  }
  BindContext context{&diagnostics, parameters, nullptr, defaults, uses};
  Binder binder(context, tree, {});
  bind(binder, out);
  binder.finish();
  return out;
}

}  // namespace npcsim

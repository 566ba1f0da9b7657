#include <npcsim/strategies/step_doc.hpp>

namespace npcsim {

void bind(Binder& binder, StepDoc& out) {
  out.place = binder.node().place();
  constexpr Dimension time = Dimension::time;
  binder.name({.name = "name", .help = "name of the step, for `after`", .example = "induction"}, out.name);
  binder.names({.name = "give", .help = "agents or regimens that are given", .example = "gp_pd1"}, out.give);
  if (const Tree* cycles = binder.raw({.name = "cycles", .help = "number of cycles, or planned: as the model's "
                                                                 "plan has it; without it, until stopped",
                                       .example = "6"},
                                      "whole number or 'planned'")) {
    const auto count = cycles->is_scalar() && !cycles->quoted() ? parse_integer(cycles->text()) : std::nullopt;
    if (cycles->is_scalar() && cycles->text() == "planned") {
      out.planned = true;
    } else if (count && *count >= 1 && *count <= 100000) {
      out.cycles = *count;
    } else {
      binder.error(cycles->place(), "'cycles' must be a whole number from 1, or planned, found " + in_words(*cycles));
    }
  }
  if (const Tree* with = binder.raw({.name = "with", .help = "further agents given at the same time, with their cycles",
                                     .example = "{cisplatin: {cycles: 2}}"},
                                    "map or list")) {
    if (with->is_map()) {
      for (std::size_t i = 0; i < with->size(); ++i) {
        out.with.emplace_back(Name{with->keys()[i].text, with->keys()[i].place}, 0);
        const Tree& item = with->items()[i];
        if (item.is_map()) {
          auto path = binder.path();
          path.emplace_back("with");
          path.push_back(with->keys()[i].text);
          Binder inner(binder.context(), item, path);
          inner.integer({.name = "cycles", .help = "number of cycles", .least = 1, .most = 100000},
                        out.with.back().second);
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
  binder.name({.name = "assess", .help = "marker that is assessed; progression that is there is found",
               .example = "response"},
              out.assess);
  binder.names({.name = "stop", .help = "agents or regimens that are stopped"}, out.stop);
  condition(binder, {.name = "when", .help = "the step is left out unless this holds when its turn comes",
                     .example = "{response: [CR, PR]}"},
            out.when);
  binder.name({.name = "after", .help = "step that must be over first; default: the one before; start: none"},
              out.after);
  const Key at{.name = "at", .help = "time since diagnosis, instead of `after`", .example = "6 months",
               .dimension = time, .least = 0};
  binder.number(at, out.at_days);
  binder.number({.name = "delay", .help = "from its turn to its beginning", .fallback = "0 d", .dimension = time,
                 .least = 0},
                out.delay_days);
  binder.number({.name = "within", .help = "the step is left out when it cannot begin this soon after its turn",
                 .dimension = time, .least = 0},
                out.within_days);
  binder.number({.name = "for", .help = "how long agents without cycles are given; without it, for good",
                 .dimension = time, .least = 0, .above_least = true},
                out.for_days);
  if (const Tree* until = binder.raw({.name = "until", .help = "when dosing ends at the latest",
                                      .example = "{time_on_agent: 24 months}"},
                                     "map")) {
    if (until->is_map()) {
      auto path = binder.path();
      path.emplace_back("until");
      Binder inner(binder.context(), *until, path);
      inner.number({.name = "time_on_agent", .help = "no dose this long after the agent's first", .required = true,
                    .dimension = time, .least = 0, .above_least = true},
                   out.time_on_agent_days);
      inner.finish();
    } else {
      binder.error(until->place(), "'until' must be a map, found " + in_words(*until));
    }
  }
  binder.value({.name = "probability", .help = "share of patients who take the step", .fallback = "1", .least = 0,
                .most = 1},
               out.probability);
  binder.text({.name = "draw", .help = "name of the draw behind `probability`; steps with the same name agree"},
              out.draw);
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
  const int kinds = (out.give.empty() ? 0 : 1) + (out.assess.empty() ? 0 : 1) + (out.stop.empty() ? 0 : 1);
  if (kinds != 1 && !binder.describing()) {
    binder.error(binder.node().place(), "a step does exactly one of give, assess, stop");
  }
  if (!out.with.empty() && out.give.empty() && !binder.describing()) {
    binder.error(binder.node().place(), "'with' goes with 'give'");
  }
}

void bind(Binder& binder, StrategyDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.name({.name = "strategy", .help = "name of the strategy", .required = true, .example = "gp_pd1_lrrt"}, name);
  out.name = name.text;
  binder.text({.name = "model", .help = "model whose agents it names"}, out.model);
  binder.text({.name = "title", .help = "name for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.list({.name = "steps", .help = "first line, in order"}, out.steps);
  binder.list({.name = "on_progression",
               .help = "rules for the second line: the first that holds is followed; the last without `when` is "
                       "the default"},
              out.on_progression);
  binder.list({.name = "on_second_progression", .help = "rules for the third line"}, out.on_second_progression);
  binder.name({.name = "plugin", .help = "shared library that decides instead of steps"}, out.plugin);
  if (const Tree* settings = binder.raw({.name = "settings", .help = "numbers handed to the plugin"}, "map")) {
    for (std::size_t i = 0; settings->is_map() && i < settings->size(); ++i) {
      out.settings.emplace_back(Name{settings->keys()[i].text, settings->keys()[i].place}, Value{});
      binder.read_value(settings->items()[i], {.name = settings->keys()[i].text, .help = "a setting"},
                        out.settings.back().second);
    }
  }
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

StrategyDoc read_strategy(const Tree& tree, const ParameterTable* parameters, Diagnostics& diagnostics,
                          std::vector<FilledDefault>* defaults) {
  StrategyDoc out;
  if (!tree.is_map()) {
    diagnostics.error(tree.place(), "a strategy document must be a map of keys, found " + in_words(tree));
    return out;
  }
  BindContext context{&diagnostics, parameters, nullptr, defaults};
  Binder binder(context, tree, {});
  bind(binder, out);
  binder.finish();
  return out;
}

}  // namespace npcsim

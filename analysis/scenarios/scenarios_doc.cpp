#include <npcsim/scenarios/scenarios_doc.hpp>

namespace npcsim {

void bind(Binder& binder, ScenarioDoc& out) {
  binder.text({.name = "title", .help = "one line for people"}, out.title);
  binder.text(
      {.name = "description", .help = "what a reader should know, such as how a value was solved"},
      out.description);
  out.parameters = binder.raw({.name = "parameters",
                               .help = "other values for parameters of the base's model, by name",
                               .example = "{rt_liver: 0}"},
                              "map");
  out.set = binder.raw(
      {.name = "set",
       .help = "anything else that differs: a path that begins with model, population or "
               "strategies, and what stands there instead",
       .example =
           "{model.processes.death_after_progression.hazard: {exponential: 0.05 per month}}"},
      "map of paths");
  binder.names({.name = "source",
                .help = "citation keys, or assumed",
                .required = true,
                .example = "assumed"},
               out.source);
}

void bind(Binder& binder, ScenariosDoc& out) {
  Name own;
  binder.own_name({.name = "study",
                   .help = "name of the study; the run's folder is called so",
                   .required = true,
                   .example = "scenarios"},
                  own);
  out.name = own.text;
  binder.text({.name = "title", .help = "one line for people"}, out.title);
  if (out.title.empty()) out.title = out.name;
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.text({.name = "kind",
               .help = "what kind of study it is",
               .required = true,
               .choices = "scenarios"},
              out.kind);
  binder.raw(
      {.name = "base",
       .help = "the comparison that every scenario repeats with the same virtual patients: a name, "
               "a path, or the document itself",
       .required = true,
       .example = "lrrt"},
      "name, path or map");
  binder.raw({.name = "patients",
              .help = "number of virtual patients, instead of the base's",
              .example = "50000"},
             "a whole number");
  binder.raw({.name = "strategies",
              .help = "strategies that are compared, instead of the base's; its reference must be "
                      "among them",
              .example = "[gp_pd1, gp, gp_pd1_lrrt]"},
             "list of names or maps");
  binder.children({.name = "scenarios",
                   .help = "what is assumed instead, by name; `base` is the base case itself",
                   .required = true,
                   .example = "{no_waning: {parameters: {pd1_durable: 1}, source: assumed}}"},
                  out.scenarios);
  for (const auto& [name, scenario] : out.scenarios) {
    if (name.text == "base")
      binder.error(name.place, "'base' is the name of the base case", "choose another name");
  }
}

bool is_scenario_study(const Tree& document) {
  const Tree* kind = document.is_map() ? document.find("kind") : nullptr;
  return kind != nullptr && kind->is_scalar() && kind->text() == "scenarios";
}

}  // namespace npcsim

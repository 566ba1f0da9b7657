// The whole model document.
#include <npcsim/model/detail/check_names.hpp>
#include <npcsim/model/model_doc.hpp>
#include <npcsim/model/prior.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// As somebody would write it: {normal: [0, 0.2]}.
std::string in_one_line(const Tree& tree) {
  if (!tree.is_list() && !tree.is_map()) return tree.text();
  std::string out;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    out += (i > 0 ? ", " : "") + (tree.is_map() ? tree.keys()[i].text + ": " : std::string()) +
           in_one_line(tree.items()[i]);
  }
  return tree.is_map() ? "{" + out + "}" : "[" + out + "]";
}

void bind_parameter(Binder& binder, Parameter& out) {
  binder.text({.name = "meaning", .help = "what it is"}, out.meaning);
  const Tree* value = binder.raw({.name = "value",
                                  .help = "value, with its unit if it has one",
                                  .required = true,
                                  .example = "7.8 months"},
                                 "number or quantity");
  bool understood = false;
  if (value != nullptr) {
    // "7.8 months" in quotation marks is as clear as without them; a bare number is a text then.
    const bool a_text = value->is_scalar() && value->quoted() && parse_number(value->text());
    const auto quantity =
        value->is_scalar() && !a_text ? parse_quantity(value->text()) : std::nullopt;
    if (!quantity) {
      binder.error(value->place(),
                   "a parameter must be a number or a quantity, found " + in_words(*value),
                   "e.g. -0.87 or 7.8 months");
    } else if (quantity->dimension == Dimension::none && !quantity->unit.empty() &&
               quantity->unit != "%") {
      binder.error(
          value->place(), "unknown unit '" + quantity->unit + "'",
          "time: d, weeks, months, years; rates: per month; dose: Gy; length: cm; write units "
          "without arithmetic under 'unit'");
    } else {
      out.value = quantity->value;
      out.dimension = quantity->dimension;
      out.unit = quantity->unit;
      out.suffix = quantity->unit;
      out.written = quantity->number;
      understood = true;
    }
    out.place = value->place();
  }
  std::string unit;
  binder.text({.name = "unit", .help = "unit for people where the value is a bare number"}, unit);
  if (!unit.empty()) out.unit = unit;
  if (const Tree* prior = binder.raw(
          {.name = "prior",
           .help = "prior distribution: {normal: [mean, sd]}, {log_normal: [median, sd of "
                   "the logarithm]}, {beta: [a, b]}, {half_normal: [scale]}, or fixed",
           .example = "{normal: [-0.85, 0.2]}"},
          "map or word")) {
    out.prior = in_one_line(*prior);
    out.distribution = read_prior(binder, *prior);
    if (understood && is_uncertain(out) && !prior_allows(out, out.written)) {
      binder.error(
          out.place,
          "its prior gives values " + std::string(prior_range(out)) + ", found " + value->text(),
          "change the value, or the prior");
    }
  }
  std::vector<Name> source;
  binder.names({.name = "source", .help = "citation keys, or assumed", .example = "[mai_2021]"},
               source);
  for (const Name& name : source) out.source.push_back(name.text);
  binder.text({.name = "identified", .help = "what evidence informs it"}, out.identified);
  if (out.source.empty() && !binder.describing()) {
    binder.warning(binder.node().place(), "the parameter has no source",
                   "cite it, or write source: assumed");
  }
}

}  // namespace

void bind(Binder& binder, Parameter& out);
void bind(Binder& binder, Parameter& out) { bind_parameter(binder, out); }

void bind(Binder& binder, OverlapDoc& out);
void bind(Binder& binder, OverlapDoc& out) {
  binder.names({.name = "agents",
                .help = "agents or classes that overlap while one of each is dosed",
                .required = true,
                .example = "[pd1, capecitabine_maintenance]"},
               out.agents);
  binder.value({.name = "share",
                .help = "share of the log effect of each that is lost meanwhile",
                .required = true,
                .example = "0.3",
                .least = 0,
                .most = 1},
               out.share);
}

void bind(Binder& binder, LesionControlDoc& out);
void bind(Binder& binder, LesionControlDoc& out) {
  binder.name({.name = "process",
               .help = "process of which a share grows from known lesions",
               .required = true},
              out.process);
  binder.value(
      {.name = "in_situ_share", .help = "that share", .required = true, .least = 0, .most = 1},
      out.in_situ_share);
  binder.name({.name = "lesions", .help = "attribute: number of all lesions", .required = true},
              out.lesions);
  binder.value({.name = "none",
                .help = "proportion of lesions controlled without local treatment",
                .required = true,
                .least = 0,
                .most = 1,
                .above_least = true,
                .below_most = true},
               out.none);
}

void bind(Binder& binder, CopulaDoc& out);
void bind(Binder& binder, CopulaDoc& out) {
  out.place = binder.node().place();
  binder.names({.name = "of",
                .help = "attributes that are drawn together",
                .required = true,
                .example = "[age, weight]"},
               out.of);
  const Tree* rows = binder.raw({.name = "correlation",
                                 .help = "correlation matrix of the latent normals, row by row",
                                 .required = true,
                                 .example = "[[1, 0.3], [0.3, 1]]"},
                                "list of lists");
  if (rows == nullptr) return;
  if (!rows->is_list()) {
    binder.error(rows->place(), "'correlation' must be a list of rows");
    return;
  }
  for (const Tree& row : rows->items()) {
    out.correlation.emplace_back();
    for (const Tree& cell : row.items()) {
      out.correlation.back().emplace_back();
      binder.read_value(cell,
                        {.name = "correlation", .help = "a correlation", .least = -1, .most = 1},
                        out.correlation.back().back());
    }
  }
}

void bind_parameters(BindContext& context, const Tree& tree, ParameterTable& out) {
  const Tree* map = tree.find("parameters");
  if (map == nullptr) return;
  if (!map->is_map()) {
    context.diagnostics->error(map->place(), "'parameters' must be a map, found " + in_words(*map));
    return;
  }
  for (std::size_t i = 0; i < map->size(); ++i) {
    Parameter parameter;
    parameter.name = map->keys()[i].text;
    const Tree& item = map->items()[i];
    if (item.is_scalar()) {
      // A new value for a name that is misspelt ends up beside the right one.
      std::vector<std::string> others;
      for (const Tree::Key& key : map->keys()) {
        if (key.text != parameter.name) others.push_back(key.text);
      }
      const std::string near = closest(parameter.name, others);
      context.diagnostics->error(item.place(), "parameter '" + parameter.name + "' must be a map",
                                 (near.empty() ? "" : "did you mean '" + near + "'? ") + "e.g. " +
                                     parameter.name + ": {value: " + item.text() +
                                     ", source: assumed}",
                                 "parameters");
      continue;
    }
    if (!item.is_map()) {
      context.diagnostics->error(
          map->keys()[i].place,
          "parameter '" + parameter.name + "' must be a map, found " + in_words(item));
      continue;
    }
    Binder binder(context, item, {"parameters", parameter.name});
    bind_parameter(binder, parameter);
    binder.finish();
    out.add(std::move(parameter));
  }
}

void bind(Binder& binder, ModelDoc& out) {
  out.place = binder.node().place();
  Name name;
  binder.name({.name = "model",
               .help = "name of the model, as studies and strategies call it",
               .required = true,
               .example = "dmnpc"},
              name);
  out.name = name.text;
  binder.text({.name = "title", .help = "what it models, one line"}, out.title);
  binder.text({.name = "description", .help = "what a reader should know"}, out.description);
  binder.raw(
      {.name = "include",
       .help = "files whose keys are added to this document; what stands here wins. Looked for "
               "beside this document, then in configs/"},
      "path or list of paths");
  if (binder.describing()) {
    std::vector<std::pair<Name, Parameter>> none;
    binder.children({.name = "parameters", .help = "named numbers, used below as $name"}, none);
  } else {
    binder.raw({.name = "parameters", .help = "named numbers, used below as $name"},
               "map");  // read before
  }
  if (const Tree* states = binder.raw({.name = "states",
                                       .help = "states of the disease, in order",
                                       .required = true,
                                       .example = "[progression_free, progressed, dead]"},
                                      "list of names, or map of titles by name")) {
    if (states->is_list()) {
      for (const Tree& item : states->items()) {
        if (!item.is_scalar())
          binder.error(item.place(), "a state must be a name, found " + in_words(item));
        out.states.push_back({{item.text(), item.place()}, ""});
      }
    } else if (states->is_map()) {
      for (std::size_t i = 0; i < states->size(); ++i) {
        out.states.push_back(
            {{states->keys()[i].text, states->keys()[i].place}, states->items()[i].text()});
      }
    } else {
      binder.error(states->place(), "'states' must be a list of names, found " + in_words(*states));
    }
  }
  binder.names({.name = "final",
                .help = "states that end a life; default: those that no process names under `from`",
                .example = "[dead]"},
               out.final_states);
  binder.name({.name = "start",
               .help = "state at diagnosis; default: the first",
               .example = "progression_free"},
              out.start);
  binder.number({.name = "first_dose",
                 .help = "from diagnosis to the first dose of a strategy",
                 .fallback = "0 d",
                 .example = "14 d",
                 .dimension = Dimension::time,
                 .least = 0},
                out.first_dose_days);
  binder.name({.name = "age",
               .help = "attribute that holds the age at diagnosis in years",
               .fallback = "age"},
              out.age);
  if (out.age.empty()) out.age.text = "age";
  binder.name({.name = "sex",
               .help = "attribute that is true for men, for life tables",
               .fallback = "male"},
              out.sex);
  if (out.sex.empty()) out.sex.text = "male";
  binder.name({.name = "diagnosed_on",
               .help = "attribute that holds the calendar time of diagnosis as a decimal year "
                       "(2019.5 is the middle of 2019), for life tables by year; a study may give "
                       "it to everybody",
               .fallback = "diagnosed_on"},
              out.diagnosed_on);
  if (out.diagnosed_on.empty()) out.diagnosed_on.text = "diagnosed_on";
  bind_attributes(binder, {.name = "attributes", .help = "what a patient is like at diagnosis"},
                  out.attributes);
  binder.list({.name = "copulas", .help = "attributes that are drawn together"}, out.copulas);
  binder.children({.name = "frailties", .help = "what makes patients with equal attributes differ"},
                  out.frailties);
  binder.children(
      {.name = "processes", .help = "competing events with their hazards", .required = true},
      out.processes);
  binder.children({.name = "agents", .help = "treatments"}, out.agents);
  if (const Tree* regimens = binder.raw({.name = "regimens",
                                         .help = "named bundles of agents, given together",
                                         .example = "{gp_pd1: [gp, pd1]}"},
                                        "map of lists")) {
    if (!regimens->is_map()) {
      binder.error(regimens->place(), "'regimens' must be a map, found " + in_words(*regimens));
    } else {
      Binder inner(binder.context(), *regimens, {"regimens"});
      for (const Tree::Key& key : regimens->keys()) {
        out.regimens.emplace_back(Name{key.text, key.place}, std::vector<Name>{});
        inner.names({.name = key.text, .help = "agents"}, out.regimens.back().second);
      }
    }
  }
  binder.list({.name = "overlaps", .help = "agents whose effects do not simply add"}, out.overlaps);
  LesionControlDoc lesions;
  if (binder.child(
          {.name = "lesion_control", .help = "share of a process that ablation can take away"},
          lesions)) {
    out.lesion_control = lesions;
  }
  binder.children({.name = "markers", .help = "what is measured at assessments"}, out.markers);
  binder.children({.name = "toxicities", .help = "harms of agents"}, out.toxicities);
  ObservationDoc observation;
  if (binder.child({.name = "observation", .help = "how latent progression becomes known"},
                   observation)) {
    out.observation = observation;
  }
  binder.children({.name = "endpoints", .help = "what is reported", .required = true},
                  out.endpoints);
  if (const Tree* sources =
          binder.raw({.name = "sources",
                      .help = "citation keys with full references",
                      .example = "{you_2020: \"You R, et al. JAMA Oncol 2020;6:1345-52\"}"},
                     "map")) {
    for (std::size_t i = 0; sources->is_map() && i < sources->size(); ++i) {
      out.sources.emplace_back(sources->keys()[i].text, sources->items()[i].text());
    }
  }
}

namespace {

// Citation keys that the document's own list of sources does not have.
void check_sources(const Tree& tree, const std::vector<std::string>& known,
                   Diagnostics& diagnostics) {
  const auto check = [&](const Tree& cited) {
    if (!cited.is_scalar() || cited.text() == "assumed") return;
    if (std::find(known.begin(), known.end(), cited.text()) != known.end()) return;
    diagnostics.error(cited.place(), "the document's sources do not have '" + cited.text() + "'",
                      suggestion(cited.text(), known));
  };
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    if (!tree.is_map() || tree.keys()[i].text != "source") {
      if (!tree.is_map() || tree.keys()[i].text != "sources")
        check_sources(item, known, diagnostics);
      continue;
    }
    check(item);
    for (std::size_t k = 0; item.is_list() && k < item.size(); ++k) check(item.items()[k]);
  }
}

}  // namespace

ModelDoc read_model(const Tree& tree, Diagnostics& diagnostics,
                    std::vector<FilledDefault>* defaults, std::vector<ValueUse>* uses) {
  ModelDoc model;
  if (!tree.is_map()) {
    diagnostics.error(tree.place(),
                      "a model document must be a map of keys, found " + in_words(tree));
    return model;
  }
  BindContext context{&diagnostics, nullptr, nullptr, defaults, uses};
  bind_parameters(context, tree, model.parameters);
  context.parameters = &model.parameters;
  Binder binder(context, tree, {});
  bind(binder, model);
  binder.finish();
  check_names(model, diagnostics);
  check_measures(model, diagnostics);
  if (!model.sources.empty()) {
    std::vector<std::string> known;
    for (const auto& [key, reference] : model.sources) known.push_back(key);
    check_sources(tree, known, diagnostics);
  }
  return model;
}

}  // namespace npcsim

// Attributes of patients, copulas and frailties.
#include <npcsim/model/attribute_kinds.hpp>
#include <npcsim/model/model_doc.hpp>

namespace npcsim {
namespace {

std::string_view type_of(std::string_view kind) {
  if (kind == "bernoulli") return "probability, or map";
  if (kind == "poisson") return "mean, or map";
  if (kind == "constant") return "number";
  if (kind == "categorical") return "map of probabilities by level";
  if (kind == "sum" || kind == "product") return "list of attributes";
  if (kind == "log10" || kind == "standardised") return "attribute";
  if (kind == "resample") return "column";
  if (kind == "condition") return "condition";
  return kind == "linear" || kind == "pattern" ? "map" : "map, or list of the numbers in order";
}

bool is_linear(std::string_view parameters, std::string_view name) {
  const auto at = parameters.find(name);
  return at != std::string_view::npos && at > 0 && parameters[at - 1] == '*';
}

std::vector<std::string_view> parameter_names(const AttributeKind& kind) {
  std::vector<std::string_view> names;
  std::string_view rest = kind.parameters;
  while (!rest.empty()) {
    const auto end = rest.find(' ');
    std::string_view name = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    if (name.front() == '*') name.remove_prefix(1);
    names.push_back(name);
  }
  return names;
}

Key parameter_key(std::string_view name) {
  Key key{.name = name, .help = attribute_parameter_help(name)};
  if (name == "probability") {
    key.least = 0;
    key.most = 1;
  } else if (name == "sd" || name == "sdlog") {
    key.least = 0;
  } else if (name == "shape" || name == "a" || name == "b") {
    key.least = 0;
    key.above_least = true;
  }
  return key;
}

void read_parameter(Binder& inner, const AttributeKind& kind, const Key& key, const Tree& tree,
                    AttributeDoc& out) {
  out.numbers.emplace_back(std::string(key.name), LinearDoc{});
  if (is_linear(kind.parameters, key.name)) {
    read_linear(inner, tree, key, out.numbers.back().second);
  } else {
    inner.read_value(tree, key, out.numbers.back().second.intercept);
  }
}

void bind_kind_parameters(Binder& inner, const AttributeKind& kind, AttributeDoc& out) {
  for (const std::string_view name : parameter_names(kind)) {
    const Key key = parameter_key(name);
    const bool linear = is_linear(kind.parameters, name);
    const Tree* tree = inner.raw(key, linear ? "number, or {intercept, terms}" : "number");
    if (tree != nullptr) read_parameter(inner, kind, key, *tree, out);
  }
  if (kind.name == "pattern") {
    inner.names({.name = "members",
                 .help = "flags that the pattern sets; each becomes an attribute of its own",
                 .required = true,
                 .example = "[bone, liver, lung]"},
                out.of);
    inner.values({.name = "weights",
                  .help = "log-weight of each member, in the order of the members",
                  .required = true,
                  .example = "[0, -0.9, -1.2]"},
                 out.weights);
  }
  if (kind.name == "poisson") {
    inner.names(
        {.name = "times", .help = "attribute that multiplies the mean", .example = "burden"},
        out.of);
  }
}

void bind_kind(Binder& binder, const AttributeKind& kind, const Tree& tree, AttributeDoc& out) {
  const std::string_view name = kind.name;
  auto path = binder.path();
  path.emplace_back(name);
  const auto operands = [&] {
    if (tree.is_scalar()) {
      out.of.push_back({tree.text(), tree.place()});
    } else if (tree.is_list()) {
      for (const Tree& item : tree.items()) out.of.push_back({item.text(), item.place()});
    } else {
      binder.error(tree.place(), "'" + std::string(name) + "' needs a name or a list of names");
    }
  };
  if (name == "condition") {
    bind_condition(binder, tree, out.derived);
  } else if (name == "sum" || name == "product" || name == "log10" || name == "standardised") {
    operands();
  } else if (name == "resample") {
    out.table = {tree.text(), tree.place()};
    if (!tree.is_scalar()) binder.error(tree.place(), "'resample' needs the name of a column");
  } else if (name == "categorical") {
    if (!tree.is_map()) {
      binder.error(tree.place(), "'categorical' must be a map of probabilities by level");
      return;
    }
    for (std::size_t i = 0; i < tree.size(); ++i) {
      out.levels.emplace_back(Name{tree.keys()[i].text, tree.keys()[i].place}, Value{});
      binder.read_value(
          tree.items()[i],
          {.name = tree.keys()[i].text, .help = "probability of the level", .least = 0, .most = 1},
          out.levels.back().second);
    }
  } else if (tree.is_map() && name == "linear") {
    out.numbers.emplace_back("value", LinearDoc{});
    read_linear(binder, tree, {.name = "linear", .help = kind.help}, out.numbers.back().second);
  } else if (tree.is_map()) {
    Binder inner(binder.context(), tree, path);
    bind_kind_parameters(inner, kind, out);
    inner.finish();
  } else if (tree.is_scalar() &&
             (name == "bernoulli" || name == "constant" || name == "poisson" || name == "linear")) {
    // The first parameter alone.
    read_parameter(binder, kind, parameter_key(parameter_names(kind).front()), tree, out);
  } else if (tree.is_list() && name != "bernoulli" && name != "pattern" &&
             tree.size() == parameter_names(kind).size()) {
    // `normal: [57, 8]`: the parameters in their order.
    const auto names = parameter_names(kind);
    Binder inner(binder.context(), tree, path);
    for (std::size_t i = 0; i < names.size(); ++i) {
      read_parameter(inner, kind, parameter_key(names[i]), tree.items()[i], out);
    }
  } else {
    binder.error(tree.place(), "'" + std::string(name) + "' must be a map, found " + in_words(tree),
                 "e.g. " + std::string(name) + ": " + std::string(kind.example));
  }
}

}  // namespace

void bind(Binder& binder, AttributeDoc& out) {
  const AttributeKind* found = nullptr;
  const Tree* body = nullptr;
  for (const AttributeKind& kind : attribute_kinds) {
    const Tree* tree = binder.raw({.name = kind.name, .help = kind.help, .example = kind.example},
                                  type_of(kind.name));
    if (!kind.parameters.empty() && kind.name != "constant" && kind.name != "linear") {
      bind_inside(binder, std::string(kind.name),
                  [&](Binder& inner) { bind_kind_parameters(inner, kind, out); });
    } else if (kind.name == "linear") {
      LinearDoc linear;
      bind_inside(binder, "linear", [&](Binder& inner) { bind_linear(inner, linear); });
    }
    if (tree == nullptr) continue;
    if (found != nullptr) {
      binder.error(tree->place(), "an attribute has one kind, found '" + std::string(found->name) +
                                      "' and '" + std::string(kind.name) + "'");
      continue;
    }
    found = &kind;
    body = tree;
  }
  if (found == nullptr) {
    std::string kinds;
    for (const AttributeKind& kind : attribute_kinds) {
      kinds += (kinds.empty() ? "" : ", ") + std::string(kind.name);
    }
    binder.error(binder.node().place(), "the attribute does not say how it is drawn",
                 "one of " + kinds);
    // Whatever else stands there is reported as the unknown key that it is.
  } else {
    out.kind = {std::string(found->name), body->place()};
    bind_kind(binder, *found, *body, out);
  }
  condition(binder,
            {.name = "when",
             .help = "where this is false the attribute has the value `otherwise`",
             .example = "{liver: true}"},
            out.when);
  binder.value({.name = "otherwise", .help = "value where `when` is false", .fallback = "0"},
               out.otherwise);
  binder.value({.name = "plus",
                .help = "added to what was drawn (before `when` is looked at)",
                .fallback = "0"},
               out.plus);
  binder.flag({.name = "latent",
               .help = "nobody observes it: conditions of strategies may not use it",
               .fallback = "false"},
              out.latent);
  binder.text({.name = "unit", .help = "unit of the value, for people", .example = "years"},
              out.unit);
  binder.text({.name = "label", .help = "name for people"}, out.label);
  binder.names({.name = "source", .help = "citation keys, or assumed", .example = "assumed"},
               out.source);
}

void bind_attributes(Binder& binder, const Key& key,
                     std::vector<std::pair<Name, AttributeDoc>>& out) {
  binder.children(key, out);
}

void bind(Binder& binder, FrailtyDoc& out) {
  const auto kind = [&](std::string_view name, const Key& parameter, Value& value,
                        std::string_view help) {
    const Tree* tree = binder.raw({.name = name, .help = help}, "map, or the number alone");
    bind_inside(binder, std::string(name), [&](Binder& inner) { inner.value(parameter, value); });
    if (tree == nullptr) return;
    if (!out.kind.empty()) {
      binder.error(tree->place(), "a frailty has one distribution, found '" + out.kind.text +
                                      "' and '" + std::string(name) + "'");
      return;
    }
    out.kind = {std::string(name), tree->place()};
    if (tree->is_scalar()) {
      binder.read_value(*tree, parameter, value);
      return;
    }
    if (!tree->is_map()) {
      binder.error(tree->place(), "'" + std::string(name) + "' must be a map",
                   "e.g. {" + std::string(parameter.name) + ": 0.5}");
      return;
    }
    auto path = binder.path();
    path.emplace_back(name);
    Binder inner(binder.context(), *tree, path);
    inner.value(parameter, value);
    inner.finish();
  };
  kind("gamma",
       {.name = "variance",
        .help = "variance; the mean is 1",
        .required = true,
        .example = "0.3",
        .least = 0,
        .most = 50},  // QuantileTable::smallest_shape
       out.variance, "gamma distributed with mean 1");
  kind("log_normal",
       {.name = "sd",
        .help = "standard deviation of the natural logarithm; the median is 1",
        .required = true,
        .example = "0.5",
        .least = 0},
       out.sd, "log-normal with median 1");
  kind("positive_stable",
       {.name = "index",
        .help = "index of the stable law: E exp(-s w) = exp(-s^index)",
        .required = true,
        .example = "0.8",
        .least = 0,
        .most = 1,
        .above_least = true},
       out.index, "positive stable, infinite mean; marginal hazards stay proportional");
  if (out.kind.empty()) {
    binder.error(binder.node().place(), "the frailty does not say its distribution",
                 "one of gamma, log_normal, positive_stable");
  }
  binder.names({.name = "source", .help = "citation keys, or assumed"}, out.source);
}

}  // namespace npcsim

// Pieces of grammar that several mechanisms share.
#include <npcsim/model/detail/nested.hpp>

namespace npcsim {

namespace {

void bind_term(Binder& binder, TermDoc& out) {
  binder.name({.name = "of",
               .help = "attribute; a flag counts 1 when true and 0 when false",
               .required = true,
               .example = "age"},
              out.of);
  binder.value({.name = "centre",
                .help = "value at which the term is 0, in the attribute's unit",
                .fallback = "0",
                .example = "50"},
               out.centre);
  binder.value({.name = "coef",
                .help = "what one unit of (attribute - centre) adds",
                .required = true,
                .example = "0.02"},
               out.coef);
}

}  // namespace

void named_values(Binder& binder, const Key& key, std::vector<std::pair<Name, Value>>& out) {
  const Tree* tree =
      binder.raw(key, key.dimension == Dimension::none ? "map of numbers by name"
                                                       : "map of quantities by name");
  if (tree == nullptr) return;
  if (!tree->is_map()) {
    binder.error(tree->place(), "'" + std::string(key.name) +
                                    "' must be a map of numbers by name, found " + in_words(*tree));
    return;
  }
  for (std::size_t i = 0; i < tree->size(); ++i) {
    out.emplace_back(Name{tree->keys()[i].text, tree->keys()[i].place}, Value{});
    Key entry = key;
    entry.name = tree->keys()[i].text;
    binder.read_value(tree->items()[i], entry, out.back().second);
  }
}

void terms(Binder& binder, const Key& key, std::vector<TermDoc>& out) {
  const Tree* tree = binder.raw(key, "list of {of, centre, coef}, or map of coefficients by name");
  if (binder.describing()) {
    TermDoc term;
    bind_inside(binder, std::string(key.name) + "[]",
                [&](Binder& inner) { bind_term(inner, term); });
  }
  if (tree == nullptr) return;
  const Key coefficient{.name = "coef", .help = "coefficient on the log scale"};
  if (tree->is_map()) {
    for (std::size_t i = 0; i < tree->size(); ++i) {
      TermDoc term;
      term.of = {tree->keys()[i].text, tree->keys()[i].place};
      binder.read_value(tree->items()[i], coefficient, term.coef);
      out.push_back(std::move(term));
    }
    return;
  }
  if (!tree->is_list()) {
    binder.error(
        tree->place(),
        "'" + std::string(key.name) + "' must be a list or a map, found " + in_words(*tree),
        "e.g. [{of: age, centre: 50, coef: 0.02}] or {liver: 0.3}");
    return;
  }
  for (const Tree& item : tree->items()) {
    if (!item.is_map()) {
      binder.error(item.place(), "a term must be {of, centre, coef}, found " + in_words(item));
      continue;
    }
    TermDoc term;
    auto path = binder.path();
    path.emplace_back(key.name);
    Binder inner(binder.context(), item, path);
    bind_term(inner, term);
    inner.finish();
    out.push_back(std::move(term));
  }
}

void read_linear(Binder& binder, const Tree& tree, const Key& key, LinearDoc& out) {
  if (tree.is_scalar()) {
    binder.read_value(tree, key, out.intercept);
    return;
  }
  if (!tree.is_map()) {
    binder.error(tree.place(), "'" + std::string(key.name) +
                                   "' must be a number or {intercept, terms}, found " +
                                   in_words(tree));
    return;
  }
  auto path = binder.path();
  path.emplace_back(key.name);
  Binder inner(binder.context(), tree, path);
  bind_linear(inner, out);
  inner.finish();
}

void bind_linear(Binder& binder, LinearDoc& out) {
  binder.value({.name = "intercept", .help = "value when all terms are 0", .fallback = "0"},
               out.intercept);
  terms(binder,
        {.name = "terms", .help = "what is added", .required = true, .example = "{male: 0.17}"},
        out.terms);
}

void bind_dose_response(Binder& binder, std::string_view help, Value& midpoint, Value& slope) {
  nested(
      binder,
      {.name = "dose_response", .help = help, .example = "{eqd2_midpoint: 56 Gy, slope: 4.5 Gy}"},
      [&](Binder& b) {
        b.value({.name = "eqd2_midpoint",
                 .help = "EQD2 with half of the effect",
                 .required = true,
                 .example = "56 Gy",
                 .dimension = Dimension::dose,
                 .least = 0},
                midpoint);
        b.value({.name = "slope",
                 .help = "scale of the logistic curve",
                 .required = true,
                 .example = "4.5 Gy",
                 .dimension = Dimension::dose,
                 .least = 0,
                 .above_least = true},
                slope);
      });
}

}  // namespace npcsim

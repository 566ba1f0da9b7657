#include <npcsim/evidence/detail/binders.hpp>

namespace npcsim::detail {

void read_bounds(Binder& binder, const Key& key, Bounds& out) {
  const Tree* tree = binder.raw(key, "two numbers");
  if (tree == nullptr) return;
  out.place = tree->place();
  if (!tree->is_list() || tree->size() != 2) {
    binder.error(tree->place(),
                 "'" + std::string(key.name) + "' must be two numbers, found " + in_words(*tree),
                 "e.g. [0.44, 0.68]");
    return;
  }
  if (!binder.read_number(tree->items()[0], key, out.low) ||
      !binder.read_number(tree->items()[1], key, out.high)) {
    out.low = not_printed;
    out.high = not_printed;
    return;
  }
  if (!(out.low < out.high)) {
    binder.error(tree->place(), "'" + std::string(key.name) + "' must go from low to high");
    out.low = not_printed;
    out.high = not_printed;
  }
}

void read_condition(Binder& binder, const Key& key, Tree& out) {
  const Tree* tree = binder.raw(key, "condition");
  if (tree == nullptr) return;
  if (!tree->is_map()) {
    binder.error(tree->place(),
                 "'" + std::string(key.name) + "' must be a condition, found " + in_words(*tree),
                 "e.g. {liver: true, lesion_count: {max: 5}}");
    return;
  }
  out = *tree;
}

void read_numbers(Binder& binder, const Tree& tree, const Key& key, std::vector<double>& out) {
  if (!tree.is_list()) {
    binder.error(tree.place(), "expected a list of numbers, found " + in_words(tree));
    return;
  }
  for (const Tree& item : tree.items()) {
    double value = not_printed;
    if (binder.read_number(item, key, value)) out.push_back(value);
  }
}

Key doubt_key() {
  return {.name = "doubt", .help = "what is wrong or unclear about it, one sentence"};
}
Key where_key() {
  return {.name = "place",
          .help = "table, figure or section it is printed in",
          .required = true,
          .example = "Table 3"};
}
Key source_key() {
  return {.name = "source",
          .help = "citation keys of the paper",
          .required = true,
          .example = "[you_2020]"};
}
Key quoted_key() {
  return {.name = "quoted_in", .help = "review that it was taken from", .example = "liu_2023"};
}

Key strategies_key() {
  return {.name = "strategies", .help = "strategies that stand for it", .example = "[gp, gp_pd1]"};
}

}  // namespace npcsim::detail

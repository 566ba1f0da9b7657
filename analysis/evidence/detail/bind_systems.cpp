// Tables of counts and risk systems.
#include <npcsim/evidence/detail/binders.hpp>

namespace npcsim {
namespace {

using detail::doubt_key;
using detail::read_condition;
using detail::read_numbers;
using detail::source_key;
using detail::where_key;

}  // namespace

void bind(Binder& binder, TableComparison& out) {
  binder.name({.name = "of", .help = "one group", .required = true, .example = "low_lrrt"}, out.of);
  binder.name({.name = "against",
               .help = "the other group",
               .required = true,
               .example = "low_without_lrrt"},
              out.against);
  binder.number(
      {.name = "p", .help = "P value as printed", .required = true, .least = 0, .most = 1}, out.p);
  binder.text(doubt_key(), out.doubt);
}

void bind(Binder& binder, CountTable& out) {
  const Key count{.name = "levels", .help = "patients of each level, one per group", .least = 0};
  binder.name({.name = "study", .help = "study it belongs to", .required = true}, out.study);
  binder.text(where_key(), out.where);
  binder.names({.name = "groups", .help = "columns of the table", .required = true}, out.groups);
  Key levels = count;
  levels.required = true;
  if (const Tree* tree = binder.raw(levels, "map of lists by level")) {
    for (std::size_t i = 0; i < tree->size() && tree->is_map(); ++i) {
      out.levels.emplace_back(tree->keys()[i].text, std::vector<double>());
      read_numbers(binder, tree->items()[i], count, out.levels.back().second);
    }
    if (!tree->is_map()) binder.error(tree->place(), "'levels' must be a map of lists by level");
  }
  read_condition(binder, {.name = "conditions", .help = "condition of each level, by level"},
                 out.conditions);
  const Key missing{.name = "missing", .help = "patients without a value, per group", .least = 0};
  if (const Tree* tree = binder.raw(missing, "list of numbers"))
    read_numbers(binder, *tree, missing, out.missing);
  binder.number({.name = "p", .help = "P value as printed", .least = 0, .most = 1}, out.p);
  binder.number({.name = "p_fisher",
                 .help = "P value of Fisher's exact test of these counts",
                 .least = 0,
                 .most = 1},
                out.p_fisher);
  binder.list({.name = "compared", .help = "P values of two groups of several"}, out.compared);
  binder.text(doubt_key(), out.doubt);
}

void bind(Binder& binder, RiskClass& out) {
  binder.name({.name = "flag", .help = "derived attribute of the class", .required = true},
              out.flag);
  binder.text({.name = "label", .help = "its name in the paper", .required = true}, out.label);
  binder.text({.name = "words", .help = "what it means", .required = true}, out.words);
  read_condition(binder, {.name = "condition", .help = "who belongs to it"}, out.condition);
}

void bind(Binder& binder, RiskSystem& out) {
  binder.text({.name = "title", .help = "what it is built on", .required = true}, out.title);
  binder.integer({.name = "patients", .help = "patients it was built on", .least = 1},
                 out.patients);
  binder.names(source_key(), out.source);
  read_condition(binder, {.name = "applies_to", .help = "patients it is for"}, out.applies_to);
  binder.flag({.name = "classified",
               .help = "whether its inputs are published, so that patients can be classified",
               .fallback = "true"},
              out.classified);
  binder.names({.name = "assumed", .help = "parameters that the papers do not give"}, out.assumed);
  binder.list({.name = "classes", .help = "from the best to the worst outlook", .required = true},
              out.classes);
  binder.text(doubt_key(), out.doubt);
}

}  // namespace npcsim

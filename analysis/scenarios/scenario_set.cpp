#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/scenarios/detail/apply_changes.hpp>
#include <npcsim/scenarios/scenario_set.hpp>

namespace npcsim {
namespace {

// The document that `base` names, or itself if it is one; nothing if it is neither.
std::optional<Tree> base_document(const Library& library, const Tree& base,
                                  Diagnostics& diagnostics) {
  std::optional<Tree> found;
  if (base.is_scalar()) {
    const std::string folder = folder_of(diagnostics.source_name(base.place().file));
    const auto path = find_document(library, DocumentKind::study, base.text(), folder);
    if (!path) {
      diagnostics.error(base.place(), "cannot find the study '" + base.text() + "'",
                        suggestion(base.text(), document_names(library, DocumentKind::study)));
      return std::nullopt;
    }
    found = read_document(library, *path, diagnostics);
  } else {
    found = base;
  }
  if (!found || !found->is_map()) {
    diagnostics.error(base.place(), "the base must be a study document, found " + in_words(base),
                      "the name or the path of a comparison, e.g. lrrt");
    return std::nullopt;
  }
  const Tree* kind = found->find("kind");
  if (found->find("study") == nullptr || (kind != nullptr && kind->text() != "comparison")) {
    diagnostics.error(
        base.place(),
        found->find("study") == nullptr
            ? "the base is not a study document: it has no key 'study'"
            : "the base must be a comparison, found a study of kind '" + kind->text() + "'",
        "scenarios repeat a study of kind comparison, e.g. lrrt");
    return std::nullopt;
  }
  return found;
}

// Draws of the parameters are of one comparison; the figures of a scenario are those of draw 0.
void leave_out_draws(Tree& base, Diagnostics& diagnostics) {
  const Tree* draws = base.find("draws");
  if (draws == nullptr) return;
  diagnostics.warning(draws->place(),
                      "scenarios are simulated at the values of the documents, not at the draws of "
                      "the base",
                      "run the base itself for the uncertainty of its parameters");
  base.erase("draws");
}

std::string joined(const std::vector<Name>& names) {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : " ") + name.text;
  return out;
}

std::vector<std::string> endpoint_names(const OutcomeShape& shape) {
  std::vector<std::string> names;
  for (const EndpointShape& endpoint : shape.endpoints) names.push_back(endpoint.name);
  return names;
}

// The study as it runs: the base and what differs, every default filled in.
Tree compiled_document(const Tree& document, const ScenariosDoc& doc, const ScenarioSet& set) {
  Tree out = document;
  out.set("base", set.base().document);
  Tree* scenarios = out.find("scenarios");
  for (std::size_t i = 0; i < doc.scenarios.size(); ++i) {
    const Tree* changed = doc.scenarios[i].second.set;
    if (changed == nullptr) continue;
    scenarios->items()[i].set("set",
                              detail::compiled_values(*changed, *set.scenarios[i + 1].study));
  }
  return out;
}

void keep_inputs(ScenarioSet& set, const SourcePlace& place, const Scenario& scenario,
                 Diagnostics& diagnostics) {
  for (const auto& [name, bytes] : scenario.study->inputs) {
    if (set.inputs.emplace(name, bytes).first->second == bytes) continue;
    diagnostics.error(place, "two scenarios read different files that are called '" + name + "'",
                      "rename one of them");
  }
}

std::uint64_t digest_of_set(const ScenarioSet& set) {
  Digest digest;
  digest.add_text("npcsim scenarios 1");
  digest.add_text(to_yaml(set.document));
  for (const auto& [name, bytes] : set.inputs) {
    digest.add_text(name);
    digest.add_text(bytes);
  }
  return digest.value();
}

}  // namespace

void name_base(const Library& library, Tree& document, Diagnostics& diagnostics) {
  const Tree* named = document.is_map() ? document.find("base") : nullptr;
  if (named == nullptr) return;  // reported when the document is bound
  auto base = base_document(library, *named, diagnostics);
  if (!base) {
    document.set("base", Tree::scalar({}, named->place()));  // has no faults beside this one
    return;
  }
  for (const char* const key : {"patients", "strategies"}) {
    if (const Tree* instead = document.find(key)) base->set(*document.find_key(key), *instead);
    document.erase(key);
  }
  document.set("base", std::move(*base));
}

void inline_base(const Library& library, Tree& document, Diagnostics& diagnostics) {
  name_base(library, document, diagnostics);
  Tree* base = document.is_map() ? document.find("base") : nullptr;
  if (base != nullptr && base->is_map()) inline_documents(library, *base, diagnostics);
}

ScenarioSet compile_scenarios(const Library& library, const Tree& document,
                              Diagnostics& diagnostics) {
  ScenarioSet out;
  // The base first: what is wrong elsewhere in the document must not keep its own mistakes back.
  const Tree* given = document.find("base");
  Tree base = given != nullptr ? *given : Tree::scalar({}, document.place());
  out.scenarios.push_back({"base", "Base case", {}, {}, {}, nullptr});
  if (base.is_map()) {
    leave_out_draws(base, diagnostics);
    out.scenarios.front().study = compile_study(library, base, diagnostics);
  }
  const bool base_is_right = out.scenarios.front().study != nullptr && !diagnostics.has_errors();

  ScenariosDoc doc;
  const std::size_t before = diagnostics.error_count();
  BindContext context{&diagnostics, nullptr, nullptr, nullptr};
  Binder binder(context, document, {});
  bind(binder, doc);
  binder.finish();
  const bool keys_are_right = diagnostics.error_count() == before;
  out.name = doc.name;
  out.title = doc.title;
  out.description = doc.description;
  if (!base.is_map()) return out;

  for (const auto& [name, scenario] : doc.scenarios) {
    diagnostics.enter("scenarios > " + name.text);
    Tree study = base;
    const std::size_t errors = diagnostics.error_count();
    Scenario made{name.text,
                  scenario.title.empty() ? name.text : scenario.title,
                  scenario.description,
                  joined(scenario.source),
                  {},
                  nullptr};
    if (keys_are_right && scenario.parameters == nullptr && scenario.set == nullptr) {
      diagnostics.error(name.place, "the scenario changes nothing",
                        "give parameters: {NAME: VALUE}, or set: {PATH: VALUE}");
    }
    detail::apply_changes(scenario, base_is_right ? &out.base() : nullptr, study, diagnostics);
    if (base_is_right && diagnostics.error_count() == errors)
      made.study = compile_study(library, study, diagnostics);
    if (made.study != nullptr && diagnostics.error_count() == errors) {
      const OutcomeShape& shape = made.study->shape;
      if (shape.strategies != out.shape().strategies ||
          endpoint_names(shape) != endpoint_names(out.shape())) {
        diagnostics.error(name.place, "a scenario has the strategies and endpoints of its base",
                          "their names cannot change");
      }
      keep_inputs(out, name.place, made, diagnostics);
      made.changes = detail::changes_of(scenario, out.base(), *made.study);
    }
    out.scenarios.push_back(std::move(made));
    diagnostics.enter({});
  }
  if (diagnostics.has_errors()) return out;
  keep_inputs(out, document.place(), out.scenarios.front(), diagnostics);
  out.document = compiled_document(document, doc, out);
  out.digest = digest_of_set(out);
  return out;
}

}  // namespace npcsim

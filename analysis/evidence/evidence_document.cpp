#include <npcsim/evidence/detail/binders.hpp>
#include <npcsim/evidence/evidence_document.hpp>

namespace npcsim {
namespace {

struct Document {
  Name name;
  std::string title;
  std::string description;
};

void bind_document(Binder& binder, Document& document, Evidence& out) {
  binder.name({.name = "evidence", .help = "name of the document", .required = true},
              document.name);
  binder.text({.name = "title", .help = "one line for people", .required = true}, document.title);
  binder.text({.name = "description", .help = "what a reader should know"}, document.description);
  binder.children({.name = "studies", .help = "studies that figures belong to"}, out.studies);
  binder.children({.name = "populations", .help = "whom figures are about"}, out.populations);
  binder.children({.name = "targets", .help = "published figures by id"}, out.targets);
  binder.children({.name = "findings", .help = "printed numbers that are no figure of an endpoint"},
                  out.findings);
  binder.children({.name = "tables", .help = "tables of counts"}, out.tables);
  binder.children({.name = "systems", .help = "risk systems"}, out.systems);
  binder.children({.name = "trials", .help = "trials that had not read out"}, out.trials);
  binder.children({.name = "algorithms", .help = "guidelines and recommended sequences"},
                  out.algorithms);
  binder.children({.name = "treatments", .help = "what stands for words of arms and decisions"},
                  out.treatments);
  if (binder.child({.name = "exclusions", .help = "what calibration leaves out"}, out.exclusions)) {
    out.has_exclusions = true;
    out.exclusions_place = binder.node().find_key("exclusions")->place;
  }
  binder.children({.name = "effective_n", .help = "patients behind a figure, by rule"},
                  out.effective_n);
  const Key sources{.name = "sources", .help = "citation keys with full references"};
  if (const Tree* tree = binder.raw(sources, "map of references")) {
    if (!tree->is_map()) binder.error(tree->place(), "'sources' must be a map of references");
    for (std::size_t i = 0; tree->is_map() && i < tree->size(); ++i) {
      out.sources.emplace_back(Name{tree->keys()[i].text, tree->keys()[i].place},
                               tree->items()[i].text());
    }
  }
}

}  // namespace

void read_evidence(const Tree& document, Evidence& out, Diagnostics& diagnostics) {
  if (!document.is_map()) {
    diagnostics.error(document.place(),
                      "an evidence document must be a map of keys, found " + in_words(document));
    return;
  }
  BindContext context;
  context.diagnostics = &diagnostics;
  Binder binder(context, document, {});
  Document about;
  bind_document(binder, about, out);
  binder.finish();
  if (!about.name.empty()) out.documents.emplace_back(about.name, about.title);
}

std::vector<KeyDescription> evidence_keys() {
  std::vector<KeyDescription> rows;
  BindContext context;
  context.descriptions = &rows;
  const Tree nothing = Tree::map();
  Binder binder(context, nothing, {});
  Document about;
  Evidence out;
  bind_document(binder, about, out);
  return rows;
}

}  // namespace npcsim

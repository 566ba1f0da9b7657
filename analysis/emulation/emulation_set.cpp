#include <npcsim/base/quantity_text.hpp>
#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/io/digest.hpp>

#include <algorithm>
#include <limits>
#include <map>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

namespace npcsim {
namespace {

// What an emulation says of the patients that are simulated for it.
struct PoolDoc {
  Tree tree;                     // a comparison study, without its strategies
  std::vector<Tree> strategies;  // by name or path, each once
  Tree observation;
  std::vector<std::size_t> emulations;  // positions in the list of documents
};

void copy(const Tree& from, const char* key, Tree& to) {
  if (const Tree* value = from.find(key)) to.set(key, *value);
}

// Equal texts: the same patients may serve both.
std::string pool_key(const Tree& document) {
  std::string key;
  for (const char* part :
       {"model", "population", "parameters", "observation", "horizon", "diagnosed_on"}) {
    const Tree* value = document.find(part);
    key += std::string(part) + ":" + (value == nullptr ? "" : to_yaml(*value)) + "\n";
  }
  return key;
}

void add_strategies(const Tree& document, PoolDoc& pool) {
  const Tree* arms = document.find("arms");
  if (arms == nullptr || !arms->is_map()) return;
  for (const Tree& arm : arms->items()) {
    const Tree* strategy = arm.is_map() ? arm.find("strategy") : nullptr;
    if (strategy == nullptr) continue;
    const bool known = std::any_of(pool.strategies.begin(), pool.strategies.end(),
                                   [&](const Tree& s) { return same_content(s, *strategy); });
    if (!known) pool.strategies.push_back(*strategy);
  }
}

PoolDoc begin_pool(const Tree& document, std::size_t number, const EmulationOptions& options) {
  PoolDoc out;
  out.tree = Tree::map(document.place());
  out.tree.set("study", Tree::scalar("pool_" + std::to_string(number)));
  out.tree.set("patients", Tree::scalar(std::to_string(options.patients)));
  out.tree.set("seed", Tree::scalar(std::to_string(options.seed)));
  out.tree.set("horizon", Tree::scalar("120 months"));
  for (const char* key : {"model", "population", "parameters", "horizon", "diagnosed_on"})
    copy(document, key, out.tree);
  copy(document, "observation", out.observation = Tree::map());
  return out;
}

// Parameters that population and study set, be it to the very value of the model. To be asked
// before they are put into the model.
std::vector<std::string> parameters_set(const Library& library, const Tree& document) {
  Diagnostics ignored;
  Tree apart = Tree::map(document.place());
  copy(document, "population", apart);
  inline_documents(library, apart, ignored);
  std::vector<std::string> out;
  for (const Tree* tree : {&document, static_cast<const Tree*>(apart.find("population"))}) {
    const Tree* set = tree != nullptr && tree->is_map() ? tree->find("parameters") : nullptr;
    if (set == nullptr || !set->is_map()) continue;
    for (const Tree::Key& key : set->keys()) out.push_back(key.text);
  }
  return out;
}

// And those whose values are not those of the model alone.
void fix_parameters(const Tree& bare_model, const Library& library, PatientPool& pool) {
  Diagnostics ignored;
  const CompiledModel bare = compile_model(library, bare_model, 3652.5, ignored);
  for (const Parameter& row : pool.base().model.parameters.rows()) {
    const std::int32_t index = bare.model.parameters.find(row.name);
    if (index < 0 ||
        bare.model.parameters.rows()[static_cast<std::size_t>(index)].value != row.value)
      pool.fix(row.name);
  }
}

std::unique_ptr<PatientPool> make_pool(const Library& library, PoolDoc& doc,
                                       Diagnostics& diagnostics) {
  Tree list = Tree::list(doc.tree.place());
  for (const Tree& strategy : doc.strategies) list.append(strategy);
  Tree bare = Tree::map(doc.tree.place());
  copy(doc.tree, "model", bare);
  doc.tree.set("strategies", std::move(list));
  std::vector<std::string> fixed = parameters_set(library, doc.tree);
  const std::size_t before = diagnostics.error_count();
  inline_documents(library, doc.tree, diagnostics);
  if (diagnostics.error_count() > before) return nullptr;
  Tree* model = doc.tree.find("model");
  const Tree* observation = doc.observation.find("observation");
  if (observation != nullptr && model != nullptr && model->is_map()) {
    Tree* mine = model->find("observation");
    if (mine == nullptr || !mine->is_map() || !observation->is_map()) {
      diagnostics.error(observation->place(),
                        "'observation' must be a map that changes the model's own");
      return nullptr;
    }
    for (std::size_t i = 0; i < observation->size(); ++i)
      mine->set(observation->keys()[i], observation->items()[i]);
  }
  auto study = compile_study(library, doc.tree, diagnostics);
  if (diagnostics.error_count() > before) return nullptr;
  auto pool = std::make_unique<PatientPool>(std::move(study));
  inline_documents(library, bare, diagnostics);
  for (std::string& name : fixed) pool->fix(std::move(name));
  fix_parameters(*bare.find("model"), library, *pool);
  return pool;
}

// The grammar of a document whose patients cannot be compiled, and the names that need none, so
// that its own mistakes are reported with those of its strategies and its population. Without a
// sound model nobody can say what a parameter is.
void read_without_pool(const Library& library, const Tree& document, const Evidence& evidence,
                       Diagnostics& diagnostics) {
  Tree bare = Tree::map(document.place());
  copy(document, "model", bare);
  Diagnostics reported_before;
  inline_documents(library, bare, reported_before);
  if (reported_before.has_errors()) return;
  const CompiledModel model = compile_model(library, *bare.find("model"), 3652.5, reported_before);
  if (reported_before.has_errors()) return;
  const EmulationDoc doc = read_emulation(document, model.model.parameters, diagnostics);
  detail::check_arm_names(doc, diagnostics);
  if (!doc.trial.empty() || !doc.publication.empty())
    static_cast<void>(detail::find_publication(doc, evidence, diagnostics));
}

// One study is evidence once, though several documents may share out its figures.
void check_claims(const std::vector<EmulatedStudy>& studies, Diagnostics& diagnostics) {
  std::map<std::string, std::size_t> claimed;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    std::map<std::size_t, std::vector<std::string>> again;
    for (std::size_t f = 0; f < studies[s].figures(); ++f) {
      const Figure& figure = studies[s].figure(f);
      if (!figure.not_simulated.empty()) continue;
      const auto [at, added] = claimed.emplace(figure.id, s);
      if (!added) again[at->second].push_back(figure.id);
    }
    for (const auto& [other, ids] : again) {
      const EmulationDoc& doc = studies[s].document();
      diagnostics.error(
          doc.publication.place,
          "'" + studies[other].document().name + "' emulates the figure '" + ids.front() +
              "', too" +
              (ids.size() == 1 ? std::string()
                               : ", and " + std::to_string(ids.size() - 1) + " more of this study"),
          "of two emulations that are used together, one says none: \"...\" to a "
          "figure");
    }
  }
}

}  // namespace

EmulationSet::EmulationSet(const Library& library, const std::vector<std::string>& paths,
                           const Evidence& evidence, const EmulationOptions& options,
                           Diagnostics& diagnostics)
    : options_(options) {
  const std::size_t before = diagnostics.error_count();
  std::vector<Tree> documents;
  std::vector<PoolDoc> pools;
  std::map<std::string, std::size_t> known;
  for (const std::string& path : paths) {
    auto tree = read_document(library, path, diagnostics);
    if (!tree) continue;
    if (!is_emulation(*tree)) {
      diagnostics.error(tree->place(), "'" + path + "' is no emulation",
                        "it does not say 'kind: emulation'");
      continue;
    }
    if (tree->find("model") == nullptr) {
      diagnostics.error(tree->place(), "missing key 'model'", "model document; e.g. model: dmnpc");
      continue;
    }
    const auto [at, added] = known.emplace(pool_key(*tree), pools.size());
    if (added) pools.push_back(begin_pool(*tree, pools.size() + 1, options));
    add_strategies(*tree, pools[at->second]);
    pools[at->second].emulations.push_back(documents.size());
    documents_ += to_yaml(*tree) + "\n";
    documents.push_back(std::move(*tree));
  }
  std::vector<std::size_t> pool_of(documents.size(), 0);
  for (PoolDoc& doc : pools) {
    pools_.push_back(make_pool(library, doc, diagnostics));
    for (const std::size_t d : doc.emulations) pool_of[d] = pools_.size() - 1;
  }
  for (std::size_t d = 0; d < documents.size(); ++d) {
    PatientPool* pool = pools_[pool_of[d]].get();
    if (pool == nullptr) {
      read_without_pool(library, documents[d], evidence, diagnostics);
      continue;
    }
    EmulationDoc doc = read_emulation(documents[d], pool->base().model.parameters, diagnostics);
    studies_.emplace_back(std::move(doc), *pool, evidence, diagnostics);
    pool_of_.push_back(pool_of[d]);
  }
  check_claims(studies_, diagnostics);
  sound_ = diagnostics.error_count() == before;
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    first_.push_back(where_.size());
    for (std::size_t f = 0; f < studies_[s].figures(); ++f) where_.emplace_back(s, f);
  }
}

std::uint64_t EmulationSet::lives() const {
  std::uint64_t sum = 0;
  for (const auto& pool : pools_)
    sum += static_cast<std::uint64_t>(options_.patients) * pool->base().strategies.size();
  return sum;
}

const Figure& EmulationSet::figure(std::size_t index) const {
  return studies_[where_[index].first].figure(where_[index].second);
}

std::uint64_t EmulationSet::digest() const {
  Digest digest;
  digest.add_text(documents_);
  digest.add(options_.seed);
  digest.add(std::uint64_t{options_.patients});
  for (const auto& pool : pools_) digest.add(pool->base().digest);
  for (const EmulatedStudy& study : studies_) digest.add_text(study.design());
  for (std::size_t f = 0; f < figures(); ++f) {
    const Figure& figure = this->figure(f);
    // All that decides what is computed and compared; conditions of groups are in the documents.
    for (const std::string* text : {&figure.id, &figure.endpoint, &figure.of, &figure.against,
                                    &figure.not_simulated, &figure.left_out})
      digest.add_text(*text);
    digest.add(std::uint64_t{static_cast<std::uint8_t>(figure.statistic)});
    digest.add(std::uint64_t{static_cast<std::uint8_t>(figure.reading)});
    digest.add_text(shortest(figure.at_months));
    for (const double number : {figure.value, figure.low, figure.high, figure.se, figure.n})
      digest.add_text(shortest(number));
  }
  return digest.value();
}

std::vector<Twins> EmulationSet::simulate(const NamedValues& values, HazardShift shift,
                                          std::uint32_t stream) const {
  std::vector<Twins> out(pools_.size());
  tbb::parallel_for(std::size_t{0}, pools_.size(), [&](std::size_t p) {
    go_on_unless(options_.stop);
    out[p] = pools_[p]->simulate(values, shift, stream, options_.patients);
  });
  return out;
}

void EmulationSet::settle_effective_n(const Evidence& evidence, Diagnostics& diagnostics) {
  const std::vector<Twins> twins = simulate({}, {}, 0);
  for (std::size_t s = 0; s < studies_.size(); ++s)
    studies_[s].settle_effective_n(evidence, twins[pool_of_[s]], diagnostics);
}

std::vector<double> EmulationSet::expected(const std::vector<Twins>& others,
                                           const std::vector<Twins>& treated,
                                           const NamedValues& values) const {
  std::vector<double> out(figures());
  tbb::parallel_for(std::size_t{0}, studies_.size(), [&](std::size_t s) {
    const std::size_t pool = pool_of_[s];
    const std::vector<double> mine = studies_[s].expected(others[pool], treated[pool], values);
    std::copy(mine.begin(), mine.end(), out.begin() + static_cast<std::ptrdiff_t>(first_[s]));
  });
  return out;
}

std::vector<double> EmulationSet::sampled(const std::vector<Twins>& twins,
                                          const NamedValues& values, std::size_t count,
                                          std::uint32_t first) const {
  std::vector<double> out(count * figures(), std::numeric_limits<double>::quiet_NaN());
  tbb::parallel_for(std::size_t{0}, studies_.size(), [&](std::size_t s) {
    go_on_unless(options_.stop);
    const std::size_t mine = studies_[s].figures();
    const std::vector<double> rows =
        studies_[s].sampled(twins[pool_of_[s]], values, count, options_.seed, first);
    for (std::size_t r = 0; r < count; ++r) {
      std::copy_n(rows.begin() + static_cast<std::ptrdiff_t>(r * mine), mine,
                  out.begin() + static_cast<std::ptrdiff_t>(r * figures() + first_[s]));
    }
  });
  return out;
}

bool is_emulation(const Tree& document) {
  const Tree* kind = document.is_map() ? document.find("kind") : nullptr;
  return kind != nullptr && kind->is_scalar() && kind->text() == "emulation";
}

bool lacks_kind(const Tree& document, Diagnostics& diagnostics) {
  if (!document.is_map() || document.find("study") == nullptr || is_emulation(document))
    return false;
  std::vector<std::string> keys;
  for (const char* const key : {"publication", "trial", "follow_up", "arms", "enters", "chosen",
                                "targets", "taken_apart"}) {
    if (document.find(key) != nullptr) keys.emplace_back(key);
  }
  const Tree* const kind = document.find("kind");
  // One of these words may be a slip in a study of another kind.
  if (keys.size() < (kind == nullptr ? 1U : 2U)) return false;
  std::string words;
  for (const std::string& key : keys) words += (words.empty() ? "'" : ", '") + key + "'";
  const std::string them = (keys.size() == 1 ? "the key " : "the keys ") + words;
  if (kind == nullptr) {
    diagnostics.error(document.place(),
                      "missing key 'kind': " + them +
                          (keys.size() == 1 ? " is that" : " are those") + " of an emulation",
                      "kind: emulation");
  } else {
    diagnostics.error(kind->place(), in_words(*kind) + " is not the kind of a study with " + them,
                      "kind: emulation");
  }
  return true;
}

void with_threads(int threads, const std::function<void()>& work) {
  tbb::task_arena arena(threads > 0 ? threads : tbb::task_arena::automatic);
  arena.execute(work);
}

}  // namespace npcsim

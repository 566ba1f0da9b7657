#include <npcsim/evidence/detail/checks.hpp>

namespace npcsim::detail {
namespace {

template <class T>
std::vector<std::string> ids_of(const ById<T>& entries) {
  std::vector<std::string> out;
  out.reserve(entries.size());
  for (const auto& [name, entry] : entries) out.push_back(name.text);
  return out;
}

template <class T>
void must_exist(const ById<T>& entries, const Name& name, const std::string& what,
                const std::string& path, Diagnostics& diagnostics) {
  if (name.empty() || find(entries, name.text) != nullptr) return;
  diagnostics.error(name.place, "there is no " + what + " '" + name.text + "'",
                    suggestion(name.text, ids_of(entries)), path);
}

template <class T>
void once(const ById<T>& entries, const std::string& what, Diagnostics& diagnostics) {
  for (std::size_t i = 0; i < entries.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (entries[k].first.text != entries[i].first.text) continue;
      const SourcePlace& first = entries[k].first.place;
      diagnostics.error(entries[i].first.place,
                        "the " + what + " '" + entries[i].first.text + "' is there twice",
                        "first in " + diagnostics.source_name(first.file) + ", line " +
                            std::to_string(first.line));
      break;
    }
  }
}

// A citation key must be among the sources of some document. A document without sources of its own
// has forgotten them: a key of another document that looks alike is no help there.
void must_be_cited(const Evidence& evidence, const Name& key, const std::string& path,
                   Diagnostics& diagnostics) {
  if (key.empty() || find(evidence.sources, key.text) != nullptr) return;
  std::vector<std::string> own;
  for (const auto& [name, text] : evidence.sources) {
    if (name.place.file == key.place.file) own.push_back(name.text);
  }
  const std::string near = closest(key.text, own);
  diagnostics.error(key.place, "there is no source '" + key.text + "'",
                    near.empty() ? "give its reference, e.g. sources: {" + key.text +
                                       ": \"Authors. Title. Journal year;volume:pages\"}"
                                 : "did you mean '" + near + "'?",
                    path);
}

void check_citations(const Evidence& evidence, const std::vector<Name>& source,
                     const std::string& path, Diagnostics& diagnostics) {
  for (const Name& key : source) must_be_cited(evidence, key, path, diagnostics);
}

bool is_class(const Evidence& evidence, const std::string& flag) {
  for (const auto& [name, system] : evidence.systems) {
    for (const RiskClass& row : system.classes) {
      if (row.flag.text == flag) return true;
    }
  }
  return false;
}

void check_treatment(const Evidence& evidence, const Name& id, const Treatment& treatment,
                     Diagnostics& diagnostics) {
  const std::string path = "treatments > " + id.text;
  for (const auto& [study, arm] : treatment.by_study)
    must_exist(evidence.studies, study, "study", path + " > by_study", diagnostics);
  if (treatment.strategies.empty() && treatment.by_study.empty() && treatment.agents.empty() &&
      treatment.reason.empty()) {
    diagnostics.error(id.place, "nothing stands for '" + id.text + "', and no reason is given",
                      "give strategies, agents or a reason", path);
  }
}

void check_conflict(const Evidence& evidence, const Name& id, const Target& target,
                    const std::string& path, Diagnostics& diagnostics) {
  if (target.conflicts_with.empty()) return;
  const Name& named = target.conflicts_with;
  const Target* other = find(evidence.targets, named.text);
  if (other == nullptr) {
    must_exist(evidence.targets, named, "target", path, diagnostics);
    return;
  }
  if (named.text == id.text) {
    diagnostics.error(named.place, "'" + id.text + "' conflicts with itself", {}, path);
  } else if (other->conflicts_with.text != id.text) {
    diagnostics.error(
        named.place, "'" + id.text + "' conflicts with '" + named.text + "', which does not say so",
        "write conflicts_with: " + id.text + " there", path);
  } else if (other->study.text != target.study.text || other->endpoint != target.endpoint ||
             (other->statistic_word != target.statistic_word && !other->statistic_word.empty() &&
              !target.statistic_word.empty())) {
    diagnostics.error(
        named.place,
        "'" + id.text + "' and '" + named.text + "' are not figures for the same quantity",
        "a conflict is within one study, endpoint and statistic", path);
  }
}

}  // namespace

void check_unique(const Evidence& evidence, Diagnostics& diagnostics) {
  once(evidence.documents, "evidence document", diagnostics);
  once(evidence.studies, "study", diagnostics);
  once(evidence.populations, "population", diagnostics);
  once(evidence.targets, "target", diagnostics);
  once(evidence.findings, "finding", diagnostics);
  once(evidence.tables, "table", diagnostics);
  once(evidence.systems, "risk system", diagnostics);
  once(evidence.trials, "trial", diagnostics);
  once(evidence.algorithms, "algorithm", diagnostics);
  once(evidence.treatments, "treatment", diagnostics);
  // The same paper may be cited by several documents, with the same words.
  for (std::size_t i = 0; i < evidence.sources.size(); ++i) {
    const auto& [name, text] = evidence.sources[i];
    if (text.empty()) diagnostics.error(name.place, "the source '" + name.text + "' says nothing");
    const std::string* first = find(evidence.sources, name.text);
    if (*first != text)
      diagnostics.error(name.place, "the source '" + name.text + "' is given in two ways",
                        "write the same reference in both documents");
  }
}

void check_references(const Evidence& evidence, Diagnostics& diagnostics) {
  for (const auto& [id, study] : evidence.studies)
    check_citations(evidence, study.source, "studies > " + id.text, diagnostics);
  for (const auto& [id, system] : evidence.systems)
    check_citations(evidence, system.source, "systems > " + id.text, diagnostics);
  for (const auto& [id, algorithm] : evidence.algorithms) {
    const std::string path = "algorithms > " + id.text;
    check_citations(evidence, algorithm.source, path, diagnostics);
    must_be_cited(evidence, algorithm.quoted_in, path, diagnostics);
  }
  for (const auto& [id, trial] : evidence.trials)
    must_be_cited(evidence, trial.quoted_in, "trials > " + id.text, diagnostics);
  for (const auto& [id, table] : evidence.tables)
    must_exist(evidence.studies, table.study, "study", "tables > " + id.text, diagnostics);
  for (const auto& [id, finding] : evidence.findings) {
    const std::string path = "findings > " + id.text;
    must_exist(evidence.studies, finding.study, "study", path, diagnostics);
    must_be_cited(evidence, finding.quoted_in, path, diagnostics);
  }
  for (const auto& [id, treatment] : evidence.treatments)
    check_treatment(evidence, id, treatment, diagnostics);

  for (const auto& [id, target] : evidence.targets) {
    const std::string path = "targets > " + id.text;
    must_exist(evidence.studies, target.study, "study", path, diagnostics);
    must_exist(evidence.populations, target.population, "population", path, diagnostics);
    must_be_cited(evidence, target.quoted_in, path, diagnostics);
    must_exist(evidence.targets, target.versus, "target", path, diagnostics);
    if (!target.versus.empty() && target.versus.text == id.text)
      diagnostics.error(target.versus.place, "'" + id.text + "' stands beside itself", {}, path);
    if (!evidence.effective_n.empty())
      must_exist(evidence.effective_n, target.n_basis, "rule", path, diagnostics);
    if (!target.risk_class.empty() && !is_class(evidence, target.risk_class.text))
      diagnostics.error(target.risk_class.place,
                        "no risk system has the class '" + target.risk_class.text + "'", {}, path);
    check_conflict(evidence, id, target, path, diagnostics);
  }
}

}  // namespace npcsim::detail

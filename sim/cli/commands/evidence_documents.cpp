#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/evidence/evidence_checks.hpp>
#include <npcsim/evidence/evidence_document.hpp>

#include <filesystem>

namespace npcsim {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  return std::filesystem::equivalent(a, b, none);
}

// Adds the documents of the library but `except`.
void read_library(const Library& library, const std::string& except, Evidence& out,
                  Diagnostics& diagnostics) {
  for (const std::string& name : document_names(library, DocumentKind::evidence)) {
    const auto path = find_document(library, DocumentKind::evidence, name, ".");
    if (!path || same_file(*path, except)) continue;
    if (const auto tree = read_document(library, *path, diagnostics))
      read_evidence(*tree, out, diagnostics);
  }
}

std::string counted(std::size_t count, const std::string& one) {
  return std::to_string(count) + " " + one + (count == 1 ? "" : "s");
}

std::string patients_of(const Study& study) {
  return study.patients > 0 ? ", " + std::to_string(study.patients) + " patients" : std::string();
}

}  // namespace

Evidence read_all_evidence(const Library& library, Diagnostics& diagnostics) {
  Evidence evidence;
  read_library(library, {}, evidence, diagnostics);
  check_evidence(evidence, diagnostics);
  return evidence;
}

std::size_t check_evidence_document(const Library& library, const std::string& path,
                                    const Tree& document, Diagnostics& diagnostics) {
  Evidence evidence;
  read_evidence(document, evidence, diagnostics);
  const std::size_t figures = evidence.targets.size();
  read_library(library, path, evidence, diagnostics);
  check_evidence(evidence, diagnostics);
  return figures;
}

std::vector<EvidenceLine> evidence_lines(const Evidence& evidence) {
  std::vector<EvidenceLine> out;
  for (const auto& [id, study] : evidence.studies) {
    std::size_t figures = 0;
    for (const auto& [name, target] : evidence.targets) {
      if (target.study.text == id.text) ++figures;
    }
    out.push_back({id.text, counted(figures, "figure") + ", " + study.design + patients_of(study) +
                                ": " + study.title});
  }
  for (const auto& [id, trial] : evidence.trials)
    out.push_back({id.text, "running trial, phase " + std::to_string(trial.phase) + ", " +
                                std::to_string(trial.enrolment) + " patients planned"});
  for (const auto& [id, algorithm] : evidence.algorithms)
    out.push_back(
        {id.text, counted(algorithm.steps.size(), "decision step") + ": " + algorithm.title});
  if (out.empty()) return out;
  std::size_t left_out = evidence.exclusions.replaced.size();
  for (const ExcludedGroup& group : evidence.exclusions.targets) left_out += group.ids.size();
  out.push_back({"in all", counted(evidence.targets.size(), "figure") + " of " +
                               std::to_string(evidence.studies.size()) + " studies, " +
                               std::to_string(left_out) + " not used in calibration; " +
                               counted(evidence.systems.size(), "risk system") + ", " +
                               counted(evidence.trials.size(), "running trial")});
  return out;
}

}  // namespace npcsim

#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/evidence_names.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/evidence/evidence_checks.hpp>
#include <npcsim/evidence/evidence_document.hpp>

#include <algorithm>
#include <filesystem>

namespace npcsim {
namespace {

// Adds the documents of the library but those that are given.
void read_library(const Library& library, const std::vector<EvidenceFile>& given, Evidence& out,
                  Diagnostics& diagnostics) {
  for (const std::string& name : document_names(library, DocumentKind::evidence)) {
    const auto path = find_document(library, DocumentKind::evidence, name, ".");
    if (!path || std::any_of(given.begin(), given.end(), [&path](const EvidenceFile& file) {
          return same_file(*path, file.path);
        }))
      continue;
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

Evidence check_evidence_documents(const Library& library, std::vector<EvidenceFile>& files,
                                  Diagnostics& diagnostics) {
  Evidence evidence;
  read_library(library, files, evidence, diagnostics);
  for (EvidenceFile& file : files) {
    const std::size_t before = evidence.targets.size();
    read_evidence(file.document, evidence, diagnostics);
    file.figures = evidence.targets.size() - before;
  }
  check_evidence(evidence, diagnostics);
  check_evidence_names(library, evidence, diagnostics);
  return evidence;
}

std::vector<EvidenceLine> evidence_lines(const Evidence& evidence, const Diagnostics& diagnostics) {
  std::vector<EvidenceLine> out;
  const auto add = [&](const Name& id, std::string words) {
    out.push_back({id.text,
                   std::filesystem::path(diagnostics.source_name(id.place.file)).stem().string(),
                   std::move(words)});
  };
  for (const auto& [id, study] : evidence.studies) {
    std::size_t figures = 0;
    std::size_t findings = 0;
    for (const auto& [name, target] : evidence.targets) {
      if (target.study.text == id.text) ++figures;
    }
    for (const auto& [name, finding] : evidence.findings) {
      if (finding.study.text == id.text) ++findings;
    }
    add(id, counted(figures, "figure") + (findings > 0 ? ", " + counted(findings, "finding") : "") +
                ", " + study.design + patients_of(study) + ": " + study.title);
  }
  for (const auto& [id, table] : evidence.tables)
    add(id, "table, " + counted(table.groups.size(), "group") + " by " +
                counted(table.levels.size(), "level") + ": " + table.study.text + ", " +
                table.where);
  for (const auto& [id, system] : evidence.systems)
    add(id, "risk system, " + std::to_string(system.classes.size()) + " classes: " + system.title);
  for (const auto& [id, trial] : evidence.trials)
    add(id, "running trial, phase " + std::to_string(trial.phase) + ", " +
                std::to_string(trial.enrolment) + " patients planned" +
                (trial.doubt.empty() ? "" : "; in doubt: " + trial.doubt));
  for (const auto& [id, algorithm] : evidence.algorithms)
    add(id, counted(algorithm.steps.size(), "decision step") + ": " + algorithm.title);
  if (out.empty()) return out;
  std::size_t left_out = evidence.exclusions.replaced.size();
  for (const ExcludedGroup& group : evidence.exclusions.targets) left_out += group.ids.size();
  out.push_back({"in all", "",
                 counted(evidence.targets.size(), "figure") + " of " +
                     std::to_string(evidence.studies.size()) + " studies, " +
                     std::to_string(left_out) + " not used in calibration; " +
                     counted(evidence.findings.size(), "finding") + ", " +
                     counted(evidence.tables.size(), "table") + ", " +
                     counted(evidence.systems.size(), "risk system") + ", " +
                     counted(evidence.trials.size(), "running trial")});
  return out;
}

}  // namespace npcsim

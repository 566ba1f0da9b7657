#include <npcsim/base/diagnostics.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/named_document.hpp>
#include <npcsim/io/files.hpp>

#include <array>
#include <vector>

namespace npcsim {

std::string path_of_document(const Library& library, const std::string& name) {
  if (file_exists(name) || name.find('/') != std::string::npos || name.ends_with(".yaml") ||
      name.ends_with(".yml"))
    return name;
  constexpr std::array kinds{DocumentKind::study,         DocumentKind::strategy,
                             DocumentKind::model,         DocumentKind::population,
                             DocumentKind::calibration,   DocumentKind::emulation,
                             DocumentKind::running_trial, DocumentKind::evidence};
  for (const DocumentKind kind : kinds) {
    if (const auto found = find_document(library, kind, name, ".")) return *found;
  }
  // Studies, tables and trials have no documents of their own.
  Diagnostics ignored;
  const Evidence evidence = read_all_evidence(library, ignored);
  for (const EvidenceLine& line : evidence_lines(evidence, ignored)) {
    if (line.name == name && !line.document.empty())
      throw FileError(FileError::Kind::cannot_read, "find the document", name,
                      "it is a part of the evidence in '" + line.document + "'");
  }
  std::vector<std::string> names;
  for (const DocumentKind kind : kinds) {
    for (const std::string& known : document_names(library, kind)) names.push_back(known);
  }
  const std::string near = closest(name, names);
  throw FileError(
      FileError::Kind::cannot_read, "find the document", name,
      near.empty() ? "npcsim list shows what there is" : "did you mean '" + near + "'?");
}

}  // namespace npcsim

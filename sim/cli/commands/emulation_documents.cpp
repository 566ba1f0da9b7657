#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/output_files.hpp>

#include <algorithm>

namespace npcsim {
namespace {

std::vector<std::string> known_names(const Library& library) {
  std::vector<std::string> out = document_names(library, DocumentKind::emulation);
  for (std::string& name : document_names(library, DocumentKind::running_trial))
    out.push_back(std::move(name));
  return out;
}

// "did you mean 'x'?", or where the names are.
std::string known_in_words(const Library& library, const std::string& name) {
  const std::string close = suggestion(name, known_names(library));
  return close.empty() ? "npcsim list emulations names those that are there" : close;
}

bool is_among(const std::vector<std::string>& paths, const std::string& path) {
  return std::any_of(paths.begin(), paths.end(),
                     [&](const std::string& other) { return same_file(other, path); });
}

std::vector<std::string> published(const Library& library) {
  std::vector<std::string> out;
  for (const std::string& name : document_names(library, DocumentKind::emulation)) {
    if (const auto path = find_document(library, DocumentKind::emulation, name, "."))
      out.push_back(*path);
  }
  return out;
}

}  // namespace

std::optional<std::string> find_emulation(const Library& library, const std::string& name) {
  const auto path = find_document(library, DocumentKind::emulation, name, ".");
  return path ? path : find_document(library, DocumentKind::running_trial, name, ".");
}

std::vector<std::string> emulation_paths(const Library& library,
                                         const std::vector<std::string>& names) {
  if (names.empty()) return published(library);
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const auto path = find_emulation(library, name);
    if (!path)
      throw UsageError("there is no emulation '" + name + "'; " + known_in_words(library, name));
    if (!is_among(out, *path)) out.push_back(*path);
  }
  return out;
}

}  // namespace npcsim

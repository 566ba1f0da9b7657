#include <npcsim/cli/commands/emulation_documents.hpp>

#include <filesystem>

namespace npcsim {

std::vector<std::string> emulation_paths(const Library& library,
                                         const std::vector<std::string>& names) {
  const std::vector<std::string> known = document_names(library, DocumentKind::emulation);
  std::vector<std::string> out;
  for (const std::string& name : names.empty() ? known : names) {
    const auto path = find_document(library, DocumentKind::emulation, name, ".");
    if (!path) throw UsageError("there is no emulation '" + name + "'; " + suggestion(name, known));
    // Its figures would count twice.
    for (const std::string& other : out) {
      std::error_code none;
      if (std::filesystem::equivalent(other, *path, none))
        throw UsageError("the emulation '" + name + "' is named twice");
    }
    out.push_back(*path);
  }
  return out;
}

bool is_emulation(const Tree& document) {
  const Tree* kind = document.is_map() ? document.find("kind") : nullptr;
  return kind != nullptr && kind->is_scalar() && kind->text() == "emulation";
}

}  // namespace npcsim

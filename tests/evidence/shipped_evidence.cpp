#include "shipped_evidence.hpp"

#include <npcsim/evidence/evidence_checks.hpp>
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <algorithm>
#include <filesystem>
#include <vector>

#include <npcsim_places.hpp>

namespace npcsim::testing {

Evidence shipped_evidence(Diagnostics& diagnostics) {
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(NPCSIM_SOURCE_DIR) + "/configs/evidence"))
    files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  Evidence evidence;
  for (const std::string& file : files) {
    const auto tree = read_yaml_file(file, diagnostics);
    if (tree) read_evidence(*tree, evidence, diagnostics);
  }
  check_evidence(evidence, diagnostics);
  return evidence;
}

const Evidence& shipped_evidence() {
  static const Evidence evidence = [] {
    Diagnostics diagnostics;
    return shipped_evidence(diagnostics);
  }();
  return evidence;
}

Tree document(const std::string& path) {
  Diagnostics diagnostics;
  const auto tree = read_yaml_file(std::string(NPCSIM_SOURCE_DIR) + "/" + path, diagnostics);
  return tree ? *tree : Tree();
}

std::set<std::string> attributes_of_the_model() {
  std::set<std::string> names;
  for (const char* path : {"configs/models/dmnpc.yaml", "configs/models/parts/risk_systems.yaml"}) {
    const Tree model = document(path);
    const Tree* attributes = model.find("attributes");
    if (attributes == nullptr) continue;
    for (std::size_t i = 0; i < attributes->size(); ++i) {
      names.insert(attributes->keys()[i].text);
      const Tree* pattern = attributes->items()[i].find("pattern");
      const Tree* members = pattern == nullptr ? nullptr : pattern->find("members");
      for (std::size_t k = 0; members != nullptr && k < members->size(); ++k)
        names.insert(members->items()[k].text());
    }
  }
  return names;
}

}  // namespace npcsim::testing

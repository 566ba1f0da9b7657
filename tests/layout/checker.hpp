// The rules of the house that a compiler cannot see.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace npcsim::layout {

/// A place where a rule is broken. `rule` is one of
///   floor, uses, detail, relative include, third party, portable mathematics, portable language,
///   language, file size, parallel sum, private notes, registry host, tab, output, process end,
///   environment, distribution, pragma once.
struct Violation {
  std::string rule;
  std::filesystem::path file;  ///< Relative to the root.
  std::size_t line = 0;        ///< From 1; 0 if the whole file is meant.
  std::string problem;
};

/// Reads every room and every text file below `root` and returns what is wrong, in order of files.
/// Folders that hold no work of ours are left out: .git, build*, node_modules, outputs/runs.
std::vector<Violation> check_tree(const std::filesystem::path& root);

/// `file:line: rule: problem`, one a line.
std::string to_text(const std::vector<Violation>& violations);

}  // namespace npcsim::layout

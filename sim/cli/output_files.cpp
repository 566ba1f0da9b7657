#include <npcsim/cli/context.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <filesystem>

namespace npcsim {
namespace {

namespace fs = std::filesystem;

// Where a path leads, also if nothing is there yet.
fs::path resolved(const std::string& path) {
  std::error_code none;
  return fs::weakly_canonical(fs::absolute(path, none), none);
}

}  // namespace

bool same_file(const std::string& a, const std::string& b) {
  std::error_code none;
  return a == b || fs::equivalent(a, b, none);
}

void check_output_files(const std::vector<OutputFile>& outputs,
                        const std::vector<std::string>& inputs) {
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const OutputFile& output = outputs[i];
    if (output.path.empty()) continue;
    for (const std::string& input : inputs) {
      if (input.empty() || !file_exists(input) || !same_file(output.path, input)) continue;
      throw FileError(FileError::Kind::cannot_create, "create", output.path,
                      "this command reads it; give --" + output.option + " another name");
    }
    for (std::size_t j = 0; j < i; ++j) {
      const OutputFile& other = outputs[j];
      if (other.path.empty() || resolved(other.path) != resolved(output.path)) continue;
      if (is_written_in_place(output.path)) continue;  // takes one after the other
      throw UsageError("--" + other.option + " and --" + output.option +
                       " would write the same file '" + output.path + "'");
    }
  }
}

void check_output_folder(const std::string& folder, const std::vector<std::string>& inputs) {
  std::error_code none;
  if (!fs::is_directory(folder, none)) return;
  const fs::path there = resolved(folder);
  for (const std::string& input : inputs) {
    if (input.empty() || !file_exists(input)) continue;
    const fs::path path = resolved(input);
    if (std::mismatch(there.begin(), there.end(), path.begin(), path.end()).first == there.end()) {
      throw FileError(FileError::Kind::cannot_create, "replace the folder", folder,
                      "this command reads '" + input + "' in it; --out DIR writes elsewhere");
    }
  }
}

}  // namespace npcsim

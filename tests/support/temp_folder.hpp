// A folder that lives as long as the object.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace npcsim::testing {

/// Creates an empty folder with a name of its own below the system's folder for temporary files;
/// removes it and everything in it on destruction.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }

  /// Writes a file, with the folders above it, and returns its path. An existing file is replaced.
  std::filesystem::path write(std::string_view name, std::string_view text) const;

 private:
  std::filesystem::path path_;
};

/// The bytes of a file. Throws std::runtime_error if it cannot be read.
std::string read_text(const std::filesystem::path& file);

/// Replaces a file by the text and creates the folders above it. Throws std::runtime_error.
void write_text(const std::filesystem::path& file, std::string_view text);

}  // namespace npcsim::testing

// Files and folders that options name, beside what a command reads: no command destroys its input.
#pragma once

#include <string>
#include <vector>

namespace npcsim {

/// Whether two paths are equal or lead to one file or folder, by whatever names and links.
bool same_file(const std::string& a, const std::string& b);

/// A file that a command is going to write.
struct OutputFile {
  std::string option;  ///< that names it, without "--"
  std::string path;    ///< empty: the option was not written
};

/// Throws FileError (cannot_create) if a file that is to be written is one of those that are read,
/// by whatever name or link, and UsageError if two that are to be written are the same and no pipe
/// or device. Names that lead to no file, or are empty, are passed over.
void check_output_files(const std::vector<OutputFile>& outputs,
                        const std::vector<std::string>& inputs);

/// Throws FileError (cannot_create) if a folder that is to be replaced is one of the paths that are
/// read, or holds one of them.
void check_output_folder(const std::string& folder, const std::vector<std::string>& inputs);

}  // namespace npcsim

// The files that a study's documents name, besides other documents: read once and kept for the
// run's folder.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/io/csv.hpp>
#include <npcsim/run/library.hpp>

#include <cstddef>
#include <map>
#include <optional>
#include <string>

namespace npcsim::detail {

class KeptFiles {
 public:
  KeptFiles(const Library& library, Diagnostics& diagnostics)
      : library_(library), diagnostics_(diagnostics) {}

  /// Reads a table, looked for beside the document that names it, then in configs/. A problem goes
  /// to `diagnostics`. Throws FileError.
  void read(const Name& file);
  /// The same with the places of its cells, for a file that no compilation needs again.
  std::optional<CsvTable> read_cells(const Name& file);
  /// Keeps a plugin and returns its name in the run's folder. Documents in two folders may mean two
  /// files by one name, so a file is known by its name and its bytes. Throws FileError.
  std::string keep_plugin(const std::string& path);
  /// Bytes of a table that has been read, by its name in documents.
  const std::string& bytes_of(const std::string& file) const;

  std::map<std::string, Table> tables;         ///< by name in documents
  std::map<std::string, std::string> files;    ///< name in `inputs/` -> bytes
  std::map<std::string, std::string> renamed;  ///< name of a table in documents -> `inputs/...`

 private:
  const Library& library_;
  Diagnostics& diagnostics_;
};

/// Points the document at the copies of its tables.
void rename_files(Tree& tree, const std::map<std::string, std::string>& renamed);

/// Points a study at the copies of its plugins, which are given by number of the strategy.
void rename_plugins(Tree& study, const std::map<std::size_t, std::string>& renamed);

}  // namespace npcsim::detail

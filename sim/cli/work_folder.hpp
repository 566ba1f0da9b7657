// Where a run is made until it is complete, and who may replace what is in its place.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/io/file_handle.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace npcsim {

/// Says why a folder must not be replaced by a run with this digest, and prints it; empty if it may
/// be.
std::optional<ExitCode> refuse_folder(const std::string& folder, const std::string& digest,
                                      bool force);

/// FOLDER.part, in which a run is made until it is put in the place of FOLDER. It is locked: two
/// programs that write the same run would mix their results. If it is empty at the end, it goes.
class WorkFolder {
 public:
  /// Creates the folder if it is not there. Nothing, and a message, if another program works in it
  /// or if it holds files of others. What a killed program has left beside FOLDER is removed.
  /// Throws FileError, and UsageError if FOLDER has a name of runs that are not finished.
  static std::optional<WorkFolder> take(const std::string& folder);
  WorkFolder(WorkFolder&&) = default;
  WorkFolder& operator=(WorkFolder&&) = delete;
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  ~WorkFolder();

  const std::string& path() const { return path_; }      ///< FOLDER.part
  const std::string& folder() const { return folder_; }  ///< FOLDER
  bool is_empty() const;

  /// Removes what programs have left here, but what is `kept`, and no files of others. Throws
  /// FileError.
  void clear(std::initializer_list<const char*> kept = {}) const;

  /// Puts complete results in the place of FOLDER, and removes the files of their progress there,
  /// in this order: a program that is killed here has lost nothing. If FOLDER must not be replaced
  /// any more, as refuse_folder() says, the results stay here. Throws FileError. Call it once.
  std::optional<ExitCode> put_in_place(const std::string& digest, bool force,
                                       std::initializer_list<const char*> progress);

 private:
  WorkFolder(std::string folder, std::string path, FileHandle handle)
      : folder_(std::move(folder)), path_(std::move(path)), handle_(std::move(handle)) {}
  bool is_in_its_place() const;

  std::string folder_;
  std::string path_;
  FileHandle handle_;  ///< holds the lock
};

}  // namespace npcsim

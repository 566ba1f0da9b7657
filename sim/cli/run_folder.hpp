// The folder of a run: who may replace it, and how it is filled and put in its place.
#pragma once

#include <npcsim/cli/command_line.hpp>
#include <npcsim/io/file_handle.hpp>
#include <npcsim/results/results.hpp>
#include <npcsim/run/run_manifest.hpp>
#include <npcsim/run/runner.hpp>

#include <chrono>
#include <ctime>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>

namespace npcsim {

/// `--out` without slashes at its end, or outputs/runs/STUDY.
std::string folder_of_run(const std::string& out, const std::string& study);

/// Says why a folder must not be replaced by a run with this digest, and prints it; empty if it may
/// be.
std::optional<ExitCode> refuse_folder(const std::string& folder, const std::string& digest,
                                      bool force);

/// FOLDER.part, in which a run is made until it is put in the place of FOLDER. It is locked: two
/// programs that write the same run would mix their results.
class WorkFolder {
 public:
  /// Creates the folder if it is not there. Nothing, and a message, if another program works in it.
  /// Throws FileError.
  static std::optional<WorkFolder> take(const std::string& folder);

  const std::string& path() const { return path_; }

 private:
  WorkFolder(std::string path, FileHandle handle)
      : path_(std::move(path)), handle_(std::move(handle)) {}
  std::string path_;
  FileHandle handle_;  ///< holds the lock
};

/// Renames `part`, which holds complete results, to `folder`, and removes the files of its progress
/// there, in this order. Not before: a program that is killed here has lost nothing. Throws
/// FileError.
void put_in_place(const std::string& part, const std::string& folder,
                  std::initializer_list<const char*> progress);

/// What a run with these options says about itself.
RunManifest manifest_of(const CompiledStudy& study, const RunOptions& options);

/// When a command began, by the calendar and by the watch.
struct Beginning {
  std::chrono::steady_clock::time_point watch = std::chrono::steady_clock::now();
  std::time_t calendar = std::time(nullptr);
};

/// Which program ran, how, and how long since it began.
Provenance provenance_of_run(const Context& context, const SimulationOptions& options,
                             const Beginning& began);

/// Writes the results of a complete run into `part`, renames it to `folder`, and prints what is
/// asked for of the command; --json and provenance.json also have the warnings about documents.
void finish_run(const Context& context, const std::string& command,
                const SimulationOptions& options, const CompiledStudy& study,
                const RunResult& result, const Beginning& began, const Diagnostics& of_documents,
                const std::string& part, const std::string& folder);

}  // namespace npcsim

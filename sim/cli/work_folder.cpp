#include <npcsim/cli/work_folder.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/run_manifest.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace npcsim {
namespace {

namespace fs = std::filesystem;

// The digest of the study that a finished run belongs to; empty if it cannot be told.
std::string digest_of_run(const std::string& folder) {
  if (const auto blocks = read_manifest(folder)) return blocks->digest;
  const std::string path = beside(folder, "provenance.json");
  if (!file_exists(path)) return {};
  const std::string text = read_file(path);
  const std::string mark = "\"digest\"";
  auto at = text.find(mark);
  if (at == std::string::npos) return {};
  at = text.find('"', at + mark.size());
  const auto end = text.find('"', at + 1);
  return at == std::string::npos || end == std::string::npos ? std::string()
                                                             : text.substr(at + 1, end - at - 1);
}

bool folder_exists(const std::string& path) {
  return file_exists(path) || file_exists(beside(path, "provenance.json"));
}

// Whether a command of this program writes files of this name.
bool is_ours(const std::string& name) {
  constexpr std::string_view known[] = {
      "analyses.csv",    "blocks.log",      "coverage.csv",      "cycles.csv",
      "draws.csv",       "draws.log",       "draws_summary.csv", "evaluations.log",
      "figures.csv",     "finished",        "gates.csv",         "inputs",
      "parameters.csv",  "posterior.csv",   "posterior.h5",      "predictions.csv",
      "provenance.json", "report.html",     "results.h5",        "risk_classes.csv",
      "run.yaml",        "scenarios.csv",   "studies.csv",       "study.yaml",
      "summary.csv",     "taken_apart.csv", "tallies.snapshot"};
  return is_fragment(name) ||
         std::find(std::begin(known), std::end(known), name) != std::end(known);
}

std::vector<std::string> names_in(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (fs::directory_iterator entry(folder, none), end; !none && entry != end;
       entry.increment(none))
    names.push_back(entry->path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

// Files that no command of this program writes.
std::string foreign_files(const std::string& folder) {
  std::string out;
  for (const std::string& name : names_in(folder)) {
    if (!is_ours(name)) out += (out.empty() ? "" : ", ") + name;
  }
  return out;
}

// Whether the folder is the one this program works in, or one above it.
bool holds_working_folder(const std::string& folder) {
  std::error_code none;
  const auto here = fs::canonical(fs::current_path(none), none);
  const auto there = fs::canonical(folder, none);
  if (none) return false;
  return std::mismatch(there.begin(), there.end(), here.begin(), here.end()).first == there.end();
}

// A finished run of such a name would be taken for what an unfinished one has left.
void check_name(const std::string& folder) {
  const fs::path name = fs::path(folder).filename();
  if (name.extension() != ".part" && !is_fragment(name.string())) return;
  throw UsageError("a run cannot be called '" + folder +
                   "': npcsim gives such names to runs that are not finished; --out DIR writes "
                   "elsewhere");
}

bool refuse_link_to_nothing(const std::string& folder) {
  std::error_code none;
  if (!fs::is_symlink(folder, none) || file_exists(folder)) return false;
  print_error("npcsim: error: " + folder + " is a link to " +
              fs::read_symlink(folder, none).string() +
              ", where there is nothing\n   hint: make that folder; --out DIR writes elsewhere\n");
  return true;
}

// Only runs, calibrations and validations that have not ended are cleared away.
bool refuse_files_of_others(const std::string& part) {
  const std::string others = foreign_files(part);
  if (others.empty()) return false;
  print_error("npcsim: error: " + part + " holds files that npcsim has not written: " + others +
              "\n   hint: move them elsewhere, or --out DIR writes elsewhere\n");
  return true;
}

// Nothing if it has gone since it was made.
std::optional<FileHandle> open_folder(const std::string& path) {
  make_folders(path);
  try {
    return FileHandle::open(path, FileHandle::Mode::folder);
  } catch (const FileError&) {
    if (file_exists(path)) throw;
    return std::nullopt;
  }
}

// Where two folders cannot be exchanged, a killed program may have left the one that it replaced.
void remove_replaced(const std::string& folder) {
  const std::string begin = fs::path(folder).filename().string() + ".part-";
  for (const std::string& name : names_in(folder_of(folder))) {
    const std::string path = beside(folder_of(folder), name);
    std::error_code none;
    if (!name.starts_with(begin) || !is_fragment(name) || fs::is_symlink(path, none) ||
        !fs::is_directory(path, none) || !foreign_files(path).empty())
      continue;
    try {
      FileHandle handle = FileHandle::open(path, FileHandle::Mode::folder);
      if (handle.lock()) remove_path(path);
    } catch (const FileError&) {
      // It is in nobody's way.
    }
  }
}

// The results are where they belong; that something else is left is no failure.
void warn_of_rest(const std::string& folder, const std::string& problem, const std::string& rest) {
  print_error("npcsim: warning: " + folder + " is complete, but " + problem + "\n   hint: " + rest +
              " is not needed any more\n");
}

}  // namespace

std::optional<ExitCode> refuse_folder(const std::string& folder, const std::string& digest,
                                      bool force) {
  if (!folder_exists(folder)) return std::nullopt;
  std::error_code none;
  if (fs::is_directory(folder, none) && fs::is_empty(folder, none) && !none &&
      !holds_working_folder(folder))
    return std::nullopt;
  const std::string old = digest_of_run(folder);
  // What this program has not made it does not remove, and nobody's working folder either.
  const bool foreign = old.empty() || holds_working_folder(folder);
  const std::string others = foreign ? std::string() : foreign_files(folder);
  if (!foreign && (force || (old == digest && others.empty()))) return std::nullopt;
  if (!foreign && old == digest) {
    print_error("npcsim: error: " + folder + " holds files that npcsim has not written: " + others +
                "\n   hint: move them elsewhere; --force removes them with the run\n");
    return ExitCode::cannot_create;
  }
  print_error("npcsim: error: " + folder +
              (foreign ? " exists and is not a run of this program\n   hint: --out DIR writes "
                         "elsewhere; npcsim removes nothing but its own runs\n"
                       : " holds the run of another study or other options\n   hint: --force "
                         "replaces it, --out DIR writes elsewhere\n"));
  return ExitCode::cannot_create;
}

std::optional<WorkFolder> WorkFolder::take(const std::string& folder) {
  check_name(folder);
  if (refuse_link_to_nothing(folder)) return std::nullopt;
  const std::string path = folder + ".part";
  std::error_code none;
  if (file_exists(path) && !fs::is_directory(path, none)) {
    print_error("npcsim: error: " + path +
                " exists and was not left behind by this program\n   hint: --out DIR writes "
                "elsewhere; npcsim removes nothing but its own runs\n");
    return std::nullopt;
  }
  for (int tries = 0; tries < 10; ++tries) {
    // Whoever worked in it may put it in its place at any moment.
    std::optional<FileHandle> found = open_folder(path);
    if (!found) continue;
    FileHandle handle = std::move(*found);
    if (!handle.lock()) break;
    WorkFolder work(folder, path, std::move(handle));
    if (!work.is_in_its_place()) continue;
    if (refuse_files_of_others(path)) return std::nullopt;
    remove_replaced(folder);
    return work;
  }
  print_error("npcsim: error: another npcsim is working in " + path +
              "\n   hint: wait until it has ended; --out DIR writes elsewhere\n");
  return std::nullopt;
}

bool WorkFolder::is_in_its_place() const {
  struct stat here {};
  struct stat there {};
  return handle_.descriptor() >= 0 && ::fstat(handle_.descriptor(), &here) == 0 &&
         ::stat(path_.c_str(), &there) == 0 && here.st_ino == there.st_ino &&
         here.st_dev == there.st_dev;
}

WorkFolder::~WorkFolder() {
  // Does nothing unless it is empty. Another program may work in a new folder of this name.
  if (is_in_its_place()) ::rmdir(path_.c_str());
}

bool WorkFolder::is_empty() const { return names_in(path_).empty(); }

void WorkFolder::clear(std::initializer_list<const char*> kept) const {
  for (const std::string& name : names_in(path_)) {
    if (is_ours(name) && std::find(kept.begin(), kept.end(), name) == kept.end())
      remove_path(beside(path_, name));
  }
}

std::optional<ExitCode> WorkFolder::put_in_place(const std::string& digest, bool force,
                                                 std::initializer_list<const char*> progress) {
  remove_fragments(path_);
  remove_fragments(beside(path_, "inputs"));
  // Since the run began, others may have put a run or files of their own there.
  if (const auto refused = refuse_folder(folder_, digest, force)) {
    print_error("   the results are complete and stay in " + path_ + "\n");
    return refused;
  }
  const std::optional<OldFolder> old = replace_folder(path_, folder_);
  try {
    const std::string others = old && !force ? foreign_files(old->path) : std::string();
    if (!others.empty()) {
      warn_of_rest(folder_, "what it replaced holds files that npcsim has not written: " + others,
                   "the rest of " + old->path);
    } else if (old) {
      remove_path(old->path);
    }
  } catch (const FileError& error) {
    warn_of_rest(folder_, error.what(), old->path);
  }
  for (const char* const name : progress) {
    try {
      remove_path(beside(folder_, name));
    } catch (const FileError& error) {
      warn_of_rest(folder_, error.what(), beside(folder_, name));
    }
  }
  handle_.close();  // others may replace it now
  return std::nullopt;
}

}  // namespace npcsim

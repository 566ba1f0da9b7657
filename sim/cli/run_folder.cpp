#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <array>
#include <filesystem>
#include <sys/stat.h>

namespace npcsim {
namespace {

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

// What an interrupted run, calibration or validation leaves, or a killed one while it writes its
// results: an empty folder at the least.
bool is_unfinished_run(const std::string& part) {
  std::error_code none;
  if (!std::filesystem::is_directory(part, none)) return false;
  for (const auto& entry : std::filesystem::directory_iterator(part, none)) {
    if (is_fragment(entry.path().filename().string())) return true;
  }
  if (std::filesystem::is_empty(part, none)) return true;
  for (const char* const name : {"run.yaml", "evaluations.log", "figures.csv", "posterior.csv",
                                 "summary.csv", "scenarios.csv", "study.yaml", "results.h5"}) {
    if (file_exists(beside(part, name))) return true;
  }
  return false;
}

// Files that no command of this program writes.
std::string foreign_files(const std::string& folder) {
  constexpr std::string_view known[] = {
      "analyses.csv",    "blocks.log",      "coverage.csv",      "cycles.csv",
      "draws.csv",       "draws.log",       "draws_summary.csv", "evaluations.log",
      "figures.csv",     "finished",        "gates.csv",         "inputs",
      "parameters.csv",  "posterior.csv",   "posterior.h5",      "predictions.csv",
      "provenance.json", "report.html",     "results.h5",        "risk_classes.csv",
      "run.yaml",        "scenarios.csv",   "studies.csv",       "study.yaml",
      "summary.csv",     "taken_apart.csv", "tallies.snapshot"};
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    const std::string name = entry.path().filename().string();
    if (std::find(std::begin(known), std::end(known), name) == std::end(known) &&
        !is_fragment(name))
      names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

// Whether the folder is the one this program works in, or one above it.
bool holds_working_folder(const std::string& folder) {
  std::error_code none;
  const auto here = std::filesystem::canonical(std::filesystem::current_path(none), none);
  const auto there = std::filesystem::canonical(folder, none);
  if (none) return false;
  return std::mismatch(there.begin(), there.end(), here.begin(), here.end()).first == there.end();
}

WriteOptions::Keep keep_of(const std::string& output) {
  if (output == "patients") return WriteOptions::Keep::patients;
  return output == "journal" ? WriteOptions::Keep::journal : WriteOptions::Keep::summary;
}

// Whether a subgroup of the study is a class of a risk system.
bool reports_classes(const CompiledStudy& study, const Evidence& evidence) {
  const auto is_subgroup = [&](const RiskClass& row) {
    return std::any_of(study.shape.subgroups.begin(), study.shape.subgroups.end(),
                       [&](const SubgroupShape& shape) { return shape.name == row.flag.text; });
  };
  return std::any_of(evidence.systems.begin(), evidence.systems.end(), [&](const auto& system) {
    const std::vector<RiskClass>& classes = system.second.classes;
    return std::any_of(classes.begin(), classes.end(), is_subgroup);
  });
}

// What is published of the classes that the study may report. Mistakes in the evidence take nothing
// away from a run that is complete; what they do take away is said.
Evidence published_evidence(const Context& context, const SimulationOptions& options,
                            const CompiledStudy& study) {
  if (study.shape.subgroups.empty()) return {};
  try {
    Diagnostics diagnostics;
    Evidence evidence = read_all_evidence(library_near(context, options.study), diagnostics);
    if (!diagnostics.has_errors()) return evidence;
    if (!reports_classes(study, evidence)) return {};
  } catch (const FileError&) {
    // One that cannot be read is left out like one with mistakes.
  }
  print_error(
      "npcsim: warning: documents in configs/evidence have mistakes or cannot be read: published "
      "figures are left out\n   hint: npcsim check configs/evidence/*.yaml says why\n");
  return {};
}

}  // namespace

std::string folder_of_run(const std::string& out, const std::string& study) {
  // Without `..` in the middle: what is checked is then what is written.
  std::string folder = out.empty() ? "outputs/runs/" + study
                                   : std::filesystem::path(out).lexically_normal().string();
  while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
  // Where a link leads, so that the run comes to lie where the user wants it.
  std::error_code none;
  if (std::filesystem::is_symlink(folder, none)) {
    const auto target = std::filesystem::canonical(folder, none);
    if (!none) return target.string();
  }
  return folder;
}

std::optional<ExitCode> refuse_folder(const std::string& folder, const std::string& digest,
                                      bool force) {
  std::error_code none;
  if (std::filesystem::is_symlink(folder, none) && !file_exists(folder)) {
    print_error(
        "npcsim: error: " + folder + " is a link to " +
        std::filesystem::read_symlink(folder, none).string() +
        ", where there is nothing\n   hint: make that folder; --out DIR writes elsewhere\n");
    return ExitCode::cannot_create;
  }
  const std::string part = folder + ".part";
  if (file_exists(part) && !is_unfinished_run(part)) {
    print_error("npcsim: error: " + part +
                " exists and was not left behind by this program\n   hint: --out DIR writes "
                "elsewhere; npcsim removes nothing but its own runs\n");
    return ExitCode::cannot_create;
  }
  if (!folder_exists(folder)) return std::nullopt;
  if (std::filesystem::is_empty(folder, none) && !holds_working_folder(folder)) return std::nullopt;
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
  std::string path = folder + ".part";
  for (int tries = 0; tries < 10; ++tries) {
    make_folders(path);
    FileHandle handle = FileHandle::open(path, FileHandle::Mode::folder);
    if (!handle.lock()) break;
    // Whoever held it may have put it in its place in the meantime.
    struct stat here {};
    struct stat there {};
    if (::fstat(handle.descriptor(), &here) == 0 && ::stat(path.c_str(), &there) == 0 &&
        here.st_ino == there.st_ino && here.st_dev == there.st_dev)
      return WorkFolder(std::move(path), std::move(handle));
  }
  print_error("npcsim: error: another npcsim is working in " + path +
              "\n   hint: wait until it has ended; --out DIR writes elsewhere\n");
  return std::nullopt;
}

void put_in_place(const std::string& part, const std::string& folder,
                  std::initializer_list<const char*> progress) {
  remove_fragments(part);
  replace_folder(part, folder);
  for (const char* const name : progress) remove_path(beside(folder, name));
}

RunManifest manifest_of(const CompiledStudy& study, const RunOptions& options) {
  RunManifest out;
  out.study = study.study.name;
  out.digest = digest_text(study.digest);
  out.program = program_name();
  out.output = study.study.output;
  out.patients = static_cast<std::uint64_t>(study.study.patients);
  out.draws = study.draws ? static_cast<std::uint64_t>(study.draws->count) : 0;
  out.block_patients = patients_in_a_block(study, options);
  out.slice = options.slice;
  out.slices = options.slices;
  return out;
}

Provenance provenance_of_run(const Context& context, const SimulationOptions& options,
                             const Beginning& began) {
  Provenance provenance = make_provenance(context);
  provenance.wall_seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - began.watch).count();
  provenance.threads = threads_meant(options.threads);
  std::array<char, 32> stamp{};
  std::tm parts{};
  gmtime_r(&began.calendar, &parts);
  std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  provenance.started_at = stamp.data();
  return provenance;
}

void finish_run(const Context& context, const std::string& command,
                const SimulationOptions& options, const CompiledStudy& study,
                const RunResult& result, const Beginning& began, const Diagnostics& of_documents,
                const std::string& part, const std::string& folder) {
  const Provenance provenance = provenance_of_run(context, options, began);
  WriteOptions write;
  write.folder = part;
  write.keep = keep_of(study.study.output);
  write.sample = study.study.sample;
  write.of_documents = warning_messages(of_documents);
  write.stop = stop_sign(context);
  const RunFigures figures =
      write_results(study, result, provenance, write, published_evidence(context, options, study));
  put_in_place(part, folder, {"run.yaml", "blocks.log", "draws.log", "tallies.snapshot"});
  write.folder = folder;
  if (options.json) {
    print(result_json(command, study, result, figures, provenance, write,
                      warning_lines(of_documents)) +
          "\n");
  } else if (!options.quiet) {
    print(result_text(study, result, figures, write));
  }
}

}  // namespace npcsim

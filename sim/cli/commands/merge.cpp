// npcsim merge: joins the blocks of array jobs into one run.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/comparison/run_study.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <filesystem>
#include <set>

namespace npcsim {
namespace {

namespace po = boost::program_options;

struct Slice {
  std::string folder;
  RunManifest manifest;
};

ExitCode refuse(const std::string& problem, const std::string& hint) {
  print_error("npcsim: error: " + problem + "\n   hint: " + hint + "\n");
  return ExitCode::contradiction;
}

std::string slice_name(const RunManifest& manifest) {
  return std::to_string(manifest.slice) + "/" + std::to_string(manifest.slices);
}

// Why two slices cannot be of one run, in words; empty if they can.
std::string difference(const RunManifest& a, const RunManifest& b) {
  if (a.study != b.study) return "different studies ('" + a.study + "' and '" + b.study + "')";
  if (a.digest != b.digest)
    return "different versions of the study or other options (digests " + a.digest + " and " +
           b.digest + ")";
  if (a.program != b.program)
    return "different versions of npcsim (" + a.program + " and " + b.program + ")";
  if (a.slices != b.slices)
    return "different numbers of shares (" + slice_name(a) + " and " + slice_name(b) + ")";
  if (a.block_patients != b.block_patients) return "different --block-size";
  return {};
}

// A folder of shares stands for all of them, and so does the name of the run that they belong to.
std::vector<std::string> shares_in(const std::vector<std::string>& folders) {
  std::vector<std::string> all;
  for (std::string folder : folders) {
    while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
    // X.blocks/* of a shell also names what a killed program has left of a share that it replaced.
    if (folders.size() > 1 && is_fragment(std::filesystem::path(folder).filename().string()))
      continue;
    std::vector<std::string> shares;
    for (const std::string& where : {folder, folder + ".blocks"}) {
      if (read_manifest(folder) || file_exists(beside(folder, "provenance.json"))) break;
      std::error_code none;
      for (std::filesystem::directory_iterator entry(where, none), end; !none && entry != end;
           entry.increment(none)) {
        if (is_fragment(entry->path().filename().string())) continue;
        if (read_manifest(entry->path().string())) shares.push_back(entry->path().string());
      }
    }
    std::sort(shares.begin(), shares.end());
    if (shares.empty()) shares.push_back(folder);
    all.insert(all.end(), shares.begin(), shares.end());
  }
  return all;
}

// Reads what the folders say about themselves and checks that they are all shares of one run.
std::optional<ExitCode> read_slices(const std::vector<std::string>& folders,
                                    const std::string& program, std::vector<Slice>& slices) {
  for (const std::string& folder : folders) {
    const bool unfinished = std::filesystem::path(folder).extension() == ".part";
    const auto manifest = read_manifest(folder);
    if (!manifest) {
      if (!file_exists(folder))
        throw FileError(FileError::Kind::cannot_read, "read", folder, "No such file or directory");
      const bool finished = file_exists(beside(folder, "provenance.json"));
      return refuse(folder + (finished ? " is a finished run, not blocks of one"
                                       : " holds no blocks of a run"),
                    "npcsim run STUDY --blocks K/N makes them");
    }
    if (unfinished) {
      return refuse("blocks " + slice_name(*manifest) + " in " + folder + " are not finished",
                    "the command that began them goes on with --resume");
    }
    slices.push_back({folder, *manifest});
    const std::string other = difference(slices.front().manifest, *manifest);
    if (!other.empty()) {
      return refuse(slices.front().folder + " and " + folder + " are of " + other,
                    "merge joins the shares of one run");
    }
  }
  if (slices.empty())
    return refuse("these are what killed programs have left of shares",
                  "npcsim run STUDY --blocks K/N makes shares");
  const RunManifest& first = slices.front().manifest;
  if (first.program != program) {
    return refuse("the blocks were computed by another version of npcsim (" + first.program +
                      "; this is " + program + ")",
                  "merge them with the program that computed them");
  }
  std::set<std::uint64_t> there;
  for (const Slice& slice : slices) {
    if (!there.insert(slice.manifest.slice).second) {
      return refuse("blocks " + slice_name(slice.manifest) + " are given twice",
                    "name each folder once");
    }
  }
  std::string missing;
  for (std::uint64_t k = 1; k <= first.slices; ++k) {
    if (there.count(k) == 0) missing += (missing.empty() ? "" : ", ") + std::to_string(k);
  }
  if (!missing.empty()) {
    return refuse(
        "of the " + std::to_string(first.slices) + " shares these are missing: " + missing,
        "npcsim run STUDY --blocks K/" + std::to_string(first.slices) + " computes share K");
  }
  return std::nullopt;
}

}  // namespace

ExitCode merge_command(const Context& context) {
  SimulationOptions options;
  std::vector<std::string> folders;
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("out", po::value<std::string>(&options.folder)->value_name("DIR"),
      "folder of the run (default outputs/runs/STUDY)");
  add("threads", po::value<int>(&options.threads)->value_name("N"), "0: all cores");
  add("force", po::bool_switch(&options.force), "replace a finished run of another study");
  add("quiet,q", po::bool_switch(&options.quiet), "no table");
  add("json", po::bool_switch(&options.json),
      "one JSON object on standard output and nothing else");
  const auto given = read_arguments(context, shown, folders);
  if (given.count("help") > 0) {
    print(help_page("merge", shown,
                    "npcsim merge outputs/runs/lrrt\n"
                    "after\n"
                    "  npcsim run configs/studies/lrrt.yaml --blocks 1/2\n"
                    "  npcsim run configs/studies/lrrt.yaml --blocks 2/2"));
    return ExitCode::done;
  }
  if (folders.empty())
    throw UsageError("which blocks? give their folders, e.g. outputs/runs/lrrt.blocks/*");
  if (options.threads < 0 || options.threads > 4096)
    throw UsageError("--threads must be from 0 to 4096");

  const Beginning began;
  std::vector<Slice> slices;
  if (const auto refused = read_slices(shares_in(folders), program_name(), slices)) return *refused;
  const RunManifest& first = slices.front().manifest;
  options.study = beside(slices.front().folder, "study.yaml");
  Diagnostics diagnostics;
  const auto study = load_study(context, options, diagnostics);
  if (study == nullptr || diagnostics.has_errors())
    return report(context, diagnostics, "nothing was joined");
  if (digest_text(study->digest) != first.digest) {
    return refuse(options.study + " is not the study that the blocks were computed from",
                  "it was changed after the run");
  }

  // The name is that of the study, which has been checked, and not that of run.yaml.
  const std::string folder = folder_of_run(options.folder, study->study.name);
  auto work = WorkFolder::take(folder);
  if (!work) return ExitCode::cannot_create;
  if (const auto refused = refuse_folder(folder, first.digest, options.force)) return *refused;
  work->clear();
  RunOptions run;
  run.block_patients = static_cast<std::uint32_t>(first.block_patients);
  run.folder = work->path();
  run.keep_patients = first.output != "summary";
  std::vector<std::string> places;
  for (const Slice& slice : slices) places.push_back(slice.folder);
  const RunResult result = merge_study(*study, run, places);
  if (!result.failure.empty() || !result.complete) {
    work->clear();
    return refuse(result.failure.empty() ? "some blocks are not finished" : result.failure,
                  "compute them again");
  }
  return finish_run(context, "merge", options, *study, result, began, diagnostics, *work);
}

}  // namespace npcsim

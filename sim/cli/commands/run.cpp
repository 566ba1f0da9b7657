// npcsim run: simulates a study and writes the folder of the run.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/emulation_run.hpp>
#include <npcsim/cli/commands/run_scenarios.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/comparison/draw_figures.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/json.hpp>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string_view>

namespace npcsim {
namespace {

// Keeps a slice's blocks for npcsim merge.
ExitCode finish_slice(const SimulationOptions& options, const RunManifest& manifest,
                      WorkFolder& work) {
  if (const auto refused = work.put_in_place(manifest.digest, options.force, {})) return *refused;
  const std::string& folder = work.folder();
  const std::string slice = std::to_string(manifest.slice) + "/" + std::to_string(manifest.slices);
  if (options.json) {
    JsonWriter json;
    json.begin_object();
    json.key("command").text("run");
    json.key("version").text(program_version());
    json.key("study").text(manifest.study);
    json.key("blocks").text(slice);
    json.key("patients").integer(static_cast<std::int64_t>(manifest.slice_patients()));
    json.key("folder").text(folder);
    json.end_object();
    print(json.str() + "\n");
  } else if (!options.quiet) {
    print("Blocks " + slice + " of " + manifest.study + " (" +
          count_text(manifest.slice_patients()) + " patients) are kept in " + folder +
          ".\nWhen all are there: npcsim merge " + folder_of(folder) + "/*" +
          (options.folder.empty() ? "" : " --out " + options.folder) + "\n");
  }
  return ExitCode::done;
}

// The path of the study, if it is an emulation of a published one.
std::optional<std::string> emulation_named(const Context& context,
                                           const SimulationOptions& options) {
  const Library library = library_near(context, options.study);
  std::string path = options.study;
  if (!file_exists(path) && path.find('/') == std::string::npos) {
    if (find_document(library, DocumentKind::study, path, ".")) return std::nullopt;
    if (const auto found = find_emulation(library, path)) path = *found;
  }
  if (!file_exists(path)) return std::nullopt;
  Diagnostics ignored;
  const auto tree = read_document(library, path, ignored);
  return tree && is_emulation(*tree) ? std::optional<std::string>(path) : std::nullopt;
}

// A study that was published is simulated as it was; options of other studies would do nothing.
void refuse_other_options(const SimulationOptions& options) {
  constexpr std::string_view known[] = {"out",     "patients", "seed",  "draws",
                                        "threads", "force",    "quiet", "json"};
  std::string others;
  for (const std::string& option : options.given) {
    if (std::find(std::begin(known), std::end(known), option) == std::end(known))
      others += (others.empty() ? "--" : ", --") + option;
  }
  if (!others.empty())
    throw UsageError(others + (others.find(',') == std::string::npos ? " is" : " are") +
                     " not for emulations of published studies; npcsim validate --help says what "
                     "else can be asked of them");
}

// The number of an option, which read_options has found to be whole.
std::int64_t number_of(const std::string& text) { return parse_integer(text).value_or(-1); }

// Blocks of another run are refused before anything is written over them.
void refuse_other_blocks(const std::string& part, const RunManifest& wanted) {
  const auto old = read_manifest(part);
  if (!old) return;
  std::string begun;
  if (wanted.output != "summary" && file_exists(beside(part, "blocks.log"))) {
    if (old->block_patients != wanted.block_patients)
      begun = "--block-size " + std::to_string(old->block_patients);
    if (old->digest != wanted.digest) begun = "another study or other options";
  }
  if (begun.empty() && old->output != wanted.output) begun = "--output " + old->output;
  // Its blocks may have other numbers.
  if (begun.empty() && old->program != wanted.program)
    begun = "another version of npcsim (" + old->program + "; this is " + wanted.program + ")";
  if (begun.empty()) return;
  throw FileError(FileError::Kind::cannot_read, "go on with", part, "it was begun with " + begun);
}

// Clears away all but the progress of this very run, if that is to go on.
void begin_folder(const WorkFolder& work, const RunManifest& manifest, bool resume) {
  if (resume) refuse_other_blocks(work.path(), manifest);
  const auto old = read_manifest(work.path());
  const bool same = old && old->digest == manifest.digest && old->program == manifest.program;
  if (resume && same) {
    work.clear({"run.yaml", "blocks.log", "draws.log", "tallies.snapshot"});
  } else {
    work.clear();
  }
  write_manifest(work.path(), manifest);
}

ExitCode run_one_emulation(const Context& context, const SimulationOptions& options,
                           const std::string& path) {
  refuse_other_options(options);
  EmulationRun run;
  Diagnostics ignored;
  const Library library = library_near(context, path);
  run.command = "run";
  const auto tree = read_document(library, path, ignored);
  const Tree* const name = tree ? tree->find("study") : nullptr;
  run.name = name == nullptr ? std::string() : name->text();
  run.paths = {path};
  run.folder = options.folder;
  run.findings = false;
  if (options.patients)
    run.patients =
        static_cast<std::uint32_t>(whole("patients", number_of(*options.patients), 64, 10'000'000));
  if (options.draws)
    run.draws = static_cast<std::uint32_t>(whole("draws", number_of(*options.draws), 2, 1'000'000));
  if (options.seed)
    run.seed = static_cast<std::uint64_t>(whole("seed", number_of(*options.seed), 0));
  run.threads = options.threads;
  run.force = options.force;
  run.quiet = options.quiet;
  run.json = options.json;
  return run_emulations(context, library, run);
}

}  // namespace

ExitCode run_command(const Context& context) {
  const auto options =
      read_options(context, "run", {.running = true}, "npcsim run configs/studies/lrrt.yaml");
  if (!options) return ExitCode::done;
  if (const auto emulation = emulation_named(context, *options))
    return run_one_emulation(context, *options, *emulation);
  if (names_scenario_study(context, options->study)) return run_scenarios(context, *options);
  Diagnostics diagnostics;
  const auto study = load_study(context, *options, diagnostics);
  if (study != nullptr && !diagnostics.has_errors())
    check_draws(*study, diagnostics, stop_sign(context));
  if (study == nullptr || diagnostics.has_errors())
    return report(context, diagnostics, "nothing was run");
  if (diagnostics.warning_count() > 0 && !options->quiet && !options->json) {
    print_error(diagnostics.text("", context.colour_errors, 5));
  }

  std::string folder = folder_of_run(options->folder, study->study.name);
  const bool sliced = given(*options, "blocks");
  if (sliced) {
    folder +=
        ".blocks/" + std::to_string(options->slice) + "-of-" + std::to_string(options->slices);
  }
  auto work = WorkFolder::take(folder);
  if (!work) return ExitCode::cannot_create;
  if (const auto refused = refuse_folder(folder, digest_text(study->digest), options->force))
    return *refused;

  const bool keep = study->study.output != "summary";
  RunOptions run;
  run.threads = options->threads;
  run.block_patients = options->block;
  run.folder = work->path();
  run.resume = options->resume;
  run.keep_patients = keep;
  run.slice = options->slice;
  run.slices = options->slices;
  run.snapshot_seconds = options->snapshot_seconds;
  if (study->draws) run.figures = DrawFigures(study->shape).keys().size();
  const Forecast ahead = forecast(*study, run);
  if (study->draws && !options->quiet && !options->json) {
    print_error("  base case and " + count_text(static_cast<std::uint64_t>(study->draws->count)) +
                " draws of the parameters: " + count_text(ahead.patients) + " patients, about " +
                amount(ahead.memory_bytes) + " of memory\n");
  }
  if (keep && !options->quiet && !options->json) {
    print_error("  will take about " + amount(ahead.memory_bytes) + " of memory and write " +
                amount(ahead.patient_bytes) + " before compression" +
                (study->study.output == "journal" ? ", the journal apart\n" : "\n"));
  }
  if (const auto refused = refuse_memory(ahead)) return *refused;
  if (context.progress && !options->quiet && !options->json)
    run.progress = [](const Progress& progress) { show_progress(progress, {}); };
  if (const auto ended = say_if_interrupted(context, *work)) return *ended;
  const RunManifest manifest = manifest_of(*study, run);
  begin_folder(*work, manifest, options->resume);
  if (sliced) write_study(*study, work->path());

  const Beginning began;
  const RunResult result = run_watched(context, *study, run);
  if (!result.failure.empty()) {
    work->clear();
    return say_failed(context, diagnostics, result.place, result.failure);
  }
  if (!result.complete) return say_interrupted(context, work->path());
  if (sliced) return finish_slice(*options, manifest, *work);
  try {
    return finish_run(context, "run", *options, *study, result, began, diagnostics, *work);
  } catch (const Stopped&) {
    return say_interrupted(context, work->path());
  }
}

}  // namespace npcsim

#include <npcsim/cli/commands/run_scenarios.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/scenarios/scenario_files.hpp>
#include <npcsim/scenarios/scenario_text.hpp>

namespace npcsim {
namespace {

// For `npcsim status`: a finished scenario counts as a finished block.
RunManifest manifest_of_set(const ScenarioSet& set) {
  RunManifest out;
  out.study = set.name;
  out.digest = digest_text(set.digest);
  out.program = program_name();
  out.output = scenarios_output;
  out.block_patients = static_cast<std::uint64_t>(set.base().study.patients);
  out.patients = out.block_patients * set.scenarios.size();
  return out;
}

// Empties the folder of an unfinished run unless it is one of this very study that is to go on.
void begin_folder(const SimulationOptions& options, const RunManifest& manifest,
                  const WorkFolder& work) {
  const auto old = read_manifest(work.path());
  const bool same = old && old->digest == manifest.digest && old->program == manifest.program;
  if (options.resume && same) {
    work.clear({"run.yaml", "finished", "tallies.snapshot"});
  } else {
    work.clear();
  }
  write_manifest(work.path(), manifest);
}

RunOptions run_options(const Context& context, const SimulationOptions& options,
                       const std::string& part, const std::string& what) {
  RunOptions run;
  run.threads = options.threads;
  run.block_patients = options.block;
  run.folder = part;
  run.resume = options.resume;
  run.snapshot_seconds = options.snapshot_seconds;
  if (context.progress && !options.quiet && !options.json)
    run.progress = [what](const Progress& progress) { show_progress(progress, what); };
  return run;
}

ExitCode finish(const Context& context, const SimulationOptions& options, const ScenarioSet& set,
                const ScenarioRows& rows, const Beginning& began, const Diagnostics& of_documents,
                WorkFolder& work) {
  const Provenance provenance = provenance_of_run(context, options, began);
  write_scenarios(set, rows, provenance, warning_messages(of_documents), work.path());
  if (const auto refused = work.put_in_place(digest_text(set.digest), options.force,
                                             {"run.yaml", "finished", "tallies.snapshot"}))
    return *refused;
  if (options.json) {
    print(scenario_json(set, rows, provenance, work.folder(), warning_lines(of_documents)));
  } else if (!options.quiet) {
    print(scenario_text(set, rows, work.folder()));
  }
  return ExitCode::done;
}

}  // namespace

ExitCode run_scenarios(const Context& context, const SimulationOptions& options) {
  Diagnostics diagnostics;
  const ScenarioSet set = load_scenarios(context, options, diagnostics);
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  if (diagnostics.warning_count() > 0 && !options.quiet && !options.json)
    print_error(diagnostics.text("", context.colour_errors, 5));

  const std::string folder = folder_of_run(options.folder, set.name);
  auto work = WorkFolder::take(folder);
  if (!work) return ExitCode::cannot_create;
  const std::string& part = work->path();
  if (const auto refused = refuse_folder(folder, digest_text(set.digest), options.force))
    return *refused;
  if (const auto refused =
          refuse_memory(forecast(set.base(), run_options(context, options, part, {}))))
    return *refused;
  if (const auto ended = say_if_interrupted(context, *work)) return *ended;
  begin_folder(options, manifest_of_set(set), *work);

  const Beginning began;
  ScenarioRows rows;
  for (std::size_t s = 0; s < set.scenarios.size(); ++s) {
    if (auto kept = kept_scenario(s, part)) {
      rows.push_back(std::move(*kept));
      continue;
    }
    const std::string what = std::to_string(s + 1) + " of " + std::to_string(set.scenarios.size()) +
                             ", " + set.scenarios[s].name + ": ";
    const RunResult result =
        run_watched(context, *set.scenarios[s].study, run_options(context, options, part, what));
    if (!result.failure.empty()) {
      work->clear();
      return say_failed(context, diagnostics, result.place,
                        "in the scenario " + set.scenarios[s].name + ": " + result.failure);
    }
    if (!result.complete) return say_interrupted(context, part);
    rows.push_back(summary_rows(*result.tally));
    keep_scenario(set, s, rows.back(), part);
  }
  return finish(context, options, set, rows, began, diagnostics, *work);
}

}  // namespace npcsim

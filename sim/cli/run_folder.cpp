#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <array>
#include <filesystem>

namespace npcsim {
namespace {

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

std::optional<ExitCode> say_if_interrupted(const Context& context, const WorkFolder& work) {
  if (context.signal == nullptr || context.signal->load() == 0) return std::nullopt;
  return work.is_empty() ? say_interrupted(context) : say_interrupted(context, work.path());
}

ExitCode finish_run(const Context& context, const std::string& command,
                    const SimulationOptions& options, const CompiledStudy& study,
                    const RunResult& result, const Beginning& began,
                    const Diagnostics& of_documents, WorkFolder& work) {
  const Provenance provenance = provenance_of_run(context, options, began);
  WriteOptions write;
  write.folder = work.path();
  write.keep = keep_of(study.study.output);
  write.sample = study.study.sample;
  write.of_documents = warning_messages(of_documents);
  write.stop = stop_sign(context);
  const RunFigures figures =
      write_results(study, result, provenance, write, published_evidence(context, options, study));
  if (const auto refused =
          work.put_in_place(digest_text(study.digest), options.force,
                            {"run.yaml", "blocks.log", "draws.log", "tallies.snapshot"}))
    return *refused;
  write.folder = work.folder();
  if (options.json) {
    print(result_json(command, study, result, figures, provenance, write,
                      warning_lines(of_documents)) +
          "\n");
  } else if (!options.quiet) {
    print(result_text(study, result, figures, write));
  }
  return ExitCode::done;
}

}  // namespace npcsim

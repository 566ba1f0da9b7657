// npcsim report and npcsim digest: finished runs.
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/results/results.hpp>
#include <npcsim/scenarios/scenario_files.hpp>

namespace npcsim {
namespace {

// The one folder that the command was given; nothing when --help was asked for.
std::string only_folder(const Context& context, const std::string& help) {
  std::vector<std::string> folders;
  for (const std::string& word : context.arguments) {
    if (word == "--help" || word == "-h") {
      print(help);
      return {};
    }
    if (!word.empty() && word.front() == '-') throw UsageError("unknown option '" + word + "'");
    folders.push_back(word);
  }
  if (folders.size() > 1)
    throw UsageError("one run at a time, found " + std::to_string(folders.size()));
  if (folders.empty() || folders[0].empty())
    throw UsageError("which run? give its folder, e.g. outputs/runs/lrrt");
  return folders[0];
}

// Whether a folder is a finished one of another command, and says so if it is.
bool is_of_another_command(const std::string& folder) {
  if (file_exists(beside(folder, "study.yaml")) ||
      !file_exists(beside(folder, "provenance.json"))) {
    return false;
  }
  const bool calibration = file_exists(beside(folder, "posterior.csv"));
  if (!calibration && !file_exists(beside(folder, "figures.csv"))) return false;
  print_error("npcsim: error: " + folder + " holds a " +
              (calibration ? "calibration" : "validation of published studies") +
              "; report and digest are for runs of studies\n   hint: its report.html is there "
              "already, its numbers are in " +
              (calibration ? "posterior.csv" : "figures.csv") + "\n");
  return true;
}

}  // namespace

ExitCode report_command(const Context& context) {
  const std::string folder =
      only_folder(context,
                  "npcsim report RUN_DIR\n  rebuilds report.html of a finished run\n\n"
                  "Example:\n  npcsim report outputs/runs/lrrt\n");
  if (folder.empty()) return ExitCode::done;
  if (is_of_another_command(folder)) return ExitCode::cannot_read;
  SimulationOptions options;
  options.study = beside(folder, "study.yaml");
  Diagnostics diagnostics;
  if (names_scenario_study(context, options.study)) {
    const ScenarioSet set = load_scenarios(context, options, diagnostics);
    ScenarioRows rows;
    if (!diagnostics.has_errors()) rows = read_scenarios(set, folder, diagnostics);
    if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was written");
    write_scenario_report(set, rows, make_provenance(context), folder);
    print(beside(folder, "report.html") + "\n");
    return ExitCode::done;
  }
  const auto study = load_study(context, options, diagnostics);
  if (study == nullptr || diagnostics.has_errors())
    return report(context, diagnostics, "nothing was written");
  rebuild_report(*study, folder);
  print(beside(folder, "report.html") + "\n");
  return ExitCode::done;
}

ExitCode digest_command(const Context& context) {
  const std::string folder =
      only_folder(context,
                  "npcsim digest RUN_DIR\n  prints the digests of results.h5 (all decoded "
                  "datasets but /provenance and /risk_classes) and summary.csv, or of "
                  "scenarios.csv\n\n"
                  "Example:\n  npcsim digest outputs/runs/lrrt\n");
  if (folder.empty()) return ExitCode::done;
  if (is_of_another_command(folder)) return ExitCode::cannot_read;
  if (const std::string figures = beside(folder, "scenarios.csv"); file_exists(figures)) {
    print("scenarios.csv " + digest_text(digest_of(read_file(figures))) + "\n");
    return ExitCode::done;
  }
  print("results.h5  " + digest_text(hdf5_digest(beside(folder, "results.h5"))) + "\nsummary.csv " +
        digest_text(digest_of(read_file(beside(folder, "summary.csv")))) + "\n");
  return ExitCode::done;
}

}  // namespace npcsim

// npcsim validate: simulates the published studies and prints published beside predicted.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/emulation_run.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/io/files.hpp>

#include <filesystem>

namespace npcsim {
namespace {

namespace po = boost::program_options;

// The model of an emulation, by name.
std::string model_of(const Library& library, const std::string& path) {
  Diagnostics reported_later;
  const auto tree = read_document(library, path, reported_later);
  const Tree* model = tree && tree->is_map() ? tree->find("model") : nullptr;
  return model != nullptr && model->is_scalar()
             ? std::filesystem::path(model->text()).stem().string()
             : std::string();
}

// Another file of the calibration that wrote the posterior: both are in one folder, or both belong
// to the model. Empty if there is none.
std::string file_with_posterior(const Library& library, const std::string& model,
                                const std::string& posterior, const std::string& what) {
  const std::string known = calibrated_file(library, model, "");
  const auto place = known.empty() ? std::nullopt : find_data(library, known, ".");
  if (!posterior.empty() && place && (posterior == known || same_file(posterior, *place)))
    return calibrated_file(library, model, "_" + what);
  const std::filesystem::path path(posterior);
  if (path.filename() != "posterior.csv") return {};
  const std::string near = (path.parent_path() / (what + ".csv")).string();
  return file_exists(near) ? near : std::string();
}

// The folder in which the library's study of scenarios ends, if it did.
std::string default_scenarios(const Library& library) {
  if (!find_document(library, DocumentKind::study, "scenarios", ".")) return {};
  const std::string folder = folder_of_run("", "scenarios");
  return file_exists(beside(folder, "scenarios.csv")) ? folder : std::string();
}

}  // namespace

ExitCode validate_command(const Context& context) {
  EmulationRun run;
  run.name = "validation";
  bool base = false;
  // With their signs, so that -1 is not taken for a huge number.
  std::int64_t draws = run.draws;
  std::int64_t replicates = run.replicates;
  std::int64_t patients = run.patients;
  auto seed = static_cast<std::int64_t>(run.seed);
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("out", po::value<std::string>(&run.folder)->value_name("DIR"),
      "folder (default outputs/runs/validation)");
  add("posterior", po::value<std::string>(&run.posterior)->value_name("FILE"),
      "posterior draws (default: those that come with the model)");
  add("base", po::bool_switch(&base), "the values of the documents instead of a posterior");
  add("parameters", po::value<std::string>(&run.parameters)->value_name("FILE"),
      "parameters.csv of a calibration: what data inform (default: beside the posterior)");
  add("predictions", po::value<std::string>(&run.predictions)->value_name("FILE"),
      "predictions.csv of a calibration: what it says of each study without that study (default: "
      "beside the posterior, when all emulations are validated)");
  add("scenarios", po::value<std::string>(&run.scenarios)->value_name("DIR"),
      "folder of a finished study of scenarios, shown on the page (default: that of the study "
      "scenarios, if it is there)");
  add("draws", po::value<std::int64_t>(&draws)->value_name("N"),
      "draws of the posterior (default 100)");
  add("replicates", po::value<std::int64_t>(&replicates)->value_name("N"),
      "data sets of each study's size for each draw (default 2); without a posterior, all are made "
      "with the values of the documents");
  add("patients", po::value<std::int64_t>(&patients)->value_name("N"),
      "virtual patients of each pool (default 4096)");
  add("seed", po::value<std::int64_t>(&seed)->value_name("S"), "master seed (default 1)");
  add("threads", po::value<int>(&run.threads)->value_name("N"),
      "0: all cores (the results do not depend on it)");
  add("force", po::bool_switch(&run.force), "replace a finished run of other studies or options");
  add("quiet,q", po::bool_switch(&run.quiet), "no table");
  add("json", po::bool_switch(&run.json), "one JSON object on standard output and nothing else");
  std::vector<std::string> names;
  const po::variables_map values = read_arguments(context, shown, names);
  if (values.count("help") > 0) {
    print(help_page("validate", shown, "npcsim validate you_2020 zeng_2014"));
    return ExitCode::done;
  }
  run.patients = static_cast<std::uint32_t>(whole("patients", patients, 64, 10'000'000));
  run.draws = static_cast<std::uint32_t>(whole("draws", draws, 2, 1'000'000));
  run.replicates = static_cast<std::uint32_t>(whole("replicates", replicates, 1, 1'000));
  run.seed = static_cast<std::uint64_t>(whole("seed", seed, 0));
  check_threads(run.threads);
  if (base && !run.posterior.empty())
    throw UsageError(
        "--base and --posterior contradict each other: the values of the documents, or "
        "draws of a posterior");
  const Library library = library_near(context, names.empty() ? "" : names.front());
  run.paths = emulation_paths(library, names);
  if (run.paths.empty()) throw UsageError("there is no document in configs/emulations");
  run.findings = names.empty();
  const std::string model =
      run.paths.empty() ? std::string() : model_of(library, run.paths.front());
  if (run.posterior.empty() && !base) run.posterior = calibrated_file(library, model, "");
  if (run.parameters.empty())
    run.parameters = file_with_posterior(library, model, run.posterior, "parameters");
  run.gates = file_with_posterior(library, model, run.posterior, "gates");
  if (run.scenarios.empty() && names.empty()) run.scenarios = default_scenarios(library);
  if (run.predictions.empty() && names.empty() && !base)
    run.predictions = file_with_posterior(library, model, run.posterior, "predictions");
  // What the posterior has seen is no test of it.
  run.seen = file_with_posterior(library, model, run.posterior, "predictions");
  if (run.seen.empty() && !run.posterior.empty()) run.seen = run.predictions;
  return run_emulations(context, library, run);
}

}  // namespace npcsim

// npcsim calibrate: fits parameters of a model to published figures.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/calibration_documents.hpp>
#include <npcsim/cli/commands/calibration_folder.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/io/block_log.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <filesystem>

namespace npcsim {
namespace {

namespace po = boost::program_options;

struct CalibrateOptions {
  std::string document;
  std::string folder;
  CalibrationChanges changes;
  int threads = 0;
  bool resume = false;
  bool force = false;
  bool quiet = false;
  bool json = false;
};

std::optional<CalibrateOptions> read_calibrate_options(const Context& context) {
  CalibrateOptions out;
  std::int64_t seed = 0;
  std::int64_t patients = 0;
  std::int64_t draws = 0;
  std::vector<std::string> times;
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("out", po::value<std::string>(&out.folder)->value_name("DIR"),
      "folder (default outputs/runs/CALIBRATION)");
  add("seed", po::value<std::int64_t>(&seed)->value_name("S"), "another master seed");
  add("patients", po::value<std::int64_t>(&patients)->value_name("N"),
      "patients of each pool in an evaluation, instead of those of the document");
  add("draws", po::value<std::int64_t>(&draws)->value_name("N"),
      "draws to write, instead of those of the document");
  add("threads", po::value<int>(&out.threads)->value_name("N"),
      "0: all cores (the results do not depend on it)");
  add("resume", po::bool_switch(&out.resume), "go on with a calibration that was interrupted");
  add("force", po::bool_switch(&out.force), "replace a calibration of other documents or options");
  add("without-designs",
      po::value<std::vector<std::string>>(&out.changes.targets.without_designs)
          ->value_name("DESIGN"),
      "leave out studies of a design: randomised, single_arm, retrospective, registry, review "
      "(repeatable)");
  add("without-studies",
      po::value<std::vector<std::string>>(&out.changes.targets.without_studies)
          ->value_name("STUDY"),
      "leave out a study (repeatable)");
  add("times-patients", po::value<std::vector<std::string>>(&times)->value_name("DESIGN=F"),
      "as if F times as many patients stood behind the figures of a design (repeatable)");
  add("quiet,q", po::bool_switch(&out.quiet), "no progress line, no table");
  add("json", po::bool_switch(&out.json), "one JSON object on standard output and nothing else");
  std::vector<std::string> documents;
  const po::variables_map values = read_arguments(context, shown, documents);
  if (values.count("help") > 0) {
    print(help_page("calibrate", shown, "npcsim calibrate configs/calibrations/dmnpc.yaml") +
          "\nnpcsim calibrate --self-test N --help: the self-test on synthetic worlds\n");
    return std::nullopt;
  }
  if (documents.empty())
    throw UsageError("which calibration? e.g. npcsim calibrate configs/calibrations/dmnpc.yaml");
  if (documents.size() > 1)
    throw UsageError("one calibration at a time, found " + std::to_string(documents.size()) +
                     ": '" + documents[0] + "', '" + documents[1] + "'" +
                     (documents.size() > 2 ? ", ..." : ""));
  out.document = documents.front();
  if (values.count("seed") > 0)
    out.changes.seed = static_cast<std::uint64_t>(whole("seed", seed, 0));
  if (values.count("patients") > 0)
    out.changes.patients = whole("patients", patients, 16, 10'000'000);
  if (values.count("draws") > 0) out.changes.draws = whole("draws", draws, 1, 1'000'000);
  check_threads(out.threads);
  for (const std::string& text : times) {
    const auto equals = text.find('=');
    const auto factor =
        equals == std::string::npos ? std::nullopt : parse_number(text.substr(equals + 1));
    if (!factor || !(*factor > 0))
      throw UsageError("--times-patients needs DESIGN=F with F above 0, found '" + text + "'");
    const std::string design = text.substr(0, equals);
    if (!out.changes.targets.patients_times.emplace(design, *factor).second)
      throw UsageError("--times-patients names '" + design + "' twice");
  }
  return out;
}

void show(const CalibrationProgress& progress) {
  print_error("\r\033[K  " + progress.stage + ": " + std::to_string(progress.done) + " / " +
              std::to_string(progress.total) + " evaluations");
}

// A log of another calibration must not be gone on with: its evaluations are those of other
// documents.
std::optional<ExitCode> refuse_log(const std::string& part, std::uint64_t digest) {
  const std::string path = beside(part, calibration_log);
  if (!file_exists(path)) return std::nullopt;
  std::optional<std::uint64_t> found;
  try {
    found = log_digest(path);
  } catch (const FileError& error) {
    print_error(std::string("npcsim: error: ") + error.what() +
                "\n   hint: delete it, or begin anew without --resume\n");
    return ExitCode::cannot_read;
  }
  if (!found || *found == digest) return std::nullopt;
  print_error("npcsim: error: " + part +
              " holds a calibration of other documents or other options, or of another version of "
              "npcsim\n   hint: without --resume it is begun anew\n");
  return ExitCode::cannot_create;
}

// A document of another kind, in words; nothing if it may be meant as a calibration.
const char* other_kind(const Tree& tree) {
  if (!tree.is_map() || is_calibration(tree)) return nullptr;
  if (is_emulation(tree)) return "an emulation";
  if (tree.find("evidence") != nullptr) return "evidence";
  if (tree.find("study") != nullptr) return "a study";
  if (tree.find("strategy") != nullptr) return "a strategy";
  if (tree.find("population") != nullptr) return "a population";
  return tree.find("model") != nullptr ? "a model" : nullptr;
}

std::string verdict_text(const CalibrationResult& result) {
  std::vector<std::vector<std::string>> rows{{"check", "value", "", "limit", ""}};
  for (const Gate& gate : result.gates)
    rows.push_back({gate.name, rounded(gate.value, 3), gate.at_least ? "at least" : "at most",
                    rounded(gate.limit, 3),
                    !gate.untested.empty() ? gate.untested
                    : gate.passed()        ? "passed"
                                           : "FAILED"});
  return aligned(rows);
}

// Who wants to see nothing but errors learns why the exit code is 1.
std::string failed_checks(const CalibrationResult& result) {
  std::string out;
  for (const Gate& gate : result.gates) {
    if (gate.passed()) continue;
    out += "npcsim: check failed: " + gate.name + " is " + rounded(gate.value, 3) + ", " +
           (gate.at_least ? "at least " : "at most ") + rounded(gate.limit, 3) + " expected\n";
  }
  return out;
}

std::string parameters_text(const CalibrationResult& result, const EmulationTargets& targets) {
  const Table table = parameters_table(result, targets);
  std::vector<std::vector<std::string>> rows{
      {"parameter", "prior", "95 %", "posterior", "95 %", "sd ratio", ""}};
  const auto cell = [&](const char* column, std::size_t row) {
    return rounded(std::get<Column::Numbers>(table.find(column)->cells)[row], 3);
  };
  for (std::size_t p = 0; p < result.names.size(); ++p) {
    rows.push_back({result.names[p], cell("prior_median", p),
                    cell("prior_lo95", p) + " to " + cell("prior_hi95", p), cell("median", p),
                    cell("lo95", p) + " to " + cell("hi95", p), cell("sd_ratio", p),
                    result.parameters[p].prior_only ? "prior only" : ""});
  }
  for (std::size_t b = 0; b < result.between_names.size(); ++b)
    rows.push_back({result.between_names[b], "", "", rounded(result.between[b].mean, 3), "",
                    rounded(result.between[b].sd_ratio, 3), ""});
  return aligned(rows);
}

}  // namespace

ExitCode calibrate_command(const Context& context) {
  for (const std::string& word : context.arguments) {
    if (word.compare(0, 11, "--self-test") == 0) return self_test_command(context);
  }
  const auto options = read_calibrate_options(context);
  if (!options) return ExitCode::done;
  Diagnostics diagnostics;
  const Library library = library_near(context, options->document);
  const auto path = find_document(library, DocumentKind::calibration, options->document, ".");
  std::error_code none;
  if (!path && std::filesystem::is_directory(options->document, none))
    throw FileError(FileError::Kind::cannot_read, "read", options->document, "it is a folder");
  if (!path) {
    const std::string near =
        closest(options->document, document_names(library, DocumentKind::calibration));
    throw FileError(FileError::Kind::cannot_read, "read", options->document,
                    near.empty() ? "no such file" : "no such file; did you mean '" + near + "'?");
  }
  auto tree = read_document(library, *path, diagnostics);
  if (!tree) return report(context, diagnostics, "nothing was run");
  if (const char* const kind = other_kind(*tree)) {
    diagnostics.error(tree->place(), "this command needs a calibration, found " + std::string(kind),
                      "npcsim list calibrations shows them; npcsim check reads every document");
    return report(context, diagnostics, "nothing was run");
  }
  CalibrationChanges changes = options->changes;
  changes.stop = stop_sign(context);
  const CalibrationDocuments documents =
      compile_calibration(library, std::move(*tree), changes, true, diagnostics);
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  if (diagnostics.warning_count() > 0 && !options->quiet && !options->json)
    print_error(diagnostics.text("", context.colour_errors));
  const CalibrationDoc& doc = documents.doc;
  const EmulationSet& set = *documents.set;
  const EmulationTargets& targets = *documents.targets;

  Digest digest;
  digest.add_text(to_yaml(documents.tree));
  digest.add(set.digest());
  for (const auto* const list :
       {&options->changes.targets.without_designs, &options->changes.targets.without_studies}) {
    digest.add(list->size());
    for (const std::string& text : *list) digest.add_text(text);
  }
  for (const auto& [design, factor] : options->changes.targets.patients_times)
    digest.add_text(design + " " + shortest(factor));
  digest.add(static_cast<std::uint64_t>(doc.draws));
  const std::uint64_t problem = digest.value();
  const std::string identity = digest_text(problem);
  digest.add_text(program_name());

  const std::string folder = folder_of_run(options->folder, doc.name);
  auto taken = WorkFolder::take(folder);
  if (!taken) return ExitCode::cannot_create;
  const std::string& part = taken->path();
  if (const auto refused = refuse_folder(folder, identity, options->force)) return *refused;
  check_reach_of_priors(documents, diagnostics);
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  if (const auto ended = say_if_interrupted(context, *taken)) return *ended;
  if (!options->resume) {
    taken->clear();
  } else if (const auto refused = refuse_log(part, digest.value())) {
    return *refused;
  } else {
    taken->clear({calibration_log});
  }
  CalibrationOptions work;
  work.seed = static_cast<std::uint64_t>(doc.seed);
  work.starts = static_cast<std::size_t>(doc.starts);
  work.steps = static_cast<std::size_t>(doc.steps);
  work.wave_points = static_cast<std::size_t>(doc.wave_points);
  work.check_points = static_cast<std::size_t>(doc.check_points);
  work.check_streams = static_cast<std::size_t>(doc.check_streams);
  const auto rows = static_cast<std::size_t>(doc.draws);
  work.draws = std::max(work.draws, (rows + work.chains - 1) / work.chains);
  work.between = doc.between;
  work.leave_one_out = true;
  work.log_path = beside(part, calibration_log);
  work.problem_digest = problem;
  work.log_digest = digest.value();
  work.stop = stop_sign(context);
  if (context.progress && !options->quiet && !options->json) work.progress = show;
  CalibrationResult result;
  try {
    with_threads(options->threads, [&] { result = calibrate(targets, work); });
  } catch (const Stopped&) {
    if (work.progress) print_error("\r\033[K");
    return say_interrupted(context, part);
  } catch (const NoFigures& error) {
    if (work.progress) print_error("\r\033[K");
    taken->clear();
    explain_no_figures(documents, error, diagnostics);
    return report(context, diagnostics, "nothing was written");
  }
  if (work.progress) print_error("\r\033[K");

  write_calibration(context, doc, set, targets, work, result, identity, part);
  if (const auto refused = taken->put_in_place(identity, options->force, {calibration_log}))
    return *refused;
  if (options->json) {
    print(calibration_json(doc, targets, result, folder) + "\n");
  } else if (!options->quiet) {
    print(parameters_text(result, targets) + "\n" + verdict_text(result) + "\n" +
          std::to_string(result.evaluations) + " evaluations\nPosterior: " +
          beside(folder, "posterior.csv") + "\nReport: " + beside(folder, "report.html") +
          "\nModel projections for research and teaching; not medical advice.\n");
  }
  if (result.passed()) return ExitCode::done;
  if (options->quiet && !options->json) print_error(failed_checks(result));
  return ExitCode::check_failed;
}

}  // namespace npcsim

#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/commands/emulation_run.hpp>
#include <npcsim/cli/commands/emulation_text.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/run/posterior_checks.hpp>
#include <npcsim/scenarios/scenario_files.hpp>
#include <npcsim/validation/posterior_columns.hpp>
#include <npcsim/validation/structural_scenarios.hpp>
#include <npcsim/validation/validation_report.hpp>

#include <map>
#include <optional>

namespace npcsim {
namespace {

constexpr std::size_t enough_data_sets = 50;
constexpr double cycles_follow_up_days = 60 * days_per_month;

std::optional<CsvTable> read_csv_path(const Library& library, const std::string& name,
                                      Diagnostics& diagnostics) {
  const auto path = find_data(library, name, ".");
  if (!path) throw FileError(FileError::Kind::cannot_read, "read", name, "no such file");
  return read_csv_text(*path, read_file(*path), diagnostics);
}

std::vector<StudyFreePrediction> read_predictions(const CsvTable& file, Diagnostics& diagnostics) {
  std::vector<StudyFreePrediction> out;
  const auto figures = file.texts("figure", diagnostics);
  const char* const names[] = {"without_study_median",     "without_study_lo95",
                               "without_study_hi95",       "without_study_lo50",
                               "without_study_hi50",       "width95_on_scale",
                               "sampling_width95_on_scale"};
  std::vector<const Column::Numbers*> columns;
  for (const char* const name : names) columns.push_back(file.numbers(name, diagnostics));
  if (diagnostics.has_errors() || !figures) return out;
  for (std::size_t row = 0; row < file.rows(); ++row) {
    const auto cell = [&](std::size_t column) { return (*columns[column])[row]; };
    out.push_back({(*figures)[row], cell(0), cell(1), cell(2), cell(3), cell(4), cell(5), cell(6)});
  }
  return out;
}

struct Outcome {
  ValidationResults results;
  std::vector<double> samples;
  std::map<std::string, Learnt> learnt;
};

// At the means of the posterior, as far as the model of the study of cycles knows its parameters.
std::vector<CyclesFinding> find_cycles(const Library& library, const Posterior& posterior,
                                       const EmulationRun& run, Diagnostics& diagnostics) {
  const auto path = find_document(library, DocumentKind::study, "cycles", ".");
  if (!path) return {};
  auto tree = read_study(library, *path, diagnostics);
  if (!tree || diagnostics.has_errors()) return {};
  auto study = compile_study(library, *tree, diagnostics);
  if (diagnostics.has_errors()) return {};
  study->study.seed = static_cast<std::int64_t>(run.seed);
  PatientPool pool(std::move(study));
  const NamedValues values = mean_values(posterior, pool.base().model.parameters);
  return cycles_findings(pool, values, std::max<std::uint32_t>(run.patients, 4096),
                         cycles_follow_up_days);
}

// At the means of the posterior, or at the documents' values if there is none. Problems go to
// `diagnostics`.
void simulate(const EmulationSet& set, const Posterior& posterior, const EmulationRun& run,
              Outcome& out, Diagnostics& diagnostics) {
  const NamedValues values = mean_values(posterior, set);
  if (posterior.draws() > 0) {
    out.samples =
        predictive_samples(set, posterior, run.draws, run.replicates, run.seed, diagnostics);
    if (diagnostics.has_errors()) return;
  }
  const std::vector<Twins> twins = set.simulate(values, {}, 0);
  if (posterior.draws() == 0)
    out.samples = set.sampled(twins, {}, std::size_t{run.draws} * run.replicates, 0);
  out.results.figures = compare_figures(set, out.samples);
  out.results.footings =
      find_footings(set, twins, values, posterior, out.learnt, out.results.figures);
  out.results.taken_apart = take_apart(set, twins, values, diagnostics);
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    auto contrasts = set.studies()[s].analyses(twins[set.pool_of(s)], values);
    if (!contrasts.empty()) out.results.analyses.push_back({s, std::move(contrasts)});
  }
}

// What a finished study of scenarios found. Problems go to `diagnostics`.
std::vector<PageScenario> finished_scenarios(const Context& context, const std::string& folder,
                                             Diagnostics& diagnostics) {
  SimulationOptions options;
  options.study = beside(folder, "study.yaml");
  if (!file_exists(options.study))
    throw FileError(FileError::Kind::cannot_read, "read", options.study, "no such file");
  if (!names_scenario_study(context, options.study))
    throw UsageError("--scenarios needs the folder of a study of kind: scenarios; " + folder +
                     " is none");
  const ScenarioSet set = load_scenarios(context, options, diagnostics);
  if (diagnostics.has_errors()) return {};
  const ScenarioRows rows = read_scenarios(set, folder, diagnostics);
  return diagnostics.has_errors() ? std::vector<PageScenario>() : page_scenarios(set, rows);
}

PageHead page_head(const Context& context, const EmulationSet& set, const EmulationRun& run,
                   const PosteriorChecks& checks) {
  PageHead head;
  head.title = set.studies().size() == 1 ? set.studies().front().document().title
                                         : "Published figures beside the model's";
  head.name = run.name;
  const bool published =
      std::any_of(set.studies().begin(), set.studies().end(), [](const EmulatedStudy& study) {
        for (std::size_t f = 0; f < study.figures(); ++f) {
          if (study.figure(f).published) return true;
        }
        return false;
      });
  head.subtitle =
      published
          ? "Every published study is simulated as it was done, at its own size, and analysed as "
            "its "
            "authors did. The bands are what such studies would show if the model were right."
          : "A running trial, simulated as it is planned. The bands are what a trial of that size "
            "would show if the model were right.";
  head.facts = {{"model", set.pool(0).base().model.name},
                {"values", run.posterior.empty() ? "base case values of the documents"
                                                 : "posterior draws of " + run.posterior},
                {"seed", std::to_string(run.seed)},
                {"patients of each pool", std::to_string(run.patients)},
                {"command", context.command_line}};
  // Intervals of a posterior that failed its checks are no result: that stands above everything.
  if (!checks.failed.empty()) {
    head.warnings.push_back(in_words(checks));
  } else if (checks.tested > 0) {
    head.notes.push_back(in_words(checks));
  }
  if (!run.scenarios.empty()) {
    head.facts.insert(head.facts.end() - 1, {"scenarios", run.scenarios});
    head.notes.push_back(
        "Structural scenarios come from a run of their own at the values of the documents, the "
        "base case among them; they change one assumption at a time.");
  }
  for (const Parameter& row : set.pool(0).base().model.parameters.rows()) {
    const bool assumed =
        std::find(row.source.begin(), row.source.end(), "assumed") != row.source.end();
    if (assumed) head.assumed.push_back({row.name, row.written, row.unit, row.meaning});
  }
  return head;
}

std::string provenance_text(const Context& context, const EmulationSet& set,
                            const EmulationRun& run, const std::string& digest) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("study").text(run.name);
  json.key("digest").text(digest);
  json.key("seed").integer(static_cast<std::int64_t>(run.seed));
  json.key("patients").integer(run.patients);
  json.key("studies").integer(static_cast<std::int64_t>(set.studies().size()));
  json.key("posterior").text(run.posterior);
  put_program(json, context);
  json.end_object();
  return json.str() + "\n";
}

// `files`: contents of what the run reads beside the documents.
std::string digest_of_set(const EmulationSet& set, const EmulationRun& run,
                          const std::vector<std::string>& files) {
  Digest digest;
  digest.add_text(run.name);
  digest.add(set.digest());
  for (const std::uint64_t x : {std::uint64_t{run.draws}, std::uint64_t{run.replicates}})
    digest.add(x);
  for (const std::string& bytes : files) digest.add_text(bytes);
  return digest_text(digest.value());
}

// What makes an interval rough, and what would mend it.
struct Few {
  std::string words;
  std::string hint;
};

// Of a handful of data sets, or of the same few draws again and again, the ends of an interval say
// little.
std::vector<Few> words_on_few(const EmulationRun& run, const Posterior& posterior) {
  std::vector<Few> out;
  const std::size_t data_sets = std::size_t{run.draws} * run.replicates;
  if (data_sets < enough_data_sets)
    out.push_back({"the intervals are those of " + std::to_string(data_sets) +
                       " data sets: the ends of a 95 % interval need " +
                       std::to_string(enough_data_sets) + " or more",
                   "a larger --draws"});
  if (posterior.draws() > 0 && posterior.draws() < run.draws)
    out.push_back({"the posterior has " + std::to_string(posterior.draws()) + " rows for " +
                       std::to_string(run.draws) + " draws: some are used again",
                   "a posterior of as many rows"});
  return out;
}

// What is written for other programs to read.
std::vector<Table> tables_of(const EmulationSet& set, const Evidence& evidence,
                             const ValidationResults& results) {
  return {figures_table(set, evidence, results.figures, results.footings, results.seen),
          analyses_table(set, results.analyses), taken_apart_table(set, results.taken_apart),
          cycles_table(results.cycles), coverage_table(set, results.without_study)};
}

}  // namespace

ExitCode run_emulations(const Context& context, const Library& library, const EmulationRun& run) {
  Diagnostics diagnostics;
  const Evidence evidence = read_all_evidence(library, diagnostics);
  EmulationSet set(library, run.paths, evidence, {run.seed, run.patients, stop_sign(context)},
                   diagnostics);
  std::vector<std::string> files;
  const auto read = [&](const std::string& name, const auto& use) {
    files.emplace_back();
    if (name.empty()) return;
    const auto file = read_csv_path(library, name, diagnostics);
    if (!file) return;
    use(*file);
    files.back() = to_csv(file->table());
  };
  Posterior posterior;
  read(run.posterior, [&](const CsvTable& file) {
    posterior = read_posterior(file, diagnostics);
    if (!diagnostics.has_errors()) check_posterior(file, posterior, set, diagnostics);
  });
  Outcome outcome;
  read(run.predictions, [&](const CsvTable& file) {
    outcome.results.without_study = read_predictions(file, diagnostics);
    if (run.seen == run.predictions) outcome.results.seen = read_seen(file, diagnostics);
  });
  if (!run.seen.empty() && run.seen != run.predictions)
    read(run.seen,
         [&](const CsvTable& file) { outcome.results.seen = read_seen(file, diagnostics); });
  read(run.parameters,
       [&](const CsvTable& file) { outcome.learnt = read_learnt(file, diagnostics); });
  PosteriorChecks checks;
  read(run.gates, [&](const CsvTable& file) { checks = read_checks(file, diagnostics); });
  if (!run.scenarios.empty()) {
    outcome.results.scenarios = finished_scenarios(context, run.scenarios, diagnostics);
    const std::string found = beside(run.scenarios, "scenarios.csv");
    if (file_exists(found)) files.push_back(read_file(found));
  }
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  const std::vector<Few> few = words_on_few(run, posterior);
  for (const Few& one : few) diagnostics.warning({}, one.words, one.hint);
  const std::string folder = folder_of_run(run.folder, run.name);
  std::vector<std::string> inputs = run.paths;
  inputs.insert(inputs.end(),
                {run.posterior, run.parameters, run.gates, run.predictions, run.seen});
  if (!run.scenarios.empty()) inputs.push_back(beside(run.scenarios, "scenarios.csv"));
  check_output_folder(folder, inputs);
  const std::string digest = digest_of_set(set, run, files);
  auto taken = WorkFolder::take(folder);
  if (!taken) return ExitCode::cannot_create;
  if (const auto refused = refuse_folder(folder, digest, run.force)) return *refused;
  std::vector<std::string> small_pools;
  const auto work = [&] {
    try {
      const std::size_t known = diagnostics.items().size();
      set.settle_effective_n(evidence, diagnostics);
      if (diagnostics.has_errors()) return;
      for (std::size_t i = known; i < diagnostics.items().size(); ++i)
        small_pools.push_back(diagnostics.items()[i].message);
      if (diagnostics.warning_count() > 0 && !run.quiet)
        print_error(diagnostics.text("", context.colour_errors, 5));
      simulate(set, posterior, run, outcome, diagnostics);
      if (run.findings && !diagnostics.has_errors())
        outcome.results.cycles = find_cycles(library, posterior, run, diagnostics);
    } catch (const NobodyEligible& error) {
      diagnostics.error(error.place(), error.what(), "a wider condition under 'eligible'");
    } catch (const ContradictoryParameters& error) {
      // Each draw may be possible and their mean not: what is possible need not be convex.
      diagnostics.error(
          posterior.places.empty() ? SourcePlace{} : posterior.places.front(),
          "the means of the posterior contradict each other: " + std::string(error.what()));
    }
  };
  try {
    with_threads(run.threads, work);
  } catch (const Stopped&) {
    return say_interrupted(context);
  }
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was written");

  if (const auto ended = say_if_interrupted(context, *taken)) return *ended;
  const std::string& part = taken->path();
  taken->clear();
  const std::vector<Table> tables = tables_of(set, evidence, outcome.results);
  for (const Table& table : tables) {
    if (table.rows() > 0) write_table_csv(beside(part, table.name + ".csv"), table);
  }
  ValidationPageData page = validation_page_data(set, evidence, outcome.results);
  page.head = page_head(context, set, run, checks);
  for (const Few& one : few) page.head.warnings.push_back("T" + one.words.substr(1) + ".");
  for (const std::string& words : small_pools)
    page.head.warnings.push_back("A" + words.substr(1) + ".");
  write_file_atomically(beside(part, "report.html"), validation_page(page));
  write_file_atomically(beside(part, "provenance.json"),
                        provenance_text(context, set, run, digest));
  if (const auto refused = taken->put_in_place(digest, run.force, {})) return *refused;

  if (run.json) {
    JsonWriter json;
    json.begin_object();
    json.key("command").text(run.command);
    json.key("version").text(make_provenance(context).version);
    json.key("folder").text(folder);
    for (const Table& table : tables) json.key(table.name).table(table);
    json.end_object();
    print(json.str() + "\n");
    return ExitCode::done;
  }
  if (run.quiet) return ExitCode::done;
  print(emulation_text(set, evidence, outcome.results) +
        (checks.tested == 0 ? "" : "\n" + in_words(checks) + "\n") +
        (run.posterior.empty() ? "\nWithout a posterior: parameters have the values of the "
                                 "documents, and intervals show sampling alone.\n"
                               : "") +
        "\nReport: " + beside(folder, "report.html") +
        "\nModel projections for research and teaching; not medical advice.\n");
  return ExitCode::done;
}

}  // namespace npcsim

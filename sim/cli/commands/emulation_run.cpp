#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/commands/emulation_run.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/run_folder.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/validation/posterior.hpp>
#include <npcsim/validation/validation_report.hpp>

#include <cmath>
#include <optional>

namespace npcsim {
namespace {

constexpr double cycles_follow_up_days = 60 * days_per_month;

std::string number(double value) {
  if (std::isnan(value)) return "";
  return std::isinf(value) ? "not reached" : rounded(value, 3);
}

std::string published_text(const Figure& figure) {
  const auto natural = [&](double value) { return number(to_natural(figure.scale, value)); };
  if (!figure.published) return "not yet";
  switch (figure.reading) {
    case FigureReading::above:
      return "> " + natural(figure.value);
    case FigureReading::below:
      return "< " + natural(figure.value);
    case FigureReading::within:
      return natural(figure.low) + " to " + natural(figure.high);
    case FigureReading::exact:
      break;
  }
  return natural(figure.value);
}

std::string figures_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows) {
  std::vector<std::vector<std::string>> lines{
      {"figure", "published", "95 % interval", "predicted", "95 % interval", "z", ""}};
  for (const ComparedFigure& row : rows) {
    const Figure& figure = set.figure(row.figure);
    lines.push_back({figure.id, published_text(figure),
                     figure.se > 0 ? number(row.low95) + " to " + number(row.high95) : "",
                     number(row.predicted),
                     number(row.predicted_low95) + " to " + number(row.predicted_high95),
                     number(row.z), row.inside95 ? "" : "outside"});
  }
  return aligned(lines);
}

std::string counts_text(const EmulationSet& set, const std::vector<ComparedFigure>& rows) {
  std::size_t published = 0;
  std::size_t inside95 = 0;
  std::size_t inside50 = 0;
  for (const ComparedFigure& row : rows) {
    if (!set.figure(row.figure).published) continue;
    ++published;
    if (row.inside95) ++inside95;
    if (row.inside50) ++inside50;
  }
  if (published == 0) return std::to_string(rows.size()) + " predictions\n";
  const auto share = [&](std::size_t count) {
    return std::to_string(count) + " (" +
           rounded(100.0 * static_cast<double>(count) / static_cast<double>(published), 3) + " %)";
  };
  return std::to_string(rows.size()) + " of " + std::to_string(set.figures()) +
         " figures simulated; of " + std::to_string(published) + " published ones " +
         share(inside95) + " lie inside the 95 % interval, " + share(inside50) +
         " inside the 50 % interval\n";
}

std::string coverage_text(const Coverage& all, const Coverage& randomised) {
  const auto percent = [](double share) { return rounded(100 * share, 3) + " %"; };
  std::vector<std::vector<std::string>> lines{
      {"predicted without the study itself, one vote a study", "all", "randomised"},
      {"studies", std::to_string(all.studies), std::to_string(randomised.studies)},
      {"figures", std::to_string(all.figures), std::to_string(randomised.figures)},
      {"inside the 95 % interval", percent(all.inside95), percent(randomised.inside95)},
      {"inside the 50 % interval", percent(all.inside50), percent(randomised.inside50)},
      {"median width / width from sampling alone", rounded(all.width_ratio, 3),
       rounded(randomised.width_ratio, 3)},
      {"mean interval score", rounded(all.interval_score, 3),
       rounded(randomised.interval_score, 3)},
      {"the same of the mean of other studies", rounded(all.baseline_interval_score, 3),
       rounded(randomised.baseline_interval_score, 3)}};
  return aligned(lines);
}

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
};

std::vector<CyclesFinding> find_cycles(const Library& library, const NamedValues& values,
                                       const EmulationRun& run, Diagnostics& diagnostics) {
  const auto path = find_document(library, DocumentKind::study, "cycles", ".");
  if (!path) return {};
  auto tree = read_study(library, *path, diagnostics);
  if (!tree || diagnostics.has_errors()) return {};
  auto study = compile_study(library, *tree, diagnostics);
  if (diagnostics.has_errors()) return {};
  study->study.seed = static_cast<std::int64_t>(run.seed);
  PatientPool pool(std::move(study));
  return cycles_findings(pool, values, std::max<std::uint32_t>(run.patients, 4096),
                         cycles_follow_up_days);
}

std::string cycles_text(const std::vector<CyclesFinding>& findings) {
  std::vector<std::vector<std::string>> lines{{"hazard ratio of death", "as if known at diagnosis",
                                               "landmark", "planned for the same patients",
                                               "as if known, no effect at all"}};
  const auto ratio = [](const LogRatio& one) { return number(std::exp(one.value)); };
  for (const CyclesFinding& finding : findings)
    lines.push_back({finding.question, ratio(finding.associational), ratio(finding.landmark),
                     ratio(finding.causal), ratio(finding.without_effect)});
  return aligned(lines);
}

// Values at which the analyses are made: the means of the posterior, or none for the documents'.
NamedValues mean_values(const Posterior& posterior, const ParameterTable& table) {
  NamedValues mean;
  for (std::size_t d = 0; d < posterior.draws(); ++d) {
    const NamedValues one = values_of(posterior, d, table);
    if (d == 0) {
      mean = one;
      for (auto& [name, sum] : mean) sum = 0;
    }
    for (std::size_t p = 0; p < one.size(); ++p)
      mean[p].second += one[p].second / static_cast<double>(posterior.draws());
  }
  return mean;
}

void simulate(const EmulationSet& set, const Posterior& posterior, const EmulationRun& run,
              Outcome& out) {
  NamedValues values;
  if (posterior.draws() > 0) {
    values = mean_values(posterior, set.pool(0).base().model.parameters);
    out.samples = predictive_samples(set, posterior, run.draws, run.replicates, run.seed);
  }
  const std::vector<Twins> twins = set.simulate(values, {}, 0);
  if (posterior.draws() == 0) out.samples = set.sampled(twins, {}, 200, 0);
  out.results.figures = compare_figures(set, out.samples);
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    auto contrasts = set.studies()[s].analyses(twins[set.pool_of(s)], values);
    if (!contrasts.empty()) out.results.analyses.push_back({s, std::move(contrasts)});
  }
}

PageHead page_head(const Context& context, const EmulationSet& set, const EmulationRun& run) {
  PageHead head;
  head.title = set.studies().size() == 1 ? set.studies().front().document().title
                                         : "Published figures beside the model's";
  head.name = run.name;
  head.subtitle =
      "Every published study is simulated as it was done, at its own size, and analysed as its "
      "authors did. The bands are what such studies would show if the model were right.";
  head.facts = {{"model", set.pool(0).base().model.name},
                {"values", run.posterior.empty() ? "base case values of the documents"
                                                 : "posterior draws of " + run.posterior},
                {"seed", std::to_string(run.seed)},
                {"patients of each pool", std::to_string(run.patients)},
                {"command", context.command_line}};
  for (const Parameter& row : set.pool(0).base().model.parameters.rows()) {
    const bool assumed =
        std::find(row.source.begin(), row.source.end(), "assumed") != row.source.end();
    if (assumed) head.assumed.push_back({row.name, row.written, row.unit, row.meaning});
  }
  return head;
}

std::string provenance_text(const Context& context, const EmulationSet& set,
                            const EmulationRun& run, const std::string& digest) {
  const Provenance provenance = make_provenance(context);
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("study").text(run.name);
  json.key("digest").text(digest);
  json.key("seed").integer(static_cast<std::int64_t>(run.seed));
  json.key("patients").integer(run.patients);
  json.key("studies").integer(static_cast<std::int64_t>(set.studies().size()));
  json.key("posterior").text(run.posterior);
  json.key("program").begin_object();
  json.key("version").text(provenance.version);
  json.key("commit").text(provenance.commit);
  json.end_object();
  json.key("note").text("model projections for research and teaching; not medical advice");
  json.key("host").begin_object();
  json.key("command").text(provenance.command);
  json.end_object();
  json.end_object();
  return json.str() + "\n";
}

std::string digest_of_set(const EmulationSet& set, const EmulationRun& run,
                          const std::string& posterior_bytes) {
  Digest digest;
  digest.add_text(run.name);
  for (std::size_t p = 0; p < set.pools(); ++p) digest.add(set.pool(p).base().digest);
  for (std::size_t f = 0; f < set.figures(); ++f) {
    digest.add_text(set.figure(f).id);
    digest.add_text(shortest(set.figure(f).value));
  }
  for (const std::uint64_t x : {std::uint64_t{run.patients}, std::uint64_t{run.draws},
                                std::uint64_t{run.replicates}, run.seed})
    digest.add(x);
  digest.add_text(posterior_bytes);
  return digest_text(digest.value());
}

}  // namespace

ExitCode run_emulations(const Context& context, const Library& library, const EmulationRun& run) {
  Diagnostics diagnostics;
  const Evidence evidence = read_all_evidence(library, diagnostics);
  EmulationSet set(library, run.paths, evidence, {run.seed, run.patients}, diagnostics);
  Posterior posterior;
  std::string posterior_bytes;
  if (!run.posterior.empty()) {
    if (const auto file = read_csv_path(library, run.posterior, diagnostics)) {
      posterior = read_posterior(*file, diagnostics);
      posterior_bytes = to_csv(file->table());
    }
  }
  Outcome outcome;
  if (!run.predictions.empty()) {
    if (const auto file = read_csv_path(library, run.predictions, diagnostics))
      outcome.results.without_study = read_predictions(*file, diagnostics);
  }
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  const std::string folder = folder_of_run(run.folder, run.name);
  const std::string digest = digest_of_set(set, run, posterior_bytes);
  if (const auto refused = refuse_folder(folder, digest, run.force)) return *refused;
  with_threads(run.threads, [&] {
    set.settle_effective_n(evidence);
    simulate(set, posterior, run, outcome);
    if (run.findings) {
      const NamedValues values = posterior.draws() > 0
                                     ? mean_values(posterior, set.pool(0).base().model.parameters)
                                     : NamedValues{};
      outcome.results.cycles = find_cycles(library, values, run, diagnostics);
    }
  });
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was written");

  const std::string part = folder + ".part";
  remove_path(part);
  make_folders(part);
  const Table figures = figures_table(set, outcome.results.figures);
  const Table analyses = analyses_table(set, outcome.results.analyses);
  write_table_csv(beside(part, "figures.csv"), figures);
  if (analyses.rows() > 0) write_table_csv(beside(part, "analyses.csv"), analyses);
  ValidationPageData page = validation_page_data(set, evidence, outcome.results);
  page.head = page_head(context, set, run);
  write_file_atomically(beside(part, "report.html"), validation_page(page));
  write_file_atomically(beside(part, "provenance.json"),
                        provenance_text(context, set, run, digest));
  remove_path(folder);
  rename_path(part, folder);

  if (run.json) {
    JsonWriter json;
    json.begin_object();
    json.key("command").text("validate");
    json.key("version").text(make_provenance(context).version);
    json.key("folder").text(folder);
    json.key("figures").table(figures);
    json.key("analyses").table(analyses);
    json.end_object();
    print(json.str() + "\n");
    return ExitCode::done;
  }
  if (run.quiet) return ExitCode::done;
  std::string text =
      figures_text(set, outcome.results.figures) + "\n" + counts_text(set, outcome.results.figures);
  if (!outcome.results.without_study.empty())
    text += "\n" + coverage_text(coverage(set, outcome.results.without_study, false),
                                 coverage(set, outcome.results.without_study, true));
  if (!outcome.results.cycles.empty()) text += "\n" + cycles_text(outcome.results.cycles);
  text += "\nReport: " + beside(folder, "report.html") +
          "\nModel projections for research and teaching; not medical advice.\n";
  print(text);
  return ExitCode::done;
}

}  // namespace npcsim

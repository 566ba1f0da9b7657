#include <npcsim/comparison/curves.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/report/report_page.hpp>
#include <npcsim/results/detail/draw_tables.hpp>
#include <npcsim/results/detail/patient_columns.hpp>
#include <npcsim/results/detail/provenance_json.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/detail/stored_tables.hpp>
#include <npcsim/results/results.hpp>

namespace npcsim {

namespace {

constexpr std::size_t most_curve_points = 500;

std::string report_json_of(const CompiledStudy& study, const RunFigures& figures,
                           const std::vector<Curve>& curves, const Provenance& provenance) {
  const detail::SampledLives lives = detail::sample_lives(study, provenance.threads);
  return detail::report_json({study, figures.rows, figures.draws, figures.classes, curves,
                              provenance, lives, detail::SummaryIndex(figures.rows)});
}

void write_report(const std::string& json, const std::string& folder) {
  write_file_atomically(beside(folder, "report.html"), report_page(json));
}

}  // namespace

void write_study(const CompiledStudy& study, const std::string& folder) {
  write_file_atomically(beside(folder, "study.yaml"), to_yaml(study.document));
  if (study.inputs.empty()) return;  // and then there are no remarks on them
  const std::string inputs = beside(folder, "inputs");
  make_folders(inputs);
  for (const auto* files : {&study.inputs, &study.remarks}) {
    for (const auto& [name, bytes] : *files) write_file_atomically(beside(inputs, name), bytes);
  }
}

RunFigures write_results(const CompiledStudy& study, const RunResult& run,
                         const Provenance& provenance, const WriteOptions& options,
                         const Evidence& evidence) {
  const std::string& folder = options.folder;
  RunFigures figures;
  figures.rows = summary_rows(*run.tally);
  const Table summary = summary_table(figures.rows, study.study.name);
  const detail::DrawValues draws = detail::draw_values(study, run);
  Table over_draws;
  if (study.draws) {
    figures.draws = detail::summarised(draws);
    over_draws = draw_summary_table(figures.draws, study.study.name);
  }
  figures.classes = risk_class_rows(evidence, study.shape, *run.tally);
  const Table classes = risk_classes_table(figures.classes);
  const std::vector<Curve> all_curves = curves(
      *run.tally, month_grid(study.shape, detail::grid_step(study.shape, most_curve_points)));

  write_study(study, folder);
  write_table_csv(beside(folder, "summary.csv"), summary);
  if (study.draws) {
    detail::write_draws_csv(beside(folder, "draws.csv"), draws, options.stop);
    write_table_csv(beside(folder, "draws_summary.csv"), over_draws);
  }
  if (!figures.classes.empty()) write_table_csv(beside(folder, "risk_classes.csv"), classes);
  {
    Hdf5File file = Hdf5File::create(beside(folder, "results.h5"));
    write_table_hdf5(file, "/summary", summary);
    write_table_hdf5(file, "/curves", detail::curves_table(study.shape, all_curves));
    write_table_hdf5(file, "/parameters", detail::parameters_table(study));
    detail::write_draw_columns(file, draws, options.stop);
    write_table_hdf5(file, "/draws_parameters", detail::draw_parameters_table(study));
    if (study.draws) write_table_hdf5(file, "/draws_summary", over_draws);
    if (!figures.classes.empty()) write_table_hdf5(file, "/risk_classes", classes);
    write_table_hdf5(file, "/provenance", detail::provenance_table(provenance));
    if (options.keep != WriteOptions::Keep::summary) {
      detail::write_patient_columns(file, study, options.sample, options.stop);
      detail::write_outcome_columns(file, study, folder, options.sample, options.stop);
    }
    if (options.keep == WriteOptions::Keep::journal) {
      detail::write_journal_columns(file, study, options.sample, options.stop);
    }
    file.close();
  }
  write_file_atomically(beside(folder, "provenance.json"),
                        detail::provenance_json(study, run, provenance, options));
  if (options.report) write_report(report_json_of(study, figures, all_curves, provenance), folder);
  return figures;
}

std::string detail::stored_report_json(const CompiledStudy& study, const std::string& folder) {
  const Hdf5File file = Hdf5File::open(beside(folder, "results.h5"));
  RunFigures figures;
  figures.rows = detail::summary_rows_of(read_table_hdf5(file, "/summary"));
  if (file.exists("/draws_summary")) {
    figures.draws = detail::draw_summary_rows_of(read_table_hdf5(file, "/draws_summary"));
  }
  if (file.exists("/risk_classes")) {
    figures.classes = risk_class_rows_of(read_table_hdf5(file, "/risk_classes"));
  }
  const std::vector<Curve> stored =
      detail::curves_of(study.shape, read_table_hdf5(file, "/curves"));
  const Provenance provenance = detail::provenance_of(read_table_hdf5(file, "/provenance"));
  return report_json_of(study, figures, stored, provenance);
}

void rebuild_report(const CompiledStudy& study, const std::string& folder) {
  write_report(detail::stored_report_json(study, folder), folder);
}

}  // namespace npcsim

// What a finished run leaves behind: files in its folder, and lines on the terminal.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/comparison/draw_summary.hpp>
#include <npcsim/comparison/summary.hpp>
#include <npcsim/results/risk_classes.hpp>
#include <npcsim/run/runner.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Which program made the results, and how. Kept apart from everything that two equal runs share.
struct Provenance {
  std::string version;
  std::string commit;
  std::string compiler;
  std::string build_type;
  std::string command;
  double wall_seconds = 0;
  int threads = 0;
  std::string started_at;  ///< ISO 8601, or empty
};

struct WriteOptions {
  enum class Keep { summary, patients, journal };

  std::string
      folder;  ///< exists; with Keep::patients and Keep::journal it holds the run's block log
  bool report = true;
  Keep keep = Keep::summary;
  /// Share of the patients in per-patient output. A patient is in it or not by a draw of its own,
  /// so that a larger share holds all patients of a smaller one. 0..1.
  double sample = 1.0;
  std::vector<std::string> of_documents;  ///< warnings about documents, for provenance.json
  StopSign stop = {};  ///< asked while draws and patients are written, which may take minutes
};

/// The figures of a run.
struct RunFigures {
  std::vector<SummaryRow> rows;       ///< of the base case
  std::vector<DrawSummaryRow> draws;  ///< over the draws of the parameters; empty without
  std::vector<RiskClassRow> classes;  ///< beside what was published; empty without such subgroups
};

/// Writes summary.csv, results.h5, study.yaml with inputs/, provenance.json and report.html into
/// the folder, draws.csv and draws_summary.csv of a study with draws of its parameters, and
/// risk_classes.csv of a study whose subgroups are classes of which `evidence` has survival. Throws
/// FileError, and Stopped if `options` say so: the run is then to be finished again.
RunFigures write_results(const CompiledStudy& study, const RunResult& run,
                         const Provenance& provenance, const WriteOptions& options,
                         const Evidence& evidence = {});

/// Writes study.yaml and inputs/ alone. Throws FileError.
void write_study(const CompiledStudy& study, const std::string& folder);

/// Rebuilds report.html of a finished run from its results.h5 and the study that its study.yaml
/// compiles to. Throws FileError.
void rebuild_report(const CompiledStudy& study, const std::string& folder);

/// What the terminal shows after a run: a table, where things are, and what they are not.
/// `options.folder` is where the results lie by now.
std::string result_text(const CompiledStudy& study, const RunResult& run, const RunFigures& figures,
                        const WriteOptions& options);

/// The same as one JSON object of a command, with every figure of the summary. `of_documents` are
/// warnings with their places, which stand before those of the run.
std::string result_json(const std::string& command, const CompiledStudy& study,
                        const RunResult& run, const RunFigures& figures,
                        const Provenance& provenance, const WriteOptions& options,
                        const std::vector<std::string>& of_documents);

/// "76 of 159 parameters vary, each by its prior; the same patients in all draws". \pre
/// study.draws.
std::string draws_in_words(const CompiledStudy& study);

/// What a reader of the results should be told first: sets without patients, few patients, a rare
/// population. Deterministic.
std::vector<std::string> result_warnings(const CompiledStudy& study, const RunResult& run);

}  // namespace npcsim

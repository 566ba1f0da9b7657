// Parametric models fitted to a CSV file: what npcsim fit computes and writes.
#pragma once

#include <npcsim/csv_analyses/analysis_json.hpp>
#include <npcsim/csv_analyses/fit_request.hpp>
#include <npcsim/dataset/data_file.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace npcsim {

/// The object for --json and the text for a terminal, and the contents of files that were asked
/// for; those that were not are empty.
struct FitOutput : AnalysisOutput {
  std::string draws_csv;      ///< model,draw,parameter,estimate,estimate_transformed
  std::string bootstrap_csv;  ///< the same with sample instead of draw
  std::string hazard_yaml;    ///< to be included by a model document
  std::string page_html;      ///< complete in itself
};

/// Fits everything that was asked. Nothing, and errors with their places, if the data do not allow
/// it; a model that does not converge is a result without numbers, a warning, and
/// AnalysisOutput::failed. `new_data` holds the patients of the predictions; null: those of the
/// data, as their mean, or as all combinations if every covariate is categorical. Throws FileError
/// if a life table cannot be read.
std::optional<FitOutput> fit_analysis(DataFile& file, DataFile* new_data, FitRequest request,
                                      std::string_view version, Diagnostics& diagnostics);

}  // namespace npcsim

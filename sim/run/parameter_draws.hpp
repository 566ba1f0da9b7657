// Draws of a model's parameters: from their priors, or rows of a file.
#pragma once

#include <npcsim/io/csv.hpp>
#include <npcsim/run/draws_doc.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace npcsim {

/// What every draw of a study is. Draw 0 is the base case, the values of the documents; the others
/// count from 1 to `count`.
struct ParameterDraws {
  std::int64_t count = 0;
  bool fresh = false;                 ///< other patients in each draw
  std::string from;                   ///< "prior", or the name of the file
  std::uint64_t seed = 0;             ///< of the study; decides draws from priors
  std::vector<std::int32_t> varying;  ///< parameters that vary, in the order of the table
  /// Parameters of which the file itself says that it knows no more than their priors: the names
  /// behind "# prior only:" above its header.
  std::vector<std::string> prior_only;
  /// [draw - 1] of draws from priors: how many vectors were drawn before one at which the model can
  /// be simulated. So priors are cut to where the parts of the model agree, e.g. cuts decrease.
  std::vector<std::uint8_t> attempts;
  std::size_t rows = 0;       ///< of the file; 0: from the prior
  std::vector<double> cells;  ///< [row][varying], as written

  /// Row of the file that a draw takes: rows in their order, evenly spaced if there are more rows
  /// than draws. \pre rows >= count, 1 <= draw <= count.
  std::size_t row_of(std::int64_t draw) const;

  /// Draws from priors that took more than one attempt.
  std::size_t redrawn() const;

  /// Values of all parameters, in the unit in which the model writes them. A draw from the prior
  /// is a function of seed, name of the parameter and number of the draw.
  /// \pre 0 <= draw <= count.
  std::vector<double> written(std::int64_t draw, const ParameterTable& parameters) const;

  /// The same in inner units; NaN where a number cannot stand where the value stands.
  std::vector<double> values(std::int64_t draw, const ParameterTable& parameters) const;
};

/// Says why the model cannot be simulated at these values (inner units); empty if it can.
using DrawProblem = std::function<std::string(const std::vector<double>& values)>;

/// Each parameter from its prior, vectors with a problem drawn again. Errors: a parameter without
/// prior, and a prior that leaves the range of a place where the parameter is used, in one of the
/// draws.
ParameterDraws draws_from_prior(const DrawsDoc& doc, std::uint64_t seed,
                                const ParameterTable& parameters, const std::vector<ValueUse>& uses,
                                const DrawProblem& problem, Diagnostics& diagnostics);

/// Rows of a file. Columns `draw`, `study_...` and `hyper_...` are not parameters; a parameter
/// without a column keeps its value. Errors point at headers and cells.
ParameterDraws draws_from_file(const DrawsDoc& doc, const CsvTable& file, const std::string& text,
                               const ParameterTable& parameters, const std::vector<ValueUse>& uses,
                               Diagnostics& diagnostics);

}  // namespace npcsim

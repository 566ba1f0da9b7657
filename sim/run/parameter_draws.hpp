// Draws of a model's parameters: from their priors, rows of a file, or some from either.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/io/csv.hpp>
#include <npcsim/run/draws_doc.hpp>
#include <npcsim/run/posterior_checks.hpp>

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
  std::vector<std::int32_t> varying;  ///< parameters that vary: those of the file, then others
  std::vector<std::int32_t> column;   ///< [varying] of `cells`; -1: drawn from its prior
  /// Parameters of which the file itself says that it knows no more than their priors: the names
  /// behind "# prior only:" above its header.
  std::vector<std::string> prior_only;
  /// How the posterior that the file holds fared, if its checks lie beside it: `NAME_gates.csv`, or
  /// `gates.csv` beside `posterior.csv`.
  PosteriorChecks checks;
  /// [draw - 1] if any is drawn from its prior: how many vectors were drawn before one at which the
  /// model can be simulated. So priors are cut to where the parts of the model agree, e.g. cuts
  /// decrease.
  std::vector<std::uint8_t> attempts;
  std::size_t rows = 0;       ///< of the file; 0: there is none
  std::size_t columns = 0;    ///< of `cells`
  std::vector<double> cells;  ///< [row][column], as written

  /// Parameters that are drawn from their priors.
  std::size_t from_priors() const;

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
/// draws. Throws Stopped: many draws of a large model take minutes to check.
ParameterDraws draws_from_prior(const DrawsDoc& doc, std::uint64_t seed,
                                const ParameterTable& parameters, const std::vector<ValueUse>& uses,
                                const DrawProblem& problem, Diagnostics& diagnostics,
                                const StopSign& stop = {});

/// Rows of a file. Columns `draw`, `study_...` and `hyper_...` are not parameters; a parameter
/// without a column keeps its value, or is drawn from its prior if `doc` says so. Errors point at
/// headers and cells, and are those of draws_from_prior(). Throws Stopped.
ParameterDraws draws_from_file(const DrawsDoc& doc, std::uint64_t seed, const CsvTable& file,
                               const std::string& text, const ParameterTable& parameters,
                               const std::vector<ValueUse>& uses, const DrawProblem& problem,
                               Diagnostics& diagnostics, const StopSign& stop = {});

}  // namespace npcsim

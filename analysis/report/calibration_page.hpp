// The page of a calibration: what the evidence has taught about each parameter, and whether the
// numbers can be trusted.
#pragma once

#include <npcsim/report/page_head.hpp>

#include <array>
#include <string>
#include <vector>

namespace npcsim {

/// 2.5, 25, 50, 75 and 97.5 % of a distribution, in rising order.
using PageQuantiles = std::array<double, 5>;

/// A parameter of the model, or one of the spread between studies, before and after the data.
struct PageParameter {
  std::string name;
  std::string meaning;
  std::string unit;  ///< of the quantiles
  PageQuantiles prior{};
  PageQuantiles posterior{};
  /// Posterior sd / prior sd on the scale on which the prior is normal; 1: nothing was learnt.
  double sd_ratio = 1;
  bool prior_only = false;  ///< the data say nothing about it
  std::string identified;   ///< by what it is identified; may be empty
  std::string source;       ///< of the prior: citation keys or "assumed"
};

/// A check of the calibration that passes or fails, or has nothing to judge.
struct PageDiagnostic {
  std::string name;
  std::optional<double> value;
  std::string bound;  ///< in words, e.g. "below 1.01"
  bool passed = false;
  std::string meaning;        ///< what a failure would mean
  std::string untested = {};  ///< why there is nothing to judge; empty: it was judged
};

struct PageWeight {
  std::string parameter;
  double weight = 0;  ///< -1 to 1, in prior standard deviations
};

/// A combination of parameters that the data cannot pin down.
struct PageDirection {
  double sd_ratio = 1;  ///< posterior sd / prior sd along it
  std::vector<PageWeight> weights;
};

/// Whether the calibrated model could have produced a study's figures.
struct PageStudyCheck {
  std::string study;
  double p = 1;              ///< of the chi-square of its figures; 0 to 1
  std::size_t figures = 0;   ///< of the study that were compared
  std::string worst_figure;  ///< id
  std::optional<double> worst_z;
};

/// Draws of some parameters. All columns have the same length; row i is one draw.
struct PageDraws {
  std::vector<std::string> parameters;      ///< the page shows at most twelve, the first ones
  std::vector<std::vector<double>> values;  ///< [parameter][draw], a few thousand at most
  [[nodiscard]] bool empty() const { return parameters.empty(); }
};

/// Chains of one parameter in the order in which they were drawn; thin them to some hundred draws.
struct PageChains {
  std::string parameter;
  std::vector<std::vector<double>> chains;  ///< [chain][draw], all of one length
};

struct CalibrationPageData {
  PageHead head;  ///< facts name seed, evaluations of the model and command
  std::vector<PageParameter> parameters;
  double prior_only_above = 0.95;  ///< the bound on sd_ratio, drawn as a line
  std::vector<PageParameter> hyperparameters;
  std::vector<PageDiagnostic> diagnostics;
  std::vector<PageDirection> directions;
  std::vector<PageStudyCheck> studies;
  PageDraws draws;
  std::vector<PageChains> chains;
};

/// The complete page; a part that is empty leaves its section out. \throws std::invalid_argument
/// without a title.
[[nodiscard]] std::string calibration_page(const CalibrationPageData& data);

/// The data of that page as described in DATA.md.
[[nodiscard]] std::string calibration_page_json(const CalibrationPageData& data);

}  // namespace npcsim

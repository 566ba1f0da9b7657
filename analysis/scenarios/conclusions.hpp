// What a study concludes from its contrasts, and in which scenarios it would conclude something
// else.
#pragma once

#include <npcsim/comparison/summary.hpp>
#include <npcsim/scenarios/scenario_set.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// Rows of one finished scenario, in the order of ScenarioSet::scenarios.
using ScenarioRows = std::vector<std::vector<SummaryRow>>;

/// A figure of a contrast that scenarios are compared by.
struct Headline {
  std::string endpoint;
  std::string statistic;  ///< hazard_ratio, difference_survival or difference_rmst
  std::optional<double> at_months;
  bool ratio = false;  ///< no difference is 1, and less is better; else 0, and more is better
  double scale = 1;    ///< for people: 100 for shares
  std::string title;   ///< "HR OS", "OS at 36 mo, difference, %"
};

/// Hazard ratios of the first endpoint and of overall survival (the endpoint called OS, else the
/// last), the difference in overall survival at the landmark nearest to 36 months, and that of its
/// restricted mean.
std::vector<Headline> headlines(const OutcomeShape& shape);

/// Indices of the strategies that are compared with the reference.
std::vector<std::size_t> contrasted_strategies(const OutcomeShape& shape);

/// The row of a headline, or of another statistic that is named like one; nullptr if there is none.
const SummaryRow* find_row(const std::vector<SummaryRow>& rows, const std::string& strategy,
                           const Headline& headline);

/// Which of the two a figure speaks for: its 95 % Monte Carlo interval leaves out no difference.
enum class Favours { neither, strategy, reference };
Favours favours(const SummaryRow* row, const Headline& headline);

/// How a scenario's conclusion stands to that of the base case.
enum class Changed {
  no,
  reversed,  ///< both are clear, and speak for different strategies
  lost,      ///< clear in the base case only
  gained     ///< clear in the scenario only
};
Changed changed(Favours base, Favours scenario);

/// One conclusion that is another one in a scenario.
struct ChangedConclusion {
  std::size_t scenario = 0;
  std::size_t strategy = 0;
  std::size_t headline = 0;
  Changed how = Changed::no;
};

/// All of them, by contrast, scenario and headline.
std::vector<ChangedConclusion> changed_conclusions(const ScenarioSet& set,
                                                   const ScenarioRows& rows);

}  // namespace npcsim

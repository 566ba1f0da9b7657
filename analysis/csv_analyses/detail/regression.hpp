// The Cox regression that several statistics share.
#pragma once

#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/survival/cox_regression.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace npcsim::detail {

/// Records with covariates (those of --covariates, else contrasts of the groups), and the fit.
struct Regression {
  std::unique_ptr<RunRecords> all;
  std::vector<std::vector<std::size_t>> terms;  ///< columns of each term
  std::vector<std::string> term_names;
  CoxOptions options;
  CoxRegression fit;
};

/// Records with the covariates and no fit yet. Null after an error in the diagnostics.
std::unique_ptr<Regression> regression_records(SurvivalRun& run, FrameParts parts);
/// The Cox regression, computed once; null after an error in the diagnostics.
Regression* regression_of(SurvivalRun& run);

/// Says in the warnings why there is no fit.
void fail_fit(SurvivalRun& run, const StatisticRequest& statistic, CoxStatus status,
              const std::vector<std::string>& words);

}  // namespace npcsim::detail

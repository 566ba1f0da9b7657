// Data sets of the tests, as columns, and what is fitted to them.
#pragma once

#include <npcsim/fitting/parametric_fit.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace npcsim::test {

/// Columns that outlive the views on them.
struct Columns {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<double> entry;
  std::vector<double> upper;
  std::vector<double> weight;
  std::vector<double> background;
  std::map<std::string, std::vector<double>> covariates;

  /// Views, with the named covariates as columns in this order.
  FitData data(const std::vector<std::string>& names = {}) const;
};

/// "lung" (days; rows with ph_ecog), "lung visits" (events known to lie between visits every 60
/// days), "heart" (left truncation, rows with stop > start), "rotterdam" (years to death), "colon"
/// (years to death, rows with nodes; weight 1.5 above age 60), "colon relative" (with a made-up
/// background hazard of 0.001 e^(0.09 (age - 50)) per year as well).
Columns columns_of(const std::string& name);

/// The family, knots and effects of "spline_hazard:2" with covariates "age,sex" on the location
/// and "shape:age" on others.
struct Model {
  FitSpecification specification;
  std::vector<std::string> covariates;  ///< for Columns::data
};
Model model_of(const std::string& model, const std::string& covariates = "",
               const std::string& on = "");

}  // namespace npcsim::test

// From a specification to a plan: columns scaled, knots placed, predictors wired.
#pragma once

#include <npcsim/fitting/detail/likelihood.hpp>
#include <npcsim/fitting/parametric_fit.hpp>

#include <string>
#include <vector>

namespace npcsim::detail {

/// The model as it is worked on, and how its coefficients turn into those that are reported.
struct Plan {
  LikelihoodPlan likelihood;
  std::vector<FittedParameter> parameters;  ///< names and places; numbers still empty
  std::size_t baseline_count = 0;           ///< theta included
  std::vector<double> to_output;            ///< [output * count + internal], linear
  std::string problem;                      ///< why there is no plan; empty if there is one
};

/// \param covariates false leaves out all effects.
Plan make_plan(const FitSpecification& specification, const FitData& data, bool covariates);

/// Internal coefficients for baseline parameters on the transformed scale, all effects 0.
std::vector<double> internal_start(const Plan& plan, std::span<const double> baseline);

/// Internal from reported coefficients.
std::vector<double> to_internal(const Plan& plan, std::span<const double> reported);
std::vector<double> to_reported(const Plan& plan, std::span<const double> internal);

/// First mistake in the data, in words with the row (from 1); empty if there is none.
std::string data_problem(const FitSpecification& specification, const FitData& data);

/// Boundary and inner knots of a spline on the log-time scale, as flexsurv places them; empty if
/// there are too few distinct event times.
std::vector<double> place_knots(const FitData& data, int inner_knots);

}  // namespace npcsim::detail

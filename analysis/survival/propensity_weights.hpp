// Weights that balance two groups, and how well they do.
#pragma once

#include <npcsim/survival/logistic_regression.hpp>
#include <npcsim/survival/time_to_event.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// Whom the weighted comparison is about.
enum class Estimand {
  everyone,  ///< 1 / P(group that was given)
  treated,   ///< odds for the untreated, 1 for the treated
  overlap,   ///< P(the other group)
};

struct PropensityOptions {
  Estimand estimand = Estimand::everyone;
  bool stabilised = true;  ///< times the share of the group (estimand everyone)
  double truncate = 0;     ///< weights outside [q, 1 - q] quantiles are set to these; 0: none
};

struct CovariateBalance {
  std::string name;
  double mean_treated = 0, mean_control = 0;  ///< unweighted
  double weighted_mean_treated = 0, weighted_mean_control = 0;
  double difference = 0;           ///< standardised, unweighted
  double weighted_difference = 0;  ///< same denominator: unweighted pooled standard deviation
};

struct PropensityWeights {
  LogisticRegression model;
  std::vector<double> weight;  ///< [row]
  std::vector<CovariateBalance> balance;
  double effective_treated = 0;  ///< (sum w)^2 / sum w^2
  double effective_control = 0;
  std::vector<std::string> warnings;
};

/// Fits P(treated | covariates) and turns it into weights; use them as TimeToEvent::weight with
/// clusters for weighted curves and Cox regression with the sandwich.
///
/// Source: Robins, Hernan & Brumback, Epidemiology 2000;11:550; truncation: Cole & Hernan, Am J
/// Epidemiol 2008;168:656; balance: Austin & Stuart, Stat Med 2015;34:3661.
PropensityWeights propensity_weights(std::span<const std::int32_t> treated,
                                     const Covariates& covariates,
                                     const PropensityOptions& options = {});

}  // namespace npcsim

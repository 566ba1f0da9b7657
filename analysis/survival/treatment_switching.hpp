// What the survival of a trial's control arm would have been without switching to the treatment.
#pragma once

#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/made_records.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// A two-arm trial with switching. All columns have one row per patient.
struct SwitchingTrial {
  std::span<const double> time;                ///< end of follow-up, > 0
  std::span<const std::int32_t> event;         ///< 1 event, 0 censored
  std::span<const std::int32_t> arm;           ///< 1 experimental, 0 control
  std::span<const double> treated_share = {};  ///< 0..1 of follow-up on the experimental treatment
  /// Administrative end of follow-up, >= time, known for everyone; for recensoring. Empty: none.
  std::span<const double> censoring_time = {};
  std::span<const std::int32_t> stratum = {};  ///< of the tests; default one

  std::size_t patients() const { return time.size(); }
};

struct RpsftOptions {
  double low = -2, high = 2;  ///< where psi is looked for
  double z = z_95;            ///< of the interval: 0.975 quantile of the normal distribution
  int grid = 200;             ///< steps at whose ends the sign of z is looked at
};

/// Untreated times of all patients at one psi.
struct CounterfactualTimes {
  std::vector<double> time;         ///< [patient]
  std::vector<std::int32_t> event;  ///< [patient] 0 where recensored
};

/// Untreated time = time off treatment + e^psi * time on treatment, recensored at the earlier of
/// C and C e^psi if the trial has censoring times; in an arm in which everybody kept to the
/// treatment there is nothing to recensor.
CounterfactualTimes untreated_times(const SwitchingTrial& trial, double psi);

/// Log-rank z of the untreated times at psi, arm 1 against arm 0: falls with psi, in steps.
double rpsft_z(const SwitchingTrial& trial, double psi);

struct Rpsft {
  bool converged = false;
  /// psi < 0: treatment extends life by the factor e^-psi.
  double psi = 0;
  double psi_low = 0;         ///< where z falls through +1.96; NaN: not within the options' range
  double psi_high = 0;        ///< where z falls through -1.96
  std::vector<double> roots;  ///< all places where z changes sign; several: psi is their middle one
  CounterfactualTimes untreated;  ///< at psi
  /// Experimental arm as observed against the control arm untreated.
  CoxRegression adjusted;
  /// Standard error of its log hazard ratio that keeps the p-value of the log-rank test as
  /// randomised.
  double adjusted_se = 0;
  double itt_z = 0;  ///< that test
  std::vector<std::string> warnings;
};

/// Rank preserving structural failure time model by g-estimation: psi is where z crosses 0, which
/// is found to the last digit because z is a step function.
///
/// Source: Robins & Tsiatis, Commun Stat Theory Methods 1991;20:2609; recensoring and interval:
/// White et al., Stat Med 1999;18:2617. The model of R's rpsftm without covariates.
Rpsft rpsft(const SwitchingTrial& trial, const RpsftOptions& options = {});

struct TwoStage {
  bool converged = false;
  double log_factor = 0;  ///< log of the factor by which switching stretches the time after it
  double log_factor_se = 0;
  CounterfactualTimes untreated;  ///< control arm without switching; experimental arm as observed
  CoxRegression adjusted;         ///< of arm on these times
  std::vector<std::string> warnings;
};

/// Simple two-stage estimation. A Weibull accelerated failure time model from the secondary
/// baseline (such as progression) on, within the control arm, compares switchers with others,
/// adjusted for `covariates` [patient] as of then; time after switching is divided by its factor.
/// With censoring times, control patients who reached the secondary baseline b are recensored at b
/// + (C - b) * min(1, 1 / factor).
///
/// `secondary_baseline` and `switch_time` [patient], NaN: never. The standard error of `adjusted`
/// does not know that the factor was estimated: bootstrap the whole. Source: Latimer et al., Stat
/// Methods Med Res 2017;26:724.
TwoStage two_stage(const SwitchingTrial& trial, std::span<const double> secondary_baseline,
                   std::span<const double> switch_time, const Covariates& covariates);

struct SwitchingIpcw {
  bool converged = false;
  CoxRegression switching;  ///< time to switching in the control arm, on the covariates
  MadeRecords records;      ///< rows (entry, time] with weights; cluster: the patient
  std::vector<double> arm;  ///< [row of records]
  CoxRegression outcome;    ///< of arm, weighted, sandwich clustered by patient
  std::vector<std::string> warnings;
};

/// Control patients are censored when they switch; those left are weighted by the inverse of their
/// probability of not having switched yet, `stabilised` by that probability without covariates.
///
/// `covariates` [patient] at baseline. Source: Robins & Finkelstein, Biometrics 2000;56:779;
/// Latimer et al., Med Decis Making 2014;34:387.
SwitchingIpcw switching_ipcw(const SwitchingTrial& trial, std::span<const double> switch_time,
                             const Covariates& covariates, bool stabilised = true);

}  // namespace npcsim

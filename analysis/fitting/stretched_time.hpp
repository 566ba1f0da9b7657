// Accelerated failure time with covariates that change: time runs at a changing speed.
#pragma once

#include <npcsim/fitting/parametric_fit.hpp>

namespace npcsim {

/// Rows (entry, time] of one subject, in any order, each with the covariates that hold in it.
///
/// Covariates on the location stretch time by exp(b x), so that a subject's own clock at time t is
///   psi(t) = integral of exp(-b x(u)) du
/// and S(t) = S0(psi(t)), h(t) = h0(psi(t)) exp(-b x(t)): what happened under earlier covariates
/// counts in full (Cox & Oakes 1984, Analysis of Survival Data, section 5.2). Splitting a row at a
/// constant x changes nothing, unlike in fit(), where each row is taken as if its x had held from
/// time 0; that is right for models of proportional hazards only. The BIC counts subjects.
///
/// Follow-up that begins after 0 is left truncation; before it the first row's covariates are taken
/// to have held. Needs records.cluster (subjects) and families whose location stretches time:
/// weibull, log_logistic, log_normal, generalised_gamma, generalised_f, without cured fraction;
/// exponential and gamma, whose rate is the speed itself, so that b has the other sign there. Rows
/// of one subject must join without gaps, have one weight, and an event only in the last. Further
/// parameters may have covariates too; those must not change within a subject.
FitResult fit_stretched_time(const FitSpecification& specification, const FitData& data);

/// Its log-likelihood at given coefficients, as FitResult::parameters; NaN if there is no such
/// model.
double stretched_time_log_likelihood(const FitSpecification& specification, const FitData& data,
                                     std::span<const double> transformed);

}  // namespace npcsim

// From the maximum to the report: estimates, covariance, and what is wrong or at a boundary.
#pragma once

#include <npcsim/fitting/detail/newton.hpp>
#include <npcsim/fitting/detail/plan.hpp>

#include <string>

namespace npcsim::detail {

double to_natural(Transform transform, double value);

/// Why no fit is tried at all: no events, fewer events than parameters, a group or a stretch of
/// time without events. Empty if there is no such reason.
std::string hopeless(const Plan& plan, const FitResult& counts);

/// The coefficient that runs away along a flat likelihood; empty if none does.
std::string runaway(const Plan& plan, const NewtonResult& maximum);

/// Fills estimates, limits, covariance, information criteria and the certificate.
void report(const Plan& plan, const NewtonResult& maximum, FitResult& result);

/// Decides whether the fit has converged, and says why not; names what is unusual about it.
/// \pre report() has been called.
void judge(const Plan& plan, const NewtonResult& maximum, FitResult& result);

/// Whether the likelihood still rises where P or the cured fraction tends to 0, so that the
/// simpler model, fitted as `limit`, is the answer. `result` is then filled from it.
/// \pre report() and judge() have been called.
void take_limit(const std::string& parameter, const FitResult& limit, FitResult& result);

/// The parameter whose limit 0 the fit runs to ("P" or "theta"), or nothing.
std::string limiting_parameter(const FitResult& result);

}  // namespace npcsim::detail

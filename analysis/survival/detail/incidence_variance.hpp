// Standard errors of a cumulative incidence.
#pragma once

#include <npcsim/survival/competing_risks.hpp>
#include <npcsim/survival/detail/group_timeline.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::detail {

inline constexpr std::int32_t any_cause = -1;

/// Infinitesimal jackknife over clusters. With u_i(t) the derivative of F(t) along the weight w_i
/// of record i, times w_i:
///   u_i(t) = [event of the cause by t] w S- / n
///            - [event of any cause by t] w (F(t) - F(t_i)) / (n - d)
///            - w (A + B - F(t) G)(min(t, t_i)) + w (A + B - F(t) G)(entry_i),
/// A = sum of S- d_c / n^2, G = sum of d / (n (n - d)), B = sum of F d / (n (n - d)); terms with
/// n = d are 0, because F stays then. Source: Therneau & Atkinson, vignette "Methods" of R's
/// package survival, section 2; for right-censored counts it equals the delta method. [point]
std::vector<double> jackknife_se(const SortedRecords& records, const GroupTimeline& timeline,
                                 std::int32_t cause, const std::vector<double>& survival_before,
                                 const CauseCurve& curve);

/// Aalen's variance as R's package cmprsk has it, with ties by the hypergeometric factor
/// 1 - (d - 1) / (n - 1). Source: Aalen, Ann Stat 1978;6:534; Gray, Ann Stat 1988;16:1141. \pre
/// counts without entries. [point]
std::vector<double> aalen_se(const GroupTimeline& timeline,
                             const std::vector<double>& survival_before, const CauseCurve& curve);

}  // namespace npcsim::detail

#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/detail/switching_checks.hpp>
#include <npcsim/survival/risk_sets.hpp>
#include <npcsim/survival/sorted_records.hpp>
#include <npcsim/survival/treatment_switching.hpp>
#include <npcsim/survival/weighted_log_rank.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {

namespace {

double log_rank_z(const SwitchingTrial& trial, std::span<const double> time,
                  std::span<const std::int32_t> event) {
  TimeToEvent records{time, event};
  records.stratum = trial.stratum;
  const GroupLogRank test = log_rank_test(RiskSets(SortedRecords(records, trial.arm)));
  return test.defined ? test.z : 0;
}

// Everybody in the arm has this share of follow-up on treatment.
bool all_have(const SwitchingTrial& trial, std::int32_t arm, double share) {
  for (std::size_t i = 0; i < trial.patients(); ++i) {
    if (trial.arm[i] == arm && trial.treated_share[i] != share) return false;
  }
  return true;
}

// Where z - level changes sign between two points: halved until they are neighbours.
double crossing(const SwitchingTrial& trial, double low, double high, double level) {
  const bool positive = rpsft_z(trial, low) > level;
  constexpr int most_halvings = 60;
  for (int k = 0; k < most_halvings; ++k) {
    const double middle = low + (high - low) / 2;
    if (!(middle > low && middle < high)) break;
    ((rpsft_z(trial, middle) > level) == positive ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

struct GridPoint {
  double psi;
  double z;
};

std::vector<double> crossings(const SwitchingTrial& trial, const std::vector<GridPoint>& grid,
                              double level) {
  std::vector<double> found;
  for (std::size_t k = 1; k < grid.size(); ++k) {
    if ((grid[k - 1].z > level) != (grid[k].z > level)) {
      found.push_back(crossing(trial, grid[k - 1].psi, grid[k].psi, level));
    }
  }
  return found;
}

}  // namespace

CounterfactualTimes untreated_times(const SwitchingTrial& trial, double psi) {
  CounterfactualTimes result;
  const double factor = portable::exp(psi);
  const double censoring_factor = std::min(1.0, factor);
  const bool recensor[2] = {!trial.censoring_time.empty() && !all_have(trial, 0, 0),
                            !trial.censoring_time.empty() && !all_have(trial, 1, 1)};
  for (std::size_t i = 0; i < trial.patients(); ++i) {
    const double share = trial.treated_share[i];
    double time = trial.time[i] * ((1 - share) + share * factor);
    std::int32_t event = trial.event[i];
    if (recensor[trial.arm[i]]) {
      const double end = trial.censoring_time[i] * censoring_factor;
      if (end < time) {
        time = end;
        event = 0;
      }
    }
    result.time.push_back(time);
    result.event.push_back(event);
  }
  return result;
}

double rpsft_z(const SwitchingTrial& trial, double psi) {
  const CounterfactualTimes times = untreated_times(trial, psi);
  return log_rank_z(trial, times.time, times.event);
}

Rpsft rpsft(const SwitchingTrial& trial, const RpsftOptions& options) {
  Rpsft result;
  const double unknown = std::numeric_limits<double>::quiet_NaN();
  result.psi = result.psi_low = result.psi_high = result.adjusted_se = unknown;
  result.warnings = detail::broken_promises(trial);
  if (trial.treated_share.size() != trial.patients()) {
    result.warnings.emplace_back("shares of time on treatment are missing");
  }
  for (const double share : trial.treated_share) {
    if (share >= 0 && share <= 1) continue;
    result.warnings.emplace_back("shares of time on treatment have to lie between 0 and 1");
    break;
  }
  if (!result.warnings.empty()) return result;

  result.itt_z = log_rank_z(trial, trial.time, trial.event);
  std::vector<GridPoint> grid;
  for (int k = 0; k <= options.grid; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(options.grid);
    const double psi = options.low + share * (options.high - options.low);
    grid.push_back({psi, rpsft_z(trial, psi)});
  }
  result.roots = crossings(trial, grid, 0);
  if (result.roots.empty()) {
    result.warnings.emplace_back(
        "the log-rank statistic has one sign over the whole range of psi: widen it, or the data do "
        "not identify the effect");
    return result;
  }
  if (result.roots.size() > 1) {
    result.warnings.emplace_back("the log-rank statistic changes sign at several psi");
  }
  result.psi = result.roots[result.roots.size() / 2];
  const std::vector<double> lower = crossings(trial, grid, options.z);
  const std::vector<double> upper = crossings(trial, grid, -options.z);
  if (!lower.empty()) result.psi_low = lower.front();
  if (!upper.empty()) result.psi_high = upper.back();
  if (lower.empty() || upper.empty()) {
    result.warnings.emplace_back("a limit of the interval of psi is outside the range");
  }

  result.untreated = untreated_times(trial, result.psi);
  std::vector<double> time(trial.time.begin(), trial.time.end());
  std::vector<std::int32_t> event(trial.event.begin(), trial.event.end());
  std::vector<double> arm;
  for (std::size_t i = 0; i < trial.patients(); ++i) {
    arm.push_back(trial.arm[i]);
    if (trial.arm[i] != 0) continue;
    time[i] = result.untreated.time[i];
    event[i] = result.untreated.event[i];
  }
  TimeToEvent records{time, event};
  records.stratum = trial.stratum;
  result.adjusted = cox_regression(records, {{"arm"}, {arm}});
  for (const std::string& warning : result.adjusted.warnings) result.warnings.push_back(warning);
  if (!result.adjusted.converged()) return result;
  if (result.itt_z != 0) {
    result.adjusted_se = std::fabs(result.adjusted.coefficients[0] / result.itt_z);
  }
  result.converged = true;
  return result;
}

}  // namespace npcsim

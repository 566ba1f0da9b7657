// Who is at risk and who has an event, group by group, at every time at which somebody has one.
#pragma once

#include <npcsim/survival/risk_table.hpp>
#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// One row per stratum and distinct event time, in that order: what the log-rank family, Cox's
/// model with groups alone, restricted means and milestones are computed from.
///
/// A record is at risk at t if entry < t <= time. Events of any cause count (codes 1 and above).
/// Numbers are sums of case weights; with weight 1 they are counts.
class RiskSets {
 public:
  RiskSets() = default;
  explicit RiskSets(const SortedRecords& records) { assign(records); }
  /// The same into memory that is there already.
  void assign(const SortedRecords& records);

  std::size_t rows() const { return time_.size(); }
  std::size_t groups() const { return groups_; }
  std::size_t strata() const { return stratum_begin_.size() - 1; }
  std::span<const double> time() const { return time_; }                           ///< [row]
  std::span<const std::uint32_t> stratum_begin() const { return stratum_begin_; }  ///< [stratum+1]

  double events(std::size_t row, std::size_t group) const { return events_[row * groups_ + group]; }
  double at_risk(std::size_t row, std::size_t group) const {
    return at_risk_[row * groups_ + group];
  }
  double events(std::size_t row) const { return all_events_[row]; }
  double at_risk(std::size_t row) const { return all_at_risk_[row]; }
  /// Sum of weights of the group's records, and of its events.
  double subjects_of(std::size_t group) const { return subjects_of_[group]; }
  double events_of(std::size_t group) const { return events_of_[group]; }
  /// The latest time of all, and of the group, and whether that one is a censoring; 0 if empty.
  double last_time_of(std::size_t group) const { return last_time_of_[group]; }
  bool last_is_censored(std::size_t group) const { return last_is_censored_[group] != 0; }

  /// Rows of the two groups `control` and `treated` for cox_two_groups() and log_rank(); rows where
  /// neither has an event are left out. \pre one stratum, for Efron's ties weights of 1.
  void two_groups(std::size_t treated, std::size_t control, std::vector<RiskRow>& out) const;

 private:
  void count_rows(const SortedRecords& records);
  void summarise(const SortedRecords& records);

  std::size_t groups_ = 1;
  std::vector<double> time_;
  std::vector<std::uint32_t> stratum_begin_{0, 0};
  std::vector<double> events_;                  // [row][group]
  std::vector<double> at_risk_;                 // [row][group]
  std::vector<double> all_events_;              // [row]
  std::vector<double> all_at_risk_;             // [row]
  std::vector<double> subjects_of_;             // [group]
  std::vector<double> events_of_;               // [group]
  std::vector<double> last_time_of_;            // [group]
  std::vector<std::uint8_t> last_is_censored_;  // [group]
  std::vector<double> running_;                 // scratch
};

}  // namespace npcsim

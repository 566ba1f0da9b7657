// Individual records in the order in which every statistic reads them.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim {

/// Times closer than this, absolutely or relative to the mean of all distinct times, are one time:
/// sqrt of the double epsilon, as `timefix` of R's package survival has it.
inline constexpr double tie_tolerance = 1.4901161193847656e-8;

/// Records sorted by stratum, then time, events before censorings, then row; columns are permuted
/// copies, so that one sort serves Kaplan-Meier, log-rank, Cox and restricted means alike.
///
/// Nearly tied times are joined first: the distinct times (ends and entries of all strata) are put
/// in order, and a time within the tolerance of the one before it takes that one's value, along
/// whole chains. Source: Therneau, vignette "Roundoff error and tied times" of survival.
class SortedRecords {
 public:
  SortedRecords() = default;
  /// `group` has a number 0.. for each row; empty: one group. \pre the columns of `records` agree
  /// in length and all times are finite; tolerance 0 joins nothing.
  explicit SortedRecords(const TimeToEvent& records, std::span<const std::int32_t> group = {},
                         double tolerance = tie_tolerance) {
    assign(records, group, tolerance);
    release_scratch();
  }
  /// The same into memory that is there already: for many trials, one after another.
  void assign(const TimeToEvent& records, std::span<const std::int32_t> group = {},
              double tolerance = tie_tolerance);

  std::size_t size() const { return row_.size(); }
  /// 1 + the largest number of a group or stratum that occurs; at least 1.
  std::size_t groups() const { return groups_; }
  std::size_t strata() const { return stratum_begin_.size() - 1; }

  std::span<const std::uint32_t> row() const { return row_; }         ///< [position] row it was
  std::span<const double> time() const { return time_; }              ///< [position] joined
  std::span<const std::int32_t> event() const { return event_; }      ///< [position]
  std::span<const double> entry() const { return entry_; }            ///< [position], or empty
  std::span<const double> weight() const { return weight_; }          ///< [position], or empty
  std::span<const std::int32_t> group() const { return group_; }      ///< [position], or empty
  std::span<const std::int32_t> cluster() const { return cluster_; }  ///< [position], or empty
  double weight_at(std::size_t position) const { return weight_.empty() ? 1.0 : weight_[position]; }
  std::size_t group_at(std::size_t position) const {
    return group_.empty() ? 0 : static_cast<std::size_t>(group_[position]);
  }
  /// Positions of stratum s: stratum_begin()[s] to stratum_begin()[s + 1]. [stratum + 1]
  std::span<const std::uint32_t> stratum_begin() const { return stratum_begin_; }
  /// Positions by stratum, then entry: who joins the risk sets when. Empty without entries.
  std::span<const std::uint32_t> by_entry() const { return by_entry_; }

  /// Rows that joining times has left without follow-up (entry = end); they are left out.
  std::span<const std::uint32_t> emptied_rows() const { return emptied_; }
  /// True if the columns are one stratum; otherwise times rise within strata only.
  bool in_time_order() const { return strata() == 1; }

 private:
  struct Key {
    double time;
    std::uint32_t row;
  };
  void sort_keys();
  void join_ties(double tolerance);
  void separate_entries(std::size_t n);
  void order_within_ties(std::span<const std::int32_t> event);
  void split_strata(std::span<const std::int32_t> stratum);
  void order_entries(std::size_t n);
  void release_scratch() {
    std::vector<Key>().swap(keys_);
    std::vector<Key>().swap(spare_);
    std::vector<std::uint32_t>().swap(bucket_);
    std::vector<std::uint32_t>().swap(entry_rows_);
    std::vector<double>().swap(joined_entry_);
  }

  std::vector<std::uint32_t> row_;
  std::vector<double> time_;
  std::vector<std::int32_t> event_;
  std::vector<double> entry_;
  std::vector<double> weight_;
  std::vector<std::int32_t> group_;
  std::vector<std::int32_t> cluster_;
  std::vector<std::uint32_t> stratum_begin_{0, 0};
  std::vector<std::uint32_t> by_entry_;
  std::vector<std::uint32_t> emptied_;
  std::size_t groups_ = 1;
  // Scratch, kept by assign() so that a second use allocates nothing; a million records need 36 MB.
  std::vector<Key> keys_;
  std::vector<Key> spare_;
  std::vector<std::uint32_t> bucket_;
  std::vector<double> joined_entry_;       // [row]
  std::vector<std::uint32_t> entry_rows_;  // rows in the order of their entries
};

}  // namespace npcsim

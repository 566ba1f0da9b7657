// Cox's partial likelihood with its derivatives, and the sums over risk sets behind it.
#pragma once

#include <npcsim/survival/cox_regression.hpp>
#include <npcsim/survival/detail/standardised_columns.hpp>
#include <npcsim/survival/sorted_records.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace npcsim::detail {

/// Sums over the d events tied at one time. With S0 the sum of weight * risk over the risk set, D0
/// that over the tied events, f_l = l / d (0 under Breslow), den_l = S0 - f_l D0 and w the mean
/// weight of the events:
struct TieSums {
  double hazard = 0;        ///< sum of w / den
  double hazard_tied = 0;   ///< sum of w f / den: what the events themselves are spared of it
  double square = 0;        ///< sum of w / den^2
  double square_tied = 0;   ///< sum of w f / den^2
  double square_tied2 = 0;  ///< sum of w f^2 / den^2
  double log_sum = 0;       ///< sum of w log den
};

/// Adds logarithms as products, so that one logarithm serves many factors.
class LogProduct {
 public:
  void add(double factor);
  double value() const;

 private:
  double product_ = 1;
  double sum_ = 0;
};

TieSums tie_sums(double risk, double risk_of_events, std::uint32_t events, double mean_weight,
                 Ties ties, LogProduct* log_product);

/// Positions [first, first + events) of the sorted records have their event at one time; everybody
/// from `first` to the end of the stratum who has entered is at risk.
struct EventGroup {
  std::uint32_t first;
  std::uint32_t events;
};

/// Log likelihood with gradient and information, on the scale of standardised columns.
struct Derivatives {
  double log_likelihood = 0;
  std::vector<double> gradient;
  std::vector<double> information;  ///< [i * count + j]
  /// Sum of expected events * column^2: a diagonal element of the information that is rounding
  /// noise beside it belongs to a column that never differs between those at risk.
  std::vector<double> second_moment;
  bool finite = false;
};

/// Records sorted once, columns centred and scaled once. Nothing is allocated per evaluation but
/// what the first one sets up.
class PartialLikelihood {
 public:
  PartialLikelihood(const TimeToEvent& records, const Covariates& covariates,
                    const CoxOptions& options);

  std::size_t count() const { return standardised_.columns.size(); }
  std::size_t size() const { return sorted_.size(); }
  const SortedRecords& sorted() const { return sorted_; }
  std::span<const EventGroup> groups() const { return groups_; }
  /// Events' groups of stratum s: group_begin(s) to group_begin(s + 1).
  std::size_t group_begin(std::size_t stratum) const { return group_begin_[stratum]; }
  std::span<const double> column(std::size_t j) const { return standardised_.columns[j]; }
  double mean(std::size_t j) const { return standardised_.mean[j]; }
  double scale(std::size_t j) const {
    return standardised_.scale[j];
  }  ///< 0: the column is constant
  const std::vector<double>& scales() const { return standardised_.scale; }
  double time(const EventGroup& group) const { return sorted_.time()[group.first]; }
  double weight(std::size_t position) const { return sorted_.weight_at(position); }
  bool is_event(std::size_t position) const { return sorted_.event()[position] != 0; }
  std::size_t events() const { return events_; }
  Ties ties() const { return ties_; }
  bool truncated() const { return !sorted_.by_entry().empty(); }

  /// At standardised coefficients (those of the user times scale).
  void evaluate(std::span<const double> beta, Derivatives& out);

  /// After evaluate(): weight * exp(linear predictor - shift of its stratum) [position].
  std::span<const double> risk() const { return risk_; }
  /// After evaluate(): what was taken off the linear predictor of the stratum's rows (standardised
  /// columns, offset included), so that risks do not overflow.
  double shift(std::size_t stratum) const { return shift_[stratum]; }
  /// After evaluate(): cumulative hazard, on the shifted scale, that the row was exposed to; a tied
  /// event is spared part of the hazard of its time (Efron).
  double exposure(std::size_t position) const;
  /// After evaluate(): cumulative hazard up to and with the group, within its stratum.
  double cumulative_hazard(std::size_t group) const { return cumulative_[group]; }

  /// Largest minus smallest change of the linear predictor along a step, over rows.
  double spread(std::span<const double> step) const;
  /// The event group at whose time or the last before which the row ends, 1 based, and the same for
  /// its entry; 0: none in the stratum.
  std::uint32_t end_group(std::size_t position) const { return end_group_[position]; }
  std::uint32_t entry_group(std::size_t position) const {
    return entry_group_.empty() ? 0 : entry_group_[position];
  }

  /// Visits the event groups of each stratum from the last to the first. `state` offers
  /// add(position), remove(position), clear() and at(group index, stratum).
  template <class State>
  void visit_risk_sets(State& state) const;

 private:
  void find_groups();
  /// The sum of weight * linear predictor over events.
  double set_risks(std::span<const double> beta);
  void subtract_means(Derivatives& out);
  void add_rows(Derivatives& out) const;

  SortedRecords sorted_;
  Ties ties_;
  std::vector<EventGroup> groups_;
  std::vector<std::size_t> group_begin_;    // [stratum + 1]
  std::vector<std::uint32_t> end_group_;    // [position]
  std::vector<std::uint32_t> entry_group_;  // [position], empty without entries
  StandardisedColumns standardised_;
  std::vector<double> offset_;
  std::vector<double> shift_;       // [stratum]
  std::vector<double> risk_;        // [position]
  std::vector<double> cumulative_;  // [group] hazard up to and with the group
  std::vector<double> spared_;      // [group] what a tied event is spared of it; empty without ties
  bool tied_ = false;
  std::size_t events_ = 0;
};

template <class State>
void PartialLikelihood::visit_risk_sets(State& state) const {
  const auto starts = sorted_.stratum_begin();
  const auto by_entry = sorted_.by_entry();
  const auto times = sorted_.time();
  const auto entries = sorted_.entry();
  for (std::size_t s = sorted_.strata(); s-- > 0;) {
    state.clear();
    std::size_t next = starts[s + 1];  // rows from here on are in the sums
    std::size_t leaving = starts[s + 1];
    std::size_t inside = 0;
    for (std::size_t g = group_begin_[s + 1]; g-- > group_begin_[s];) {
      const std::size_t first = groups_[g].first;
      if (!by_entry.empty()) {
        // Rows of later times come first, then those who had not entered leave; an empty risk set
        // starts from exact zeros.
        const double t = times[first];
        std::size_t tie_end = first + groups_[g].events;
        while (tie_end < next && times[tie_end] == t) ++tie_end;
        for (; next > tie_end; --next, ++inside) state.add(next - 1);
        for (; leaving > starts[s] && entries[by_entry[leaving - 1]] >= t; --leaving, --inside) {
          state.remove(by_entry[leaving - 1]);
        }
        if (inside == 0) state.clear();
      }
      for (; next > first; --next, ++inside) state.add(next - 1);
      state.at(g, s);
    }
  }
}

}  // namespace npcsim::detail

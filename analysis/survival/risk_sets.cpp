#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/risk_sets.hpp>

#include <algorithm>

namespace npcsim {

namespace {

// Adds up, from the end of a stratum to its start, who is at risk in each group. Sums of weights
// with late entries are sums of differences; counting beside them finds the times at which
// everybody at risk has the event, so that rounding cannot keep S above 0 there.
class RunningRisk {
 public:
  RunningRisk(const SortedRecords& records, std::vector<double>& sums)
      : records_(records), sums_(sums) {
    sums_.assign(2 * records.groups(), 0.0);
  }

  void start(std::size_t stratum) {
    std::fill(sums_.begin(), sums_.end(), 0.0);
    entries_left_ = records_.stratum_begin()[stratum + 1];
    entries_end_ = records_.stratum_begin()[stratum];
  }
  void add(std::size_t position) {
    const std::size_t g = records_.group_at(position);
    sums_[g] += records_.weight_at(position);
    sums_[records_.groups() + g] += 1;
  }
  // Those who enter at or after `time` are not at risk at it.
  void remove_later_entries(double time) {
    if (records_.entry().empty()) return;
    while (entries_left_ > entries_end_) {
      const std::size_t position = records_.by_entry()[entries_left_ - 1];
      if (records_.entry()[position] < time) break;
      const std::size_t g = records_.group_at(position);
      sums_[g] -= records_.weight_at(position);
      sums_[records_.groups() + g] -= 1;
      --entries_left_;
    }
  }
  double at_risk(std::size_t g) const { return sums_[g]; }
  double count(std::size_t g) const { return sums_[records_.groups() + g]; }

 private:
  const SortedRecords& records_;
  std::vector<double>& sums_;  // [group] weights, [groups + group] counts
  std::size_t entries_left_ = 0;
  std::size_t entries_end_ = 0;
};

}  // namespace

void RiskSets::assign(const SortedRecords& records) {
  groups_ = records.groups();
  subjects_of_.assign(groups_, 0.0);
  events_of_.assign(groups_, 0.0);
  last_time_of_.assign(groups_, 0.0);
  last_is_censored_.assign(groups_, 0);
  count_rows(records);
  const std::size_t rows = time_.size();
  events_.assign(rows * groups_, 0.0);
  at_risk_.resize(rows * groups_);
  all_events_.resize(rows);
  all_at_risk_.resize(rows);

  const std::span<const double> time = records.time();
  const std::span<const std::int32_t> event = records.event();
  const bool exact_ends = !records.entry().empty() && !records.weight().empty();
  RunningRisk running(records, running_);
  std::vector<double> event_count(exact_ends ? groups_ : 0);
  std::size_t row = rows;
  for (std::size_t s = records.strata(); s-- > 0;) {
    const std::size_t begin = records.stratum_begin()[s];
    std::size_t last = records.stratum_begin()[s + 1];
    running.start(s);
    while (last > begin) {
      const double now = time[last - 1];
      std::size_t first = last;
      while (first > begin && time[first - 1] == now) running.add(--first);
      running.remove_later_entries(now);
      if (event[first] > 0) {
        --row;
        std::size_t events_end = first;
        while (events_end < last && event[events_end] > 0) ++events_end;
        std::fill(event_count.begin(), event_count.end(), 0.0);
        // In the order of the sums at risk, so that equal sets have equal sums.
        for (std::size_t i = events_end; i-- > first;) {
          const std::size_t g = records.group_at(i);
          events_[row * groups_ + g] += records.weight_at(i);
          if (exact_ends) event_count[g] += 1;
        }
        double all_events = 0;
        double all_at_risk = 0;
        for (std::size_t g = 0; g < groups_; ++g) {
          const double events = events_[row * groups_ + g];
          double at_risk = running.at_risk(g);
          if (exact_ends && event_count[g] == running.count(g)) at_risk = events;
          at_risk_[row * groups_ + g] = at_risk;
          all_events += events;
          all_at_risk += at_risk;
          events_of_[g] += events;
        }
        all_events_[row] = all_events;
        all_at_risk_[row] = all_at_risk;
      }
      last = first;
    }
  }
  summarise(records);
}

// Rows by stratum, so that the vectors can be filled from their ends.
void RiskSets::count_rows(const SortedRecords& records) {
  const std::span<const double> time = records.time();
  const std::span<const std::int32_t> event = records.event();
  stratum_begin_.assign(records.strata() + 1, 0);
  time_.clear();
  for (std::size_t s = 0; s < records.strata(); ++s) {
    const std::size_t begin = records.stratum_begin()[s];
    for (std::size_t i = begin; i < records.stratum_begin()[s + 1]; ++i) {
      // The first record of a time is an event if there is one.
      if (event[i] > 0 && (i == begin || time[i - 1] != time[i])) time_.push_back(time[i]);
    }
    stratum_begin_[s + 1] = static_cast<std::uint32_t>(time_.size());
  }
}

void RiskSets::summarise(const SortedRecords& records) {
  std::vector<double>& last = last_time_of_;
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t g = records.group_at(i);
    const bool first = subjects_of_[g] == 0;
    subjects_of_[g] += records.weight_at(i);
    if (first || records.time()[i] > last[g]) {
      last[g] = records.time()[i];
      last_is_censored_[g] = records.event()[i] > 0 ? 0 : 1;
    } else if (records.time()[i] == last[g] && records.event()[i] <= 0) {
      last_is_censored_[g] = 1;
    }
  }
}

void RiskSets::two_groups(std::size_t treated, std::size_t control,
                          std::vector<RiskRow>& out) const {
  NPCSIM_EXPECTS(treated < groups_ && control < groups_ && strata() == 1);
  out.clear();
  for (std::size_t r = 0; r < rows(); ++r) {
    const RiskRow row{events(r, treated), events(r, control), at_risk(r, treated),
                      at_risk(r, control)};
    if (row.events_treated + row.events_control > 0) out.push_back(row);
  }
}

}  // namespace npcsim

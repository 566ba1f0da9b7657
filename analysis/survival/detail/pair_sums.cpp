#include <npcsim/survival/detail/pair_sums.hpp>

#include <algorithm>

namespace npcsim::detail {

namespace {

// Prefix sums over ranks, changed one at a time.
class FenwickTree {
 public:
  explicit FenwickTree(std::size_t size) : sums_(size + 1, 0.0), values_(size, 0.0) {}

  void add(std::size_t rank, double weight) {
    total_ += weight;
    values_[rank] += weight;
    for (std::size_t k = rank + 1; k < sums_.size(); k += k & (~k + 1)) sums_[k] += weight;
  }
  double below(std::size_t rank) const {
    double sum = 0;
    for (std::size_t k = rank; k > 0; k -= k & (~k + 1)) sum += sums_[k];
    return sum;
  }
  double at(std::size_t rank) const { return values_[rank]; }
  double above(std::size_t rank) const { return total_ - below(rank) - values_[rank]; }

 private:
  std::vector<double> sums_;    // [rank + 1]
  std::vector<double> values_;  // [rank]
  double total_ = 0;
};

class PairSweep {
 public:
  PairSweep(const SortedRecords& records, std::span<const std::size_t> rank, std::size_t ranks,
            std::span<const double> pair_weight, PairSums& sums)
      : records_(records), rank_(rank), ranks_(ranks), pair_weight_(pair_weight), sums_(sums) {}

  void stratum(std::size_t begin, std::size_t end, PairMembers members) {
    as_earlier(begin, end);
    if (members == PairMembers::both) as_later(begin, end);
    count_tied_times(begin, end);
  }

 private:
  bool event(std::size_t i) const { return records_.event()[i] > 0; }
  double pair_weight(std::size_t i) const { return pair_weight_.empty() ? 1 : pair_weight_[i]; }
  std::size_t tie_end(std::size_t first, std::size_t end) const {
    std::size_t last = first;
    while (last < end && records_.time()[last] == records_.time()[first]) ++last;
    return last;
  }

  // From the last time to the first: events against those who are still at risk after them.
  void as_earlier(std::size_t begin, std::size_t end) {
    FenwickTree tree(ranks_);
    std::size_t leaving = end;
    const auto by_entry = records_.by_entry();
    for (std::size_t last = end; last > begin;) {
      std::size_t first = last - 1;
      const double time = records_.time()[first];
      while (first > begin && records_.time()[first - 1] == time) --first;
      std::size_t censored = first;
      while (censored < last && event(censored)) ++censored;
      for (std::size_t i = censored; i < last; ++i) tree.add(rank_[i], records_.weight_at(i));
      for (;
           !by_entry.empty() && leaving > begin && records_.entry()[by_entry[leaving - 1]] >= time;
           --leaving) {
        const std::size_t i = by_entry[leaving - 1];
        tree.add(rank_[i], -records_.weight_at(i));
      }
      for (std::size_t i = first; i < censored; ++i) {
        const double weight = pair_weight(i);
        if (weight == 0) continue;
        sums_.concordant[i] += weight * tree.below(rank_[i]);
        sums_.discordant[i] += weight * tree.above(rank_[i]);
        sums_.tied[i] += weight * tree.at(rank_[i]);
      }
      for (std::size_t i = first; i < censored; ++i) tree.add(rank_[i], records_.weight_at(i));
      last = first;
    }
  }

  // From the first time to the last: everybody against the events before them and after their
  // entry.
  void as_later(std::size_t begin, std::size_t end) {
    FenwickTree tree(ranks_);
    const auto add_to = [&](std::size_t i, double sign) {
      sums_.concordant[i] += sign * tree.above(rank_[i]);
      sums_.discordant[i] += sign * tree.below(rank_[i]);
      sums_.tied[i] += sign * tree.at(rank_[i]);
    };
    std::size_t entering = begin;
    const auto by_entry = records_.by_entry();
    for (std::size_t first = begin; first < end;) {
      const std::size_t last = tie_end(first, end);
      const double time = records_.time()[first];
      for (; !by_entry.empty() && entering < end && records_.entry()[by_entry[entering]] < time;
           ++entering) {
        add_to(by_entry[entering], -1);
      }
      std::size_t censored = first;
      for (; censored < last && event(censored); ++censored) add_to(censored, 1);
      for (std::size_t i = first; i < censored; ++i) {
        tree.add(rank_[i], records_.weight_at(i) * pair_weight(i));
      }
      for (std::size_t i = censored; i < last; ++i) add_to(i, 1);
      first = last;
    }
  }

  void count_tied_times(std::size_t begin, std::size_t end) {
    std::vector<std::pair<std::size_t, double>> tied;
    for (std::size_t first = begin; first < end;) {
      const std::size_t last = tie_end(first, end);
      tied.clear();
      for (std::size_t i = first; i < last && event(i); ++i) {
        if (pair_weight(i) != 0) {
          tied.emplace_back(rank_[i], records_.weight_at(i) * pair_weight(i));
        }
      }
      const double common = tied.empty() ? 1 : pair_weight(first);
      std::sort(tied.begin(), tied.end());
      double before = 0;
      double same = 0;
      for (std::size_t k = 0; k < tied.size(); ++k) {
        if (k > 0 && tied[k].first != tied[k - 1].first) {
          before += same;
          same = 0;
        }
        sums_.tied_time += before * tied[k].second / common;
        sums_.tied_both += same * tied[k].second / common;
        same += tied[k].second;
      }
      first = last;
    }
  }

  const SortedRecords& records_;
  std::span<const std::size_t> rank_;
  std::size_t ranks_;
  std::span<const double> pair_weight_;
  PairSums& sums_;
};

}  // namespace

PairSums pair_sums(const SortedRecords& records, std::span<const std::size_t> rank,
                   std::size_t ranks, std::span<const double> pair_weight, PairMembers members) {
  PairSums sums;
  sums.concordant.assign(records.size(), 0.0);
  sums.discordant = sums.concordant;
  sums.tied = sums.concordant;
  PairSweep sweep(records, rank, ranks, pair_weight, sums);
  const auto starts = records.stratum_begin();
  for (std::size_t s = 0; s < records.strata(); ++s)
    sweep.stratum(starts[s], starts[s + 1], members);
  return sums;
}

std::size_t marker_ranks(const SortedRecords& records, std::span<const double> values,
                         std::vector<std::size_t>& rank) {
  const std::size_t n = records.size();
  std::vector<std::size_t> order(n);
  for (std::size_t i = 0; i < n; ++i) order[i] = i;
  const auto value = [&](std::size_t i) { return values[records.row()[i]]; };
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return value(a) < value(b); });
  rank.assign(n, 0);
  std::size_t distinct = 0;
  for (std::size_t k = 0; k < n; ++k) {
    if (k > 0 && value(order[k]) != value(order[k - 1])) ++distinct;
    rank[order[k]] = distinct;
  }
  return n == 0 ? 0 : distinct + 1;
}

}  // namespace npcsim::detail

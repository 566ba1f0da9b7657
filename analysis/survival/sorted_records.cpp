#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/sorted_records.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

constexpr std::size_t short_run = 24;  // below this insertion beats everything

template <class Key>
bool before(const Key& a, const Key& b) {
  return a.time < b.time || (a.time == b.time && a.row < b.row);
}

template <class Key>
void sort_run(Key* first, Key* last) {
  if (last - first > static_cast<std::ptrdiff_t>(short_run)) {
    // Long runs are mostly ties, and those come in order of their rows.
    if (!std::is_sorted(first, last, before<Key>)) std::sort(first, last, before<Key>);
    return;
  }
  for (Key* at = first + 1; at < last; ++at) {
    const Key key = *at;
    Key* hole = at;
    for (; hole > first && before(key, hole[-1]); --hole) *hole = hole[-1];
    *hole = key;
  }
}

std::size_t largest(std::span<const std::int32_t> column) {
  std::int32_t most = 0;
  for (const std::int32_t value : column) most = std::max(most, value);
  return static_cast<std::size_t>(most);
}

template <class Value>
void permute(std::span<const Value> column, const std::vector<std::uint32_t>& row,
             std::vector<Value>& out) {
  out.resize(column.empty() ? 0 : row.size());
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = column[row[i]];
}

}  // namespace

// One pass distributes the keys to as many buckets as there are keys, evenly over the range of
// times; what is left to sort are short runs. The cost is linear for any smooth distribution and
// that of std::sort for the worst one.
void SortedRecords::sort_keys() {
  const std::size_t n = keys_.size();
  if (n < 2) return;
  const auto [low, high] = std::minmax_element(
      keys_.begin(), keys_.end(), [](const Key& a, const Key& b) { return a.time < b.time; });
  const double least = low->time;
  const double scale = static_cast<double>(n) / (high->time - least);
  if (n <= short_run || !(scale < 1e300)) {
    // Infinite scale: all times equal (or next to it).
    std::sort(keys_.begin(), keys_.end(), before<Key>);
    return;
  }
  bucket_.assign(n + 1, 0);
  const auto bucket_of = [&](const Key& key) {
    return std::min(static_cast<std::size_t>((key.time - least) * scale), n - 1);
  };
  for (const Key& key : keys_) ++bucket_[bucket_of(key) + 1];
  for (std::size_t b = 1; b <= n; ++b) bucket_[b] += bucket_[b - 1];
  spare_.resize(n);
  for (const Key& key : keys_) spare_[bucket_[bucket_of(key)]++] = key;
  keys_.swap(spare_);
  std::size_t first = 0;
  for (std::size_t b = 0; b < n; ++b) {
    const std::size_t last = bucket_[b];  // its end, now that it is filled
    if (last - first > 1) sort_run(keys_.data() + first, keys_.data() + last);
    first = last;
  }
}

void SortedRecords::join_ties(double tolerance) {
  if (!(tolerance > 0) || keys_.empty()) return;
  double sum = 0;
  double distinct = 0;
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (i > 0 && keys_[i].time == keys_[i - 1].time) continue;
    sum += std::fabs(keys_[i].time);
    distinct += 1;
  }
  const double mean = sum / distinct;
  double previous = keys_.front().time;
  double joined = previous;
  for (Key& key : keys_) {
    const double gap = key.time - previous;
    previous = key.time;
    if (!(gap <= tolerance || gap <= tolerance * mean)) joined = key.time;
    key.time = joined;
  }
}

void SortedRecords::order_within_ties(std::span<const std::int32_t> event) {
  for (std::size_t first = 0; first < keys_.size();) {
    std::size_t last = first + 1;
    while (last < keys_.size() && keys_[last].time == keys_[first].time) ++last;
    if (last - first > 1) {
      const auto begin = keys_.begin() + static_cast<std::ptrdiff_t>(first);
      const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(last);
      const auto by_row = [](const Key& a, const Key& b) { return a.row < b.row; };
      // Joining may have put rows out of order.
      if (!std::is_sorted(begin, end, by_row)) std::sort(begin, end, by_row);
      spare_.clear();
      auto kept = begin;
      for (auto key = begin; key != end; ++key) {
        if (event[key->row] > 0) {
          *kept++ = *key;
        } else {
          spare_.push_back(*key);
        }
      }
      std::copy(spare_.begin(), spare_.end(), kept);
    }
    first = last;
  }
}

void SortedRecords::split_strata(std::span<const std::int32_t> stratum) {
  const std::size_t strata = largest(stratum) + 1;
  stratum_begin_.assign(strata + 1, 0);
  if (strata == 1) {
    stratum_begin_[1] = static_cast<std::uint32_t>(keys_.size());
    return;
  }
  for (const Key& key : keys_) ++stratum_begin_[static_cast<std::size_t>(stratum[key.row]) + 1];
  for (std::size_t s = 1; s <= strata; ++s) stratum_begin_[s] += stratum_begin_[s - 1];
  bucket_.assign(stratum_begin_.begin(), stratum_begin_.end());
  spare_.resize(keys_.size());
  for (const Key& key : keys_) spare_[bucket_[static_cast<std::size_t>(stratum[key.row])]++] = key;
  keys_.swap(spare_);
}

// Entries were put in order together with the ends; they only have to find their positions.
void SortedRecords::order_entries(std::size_t n) {
  by_entry_.clear();
  if (entry_.empty()) return;
  constexpr std::uint32_t nowhere = 0xffffffff;
  bucket_.assign(n, nowhere);  // [row] position
  for (std::size_t i = 0; i < row_.size(); ++i) bucket_[row_[i]] = static_cast<std::uint32_t>(i);
  for (const std::uint32_t row : entry_rows_) {
    if (bucket_[row] != nowhere) by_entry_.push_back(bucket_[row]);
  }
  if (strata() == 1) return;
  std::vector<std::uint32_t> next(stratum_begin_.begin(), stratum_begin_.end());
  std::vector<std::uint32_t> by_stratum(by_entry_.size());
  for (const std::uint32_t position : by_entry_) {
    const auto after = std::upper_bound(stratum_begin_.begin(), stratum_begin_.end(), position);
    const auto stratum = static_cast<std::size_t>(after - stratum_begin_.begin()) - 1;
    by_stratum[next[stratum]++] = position;
  }
  by_entry_.swap(by_stratum);
}

void SortedRecords::assign(const TimeToEvent& records, std::span<const std::int32_t> group,
                           double tolerance) {
  const std::size_t n = records.rows();
  NPCSIM_EXPECTS(records.event.size() == n && (group.empty() || group.size() == n));
  NPCSIM_EXPECTS(n < 0x7fffffff);
  const bool truncated = !records.entry.empty();
  keys_.resize(truncated ? 2 * n : n);
  for (std::size_t i = 0; i < n; ++i) keys_[i] = {records.time[i], static_cast<std::uint32_t>(i)};
  if (truncated) {  // entries count as rows n .. 2n - 1 while times are joined
    for (std::size_t i = 0; i < n; ++i) {
      keys_[n + i] = {records.entry[i], static_cast<std::uint32_t>(n + i)};
    }
  }
  sort_keys();
  join_ties(tolerance);
  emptied_.clear();
  joined_entry_.clear();
  if (truncated) separate_entries(n);
  order_within_ties(records.event);
  split_strata(records.stratum);

  row_.resize(keys_.size());
  time_.resize(keys_.size());
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    row_[i] = keys_[i].row;
    time_[i] = keys_[i].time;
  }
  permute(records.event, row_, event_);
  permute(std::span<const double>(joined_entry_), row_, entry_);
  permute(records.weight, row_, weight_);
  permute(group, row_, group_);
  permute(records.cluster, row_, cluster_);
  groups_ = largest(group) + 1;
  order_entries(n);
}

void SortedRecords::separate_entries(std::size_t n) {
  joined_entry_.resize(n);
  entry_rows_.clear();
  std::size_t kept = 0;
  for (const Key& key : keys_) {
    if (key.row >= n) {
      const auto row = key.row - static_cast<std::uint32_t>(n);
      joined_entry_[row] = key.time;
      entry_rows_.push_back(row);
    } else {
      keys_[kept++] = key;
    }
  }
  keys_.resize(kept);
  const auto empty = std::remove_if(keys_.begin(), keys_.end(), [&](const Key& key) {
    if (joined_entry_[key.row] < key.time) return false;
    emptied_.push_back(key.row);
    return true;
  });
  keys_.erase(empty, keys_.end());
  std::sort(emptied_.begin(), emptied_.end());
}

}  // namespace npcsim

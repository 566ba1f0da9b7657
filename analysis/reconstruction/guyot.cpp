#include <npcsim/reconstruction/reconstruct.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace npcsim {
namespace {

// The algorithm corrects numbers of censorings until counts agree; should they go round in circles,
// the last ones are kept, as the at-risk rows are then adjusted in any case.
constexpr int most_corrections = 1000;

class Guyot {
 public:
  Guyot(const PublishedCurve& curve, const CleanedClicks& clicks);

  // False if no row of the table lies on the curve; then neither of the next two may be called.
  bool has_intervals() const { return !at_risk_.empty(); }
  std::vector<PatientRecord> records() const;
  void solve(const std::optional<std::int32_t>& total_events);

 private:
  std::size_t intervals() const { return at_risk_.size(); }
  // Fills events and numbers at risk of the clicks of an interval, given its censorings.
  void walk(std::size_t interval);
  void spread_censorings(std::size_t interval);
  void solve_interval(std::size_t interval);
  void solve_last(const std::optional<std::int32_t>& total_events);

  std::vector<Click> clicks_;
  std::vector<std::int32_t> at_risk_;      // [interval] at its start
  std::vector<std::size_t> first_;         // [interval] its first click; one more for the end
  std::vector<std::int32_t> censored_;     // [interval]
  std::vector<std::int32_t> censored_at_;  // [click] in the gap after it
  std::vector<std::int32_t> events_at_;    // [click]
  std::vector<std::int32_t> left_;         // [click] at risk there; one more for the end
  std::vector<double> survival_;           // [click] of the records
};

Guyot::Guyot(const PublishedCurve& curve, const CleanedClicks& clicks) : clicks_(clicks.clicks) {
  double lowest = 1;
  for (Click& click : clicks_) {  // what rises is noise
    lowest = std::clamp(click.survival, 0.0, lowest);
    click.survival = lowest;
  }
  if (clicks_.front().time > 0 || clicks_.front().survival < 1)
    clicks_.insert(clicks_.begin(), {0, 1});
  // An interval without a click joins the one before it.
  std::size_t click = 0;
  for (const AtRisk& row : curve.at_risk) {
    while (click < clicks_.size() && clicks_[click].time < row.time) ++click;
    if (click == clicks_.size()) break;
    if (at_risk_.empty()) click = 0;
    if (!first_.empty() && first_.back() == click) continue;
    first_.push_back(click);
    at_risk_.push_back(row.count);
  }
  first_.push_back(clicks_.size());
  censored_.assign(at_risk_.size(), 0);
  censored_at_.assign(clicks_.size(), 0);
  events_at_.assign(clicks_.size(), 0);
  left_.assign(clicks_.size() + 1, at_risk_.empty() ? 0 : at_risk_.front());
  survival_.assign(clicks_.size(), 1);
}

void Guyot::spread_censorings(std::size_t interval) {
  const std::size_t from = first_[interval];
  const std::size_t to = first_[interval + 1];
  std::fill(censored_at_.begin() + static_cast<std::ptrdiff_t>(from),
            censored_at_.begin() + static_cast<std::ptrdiff_t>(to), 0);
  const std::int32_t count = censored_[interval];
  const double start = clicks_[from].time;
  const double end = to < clicks_.size() ? clicks_[to].time : clicks_.back().time;
  std::size_t click = from;
  for (std::int32_t k = 1; k <= count; ++k) {
    const double time = start + (end - start) * k / (count + 1);
    while (click + 1 < to && clicks_[click + 1].time <= time) ++click;
    ++censored_at_[click];
  }
}

void Guyot::walk(std::size_t interval) {
  const std::size_t from = first_[interval];
  left_[from] = at_risk_[interval];
  for (std::size_t k = from; k < first_[interval + 1]; ++k) {
    const double before = k == 0 ? 1 : survival_[k - 1];
    const std::int32_t left = std::max(left_[k], 0);
    const double share = before > 0 ? clicks_[k].survival / before : 1;
    const auto events = static_cast<std::int32_t>(std::lround(left * (1 - share)));
    events_at_[k] = k == 0 ? 0 : std::clamp(events, 0, left);
    survival_[k] = left > 0 ? before * (1 - static_cast<double>(events_at_[k]) / left) : before;
    left_[k + 1] = left_[k] - events_at_[k] - censored_at_[k];
  }
}

void Guyot::solve_interval(std::size_t interval) {
  const std::size_t from = first_[interval];
  const std::size_t to = first_[interval + 1];
  const double before = clicks_[from].survival;
  const double share = before > 0 ? clicks_[to].survival / before : 1;
  const std::int32_t wanted = at_risk_[interval + 1];
  censored_[interval] =
      std::max(static_cast<std::int32_t>(std::lround(at_risk_[interval] * share)) - wanted, 0);
  for (int correction = 0; correction < most_corrections; ++correction) {
    spread_censorings(interval);
    walk(interval);
    const std::int32_t off = left_[to] - wanted;
    if (off == 0 || (off < 0 && censored_[interval] == 0)) break;
    censored_[interval] = std::max(censored_[interval] + off, 0);
  }
  at_risk_[interval + 1] = std::clamp(left_[to], 0, at_risk_[interval]);
}

void Guyot::solve_last(const std::optional<std::int32_t>& total_events) {
  const std::size_t last = intervals() - 1;
  const std::size_t from = first_[last];
  std::int32_t censored_before = 0;
  std::int32_t events_before = 0;
  for (std::size_t k = 0; k < last; ++k) censored_before += censored_[k];
  for (std::size_t k = 0; k < from; ++k) events_before += events_at_[k];
  const double span = clicks_[from].time - clicks_.front().time;
  if (last > 0 && span > 0) {  // censored at the rate of the intervals before
    const double expected = censored_before * (clicks_.back().time - clicks_[from].time) / span;
    censored_[last] = std::min(static_cast<std::int32_t>(std::lround(expected)), at_risk_[last]);
  }
  for (int correction = 0; correction < most_corrections; ++correction) {
    spread_censorings(last);
    walk(last);
    if (!total_events) break;
    std::int32_t events = events_before;
    for (std::size_t k = from; k < clicks_.size(); ++k) events += events_at_[k];
    const std::int32_t off = events - *total_events;
    if (off == 0 || (off < 0 && censored_[last] == 0)) break;
    if (off > 0 && censored_[last] >= at_risk_[last]) break;
    censored_[last] = std::clamp(censored_[last] + off, 0, at_risk_[last]);
  }
  if (total_events && events_before >= *total_events) {
    for (std::size_t k = from; k < clicks_.size(); ++k) {
      events_at_[k] = 0;
      censored_at_[k] = 0;
      left_[k + 1] = at_risk_[last];
    }
  }
}

void Guyot::solve(const std::optional<std::int32_t>& total_events) {
  for (std::size_t k = 0; k + 1 < intervals(); ++k) solve_interval(k);
  solve_last(total_events);
}

std::vector<PatientRecord> Guyot::records() const {
  std::vector<PatientRecord> out;
  for (std::size_t k = 0; k < clicks_.size(); ++k) {
    out.insert(out.end(), static_cast<std::size_t>(events_at_[k]), {clicks_[k].time, true});
    const double next = k + 1 < clicks_.size() ? clicks_[k + 1].time : clicks_[k].time;
    const double middle = (clicks_[k].time + next) / 2;
    out.insert(out.end(), static_cast<std::size_t>(censored_at_[k]), {middle, false});
  }
  const auto patients = static_cast<std::size_t>(at_risk_.front());
  if (out.size() > patients) out.resize(patients);
  out.insert(out.end(), patients - out.size(), {clicks_.back().time, false});
  return out;
}

}  // namespace

Reconstruction reconstruct_guyot(const PublishedCurve& curve) {
  Reconstruction out;
  const CleanedClicks clicks = clean_clicks(curve.clicks);
  out.clicks = ClickKind::steps;
  Guyot guyot(curve, clicks);
  if (!guyot.has_intervals()) {
    out.notes.emplace_back(
        "the first row of the at-risk table is after the last click of the curve");
    return out;
  }
  guyot.solve(curve.events);
  out.records = guyot.records();
  std::sort(out.records.begin(), out.records.end(),
            [](const PatientRecord& a, const PatientRecord& b) {
              return a.time != b.time ? a.time < b.time : a.event > b.event;
            });
  out.found = true;
  return out;
}

}  // namespace npcsim

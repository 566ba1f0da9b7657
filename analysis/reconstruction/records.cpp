#include <npcsim/reconstruction/records.hpp>
#include <npcsim/survival/cox_two_groups.hpp>
#include <npcsim/survival/risk_table.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// Survival levels that differ by rounding only are one level.
constexpr double level_tolerance = 1e-9;

std::vector<PatientRecord> in_order(std::vector<PatientRecord> records) {
  std::sort(records.begin(), records.end(), [](const PatientRecord& a, const PatientRecord& b) {
    return a.time != b.time ? a.time < b.time : a.event > b.event;
  });
  return records;
}

}  // namespace

RecordCurve::RecordCurve(std::vector<PatientRecord> records) {
  records = in_order(std::move(records));
  double survival = 1;
  for (std::size_t k = 0; k < records.size();) {
    const std::size_t first = k;
    std::int32_t events = 0;
    for (; k < records.size() && records[k].time == records[first].time; ++k) {
      times_.push_back(records[k].time);
      if (records[k].event) ++events;
    }
    if (events == 0) continue;
    events_ += events;
    survival *= 1 - static_cast<double>(events) / static_cast<double>(records.size() - first);
    drops_.push_back({records[first].time, survival});
  }
}

double RecordCurve::survival(double time) const {
  const auto after = std::upper_bound(drops_.begin(), drops_.end(), time,
                                      [](double t, const Drop& drop) { return t < drop.time; });
  return after == drops_.begin() ? 1 : (after - 1)->survival;
}

double RecordCurve::survival_before(double time) const {
  const auto at = std::lower_bound(drops_.begin(), drops_.end(), time,
                                   [](const Drop& drop, double t) { return drop.time < t; });
  return at == drops_.begin() ? 1 : (at - 1)->survival;
}

std::int32_t RecordCurve::at_risk(double time) const {
  return static_cast<std::int32_t>(times_.end() -
                                   std::lower_bound(times_.begin(), times_.end(), time));
}

std::optional<double> RecordCurve::median() const {
  for (std::size_t k = 0; k < drops_.size(); ++k) {
    if (drops_[k].survival > 0.5 + level_tolerance) continue;
    if (drops_[k].survival < 0.5 - level_tolerance) return drops_[k].time;
    const double next = k + 1 < drops_.size() ? drops_[k + 1].time : times_.back();
    return (drops_[k].time + next) / 2;
  }
  return std::nullopt;
}

std::optional<LogHazardRatio> log_hazard_ratio(const std::vector<PatientRecord>& treated,
                                               const std::vector<PatientRecord>& control) {
  const std::vector<PatientRecord> a = in_order(treated);
  const std::vector<PatientRecord> b = in_order(control);
  std::vector<RiskRow> rows;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.size() || j < b.size()) {
    const double time = i == a.size()   ? b[j].time
                        : j == b.size() ? a[i].time
                                        : std::min(a[i].time, b[j].time);
    RiskRow row{0, 0, static_cast<double>(a.size() - i), static_cast<double>(b.size() - j)};
    for (; i < a.size() && a[i].time == time; ++i) row.events_treated += a[i].event ? 1 : 0;
    for (; j < b.size() && b[j].time == time; ++j) row.events_control += b[j].event ? 1 : 0;
    if (row.events_treated + row.events_control > 0) rows.push_back(row);
  }
  const CoxFit fit = cox_two_groups(rows);
  if (!fit.converged) return std::nullopt;
  return LogHazardRatio{fit.value, fit.se};
}

}  // namespace npcsim

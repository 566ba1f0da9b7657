#include <npcsim/survival/detail/censoring_curve.hpp>

#include <algorithm>

namespace npcsim::detail {

CensoringCurve::CensoringCurve(const SortedRecords& records, CensoringRisk risk) {
  const std::size_t n = records.size();
  point.resize(n);
  double left = 0;
  for (std::size_t i = 0; i < n; ++i) left += records.weight_at(i);
  double survival = 1;
  for (std::size_t first = 0; first < n;) {
    double events = 0;
    double lost = 0;
    std::size_t last = first;
    for (; last < n && records.time()[last] == records.time()[first]; ++last) {
      (records.event()[last] > 0 ? events : lost) += records.weight_at(last);
      point[last] = static_cast<std::uint32_t>(time.size());
    }
    const double exposed = risk == CensoringRisk::after_events ? left - events : left;
    time.push_back(records.time()[first]);
    at_risk.push_back(exposed);
    censored.push_back(lost);
    before.push_back(survival);
    if (lost > 0)
      survival *= last == n && risk == CensoringRisk::after_events ? 0 : 1 - lost / exposed;
    after.push_back(survival);
    left -= events + lost;
    first = last;
  }
}

double CensoringCurve::value_at(double t) const {
  const auto later = std::upper_bound(time.begin(), time.end(), t);
  return later == time.begin() ? 1 : after[static_cast<std::size_t>(later - time.begin()) - 1];
}

}  // namespace npcsim::detail

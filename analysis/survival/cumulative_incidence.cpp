#include <npcsim/base/contracts.hpp>
#include <npcsim/survival/cumulative_incidence.hpp>
#include <npcsim/survival/kaplan_meier.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace npcsim {

Estimate cumulative_incidence(const GroupedTimes& times,
                              std::span<const std::uint32_t> cause_events, std::size_t bin) {
  NPCSIM_EXPECTS(cause_events.size() == times.bins());
  const KaplanMeier all(times);
  const std::size_t bins = std::min(times.bins(), bin + 1);
  std::vector<double> incidence(bins);
  double value = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    if (cause_events[b] > 0) {
      // The fall of S shared out among the causes: incidences and S add up to 1.
      const double before = b == 0 ? 1.0 : all.survival(b - 1);
      value +=
          (before - all.survival(b)) * (static_cast<double>(cause_events[b]) / times.events[b]);
    }
    incidence[b] = value;
  }
  double variance = 0;
  for (std::size_t b = 0; b < bins; ++b) {
    if (times.events[b] == 0) continue;
    const auto n = static_cast<double>(all.at_risk(b));
    const auto d = static_cast<double>(times.events[b]);
    const auto of_cause = static_cast<double>(cause_events[b]);
    const double before = b == 0 ? 1.0 : all.survival(b - 1);
    const double later = value - incidence[b];
    if (n > d) variance += later * later * d / (n * (n - d));
    variance += before * before * (n - of_cause) * of_cause / (n * n * n) -
                2 * later * before * of_cause / (n * n);
  }
  return {value, std::sqrt(std::max(variance, 0.0))};
}

}  // namespace npcsim

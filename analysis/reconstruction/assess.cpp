#include <npcsim/reconstruction/assess.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim {
namespace {

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

}  // namespace

Agreement assess(const PublishedCurve& curve, const std::vector<PatientRecord>& records) {
  Agreement out;
  const RecordCurve fit(records);
  out.events = fit.events();
  out.median = fit.median();
  double squares = 0;
  for (const Click& click : curve.clicks) {
    const double after = fit.survival(click.time);
    const double before = fit.survival_before(click.time);
    // Anywhere on the vertical line of a drop is on the curve.
    const double nearest = std::clamp(click.survival, after, before);
    const double off = std::fabs(click.survival - nearest);
    squares += off * off;
    if (off > out.largest_error) {
      out.largest_error = off;
      out.largest_at = click.time;
    }
  }
  out.rmse =
      std::sqrt(squares / static_cast<double>(std::max<std::size_t>(curve.clicks.size(), 1)));
  for (const AtRisk& row : curve.at_risk) {
    const std::int32_t count = fit.at_risk(row.time);
    out.at_risk.push_back({row.time, row.count, count});
    if (count != row.count) {
      out.violations.push_back("at risk at " + number(row.time) + ": published " +
                               std::to_string(row.count) + ", reconstructed " +
                               std::to_string(count));
    }
  }
  if (curve.events && *curve.events != out.events) {
    out.violations.push_back("events: published " + std::to_string(*curve.events) +
                             ", reconstructed " + std::to_string(out.events));
  }
  constexpr double slack = 1e-9;
  if (curve.median) {
    const Rounded& median = *curve.median;
    const bool fits =
        out.median && std::fabs(*out.median - median.value) <=
                          median.half_width + slack * std::max(1.0, std::fabs(median.value));
    if (!fits) {
      out.violations.push_back("median: published " + number(median.value) + ", reconstructed " +
                               (out.median ? number(*out.median) : std::string("not reached")));
    }
  }
  for (const Landmark& landmark : curve.landmarks) {
    const double survival = fit.survival(landmark.time);
    if (std::fabs(survival - landmark.survival.value) >
        1.03 * landmark.survival.half_width + slack) {
      out.violations.push_back("survival at " + number(landmark.time) + ": published " +
                               number(landmark.survival.value) + ", reconstructed " +
                               number(survival));
    }
  }
  return out;
}

}  // namespace npcsim

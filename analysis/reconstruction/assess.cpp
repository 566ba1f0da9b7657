#include <npcsim/reconstruction/assess.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim {
namespace {

std::string with_digits(double value, int digits) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  return text.data();
}

// What a published number and that of the records are called in a violation.
std::string both(double published, double reconstructed) {
  const auto [first, second] = told_apart(published, reconstructed);
  return "published " + first + ", reconstructed " + second;
}

}  // namespace

double nearest_level(const Click& click, double before, double after) {
  return before - click.survival < click.survival - after ? before : after;
}

std::string short_number(double value) { return with_digits(value, 4); }

std::pair<std::string, std::string> told_apart(double first, double second) {
  std::pair<std::string, std::string> texts;
  constexpr int all_digits = 17;
  for (int digits = 4; digits <= all_digits; ++digits) {
    texts = {with_digits(first, digits), with_digits(second, digits)};
    if (texts.first != texts.second) break;
  }
  return texts;
}

Agreement assess(const PublishedCurve& curve, const std::vector<PatientRecord>& records) {
  Agreement out;
  const RecordCurve fit(records);
  out.events = fit.events();
  out.median = fit.median();
  double squares = 0;
  for (const Click& click : curve.clicks) {
    const double off =
        std::fabs(click.survival -
                  nearest_level(click, fit.survival_before(click.time), fit.survival(click.time)));
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
      out.violations.push_back("at risk at " + short_number(row.time) + ": published " +
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
      out.violations.push_back(
          "median: " +
          (out.median ? both(median.value, *out.median)
                      : "published " + short_number(median.value) + ", reconstructed not reached"));
    }
  }
  for (const Landmark& landmark : curve.landmarks) {
    const double survival = fit.survival(landmark.time);
    if (std::fabs(survival - landmark.survival.value) >
        1.03 * landmark.survival.half_width + slack) {
      out.violations.push_back("survival at " + short_number(landmark.time) + ": " +
                               both(landmark.survival.value, survival));
    }
  }
  return out;
}

}  // namespace npcsim

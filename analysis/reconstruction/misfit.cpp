#include <npcsim/reconstruction/assess.hpp>
#include <npcsim/reconstruction/clicks.hpp>
#include <npcsim/reconstruction/misfit.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

// Assumed: normal readings are further off once in two million.
constexpr double deviations = 5;
// Assumed: repeated readings of one printed figure differ by less.
constexpr double most_noise = 0.006;

// What the clicks alone say of their noise: digits, and how far they are from any curve that does
// not rise.
double noise_of(const CleanedClicks& clicks) {
  const std::vector<double> fit = monotone_fit(clicks.clicks);
  double squares = 0;
  for (std::size_t k = 0; k < fit.size(); ++k) {
    const double off = clicks.clicks[k].survival - fit[k];
    squares += off * off;
  }
  const double rounding = clicks.half_unit / std::sqrt(3.0);
  return std::max(rounding, std::sqrt(squares / static_cast<double>(fit.size())));
}

// The level nearest to the click among those that the curve has within `reach` of its time.
double level_near(const RecordCurve& curve, const Click& click, double reach) {
  double nearest = curve.survival_before(click.time - reach);
  for (const RecordCurve::Drop& drop : curve.drops()) {
    if (drop.time < click.time - reach) continue;
    if (drop.time > click.time + reach) break;
    nearest = nearest_level(click, nearest, drop.survival);
  }
  return nearest;
}

}  // namespace

Misfit misfit(const PublishedCurve& curve, const std::vector<PatientRecord>& records,
              double noise) {
  Misfit out;
  const CleanedClicks clean = clean_clicks(curve.clicks);
  const RecordCurve fit(records);
  const double reach = deviations * std::max(noise_of(clean), std::min(noise, most_noise));
  double worst = 0;
  for (const Click& click : clean.clicks) {
    const double off = std::fabs(click.survival - level_near(fit, click, reach * clean.axis));
    const std::int32_t left = fit.at_risk(click.time);
    const double before = fit.survival_before(click.time);
    const double limit = reach + (left > 0 ? before / left : 0);
    if (off <= limit) continue;
    ++out.missed;
    if (off - limit <= worst) continue;
    worst = off - limit;
    out.time = click.time;
    out.read = click.survival;
    out.reconstructed = nearest_level(click, before, fit.survival(click.time));
    out.limit = limit;
  }
  return out;
}

std::string misfit_words(const Misfit& misfit, std::size_t clicks) {
  if (misfit.missed == 0) return {};
  const auto [read, reconstructed] = told_apart(misfit.read, misfit.reconstructed);
  return std::to_string(misfit.missed) + " of " + std::to_string(clicks) + " clicks " +
         (misfit.missed == 1 ? "is" : "are") +
         " missed by more than digits and noise explain, worst at " + short_number(misfit.time) +
         ": read " + read + ", reconstructed " + reconstructed + " (" + short_number(misfit.limit) +
         " passes). Look at the figure before you use the records; do clicks, at-risk table and "
         "--clicks belong together?";
}

}  // namespace npcsim

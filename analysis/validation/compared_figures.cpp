#include <npcsim/base/quantile.hpp>
#include <npcsim/validation/compared_figures.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

// Whether a predictive interval agrees with what is printed: a value inside it, or a bound or range
// that it meets.
bool agrees(const Figure& figure, double low, double high) {
  if (!figure.published) return true;
  switch (figure.reading) {
    case FigureReading::exact:
      return figure.value >= low && figure.value <= high;
    case FigureReading::above:
      return high >= figure.value;
    case FigureReading::below:
      return low <= figure.value;
    case FigureReading::within:
      return high >= figure.low && low <= figure.high;
  }
  return false;
}

ComparedFigure compare(const Figure& figure, std::size_t index, std::vector<double> samples) {
  ComparedFigure out;
  out.figure = index;
  std::sort(samples.begin(), samples.end());
  double mean = 0;
  std::size_t finite = 0;
  for (const double x : samples) {
    if (std::isfinite(x)) {
      mean += x;
      ++finite;
    }
  }
  mean /= std::max<double>(static_cast<double>(finite), 1.0);
  double square = 0;
  for (const double x : samples) {
    if (std::isfinite(x)) square += (x - mean) * (x - mean);
  }
  const double sd = std::sqrt(square / std::max<double>(static_cast<double>(finite) - 1.0, 1.0));
  const auto natural = [&](double p) { return to_natural(figure.scale, quantile(samples, p)); };
  out.predicted = natural(0.5);
  out.predicted_low95 = natural(0.025);
  out.predicted_high95 = natural(0.975);
  out.predicted_low50 = natural(0.25);
  out.predicted_high50 = natural(0.75);
  out.width = quantile(samples, 0.975) - quantile(samples, 0.025);
  const bool known = figure.published && figure.reading == FigureReading::exact;
  // Studies whose median is not reached, or whose ratio is infinite, have no place on the scale:
  // the others alone would look too early, and too much alike.
  const bool reached =
      std::isfinite(quantile(samples, 0.025)) && std::isfinite(quantile(samples, 0.975));
  out.z = known && reached && sd > 0 ? (figure.value - mean) / sd : undefined;
  out.inside95 = agrees(figure, quantile(samples, 0.025), quantile(samples, 0.975));
  out.inside50 = agrees(figure, quantile(samples, 0.25), quantile(samples, 0.75));
  out.sampling_width = undefined;
  return out;
}

}  // namespace

std::vector<ComparedFigure> compare_figures(const EmulationSet& set,
                                            const std::vector<double>& samples) {
  const std::size_t figures = set.figures();
  const std::size_t rows = figures == 0 ? 0 : samples.size() / figures;
  std::vector<ComparedFigure> out;
  for (std::size_t f = 0; f < figures; ++f) {
    if (!set.figure(f).not_simulated.empty()) continue;
    std::vector<double> mine;
    for (std::size_t r = 0; r < rows; ++r) {
      const double x = samples[r * figures + f];
      if (!std::isnan(x)) mine.push_back(x);
    }
    if (mine.size() < 2) continue;
    const double left_out = static_cast<double>(rows - mine.size()) / static_cast<double>(rows);
    out.push_back(compare(set.figure(f), f, std::move(mine)));
    out.back().undefined_share = left_out;
  }
  return out;
}

std::set<std::string> compared_ids(const EmulationSet& set,
                                   const std::vector<ComparedFigure>& rows) {
  std::set<std::string> out;
  for (const ComparedFigure& row : rows) out.insert(set.figure(row.figure).id);
  return out;
}

}  // namespace npcsim

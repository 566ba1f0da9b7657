#include <npcsim/reconstruction/clicks.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

// The fewest decimals in which every survival is written, as half a unit of the last of them.
double half_unit_of(const std::vector<Click>& clicks) {
  double unit = 1;
  for (int decimals = 0; decimals <= 9; ++decimals, unit /= 10) {
    const bool all_fit = std::all_of(clicks.begin(), clicks.end(), [unit](const Click& click) {
      const double scaled = click.survival / unit;
      return std::fabs(scaled - std::round(scaled)) <
             1e-6 * std::max(1.0, std::fabs(scaled) * 1e-6);
    });
    if (all_fit) return unit / 2;
  }
  return 1e-9;
}

// Even to a fiftieth of a gap; three gaps at least.
bool evenly_spaced(const std::vector<Click>& clicks) {
  if (clicks.size() < 4) return false;
  const double gap =
      (clicks.back().time - clicks.front().time) / static_cast<double>(clicks.size() - 1);
  for (std::size_t k = 1; k < clicks.size(); ++k) {
    if (std::fabs(clicks[k].time - clicks[k - 1].time - gap) > 0.02 * gap) return false;
  }
  return gap > 0;
}

}  // namespace

CleanedClicks clean_clicks(std::vector<Click> clicks) {
  CleanedClicks out;
  for (std::size_t k = 1; k < clicks.size(); ++k) {
    if (clicks[k].time < clicks[k - 1].time) ++out.moved;
  }
  for (Click& click : clicks) {
    if (click.survival < 0 || click.survival > 1 || click.time < 0) ++out.clamped;
    click.time = std::max(click.time, 0.0);
  }
  std::stable_sort(clicks.begin(), clicks.end(), [](const Click& a, const Click& b) {
    return a.time < b.time || (a.time == b.time && a.survival > b.survival);
  });
  std::size_t shared = 0;
  for (std::size_t k = 1; k < clicks.size(); ++k) {
    if (clicks[k].survival > clicks[k - 1].survival) ++out.rising;
    if (clicks[k].time == clicks[k - 1].time) ++shared;
  }
  out.corners = 4 * shared > clicks.size();
  out.half_unit = half_unit_of(clicks);
  out.even_times = evenly_spaced(clicks);
  out.axis = std::max(clicks.back().time, 1e-300);
  out.clicks = std::move(clicks);
  return out;
}

std::vector<double> monotone_fit(const std::vector<Click>& clicks) {
  struct Pool {
    double sum;
    std::size_t size;
    double mean() const { return sum / static_cast<double>(size); }
  };
  std::vector<Pool> pools;
  for (const Click& click : clicks) {
    pools.push_back({click.survival, 1});
    while (pools.size() > 1 && pools.back().mean() > pools[pools.size() - 2].mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().size += last.size;
    }
  }
  std::vector<double> fit;
  fit.reserve(clicks.size());
  for (const Pool& pool : pools) {
    fit.insert(fit.end(), pool.size, std::clamp(pool.mean(), 0.0, 1.0));
  }
  return fit;
}

std::vector<double> smooth_cumulative_hazard(const std::vector<Click>& clicks,
                                             const std::vector<double>& survival,
                                             double bandwidth) {
  const std::size_t count = clicks.size();
  std::vector<double> raw(count);
  for (std::size_t k = 0; k < count; ++k) raw[k] = -std::log(std::max(survival[k], 0.002));
  std::vector<double> smooth(count);
  for (std::size_t k = 0; k < count; ++k) {
    double w0 = 0, w1 = 0, w2 = 0, y0 = 0, y1 = 0;
    for (std::size_t j = 0; j < count; ++j) {
      const double x = (clicks[j].time - clicks[k].time) / bandwidth;
      const double weight = 1 - std::fabs(x);
      if (weight <= 0) continue;
      w0 += weight;
      w1 += weight * x;
      w2 += weight * x * x;
      y0 += weight * raw[j];
      y1 += weight * x * raw[j];
    }
    const double determinant = w0 * w2 - w1 * w1;
    smooth[k] = determinant > 1e-9 * w0 * w0 ? (y0 * w2 - y1 * w1) / determinant : y0 / w0;
  }
  for (std::size_t k = 0; k < count; ++k) {
    smooth[k] = std::max(smooth[k], k > 0 ? smooth[k - 1] : 0.0);
  }
  return smooth;
}

}  // namespace npcsim

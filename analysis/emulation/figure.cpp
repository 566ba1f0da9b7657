#include <npcsim/base/portable_math.hpp>
#include <npcsim/emulation/figure.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

constexpr double half_pi = 1.57079632679489661923;

}  // namespace

double to_scale(FigureScale scale, double natural) {
  switch (scale) {
    case FigureScale::log:
      return portable::log(natural);
    case FigureScale::arcsine:
      return std::asin(std::sqrt(std::clamp(natural, 0.0, 1.0)));
    case FigureScale::identity:
      break;
  }
  return natural;
}

double to_natural(FigureScale scale, double value) {
  switch (scale) {
    case FigureScale::log:
      return portable::exp(value);
    case FigureScale::arcsine: {
      const double s = std::sin(std::clamp(value, 0.0, half_pi));
      return s * s;
    }
    case FigureScale::identity:
      break;
  }
  return value;
}

FigureScale scale_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::median:
    case Statistic::hazard_ratio:
    case Statistic::incidence_rate:
      return FigureScale::log;
    case Statistic::difference:
    case Statistic::p_value:
      return FigureScale::identity;
    default:
      return FigureScale::arcsine;
  }
}

}  // namespace npcsim

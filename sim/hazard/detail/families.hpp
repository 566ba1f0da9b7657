// One entry per family without a cured fraction; what baseline.cpp switches over.
#pragma once

#include <npcsim/hazard/baseline.hpp>

namespace npcsim::detail {

/// Each family gives H, h and the inverse of H for t, h > 0 and finite or infinite. `after` is the
/// t >= from > 0 that spends h > 0 more; families without a closed form leave it to
/// after_by_inversion().
struct WeibullPh {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
  static double after(const double* p, double from, double h) noexcept;
};

struct Gompertz {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
  static double after(const double* p, double from, double h) noexcept;
};

struct LogLogistic {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
  static double after(const double* p, double from, double h) noexcept;
};

struct LogNormal {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
};

struct Gamma {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
};

struct GeneralisedGamma {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
};

struct GeneralisedF {
  static double cumulative(const double* p, double t) noexcept;
  static double rate(const double* p, double t) noexcept;
  static double time(const double* p, double h) noexcept;
};

struct Piecewise {
  static double cumulative(const Baseline& b, const double* p, double t) noexcept;
  static double rate(const Baseline& b, const double* p, double t) noexcept;
  static double after(const Baseline& b, const double* p, double from, double h) noexcept;
};

struct Spline {
  static double cumulative(const Baseline& b, const double* p, double t) noexcept;
  static double rate(const Baseline& b, const double* p, double t) noexcept;
  static double time(const Baseline& b, const double* p, double h) noexcept;
};

}  // namespace npcsim::detail

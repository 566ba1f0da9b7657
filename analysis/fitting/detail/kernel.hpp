// The families' log density and log survival with derivatives, a chunk of rows at a time.
#pragma once

#include <npcsim/fitting/detail/block.hpp>
#include <npcsim/hazard/baseline.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace npcsim::detail {

/// A family without its cured fraction. Predictors are its parameters on the transformed scale,
/// followed by further ones that a family may need for covariates (see make_kernel).
class Kernel {
 public:
  Kernel() = default;
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  virtual ~Kernel() = default;

  virtual std::size_t predictors() const = 0;
  /// log f(t) per unit of time. Not finite where the parameters are out of range.
  virtual void log_density(const Chunk& chunk, Block& out) = 0;
  /// log S(t); t may be infinite where the family allows.
  virtual void log_survival(const Chunk& chunk, Block& out) = 0;
};

/// Splines: predictor d < knots.size() multiplies the d-th function of a basis that is nearly
/// orthonormal over the event times; then come raw coefficients gamma_j for each j in `raw`.
/// A row of `to_raw` gives a raw coefficient from those of the basis.
struct SplineBasis {
  std::vector<double> knots;
  std::vector<double> to_raw;  ///< [raw][basis], square
  std::vector<std::size_t> raw;
};

/// Piecewise: predictors are the log rates, and one more for a log hazard ratio on all of them.
std::unique_ptr<Kernel> make_kernel(Family family, std::span<const double> knots,
                                    const SplineBasis& basis);

std::unique_ptr<Kernel> make_closed_kernel(Family family);
std::unique_ptr<Kernel> make_piecewise_kernel(std::span<const double> change_times);
std::unique_ptr<Kernel> make_spline_kernel(Family family, const SplineBasis& basis);
std::unique_ptr<Kernel> make_tail_kernel(Family family);

}  // namespace npcsim::detail

// Newton's method within a trust region, for a concave or nearly concave log-likelihood.
#pragma once

#include <npcsim/fitting/detail/likelihood.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace npcsim::detail {

enum class NewtonStop : std::uint8_t {
  converged,  ///< decrement below the tolerance at a proper maximum
  iteration_limit,
  limit,           ///< the watched coefficient runs to -infinity along a flat likelihood
  stalled,         ///< no step improves the value, yet the gradient is not zero
  start_undefined  ///< the function is not finite at the start
};

struct NewtonResult {
  NewtonStop stop = NewtonStop::start_undefined;
  std::vector<double> point;
  LikelihoodPoint at;
  double decrement = 0.0;  ///< g' H^-1 g
  double gradient_in_se = 0.0;
  double smallest_eigenvalue = 0.0;  ///< of H scaled to unit diagonal
  std::vector<double> weakest;       ///< its eigenvector: the direction that is known least
  int iterations = 0;
  double higher_elsewhere = 0.0;  ///< by how much a ridge without maximum exceeds this maximum
};

struct NewtonOptions {
  double events = 1.0;       ///< amount of information: sets the first radius
  double tolerance = 1e-16;  ///< on the decrement
  int max_iterations = 200;
  /// A log or logit parameter that may vanish. Newton's steps towards -infinity are of equal
  /// length, so the search ends early once it is clear where they lead.
  std::optional<std::size_t> may_vanish;
};

using Objective = std::function<LikelihoodPoint(std::span<const double>)>;

NewtonResult maximise(const Objective& objective, std::vector<double> start,
                      const NewtonOptions& options);

/// Decrement, gradient in SE units and eigenvalue at a point that has been evaluated.
void certify(NewtonResult& result);

/// Inverse of minus the Hessian, row by row; empty if that is not positive definite.
std::vector<double> inverse_information(const LikelihoodPoint& at);

}  // namespace npcsim::detail

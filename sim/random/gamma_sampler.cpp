#include <npcsim/base/portable_math.hpp>
#include <npcsim/random/gamma_sampler.hpp>
#include <npcsim/random/normal_inverse.hpp>

#include <cmath>

namespace npcsim {

double log_gamma_by_rejection(const PatientDraws& draws, StreamName stream,
                              std::uint32_t occurrence, double shape) noexcept {
  // A shape below 1 is raised by 1 and corrected by U^(1/shape).
  const bool raised = shape < 1.0;
  const double d = (raised ? shape + 1.0 : shape) - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  constexpr std::uint32_t last = max_attempts - 1;
  double log_v = 0.0;
  // At least 95 % of proposals are accepted, so the loop's end is reached once in 10^330 calls.
  for (std::uint32_t attempt = 0; attempt < last; ++attempt) {
    const UniformPair u = draws.uniform_pair(stream, occurrence, attempt);
    const double z = normal_from_uniform(u.first);
    const double root = 1.0 + c * z;
    if (root <= 0.0) continue;
    log_v = 3.0 * portable::log(root);
    const double v = root * root * root;
    const double z2 = z * z;
    // Their squeeze (section 4): most proposals need no second logarithm.
    if (u.second < 1.0 - 0.0331 * (z2 * z2)) break;
    if (portable::log(u.second) < 0.5 * z2 + d * (1.0 - v + log_v)) break;
  }
  const double correction =
      raised ? portable::log(draws.uniform(stream, occurrence, last)) / shape : 0.0;
  return portable::log(d / shape) + log_v + correction;
}

}  // namespace npcsim

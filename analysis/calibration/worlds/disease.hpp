// The illness-death model of the self-test, at any values of its parameters.
#pragma once

#include <npcsim/calibration/target_model.hpp>
#include <npcsim/calibration/targets.hpp>
#include <npcsim/calibration/worlds/study_plan.hpp>
#include <npcsim/engine/outcome.hpp>
#include <npcsim/run/compiled_study.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace npcsim {

/// Lives of the same patients under every strategy, uncensored up to the horizon.
struct WorldLives {
  std::uint32_t patients = 0;
  OutcomeBlock outcomes;
  std::vector<std::uint8_t> stratum;  ///< [patient]

  std::span<const std::int32_t> ticks(const OutcomeShape& shape, std::size_t strategy,
                                      WorldEndpoint endpoint) const;
  std::span<const std::int8_t> events(const OutcomeShape& shape, std::size_t strategy,
                                      WorldEndpoint endpoint) const;
};

/// What the simulated patients are like, beside the parameters.
struct WorldPatients {
  std::uint64_t seed = 0;
  std::uint32_t replicate = 0;
  std::uint32_t count = 0;
  std::array<double, world_factors> shares{0.5, 0.5, 0.5, 0.5, 0.5};
  double progression_shift = 0;  ///< of the log hazard
  double death_shift = 0;
  double onset_days = 0;  ///< of every treatment effect
};

class WorldDisease {
 public:
  /// The study document of the self-test, found in the library as "illness_death". Problems go to
  /// `diagnostics`; usable only if there are none. Throws FileError.
  WorldDisease(const Library& library, Diagnostics& diagnostics);

  const std::vector<CalibrationParameter>& parameters() const { return parameters_; }
  const OutcomeShape& shape() const { return base_->shape; }
  /// `theta` on the real line. A pure function of its arguments, on the calling thread.
  WorldLives simulate(std::span<const double> theta, const WorldPatients& patients) const;

 private:
  std::unique_ptr<CompiledStudy> base_;
  std::vector<CalibrationParameter> parameters_;
  std::vector<std::int32_t> factors_;  ///< columns of the risk factors
};

}  // namespace npcsim

// A calibration as its document says it: which parameters, which studies, how much work.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/calibration/between_studies.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

struct CalibrationDoc {
  std::string name;
  std::string title;
  std::string description;
  std::vector<Name> emulations;  ///< names or paths; empty: all of the library
  std::vector<Name> parameters;  ///< fitted; priors are those of the model
  std::int64_t seed = 0;
  std::int64_t patients = 0;     ///< of each pool
  std::int64_t starts = 0;       ///< of the search for the mode
  std::int64_t steps = 0;        ///< at most, of each search
  std::int64_t wave_points = 0;  ///< evaluations of each wave; 0: 1.25 and 2 times the coefficients
  std::int64_t check_points = 0;   ///< fresh evaluations at posterior draws
  std::int64_t check_streams = 0;  ///< sets of patients averaged in each of them
  std::int64_t draws = 0;          ///< rows of the posterior file
  std::vector<BetweenPrior> between = default_between_priors();
  SourcePlace place;
};

/// Reads a calibration document. Problems go to `diagnostics`.
CalibrationDoc read_calibration(const Tree& tree, Diagnostics& diagnostics);

/// Keys for `explain` and the reference page.
std::vector<KeyDescription> calibration_keys();

}  // namespace npcsim

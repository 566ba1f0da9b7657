// Simulation-based calibration: does the calibration find the parameters of synthetic worlds again,
// as often as its intervals promise?
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/run/library.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace npcsim {

/// How much work each world is given.
enum class SelfTestEffort : std::uint8_t {
  usual,
  long_run,  ///< eight times the patients, nearly twice the runs: what the usual one is held
             ///< against
};

struct SelfTestOptions {
  std::uint64_t seed = 1;  ///< world k has the seed mixed from this one and k
  std::size_t worlds = 100;
  bool delayed = false;         ///< misspecified worlds
  bool between_studies = true;  ///< false: heterogeneity and bias are left out of the fit
  SelfTestEffort effort = SelfTestEffort::usual;
  std::uint64_t patients_seed = 0;  ///< mixed with k: of the simulations inside the calibration
  int threads = 0;                  ///< 0: all cores; the result does not depend on it
  std::function<void(std::size_t done)> progress;  ///< from one thread at a time
  std::function<bool()> stop;  ///< asked before each world; true: no other is begun
};

/// What one world has shown.
struct WorldOutcome {
  std::uint64_t seed = 0;
  std::vector<double> truth;          ///< [parameter], real line
  std::vector<double> below;          ///< [parameter] share of the draws below the truth
  std::vector<double> mean;           ///< [parameter] posterior
  std::vector<double> sd_ratio;       ///< [parameter] posterior / prior
  std::vector<double> between_below;  ///< [variance or bias]
  std::vector<std::string> unidentified;
  double overall_p = 1;
  double time_varying_p = 1;
  bool flagged = false;
  std::vector<Gate> gates;
  std::uint64_t evaluations = 0;
  std::size_t targets = 0;
  std::size_t bounded = 0;  ///< medians that were not reached
  double cpu_seconds = 0;   ///< of the thread that calibrated it
};

struct SelfTestResult {
  std::vector<CalibrationParameter> parameters;
  std::vector<std::string> between_names;
  std::vector<WorldOutcome> worlds;
  bool complete = true;  ///< false: stopped, `worlds` is empty
};

/// Worlds run side by side; each is a pure function of its seed. Problems
/// with the documents of the self-test go to `diagnostics`. Throws FileError.
SelfTestResult run_self_test(const Library& library, const SelfTestOptions& options,
                             Diagnostics& diagnostics);

}  // namespace npcsim

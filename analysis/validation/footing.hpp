// Which predicted figures rest on parameters that no data, or only weak data, inform.
#pragma once

#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/io/csv.hpp>
#include <npcsim/validation/compared_figures.hpp>
#include <npcsim/validation/posterior.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// What a calibration says of a parameter, from its parameters.csv.
struct Learnt {
  double sd_ratio = 1;  ///< posterior / prior standard deviation
  bool prior_only = false;
};

/// By the name of the parameter. Problems go to `diagnostics`.
std::map<std::string, Learnt> read_learnt(const CsvTable& file, Diagnostics& diagnostics);

enum class Footing : std::uint8_t {
  prior_only,  ///< the calibration says so; of what it did not fit, the model does
  weak         ///< the posterior is more than 0.8 (assumed) as wide as the prior; or as above
};

/// A parameter without firm data on which some figure rests.
struct UninformedParameter {
  std::string name;
  std::string meaning;
  Footing footing = Footing::weak;
  std::optional<double> sd_ratio;  ///< empty: it was not fitted
  std::string identified;          ///< by what, as the model says it
  std::size_t figures = 0;         ///< that rest on it
};

struct Footings {
  std::vector<UninformedParameter> parameters;  ///< order of the model's table
  /// [figure of the set] places in `parameters`, rising.
  std::vector<std::vector<std::size_t>> of_figure;
};

/// A figure rests on a parameter if its large-sample expectation moves by at least this part of the
/// width of its predictive 95 % interval (0.05 is 0.2 standard deviations of a normal one; assumed)
/// when the parameter goes to the 84 % point of its posterior, or of its prior if it was not
/// fitted, the others staying at `values`.
inline constexpr double least_move = 0.05;

/// `twins`: of set.simulate(values, {}, 0). Parameters with a fixed value or without a prior are
/// passed over: nothing says how far they could lie. Patients are simulated by all threads of the
/// caller; the result does not depend on the number of threads.
Footings find_footings(const EmulationSet& set, const std::vector<Twins>& twins,
                       const NamedValues& values, const Posterior& posterior,
                       const std::map<std::string, Learnt>& learnt,
                       const std::vector<ComparedFigure>& figures);

/// Names of the parameters of one footing that a figure rests on, separated by spaces.
std::string names_of(const Footings& footings, std::size_t figure, Footing footing);

}  // namespace npcsim

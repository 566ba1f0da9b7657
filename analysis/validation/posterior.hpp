// A posterior that a calibration has written, and predictive distributions from it.
#pragma once

#include <npcsim/calibration/between_studies.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/io/csv.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

struct Posterior {
  std::vector<std::string> parameters;
  std::vector<std::vector<double>> written;  ///< [draw][parameter], units of the model
  /// [draw] what differs between studies; zero where the file has no such column.
  std::vector<BetweenValues> between;
  std::vector<SourcePlace> places;  ///< [draw] of its row

  std::size_t draws() const { return written.size(); }
};

/// Columns of parameters and `hyper_...`; `draw` and `study_...` are passed over. Problems go to
/// `diagnostics`.
Posterior read_posterior(const CsvTable& file, Diagnostics& diagnostics);

/// Values of a draw in inner units, of every parameter that a model of the set has. A parameter
/// that none has is left out. \pre check_posterior found no error.
NamedValues values_of(const Posterior& posterior, std::size_t draw, const EmulationSet& set);

/// Means over all draws, in inner units.
NamedValues mean_values(const Posterior& posterior, const EmulationSet& set);
/// The same of a single model.
NamedValues mean_values(const Posterior& posterior, const ParameterTable& parameters);

/// Figures of new studies of the published sizes: `draws` rows of the posterior, evenly spaced,
/// with `data_sets` of each. Studies differ from the model as the posterior says; their shifts act
/// through the slopes of the figures at the mean of the draws. [row * figures + figure], scales.
/// Draws with which a model contradicts itself, or nobody is eligible, go to `diagnostics`; then
/// nothing is returned.
std::vector<double> predictive_samples(const EmulationSet& set, const Posterior& posterior,
                                       std::size_t draws, std::size_t data_sets, std::uint64_t seed,
                                       Diagnostics& diagnostics);

}  // namespace npcsim

// What a calibration of published studies leaves behind, as tables.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>

#include <cstddef>
#include <string>

namespace npcsim {

/// Name of the column of a between-study parameter: "hyper_progression_sd".
std::string between_column(const std::string& name);

/// `rows` draws of the posterior, evenly spaced: draw, parameters in the units in which the model
/// writes them, then what differs between studies (hyper_...).
Table posterior_table(const CalibrationResult& result, const EmulationTargets& targets,
                      std::size_t rows);

/// posterior_table() as text, below a line "# prior only: a, b" if the data say nothing about some
/// of the parameters; `draws` of a study reads both.
std::string posterior_csv(const CalibrationResult& result, const EmulationTargets& targets,
                          std::size_t rows);

/// One row a parameter: prior and posterior quantiles in written units, ratio of standard
/// deviations on the real line, whether it is known by its prior only.
Table parameters_table(const CalibrationResult& result, const EmulationTargets& targets);

/// One row a figure: published, fitted, and predicted by the evidence without its study.
Table predictions_table(const CalibrationResult& result, const EmulationTargets& targets,
                        const EmulationSet& set);

/// One row a gate: value, limit, passed.
Table gates_table(const CalibrationResult& result);

/// One row a study: how well the posterior describes it and how far it moves the posterior.
Table studies_table(const CalibrationResult& result);

}  // namespace npcsim

// The posterior of a calibration as one HDF5 file, for programs.
#pragma once

#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>

#include <cstdint>
#include <string>

namespace npcsim {

/// What a posterior has come from.
struct PosteriorOrigin {
  std::string calibration;  ///< name of the document
  std::string title;
  std::string version;  ///< of the program
  std::uint64_t seed = 0;
  std::uint64_t problem_digest = 0;  ///< of document, models, evidence and seed
};

/// Digest of what was fitted: every figure with its study, reading, value, bounds and error, and
/// whether it took part.
std::uint64_t evidence_digest(const EmulationTargets& targets);

/// How a new study differs from the model, one row for each of the `rows` draws of
/// posterior_table(): shifts of the log hazards of progression and death, of the log hazard ratio
/// of treatment by how treatment came about (its mean bias included), of shares on the arcsine
/// scale, and of the hazards of one figure alone. Normal, keyed by seed and row. Empty without such
/// parameters.
Table new_study_table(const CalibrationResult& result, std::size_t rows, std::uint64_t seed);

/// Writes the file that outputs/README.md describes; equal arguments, equal datasets. Throws
/// FileError.
void write_posterior_file(const std::string& path, const CalibrationResult& result,
                          const EmulationTargets& targets, const CalibrationOptions& options,
                          const PosteriorOrigin& origin, std::size_t rows);

}  // namespace npcsim

// What a run in progress says about itself in its folder, so that others can see how far it is and
// join the blocks of array jobs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace npcsim {

/// `output` of a study of scenarios: each block is a whole scenario, and `finished/` holds a file
/// for every one that is done.
inline constexpr const char* scenarios_output = "scenarios";

/// Shares of a run; a file that speaks of more is none of ours.
inline constexpr std::uint64_t most_slices = 100'000;

struct RunManifest {
  std::string study;           ///< name
  std::string digest;          ///< of the study with its defaults and data
  std::string program;         ///< version and commit
  std::string output;          ///< summary, patients, journal, scenarios
  std::uint64_t patients = 0;  ///< of the base case, and of each draw
  std::uint64_t draws = 0;     ///< of the parameters
  std::uint64_t block_patients = 0;
  std::uint64_t slice = 1;
  std::uint64_t slices = 1;

  std::uint64_t blocks() const { return (patients + block_patients - 1) / block_patients; }
  /// Patients of the slice: of its share of the base case and of its draws.
  std::uint64_t slice_patients() const;
};

/// Writes `run.yaml` into a folder. Throws FileError.
void write_manifest(const std::string& folder, const RunManifest& manifest);
/// Nothing if there is none, or none that can be understood. Throws FileError (cannot_read).
std::optional<RunManifest> read_manifest(const std::string& folder);

/// Patients whose blocks the folder of a run in progress keeps. Throws FileError (cannot_read).
std::uint64_t patients_done(const std::string& folder, const RunManifest& manifest);

}  // namespace npcsim

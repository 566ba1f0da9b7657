// How the posterior of a calibration fared in its checks.
#pragma once

#include <npcsim/io/csv.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

struct PosteriorChecks {
  std::size_t tested = 0;
  std::vector<std::string> failed;  ///< names, in the order of the file
};

/// Of the file that a calibration writes beside its posterior (`gates.csv`). Checks that had
/// nothing to test do not count. Without the columns `gate` and `passed` an error, and no checks.
PosteriorChecks read_checks(const CsvTable& file, Diagnostics& diagnostics);

/// A sentence about them; empty if nothing was tested.
std::string in_words(const PosteriorChecks& checks);

}  // namespace npcsim

// Which published figures a posterior has seen.
#pragma once

#include <npcsim/emulation/figure.hpp>
#include <npcsim/io/csv.hpp>

#include <set>
#include <string>

namespace npcsim {

struct SeenFigures {
  bool known = false;         ///< a calibration has said which; else nobody can tell
  std::set<std::string> ids;  ///< that it has fitted

  /// Whether the figure is one that calibration would fit, and this one did not: predictions of it
  /// are a test.
  bool misses(const Figure& figure) const {
    return known && figure.fitted() && !ids.contains(figure.id);
  }
};

/// Of the table of predictions that a calibration writes beside its posterior; without the column
/// `use` nothing is known.
SeenFigures read_seen(const CsvTable& file, Diagnostics& diagnostics);

}  // namespace npcsim

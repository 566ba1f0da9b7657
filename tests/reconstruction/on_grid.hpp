// Readings without noise on a regular grid, and what it means to meet them.
#pragma once

#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <vector>

namespace npcsim::testing {

/// Records reconstructed from readings of the arm every `step` (three decimals) and a table every
/// `table_step`, with and without the total of events, meet every reading and every row.
void expect_grid_met(const std::vector<PatientRecord>& arm, double step, double table_step);

/// `one_patient`: the drop of one patient at each click.
void expect_every_reading_met(const PublishedCurve& curve,
                              const std::vector<PatientRecord>& records,
                              const std::vector<double>& one_patient);

/// S = exp(-t / 15) read at so many intervals of 0..36, and 500 patients of whom none is censored:
/// numbers at risk are 500 S, and one patient is 1 / 500 at any time.
PublishedCurve exponential_on_grid(int intervals);

}  // namespace npcsim::testing

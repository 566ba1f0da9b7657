#include "on_grid.hpp"

#include <npcsim/reconstruction/assess.hpp>
#include <npcsim/reconstruction/reconstruct.hpp>

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

constexpr double half_unit = 0.0005;  // readings have three decimals

double to_three_decimals(double survival) { return std::round(1e3 * survival) / 1e3; }

// Readings of the true curve every `step` and its table every `table_step`.
PublishedCurve read_on_grid(const std::vector<PatientRecord>& arm, double step, double table_step) {
  const RecordCurve truth(arm);
  double end = 0;
  for (const PatientRecord& record : arm) end = std::max(end, record.time);
  PublishedCurve curve;
  for (double time = 0; time <= end; time += step)
    curve.clicks.push_back({time, to_three_decimals(truth.survival(time))});
  for (double time = 0; time <= end; time += table_step)
    curve.at_risk.push_back({time, truth.at_risk(time)});
  return curve;
}

std::vector<double> drops_of_one_patient(const PublishedCurve& curve,
                                         const std::vector<PatientRecord>& arm) {
  const RecordCurve truth(arm);
  std::vector<double> drops;
  for (const Click& click : curve.clicks) {
    drops.push_back(truth.survival_before(click.time) / std::max(truth.at_risk(click.time), 1));
  }
  return drops;
}

}  // namespace

// The order of events and censorings between two readings is unknown and moves the level by a part
// of the drop of one patient: half a unit of the last digit and that drop are allowed.
void expect_every_reading_met(const PublishedCurve& curve,
                              const std::vector<PatientRecord>& records,
                              const std::vector<double>& one_patient) {
  const RecordCurve found(records);
  for (std::size_t k = 0; k < curve.clicks.size(); ++k) {
    const Click& click = curve.clicks[k];
    const double off = std::min(std::fabs(found.survival(click.time) - click.survival),
                                std::fabs(found.survival_before(click.time) - click.survival));
    EXPECT_LE(off, half_unit + one_patient[k]) << "at " << click.time;
  }
  for (const AtRiskCheck& row : assess(curve, records).at_risk)
    EXPECT_EQ(row.published, row.reconstructed) << "at " << row.time;
}

void expect_grid_met(const std::vector<PatientRecord>& arm, double step, double table_step) {
  PublishedCurve curve = read_on_grid(arm, step, table_step);
  const RecordCurve truth(arm);
  for (const bool with_total : {false, true}) {
    SCOPED_TRACE(with_total ? "with the total of events" : "without the total of events");
    if (with_total) curve.events = truth.events();
    const Reconstruction result = reconstruct(curve, {});
    ASSERT_TRUE(result.found);
    EXPECT_TRUE(result.notes.empty());
    expect_every_reading_met(curve, result.records, drops_of_one_patient(curve, arm));
    // The median lies between the same two readings as the true one.
    const RecordCurve found(result.records);
    ASSERT_TRUE(found.median().has_value());
    EXPECT_EQ(std::ceil(*found.median() / step), std::ceil(*truth.median() / step));
    if (with_total) {
      EXPECT_EQ(found.events(), truth.events());
    }
  }
}

PublishedCurve exponential_on_grid(int intervals) {
  PublishedCurve curve;
  for (int k = 0; k <= intervals; ++k) {
    const double time = 36.0 * k / intervals;
    curve.clicks.push_back({time, to_three_decimals(std::exp(-time / 15))});
  }
  curve.at_risk = {{0, 500}, {9, 274}, {18, 151}, {27, 83}};
  return curve;
}

}  // namespace npcsim::testing

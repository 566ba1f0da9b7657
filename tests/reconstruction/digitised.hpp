// Published curves made from real patients: what a digitiser would have clicked on.
#pragma once

#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/records.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::testing {

/// Two arms of a study in tests/data.
struct Study {
  std::string name;
  std::vector<PatientRecord> arms[2];
};

/// lung by sex, veteran by treatment, ovarian by treatment, colon (deaths; observation and
/// levamisole + 5-FU), pbc by treatment (deaths), mgus2 by sex (deaths).
std::vector<Study> studies();

/// Every drop of the curve without noise, an at-risk table at 5 to 8 round times, total events.
PublishedCurve clean_curve(const std::vector<PatientRecord>& arm, std::size_t rows);

/// `count` clicks at uniform times with normal noise: sd `vertical` in survival, and 0.3 % of the
/// axis in time.
PublishedCurve noisy_curve(const std::vector<PatientRecord>& arm, std::size_t rows,
                           std::size_t count, double vertical, std::uint32_t replicate);

/// 6-mercaptopurine arm of Freireich et al., Blood 1963;21:699 (weeks in remission).
std::vector<PatientRecord> mercaptopurine();

}  // namespace npcsim::testing

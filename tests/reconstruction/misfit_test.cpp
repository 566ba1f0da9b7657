#include "digitised.hpp"
#include <npcsim/reconstruction/misfit.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(Misfit, TrueRecordsPassUnderTheNoiseOfDigitisers) {
  for (const Study& study : studies()) {
    for (std::uint32_t k = 0; k < 2; ++k) {
      const PublishedCurve clean = clean_curve(study.arms[k], 5);
      EXPECT_EQ(misfit(clean, study.arms[k], 0).missed, 0U) << study.name;
      for (const std::size_t clicks : {40U, 150U}) {
        const PublishedCurve noisy = noisy_curve(study.arms[k], 5, clicks, 0.004, k);
        EXPECT_EQ(misfit(noisy, study.arms[k], 0.004).missed, 0U) << study.name;
      }
    }
  }
}

// Ten patients, five events at 3 and five at 5: survival 1, 1/2, 0.
std::vector<PatientRecord> halves() {
  std::vector<PatientRecord> records(5, {3, true});
  records.insert(records.end(), 5, {5, true});
  return records;
}

TEST(Misfit, CountsClicksThatAreFartherOffThanAPatientAndTheDigits) {
  PublishedCurve curve;
  // Read to 0.001: the limit is 5 * 0.0005 / sqrt(3) and, with ten patients at risk, 0.1.
  curve.clicks = {{0, 1}, {2, 0.901}, {4, 0.201}, {5, 0.001}};
  const Misfit found = misfit(curve, halves(), 0);
  EXPECT_EQ(found.missed, 1U);
  EXPECT_EQ(found.time, 4);
  EXPECT_EQ(found.read, 0.201);
  EXPECT_EQ(found.reconstructed, 0.5);
  EXPECT_DOUBLE_EQ(found.limit, 5 * 0.0005 / std::sqrt(3.0) + 0.5 / 5);
}

TEST(Misfit, ANoiseThatExcusesEverythingDoesNotCount) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {2, 0.901}, {4, 0.201}, {5, 0.001}};
  const Misfit found = misfit(curve, halves(), 0.3);
  EXPECT_EQ(found.missed, 1U);
  EXPECT_DOUBLE_EQ(found.limit, 5 * 0.006 + 0.5 / 5);
}

TEST(Misfit, SaysWhatIsMissedAndWhatPasses) {
  PublishedCurve curve;
  curve.clicks = {{0, 1}, {2, 0.901}, {4, 0.201}, {5, 0.001}};
  EXPECT_EQ(
      misfit_words(misfit(curve, halves(), 0), 4),
      "1 of 4 clicks is missed by more than digits and noise explain, worst at 4: read 0.201, "
      "reconstructed 0.5 (0.1014 passes). Look at the figure before you use the records; do "
      "clicks, at-risk table and --clicks belong together?");
  EXPECT_EQ(misfit_words({}, 4), "");
}

}  // namespace
}  // namespace npcsim::testing

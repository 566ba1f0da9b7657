#include <npcsim/base/units.hpp>

#include <type_traits>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(Units, AMonthIs974TicksOf1Over32Day) {
  EXPECT_EQ(Days(1_mo).count(), 30.4375);  // 365.25 / 12
  EXPECT_EQ(Ticks::from_days(Days(1_mo).count()).count(), 974);
  EXPECT_EQ(Ticks{974}.months(), 1.0);
  EXPECT_EQ(Ticks{974}.days(), 30.4375);
  static_assert(days_per_month * static_cast<double>(ticks_per_day) ==
                static_cast<double>(ticks_per_month));
  static_assert(days_per_month * 12 == days_per_year);
}

TEST(Units, TicksRoundToTheNearestHalvesUp) {
  EXPECT_EQ(Ticks::from_days(0.0).count(), 0);
  EXPECT_EQ(Ticks::from_days(1.0 / 64.0).count(), 1);  // exactly half a tick
  EXPECT_EQ(Ticks::from_days(0.015624).count(), 0);    // just below half a tick
  EXPECT_EQ(Ticks::from_days(3.0 / 64.0).count(), 2);
  EXPECT_EQ(Ticks::from_days(36525.0).count(), 36525 * 32);
}

TEST(Units, DurationsAddAndScale) {
  EXPECT_EQ((21_d + 7_d).count(), 28.0);
  EXPECT_EQ((21_d - 7_d).count(), 14.0);
  EXPECT_EQ((3.0 * 21_d).count(), 63.0);
  EXPECT_EQ(21_d / 7_d, 3.0);
  EXPECT_EQ((6_mo + 1.5_mo).count(), 7.5);
  EXPECT_EQ(Months::from_days(60.875).count(), 2.0);
  EXPECT_LT(27_d, Days(1_mo));
}

TEST(Units, PointsInTimeDifferByADuration) {
  const PatientTime diagnosis;
  const PatientTime later = diagnosis + 21_d;
  EXPECT_EQ((later - diagnosis).count(), 21.0);
  EXPECT_EQ((later - 21_d).days(), 0.0);
  EXPECT_EQ(PatientTime{Days(2_mo)}.months(), 2.0);
  EXPECT_LT(diagnosis, later);
}

TEST(Units, ClocksDoNotMix) {
  static_assert(!std::is_convertible_v<PatientTime, StudyTime>);
  static_assert(!std::is_convertible_v<Days, PatientTime>);
  static_assert(!std::is_convertible_v<double, Days>);
  static_assert(!std::is_convertible_v<Days, Months>);
}

}  // namespace
}  // namespace npcsim

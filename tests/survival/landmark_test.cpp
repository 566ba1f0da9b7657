#include "survival_data.hpp"
#include <npcsim/survival/landmark.hpp>

namespace npcsim {
namespace {

using testing::Records;

TEST(Landmark, KeepsThoseStillUnderObservation) {
  const Records records{{5, 6, 7, 9}, {1, 0, 1, 0}, {},          {},
                        {1, 2, 3, 4}, {0, 0, 1, 1}, {4, 5, 6, 7}};
  const LandmarkRecords kept = landmark_records(records.view(), 6);
  EXPECT_EQ(kept.row, (std::vector<std::size_t>{2, 3}));
  EXPECT_EQ(kept.time, (std::vector<double>{1, 3}));
  EXPECT_EQ(kept.event, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(kept.weight, (std::vector<double>{3, 4}));
  EXPECT_EQ(kept.stratum, (std::vector<std::int32_t>{1, 1}));
  EXPECT_EQ(kept.cluster, (std::vector<std::int32_t>{6, 7}));
  EXPECT_TRUE(kept.entry.empty());
  EXPECT_EQ(kept.ended_before, 2U);
}

TEST(Landmark, EarlyEntriesBeginAtTheLandmark) {
  const Records records{{5, 6}, {1, 1}, {}, {1, 4}, {}, {}, {}};
  const LandmarkRecords kept = landmark_records(records.view(), 3);
  EXPECT_EQ(kept.entry, (std::vector<double>{0, 1}));
}

}  // namespace
}  // namespace npcsim

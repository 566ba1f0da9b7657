// The rules of the house, on this very tree.
#include "layout/checker.hpp"
#include "layout/rooms.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::layout {
namespace {

TEST(Layout, EveryRuleOfTheHouseIsKept) {
  const std::vector<Violation> violations = check_tree(NPCSIM_SOURCE_DIR);
  EXPECT_TRUE(violations.empty()) << to_text(violations);
}

TEST(Layout, TheTreeIsRead) {
  // Otherwise the test above could pass by looking at nothing.
  const std::vector<Room> rooms = find_rooms(NPCSIM_SOURCE_DIR);
  ASSERT_NE(find_room(rooms, "base"), nullptr);
  EXPECT_EQ(find_room(rooms, "base")->floor, 0);
  EXPECT_TRUE(find_room(rooms, "base")->uses.empty());
}

}  // namespace
}  // namespace npcsim::layout

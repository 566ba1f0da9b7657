#include "support/golden.hpp"

#include "support/temp_folder.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

bool updating() { return std::getenv("NPCSIM_UPDATE_GOLDEN") != nullptr; }

TEST(Golden, EqualBytesPass) {
  const TempFolder folder;
  EXPECT_TRUE(matches_golden("a\nb\n", folder.write("stored.txt", "a\nb\n")));
}

TEST(Golden, FirstDifferentLineIsShown) {
  if (updating()) {
    GTEST_SKIP() << "comparisons pass while stored texts are replaced";
  }
  const TempFolder folder;
  const auto file = folder.write("stored.txt", "same\nmedian 22.1\n");
  const ::testing::AssertionResult result = matches_golden("same\nmedian 22.4\n", file);
  ASSERT_FALSE(result);
  const std::string text = result.message();
  EXPECT_NE(text.find("stored.txt:2: differs"), std::string::npos) << text;
  EXPECT_NE(text.find("expected: median 22.1"), std::string::npos) << text;
  EXPECT_NE(text.find("actual:   median 22.4"), std::string::npos) << text;
}

TEST(Golden, AMissingLastLineIsADifference) {
  if (updating()) {
    GTEST_SKIP() << "comparisons pass while stored texts are replaced";
  }
  const TempFolder folder;
  EXPECT_FALSE(matches_golden("a\n", folder.write("stored.txt", "a\nb\n")));
  EXPECT_FALSE(matches_golden("a\n", folder / "absent.txt"));
}

}  // namespace
}  // namespace npcsim::testing

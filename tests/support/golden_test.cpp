#include "support/golden.hpp"

#include "support/temp_folder.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Comparisons pass while stored texts are replaced; these tests are about comparisons.
class Golden : public ::testing::Test {
 protected:
  void SetUp() override { unsetenv("NPCSIM_UPDATE_GOLDEN"); }
};

TEST_F(Golden, EqualBytesPass) {
  const TempFolder folder;
  EXPECT_TRUE(matches_golden("a\nb\n", folder.write("stored.txt", "a\nb\n")));
}

TEST_F(Golden, FirstDifferentLineIsShown) {
  const TempFolder folder;
  const auto file = folder.write("stored.txt", "same\nmedian 22.1\n");
  const ::testing::AssertionResult result = matches_golden("same\nmedian 22.4\n", file);
  ASSERT_FALSE(result);
  const std::string text = result.message();
  EXPECT_NE(text.find("stored.txt:2: differs"), std::string::npos) << text;
  EXPECT_NE(text.find("expected: median 22.1"), std::string::npos) << text;
  EXPECT_NE(text.find("actual:   median 22.4"), std::string::npos) << text;
}

TEST_F(Golden, AMissingLastLineIsADifference) {
  const TempFolder folder;
  EXPECT_FALSE(matches_golden("a\n", folder.write("stored.txt", "a\nb\n")));
  EXPECT_FALSE(matches_golden("a\n", folder / "absent.txt"));
}

}  // namespace
}  // namespace npcsim::testing

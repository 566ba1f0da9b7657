#include "support/temp_folder.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(TempFolder, IsGoneAfterItsScope) {
  std::filesystem::path path;
  {
    const TempFolder folder;
    path = folder.path();
    folder.write("deep/inside/file.txt", "text");
    EXPECT_EQ(read_text(path / "deep/inside/file.txt"), "text");
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(TempFolder, TwoAreApart) {
  const TempFolder first;
  const TempFolder second;
  EXPECT_NE(first.path(), second.path());
}

TEST(ReadText, SaysWhichFileIsMissing) {
  const TempFolder folder;
  EXPECT_THROW(read_text(folder / "absent"), std::runtime_error);
}

}  // namespace
}  // namespace npcsim::testing

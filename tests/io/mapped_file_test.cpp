#include "support/temp_folder.hpp"
#include <npcsim/io/files.hpp>
#include <npcsim/io/mapped_file.hpp>

#include <string>
#include <sys/stat.h>
#include <thread>
#include <utility>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(MappedFile, HoldsTheBytesOfTheFile) {
  const testing::TempFolder folder;
  const std::string text(1'000'000, 'x');
  const MappedFile file(folder.write("data", text + "end").string());
  EXPECT_EQ(file.bytes().size(), text.size() + 3);
  EXPECT_EQ(file.bytes().substr(text.size()), "end");
}

TEST(MappedFile, MemoryThatWasGivenBackIsReadAgain) {
  const testing::TempFolder folder;
  std::string text(100'000, 'a');
  text += "tail";
  const MappedFile file(folder.write("data", text).string());
  file.release_front(text.size());
  file.release_front(10 * text.size());
  EXPECT_EQ(file.bytes(), text);
}

TEST(MappedFile, MovesWithItsBytesLongAndShort) {
  MappedFile small = MappedFile::of_bytes("ab");
  MappedFile moved = std::move(small);
  EXPECT_EQ(moved.bytes(), "ab");
  const testing::TempFolder folder;
  MappedFile large(folder.write("data", std::string(9000, 'q')).string());
  moved = std::move(large);
  EXPECT_EQ(moved.bytes(), std::string(9000, 'q'));
}

TEST(MappedFile, AnEmptyFileHasNoBytes) {
  const testing::TempFolder folder;
  EXPECT_EQ(MappedFile(folder.write("data", "").string()).bytes(), "");
}

TEST(MappedFile, PipesAreReadToTheirEnd) {
  const testing::TempFolder folder;
  const std::string path = (folder / "pipe").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const std::string text(200'000, 'p');
  std::thread writer([&path, &text] { testing::write_text(path, text); });
  const MappedFile file(path);
  writer.join();
  EXPECT_EQ(file.bytes(), text);
}

TEST(MappedFile, AFolderOrAnAbsentFileCannotBeRead) {
  const testing::TempFolder folder;
  EXPECT_THROW(MappedFile(folder.path().string()), FileError);
  EXPECT_THROW(MappedFile((folder / "absent").string()), FileError);
}

}  // namespace
}  // namespace npcsim

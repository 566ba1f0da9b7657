#include "small_disk.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/io/file_handle.hpp>
#include <npcsim/io/files.hpp>

#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::SmallDisk;
using testing::TempFolder;

std::size_t entries(const std::filesystem::path& folder) {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder)) ++n;
  return n;
}

TEST(FileError, SaysWhatWasTriedOnWhichFileAndWhy) {
  const FileError error(FileError::Kind::cannot_write, "write", "out/a.csv",
                        "No space left on device");
  EXPECT_STREQ(error.what(), "cannot write 'out/a.csv': No space left on device");
  EXPECT_EQ(error.kind(), FileError::Kind::cannot_write);
}

TEST(Files, AFolderIsReplacedAsAWhole) {
  const TempFolder folder;
  static_cast<void>(folder.write("new/a.txt", "new"));
  EXPECT_FALSE(replace_folder((folder / "new").string(), (folder / "run").string()));
  static_cast<void>(folder.write("newer/b.txt", "newer"));
  const auto old = replace_folder((folder / "newer").string(), (folder / "run").string());
  ASSERT_TRUE(old);
  EXPECT_EQ(testing::read_text(old->path + "/a.txt"), "new");
  // Nobody takes the old one for his own before it is removed.
  EXPECT_FALSE(FileHandle::open(old->path, FileHandle::Mode::folder).lock());
  remove_path(old->path);
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_EQ(entries(folder / "run"), 1U);
  EXPECT_EQ(testing::read_text(folder / "run/b.txt"), "newer");
}

TEST(Files, AFolderThatCannotBeReplacedStays) {
  const TempFolder folder;
  static_cast<void>(folder.write("run/a.txt", "old"));
  const std::string absent = (folder / "absent").string();
  const std::string run = (folder / "run").string();
  EXPECT_THROW(replace_folder(absent, run), FileError);
  EXPECT_EQ(entries(folder.path()), 1U);
  EXPECT_EQ(testing::read_text(folder / "run/a.txt"), "old");
}

TEST(Files, OnlyNamesThatEndWithAProcessAreFragments) {
  for (const char* const name : {"a.csv.part-1", "run.part-4194304", "a.part-b.part-12"})
    EXPECT_TRUE(is_fragment(name)) << name;
  for (const char* const name : {"a.csv", "run.part", "run.part-", "thesis.part-2.docx", "part-2"})
    EXPECT_FALSE(is_fragment(name)) << name;
}

TEST(Files, AFolderThatOneHasLockedNobodyElseCanLock) {
  const TempFolder folder;
  FileHandle first = FileHandle::open(folder.path().string(), FileHandle::Mode::folder);
  EXPECT_TRUE(first.lock());
  EXPECT_FALSE(FileHandle::open(folder.path().string(), FileHandle::Mode::folder).lock());
  first.close();
  EXPECT_TRUE(FileHandle::open(folder.path().string(), FileHandle::Mode::folder).lock());
}

template <class Function>
std::string failure(FileError::Kind kind, Function function) {
  try {
    function();
  } catch (const FileError& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    return error.what();
  }
  return "nothing failed";
}

TEST(Files, WhatIsWrittenReadsBack) {
  const TempFolder folder;
  const std::string path = (folder / "a.bin").string();
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes += static_cast<char>(i * 7 % 256);
  write_file_atomically(path, bytes);
  EXPECT_EQ(read_file(path), bytes);
  EXPECT_EQ(file_size(path), bytes.size());
  write_file_atomically(path, "short");
  EXPECT_EQ(read_file(path), "short");
  EXPECT_EQ(entries(folder.path()), 1U);  // no fragment left
}

TEST(Files, APipeWithoutASizeIsReadToItsEnd) {
  EXPECT_GT(read_file("/proc/self/status").size(), 100U);
}

TEST(Files, WhatCannotBeReadIsNamed) {
  const TempFolder folder;
  const std::string absent = (folder / "absent.yaml").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { read_file(absent); }),
            "cannot read '" + absent + "': No such file or directory");
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { read_file(folder.path().string()); }),
            "cannot read '" + folder.path().string() + "': Is a directory");
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { file_size(absent); }),
            "cannot read '" + absent + "': No such file or directory");
}

TEST(Files, WhatCannotBeCreatedIsNamedWithoutTheFragment) {
  const TempFolder folder;
  const std::string path = (folder / "absent/a.csv").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_create, [&] { write_file_atomically(path, "x"); }),
            "cannot create '" + path + "': No such file or directory");
  const std::string taken = (folder / "taken").string();
  make_folders(taken + "/inside");
  EXPECT_EQ(failure(FileError::Kind::cannot_create, [&] { write_file_atomically(taken, "x"); }),
            "cannot create '" + taken + "': Is a directory");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, AFullDiskIsReported) {
  FileHandle full = FileHandle::open("/dev/full", FileHandle::Mode::create);
  EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { full.write("x"); }),
            "cannot write '/dev/full': No space left on device");
}

TEST(Files, AFullDiskLeavesTheOldFileAndNoFragment) {
  const TempFolder folder;
  const std::string path = (folder / "a.csv").string();
  write_file_atomically(path, "old");
  {
    const SmallDisk disk(10'000);
    EXPECT_EQ(failure(FileError::Kind::cannot_write,
                      [&] { write_file_atomically(path, std::string(20'000, 'x')); }),
              "cannot write '" + path + "': File too large");
  }
  EXPECT_EQ(read_file(path), "old");
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, ALinkStaysAndItsFileIsWritten) {
  const TempFolder folder;
  static_cast<void>(folder.write("there/real.csv", "old"));
  std::filesystem::create_symlink("there/real.csv", folder / "link.csv");
  std::filesystem::create_symlink("link.csv", folder / "second.csv");
  write_file_atomically((folder / "second.csv").string(), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link.csv"));
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "second.csv"));
  EXPECT_EQ(testing::read_text(folder / "there/real.csv"), "new");
  EXPECT_EQ(entries(folder / "there"), 1U);
  std::filesystem::create_symlink("there/later.csv", folder / "dangling.csv");
  write_file_atomically((folder / "dangling.csv").string(), "later");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "dangling.csv"));
  EXPECT_EQ(testing::read_text(folder / "there/later.csv"), "later");
}

TEST(Files, APipeIsWrittenAndStays) {
  const TempFolder folder;
  const std::string pipe = (folder / "pipe").string();
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK);  // somebody who listens
  ASSERT_GE(reader, 0);
  EXPECT_TRUE(is_written_in_place(pipe));
  write_file_atomically(pipe, "bytes");
  char got[16] = {};
  EXPECT_EQ(::read(reader, got, sizeof got), 5);
  EXPECT_STREQ(got, "bytes");
  ::close(reader);
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_EQ(entries(folder.path()), 1U);
}

TEST(Files, ADeviceIsWrittenAndStays) {
  const TempFolder folder;
  const std::string link = (folder / "full").string();
  std::filesystem::create_symlink("/dev/full", link);
  EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { write_file_atomically(link, "x"); }),
            "cannot write '" + link + "': No space left on device");
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
}

TEST(Files, WhatIsOpenAlreadyIsContinued) {
  const TempFolder folder;
  const std::string path = (folder / "out.txt").string();
  FileHandle file = FileHandle::open(path, FileHandle::Mode::create);
  file.write("first,");
  write_file_atomically("/dev/fd/" + std::to_string(file.descriptor()), "second,");
  file.write("third");
  EXPECT_EQ(testing::read_text(path), "first,second,third");
}

TEST(Files, FoldersAreMadeWithTheirParents) {
  const TempFolder folder;
  const std::string path = (folder / "a/b/c").string();
  make_folders(path);
  make_folders(path);
  EXPECT_TRUE(std::filesystem::is_directory(path));
  folder.write("file", "x");
  const std::string below = (folder / "file/d").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_create, [&] { make_folders(below); }),
            "cannot create the folder '" + below + "': Not a directory");
}

TEST(Files, AFolderIsRenamedButNotOntoAFullOne) {
  const TempFolder folder;
  folder.write("run.part/a.csv", "x");
  const std::string from = (folder / "run.part").string();
  const std::string to = (folder / "run").string();
  rename_path(from, to);
  EXPECT_EQ(read_file(to + "/a.csv"), "x");
  folder.write("run.part/a.csv", "y");
  EXPECT_EQ(failure(FileError::Kind::cannot_create, [&] { rename_path(from, to); }),
            "cannot rename '" + from + "' to '" + to + "': Directory not empty");
  EXPECT_EQ(read_file(to + "/a.csv"), "x");
  remove_path(to);
  remove_path(to);
  EXPECT_FALSE(file_exists(to));
}

TEST(Files, PathsAreJoined) {
  EXPECT_EQ(folder_of("a/b.yaml"), "a");
  EXPECT_EQ(folder_of("b.yaml"), ".");
  EXPECT_EQ(folder_of("/b.yaml"), "/");
  EXPECT_EQ(beside("a", "b.csv"), "a/b.csv");
  EXPECT_EQ(beside(".", "b.csv"), "b.csv");
  EXPECT_EQ(beside("a", "/b.csv"), "/b.csv");
}

}  // namespace
}  // namespace npcsim

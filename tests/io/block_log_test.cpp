#include "small_disk.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/io/block_log.hpp>
#include <npcsim/io/files.hpp>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using testing::SmallDisk;
using testing::TempFolder;

constexpr std::uint64_t run = 0x1234567890abcdef;

using Blocks = std::vector<std::pair<std::uint64_t, std::string>>;

BlockVisitor into(Blocks& blocks) {
  return [&blocks](std::uint64_t block, std::string_view payload) {
    blocks.emplace_back(block, std::string(payload));
  };
}

// The text in two pieces, as large snapshots come.
ByteSource bytes_of(const std::string& text) {
  return [text](const auto& put) {
    put(std::string_view(text).substr(0, text.size() / 2));
    put(std::string_view(text).substr(text.size() / 2));
  };
}

const Blocks& example() {
  static const Blocks blocks{{3, "third"}, {0, ""}, {7, std::string(50, 'x')}, {1, "\0\n\xff"}};
  return blocks;
}

std::string write_example(const std::string& path) {
  BlockLog log = BlockLog::create(path, run);
  for (const auto& [block, payload] : example()) log.append(block, payload);
  return read_file(path);
}

TEST(BlockLog, GivesBackWhatWasAppended) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  write_example(path);
  Blocks found;
  const BlockLogState state = read_blocks(path, into(found));
  EXPECT_EQ(found, example());
  EXPECT_TRUE(state.has_header);
  EXPECT_EQ(state.run_digest, run);
  EXPECT_EQ(state.blocks, 4U);
  EXPECT_EQ(state.sound_bytes, state.total_bytes);
}

// The log of a run that was killed is a prefix of the whole log: every prefix is tried.
TEST(BlockLog, CutAnywhereItHoldsTheWholeRecordsAndContinues) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  const std::string whole = write_example(path);
  std::vector<std::size_t> ends{24};
  for (const auto& [block, payload] : example()) ends.push_back(ends.back() + 32 + payload.size());
  ASSERT_EQ(ends.back(), whole.size());
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    testing::write_text(path, whole.substr(0, size));
    std::size_t complete = 0;
    while (complete + 1 < ends.size() && ends[complete + 1] <= size) ++complete;
    const Blocks expected(example().begin(),
                          example().begin() + static_cast<std::ptrdiff_t>(complete));

    Blocks found;
    const BlockLogState state = read_blocks(path, into(found));
    ASSERT_EQ(found, expected) << size;
    ASSERT_EQ(state.has_header, size >= 24) << size;
    ASSERT_EQ(state.sound_bytes, size >= 24 ? ends[complete] : 0) << size;

    found.clear();
    BlockLog log = BlockLog::resume(path, run, into(found));
    ASSERT_EQ(found, expected) << size;
    log.append(99, "next");
    found.clear();
    read_blocks(path, into(found));
    ASSERT_EQ(found.size(), complete + 1) << size;
    ASSERT_EQ(found.back().first, 99U) << size;
    ASSERT_EQ(found.back().second, "next") << size;
  }
}

// A disk may also return other bytes than it was given.
TEST(BlockLog, AFlippedBitNeverYieldsAWrongRecord) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  const std::string whole = write_example(path);
  for (std::size_t at = 24; at < whole.size(); ++at) {
    for (const int bit : {0, 7}) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
      testing::write_text(path, damaged);
      Blocks found;
      read_blocks(path, into(found));
      ASSERT_LT(found.size(), example().size()) << at;
      for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], example()[i]) << at;
    }
  }
}

template <class Function>
std::string failure(Function function) {
  try {
    function();
  } catch (const FileError& error) {
    return error.what();
  }
  return "nothing failed";
}

TEST(BlockLog, RefusesTheLogOfAnotherRunBeforeAnyoneSeesItsBlocks) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  const std::string whole = write_example(path);
  Blocks found;
  EXPECT_EQ(failure([&] { BlockLog::resume(path, run + 1, into(found)); }),
            "cannot read '" + path + "': it belongs to another run");
  EXPECT_TRUE(found.empty());
  EXPECT_EQ(read_file(path), whole);
}

TEST(BlockLog, RefusesWhatIsNoLog) {
  const TempFolder folder;
  const std::string path =
      folder.write("notes.txt", "These are my notes of the last week.").string();
  Blocks found;
  EXPECT_EQ(failure([&] { read_blocks(path, into(found)); }),
            "cannot read '" + path + "': this is not a block log");
  EXPECT_EQ(failure([&] { BlockLog::resume(path, run, into(found)); }),
            "cannot read '" + path + "': this is not a block log");
  EXPECT_EQ(read_file(path), "These are my notes of the last week.");

  std::string damaged = write_example(path);
  damaged[10] = static_cast<char>(damaged[10] ^ 1);
  testing::write_text(path, damaged);
  EXPECT_EQ(failure([&] { read_blocks(path, into(found)); }),
            "cannot read '" + path + "': the header of this block log is damaged");
}

TEST(BlockLog, ResumeWithoutALogBeginsOne) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  Blocks found;
  BlockLog::resume(path, run, into(found)).append(5, "x");
  read_blocks(path, into(found));
  EXPECT_EQ(found, (Blocks{{5, "x"}}));
}

TEST(BlockLog, AFullDiskLosesOneBlockAndNoOther) {
  const TempFolder folder;
  const std::string path = (folder / "blocks.log").string();
  BlockLog log = BlockLog::create(path, run);
  log.append(0, "first");
  {
    const SmallDisk disk(1'000);
    EXPECT_EQ(failure([&] { log.append(1, std::string(5'000, 'x')); }),
              "cannot write '" + path + "': File too large");
  }
  log.append(2, "third");
  Blocks found;
  const BlockLogState state = read_blocks(path, into(found));
  EXPECT_EQ(found, (Blocks{{0, "first"}, {2, "third"}}));
  EXPECT_EQ(state.sound_bytes, state.total_bytes);
}

TEST(Snapshot, IsReplacedAsAWhole) {
  const TempFolder folder;
  const std::string path = (folder / "tally.snapshot").string();
  EXPECT_FALSE(read_snapshot(path));
  write_snapshot(path, run, bytes_of(std::string("\0 old", 5)));
  ASSERT_TRUE(read_snapshot(path));
  EXPECT_EQ(read_snapshot(path)->payload, std::string("\0 old", 5));
  {
    const SmallDisk disk(1'000);
    EXPECT_EQ(failure([&] { write_snapshot(path, run, bytes_of(std::string(5'000, 'x'))); }),
              "cannot write '" + path + "': File too large");
  }
  EXPECT_EQ(read_snapshot(path)->payload, std::string("\0 old", 5));
  write_snapshot(path, run + 1, bytes_of("new"));
  EXPECT_EQ(read_snapshot(path)->payload, "new");
  EXPECT_EQ(read_snapshot(path)->run_digest, run + 1);
}

TEST(Snapshot, DamageIsNoticed) {
  const TempFolder folder;
  const std::string path = (folder / "tally.snapshot").string();
  write_snapshot(path, run, bytes_of("payload"));
  const std::string whole = read_file(path);
  for (std::size_t at = 8; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    testing::write_text(path, damaged);
    EXPECT_EQ(failure([&] { read_snapshot(path); }),
              "cannot read '" + path + "': this snapshot is damaged");
  }
  testing::write_text(path, "something else that is longer than a header");
  EXPECT_EQ(failure([&] { read_snapshot(path); }),
            "cannot read '" + path + "': this is not a snapshot");
}

}  // namespace
}  // namespace npcsim

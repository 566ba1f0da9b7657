#include "small_disk.hpp"
#include "support/temp_folder.hpp"
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

namespace {
std::atomic<bool> sync_is_refused{false};
}  // namespace

// In the place of the system's: network disks say only when asked to sync that there is no room.
extern "C" int fsync(int descriptor) {
  if (sync_is_refused) {
    errno = ENOSPC;
    return -1;
  }
  return static_cast<int>(syscall(SYS_fsync, descriptor));
}

namespace npcsim {
namespace {

using testing::SmallDisk;
using testing::TempFolder;

// A disk that takes all bytes and refuses to keep them.
class DiskWithoutSync {
 public:
  DiskWithoutSync() { sync_is_refused = true; }
  ~DiskWithoutSync() { sync_is_refused = false; }
  DiskWithoutSync(const DiskWithoutSync&) = delete;
  DiskWithoutSync& operator=(const DiskWithoutSync&) = delete;
};

template <class T>
void round_trip(const std::string& path, const std::vector<T>& values, Hdf5Type type) {
  {
    Hdf5File file = Hdf5File::create(path);
    file.append("/group/column", values);
    file.close();
  }
  const Hdf5File file = Hdf5File::open(path);
  EXPECT_EQ(file.read<T>("/group/column"), values);
  EXPECT_EQ(file.describe("/group/column").type, type);
  EXPECT_EQ(file.describe("/group/column").rows, values.size());
}

template <class T>
std::vector<T> extremes() {
  using Limits = std::numeric_limits<T>;
  return {Limits::min(), Limits::max(), T{0}, T{1}};
}

TEST(Hdf5File, EveryTypeReadsBack) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  round_trip(path, extremes<std::int8_t>(), Hdf5Type::int8);
  round_trip(path, extremes<std::uint8_t>(), Hdf5Type::uint8);
  round_trip(path, extremes<std::int32_t>(), Hdf5Type::int32);
  round_trip(path, extremes<std::uint32_t>(), Hdf5Type::uint32);
  round_trip(path, extremes<std::int64_t>(), Hdf5Type::int64);
  round_trip(path, std::vector<double>{0.1, -1e300, 5e-324, -0.0}, Hdf5Type::float64);
  round_trip(path, std::vector<std::string>{"", "a", "München\nzwei", std::string(100'000, 'x')},
             Hdf5Type::text);
  round_trip(path, std::vector<double>{}, Hdf5Type::float64);
}

TEST(Hdf5File, NanStaysNan) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>{std::nan(""), 1.0});
  file.close();
  EXPECT_TRUE(std::isnan(Hdf5File::open(path).read<double>("/x")[0]));
}

TEST(Hdf5File, ColumnsGrowByBlocksOfAnySize) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  std::vector<std::int32_t> all(200'000);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i] = static_cast<std::int32_t>(i * i % 1'000'003);
  Hdf5File file = Hdf5File::create(path);
  std::size_t at = 0;
  for (const std::size_t size : {1U, 65'535U, 65'536U, 0U, 10'000U, 58'928U}) {
    file.append("/x", std::span<const std::int32_t>(all).subspan(at, size));
    at += size;
  }
  ASSERT_EQ(at, all.size());
  file.close();
  const Hdf5File back = Hdf5File::open(path);
  EXPECT_EQ(back.read<std::int32_t>("/x"), all);
  EXPECT_EQ(back.read<std::int32_t>("/x", 65'530, 10),
            std::vector<std::int32_t>(all.begin() + 65'530, all.begin() + 65'540));
  EXPECT_EQ(back.read<std::int32_t>("/x", 199'999, 10).size(), 1U);
  EXPECT_EQ(back.read<std::int32_t>("/x", 300'000, 10).size(), 0U);
}

TEST(Hdf5File, AttributesReadBackAndCanBeReplaced) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/g/x", std::vector<double>{1});
  file.set_attribute("/g/x", "unit", "months");
  file.set_attribute("/g/x", "unit", "days per week");
  file.set_attribute("/g", "empty", "");
  file.set_attribute("/g", "long", std::string(200'000, 'x'));
  file.set_attribute("/", "version", std::int64_t{-7});
  file.set_attribute("/", "scale", 0.1);
  file.close();
  const Hdf5File back = Hdf5File::open(path);
  EXPECT_EQ(back.text_attribute("/g/x", "unit"), "days per week");
  EXPECT_EQ(back.text_attribute("/g", "empty"), "");
  EXPECT_EQ(back.text_attribute("/g", "long").size(), 200'000U);
  EXPECT_EQ(back.integer_attribute("/", "version"), -7);
  EXPECT_EQ(back.number_attribute("/", "scale"), 0.1);
  EXPECT_TRUE(back.has_attribute("/g/x", "unit"));
  EXPECT_FALSE(back.has_attribute("/g/x", "meaning"));
}

TEST(Hdf5File, AClosedColumnKeepsWhatItHasAndCanGrow) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>{1, 2});
  file.close_column("/x");
  file.close_column("/x");  // nothing is left to close
  file.append("/x", std::vector<double>{3});
  file.close();
  EXPECT_EQ(Hdf5File::open(path).read<double>("/x"), (std::vector<double>{1, 2, 3}));
}

TEST(Hdf5File, ListsWhatItHoldsSorted) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/z", std::vector<double>{1});
  file.append("/b/y/deep", std::vector<std::string>{"t"});
  file.add_column("/b/a", Hdf5Type::int8);
  file.make_group("/empty/one");
  EXPECT_EQ(file.names("/"), (std::vector<std::string>{"b", "empty", "z"}));
  const auto sets = file.datasets();
  ASSERT_EQ(sets.size(), 3U);
  EXPECT_EQ(sets[0].path, "/b/a");
  EXPECT_EQ(sets[1].path, "/b/y/deep");
  EXPECT_EQ(sets[1].type, Hdf5Type::text);
  EXPECT_EQ(sets[2].path, "/z");
  EXPECT_TRUE(file.exists("/b/y"));
  EXPECT_FALSE(file.exists("/b/q/deep"));
  file.close();
}

TEST(Hdf5File, EqualContentGivesEqualBytes) {
  const TempFolder folder;
  const auto write = [&](const std::string& name) {
    const std::string path = (folder / name).string();
    Hdf5File file = Hdf5File::create(path);
    for (int i = 0; i < 3; ++i) file.append("/g/x", std::vector<double>(30'000, 0.1 * i));
    file.set_attribute("/g", "unit", "months");
    file.close();
    return read_file(path);
  };
  EXPECT_EQ(write("a.h5"), write("b.h5"));
}

TEST(Hdf5File, NumbersAreCompressed) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>(1'000'000, 1.5));
  file.close();
  EXPECT_LT(file_size(path), 200'000U);  // 8 MB of equal numbers
}

TEST(Hdf5File, AfterAFlushTheFileOpensThoughItWasNeverClosed) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  const std::string copy = (folder / "copy.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>(70'000, 2.0));
  file.flush();
  file.append("/x", std::vector<double>(10, 3.0));
  testing::write_text(copy, read_file(path));  // what a killed program would leave
  EXPECT_EQ(Hdf5File::open(copy).read<double>("/x").size(), 70'000U);
  file.close();
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

TEST(Hdf5File, FailuresNameTheFileAndTheReason) {
  const TempFolder folder;
  const std::string absent = (folder / "absent.h5").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { Hdf5File::open(absent); }),
            "cannot read '" + absent + "': No such file or directory");
  const std::string below = (folder / "no/a.h5").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_create, [&] { Hdf5File::create(below); }),
            "cannot create '" + below + "': No such file or directory");
  const std::string text = folder.write("a.txt", "not an HDF5 file").string();
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { Hdf5File::open(text); }),
            "cannot read '" + text + "': file signature not found");

  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>{1});
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { file.read<double>("/y"); }),
            "cannot read '" + path + "': object 'y' doesn't exist");
  EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { file.text_attribute("/x", "unit"); }),
            "cannot read '" + path + "': can't locate attribute: 'unit'");
  file.close();
}

std::vector<double> incompressible(std::size_t count) {
  std::vector<double> out(count);
  std::uint64_t state = 1;
  for (double& value : out) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    value = static_cast<double>(state);
  }
  return out;
}

// The library by itself would crash when the program ends.
TEST(Hdf5File, AFullDiskIsAFileErrorAndNothingWorse) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  const std::string message = "cannot write '" + path + "': File too large";
  Hdf5File file = Hdf5File::create(path);
  file.append("/small", std::vector<double>{1});
  {
    const SmallDisk disk(100'000);
    EXPECT_EQ(failure(FileError::Kind::cannot_write,
                      [&] { file.append("/x", incompressible(1'000'000)); }),
              message);
  }
  // Though there is room again: the file has a hole.
  EXPECT_EQ(failure(FileError::Kind::cannot_write,
                    [&] { file.append("/small", std::vector<double>{1}); }),
            message);
  EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { file.close(); }), message);
}

TEST(Hdf5File, ADiskThatIsFullOnlyInTheEndIsAFileErrorToo) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", incompressible(20'000));  // not a whole chunk: still in memory
  {
    const SmallDisk disk(5'000);
    EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { file.flush(); }),
              "cannot write '" + path + "': File too large");
  }
}

TEST(Hdf5File, ADiskThatIsFullAtTheClosingWriteIsAFileErrorToo) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", incompressible(20'000));
  const SmallDisk disk(5'000);
  EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { file.close(); }),
            "cannot write '" + path + "': File too large");
}

// If the library saw it, the program would crash when it ends.
TEST(Hdf5File, ADiskThatRefusesToSyncIsAFileErrorAndNothingWorse) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>{1});
  {
    const DiskWithoutSync disk;
    EXPECT_EQ(failure(FileError::Kind::cannot_write, [&] { file.close(); }),
              "cannot write '" + path + "': No space left on device");
    file.close();  // has nothing left to do
    Hdf5File silent = Hdf5File::create((folder / "silent.h5").string());
    silent.append("/x", std::vector<double>{1});
  }
  // The next file has nothing to do with it.
  Hdf5File other = Hdf5File::create((folder / "other.h5").string());
  other.append("/x", std::vector<double>{1});
  other.close();
}

TEST(Hdf5File, AColumnThatClaimsMoreRowsThanMemoryHoldsCannotBeRead) {
  const TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  file.append("/x", std::vector<double>(4'242));
  file.close();
  // The number of rows stands before the most that there may be, which is without limit.
  std::string bytes = read_file(path);
  const auto at = bytes.find(std::string("\x92\x10\0\0\0\0\0\0", 8) + std::string(8, '\xff'));
  ASSERT_NE(at, std::string::npos);
  for (const int bit : {50, 62}) {
    bytes.replace(at, 8, 8, '\0');
    bytes[at + static_cast<std::size_t>(bit / 8)] = static_cast<char>(1 << bit % 8);
    testing::write_text(path, bytes);
    const Hdf5File back = Hdf5File::open(path);
    EXPECT_EQ(failure(FileError::Kind::cannot_read, [&] { back.read<double>("/x"); }),
              "cannot read '" + path + "': the file is damaged: it has no room for the " +
                  std::to_string(std::uint64_t{1} << bit) + " rows of a column");
  }
}

}  // namespace
}  // namespace npcsim

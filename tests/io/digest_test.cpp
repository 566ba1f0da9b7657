#include "support/temp_folder.hpp"
#include <npcsim/io/digest.hpp>
#include <npcsim/io/hdf5_file.hpp>

#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

// Expected values: XXH64 with seed 0 as printed by the reference implementation (documentation of
// python-xxhash and `xxhsum -H64`).
TEST(Digest, IsXxh64) {
  EXPECT_EQ(digest_text(digest_of("")), "ef46db3751d8e999");
  EXPECT_EQ(digest_text(digest_of("a")), "d24ec4f1a98c6e5b");
  EXPECT_EQ(digest_text(digest_of("abc")), "44bc2cf5ad770999");
  EXPECT_EQ(digest_text(digest_of("xxhash")), "32dd38952c4bc720");
  EXPECT_EQ(digest_text(digest_of("Nobody inspects the spammish repetition")), "fbcea83c8a378bf1");
}

TEST(Digest, DoesNotDependOnTheCuts) {
  std::string bytes;
  for (int i = 0; i < 300; ++i) bytes += static_cast<char>(i * i % 251);
  for (std::size_t first = 0; first <= 70; ++first) {
    for (const std::size_t step : {1U, 7U, 31U, 32U, 33U, 64U, 100U}) {
      Digest digest;
      digest.add(std::string_view(bytes).substr(0, first));
      for (std::size_t at = first; at < bytes.size(); at += step) {
        digest.add(std::string_view(bytes).substr(at, step));
      }
      ASSERT_EQ(digest.value(), digest_of(bytes)) << first << " " << step;
    }
  }
}

TEST(Digest, TextsCarryTheirLength) {
  Digest left;
  left.add_text("a");
  left.add_text("bc");
  Digest right;
  right.add_text("ab");
  right.add_text("c");
  EXPECT_NE(left.value(), right.value());
}

TEST(Digest, NumbersAreEightBytesLowestFirst) {
  Digest digest;
  digest.add(std::uint64_t{0x0807060504030201});
  EXPECT_EQ(digest.value(), digest_of("\x01\x02\x03\x04\x05\x06\x07\x08"));
}

class Hdf5Digest : public ::testing::Test {
 protected:
  struct Content {
    std::vector<double> os{1.5, 2.5, 3.5};
    std::string column = "os";
    std::string host = "here";
    bool in_two_blocks = false;
  };
  std::uint64_t digest(const Content& content) {
    const std::string path = (folder_ / "a.h5").string();
    Hdf5File file = Hdf5File::create(path);
    if (content.in_two_blocks) {
      file.append("/patients/id", std::vector<std::int32_t>{1});
      file.append("/patients/id", std::vector<std::int32_t>{2});
    }
    file.append("/patients/" + content.column, content.os);
    if (!content.in_two_blocks) file.append("/patients/id", std::vector<std::int32_t>{1, 2});
    file.append("/provenance/host", std::vector<std::string>{content.host});
    file.close();
    return hdf5_digest(path);
  }

 private:
  testing::TempFolder folder_;
};

TEST_F(Hdf5Digest, SeesValuesNamesTypesAndRows) {
  const std::uint64_t base = digest({});
  Content changed;
  changed.os[1] = 2.5000000000000004;
  EXPECT_NE(digest(changed), base);
  changed = {};
  changed.os.pop_back();
  EXPECT_NE(digest(changed), base);
  changed = {};
  changed.column = "pfs";
  EXPECT_NE(digest(changed), base);
}

TEST_F(Hdf5Digest, DoesNotSeeProvenanceOrTheWayOfWriting) {
  const std::uint64_t base = digest({});
  Content other;
  other.host = "elsewhere";
  other.in_two_blocks = true;
  EXPECT_EQ(digest(other), base);
}

}  // namespace
}  // namespace npcsim

#include "support/temp_folder.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

Table example() {
  Table table;
  table.name = "summary";
  table.add_texts("strategy", "what was done").cells = Column::Texts{"GP", "\"a\", b\nc", ""};
  table.add_integers("patients", "").cells = Column::Integers{-1, 0, 5'000'000'000};
  table.add_numbers("median", "months", "median OS").cells =
      Column::Numbers{1.0 / 3.0, std::nan(""), -1e-300};
  return table;
}

TEST(TableIo, Hdf5KeepsColumnsInOrderWithUnitsAndMeanings) {
  const testing::TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  write_table_hdf5(file, "/tables/summary", example());
  file.close();
  const Table back = read_table_hdf5(Hdf5File::open(path), "/tables/summary");
  EXPECT_EQ(back.name, "summary");
  ASSERT_EQ(back.columns.size(), 3U);
  for (std::size_t c = 0; c < 3; ++c) {
    EXPECT_EQ(back.columns[c].name, example().columns[c].name);
    EXPECT_EQ(back.columns[c].unit, example().columns[c].unit);
    EXPECT_EQ(back.columns[c].meaning, example().columns[c].meaning);
    EXPECT_EQ(back.columns[c].cells.index(), example().columns[c].cells.index());
  }
  EXPECT_EQ(to_csv(back), to_csv(example()));
}

std::string failure(const Hdf5File& file, const std::string& group) {
  try {
    read_table_hdf5(file, group);
  } catch (const FileError& error) {
    EXPECT_EQ(error.kind(), FileError::Kind::cannot_read);
    return error.what();
  }
  return "nothing failed";
}

TEST(TableIo, ColumnsOfUnequalLengthAreADamagedFile) {
  const testing::TempFolder folder;
  const std::string path = (folder / "a.h5").string();
  Hdf5File file = Hdf5File::create(path);
  write_table_hdf5(file, "/summary", example());
  file.append("/summary/patients", std::vector<std::int64_t>{7});
  file.close();
  EXPECT_EQ(failure(Hdf5File::open(path), "/summary"),
            "cannot read '" + path +
                "': the file is damaged: the columns of '/summary' differ in length");
}

TEST(TableIo, CsvReadsBackToTheSameCells) {
  const testing::TempFolder folder;
  const std::string path = (folder / "a.csv").string();
  write_table_csv(path, example());
  Diagnostics diagnostics;
  const auto csv = read_csv_file(path, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  ASSERT_TRUE(csv);
  EXPECT_EQ(to_csv(csv->table()), to_csv(example()));
  EXPECT_EQ(std::get<Column::Numbers>(csv->table().find("median")->cells)[0], 1.0 / 3.0);
}

}  // namespace
}  // namespace npcsim

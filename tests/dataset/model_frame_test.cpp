#include "small_files.hpp"

#include <cmath>
#include <limits>

namespace npcsim::testing {
namespace {

std::vector<double> list(std::span<const double> values) { return {values.begin(), values.end()}; }
std::vector<std::int32_t> list(std::span<const std::int32_t> values) {
  return {values.begin(), values.end()};
}

// The frame of a text; the parts of its data that it views live as long as this.
struct Framed {
  DataFile file;
  StudyData data;
  std::optional<ModelFrame> frame;

  static Framed make(const std::string& text, const DataRoles& roles, const FrameParts& parts) {
    Diagnostics diagnostics;
    DataFile file = data_file(text);
    auto data = read_study_data(file, roles, diagnostics);
    EXPECT_EQ(diagnostics.text(""), "");
    Framed out{std::move(file), std::move(*data), std::nullopt};
    out.frame = make_frame(out.data, parts, out.file, diagnostics);
    return out;
  }
};

const std::string text =
    "id,time,status,sex,age,w,site\n"
    "a,5,1,m,50,1,x\n"
    "a,6,0,f,,2,y\n"
    "b,,1,f,70,1,x\n"
    "c,7,1,,60,1,x\n"
    "d,8,,m,60,1,y\n"
    "e,9,1,f,65,0,y\n";

TEST(ModelFrame, RowsWithMissingValuesAreLeftOutCountedAndListed) {
  DataRoles roles = time_and_status();
  roles.group = "sex";
  roles.covariates = {"age"};
  FrameParts parts;
  parts.group = true;
  const Framed curves = Framed::make(text, roles, parts);
  EXPECT_EQ(list(curves.frame->time()), (std::vector<double>{5, 6, 9}));
  EXPECT_EQ(list(curves.frame->group()), (std::vector<std::int32_t>{1, 0, 0}));
  EXPECT_EQ(curves.frame->rows_left_out(), 3U);
  EXPECT_EQ(curves.frame->warnings(),
            (std::vector<std::string>{"1 row left out: 'time' is missing (line 4)",
                                      "1 row left out: 'status' is missing (line 6)",
                                      "1 row left out: 'sex' is missing (line 5)"}));
  parts.covariates = true;
  const Framed regression = Framed::make(text, roles, parts);
  EXPECT_EQ(list(regression.frame->time()), (std::vector<double>{5, 9}));
  EXPECT_EQ(regression.frame->design().columns[0], (std::vector<double>{50, 65}));
  EXPECT_EQ(regression.frame->file_rows(), (std::vector<std::uint32_t>{0, 5}));
}

TEST(ModelFrame, LongListsOfLinesAreCutShort) {
  std::string many = "time,status\n1,1\n";
  for (int i = 0; i < 7; ++i) many += ",1\n";
  const Framed framed = Framed::make(many, time_and_status(), {});
  EXPECT_EQ(
      framed.frame->warnings(),
      std::vector<std::string>{"7 rows left out: 'time' is missing (lines 3, 4, 5, 6, 7, ...)"});
}

TEST(ModelFrame, RowsOfWeightZeroAreLeftOut) {
  DataRoles roles = time_and_status();
  roles.weights = "w";
  const Framed framed = Framed::make(text, roles, {});
  EXPECT_EQ(list(framed.frame->weight()), (std::vector<double>{1, 2, 1}));
  EXPECT_EQ(framed.frame->warnings().back(), "1 row left out: 'w' is 0 (line 7)");
}

TEST(ModelFrame, ClustersAndStrataOfSeveralColumnsAreNumbered) {
  DataRoles roles = time_and_status();
  roles.cluster = "id";
  roles.strata = {"site", "sex"};
  FrameParts parts;
  parts.cluster = true;
  parts.strata = true;
  const Framed framed = Framed::make(text, roles, parts);
  EXPECT_EQ(list(framed.frame->cluster()), (std::vector<std::int32_t>{0, 0, 1}));
  EXPECT_EQ(framed.frame->clusters(), 2U);
  EXPECT_EQ(framed.frame->stratum_names(),
            (std::vector<std::string>{"site=x, sex=m", "site=y, sex=f"}));
  EXPECT_EQ(list(framed.frame->stratum()), (std::vector<std::int32_t>{0, 1, 1}));
}

TEST(ModelFrame, AFrameOfAllRowsIsAViewOfTheData) {
  const Framed framed = Framed::make("time,status\n3,1\n2,0\n", time_and_status(), {});
  EXPECT_EQ(framed.frame->time().data(), framed.data.column("time").numbers.data());
}

TEST(ModelFrame, UpperEndsMakeIntervals) {
  // Exact, interval, censored, and, without an event column, open to the left.
  constexpr double infinite = std::numeric_limits<double>::infinity();
  DataRoles roles = time_and_status();
  roles.upper = "upper";
  const Framed with = Framed::make("time,status,upper\n3,1,\n2,1,5\n4,0,\n4,0,9\n", roles, {});
  EXPECT_EQ(list(with.frame->upper()), (std::vector<double>{3, 5, infinite, infinite}));
  roles.event.clear();
  const Framed without = Framed::make("time,upper\n3,3\n2,5\n4,\n,6\n7,Inf\n", roles, {});
  EXPECT_EQ(list(without.frame->time()), (std::vector<double>{3, 2, 4, 0, 7}));
  EXPECT_EQ(list(without.frame->upper()), (std::vector<double>{3, 5, infinite, 6, infinite}));
  EXPECT_EQ(list(without.frame->event()), (std::vector<std::int32_t>{1, 1, 0, 1, 0}));
}

TEST(ModelFrame, NoRowLeftIsAnErrorThatSaysWhy) {
  Diagnostics diagnostics;
  DataFile file = data_file("time,status\n,1\n3,\n");
  const auto data = read_study_data(file, time_and_status(), diagnostics);
  ASSERT_TRUE(data.has_value());
  EXPECT_FALSE(make_frame(*data, {}, file, diagnostics).has_value());
  EXPECT_EQ(diagnostics.items()[0].message, "no row is left: every row has a missing value");
  EXPECT_EQ(diagnostics.items()[0].hint,
            "1 row left out: 'time' is missing (line 2); 1 row left out: 'status' is missing (line "
            "3)");
}

TEST(StudyData, TextInAColumnOfNumbersIsShown) {
  EXPECT_EQ(complaints("time,status\n5,1\nlong,0\n", time_and_status()),
            "data.csv:3:1: error: column 'time' (--time) needs a number, found 'long'\n"
            "    3 | long,0\n"
            "      | ^~~~\n"
            "   hint: leave the cell empty if the value is missing\n"
            "1 error, nothing was computed\n");
}

TEST(StudyData, TextAmongTheNumbersOfACovariateIsShown) {
  DataRoles roles = time_and_status();
  roles.covariates = {"x"};
  EXPECT_EQ(complaints("time,status,x\n5,1,3\n4,0,unknown\n", roles),
            "data.csv:3:5: error: covariate 'x' holds numbers, but here 'unknown'\n"
            "    3 | 4,0,unknown\n"
            "      |     ^~~~~~~\n"
            "   hint: leave the cell empty if the value is missing; write factor(x) if these are "
            "categories\n"
            "1 error, nothing was computed\n");
}

TEST(StudyData, NegativeAndInfiniteTimesAreShown) {
  EXPECT_EQ(complaints("time,status\n-5,1\n4,0\nInf,0\n", time_and_status()),
            "data.csv:2:1: error: a time must be 0 or above and finite\n"
            "    2 | -5,1\n"
            "      | ^~\n"
            "   hint: times count from the start of follow-up\n"
            "data.csv:4:1: error: a time must be 0 or above and finite\n"
            "    4 | Inf,0\n"
            "      | ^~~\n"
            "   hint: times count from the start of follow-up\n"
            "2 errors, nothing was computed\n");
}

TEST(StudyData, EntryAtOrAfterExitIsShown) {
  DataRoles roles = time_and_status();
  roles.entry = "entry";
  EXPECT_EQ(complaints("entry,time,status\n1,5,1\n4,4,0\n", roles),
            "data.csv:3:1: error: entry must be below the time of exit ('time')\n"
            "    3 | 4,4,0\n"
            "      | ^\n"
            "   hint: a row is at risk from its entry to its time\n"
            "1 error, nothing was computed\n");
}

TEST(StudyData, AllMistakesOfTheHeaderAreReportedAtOnce) {
  DataRoles roles = time_and_status();
  roles.group = "sx";
  roles.covariates = {"aeg"};
  const std::string messages = complaints("tim,staus,sex,age\n1,1,f,5\n", roles);
  EXPECT_NE(messages.find("missing column 'time' (--time)"), std::string::npos);
  EXPECT_NE(messages.find("missing column 'status' (--event)"), std::string::npos);
  EXPECT_NE(messages.find("missing column 'sx' (--group)"), std::string::npos);
  EXPECT_NE(messages.find("missing column 'aeg' (--covariates)"), std::string::npos);
}

TEST(StudyData, NegativeWeightsAndReversedIntervalsAreShown) {
  DataRoles roles = time_and_status();
  roles.weights = "w";
  EXPECT_EQ(
      complaints("time,status,w\n1,1,-2\n2,1,0\n", roles),
      "data.csv:2:5: error: a weight must be above 0 and finite, found -2\n"
      "    2 | 1,1,-2\n"
      "      |     ^~\n"
      "   hint: a weight says how many rows like this one there are; a row of weight 0 is left "
      "out\n"
      "1 error, nothing was computed\n");
  roles.weights.clear();
  roles.upper = "w";
  EXPECT_NE(complaints("time,status,w\n3,1,2\n", roles).find("must not be below the lower one"),
            std::string::npos);
}

TEST(StudyData, TextsAndNumbersOutOfRangeAreReportedAtOnce) {
  EXPECT_EQ(complaints("time,status\n-1,1\n5,0\nabc,1\n1e400,0\n", time_and_status()),
            "data.csv:2:1: error: a time must be 0 or above and finite\n"
            "    2 | -1,1\n"
            "      | ^~\n"
            "   hint: times count from the start of follow-up\n"
            "data.csv:4:1: error: column 'time' (--time) needs a number, found 'abc'\n"
            "    4 | abc,1\n"
            "      | ^~~\n"
            "   hint: leave the cell empty if the value is missing\n"
            "data.csv:5:1: error: column 'time' (--time) needs a number, found '1e400'\n"
            "    5 | 1e400,0\n"
            "      | ^~~~~\n"
            "   hint: leave the cell empty if the value is missing\n"
            "3 errors, nothing was computed\n");
}

TEST(StudyData, MistakesThatAreNotShownAreCounted) {
  std::string rows = "time,status\n";
  for (int row = 0; row < 30; ++row) rows += "-" + std::to_string(row + 1) + ",1\n";
  const std::string thirty = complaints(rows, time_and_status());
  EXPECT_NE(thirty.find("data.csv:11:1: error: a time must be 0 or above and finite (and 20 more "
                        "such cells)\n"),
            std::string::npos)
      << thirty;
  EXPECT_EQ(thirty.find("data.csv:12:"), std::string::npos);
  rows = "time,status\n";
  for (int row = 0; row < 11; ++row) rows += "x,1\n";
  EXPECT_NE(complaints(rows, time_and_status())
                .find("data.csv:11:1: error: column 'time' (--time) needs a number, found 'x' (and "
                      "1 more such cell)\n"),
            std::string::npos);
  rows = "time,status\n";
  for (int row = 0; row < 10; ++row) rows += "x,1\n";
  EXPECT_EQ(complaints(rows, time_and_status()).find("more such"), std::string::npos);
}

}  // namespace
}  // namespace npcsim::testing

// The calendar time of diagnosis in documents: what is said, refused, told and written down.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

/// Lines for the model's keys, its attributes and the study's keys.
struct Said {
  std::string model{};
  std::string attribute{};
  std::string study{};
};

std::string study(const Said& said) {
  return R"(study: small
model:
  model: m
  states: [alive, dead]
)" + said.model +
         R"(  attributes:
    male: {bernoulli: 0.5}
    age: {normal: {mean: 50, sd: 10}, unit: years}
)" + said.attribute +
         R"(  processes:
    death:
      from: alive
      to: dead
      clock: age
      hazard: {life_table: table.csv}
  endpoints:
    OS: {states: [dead]}
strategies:
  - strategy: nothing
patients: 500
seed: 1
horizon: 600 months
landmarks: [12, 24]
)" + said.study;
}

constexpr std::string_view by_year =
    "year,sex,age_from,rate\n2000,male,0,0.05\n2000,female,0,0.04\n2010,male,0,0.01\n"
    "2010,female,0,0.005\n";

ProcessResult answer(const std::string& command, const Said& said,
                     std::string_view table = by_year) {
  const TempFolder folder;
  static_cast<void>(folder.write("table.csv", table));
  static_cast<void>(folder.write("study.yaml", study(said)));
  return npcsim(folder, {command, "study.yaml"});
}

struct WrongCalendar {
  Said said;
  std::string message;
};

class CalendarMistake : public ::testing::TestWithParam<WrongCalendar> {};

TEST_P(CalendarMistake, IsShownWithItsPlaceAndAHint) {
  const ProcessResult found = answer("check", GetParam().said);
  EXPECT_EQ(found.exit_code, 65);
  EXPECT_EQ(found.out, "");
  EXPECT_EQ(found.err, GetParam().message + "1 error, nothing was run\n");
}

INSTANTIATE_TEST_SUITE_P(
    Calendar, CalendarMistake,
    ::testing::Values(
        WrongCalendar{
            {.study = "diagnosed_on: 19.5\n"},
            R"(study.yaml:22:15: error: 'diagnosed_on' must be from 1900 to 2200, found 19.5
   22 | diagnosed_on: 19.5
      |               ^~~~
   hint: calendar time of every patient's diagnosis as a decimal year (2019.5 is the middle of 2019), instead of the model's attribute
)"},
        WrongCalendar{
            {.study = "diagnosed_on: 2019-06-30\n"},
            R"(study.yaml:22:15: error: wrong unit '-06-30' for 'diagnosed_on': expected a number without unit
   22 | diagnosed_on: 2019-06-30
      |               ^~~~~~~~~~
   hint: calendar time of every patient's diagnosis as a decimal year (2019.5 is the middle of 2019), instead of the model's attribute
)"},
        WrongCalendar{{.model = "  diagnosed_on: agee\n"},
                      R"(study.yaml:5:17: error: unknown attribute 'agee'
    5 |   diagnosed_on: agee
      |                 ^~~~
   hint: did you mean 'age'?
)"},
        // The study's word does not make up for a name that is wrong.
        WrongCalendar{{.model = "  diagnosed_on: agee\n", .study = "diagnosed_on: 2019.5\n"},
                      R"(study.yaml:5:17: error: unknown attribute 'agee'
    5 |   diagnosed_on: agee
      |                 ^~~~
   hint: did you mean 'age'?
)"},
        WrongCalendar{
            {.model = "  diagnosed_on: male\n"},
            R"(study.yaml:5:17: error: 'male' holds the calendar time of diagnosis and must be a number, found a flag
    5 |   diagnosed_on: male
      |                 ^~~~
   hint: name an attribute that is a decimal year, such as 2019.5
)"},
        WrongCalendar{
            {.attribute = "    diagnosed_on: {categorical: {early: 0.5, late: 0.5}}\n"},
            R"(study.yaml:8:33: error: 'diagnosed_on' holds the calendar time of diagnosis and must be a number, found levels
    8 |     diagnosed_on: {categorical: {early: 0.5, late: 0.5}}
      |                                 ^
   hint: a decimal year, e.g. diagnosed_on: {uniform: [2015, 2020]}
)"},
        WrongCalendar{
            {.attribute = "    diagnosed_on: {constant: 19.5}\n"},
            R"(study.yaml:8:30: error: 'diagnosed_on' must be a decimal year from 1900 to 2200, found 19.5
    8 |     diagnosed_on: {constant: 19.5}
      |                              ^~~~
   in attributes > diagnosed_on
   hint: 2019.5 is the middle of 2019
)"},
        WrongCalendar{
            {.attribute = "    diagnosed_on: {uniform: [2015, 20220]}\n"},
            R"(study.yaml:8:29: error: 'diagnosed_on' must be a decimal year from 1900 to 2200, found 20220
    8 |     diagnosed_on: {uniform: [2015, 20220]}
      |                             ^
   in attributes > diagnosed_on
   hint: 2019.5 is the middle of 2019
)"},
        WrongCalendar{
            {.attribute = "    diagnosed_on: {uniform: [201, 2020]}\n"},
            R"(study.yaml:8:29: error: 'diagnosed_on' must be a decimal year from 1900 to 2200, found 201
    8 |     diagnosed_on: {uniform: [201, 2020]}
      |                             ^
   in attributes > diagnosed_on
   hint: 2019.5 is the middle of 2019
)"},
        WrongCalendar{
            {.attribute = "    diagnosed_on: {constant: 2010, when: {male: true}}\n"},
            R"(study.yaml:8:30: error: 'diagnosed_on' must be a decimal year from 1900 to 2200, found 0 where 'when' is false
    8 |     diagnosed_on: {constant: 2010, when: {male: true}}
      |                              ^~~~
   in attributes > diagnosed_on
   hint: write otherwise: 2019.5
)"}));

TEST(Calendar, NumericKindsOfAttributesAreAccepted) {
  for (const char* const kind :
       {"{constant: 2003.5}", "{uniform: [2000, 2010]}", "{normal: [2005, 2]}",
        "{truncated_normal: {mean: 2005, sd: 3, min: 2000, max: 2010}}", "{poisson: 5, plus: 2000}",
        "{linear: {intercept: 2000, terms: {age: 0.1}}}",
        "{constant: 2010, when: {male: true}, otherwise: 2002}"}) {
    const ProcessResult found =
        answer("check", {.attribute = "    diagnosed_on: " + std::string(kind) + "\n"});
    EXPECT_EQ(found.exit_code, 0) << kind << "\n" << found.err;
    EXPECT_EQ(found.err, "") << kind;
  }
}

TEST(Calendar, WithoutOneATableByYearIsAWarning) {
  const ProcessResult found = answer("check", {});
  EXPECT_EQ(found.exit_code, 0);
  EXPECT_EQ(
      found.err,
      R"(study.yaml:13:28: warning: the life table has years, but no patient has a calendar time: everybody dies by the rates of its latest year, 2010
   13 |       hazard: {life_table: table.csv}
      |                            ^~~~~~~~~
   hint: write diagnosed_on: 2019.5 in the study, or declare the attribute 'diagnosed_on'
)");
  EXPECT_EQ(answer("check", {}, "sex,age_from,rate\nmale,0,0.01\nfemale,0,0.02\n").err, "");
  EXPECT_EQ(answer("check", {}, "year,age_from,rate\n2000,0,0.01\n2000,50,0.02\n").err, "");
}

TEST(Calendar, ModelAloneWaitsForTheWordOfAStudy) {
  const TempFolder folder;
  static_cast<void>(folder.write("table.csv", by_year));
  const std::string whole = study({});
  // The model of the study, two blanks less deep.
  std::string model;
  const std::string inner =
      whole.substr(whole.find("  model: m"), whole.find("strategies:") - whole.find("  model: m"));
  for (std::size_t at = 0; at < inner.size();) {
    const std::size_t end = inner.find('\n', at) + 1;
    model += inner.substr(at + 2, end - at - 2);
    at = end;
  }
  static_cast<void>(folder.write("model.yaml", model));
  const ProcessResult found = npcsim(folder, {"check", "model.yaml"});
  EXPECT_EQ(found.exit_code, 0) << found.err;
  EXPECT_EQ(found.err, "");
}

TEST(Calendar, YearsOfALifeTableAreChecked) {
  const ProcessResult found = answer("check", {},
                                     "year,age_from,rate\n2000.5,0,0.01\n2001,0,0.01\n,0,0.01\n"
                                     "20105,0,0.01\n");
  EXPECT_EQ(found.exit_code, 65);
  for (const char* const message :
       {"row 1 of the life table: year must be a calendar year such as 2010, found '2000.5'",
        "row 3 of the life table: year must be a calendar year such as 2010, found ''",
        "row 4 of the life table: year must be a calendar year such as 2010, found '20105'",
        "3 errors, nothing was run"}) {
    EXPECT_NE(found.err.find(message), std::string::npos) << message << "\n" << found.err;
  }
}

TEST(Calendar, WrittenStudyGivesTheSameDigest) {
  for (const Said& said : {Said{.study = "diagnosed_on: 2003.25\n"},
                           Said{.attribute = "    diagnosed_on: {uniform: [1995, 2012]}\n"},
                           Said{.attribute = "    diagnosed_on: {uniform: [1995, 2012]}\n",
                           .study = "diagnosed_on: 2003.25\n"},
                           Said{.model = "  diagnosed_on: year\n",
                           .attribute = "    year: {uniform: [1995, 2012]}\n"}}) {
    const TempFolder folder;
    static_cast<void>(folder.write("table.csv", by_year));
    static_cast<void>(folder.write("study.yaml", study(said)));
    ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
    const ProcessResult again =
        npcsim(folder, {"run", "outputs/runs/small/study.yaml", "--quiet", "--out", "again"});
    ASSERT_EQ(again.exit_code, 0) << again.err;
    const std::string digest = npcsim(folder, {"digest", "outputs/runs/small"}).out;
    EXPECT_EQ(npcsim(folder, {"digest", "again"}).out, digest);
    EXPECT_EQ(read_text(folder / "again/summary.csv"),
              read_text(folder / "outputs/runs/small/summary.csv"));
    // Another year is another study with other results.
    if (said.study.empty()) continue;
    const ProcessResult other = npcsim(
        folder, {"run", "study.yaml", "--quiet", "--out", "other", "--set", "diagnosed_on=2011"});
    ASSERT_EQ(other.exit_code, 0) << other.err;
    EXPECT_NE(npcsim(folder, {"digest", "other"}).out, digest);
    EXPECT_NE(read_text(folder / "other/summary.csv"), read_text(folder / "again/summary.csv"));
  }
}

TEST(Calendar, IsToldAndExplained) {
  const ProcessResult told = answer("describe", {.study = "diagnosed_on: 2003.25\n"});
  EXPECT_NE(told.out.find("for 600 months. All are diagnosed in 2003.25. Each\n"),
            std::string::npos)
      << told.out;
  const TempFolder folder;
  const std::string explained = npcsim(folder, {"explain", "diagnosed_on"}).out;
  for (const char* const part : {"stands in  a model document", "stands in  a study document",
                                 "stands in  an emulation document", "range      from 1900 to 2200",
                                 "default    diagnosed_on"}) {
    EXPECT_NE(explained.find(part), std::string::npos) << part << "\n" << explained;
  }
}

}  // namespace
}  // namespace npcsim::testing

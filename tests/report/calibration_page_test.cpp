#include "demo_pages.hpp"
#include <npcsim/report/detail/json_value.hpp>
#include <npcsim/report/detail/plain_page.hpp>

#include <cmath>
#include <stdexcept>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using detail::JsonValue;

JsonValue json_of(const CalibrationPageData& data) {
  return detail::parse_json(calibration_page_json(data));
}

TEST(CalibrationPage, RefusesDataWithoutATitle) {
  EXPECT_THROW(static_cast<void>(calibration_page({})), std::invalid_argument);
}

TEST(CalibrationPage, WritesTheFiveQuantilesOfEachParameter) {
  CalibrationPageData data;
  data.head.title = "x";
  data.parameters.resize(1);
  data.parameters[0].prior = {1, 2, 3, 4, 5};
  const JsonValue json = json_of(data);
  const JsonValue& prior = *json.find("parameters")->items.front().find("prior");
  ASSERT_EQ(prior.items.size(), 5U);
  EXPECT_EQ(prior.items.front().text, "1");
  EXPECT_EQ(prior.items.back().text, "5");
}

TEST(CalibrationPage, RoundsDrawsToFiveDigitsAndKeepsTheUnknownAsNull) {
  CalibrationPageData data;
  data.head.title = "x";
  data.draws = {{"a"}, {{0.1234567, std::nan("")}}};
  const JsonValue json = json_of(data);
  const JsonValue& column = json.find("draws")->find("values")->items.front();
  EXPECT_EQ(column.items[0].text, "0.12346");
  EXPECT_EQ(column.items[1].kind, JsonValue::Kind::null);
}

TEST(CalibrationPage, TextsCannotEndTheScriptThatHoldsThem) {
  CalibrationPageData data;
  data.head.title = "x";
  data.diagnostics = {{"</script><script>alert(1)</script>", {}, "", true, ""}};
  EXPECT_EQ(calibration_page(data).find("<script>alert"), std::string::npos);
}

TEST(CalibrationPage, WithoutFiguresTheNumbersAreTables) {
  const std::string body = detail::plain_body(json_of(demo_calibration()));
  for (const char* const part : {"Checks of the calculation", "Pareto k", "tau_death",
                                 "log_hr_of_invented_thing_24", "<td>invented_2019</td>"}) {
    EXPECT_NE(body.find(part), std::string::npos) << part;
  }
  // Quantiles stand in one cell.
  CalibrationPageData data;
  data.head.title = "x";
  data.parameters.resize(1);
  data.parameters[0].prior = {1, 2, 3, 4, 5};
  EXPECT_NE(detail::plain_body(json_of(data)).find("<td>1, 2, 3, 4, 5</td>"), std::string::npos);
}

}  // namespace
}  // namespace npcsim

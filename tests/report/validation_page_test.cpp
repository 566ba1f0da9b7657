#include "demo_pages.hpp"
#include <npcsim/report/detail/json_value.hpp>
#include <npcsim/report/detail/plain_page.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

using detail::JsonValue;

JsonValue json_of(const ValidationPageData& data) {
  return detail::parse_json(validation_page_json(data));
}

ValidationPageData page_with(PageFigure figure) {
  ValidationPageData data;
  data.head.title = "x";
  data.figures = {std::move(figure)};
  return data;
}

TEST(ValidationPage, RefusesDataWithoutATitle) {
  EXPECT_THROW(static_cast<void>(validation_page({})), std::invalid_argument);
}

TEST(ValidationPage, WritesEveryFigure) {
  const ValidationPageData data = demo_validation();
  const JsonValue json = json_of(data);
  ASSERT_NE(json.find("figures"), nullptr);
  ASSERT_EQ(json.find("figures")->items.size(), data.figures.size());
  EXPECT_EQ(json.find("figures")->items.back().text_of("id"), data.figures.back().id);
}

TEST(ValidationPage, NumbersThatAreNotFiniteAreNull) {
  PageFigure figure;
  figure.published.value = std::nan("");
  figure.predicted.estimate.value = std::nan("");
  const JsonValue json = json_of(page_with(figure));
  const JsonValue& row = json.find("figures")->items.front();
  EXPECT_EQ(row.find("predicted")->find("value")->kind, JsonValue::Kind::null);
  EXPECT_EQ(row.find("published")->find("value")->kind, JsonValue::Kind::null);
}

// A median that is not reached is not one that is unknown.
TEST(ValidationPage, InfiniteEndsOfAPredictionSayOnWhichSide) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  PageFigure figure;
  figure.predicted = {{infinity, -infinity, infinity}, -infinity, infinity};
  const JsonValue json = json_of(page_with(figure));
  const JsonValue* predicted = json.find("figures")->items.front().find("predicted");
  for (const char* const end : {"value", "hi", "hi50"}) EXPECT_EQ(predicted->text_of(end), "inf");
  for (const char* const end : {"lo", "lo50"}) EXPECT_EQ(predicted->text_of(end), "-inf");
}

TEST(ValidationPage, AFigureThatIsNotSimulatedHasNoPrediction) {
  PageFigure figure;
  figure.use = PageUse::not_simulated;
  const JsonValue json = json_of(page_with(figure));
  const JsonValue& row = json.find("figures")->items.front();
  EXPECT_EQ(row.text_of("use"), "not simulated");
  EXPECT_EQ(row.find("predicted"), nullptr);
  EXPECT_EQ(row.find("inside95"), nullptr);
}

TEST(ValidationPage, WhatThePosteriorHasNotSeenIsJudged) {
  PageFigure figure;
  figure.use = PageUse::not_seen;
  figure.inside95 = true;
  const JsonValue json = json_of(page_with(figure));
  const JsonValue& row = json.find("figures")->items.front();
  EXPECT_EQ(row.text_of("use"), "not seen");
  EXPECT_NE(row.find("inside95"), nullptr);
}

TEST(ValidationPage, WhatIsNotPublishedYetIsNeitherInsideNorOutside) {
  PageFigure figure;
  figure.use = PageUse::not_yet;
  figure.inside95 = true;
  figure.predicted.estimate.value = 0.5;
  const JsonValue json = json_of(page_with(figure));
  const JsonValue& row = json.find("figures")->items.front();
  EXPECT_EQ(row.text_of("use"), "not published yet");
  EXPECT_NE(row.find("predicted"), nullptr);
  EXPECT_EQ(row.find("inside95"), nullptr);
}

TEST(ValidationPage, SaysWhatAPredictionRestsOn) {
  PageFigure figure;
  figure.rests_on_prior_only = "a b";
  ValidationPageData data = page_with(figure);
  data.footings = {{"a", "meaning", true, std::nullopt, "", 1}};
  const JsonValue json = json_of(data);
  const JsonValue& row = json.find("figures")->items.front();
  EXPECT_EQ(row.text_of("prior_only"), "a b");
  EXPECT_EQ(row.find("weak"), nullptr);
  const JsonValue& footing = json.find("footings")->items.front();
  EXPECT_EQ(footing.text_of("parameter"), "a");
  EXPECT_EQ(footing.find("sd_ratio")->kind, JsonValue::Kind::null);
}

TEST(ValidationPage, LeavesOutAnalysesWithoutAValue) {
  ValidationPageData data;
  data.head.title = "x";
  PageBiasRow row;
  row.published.value = 0.5;
  row.weighted.value = std::nan("");
  row.truth.value = 0.8;
  data.bias = {{"group", "sentence", {row}}};
  const JsonValue json = json_of(data);
  const JsonValue& analyses =
      *json.find("bias")->items.front().find("rows")->items.front().find("analyses");
  ASSERT_EQ(analyses.items.size(), 2U);
  EXPECT_EQ(analyses.items[0].text_of("analysis"), "published");
  EXPECT_EQ(analyses.items[1].text_of("analysis"), "truth");
}

TEST(ValidationPage, TextsCannotEndTheScriptThatHoldsThem) {
  PageFigure figure;
  figure.study = "</script><script>alert(1)</script>";
  const std::string page = validation_page(page_with(figure));
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
}

TEST(ValidationPage, WithoutFiguresTheNumbersAreTables) {
  const std::string body = detail::plain_body(json_of(demo_validation()));
  for (const char* const part :
       {"Published and predicted", "special_missing", "Ablation, invented_2010, OS, B v A",
        "Structural scenarios", "without_effect", "&lt;i&gt;Notes are text.&lt;/i&gt;"}) {
    EXPECT_NE(body.find(part), std::string::npos) << part;
  }
}

}  // namespace
}  // namespace npcsim

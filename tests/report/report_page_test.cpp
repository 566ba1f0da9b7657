#include <npcsim/report/detail/json_value.hpp>
#include <npcsim/report/detail/plain_page.hpp>
#include <npcsim/report/report_page.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}

const std::string small =
    R"({"title":"A & B","disclaimer":"Only a model","tables":[{"id":"t","title":"Medians",
  "columns":[{"key":"m","label":"Median","unit":"months"}],
  "rows":[{"m":{"value":9.61,"se":0.03}}]}]})";

TEST(ReportPage, IsOneDocumentWithTheTitleAsText) {
  const std::string page = report_page(small);
  EXPECT_EQ(page.rfind("<!doctype html>", 0), 0U);
  EXPECT_NE(page.find("<title>A &amp; B</title>"), std::string::npos);
  EXPECT_EQ(count_of(page, "</html>"), 1U);
}

TEST(ReportPage, NamesNothingToLoad) {
  const std::string page = report_page(small);
  for (const char* loading : {"<link", "<img", "<iframe", " src=", "@import", "@font-face"}) {
    EXPECT_EQ(count_of(page, loading), 0U) << loading;
  }
}

TEST(ReportPage, ForbidsEveryRequestAndForeignScripts) {
  const std::string page = report_page(small);
  const auto start = page.find("Content-Security-Policy");
  ASSERT_NE(start, std::string::npos);
  const std::string policy = page.substr(start, page.find('>', start) - start);
  EXPECT_NE(policy.find("default-src &#39;none&#39;"), std::string::npos);
  EXPECT_EQ(policy.find("http"), std::string::npos);
  EXPECT_EQ(policy.find("unsafe-eval"), std::string::npos);
  EXPECT_EQ(policy.find("script-src &#39;unsafe-inline"), std::string::npos);
}

TEST(ReportPage, HostileDataAddNoElement) {
  const std::string hostile =
      R"({"title":"x</title><script>alert(1)</script>",
          "notes":["</script><script>alert(2)</script><!--"]})";
  const std::string calm = R"({"title":"x","notes":["y"]})";
  EXPECT_EQ(count_of(report_page(hostile), "<script"), count_of(report_page(calm), "<script"));
  EXPECT_EQ(count_of(report_page(hostile), "</script"), count_of(report_page(calm), "</script"));
  EXPECT_EQ(count_of(report_page(hostile), "<!--"), 0U);
}

TEST(ReportPage, SaysThatItIsNotMedicalAdvice) {
  EXPECT_NE(report_page(R"({"title":"x"})").find("Not medical advice"), std::string::npos);
}

TEST(PlainPage, ShowsTheTablesWithUnitsAndErrors) {
  const std::string body = detail::plain_body(detail::parse_json(small));
  EXPECT_NE(body.find("<td>9.61 ± 0.03</td>"), std::string::npos);
  EXPECT_NE(body.find("Median (months)"), std::string::npos);
  EXPECT_NE(body.find("Only a model"), std::string::npos);
}

TEST(PlainPage, ShowsRecordsOfFiguresAndADashForWhatIsNotKnown) {
  const std::string body = detail::plain_body(detail::parse_json(
      R"({"title":"x","survival":[{"endpoint":"PFS","curves":[{"strategy":"a","months":[0]}],
          "medians":[{"strategy":"a <b>","value":null}]}],
          "benefit":{"endpoint":"OS","by_factor":[{"level":"no","n":7}]}})"));
  EXPECT_NE(body.find("PFS: medians"), std::string::npos);
  EXPECT_NE(body.find("<td>a &lt;b&gt;</td><td>–</td>"), std::string::npos);
  EXPECT_NE(body.find("OS: mean gain by group"), std::string::npos);
  EXPECT_NE(body.find("<td>no</td><td>7</td>"), std::string::npos);
}

TEST(PlainPage, ShowsTheNoteOfATableAboveIt) {
  const std::string body = detail::plain_body(detail::parse_json(
      R"({"title":"x","tables":[{"id":"t","title":"Medians","note":"Intervals < 95 %",
          "columns":[{"key":"m","label":"Median"}],"rows":[{"m":9}]}]})"));
  EXPECT_NE(body.find("<h3>Medians</h3>\n<p class=\"soft\">Intervals &lt; 95 %</p>\n<table>"),
            std::string::npos);
}

TEST(ReportPage, CodeAndStyleStayBelow600Kilobytes) {
  EXPECT_LT(report_page(R"({"title":"x"})").size(), 600000U);
}

TEST(ReportPage, RefusesDataWithoutATitle) {
  EXPECT_THROW(static_cast<void>(report_page("{}")), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(report_page(R"({"title":7})")), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(report_page(R"(["title"])")), std::invalid_argument);
  EXPECT_THROW(static_cast<void>(report_page("{\"title\":\"x\"")), std::invalid_argument);
}

}  // namespace
}  // namespace npcsim

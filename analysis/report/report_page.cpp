#include <npcsim/report/detail/assets.hpp>
#include <npcsim/report/detail/json_value.hpp>
#include <npcsim/report/detail/plain_page.hpp>
#include <npcsim/report/html_text.hpp>
#include <npcsim/report/report_page.hpp>

#include <stdexcept>

namespace npcsim {
namespace {

/// Nothing may be loaded or sent; the only code that runs is the bundle with this digest. Figures
/// carry their own style elements, and PNG downloads pass through an image.
std::string policy() {
  std::string text =
      "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data: blob:; "
      "style-src 'unsafe-inline'";
  if (report_has_figures())
    text += "; script-src 'sha256-" + std::string(detail::page_script_digest()) + "'";
  return text;
}

}  // namespace

bool report_has_figures() noexcept { return !detail::page_script().empty(); }

std::string report_page(std::string_view json) {
  const detail::JsonValue data = detail::parse_json(json);
  if (data.kind != detail::JsonValue::Kind::object || data.text_of("title").empty()) {
    throw std::invalid_argument("report data must be a JSON object with a \"title\"");
  }
  std::string page;
  page.reserve(json.size() + detail::page_script().size() + detail::page_style().size() + 16384);
  page +=
      "<!doctype html>\n<html lang=\"en\" data-theme=\"light\">\n<head>\n<meta "
      "charset=\"utf-8\">\n";
  page += "<meta http-equiv=\"Content-Security-Policy\" content=\"" + html_text(policy()) + "\">\n";
  page += "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n";
  page +=
      "<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" "
      "content=\"npcsim\">\n";
  page += "<title>" + html_text(data.text_of("title")) + "</title>\n<style>\n";
  page += detail::figures_style();
  page += detail::page_style();
  page += "</style>\n</head>\n<body>\n";
  if (report_has_figures()) {
    page +=
        "<noscript><p class=\"banner\">The figures of this page need JavaScript. Nothing is loaded "
        "from elsewhere";
    if (data.find("page") == nullptr)
      page += "; the numbers are also in summary.csv next to this file";
    page += ".</p></noscript>\n";
    page += "<script type=\"application/json\" id=\"report-data\">";
    page += script_json(json);
    page += "</script>\n<script>";
    page += detail::page_script();
    page += "</script>\n";
  } else {
    page += detail::plain_body(data);
  }
  page += "</body>\n</html>\n";
  return page;
}

}  // namespace npcsim

#include <npcsim/report/html_text.hpp>
#include <npcsim/report/small_page.hpp>

namespace npcsim {

std::string small_page(const SmallPage& page) {
  std::string out =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>";
  out += html_text(page.title);
  out +=
      "</title>\n<style>\n"
      ":root{color-scheme:light dark;--ink:#222;--soft:#555;--line:#ddd;--ground:#fff;"
      "--bad:#b00020;--warn:#fff4d6}\n"
      "@media (prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#aab2bb;--line:#3a424c;"
      "--ground:#15181c;--bad:#ff8a80;--warn:#3d3110}}\n"
      "@media print{:root{--ink:#222;--soft:#555;--line:#ddd;--ground:#fff;--bad:#b00020;"
      "--warn:#fff4d6}}\n"
      "body{font:16px/1.5 system-ui,sans-serif;max-width:800px;margin:0 auto;padding:1em;"
      "color:var(--ink);background:var(--ground)}\n"
      ".caution{background:var(--warn);padding:.6em .9em}\n"
      "svg{max-width:100%;height:auto}figure{margin:2em 0;break-inside:avoid}"
      "figcaption{font-weight:600}\n"
      ".scroll{overflow-x:auto}table{border-collapse:collapse}\n"
      "td,th{padding:.2em .7em;text-align:right;border-bottom:1px solid var(--line)}\n"
      ".key span{margin-right:1em;white-space:nowrap}.key svg{vertical-align:middle;"
      "margin-right:.4em}\n"
      "pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:.85em}\n";
  out += page.style;
  out += "</style></head><body>\n<h1>" + html_text(page.title) + "</h1>\n";
  out += "<p class=\"caution\"><strong>For research and teaching. Not medical advice.</strong>";
  if (!page.caution.empty()) out += " " + html_text(page.caution);
  out += "</p>\n";
  out += page.body;
  return out + "</body></html>\n";
}

}  // namespace npcsim

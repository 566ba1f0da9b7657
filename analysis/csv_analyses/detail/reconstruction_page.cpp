// The diagnostic page of npcsim reconstruct: clicks over the curve of the records, tables compared.
#include <npcsim/csv_analyses/detail/nice_step.hpp>
#include <npcsim/csv_analyses/detail/published_files.hpp>
#include <npcsim/report/html_text.hpp>
#include <npcsim/report/small_page.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim::detail {
namespace {

constexpr double width = 760, height = 420, left = 72, above = 14, below = 44, beside = 16;
constexpr std::array<const char*, 2> colours{"#0072b2", "#d55e00"};

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

// Places in the figure.
struct Frame {
  double end;
  double x(double time) const { return left + (width - left - beside) * time / end; }
  double y(double survival) const {
    return above + (height - above - below) * (1 - std::clamp(survival, 0.0, 1.02));
  }
};

std::string text_at(double x, double y, const char* anchor, const std::string& words) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + anchor + "\">" +
         html_text(words) + "</text>\n";
}

// Names an axis that runs upwards.
std::string text_upwards(double x, double y, const std::string& words) {
  return "<text transform=\"translate(" + number(x) + " " + number(y) +
         ") rotate(-90)\" text-anchor=\"middle\">" + html_text(words) + "</text>\n";
}

// Where patients at risk were counted, as the published axis has it; else even steps.
std::vector<double> ticks(const Frame& frame, const std::vector<PageArm>& arms) {
  std::vector<double> times;
  for (const PageArm& arm : arms) {
    for (const AtRiskCheck& row : arm.agreement->at_risk) {
      if (row.time <= frame.end) times.push_back(row.time);
    }
  }
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  if (times.size() > 2 && times.size() <= 14) return times;
  times.clear();
  const double step = nice_step(frame.end);
  for (double time = 0; time <= frame.end * 1.0001; time += step) times.push_back(time);
  return times;
}

std::string axes(const Frame& frame, const std::vector<PageArm>& arms) {
  std::string svg;
  for (int k = 0; k <= 5; ++k) {
    const double y = frame.y(0.2 * k);
    svg += "<line class=\"grid\" x1=\"" + number(left) + "\" x2=\"" + number(width - beside) +
           "\" y1=\"" + number(y) + "\" y2=\"" + number(y) + "\"/>\n";
    svg += text_at(left - 8, y + 4, "end", figure(0.2 * k, 2));
  }
  for (const double time : ticks(frame, arms)) {
    svg += text_at(frame.x(time), height - below + 20, "middle", figure(time, 4));
  }
  svg += text_at((left + width - beside) / 2, height - 6, "middle", "time, as published");
  svg += text_upwards(18, (above + height - below) / 2, "survival");
  return svg;
}

// Clicks of the second arm are squares: curves of two arms often cross.
std::string click_mark(double x, double y, bool square, const std::string& colour) {
  const std::string rest = " class=\"click\" stroke=\"" + colour + "\"/>\n";
  if (square) {
    return "<rect x=\"" + number(x - 2.2) + "\" y=\"" + number(y - 2.2) +
           "\" width=\"4.4\" height=\"4.4\"" + rest;
  }
  return "<circle cx=\"" + number(x) + "\" cy=\"" + number(y) + "\" r=\"2.4\"" + rest;
}

std::string arm_marks(const Frame& frame, const PageArm& arm, bool square, const char* colour) {
  std::string svg;
  for (const Click& click : arm.published->clicks) {
    svg += click_mark(frame.x(click.time), frame.y(click.survival), square, colour);
  }
  const RecordCurve curve(*arm.records);
  std::string path = "M" + number(frame.x(0)) + " " + number(frame.y(1));
  for (const RecordCurve::Drop& drop : curve.drops()) {
    path += "H" + number(frame.x(drop.time)) + "V" + number(frame.y(drop.survival));
  }
  const double last = arm.records->empty() ? 0 : arm.records->back().time;
  svg += "<path fill=\"none\" stroke-width=\"1.6\" stroke=\"" + std::string(colour) + "\" d=\"" +
         path + "H" + number(frame.x(last)) + "\"/>\n";
  for (const PatientRecord& record : *arm.records) {
    if (record.event) continue;
    const double y = frame.y(curve.survival(record.time));
    const std::string x = number(frame.x(record.time));
    svg += "<line x1=\"" + x + "\" x2=\"" + x + "\" y1=\"" + number(y - 4) + "\" y2=\"" +
           number(y) + "\" stroke=\"" + colour + "\" stroke-width=\"0.7\"/>\n";
  }
  return svg;
}

// Which colour is which arm; nothing where there is one.
std::string legend(std::size_t arms) {
  if (arms < 2) return {};
  std::string html = "<p class=\"key\">";
  for (std::size_t k = 0; k < arms; ++k) {
    const std::string colour = colours[k % colours.size()];
    html +=
        "<span><svg width=\"34\" height=\"8\" aria-hidden=\"true\"><path d=\"M0 4H34\" "
        "stroke-width=\"2\" stroke=\"" +
        colour + "\"/>" + click_mark(17, 4, k % 2 == 1, colour) + "</svg>arm " +
        std::to_string(k + 1) + "</span> ";
  }
  return html + "</p>\n";
}

std::string arm_table(const PageArm& arm, std::size_t index, bool several) {
  const Agreement& agreement = *arm.agreement;
  std::string html;
  if (several) html += "<h2>Arm " + std::to_string(index + 1) + "</h2>\n";
  html += "<p>" + std::to_string(arm.records->size()) + " patients, " +
          std::to_string(agreement.events) + " events, median " +
          (agreement.median ? figure(*agreement.median, 5) : std::string("not reached")) +
          ". Clicks: root mean square error " + figure(agreement.rmse, 3) + ", largest " +
          figure(agreement.largest_error, 3) + " at " + figure(agreement.largest_at, 4) + ".</p>\n";
  html +=
      "<div class=\"scroll\"><table><tr><th>time</th><th>published at "
      "risk</th><th>reconstructed</th></tr>\n";
  for (const AtRiskCheck& row : agreement.at_risk) {
    const char* css = row.published == row.reconstructed ? "" : " class=\"off\"";
    html += "<tr" + std::string(css) + "><td>" + figure(row.time, 6) + "</td><td>" +
            std::to_string(row.published) + "</td><td>" + std::to_string(row.reconstructed) +
            "</td></tr>\n";
  }
  html += "</table></div>\n";
  for (const std::string& words : agreement.violations) {
    html += "<p class=\"off\">" + html_text(words) + "</p>\n";
  }
  if (!arm.missed.empty()) html += "<p class=\"off\">" + html_text(arm.missed) + "</p>\n";
  return html;
}

}  // namespace

std::string reconstruction_page(const std::vector<PageArm>& arms, const std::string& ratio) {
  double end = 0;
  for (const PageArm& arm : arms) {
    for (const Click& click : arm.published->clicks) end = std::max(end, click.time);
    if (!arm.records->empty()) end = std::max(end, arm.records->back().time);
  }
  const Frame frame{end * 1.02};
  std::string html =
      "<p>Circles and squares: clicks on the published figure. Line: Kaplan-Meier curve of the "
      "records; small marks: their censored times.</p>\n";
  html +=
      "<svg viewBox=\"0 0 760 420\" role=\"img\" aria-label=\"clicks and reconstructed "
      "curve\">\n" +
      axes(frame, arms);
  for (std::size_t k = 0; k < arms.size(); ++k) {
    html += arm_marks(frame, arms[k], k % 2 == 1, colours[k % colours.size()]);
  }
  html += "</svg>\n" + legend(arms.size());
  if (!ratio.empty()) html += "<p>Of the records: " + html_text(ratio) + ".</p>\n";
  for (std::size_t k = 0; k < arms.size(); ++k) html += arm_table(arms[k], k, arms.size() > 1);
  return small_page({"Individual records from a published curve",
                     "The records are made so that they give the published curve and numbers at "
                     "risk. They are not those of real patients.",
                     "svg text{font-size:13px;fill:var(--soft)}.grid{stroke:var(--line)}"
                     ".click{fill:none;stroke-width:.8;opacity:.8}.off{color:var(--bad)}\n",
                     html});
}

}  // namespace npcsim::detail

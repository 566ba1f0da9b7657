// The page of npcsim fit: what the models say within the data and beyond them.
#include <npcsim/csv_analyses/detail/fit_files.hpp>
#include <npcsim/csv_analyses/detail/nice_step.hpp>
#include <npcsim/report/html_text.hpp>
#include <npcsim/report/small_page.hpp>
#include <npcsim/survival/sorted_records.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>

namespace npcsim::detail {
namespace {

struct Line {
  std::string name;
  std::string colour;
  std::vector<double> time;
  std::vector<double> value;
  bool steps = false;
  std::string dashes = {};
};

constexpr std::array<const char*, 8> colours{"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                             "#e69f00", "#56b4e9", "#7a5195", "#8c564b"};
// Patterns of dashes: models that lie on each other can be told apart where one shines through.
constexpr std::array<const char*, 5> dashes{"", "10 4", "3 4", "12 4 3 4", "6 3"};
constexpr const char* data_colour = "var(--ink)";
constexpr const char* background_colour = "#999";
constexpr const char* average_colour = "var(--soft)";
constexpr const char* average_dashes = "7 5";

std::string dash_attribute(const Line& line) {
  return line.dashes.empty() ? std::string() : " stroke-dasharray=\"" + line.dashes + "\"";
}

// A share in a table: next to nothing is not worth an exponent.
std::string share(double value) {
  if (value > 0 && value < 0.0005) return "< 0.001";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", value);
  return text.data();
}

std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string tick(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.4g", value);
  return text.data();
}

// What the axes are called.
struct Axes {
  std::string across;
  std::string upwards;
};

// Lines over time in a frame with ticks. The Kaplan-Meier curve is black; a vertical line marks the
// end of the data.
std::string chart(const std::string& title, const Axes& axes, const std::vector<Line>& lines,
                  double end_of_data, double right, double top) {
  constexpr double width = 720, height = 380, left = 78, above = 16, below = 44, beside = 16;
  const double across = width - left - beside;
  const double down = height - above - below;
  const auto x = [&](double t) { return left + across * t / right; };
  // What rises above the frame is cut off there, not drawn along its edge.
  const auto y = [&](double v) { return above + down * (1.0 - std::min(v / top, 50.0)); };
  std::string svg = "<figure><figcaption>" + html_text(title) +
                    "</figcaption><svg viewBox=\"0 0 720 380\" role=\"img\" aria-label=\"" +
                    html_text(title) + "\">\n<clipPath id=\"frame\"><rect x=\"" + number(left) +
                    "\" y=\"" + number(above - 4) + "\" width=\"" + number(across) +
                    "\" height=\"" + number(down + 8) + "\"/></clipPath>\n";
  const auto segment = [&svg](double x1, double y1, double x2, double y2, const char* css) {
    svg += "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) +
           "\" y2=\"" + number(y2) + "\" class=\"" + css + "\"/>\n";
  };
  const auto label = [&svg](double at_x, double at_y, const char* anchor, const std::string& text) {
    svg += "<text x=\"" + number(at_x) + "\" y=\"" + number(at_y) + "\" text-anchor=\"" + anchor +
           "\">" + html_text(text) + "</text>\n";
  };
  for (double t = 0; t <= right * 1.0001; t += nice_step(right)) {
    segment(x(t), above + down, x(t), above + down + 5, "axis");
    label(x(t), above + down + 19, "middle", tick(t));
  }
  for (double v = 0; v <= top * 1.0001; v += nice_step(top)) {
    segment(left, y(v), width - beside, y(v), "grid");
    label(left - 8, y(v) + 4, "end", tick(v));
  }
  segment(left, above + down, width - beside, above + down, "axis");
  if (end_of_data < right) segment(x(end_of_data), above, x(end_of_data), above + down, "end");
  label(left + across / 2, height - 6, "middle", axes.across);
  svg += "<text transform=\"translate(16 " + number(above + down / 2) +
         ") rotate(-90)\" text-anchor=\"middle\">" + html_text(axes.upwards) + "</text>\n";
  for (const Line& line : lines) {
    std::string path;
    for (std::size_t k = 0; k < line.time.size(); ++k) {
      if (!std::isfinite(line.value[k])) continue;
      if (line.steps && !path.empty()) path += "H" + number(x(line.time[k]));
      path += (path.empty() ? "M" : "L") + number(x(line.time[k])) + " " + number(y(line.value[k]));
    }
    svg += "<path d=\"" + path + "\" fill=\"none\" clip-path=\"url(#frame)\" stroke-width=\"2\"" +
           dash_attribute(line) + " stroke=\"" + line.colour + "\"><title>" + html_text(line.name) +
           "</title></path>\n";
  }
  svg += "</svg><p class=\"key\">";
  for (const Line& line : lines) {
    svg +=
        "<span><svg width=\"34\" height=\"6\" aria-hidden=\"true\"><path d=\"M0 3H34\" "
        "stroke-width=\"3\" stroke=\"" +
        line.colour + "\"" + dash_attribute(line) + "/></svg>" + html_text(line.name) + "</span> ";
  }
  return svg + "</p></figure>\n";
}

// Survival of the rows on average; at most 400 of them, evenly spaced, stand for all.
class Population {
 public:
  Population(const FitRun& run, const FittedModel& model)
      : baseline_(model.fit.baseline()),
        background_(run.background && run.request.transition.empty() ? &*run.background : nullptr),
        variance_(model.frailty ? model.frailty->variance.estimate : 0.0) {
    const Covariates& covariates = run.records[model.records].data.covariates;
    const std::size_t rows = run.records[model.records].rows();
    // Rows of single transitions are not those of the life table.
    const bool alike = covariates.count() == 0 && background_ == nullptr;
    const std::size_t step = alike ? rows : rows / 400 + 1;
    for (std::size_t row = 0; row < rows; row += step) {
      std::vector<double> values;
      for (const auto& column : covariates.columns) values.push_back(column[row]);
      parameters_.push_back(model.fit.natural_parameters(values));
      rows_.push_back(row);
    }
  }

  /// Of all causes if there is a background, and of the background alone.
  double survival(double t) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < rows_.size(); ++i) sum += own(i, t) * other(i, t);
    return sum / static_cast<double>(rows_.size());
  }
  double background_survival(double t) const {
    double sum = 0.0;
    for (std::size_t i = 0; i < rows_.size(); ++i) sum += other(i, t);
    return sum / static_cast<double>(rows_.size());
  }
  /// Of those still alive.
  double hazard(double t) const {
    double density = 0.0;
    double alive = 0.0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double s = own(i, t) * other(i, t);
      const double excess = own_hazard(i, t);
      const double rest = background_ == nullptr ? 0.0 : background_->hazard(rows_[i], t);
      if (s > 0.0) density += s * (excess + rest);
      alive += s;
    }
    return density / alive;
  }
  double background_hazard(double t) const {
    double density = 0.0;
    double alive = 0.0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double s = other(i, t);
      if (background_ != nullptr) density += s * background_->hazard(rows_[i], t);
      alive += s;
    }
    return density / alive;
  }

 private:
  // With a gamma frailty, of patients whose frailty is not known: S = (1 + theta H)^(-1 / theta).
  double own(std::size_t i, double t) const {
    const double h = cumulative_hazard(baseline_, parameters_[i].data(), t);
    return variance_ > 0.0 ? std::exp(-std::log1p(variance_ * h) / variance_) : std::exp(-h);
  }
  double own_hazard(std::size_t i, double t) const {
    const double given = npcsim::hazard(baseline_, parameters_[i].data(), t);
    return given / (1.0 + variance_ * cumulative_hazard(baseline_, parameters_[i].data(), t));
  }
  double other(std::size_t i, double t) const {
    return background_ == nullptr ? 1.0 : background_->survival(rows_[i], t);
  }

  Baseline baseline_;
  const BackgroundPopulation* background_;
  double variance_;  // of a frailty
  std::vector<std::vector<double>> parameters_;
  std::vector<std::size_t> rows_;
};

constexpr int points = 300;

Line line_of(const std::string& name, const std::string& colour, double to,
             const std::function<double(double)>& value) {
  Line line{name, colour, {}, {}, false};
  for (int i = 0; i <= points; ++i) {
    const double t = to * i / points;
    line.time.push_back(t);
    // The hazard may be infinite at 0 itself.
    line.value.push_back(value(i == 0 ? to * 1e-4 / points : t));
  }
  return line;
}

double area(const Line& line) {
  double sum = 0.0;
  for (std::size_t i = 1; i < line.time.size(); ++i) {
    sum += 0.5 * (line.time[i] - line.time[i - 1]) * (line.value[i] + line.value[i - 1]);
  }
  return sum;
}

// The models' curves weighted by AIC, after the models themselves.
void add_average(const FitRun& run, std::size_t set, std::vector<Line>& lines) {
  const std::size_t count = run.request.models.size();
  Line sum{"average by AIC weight", average_colour, {}, {}, false, average_dashes};
  std::size_t taken = 0;
  for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
    const FittedModel& model = run.models[m];
    for (const Line& line : lines) {
      if (!model.fit.converged || line.name != model.request.text) continue;
      if (sum.time.empty()) {
        sum.time = line.time;
        sum.value.assign(line.value.size(), 0.0);
      }
      for (std::size_t i = 0; i < line.value.size(); ++i) {
        sum.value[i] += model.aic_weight * line.value[i];
      }
      ++taken;
      break;
    }
  }
  if (taken > 1) lines.push_back(std::move(sum));
}

std::string page_of_set(const FitRun& run, std::size_t set) {
  const FitRecords& records = run.records[set];
  TimeToEvent times = records.data.records;
  double end = 0.0;
  for (const double t : times.time) end = std::max(end, t);
  if (!(end > 0.0)) end = 1.0;  // all at time 0: axes need a length
  const double horizon = run.request.horizon > 0 ? run.request.horizon : 2.0 * end;
  std::vector<Line> within;
  std::vector<Line> beyond;
  std::vector<Line> hazards;
  if (records.data.upper.empty()) {
    times.cluster = {};
    const SortedRecords sorted(times);
    for (const SurvivalCurve& curve : survival_curves(sorted)) {
      Line line{"Kaplan-Meier", data_colour, {0.0}, {1.0}, true};
      // Steps too small to be seen are left out: files may have a million times.
      for (std::size_t i = 0; i < curve.time.size(); ++i) {
        const bool last = i + 1 == curve.time.size();
        if (!last && line.value.back() - curve.survival[i] < 5e-4) continue;
        line.time.push_back(curve.time[i]);
        line.value.push_back(curve.survival[i]);
      }
      within.push_back(line);
      beyond.push_back(line);
    }
  }
  std::string notes;
  std::string table =
      "<div class=\"scroll\"><table><tr><th>model</th><th>AIC</th><th>AIC weight</th><th>survival "
      "at " +
      figure(end, 4) + "</th><th>survival at " + figure(horizon, 4) + "</th><th>mean up to " +
      figure(horizon, 4) + "</th><th>of it beyond the data</th></tr>\n";
  const std::size_t count = run.request.models.size();
  const FittedModel* last_converged = nullptr;
  for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
    const FittedModel& model = run.models[m];
    const std::string name = model.request.text;
    if (!model.fit.converged) {
      notes += "<li>" + html_text(name + " has not converged: " + model.problem) + "</li>\n";
      continue;
    }
    const Population population(run, model);
    const auto survival = [&population](double t) { return population.survival(t); };
    const auto hazard = [&population](double t) { return population.hazard(t); };
    const std::string colour = colours[(m - set * count) % colours.size()];
    within.push_back(line_of(name, colour, end, survival));
    beyond.push_back(line_of(name, colour, horizon, survival));
    hazards.push_back(line_of(name, colour, horizon, hazard));
    for (std::vector<Line>* lines : {&within, &beyond, &hazards})
      lines->back().dashes = dashes[(m - set * count) % dashes.size()];
    const double mean = area(beyond.back());
    const double later = mean - area(within.back());
    table += "<tr><td>" + html_text(name) + "</td><td>" + number(model.fit.aic) + "</td><td>" +
             share(model.aic_weight) + "</td><td>" + share(survival(end)) + "</td><td>" +
             share(survival(horizon)) + "</td><td>" + figure(mean, 4) + "</td><td>" +
             figure(100.0 * later / mean, 3) + " %</td></tr>\n";
    const auto note = [&](const std::string& text) {
      notes += "<li>" + html_text(name + ": " + text) + "</li>\n";
    };
    if (later > 0.5 * mean)
      note("more than half of the mean up to the horizon lies beyond the data");
    if (hazard(horizon) < 0.1 * hazard(end)) {
      note("the hazard at the horizon is below a tenth of that at the end of the data");
    }
    if (hazard(horizon) > 10.0 * hazard(end)) {
      note("the hazard at the horizon is more than ten times that at the end of the data");
    }
    if (survival(horizon) > 0.05 && model.fit.cure != Cure::none) {
      note("the cured fraction decides what happens beyond the data");
    }
    if (run.background && run.request.transition.empty()) {
      if (population.hazard(horizon) < 1.05 * population.background_hazard(horizon)) {
        note("at the horizon the hazard is that of the background population: no excess is left");
      }
    }
    last_converged = &model;
  }
  if (last_converged != nullptr && run.background && run.request.transition.empty()) {
    const Population population(run, *last_converged);  // the same rows for every model
    beyond.push_back(line_of("background population", background_colour, horizon,
                             [&](double t) { return population.background_survival(t); }));
    hazards.push_back(line_of("background population", background_colour, horizon,
                              [&](double t) { return population.background_hazard(t); }));
  }
  add_average(run, set, beyond);
  // Some hazards grow beyond all bounds: the picture is for those of the data, times two.
  double top = 0.0;
  for (const Line& line : hazards) {
    std::vector<double> sorted;
    for (std::size_t i = 0; i < line.value.size() && line.time[i] <= end; ++i) {
      if (std::isfinite(line.value[i])) sorted.push_back(line.value[i]);
    }
    std::sort(sorted.begin(), sorted.end());
    if (!sorted.empty()) top = std::max(top, 2.0 * sorted[sorted.size() * 95 / 100]);
  }
  const std::string& unit = run.request.time_unit;  // days, months, years
  const std::string time = unit.empty() ? "time" : "time, " + unit;
  const Axes survival_axes{time, "survival"};
  const Axes hazard_axes{time, unit.empty() ? "hazard per unit of time"
                                            : "hazard per " + unit.substr(0, unit.size() - 1)};
  std::string out;
  if (!records.transition.empty()) out += "<h2>" + html_text(records.transition) + "</h2>\n";
  out += table + "</table></div>\n";
  if (!notes.empty()) out += "<h3>Beware</h3>\n<ul>\n" + notes + "</ul>\n";
  out += chart("Survival within the data", survival_axes, within, end, end, 1.0);
  out += chart("Survival up to the horizon; the line marks the end of the data", survival_axes,
               beyond, end, horizon, 1.0);
  if (top > 0.0) out += chart("Hazard", hazard_axes, hazards, end, horizon, top);
  return out;
}

}  // namespace

std::string fit_page(const FitRun& run, const FitOrigin& origin) {
  std::string out =
      "<p>" + html_text(origin.data) + " (XXH64 " + html_text(origin.digest) + "), npcsim " +
      html_text(origin.version) + ". Curves are means over the rows of the data" +
      (run.request.subject.empty() ? "" : ", as if their covariates held from time 0") + ".</p>\n";
  for (std::size_t set = 0; set < run.records.size(); ++set) out += page_of_set(run, set);
  if (!run.warnings.empty()) {
    out += "<h3>Warnings</h3>\n<ul>\n";
    for (const std::string& text : run.warnings) out += "<li>" + html_text(text) + "</li>\n";
    out += "</ul>\n";
  }
  return small_page(
      {"Fitted hazards",
       "Beyond the end of the data, curves are extrapolations: models that fit the data "
       "equally well may differ widely there.",
       "figure>svg{width:100%}svg text{font-size:12px;fill:var(--soft)}\n"
       ".axis{stroke:var(--soft)}.grid{stroke:var(--line)}"
       ".end{stroke:var(--soft);stroke-dasharray:4 4}\n",
       out});
}

}  // namespace npcsim::detail

#include "demo_numbers.hpp"
#include "demo_pages.hpp"

#include <array>
#include <limits>
#include <utility>

namespace npcsim {
namespace {

constexpr std::array<const char*, 4> groups{"Chemotherapy", "Antibodies", "Locoregional treatment",
                                            "Risk groups"};

double to_natural(PageMeasure measure, double on_scale) {
  if (measure == PageMeasure::share) return std::pow(std::sin(on_scale), 2);
  return measure == PageMeasure::difference ? on_scale : std::exp(on_scale);
}

PageFigure drawn_figure(DemoNumbers& numbers, PageMeasure measure, double middle, double spread) {
  PageFigure figure;
  figure.measure = measure;
  const auto natural = [&](double z) { return to_natural(measure, middle + z * spread); };
  figure.predicted = {{natural(0), natural(-1.96), natural(1.96)}, natural(-0.674), natural(0.674)};
  const double z = 1.15 * numbers.normal();
  figure.published = {natural(z), natural(z - 1.7), natural(z + 1.7)};
  figure.z = z;
  figure.inside95 = std::abs(z) < 1.96;
  figure.inside50 = std::abs(z) < 0.674;
  return figure;
}

void add_study(DemoNumbers& numbers, int number, ValidationPageData& data) {
  const std::size_t group = static_cast<std::size_t>(number) % groups.size();
  const std::string study = "invented_" + std::to_string(2004 + number);
  const bool randomised = number % 3 == 0;
  const auto add = [&](PageFigure figure, const char* statistic, const char* endpoint, double at,
                       const char* of) {
    figure.study = study;
    figure.group = groups[group];
    figure.design = randomised ? "randomised" : "retrospective";
    figure.statistic = statistic;
    figure.endpoint = endpoint;
    if (at > 0) figure.at_months = at;
    figure.of = of;
    figure.id = study + "_" + std::to_string(data.figures.size());
    if (data.figures.size() % 7 == 3) {
      figure.use = PageUse::left_out;
      figure.reason = "kept back to be predicted";
    }
    if (data.figures.size() % 5 == 1) figure.rests_on_prior_only = "invented_a invented_b";
    if (data.figures.size() % 5 < 3) figure.rests_on_weak = "invented_c";
    if (data.figures.size() % 11 == 5) figure.doubt = "text and figure of the paper disagree";
    data.figures.push_back(std::move(figure));
  };
  const double spread = 0.1 + 0.1 * numbers.uniform();
  const auto months = [&](double median) {
    return drawn_figure(numbers, PageMeasure::months, std::log(median), spread);
  };
  const auto share = [&](double p) {
    return drawn_figure(numbers, PageMeasure::share, std::asin(std::sqrt(p)), spread / 2);
  };
  add(months(7 + 4 * numbers.uniform()), "median", "PFS", 0, "A");
  add(months(20 + 9 * numbers.uniform()), "median", "OS", 0, "A");
  add(share(0.3 + 0.2 * numbers.uniform()), "survival", "PFS", 12, "A");
  add(share(0.6 + 0.3 * numbers.uniform()), "survival", "OS", 24, "A with a long name & <b>");
  add(drawn_figure(numbers, PageMeasure::ratio, std::log(0.5 + 0.4 * numbers.uniform()), spread),
      "hazard ratio", "OS", 0, "B v A");
}

void add_special_figures(DemoNumbers& numbers, ValidationPageData& data) {
  const PageFigure like = data.figures.front();
  const auto add = [&](const char* id, PageFigure figure) {
    figure.study = like.study;
    figure.group = like.group;
    figure.design = like.design;
    figure.statistic = "median";
    figure.endpoint = "OS";
    figure.of = "B";
    figure.id = id;
    data.figures.push_back(std::move(figure));
  };
  PageFigure not_reached = drawn_figure(numbers, PageMeasure::months, std::log(30.0), 0.2);
  not_reached.reading = PageReading::above;
  not_reached.published = {36.0, {}, {}};
  constexpr double infinity = std::numeric_limits<double>::infinity();
  not_reached.predicted.estimate.high = infinity;
  not_reached.predicted.high50 = infinity;
  not_reached.z = {};
  not_reached.inside95 = not_reached.inside50 = true;
  add("special_above", not_reached);
  PageFigure never = not_reached;
  never.predicted = {{infinity, infinity, infinity}, infinity, infinity};
  add("special_never", never);
  PageFigure below = not_reached;
  below.reading = PageReading::below;
  below.published = {5.0, {}, {}};
  below.inside95 = below.inside50 = false;
  add("special_below", below);
  PageFigure within = not_reached;
  within.reading = PageReading::within;
  within.published = {{}, 18.0, 24.0};
  add("special_within", within);
  PageFigure no_events = drawn_figure(numbers, PageMeasure::ratio, 0, 0.2);
  no_events.predicted = {{0, 0, infinity}, 0, 1.5};
  add("special_no_events", no_events);
  PageFigure difference = drawn_figure(numbers, PageMeasure::difference, 0.08, 0.06);
  difference.unit = "share";
  difference.use = PageUse::shown_only;
  add("special_difference", difference);
  difference.unit = "months";
  difference.predicted.estimate.low = -infinity;
  difference.predicted.estimate.high = infinity;
  difference.at_months = 36;
  add("special_unbounded", difference);
  data.figures.back().of = "an arm with a name so long that it cannot stand beside a time <b>";
  PageFigure toxicity = difference;
  toxicity.measure = PageMeasure::share;
  toxicity.unit.clear();
  toxicity.at_months.reset();
  toxicity.published = {0.25, 0.18, 0.33};
  toxicity.predicted = {{0.22, 0.15, 0.3}, 0.2, 0.24};
  add("invented_skin_grade_2", toxicity);
  data.figures.back().statistic = "toxicity_rate";
  data.figures.back().endpoint = "toxicity";
  PageFigure missing;
  missing.use = PageUse::not_simulated;
  missing.reason = "the model has no local control of <single> lesions";
  missing.published = {14.0, {}, {}};
  add("special_missing", missing);
  PageFigure running = drawn_figure(numbers, PageMeasure::months, std::log(30.0), 0.2);
  running.use = PageUse::not_yet;
  running.published = {};
  add("special_running", running);
  data.figures.back().group = "Running trials";
}

PageEstimate ratio(double value, double spread) {
  return {value, value * std::exp(-spread), value * std::exp(spread)};
}

PageBiasGroup bias_group(DemoNumbers& numbers, const char* title, const char* sentence, int first,
                         double truth) {
  PageBiasGroup group{title, sentence, {}};
  for (int i = 0; i < 4; ++i) {
    const double shown = truth * (0.55 + 0.4 * numbers.uniform());
    PageBiasRow row;
    row.study = "invented_" + std::to_string(first + i);
    row.contrast = "B v A";
    row.endpoint = i % 2 == 0 ? "OS" : "PFS";
    row.published = ratio(shown * (0.9 + 0.2 * numbers.uniform()), 0.3);
    row.as_published = ratio(shown, 0.05);
    row.landmark = ratio(std::sqrt(shown * truth), 0.06);
    row.time_dependent = ratio(std::pow(shown, 0.4) * std::pow(truth, 0.6), 0.06);
    if (i != 1) row.weighted = ratio(std::pow(shown, 0.2) * std::pow(truth, 0.8), 0.08);
    row.truth = ratio(truth, 0.02);
    group.rows.push_back(row);
  }
  return group;
}

}  // namespace

ValidationPageData demo_validation() {
  DemoNumbers numbers(20240217);
  ValidationPageData data;
  data.head.title = "Made-up validation";
  data.head.name = "demo";
  data.head.subtitle =
      "Invented figures for the tests of this page; </script><b>text</b> stays text.";
  data.head.facts = {{"model", "invented"},
                     {"values", "base case"},
                     {"seed", "7"},
                     {"command", "npcsim validate --seed 7"}};
  data.head.assumed = {{"effect_after_relapse", 0.45, "", "invented"}};
  data.head.sources = {
      {"invented_2004", "Nobody A. No journal 2004;1:1", "https://example.invalid/"}};
  data.head.notes = {"Model projections, not medical advice.", "<i>Notes are text.</i>"};
  for (int number = 0; number < 18; ++number) add_study(numbers, number, data);
  add_special_figures(numbers, data);
  data.footings = {{"invented_c", "invented", false, 0.85, "weak", 30},
                   {"invented_a", "invented & <meaningless>", true, 0.98, "prior only", 20},
                   {"invented_b", "invented", true, std::nullopt, "", 20}};
  data.bias = {
      bias_group(numbers, "Local treatment",
                 "Patients who receive the treatment have lived long enough to receive it: "
                 "the published ratios are too good.",
                 2004, 0.75),
      bias_group(numbers, "Ablation", "Fitter patients are chosen.", 2010, 0.95)};
  data.taken_apart = {{"Doe 2024, a cohort", "lrrt v none", "OS", ratio(0.41, 0.3), ratio(0.45, 0),
                       ratio(0.7, 0), ratio(0.62, 0), ratio(0.9, 0)}};
  data.cycles = {{"Six cycles or more against fewer", ratio(0.55, 0.1), ratio(0.85, 0.12),
                  ratio(0.97, 0.03), ratio(0.6, 0.1)}};
  const std::array<const char*, 5> scenarios{
      "Effect ends at relapse", "Effect wanes over two years", "No frailty",
      "Patients chosen by a hidden trait", "Later antibodies for everybody"};
  for (const char* const statistic : {"OS difference at 60 months", "Median PFS of B"}) {
    const bool share = statistic[0] == 'O';
    for (const char* const scenario : scenarios) {
      const double base = share ? 0.14 : 11.0;
      data.scenarios.push_back({scenario, statistic, share ? "share" : "months",
                                base * (0.6 + 0.8 * numbers.uniform()), base});
    }
  }
  return data;
}

}  // namespace npcsim

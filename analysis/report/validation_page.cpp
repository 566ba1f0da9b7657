#include <npcsim/report/detail/page_json.hpp>
#include <npcsim/report/report_page.hpp>
#include <npcsim/report/validation_page.hpp>

#include <array>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>

namespace npcsim {
namespace {

using detail::put;
using detail::put_text;

const char* word(PageMeasure measure) {
  switch (measure) {
    case PageMeasure::months:
      return "months";
    case PageMeasure::share:
      return "share";
    case PageMeasure::ratio:
      return "ratio";
    case PageMeasure::difference:
      return "difference";
  }
  return "";
}

const char* word(PageReading reading) {
  switch (reading) {
    case PageReading::exact:
      return "exact";
    case PageReading::above:
      return "above";
    case PageReading::below:
      return "below";
    case PageReading::within:
      return "within";
  }
  return "";
}

const char* word(PageUse use) {
  switch (use) {
    case PageUse::fitted:
      return "fitted";
    case PageUse::not_seen:
      return "not seen";
    case PageUse::left_out:
      return "left out";
    case PageUse::shown_only:
      return "shown only";
    case PageUse::not_yet:
      return "not published yet";
    case PageUse::not_simulated:
      return "not simulated";
  }
  return "";
}

// JSON has no infinity.
void put_end(JsonWriter& json, std::string_view key, const std::optional<double>& number) {
  if (number && std::isinf(*number)) {
    json.key(key).text(*number > 0 ? "inf" : "-inf");
  } else {
    put(json, key, number);
  }
}

void put_prediction(JsonWriter& json, const PagePrediction& prediction) {
  json.key("predicted").begin_object();
  put_end(json, "value", prediction.estimate.value);
  put_end(json, "lo", prediction.estimate.low);
  put_end(json, "hi", prediction.estimate.high);
  put_end(json, "lo50", prediction.low50);
  put_end(json, "hi50", prediction.high50);
  json.end_object();
}

void put_figure(JsonWriter& json, const PageFigure& figure) {
  json.begin_object();
  json.key("id").text(figure.id);
  json.key("study").text(figure.study);
  json.key("group").text(figure.group);
  json.key("design").text(figure.design);
  json.key("statistic").text(figure.statistic);
  json.key("endpoint").text(figure.endpoint);
  put(json, "at_months", figure.at_months);
  json.key("of").text(figure.of);
  json.key("measure").text(word(figure.measure));
  put_text(json, "unit", figure.unit);
  json.key("reading").text(word(figure.reading));
  json.key("published").begin_object();
  detail::put_estimate(json, figure.published);
  json.end_object();
  json.key("use").text(word(figure.use));
  put_text(json, "reason", figure.reason);
  put_text(json, "doubt", figure.doubt);
  put_text(json, "prior_only", figure.rests_on_prior_only);
  put_text(json, "weak", figure.rests_on_weak);
  if (figure.use != PageUse::not_simulated) {
    put_prediction(json, figure.predicted);
    if (figure.use != PageUse::not_yet) {
      put(json, "z", figure.z);
      json.key("inside95").boolean(figure.inside95);
      json.key("inside50").boolean(figure.inside50);
    }
  }
  json.end_object();
}

/// Analyses of one comparison, by name; those without a value are left out.
template <std::size_t count>
void put_analyses(JsonWriter& json,
                  const std::array<std::pair<const char*, const PageEstimate*>, count>& analyses) {
  json.key("analyses").begin_array();
  for (const auto& [name, estimate] : analyses) {
    if (!estimate->value || !std::isfinite(*estimate->value)) continue;
    json.begin_object().key("analysis").text(name);
    detail::put_estimate(json, *estimate);
    json.end_object();
  }
  json.end_array();
}

void put_bias(JsonWriter& json, const PageBiasGroup& group) {
  json.begin_object().key("title").text(group.title).key("sentence").text(group.sentence);
  json.key("rows").begin_array();
  for (const PageBiasRow& row : group.rows) {
    json.begin_object();
    json.key("study").text(row.study);
    json.key("contrast").text(row.contrast);
    json.key("endpoint").text(row.endpoint);
    put_analyses<6>(json, {{{"published", &row.published},
                            {"as_published", &row.as_published},
                            {"landmark", &row.landmark},
                            {"time_dependent", &row.time_dependent},
                            {"weighted", &row.weighted},
                            {"truth", &row.truth}}});
    json.end_object();
  }
  json.end_array().end_object();
}

void put_coverage(JsonWriter& json, const PageCoverage& coverage) {
  json.begin_object().key("of").text(coverage.of);
  json.key("studies").integer(static_cast<std::int64_t>(coverage.studies));
  json.key("figures").integer(static_cast<std::int64_t>(coverage.figures));
  put(json, "inside95", coverage.inside95);
  put(json, "inside50", coverage.inside50);
  put(json, "width_ratio", coverage.width_ratio);
  put(json, "interval_score", coverage.interval_score);
  put(json, "baseline_interval_score", coverage.baseline_interval_score);
  json.end_object();
}

void put_footing(JsonWriter& json, const PageFooting& footing) {
  json.begin_object().key("parameter").text(footing.parameter);
  put_text(json, "meaning", footing.meaning);
  json.key("prior_only").boolean(footing.prior_only);
  put(json, "sd_ratio", footing.sd_ratio);
  put_text(json, "identified", footing.identified);
  json.key("figures").integer(static_cast<std::int64_t>(footing.figures));
  json.end_object();
}

void put_cycles(JsonWriter& json, const PageCyclesFinding& finding) {
  json.begin_object().key("question").text(finding.question);
  put_analyses<4>(json, {{{"associational", &finding.associational},
                          {"landmark", &finding.landmark},
                          {"without_effect", &finding.associational_without_effect},
                          {"truth", &finding.causal}}});
  json.end_object();
}

void put_apart(JsonWriter& json, const PageTakenApart& row) {
  json.begin_object().key("study").text(row.study);
  json.key("contrast").text(row.contrast);
  json.key("endpoint").text(row.endpoint);
  put_analyses<5>(json, {{{"published", &row.published},
                          {"as_published", &row.as_published},
                          {"by_chance", &row.by_chance},
                          {"no_effect", &row.no_effect},
                          {"neither", &row.neither}}});
  json.end_object();
}

void put_scenario(JsonWriter& json, const PageScenario& row) {
  json.begin_object();
  json.key("scenario").text(row.scenario);
  json.key("statistic").text(row.statistic);
  put_text(json, "unit", row.unit);
  put(json, "value", row.value);
  put(json, "base", row.base);
  json.end_object();
}

template <class Row, class Put>
void put_list(JsonWriter& json, std::string_view key, const std::vector<Row>& rows, Put put_row) {
  json.key(key).begin_array();
  for (const Row& row : rows) put_row(json, row);
  json.end_array();
}

}  // namespace

std::string validation_page_json(const ValidationPageData& data) {
  JsonWriter json;
  json.begin_object().key("page").text("validation");
  detail::put_head(json, data.head);
  put_list(json, "figures", data.figures, put_figure);
  put_list(json, "without_study", data.without_study, put_coverage);
  put_list(json, "footings", data.footings, put_footing);
  put_list(json, "bias", data.bias, put_bias);
  put_list(json, "cycles_received", data.cycles, put_cycles);
  put_list(json, "taken_apart", data.taken_apart, put_apart);
  put_list(json, "scenarios", data.scenarios, put_scenario);
  json.end_object();
  return json.str();
}

std::string validation_page(const ValidationPageData& data) {
  return report_page(validation_page_json(data));
}

}  // namespace npcsim

#include <npcsim/report/calibration_page.hpp>
#include <npcsim/report/detail/page_json.hpp>
#include <npcsim/report/report_page.hpp>

#include <cmath>
#include <cstdio>

namespace npcsim {
namespace {

using detail::put;
using detail::put_text;

void put_quantiles(JsonWriter& json, std::string_view key, const PageQuantiles& quantiles) {
  json.key(key).begin_array();
  for (const double each : quantiles) json.number(each);
  json.end_array();
}

void put_parameters(JsonWriter& json, std::string_view key,
                    const std::vector<PageParameter>& parameters) {
  json.key(key).begin_array();
  for (const PageParameter& each : parameters) {
    json.begin_object().key("name").text(each.name);
    put_text(json, "meaning", each.meaning);
    put_text(json, "unit", each.unit);
    put_quantiles(json, "prior", each.prior);
    put_quantiles(json, "posterior", each.posterior);
    put(json, "sd_ratio", each.sd_ratio);
    json.key("prior_only").boolean(each.prior_only);
    put_text(json, "identified", each.identified);
    put_text(json, "source", each.source);
    json.end_object();
  }
  json.end_array();
}

void put_diagnostics(JsonWriter& json, const std::vector<PageDiagnostic>& diagnostics) {
  json.key("diagnostics").begin_array();
  for (const PageDiagnostic& each : diagnostics) {
    json.begin_object().key("name").text(each.name);
    put(json, "value", each.value);
    json.key("bound").text(each.bound);
    json.key("passed").boolean(each.passed);
    put_text(json, "meaning", each.meaning);
    put_text(json, "untested", each.untested);
    json.end_object();
  }
  json.end_array();
}

void put_directions(JsonWriter& json, const std::vector<PageDirection>& directions) {
  json.key("directions").begin_array();
  for (const PageDirection& each : directions) {
    json.begin_object();
    put(json, "sd_ratio", each.sd_ratio);
    json.key("weights").begin_array();
    for (const PageWeight& weight : each.weights) {
      json.begin_object().key("parameter").text(weight.parameter);
      put(json, "weight", weight.weight);
      json.end_object();
    }
    json.end_array().end_object();
  }
  json.end_array();
}

void put_studies(JsonWriter& json, const std::vector<PageStudyCheck>& studies) {
  json.key("study_checks").begin_array();
  for (const PageStudyCheck& each : studies) {
    json.begin_object().key("study").text(each.study);
    put(json, "p", each.p);
    json.key("figures").integer(static_cast<std::int64_t>(each.figures));
    put_text(json, "worst_figure", each.worst_figure);
    put(json, "worst_z", each.worst_z);
    json.end_object();
  }
  json.end_array();
}

// Five significant digits: a draw is a point in a picture.
void put_column(JsonWriter& json, const std::vector<double>& values) {
  json.begin_array();
  for (const double value : values) {
    if (!std::isfinite(value)) {
      json.null();
      continue;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.5g", value);
    json.raw(text.data());
  }
  json.end_array();
}

void put_draws(JsonWriter& json, const PageDraws& draws) {
  json.key("draws").begin_object().key("parameters").begin_array();
  for (const std::string& name : draws.parameters) json.text(name);
  json.end_array().key("values").begin_array();
  for (const std::vector<double>& column : draws.values) put_column(json, column);
  json.end_array().end_object();
}

void put_chains(JsonWriter& json, const std::vector<PageChains>& parameters) {
  json.key("chains").begin_array();
  for (const PageChains& each : parameters) {
    json.begin_object().key("parameter").text(each.parameter).key("chains").begin_array();
    for (const std::vector<double>& chain : each.chains) put_column(json, chain);
    json.end_array().end_object();
  }
  json.end_array();
}

}  // namespace

std::string calibration_page_json(const CalibrationPageData& data) {
  JsonWriter json;
  json.begin_object().key("page").text("calibration");
  detail::put_head(json, data.head);
  put_diagnostics(json, data.diagnostics);
  put(json, "prior_only_above", data.prior_only_above);
  put_parameters(json, "parameters", data.parameters);
  put_parameters(json, "hyperparameters", data.hyperparameters);
  put_directions(json, data.directions);
  put_studies(json, data.studies);
  if (!data.draws.empty()) put_draws(json, data.draws);
  put_chains(json, data.chains);
  json.end_object();
  return json.str();
}

std::string calibration_page(const CalibrationPageData& data) {
  return report_page(calibration_page_json(data));
}

}  // namespace npcsim

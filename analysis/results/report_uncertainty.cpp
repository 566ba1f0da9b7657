// What the draws of the parameters do to the contrasts and to the strategies' own figures.
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/months_text.hpp>

namespace npcsim::detail {

namespace {

const DrawSummaryRow* find(const ReportInput& in, const std::string& strategy,
                           const std::string& endpoint, const std::string& statistic) {
  for (const DrawSummaryRow& row : in.draws) {
    if (row.figure.strategy == strategy && row.figure.endpoint == endpoint &&
        row.figure.statistic == statistic && row.figure.subgroup.empty()) {
      return &row;
    }
  }
  return nullptr;
}

void add_cell(JsonWriter& json, std::string_view key, const DrawSummaryRow* row) {
  json.key(key);
  if (row == nullptr || !row->figure.value) {
    json.null();
    return;
  }
  json.begin_object();
  put_number(json, "value", row->figure.value);
  if (row->low) put_number(json, "lo", row->low);
  if (row->high) put_number(json, "hi", row->high);
  json.end_object();
}

std::string note(const ReportInput& in) {
  std::string text = "The mark is the base case, the bar holds the middle 95 % of " +
                     grouped(static_cast<std::uint64_t>(in.study.draws->count)) +
                     " draws of the parameters: " + draws_in_words(in.study) + ".";
  if (!in.study.draws->checks.failed.empty())
    text += " " + in_words(in.study.draws->checks) + " These intervals are no better than it.";
  const std::vector<std::string>& prior_only = in.study.draws->prior_only;
  if (prior_only.empty()) return text;
  text += " The file says that these are known by their priors only: ";
  for (std::size_t i = 0; i < prior_only.size(); ++i) text += (i > 0 ? ", " : "") + prior_only[i];
  return text + ".";
}

struct Contrast {
  const char* statistic;
  const char* measure;
  const char* title;
  const char* scale;
  double reference;
  const char* unit;
};

void add_contrast(JsonWriter& json, const ReportInput& in, const EndpointShape& endpoint,
                  const Contrast& contrast) {
  const auto reference = static_cast<std::size_t>(in.shape().reference);
  json.begin_object();
  json.key("endpoint").text(endpoint.name);
  json.key("title").text(titled(endpoint) + ": " + contrast.title);
  json.key("versus").text(in.shape().strategies[reference]);
  json.key("measure").text(contrast.measure);
  json.key("reference").number(contrast.reference);
  json.key("scale").text(contrast.scale);
  if (contrast.unit[0] != '\0') json.key("unit").text(contrast.unit);
  json.key("rows").begin_array();
  for (const std::size_t s : in.others()) {
    const DrawSummaryRow* row =
        find(in, in.shape().strategies[s], endpoint.name, contrast.statistic);
    if (row == nullptr) continue;
    json.begin_object();
    json.key("label").text(in.strategy_title(s));
    json.key("strategy").text(in.shape().strategies[s]);
    put_number(json, "hr", row->figure.value);
    put_number(json, "lo", row->low);
    put_number(json, "hi", row->high);
    json.end_object();
  }
  json.end_array();
  json.key("note").text(note(in));
  json.end_object();
}

}  // namespace

void add_uncertainty(JsonWriter& json, const ReportInput& in) {
  if (in.draws.empty() || !in.study.draws || in.shape().reference < 0) return;
  const std::string restricted =
      "mean time within " + in_months(Ticks{in.shape().horizon_ticks}.months());
  const std::string difference = "difference of the " + restricted;
  json.key("uncertainty").begin_array();
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    if (in.others().empty()) break;
    add_contrast(json, in, endpoint,
                 {"hazard_ratio", "Hazard ratio", "hazard ratio", "log", 1, ""});
    add_contrast(json, in, endpoint,
                 {"difference_rmst", "Difference", difference.c_str(), "linear", 0, "months"});
  }
  json.end_array();
}

void add_uncertainty_table(JsonWriter& json, const ReportInput& in) {
  if (in.draws.empty() || !in.study.draws) return;
  struct ShownColumn {
    const char* key;
    const char* label;
    const char* unit;
    const char* statistic;
  };
  static constexpr ShownColumn shown[] = {
      {"median", "Median", "months", "median"},
      {"rmst", "Mean time", "months", "rmst"},
      {"hr", "Hazard ratio", "", "hazard_ratio"},
      {"difference", "Difference of mean times", "months", "difference_rmst"}};
  json.begin_object();
  json.key("id").text("uncertainty");
  json.key("title").text("Base case and 95 % interval over the draws");
  json.key("section").text("uncertainty");
  json.key("note").text(note(in) + " An interval without an end reaches beyond the follow-up.");
  json.key("columns").begin_array();
  const auto column = [&](std::string_view key, std::string_view label, std::string_view name,
                          std::string_view value) {
    json.begin_object();
    json.key("key").text(key);
    json.key("label").text(label);
    if (!value.empty()) json.key(name).text(value);
    json.end_object();
  };
  column("strategy", "Strategy", "kind", "strategy");
  column("endpoint", "Endpoint", "kind", "");
  for (const ShownColumn& each : shown) column(each.key, each.label, "unit", each.unit);
  json.end_array();
  json.key("rows").begin_array();
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    for (const std::string& strategy : in.shape().strategies) {
      json.begin_object();
      json.key("strategy").text(strategy);
      json.key("endpoint").text(endpoint.name);
      for (const ShownColumn& each : shown) {
        add_cell(json, each.key, find(in, strategy, endpoint.name, each.statistic));
      }
      json.end_object();
    }
  }
  json.end_array();
  json.end_object();
}

}  // namespace npcsim::detail

// The figures of the summary as tables of the page.
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/results/months_text.hpp>

#include <algorithm>

namespace npcsim::detail {

namespace {

// One table being written: columns first, then rows.
class TableWriter {
 public:
  TableWriter(JsonWriter& json, std::string_view id, std::string_view title,
              std::string_view section, std::string_view note = {})
      : json_(json) {
    json_.begin_object();
    json_.key("id").text(id);
    json_.key("title").text(title);
    json_.key("section").text(section);
    if (!note.empty()) json_.key("note").text(note);
    json_.key("columns").begin_array();
    column("strategy", "Strategy", "", "strategy");
  }
  void column(std::string_view key, std::string_view label, std::string_view unit,
              std::string_view kind = {}) {
    json_.begin_object();
    json_.key("key").text(key);
    json_.key("label").text(label);
    if (!unit.empty()) json_.key("unit").text(unit);
    if (kind.empty()) {
      json_.key("align").text("right");
    } else if (kind != "text") {
      json_.key("kind").text(kind);
    }
    json_.end_object();
  }
  void begin_rows() {
    json_.end_array();
    json_.key("rows").begin_array();
  }
  void begin_row(const std::string& strategy) {
    json_.begin_object();
    json_.key("strategy").text(strategy);
  }
  void text(std::string_view key, std::string_view value) { json_.key(key).text(value); }
  void cell(std::string_view key, const SummaryRow* row) { put_cell(json_, key, row); }
  void end_row() { json_.end_object(); }
  void end() {
    json_.end_array();
    json_.end_object();
  }

 private:
  JsonWriter& json_;
};

std::vector<double> landmarks_of(const OutcomeShape& shape) {
  std::vector<double> months;
  for (const std::int32_t tick : shape.landmark_ticks) months.push_back(Ticks{tick}.months());
  return months;
}

const SummaryRow* at_landmark(const ReportInput& in, const std::string& strategy,
                              const std::string& endpoint, const std::string& statistic,
                              std::size_t landmark) {
  return in.index.find(strategy, endpoint, statistic, {},
                       Ticks{in.shape().landmark_ticks[landmark]}.months());
}

// The short names that all tables use.
std::string legend(const OutcomeShape& shape) {
  std::string out;
  for (const EndpointShape& endpoint : shape.endpoints) {
    if (endpoint.title.empty() || endpoint.title == endpoint.name) continue;
    out += " " + endpoint.name + ": " + endpoint.title + ".";
  }
  return out;
}

void add_medians(JsonWriter& json, const ReportInput& in) {
  TableWriter table(json, "medians", "Median times", "survival",
                    "An empty cell: not reached within the follow-up." + legend(in.shape()));
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    table.column(endpoint.name, endpoint.name, "months");
  }
  table.begin_rows();
  for (const std::string& strategy : in.shape().strategies) {
    table.begin_row(strategy);
    for (const EndpointShape& endpoint : in.shape().endpoints) {
      table.cell(endpoint.name, in.index.find(strategy, endpoint.name, "median"));
    }
    table.end_row();
  }
  table.end();
}

void add_landmarks(JsonWriter& json, const ReportInput& in) {
  const std::vector<double> months = landmarks_of(in.shape());
  const double horizon = Ticks{in.shape().horizon_ticks}.months();
  TableWriter table(
      json, "landmarks", "Event-free shares and mean times", "tables",
      "Mean time: restricted to " + in_months(horizon) + ", the area under the curve.");
  table.column("endpoint", "Endpoint", "", "text");
  for (const double month : months) {
    table.column("at_" + months_text(month), "At " + in_months(month), "share");
  }
  table.column("rmst", "Mean time", "months");
  table.begin_rows();
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    for (const std::string& strategy : in.shape().strategies) {
      table.begin_row(strategy);
      table.text("endpoint", endpoint.name);
      for (std::size_t k = 0; k < months.size(); ++k) {
        table.cell("at_" + months_text(months[k]),
                   at_landmark(in, strategy, endpoint.name, "survival", k));
      }
      table.cell("rmst", in.index.find(strategy, endpoint.name, "rmst"));
      table.end_row();
    }
  }
  table.end();
}

void add_contrasts(JsonWriter& json, const ReportInput& in) {
  const OutcomeShape& shape = in.shape();
  const std::string reference = in.strategy_title(static_cast<std::size_t>(shape.reference));
  TableWriter table(json, "contrasts", "Differences from the reference", "tables",
                    "Strategy minus " + reference +
                        ", from twins. Hazard ratios: strategy / reference, Cox's model on the "
                        "simulated patients (marginal).");
  table.column("endpoint", "Endpoint", "", "text");
  table.column("hr", "Hazard ratio", "");
  table.column("median", "Median", "months");
  table.column("rmst", "Mean time", "months");
  table.begin_rows();
  for (const EndpointShape& endpoint : shape.endpoints) {
    for (const std::size_t s : in.others()) {
      const std::string& strategy = shape.strategies[s];
      table.begin_row(strategy);
      table.text("endpoint", endpoint.name);
      table.cell("hr", in.index.find(strategy, endpoint.name, "hazard_ratio"));
      table.cell("median", in.index.find(strategy, endpoint.name, "difference_median"));
      table.cell("rmst", in.index.find(strategy, endpoint.name, "difference_rmst"));
      table.end_row();
    }
  }
  table.end();
}

void add_landmark_contrasts(JsonWriter& json, const ReportInput& in) {
  const OutcomeShape& shape = in.shape();
  const std::vector<double> months = landmarks_of(shape);
  if (months.empty()) return;
  TableWriter table(json, "landmark-contrasts", "Differences of event-free shares", "tables",
                    "Strategy minus reference, from twins, in percentage points.");
  table.column("endpoint", "Endpoint", "", "text");
  for (const double month : months) {
    table.column("at_" + months_text(month), "At " + in_months(month), "share");
  }
  table.begin_rows();
  for (const EndpointShape& endpoint : shape.endpoints) {
    for (const std::size_t s : in.others()) {
      const std::string& strategy = shape.strategies[s];
      table.begin_row(strategy);
      table.text("endpoint", endpoint.name);
      for (std::size_t k = 0; k < months.size(); ++k) {
        table.cell("at_" + months_text(months[k]),
                   at_landmark(in, strategy, endpoint.name, "difference_survival", k));
      }
      table.end_row();
    }
  }
  table.end();
}

// What ended event-free time: shares by cause at the landmarks.
void add_causes(JsonWriter& json, const ReportInput& in) {
  const OutcomeShape& shape = in.shape();
  const bool any = std::any_of(shape.endpoints.begin(), shape.endpoints.end(),
                               [](const EndpointShape& e) { return e.causes.size() > 1; });
  const std::vector<double> months = landmarks_of(shape);
  if (!any || months.empty()) return;
  TableWriter table(json, "causes", "First events by cause", "tables",
                    "Cumulative incidence, other causes competing: with the event-free share, the "
                    "causes of an endpoint add up to 100 %.");
  table.column("endpoint", "Endpoint", "", "text");
  table.column("cause", "Cause", "", "text");
  for (const double month : months) {
    table.column("at_" + months_text(month), "By " + in_months(month), "share");
  }
  table.begin_rows();
  for (const EndpointShape& endpoint : shape.endpoints) {
    if (endpoint.causes.size() < 2) continue;
    for (const std::string& cause : endpoint.causes) {
      for (const std::string& strategy : shape.strategies) {
        table.begin_row(strategy);
        table.text("endpoint", endpoint.name);
        table.text("cause", in.cause_title(cause));
        for (std::size_t k = 0; k < months.size(); ++k) {
          table.cell(
              "at_" + months_text(months[k]),
              at_landmark(in, strategy, endpoint.name + ":" + cause, "cumulative_incidence", k));
        }
        table.end_row();
      }
    }
  }
  table.end();
}

}  // namespace

void add_tables(JsonWriter& json, const ReportInput& in) {
  json.key("tables").begin_array();
  add_medians(json, in);
  add_landmarks(json, in);
  if (in.shape().reference >= 0 && !in.others().empty()) {
    add_contrasts(json, in);
    add_landmark_contrasts(json, in);
  }
  add_causes(json, in);
  add_risk_class_tables(json, in);
  add_uncertainty_table(json, in);
  put_weak_parameters_table(json, in.study);
  json.end_array();
}

}  // namespace npcsim::detail

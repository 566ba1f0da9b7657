#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/months_text.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace npcsim::detail {

SummaryIndex::SummaryIndex(const std::vector<SummaryRow>& rows) {
  for (const SummaryRow& row : rows) {
    rows_[{row.strategy, row.endpoint, row.statistic, row.subgroup}].push_back(&row);
  }
}

const SummaryRow* SummaryIndex::find(const std::string& strategy, const std::string& endpoint,
                                     const std::string& statistic, const std::string& subgroup,
                                     std::optional<double> at_months) const {
  const auto found = rows_.find({strategy, endpoint, statistic, subgroup});
  if (found == rows_.end()) return nullptr;
  for (const SummaryRow* row : found->second) {
    // Times are whole ticks, 1/974 of a month: nearer than this they are the same.
    const bool there =
        row->at_months && at_months && std::fabs(*row->at_months - *at_months) < 1e-6;
    if (!at_months || there) return row;
  }
  return nullptr;
}

const std::string& ReportInput::strategy_title(std::size_t strategy) const {
  const StrategyDoc& doc = study.strategy_docs[strategy];
  return doc.title.empty() ? doc.name : doc.title;
}

std::string ReportInput::cause_title(const std::string& cause) const {
  for (const Process& process : study.program->processes) {
    if (process.name == cause && !process.label.empty()) return sentence(process.label);
  }
  for (const Toxicity& toxicity : study.program->toxicities) {
    if (toxicity.name == cause && !toxicity.title.empty()) return sentence(toxicity.title);
  }
  return sentence(cause);
}

std::vector<std::size_t> ReportInput::others() const {
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < shape().strategies.size(); ++s) {
    if (static_cast<std::int32_t>(s) != shape().reference) out.push_back(s);
  }
  return out;
}

void put_number(JsonWriter& json, std::string_view key, const std::optional<double>& number) {
  json.key(key);
  if (number) {
    json.number(*number);
  } else {
    json.null();
  }
}

void put_estimate(JsonWriter& json, const SummaryRow* row) {
  put_number(json, "value", row == nullptr ? std::nullopt : row->value);
  if (row == nullptr) return;
  if (row->se) put_number(json, "se", row->se);
  if (row->lo95) put_number(json, "lo", row->lo95);
  if (row->hi95) put_number(json, "hi", row->hi95);
}

void put_cell(JsonWriter& json, std::string_view key, const SummaryRow* row) {
  json.key(key);
  if (row == nullptr || !row->value) {
    json.null();
    return;
  }
  json.begin_object();
  put_estimate(json, row);
  json.end_object();
}

std::string titled(const EndpointShape& endpoint) {
  if (endpoint.title.empty() || endpoint.title == endpoint.name) return endpoint.name;
  return endpoint.title + " (" + endpoint.name + ")";
}

std::string grouped(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

double six_decimals(double value) { return std::round(value * 1e6) / 1e6; }

std::string sentence(std::string text) {
  if (!text.empty()) {
    text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  }
  return text;
}

namespace {

void add_head(JsonWriter& json, const ReportInput& in) {
  const CompiledStudy& study = in.study;
  const double horizon = Ticks{in.shape().horizon_ticks}.months();
  json.key("title").text(study.study.title);
  json.key("study").text(study.study.name);
  json.key("subtitle")
      .text(study.study.description.empty() ? study.model.title : study.study.description);
  json.key("generated").begin_object();
  json.key("version").text(in.provenance.version);
  json.key("commit").text(in.provenance.commit);
  json.key("seed").integer(study.study.seed);
  json.key("patients").integer(study.study.patients);
  json.key("horizon_months").number(horizon);
  json.key("command").text(in.provenance.command);
  json.end_object();
  json.key("strategies").begin_array();
  for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
    json.begin_object();
    json.key("name").text(in.shape().strategies[s]);
    json.key("title").text(in.strategy_title(s));
    json.key("reference").boolean(static_cast<std::int32_t>(s) == in.shape().reference);
    if (!study.strategy_docs[s].description.empty()) {
      json.key("description").text(study.strategy_docs[s].description);
    }
    json.end_object();
  }
  json.end_array();
}

void add_key_figure(JsonWriter& json, const std::string& label, const std::string& strategy,
                    const SummaryRow& row, const std::string& unit, const std::string& note) {
  json.begin_object();
  json.key("label").text(label);
  json.key("strategy").text(strategy);
  put_estimate(json, &row);
  json.key("unit").text(unit);
  if (!note.empty()) json.key("note").text(note);
  json.end_object();
}

// Medians and hazard ratios of the first two endpoints, which the study lists first because they
// matter most. More strategies than the head of a page can hold are left to the tables.
void add_key_figures(JsonWriter& json, const ReportInput& in) {
  constexpr std::size_t most_endpoints = 2;
  constexpr std::size_t most_strategies = 4;
  const OutcomeShape& shape = in.shape();
  const double horizon = Ticks{shape.horizon_ticks}.months();
  json.key("key_figures").begin_array();
  for (std::size_t e = 0; e < std::min(most_endpoints, shape.endpoints.size()); ++e) {
    const EndpointShape& endpoint = shape.endpoints[e];
    for (std::size_t s = 0; s < std::min(most_strategies, shape.strategies.size()); ++s) {
      const std::string& strategy = shape.strategies[s];
      if (const SummaryRow* median = in.index.find(strategy, endpoint.name, "median")) {
        add_key_figure(json, "Median " + endpoint.name, strategy, *median, "months",
                       median->value ? std::string() : "not reached within " + in_months(horizon));
      }
    }
    for (std::size_t s = 0; s < std::min(most_strategies, shape.strategies.size()); ++s) {
      const std::string& strategy = shape.strategies[s];
      const SummaryRow* ratio = in.index.find(strategy, endpoint.name, "hazard_ratio");
      if (ratio == nullptr || !ratio->value) continue;
      add_key_figure(json, "Hazard ratio " + endpoint.name, strategy, *ratio, "",
                     "against the reference");
    }
  }
  json.end_array();
  if (shape.strategies.size() > most_strategies) {
    json.key("key_figures_note")
        .text("Of the first " + std::to_string(most_strategies) + " of " +
              std::to_string(shape.strategies.size()) +
              " strategies; all are under Results in numbers.");
  }
}

void add_notes(JsonWriter& json, const ReportInput& in) {
  const std::string all = grouped(static_cast<std::uint64_t>(in.study.study.patients));
  const std::string some = grouped(in.lives.patients);
  json.key("notes").begin_array();
  json.text("All figures are projections of a model, not observations. Nobody was treated.");
  json.text(
      "The ± and the intervals are Monte Carlo errors: how far a figure could be from that of "
      "infinitely many simulated patients under the same parameters. They say nothing about "
      "the uncertainty of the parameters, which is usually much larger" +
      std::string(in.draws.empty() ? "." : "; the section on it holds other intervals."));
  json.text(
      "Each patient lives through every strategy with the same random numbers (a twin), so "
      "that differences between strategies are more exact than the strategies' own figures.");
  json.text(
      "Hazard ratios are those that Cox's model finds in the simulated patients: averages "
      "over patients and time, nearer to 1 than the effects that went into the model.");
  json.text("Survival curves, key figures, tables, subgroups, treatment and toxicity rest on all " +
            all + " patients. States over time, cycles, and gains by factor rest on the first " +
            some + "; single lives are those of the first " +
            std::to_string(in.lives.journals.size()) + ".");
  json.end_array();
}

}  // namespace

std::string report_json(const ReportInput& in) {
  JsonWriter json;
  json.begin_object();
  add_head(json, in);
  add_key_figures(json, in);
  add_kinds(json, in);
  add_survival(json, in);
  add_tables(json, in);
  add_risk_classes(json, in);
  add_forest(json, in);
  add_uncertainty(json, in);
  add_benefit(json, in);
  add_occupancy(json, in);
  add_swimmer(json, in);
  add_treatment(json, in);
  add_inputs(json, in);
  add_notes(json, in);
  json.end_object();
  return json.str();
}

}  // namespace npcsim::detail

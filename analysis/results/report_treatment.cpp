// Cycles, toxicity and treatment measures.
#include <npcsim/results/detail/report_data.hpp>

#include <algorithm>

namespace npcsim::detail {

namespace {

const SummaryRow* measure_row(const ReportInput& in, std::size_t strategy, std::size_t measure) {
  const MeasureShape& shape = in.shape().measures[measure];
  return in.index.find(in.shape().strategies[strategy], shape.name,
                       shape.kind == MeasureKind::flag ? "share" : "mean");
}

const Agent& agent_of(const ReportInput& in, std::size_t measure) {
  const auto index = static_cast<std::size_t>(in.study.measures[measure].index);
  return in.study.program->agents[index];
}

// Titles hold names of the documents, such as that of a reason to stop.
std::string label_of(const MeasureShape& measure) {
  std::string label = sentence(measure.title);
  std::replace(label.begin(), label.end(), '_', ' ');
  return label;
}

void add_cycles(JsonWriter& json, const ReportInput& in) {
  json.key("cycles").begin_array();
  for (std::size_t m = 0; m < in.lives.cycle_measures.size(); ++m) {
    const std::size_t measure = in.lives.cycle_measures[m];
    const Agent& agent = agent_of(in, measure);
    for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
      const std::vector<std::uint32_t>& histogram = in.lives.cycles[s][m];
      // A strategy that never gives the agent has no panel.
      if (histogram.size() < 2) continue;
      json.begin_object();
      json.key("strategy").text(in.shape().strategies[s]);
      json.key("agent").text(agent.name);
      json.key("label").text(sentence(agent.title));
      json.key("histogram").begin_array();
      for (std::size_t cycles = 0; cycles < histogram.size(); ++cycles) {
        json.begin_object();
        json.key("cycles").integer(static_cast<std::int64_t>(cycles));
        json.key("share").number(
            six_decimals(static_cast<double>(histogram[cycles]) / in.lives.patients));
        json.end_object();
      }
      json.end_array();
      if (const SummaryRow* row = measure_row(in, s, measure)) {
        put_number(json, "mean", row->value);
        put_number(json, "se", row->se);
      }
      json.end_object();
    }
  }
  json.end_array();
}

void add_toxicities(JsonWriter& json, const ReportInput& in) {
  json.key("toxicity").begin_array();
  for (std::size_t m = 0; m < in.shape().measures.size(); ++m) {
    if (in.study.measures[m].kind != Measure::Kind::toxicity) continue;
    const MeasureShape& measure = in.shape().measures[m];
    for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
      const SummaryRow* row = measure_row(in, s, m);
      json.begin_object();
      json.key("strategy").text(in.shape().strategies[s]);
      json.key("type").text(measure.name);
      json.key("label").text(label_of(measure));
      put_number(json, "share", row == nullptr ? std::nullopt : row->value);
      put_number(json, "se", row == nullptr ? std::nullopt : row->se);
      json.end_object();
    }
  }
  json.end_array();
}

bool occurs(const ReportInput& in, std::size_t measure) {
  for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
    const SummaryRow* row = measure_row(in, s, measure);
    if (row != nullptr && row->value && *row->value > 0) return true;
  }
  return false;
}

}  // namespace

void add_treatment(JsonWriter& json, const ReportInput& in) {
  json.key("treatment").begin_array();
  for (std::size_t m = 0; m < in.shape().measures.size(); ++m) {
    const Measure::Kind kind = in.study.measures[m].kind;
    if (kind == Measure::Kind::toxicity || kind == Measure::Kind::cycles || !occurs(in, m)) {
      continue;
    }
    const MeasureShape& measure = in.shape().measures[m];
    for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
      const SummaryRow* row = measure_row(in, s, m);
      if (row == nullptr) continue;
      json.begin_object();
      json.key("strategy").text(in.shape().strategies[s]);
      json.key("measure").text(measure.name);
      json.key("label").text(label_of(measure));
      put_estimate(json, row);
      json.key("unit").text(row->unit == "count" ? "" : row->unit);
      json.end_object();
    }
  }
  json.end_array();
  if (!in.lives.cycle_measures.empty()) add_cycles(json, in);
  add_toxicities(json, in);
}

}  // namespace npcsim::detail

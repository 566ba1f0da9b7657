// Classes of risk systems: simulated survival beside published, as figures and as tables.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/months_text.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

namespace npcsim::detail {

namespace {

/// What a figure and its table show; each has an axis and a unit of its own.
struct Measure {
  std::string_view statistic;
  std::string_view unit;
  std::string_view words;
  int digits;  ///< of published numbers; of shares in per cent
};
constexpr std::array<Measure, 3> measures{{{"median", "months", "median time", 1},
                                           {"survival", "share", "share event-free", 1},
                                           {"hazard_ratio", "", "hazard ratio", 2}}};

using Rows = std::vector<const RiskClassRow*>;

/// Rows of an endpoint and a statistic under a strategy, in order.
Rows rows_of(const ReportInput& in, const std::string& endpoint, std::string_view statistic) {
  Rows out;
  for (const RiskClassRow& row : in.classes) {
    if (row.endpoint == endpoint && row.statistic == statistic && !row.strategy.empty()) {
      out.push_back(&row);
    }
  }
  return out;
}

/// "Shen 2015" of the key shen_2015_bone; empty if it is not made like that.
std::string author_and_year(const std::string& key) {
  const auto end_of_name = key.find('_');
  if (end_of_name == std::string::npos || end_of_name == 0) return {};
  const std::string year = key.substr(end_of_name + 1, 4);
  const auto is_digit = [](char letter) {
    return std::isdigit(static_cast<unsigned char>(letter));
  };
  const bool ends = key.size() == end_of_name + 5 || key[end_of_name + 5] == '_';
  if (year.size() != 4 || !ends || !std::all_of(year.begin(), year.end(), is_digit)) return {};
  return sentence(key.substr(0, end_of_name)) + " " + year;
}

/// "Number of metastases and liver (Shen 2015)".
std::string system_name(const RiskClassRow& row) {
  const std::string by = author_and_year(row.source.substr(0, row.source.find(' ')));
  return by.empty() ? row.system_title : row.system_title + " (" + by + ")";
}

std::string plain(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// What else tells a figure from others of the class: its treatment, or one of several cohorts.
std::string detail_of(const ReportInput& in, const RiskClassRow& row) {
  if (!row.against.empty()) {
    return row.arm_is_class ? "against " + sentence(plain(row.against))
                            : plain(row.arm) + " against " + plain(row.against);
  }
  if (!row.arm_is_class) return plain(row.arm);
  const bool several =
      std::any_of(in.classes.begin(), in.classes.end(), [&](const RiskClassRow& other) {
        return other.figure != row.figure && other.risk_class == row.risk_class &&
               other.arm == row.arm && other.endpoint == row.endpoint &&
               other.statistic == row.statistic && other.at_months == row.at_months;
      });
  if (!several) return {};
  const std::optional<double>& size = row.n ? row.n : row.cohort;
  return size ? "cohort of " + months_text(*size) : row.figure;
}

/// "Table 2 of liu_2023".
std::string place_of(const RiskClassRow& row) {
  return row.quoted_in.empty() ? row.place : row.place + " of " + row.quoted_in;
}

void put_end(JsonWriter& json, std::string_view key, const std::optional<double>& end) {
  if (end) json.key(key).number(*end);
}

void put_simulated(JsonWriter& json, const RiskClassRow& row) {
  json.begin_object();
  put_number(json, "value", row.simulated);
  put_end(json, "se", row.se);
  put_end(json, "lo", row.lo95);
  put_end(json, "hi", row.hi95);
  json.end_object();
}

void put_published(JsonWriter& json, const RiskClassRow& row) {
  json.begin_object();
  put_number(json, "value", row.published);
  put_end(json, "lo", row.published_low);
  put_end(json, "hi", row.published_high);
  json.end_object();
}

void put_row(JsonWriter& json, const ReportInput& in, const RiskClassRow& row) {
  json.begin_object();
  json.key("figure").text(row.figure);
  json.key("system").text(system_name(row));
  json.key("class").text(row.risk_class);
  json.key("label").text(row.label);
  json.key("words").text(row.words);
  if (const std::string detail = detail_of(in, row); !detail.empty())
    json.key("detail").text(detail);
  put_end(json, "share", row.share);
  put_end(json, "at_months", row.at_months);
  json.key("reading").text(row.printed_as);
  json.key("published");
  put_published(json, row);
  put_end(json, "n", row.n);
  put_end(json, "cohort", row.cohort);
  json.key("place").text(place_of(row));
  if (!row.doubt.empty()) json.key("doubt").text(row.doubt);
  json.key("strategy").text(row.strategy);
  json.key("simulated");
  put_simulated(json, row);
  json.end_object();
}

void column(JsonWriter& json, std::string_view key, std::string_view label,
            std::string_view unit = {}, std::string_view option = {},
            std::optional<int> digits = {}) {
  json.begin_object();
  json.key("key").text(key);
  json.key("label").text(label);
  if (!unit.empty()) json.key("unit").text(unit);
  if (!option.empty()) json.key(option).boolean(true);
  if (digits) json.key("digits").integer(*digits);
  json.end_object();
}

/// "0.61 (0.33 to 0.78)", to the last digit in print.
std::string published_text(const RiskClassRow& row) {
  const auto text = [](const std::optional<double>& value) {
    return value ? shortest(*value) : std::string("?");
  };
  if (!row.published_low && !row.published_high) return row.published ? text(row.published) : "";
  const std::string ends = text(row.published_low) + " to " + text(row.published_high);
  return row.published ? text(row.published) + " (" + ends + ")" : ends;
}

void begin_table(JsonWriter& json, const std::string& id, const std::string& title,
                 const std::string& note) {
  json.begin_object();
  json.key("id").text(id);
  json.key("title").text(title);
  json.key("section").text("risk_classes");
  if (!note.empty()) json.key("note").text(note);
  json.key("columns").begin_array();
  column(json, "system", "Risk system", {}, "wide");
  column(json, "class", "Class", {}, "wide");
}

void put_class(JsonWriter& json, const ReportInput& in, const RiskClassRow& row) {
  json.key("system").text(system_name(row));
  const std::string detail = detail_of(in, row);
  json.key("class").text(row.label + ": " + row.words + (detail.empty() ? "" : "; " + detail));
}

void put_origin(JsonWriter& json, const RiskClassRow& row) {
  json.key("place").text(place_of(row));
  json.key("source").text(row.source);
  json.key("doubt").text(row.doubt);
}

/// One line a published figure, a column a strategy.
void add_table(JsonWriter& json, const ReportInput& in, const EndpointShape& endpoint,
               const Measure& measure, const Rows& rows) {
  const bool timed = measure.statistic == "survival";
  begin_table(
      json, "classes-" + endpoint.name + "-" + std::string(measure.statistic),
      titled(endpoint) + " by class: " + std::string(measure.words),
      "± is the Monte Carlo error. Published intervals are in brackets. Patients: those behind "
      "the published figure; cohort: all classes of the published cohort together.");
  if (timed) column(json, "at_months", "At", "months");
  column(json, "share", "Simulated, in class", "share");
  column(json, "published", "Published", measure.unit, {}, measure.digits);
  column(json, "printed_as", "Printed as");
  std::vector<std::size_t> shown;
  for (std::size_t s = 0; s < in.shape().strategies.size(); ++s) {
    const bool there = std::any_of(rows.begin(), rows.end(), [&](const RiskClassRow* row) {
      return row->strategy == in.shape().strategies[s];
    });
    if (!there) continue;
    shown.push_back(s);
    column(json, "simulated_" + in.shape().strategies[s], in.strategy_title(s), measure.unit);
  }
  column(json, "n", "Patients");
  column(json, "cohort", "Cohort");
  column(json, "source", "Source");
  column(json, "place", "Read in");
  column(json, "doubt", "Doubt", {}, "wide");
  json.end_array();
  json.key("rows").begin_array();
  for (std::size_t i = 0; i < rows.size();) {
    const RiskClassRow& row = *rows[i];
    json.begin_object();
    put_class(json, in, row);
    if (timed) put_number(json, "at_months", row.at_months);
    put_number(json, "share", row.share);
    json.key("published");
    put_published(json, row);
    json.key("printed_as").text(plain(row.printed_as));
    for (; i < rows.size() && rows[i]->figure == row.figure; ++i) {
      json.key("simulated_" + rows[i]->strategy);
      put_simulated(json, *rows[i]);
    }
    put_number(json, "n", row.n);
    put_number(json, "cohort", row.cohort);
    put_origin(json, row);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

/// Parts of a text between `mark`s.
std::vector<std::string> parts(const std::string& text, const std::string& mark) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const auto end = std::min(text.find(mark, begin), text.size());
    out.push_back(text.substr(begin, end - begin));
    begin = end + mark.size();
  }
  return out;
}

}  // namespace

Citations citations_of_classes(const ReportInput& in) {
  Citations out;
  for (const RiskClassRow& row : in.classes) {
    const std::vector<std::string> keys = parts(row.source, " ");
    const std::vector<std::string> full = parts(row.reference, " | ");
    for (std::size_t i = 0; i < keys.size() && keys.size() == full.size(); ++i) {
      if (!keys[i].empty()) out.emplace_back(keys[i], full[i]);
    }
    if (!row.quoted_in.empty() && !row.review.empty()) out.emplace_back(row.quoted_in, row.review);
  }
  return out;
}

void add_risk_classes(JsonWriter& json, const ReportInput& in) {
  if (in.classes.empty()) return;
  json.key("risk_classes").begin_array();
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    for (const Measure& measure : measures) {
      const Rows rows = rows_of(in, endpoint.name, measure.statistic);
      if (rows.empty()) continue;
      json.begin_object();
      json.key("endpoint").text(endpoint.name);
      json.key("statistic").text(measure.statistic);
      json.key("title").text(titled(endpoint));
      json.key("unit").text(measure.unit);
      json.key("rows").begin_array();
      for (const RiskClassRow* row : rows) put_row(json, in, *row);
      json.end_array();
      json.end_object();
    }
  }
  json.end_array();
}

void add_risk_class_tables(JsonWriter& json, const ReportInput& in) {
  for (const EndpointShape& endpoint : in.shape().endpoints) {
    for (const Measure& measure : measures) {
      const Rows rows = rows_of(in, endpoint.name, measure.statistic);
      if (!rows.empty()) add_table(json, in, endpoint, measure, rows);
    }
  }
  const auto apart = [](const RiskClassRow& row) { return row.strategy.empty(); };
  if (std::none_of(in.classes.begin(), in.classes.end(), apart)) return;
  begin_table(json, "classes-published-only", "Published figures without a simulated one", {});
  column(json, "statistic", "Figure");
  column(json, "published", "Published");
  column(json, "reason", "Why", {}, "wide");
  column(json, "source", "Source");
  column(json, "place", "Read in");
  column(json, "doubt", "Doubt", {}, "wide");
  json.end_array();
  json.key("rows").begin_array();
  for (const RiskClassRow& row : in.classes) {
    if (!apart(row)) continue;
    json.begin_object();
    put_class(json, in, row);
    json.key("statistic")
        .text(row.endpoint + ", " + plain(row.statistic) +
              (row.at_months ? " at " + months_text(*row.at_months) + " months" : ""));
    json.key("published").text(published_text(row));
    json.key("reason").text(row.reason);
    put_origin(json, row);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace npcsim::detail

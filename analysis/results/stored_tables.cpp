#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/input_rows.hpp>
#include <npcsim/results/detail/stored_tables.hpp>

#include <algorithm>
#include <optional>

namespace npcsim::detail {

namespace {

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

// Cells of a column, or `n` empty ones if the table does not have it.
std::vector<double> numbers_of(const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  if (column == nullptr) return std::vector<double>(table.rows());
  if (const auto* numbers = std::get_if<Column::Numbers>(&column->cells)) return *numbers;
  std::vector<double> out;
  if (const auto* integers = std::get_if<Column::Integers>(&column->cells)) {
    for (const std::int64_t cell : *integers) out.push_back(static_cast<double>(cell));
  }
  out.resize(table.rows());
  return out;
}

std::vector<std::string> texts_of(const Table& table, const std::string& name) {
  const Column* column = table.find(name);
  const auto* texts = column == nullptr ? nullptr : std::get_if<Column::Texts>(&column->cells);
  return texts == nullptr ? std::vector<std::string>(table.rows()) : *texts;
}

std::optional<double> cell(double value) {
  return value == value ? std::optional<double>(value) : std::nullopt;
}

}  // namespace

std::vector<std::optional<double>> optional_numbers_of(const Table& table,
                                                       const std::string& column) {
  std::vector<std::optional<double>> out;
  // A table without the column has empty cells.
  const bool there = table.find(column) != nullptr;
  for (const double number : numbers_of(table, column)) {
    out.push_back(there ? cell(number) : std::nullopt);
  }
  return out;
}

double grid_step(const OutcomeShape& shape, std::size_t most_points) {
  const double horizon = Ticks{shape.horizon_ticks}.months();
  double step = 0.25;
  while (horizon / step > static_cast<double>(most_points)) step *= 2;
  return step;
}

Table curves_table(const OutcomeShape& shape, const std::vector<Curve>& curves) {
  Column::Texts strategy;
  Column::Texts endpoint;
  Column::Numbers months;
  Column::Numbers survival;
  Column::Numbers low;
  Column::Numbers high;
  Column::Integers at_risk;
  for (const Curve& curve : curves) {
    strategy.insert(strategy.end(), curve.months.size(), shape.strategies[curve.strategy]);
    endpoint.insert(endpoint.end(), curve.months.size(), shape.endpoints[curve.endpoint].name);
    months.insert(months.end(), curve.months.begin(), curve.months.end());
    survival.insert(survival.end(), curve.survival.begin(), curve.survival.end());
    low.insert(low.end(), curve.lo95.begin(), curve.lo95.end());
    high.insert(high.end(), curve.hi95.begin(), curve.hi95.end());
    for (const std::uint64_t n : curve.at_risk) at_risk.push_back(static_cast<std::int64_t>(n));
  }
  Table table;
  table.name = "curves";
  table.add_texts("strategy").cells = std::move(strategy);
  table.add_texts("endpoint").cells = std::move(endpoint);
  table.add_numbers("months", "months", "time since the endpoint's origin").cells =
      std::move(months);
  table.add_numbers("survival", "share", "event-free after the events at that time").cells =
      std::move(survival);
  table.add_numbers("lo95", "share", "lower limit of the pointwise 95 % interval").cells =
      std::move(low);
  table.add_numbers("hi95", "share", "upper limit of the pointwise 95 % interval").cells =
      std::move(high);
  table.add_integers("at_risk", "count", "under observation and event-free just before").cells =
      std::move(at_risk);
  return table;
}

std::vector<Curve> curves_of(const OutcomeShape& shape, const Table& table) {
  const auto strategy = texts_of(table, "strategy");
  const auto endpoint = texts_of(table, "endpoint");
  const auto months = numbers_of(table, "months");
  const auto survival = numbers_of(table, "survival");
  const auto low = numbers_of(table, "lo95");
  const auto high = numbers_of(table, "hi95");
  const auto at_risk = numbers_of(table, "at_risk");
  std::vector<std::string> endpoints;
  for (const EndpointShape& known : shape.endpoints) endpoints.push_back(known.name);
  std::vector<Curve> curves;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::size_t s = index_of(shape.strategies, strategy[row]);
    const std::size_t e = index_of(endpoints, endpoint[row]);
    if (s == shape.strategies.size() || e == endpoints.size()) continue;
    if (curves.empty() || curves.back().strategy != s || curves.back().endpoint != e) {
      curves.emplace_back();
      curves.back().strategy = s;
      curves.back().endpoint = e;
    }
    Curve& curve = curves.back();
    curve.months.push_back(months[row]);
    curve.survival.push_back(survival[row]);
    curve.lo95.push_back(low[row]);
    curve.hi95.push_back(high[row]);
    curve.at_risk.push_back(static_cast<std::uint64_t>(at_risk[row]));
  }
  return curves;
}

std::vector<SummaryRow> summary_rows_of(const Table& table) {
  const auto strategy = texts_of(table, "strategy");
  const auto versus = texts_of(table, "versus");
  const auto subgroup = texts_of(table, "subgroup");
  const auto endpoint = texts_of(table, "endpoint");
  const auto statistic = texts_of(table, "statistic");
  const auto unit = texts_of(table, "unit");
  const auto at_months = numbers_of(table, "at_months");
  const auto value = numbers_of(table, "value");
  const auto se = numbers_of(table, "se");
  const auto low = numbers_of(table, "lo95");
  const auto high = numbers_of(table, "hi95");
  std::vector<SummaryRow> rows(table.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    SummaryRow& row = rows[i];
    row.strategy = strategy[i];
    row.versus = versus[i];
    row.subgroup = subgroup[i];
    row.endpoint = endpoint[i];
    row.statistic = statistic[i];
    row.unit = unit[i];
    row.at_months = cell(at_months[i]);
    row.value = cell(value[i]);
    row.se = cell(se[i]);
    row.lo95 = cell(low[i]);
    row.hi95 = cell(high[i]);
  }
  return rows;
}

Table parameters_table(const CompiledStudy& study) {
  Column::Texts name;
  Column::Numbers value;
  Column::Texts unit;
  Column::Texts prior;
  Column::Texts source;
  Column::Texts identified;
  Column::Texts meaning;
  for (const InputRow& row : input_rows(study)) {
    if (!row.number) continue;
    name.push_back(row.name);
    value.push_back(*row.number);
    unit.push_back(row.unit);
    prior.push_back(row.prior);
    source.push_back(row.source);
    identified.push_back(row.identified);
    meaning.push_back(row.meaning);
  }
  Table table;
  table.name = "parameters";
  table.add_texts("name").cells = std::move(name);
  table.add_numbers("value", "see unit", "as written in the model document").cells =
      std::move(value);
  table.add_texts("unit").cells = std::move(unit);
  table.add_texts("prior", "as written; empty if none").cells = std::move(prior);
  table.add_texts("source", "citation keys separated by spaces, or assumed").cells =
      std::move(source);
  table.add_texts("identified", "what informs the value").cells = std::move(identified);
  table.add_texts("meaning").cells = std::move(meaning);
  return table;
}

Table provenance_table(const Provenance& provenance) {
  Table table;
  table.name = "provenance";
  table.add_texts("name").cells = Column::Texts{"version", "commit",  "compiler",     "build_type",
                                                "command", "threads", "wall_seconds", "started_at"};
  table.add_texts("value").cells = Column::Texts{provenance.version,
                                                 provenance.commit,
                                                 provenance.compiler,
                                                 provenance.build_type,
                                                 provenance.command,
                                                 std::to_string(provenance.threads),
                                                 shortest(provenance.wall_seconds),
                                                 provenance.started_at};
  return table;
}

Provenance provenance_of(const Table& table) {
  const auto names = texts_of(table, "name");
  const auto values = texts_of(table, "value");
  const auto value = [&](const std::string& name) {
    const std::size_t i = index_of(names, name);
    return i < values.size() ? values[i] : std::string();
  };
  Provenance out;
  out.version = value("version");
  out.commit = value("commit");
  out.compiler = value("compiler");
  out.build_type = value("build_type");
  out.command = value("command");
  out.threads = static_cast<int>(parse_integer(value("threads")).value_or(0));
  out.wall_seconds = parse_number(value("wall_seconds")).value_or(0);
  out.started_at = value("started_at");
  return out;
}

}  // namespace npcsim::detail

#include <npcsim/io/files.hpp>
#include <npcsim/results/detail/column_buffer.hpp>
#include <npcsim/results/detail/draw_tables.hpp>
#include <npcsim/results/detail/stored_tables.hpp>

#include <algorithm>
#include <limits>

namespace npcsim::detail {

namespace {

constexpr const char* group = "/draws";

// A column of texts that repeat: codes, with the texts in the order in which they first occur.
class TextCodes {
 public:
  TextCodes(Hdf5File& file, const std::string& name, std::string_view meaning,
            std::int64_t position, const std::vector<SummaryRow>& keys,
            std::string SummaryRow::*text)
      : column_(file, std::string(group) + "/" + name, "code", meaning, position) {
    std::vector<std::string> levels;
    for (const SummaryRow& key : keys) {
      const auto found = std::find(levels.begin(), levels.end(), key.*text);
      codes_.push_back(static_cast<std::int32_t>(found - levels.begin()));
      if (found == levels.end()) levels.push_back(key.*text);
    }
    file.set_attribute(column_.path(), "levels", std::string_view(lines_of(levels)));
  }
  void add(std::size_t key) { column_.add(codes_[key]); }
  void flush() { column_.flush(); }

 private:
  ColumnBuffer<std::int32_t> column_;
  std::vector<std::int32_t> codes_;  // [key]
};

}  // namespace

DrawValues draw_values(const CompiledStudy& study, const RunResult& run) {
  const DrawFigures figures(study.shape);
  return {figures.keys(), figures.of(*run.tally), run.draws};
}

void write_draws_csv(const std::string& path, const DrawValues& draws, const StopSign& stop) {
  write_file_atomically(path, [&](const std::function<void(std::string_view)>& put) {
    for (std::size_t draw = 0; draw < draws.count(); ++draw) {
      go_on_unless(stop);
      const std::string text =
          to_csv(draw_table(draws.keys, draws.of(draw), static_cast<std::int64_t>(draw)));
      put(draw == 0 ? text : std::string_view(text).substr(text.find('\n') + 1));
    }
  });
}

void write_draw_columns(Hdf5File& file, const DrawValues& draws, const StopSign& stop) {
  file.make_group(group);
  file.set_attribute(group, "name", std::string_view("draws"));
  ColumnBuffer<std::int32_t> number(file, "/draws/draw", "number", "0: the values of the documents",
                                    0);
  std::vector<TextCodes> texts;
  texts.reserve(6);
  texts.emplace_back(file, "strategy", "the strategy that the figure belongs to", 1, draws.keys,
                     &SummaryRow::strategy);
  texts.emplace_back(file, "versus", "the reference strategy of a contrast, or empty", 2,
                     draws.keys, &SummaryRow::versus);
  texts.emplace_back(file, "subgroup", "name=level, or empty", 3, draws.keys,
                     &SummaryRow::subgroup);
  texts.emplace_back(file, "endpoint", "endpoint, endpoint:cause or measure", 4, draws.keys,
                     &SummaryRow::endpoint);
  texts.emplace_back(file, "statistic", "what the figure is", 5, draws.keys,
                     &SummaryRow::statistic);
  ColumnBuffer<double> at_months(file, "/draws/at_months", "months",
                                 "the time that the figure refers to; NaN: none", 6);
  ColumnBuffer<double> value(file, "/draws/value", "see unit", "NaN: not reached, or none", 7);
  texts.emplace_back(file, "unit", "unit of value", 8, draws.keys, &SummaryRow::unit);
  for (std::size_t draw = 0; draw < draws.count(); ++draw) {
    go_on_unless(stop);
    const std::vector<double>& values = draws.of(draw);
    for (std::size_t key = 0; key < draws.keys.size(); ++key) {
      number.add(static_cast<std::int32_t>(draw));
      for (TextCodes& text : texts) text.add(key);
      at_months.add(draws.keys[key].at_months.value_or(std::numeric_limits<double>::quiet_NaN()));
      value.add(values[key]);
    }
  }
  number.flush();
  for (TextCodes& text : texts) text.flush();
  at_months.flush();
  value.flush();
}

Table draw_parameters_table(const CompiledStudy& study) {
  const ParameterTable& parameters = study.model.parameters;
  const std::int64_t count = study.draws ? study.draws->count : 0;
  Column::Integers numbers;
  std::vector<Column::Numbers> columns(parameters.rows().size());
  for (Column::Numbers& column : columns) column.reserve(static_cast<std::size_t>(count) + 1);
  for (std::int64_t draw = 0; draw <= count; ++draw) {
    numbers.push_back(draw);
    const std::vector<double> written = study.draws ? study.draws->written(draw, parameters)
                                                    : ParameterDraws{}.written(0, parameters);
    for (std::size_t i = 0; i < columns.size(); ++i) columns[i].push_back(written[i]);
  }
  Table table;
  table.name = "draws_parameters";
  table.add_integers("draw", "number", "0: the values of the documents").cells = std::move(numbers);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const Parameter& parameter = parameters.rows()[i];
    const std::string name = parameter.name == "draw" ? "draw_" : parameter.name;
    table.add_numbers(name, parameter.unit, parameter.meaning).cells = std::move(columns[i]);
  }
  return table;
}

std::vector<DrawSummaryRow> summarised(const DrawValues& draws) {
  return summarise_draws(draws.keys, draws.base, draws.draws);
}

std::vector<DrawSummaryRow> draw_summary_rows_of(const Table& table) {
  const std::vector<SummaryRow> figures = summary_rows_of(table);
  std::vector<DrawSummaryRow> rows(figures.size());
  const auto numbers = [&](const char* name) { return optional_numbers_of(table, name); };
  const auto base = numbers("base");
  const auto draws = numbers("draws");
  const auto mean = numbers("mean");
  const auto sd = numbers("sd");
  const auto low = numbers("p2_5");
  const auto median = numbers("p50");
  const auto high = numbers("p97_5");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].figure = figures[i];
    rows[i].figure.value = base[i];
    rows[i].draws = static_cast<std::size_t>(draws[i].value_or(0));
    rows[i].mean = mean[i];
    rows[i].sd = sd[i];
    rows[i].low = low[i];
    rows[i].median = median[i];
    rows[i].high = high[i];
  }
  return rows;
}

}  // namespace npcsim::detail

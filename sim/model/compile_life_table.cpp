// Life tables: from the columns of a file to rows by sex, age and year.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace npcsim {
namespace {

const Column* column_of(const Table& table, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const Column* column = table.find(name)) return column;
  }
  return nullptr;
}

struct LifeTableColumns {
  explicit LifeTableColumns(const Table& table)
      : age(column_of(table, {"age_from", "age", "age_start"})),
        age_to(column_of(table, {"age_to", "age_end"})),
        rate(column_of(table, {"rate", "deaths_per_person_year", "mx"})),
        probability(column_of(table, {"probability", "qx"})),
        sex(column_of(table, {"sex"})),
        year(column_of(table, {"year"})) {}
  /// Names of the columns that say how many die.
  static std::vector<std::string> deaths(const Table& table) {
    std::vector<std::string> out;
    for (const char* name : {"rate", "deaths_per_person_year", "mx", "probability", "qx"}) {
      if (table.find(name) != nullptr) out.emplace_back(name);
    }
    return out;
  }
  bool enough() const { return age != nullptr && (rate != nullptr || probability != nullptr); }

  const Column* age;
  const Column* age_to;
  const Column* rate;
  const Column* probability;
  const Column* sex;
  const Column* year;
};

double cell(const Column& column, std::size_t row) {
  if (const auto* numbers = std::get_if<Column::Numbers>(&column.cells)) return (*numbers)[row];
  if (const auto* integers = std::get_if<Column::Integers>(&column.cells)) {
    return static_cast<double>((*integers)[row]);
  }
  // A column with one text in it is read as texts.
  return parse_number(column.cell_text(row)).value_or(std::numeric_limits<double>::quiet_NaN());
}

// Without a column of ends the next interval of the same stratum closes each.
void close_intervals(std::vector<LifeTableRow>& rows) {
  std::vector<LifeTableRow*> sorted;
  for (LifeTableRow& row : rows) {
    if (std::isfinite(row.age_from_years)) sorted.push_back(&row);  // others are reported
  }
  const auto stratum = [](const LifeTableRow* row) {
    return std::make_tuple(row->sex, row->year.value_or(0));
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const auto* a, const auto* b) {
    return std::make_tuple(stratum(a), a->age_from_years) <
           std::make_tuple(stratum(b), b->age_from_years);
  });
  for (std::size_t i = 0; i + 1 < sorted.size(); ++i) {
    if (stratum(sorted[i]) == stratum(sorted[i + 1]))
      sorted[i]->age_to_years = sorted[i + 1]->age_from_years;
  }
}

}  // namespace

// Reports the cells that cannot be read. No rows if it cannot be told where one of them belongs;
// otherwise a share of deaths that cannot be read stands as 0, so that the rest can be looked at.
std::vector<LifeTableRow> Compiler::life_table_rows(const HazardDoc& doc, const Table& table) {
  const LifeTableColumns columns(table);
  const auto wrong = [&](std::size_t row, const std::string& what) {
    diagnostics_.error(doc.life_table.place,
                       "row " + std::to_string(row + 1) + " of the life table: " + what);
  };
  const Column& deaths = columns.rate != nullptr ? *columns.rate : *columns.probability;
  const auto number = [&](const Column& column, std::size_t i, bool may_be_empty) {
    const double value = cell(column, i);
    const std::string text = column.cell_text(i);
    if (value != value && !(may_be_empty && text.empty())) {
      wrong(i, text.empty() ? "'" + column.name + "' is empty"
                            : "'" + column.name + "' must be a number, found '" + text + "'");
    }
    return value;
  };
  std::vector<LifeTableRow> rows;
  bool in_place = true;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    LifeTableRow row;
    const std::size_t before = diagnostics_.error_count();
    row.age_from_years = number(*columns.age, i, false);
    row.measure =
        columns.rate != nullptr ? LifeTableRow::Measure::rate : LifeTableRow::Measure::probability;
    if (columns.sex != nullptr) {
      const std::string text = columns.sex->cell_text(i);
      row.sex = text == "male"     ? LifeTableSex::male
                : text == "female" ? LifeTableSex::female
                                   : LifeTableSex::all;
      // A misspelt word would give men and women the same deaths without a word.
      if (row.sex == LifeTableSex::all && text != "both" && text != "all" && !text.empty())
        wrong(i, "sex must be male, female or both, found '" + text + "'");
    }
    if (columns.age_to != nullptr) {
      const double to = number(*columns.age_to, i, true);
      if (to == to) row.age_to_years = to;
    }
    if (columns.year != nullptr) {
      const double year = cell(*columns.year, i);
      if (year >= 1000 && year <= 9999 && year == std::floor(year)) {
        row.year = static_cast<int>(year);
      } else {
        wrong(i, "year must be a calendar year such as 2010, found '" + columns.year->cell_text(i) +
                     "'");
      }
    }
    in_place = in_place && diagnostics_.error_count() == before;
    const double value = number(deaths, i, false);
    row.value = value == value ? value : 0.0;
    rows.push_back(row);
  }
  if (!in_place) return {};
  if (columns.age_to == nullptr) close_intervals(rows);
  return rows;
}

void Compiler::life_table(const HazardDoc& doc, Process& out) {
  const auto found = input_.data.find(doc.life_table.text);
  if (out.clock != Clock::age) {
    diagnostics_.error(doc.life_table.place, "a life table runs on the age clock",
                       "write clock: age");
  }
  if (found == input_.data.end()) return;  // the reader has reported it
  const Table& table = found->second;
  const LifeTableColumns columns(table);
  if (!columns.enough()) {
    diagnostics_.error(doc.life_table.place,
                       "the life table needs the columns age_from and rate (deaths per "
                       "person-year) or probability",
                       "optional: sex (male, female), age_to, year");
    return;
  }
  if (const auto deaths = LifeTableColumns::deaths(table); deaths.size() > 1) {
    diagnostics_.error(
        doc.life_table.place,
        "the life table says twice how many die: '" + deaths[0] + "' and '" + deaths[1] + "'",
        "leave one of the columns out");
    return;
  }
  const std::size_t before = diagnostics_.error_count();
  const std::vector<LifeTableRow> rows = life_table_rows(doc, table);
  if (rows.empty() && diagnostics_.error_count() > before) return;
  LifeTableResult built = LifeTable::build(rows, at(doc.hazard_multiplier, 1.0));
  for (const std::string& problem : built.problems)
    diagnostics_.error(doc.life_table.place, problem);
  if (!built.table || diagnostics_.error_count() > before) return;
  const int any_year = 9999;  // the latest; a diagonal finds its own
  const auto male = built.table->stratum(LifeTableSex::male, any_year);
  const auto female = built.table->stratum(LifeTableSex::female, any_year);
  if (!male || !female) {
    diagnostics_.error(doc.life_table.place,
                       std::string("the life table has no rows for ") + (male ? "women" : "men"),
                       "rows for everybody have the sex both");
  } else {
    out.male_stratum = static_cast<std::uint32_t>(*male);
    out.female_stratum = static_cast<std::uint32_t>(*female);
  }
  out.life_table = std::make_shared<const LifeTable>(std::move(*built.table));
  out.calendar_column = calendar_column(doc, *out.life_table);
  out.sex_column = program_.find_column(model_.sex.text);
  if (columns.sex != nullptr && out.sex_column < 0) {
    diagnostics_.error(
        doc.life_table.place, "the life table tells men and women apart, but no attribute does",
        "declare the flag '" + model_.sex.text + "' (true for men), or name yours under 'sex'");
  } else if (columns.sex != nullptr && has_other_levels(out.sex_column)) {
    // The second of two levels would count as true.
    diagnostics_.error(model_.sex.place.line > 0 ? model_.sex.place : doc.life_table.place,
                       "'" + model_.sex.text +
                           "' is no flag, and the life table asks for one "
                           "that is true for men",
                       "declare a flag, e.g. man: {condition: {" + model_.sex.text +
                           ": male}}, and name it under 'sex'");
  }
  if (out.age_column < 0) out.age_column = 0;
}

}  // namespace npcsim

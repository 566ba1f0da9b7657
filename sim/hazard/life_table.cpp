#include <npcsim/base/portable_math.hpp>
#include <npcsim/hazard/life_table.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <tuple>

namespace npcsim {
namespace {

constexpr double days_per_year = 365.25;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

std::string age_problem(const LifeTableRow& row) {
  if (!(row.age_from_years >= 0.0 && std::isfinite(row.age_from_years))) {
    return "start of age must be 0 or above, found " + number(row.age_from_years);
  }
  if (!(row.age_to_years > row.age_from_years)) {
    return "end of age must be above its start " + number(row.age_from_years) + ", found " +
           number(row.age_to_years);
  }
  return {};
}

std::string value_problem(const LifeTableRow& row) {
  if (row.measure == LifeTableRow::Measure::rate) {
    return row.value >= 0.0 && std::isfinite(row.value)
               ? std::string()
               : "death rate must be 0 or above, found " + number(row.value);
  }
  if (std::isinf(row.age_to_years)) {
    return "an open interval needs a death rate: a probability of death has no rate there";
  }
  return row.value >= 0.0 && row.value < 1.0
             ? std::string()
             : "probability of death must be at least 0 and below 1, found " + number(row.value);
}

double hazard_per_day(const LifeTableRow& row) {
  if (row.measure == LifeTableRow::Measure::rate) return row.value / days_per_year;
  return -portable::log1p(-row.value) / ((row.age_to_years - row.age_from_years) * days_per_year);
}

struct NumberedRow {
  LifeTableRow row;
  std::size_t number;
};

auto stratum_key(const LifeTableRow& row) {
  return std::make_tuple(row.sex, row.year.has_value(), row.year.value_or(0));
}

}  // namespace

LifeTableResult LifeTable::build(const std::vector<LifeTableRow>& rows, double multiplier) {
  LifeTableResult result;
  std::vector<std::string>& problems = result.problems;
  if (!(multiplier >= 0.0 && std::isfinite(multiplier))) {
    problems.push_back("hazard multiplier must be 0 or above, found " + number(multiplier));
  }
  if (rows.empty()) problems.push_back("the life table has no rows");
  std::vector<NumberedRow> sorted;
  bool has_ages = !rows.empty();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    std::string problem = age_problem(rows[i]);
    has_ages = has_ages && problem.empty();
    if (problem.empty()) problem = value_problem(rows[i]);
    if (!problem.empty()) problems.push_back("row " + std::to_string(i + 1) + ": " + problem);
    sorted.push_back({rows[i], i + 1});
  }
  // Without the ages of a row its neighbours would seem to have a gap between them.
  if (!has_ages) return result;

  std::stable_sort(sorted.begin(), sorted.end(), [](const NumberedRow& a, const NumberedRow& b) {
    return std::make_tuple(stratum_key(a.row), a.row.age_from_years) <
           std::make_tuple(stratum_key(b.row), b.row.age_from_years);
  });
  LifeTable table;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const LifeTableRow& row = sorted[i].row;
    const bool first = i == 0 || stratum_key(sorted[i - 1].row) != stratum_key(row);
    const double per_day = multiplier * hazard_per_day(row);
    if (first) {
      Stratum begun;
      begun.sex = row.sex;
      begun.year = row.year;
      begun.from_days = {0.0};
      begun.cumulative = {0.0};
      begun.per_day = {per_day};
      table.strata_.push_back(std::move(begun));
      continue;
    }
    const double end_before = sorted[i - 1].row.age_to_years;
    if (row.age_from_years != end_before) {
      const bool gap = row.age_from_years > end_before;
      problems.push_back("row " + std::to_string(sorted[i].number) + ": " +
                         (gap ? "gap" : "overlap") + " with row " +
                         std::to_string(sorted[i - 1].number) + ", which ends at age " +
                         number(end_before) + ", found start " + number(row.age_from_years));
      continue;
    }
    Stratum& stratum = table.strata_.back();
    const double from = row.age_from_years * days_per_year;
    stratum.cumulative.push_back(stratum.cumulative.back() +
                                 stratum.per_day.back() * (from - stratum.from_days.back()));
    stratum.from_days.push_back(from);
    stratum.per_day.push_back(per_day);
  }
  if (!problems.empty()) return result;
  table.join_years();
  result.table = std::move(table);
  return result;
}

std::optional<std::size_t> LifeTable::stratum(LifeTableSex sex, int year) const noexcept {
  // Strata are sorted by sex, then year, those without a year first.
  for (const LifeTableSex wanted : {sex, LifeTableSex::all}) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < strata_.size(); ++i) {
      if (strata_[i].sex != wanted) continue;
      if (!found || !strata_[i].year || *strata_[i].year <= year) found = i;
    }
    if (found) return found;
  }
  return std::nullopt;
}

/// The last start that is <= value, by binary search. \pre starts[0] <= value.
std::size_t LifeTable::piece_at(const std::vector<double>& starts, double value) noexcept {
  std::size_t low = 0;
  std::size_t high = starts.size();
  while (high - low > 1) {
    const std::size_t middle = low + (high - low) / 2;
    (starts[middle] <= value ? low : high) = middle;
  }
  return low;
}

double LifeTable::hazard(double age_days, std::size_t stratum) const noexcept {
  const Stratum& s = strata_[stratum];
  return s.per_day[piece_at(s.from_days, age_days)];
}

double LifeTable::cumulative(double age_days, std::size_t stratum) const noexcept {
  const Stratum& s = strata_[stratum];
  const std::size_t piece = piece_at(s.from_days, age_days);
  if (s.per_day[piece] == 0.0) return s.cumulative[piece];
  return s.cumulative[piece] + s.per_day[piece] * (age_days - s.from_days[piece]);
}

double LifeTable::age_at(double cumulative, std::size_t stratum) const noexcept {
  return age_after(0.0, cumulative, stratum);
}

double LifeTable::age_after(double age_days, double spent, std::size_t stratum) const noexcept {
  const Stratum& s = strata_[stratum];
  if (!(spent > 0.0)) return age_days;
  std::size_t piece = piece_at(s.from_days, age_days);
  const std::size_t last = s.from_days.size() - 1;
  // The first interval by itself, so that small amounts are not lost in the cumulative hazard.
  const double here = piece < last ? s.per_day[piece] * (s.from_days[piece + 1] - age_days) : 0.0;
  if (piece == last || spent <= here) {
    return s.per_day[piece] > 0.0 ? age_days + spent / s.per_day[piece]
                                  : std::numeric_limits<double>::infinity();
  }
  const double target = s.cumulative[piece + 1] + (spent - here);
  piece = piece_at(s.cumulative, target);
  // Among intervals without hazard the search gives the last; go back to where it was reached.
  while (piece > 0 && s.cumulative[piece] == target) --piece;
  return s.per_day[piece] > 0.0
             ? s.from_days[piece] + (target - s.cumulative[piece]) / s.per_day[piece]
             : std::numeric_limits<double>::infinity();
}

}  // namespace npcsim

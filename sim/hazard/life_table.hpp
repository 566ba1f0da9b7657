// Background mortality by sex and attained age, optionally by calendar year.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// Sexes of a life table; `all` for a table that does not tell them apart.
enum class LifeTableSex : std::uint8_t { female, male, all };

/// One interval of age of one stratum.
struct LifeTableRow {
  /// m: deaths per person-year; q: probability of death within the interval, given alive at its
  /// start.
  enum class Measure : std::uint8_t { rate, probability };

  LifeTableSex sex = LifeTableSex::all;
  double age_from_years = 0.0;
  double age_to_years = std::numeric_limits<double>::infinity();  ///< infinite: open, the last
  double value = 0.0;
  Measure measure = Measure::rate;
  std::optional<int> year;  ///< calendar year the row holds from, until the next one given
};

/// A patient's way through a table by year: age and calendar time go on together, along a diagonal
/// of the Lexis diagram (Preston, Heuveline & Guillot 2001, chapter 2).
struct LexisDiagonal {
  std::size_t stratum = 0;  ///< of the patient's sex, as LifeTable::stratum() gives it for any year
  double birth_days = 0.0;  ///< calendar time of birth: 365.25 x the decimal year
};

struct LifeTableResult;

/// Hazard of death on the clock of attained age, constant within each interval: for a probability
/// q over n years -log(1 - q) / n per year, so that the table's q is met exactly. Ages are in days,
/// 365.25 to the year. The calendar year is a stratum, chosen once per patient (a period table), or
/// followed along a diagonal: then a stratum holds until the next begins, the first also before its
/// year and the last for good.
class LifeTable {
 public:
  /// \param multiplier scales every hazard (selected or deprived populations); >= 0, finite.
  /// Rows of a stratum may come in any order, but must join without gap or overlap; the last may
  /// be closed, and then its hazard goes on. Below the first age the first hazard holds.
  static LifeTableResult build(const std::vector<LifeTableRow>& rows, double multiplier = 1.0);

  /// Index of the stratum for a sex and calendar year: the latest year not after it, else the
  /// earliest; a table without sexes serves both. Nothing if the sex is missing.
  std::optional<std::size_t> stratum(LifeTableSex sex, int year) const noexcept;
  std::size_t stratum_count() const noexcept { return strata_.size(); }

  /// The latest year of a sex that has rates of more than one year; nothing if no sex has.
  std::optional<int> latest_of_years() const noexcept;

  /// Hazard per day at attained age. \pre age_days >= 0.
  double hazard(double age_days, std::size_t stratum) const noexcept;

  /// Cumulative hazard from birth to attained age, no unit.
  double cumulative(double age_days, std::size_t stratum) const noexcept;

  /// The age in days at which the cumulative hazard reaches `cumulative`; infinity if never.
  double age_at(double cumulative, std::size_t stratum) const noexcept;

  /// The age at which `spent` >= 0 more is spent after age_days; exact for small amounts.
  double age_after(double age_days, double spent, std::size_t stratum) const noexcept;

  // The same along a diagonal. A walk from interval to interval: what is found over a short way is
  // exact for that way, and costs little.
  double hazard(double age_days, const LexisDiagonal& way) const noexcept;
  /// Cumulative hazard between two ages. \pre from_days <= to_days.
  double cumulative_between(double from_days, double to_days,
                            const LexisDiagonal& way) const noexcept;
  double age_after(double age_days, double spent, const LexisDiagonal& way) const noexcept;

 private:
  class Walk;
  struct Stratum {
    LifeTableSex sex;
    std::optional<int> year;
    std::vector<double> from_days;   // starts with 0
    std::vector<double> cumulative;  // at from_days
    std::vector<double> per_day;
    double from_day = -std::numeric_limits<double>::infinity();  // calendar time when it begins
    std::size_t first = 0;                                       // stratum of the sex's first year
    std::size_t last = 0;                                        // and of its last
  };

  static std::size_t piece_at(const std::vector<double>& starts, double value) noexcept;
  void join_years();

  std::vector<Stratum> strata_;
};

/// A table, or all that is wrong with the rows; their numbers count from 1.
struct LifeTableResult {
  std::optional<LifeTable> table;
  std::vector<std::string> problems;
};

}  // namespace npcsim

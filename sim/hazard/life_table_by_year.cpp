// Life tables by calendar year: hazards along the diagonal on which a patient grows older.
#include <npcsim/base/units.hpp>
#include <npcsim/hazard/life_table.hpp>

#include <algorithm>

namespace npcsim {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

// Strata are sorted by sex, then year: those of a sex follow each other.
void LifeTable::join_years() {
  for (std::size_t i = 0; i < strata_.size(); ++i) {
    Stratum& stratum = strata_[i];
    const bool begins = i == 0 || strata_[i - 1].sex != stratum.sex;
    stratum.first = begins ? i : strata_[i - 1].first;
    if (!begins) stratum.from_day = *stratum.year * days_per_year;
    for (std::size_t k = stratum.first; k <= i; ++k) strata_[k].last = i;
  }
}

std::optional<int> LifeTable::latest_of_years() const noexcept {
  std::optional<int> latest;
  for (const Stratum& stratum : strata_) {
    if (stratum.first < stratum.last && stratum.year)
      latest = std::max(*stratum.year, latest.value_or(*stratum.year));
  }
  return latest;
}

// The rectangle of the Lexis diagram, an interval of age in a stratum of calendar time, that a
// patient is in.
class LifeTable::Walk {
 public:
  Walk(const std::vector<Stratum>& strata, double age_days, const LexisDiagonal& way)
      : strata_(strata), birth_days_(way.birth_days), last_(strata[way.stratum].last) {
    stratum_ = strata[way.stratum].first;
    std::size_t beyond = last_ + 1;
    while (beyond - stratum_ > 1) {
      const std::size_t middle = stratum_ + (beyond - stratum_) / 2;
      (age_when_begins(middle) <= age_days ? stratum_ : beyond) = middle;
    }
    piece_ = piece_at(strata_[stratum_].from_days, age_days);
    find_end();
  }

  double per_day() const { return strata_[stratum_].per_day[piece_]; }
  /// The age at which the patient leaves it; infinity if never.
  double until() const { return until_; }

  /// Goes on to the next one. A birthday and a new year may fall on one instant. \pre until() is
  /// finite.
  void go_on() {
    if (stratum_ < last_ && age_when_begins(stratum_ + 1) <= until_) ++stratum_;
    // Other years may have other intervals of age.
    const std::vector<double>& starts = strata_[stratum_].from_days;
    if (piece_ >= starts.size() || starts[piece_] > until_) piece_ = piece_at(starts, until_);
    while (piece_ + 1 < starts.size() && starts[piece_ + 1] <= until_) ++piece_;
    find_end();
  }

 private:
  double age_when_begins(std::size_t stratum) const {
    return strata_[stratum].from_day - birth_days_;
  }
  void find_end() {
    const std::vector<double>& starts = strata_[stratum_].from_days;
    until_ = piece_ + 1 < starts.size() ? starts[piece_ + 1] : infinity;
    if (stratum_ < last_) until_ = std::min(until_, age_when_begins(stratum_ + 1));
  }

  const std::vector<Stratum>& strata_;
  double birth_days_;
  std::size_t last_;  // stratum of the latest year
  std::size_t stratum_ = 0;
  std::size_t piece_ = 0;
  double until_ = infinity;
};

double LifeTable::hazard(double age_days, const LexisDiagonal& way) const noexcept {
  return Walk(strata_, age_days, way).per_day();
}

double LifeTable::cumulative_between(double from_days, double to_days,
                                     const LexisDiagonal& way) const noexcept {
  Walk walk(strata_, from_days, way);
  double sum = 0.0;
  double age = from_days;
  while (walk.until() < to_days) {
    sum += walk.per_day() * (walk.until() - age);
    age = walk.until();
    walk.go_on();
  }
  return walk.per_day() > 0.0 ? sum + walk.per_day() * (to_days - age) : sum;
}

double LifeTable::age_after(double age_days, double spent,
                            const LexisDiagonal& way) const noexcept {
  if (!(spent > 0.0)) return age_days;
  double age = age_days;
  double left = spent;
  for (Walk walk(strata_, age_days, way);; walk.go_on()) {
    const double per_day = walk.per_day();
    const double here = per_day > 0.0 ? per_day * (walk.until() - age) : 0.0;
    if (left <= here) return std::min(age + left / per_day, walk.until());
    if (walk.until() == infinity) return infinity;
    left -= here;
    age = walk.until();
  }
}

}  // namespace npcsim

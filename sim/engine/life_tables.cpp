// Processes whose hazard is a life table, by age alone or by age and calendar year. Apart from the
// others, whose code is to stay short.
#include <npcsim/base/units.hpp>
#include <npcsim/engine/life.hpp>

namespace npcsim {

std::size_t Life::stratum(const Process& process) const {
  const bool man = process.sex_column >= 0 && column(process.sex_column) > 0.5;
  return man ? process.male_stratum : process.female_stratum;
}

// \pre the process has a calendar column, and its clock stands.
LexisDiagonal Life::diagonal(std::size_t p) const {
  const Process& process = program_.processes[p];
  return {stratum(process), column(process.calendar_column) * days_per_year + clock_zero_[p]};
}

double Life::cumulative_of_table(std::size_t p, double u) const {
  const Process& process = program_.processes[p];
  if (process.calendar_column < 0) return process.life_table->cumulative(u, stratum(process));
  // Only differences are used, so it may count from diagnosis, which is near; not from the last
  // change: it depends on u alone, whatever was asked before.
  return process.life_table->cumulative_between(-clock_zero_[p], u, diagonal(p));
}

// The age at which what is left of the threshold is spent, from the anchor on.
double Life::age_by_table(std::size_t p, double hazard_left) const {
  const Process& process = program_.processes[p];
  const double age = anchor_[p].u;
  if (process.calendar_column < 0)
    return process.life_table->age_after(age, hazard_left, stratum(process));
  return process.life_table->age_after(age, hazard_left, diagonal(p));
}

}  // namespace npcsim

// Life tables by calendar year against the product over the pieces of the Lexis diagonal.
#include "simulated.hpp"

#include <cmath>

namespace npcsim::testing {
namespace {

using std::exp;

/// From an age, in years, until the next row of the same year.
struct Rate {
  double age = 0;
  double deaths = 0;  ///< per person-year
};
struct Year {
  double from = 0;
  std::vector<Rate> rates;
};

// The rows of life_table_by_year.csv, once more.
const std::vector<Year> men{{2000, {{0, 0.004}, {50, 0.02}, {60, 0.06}, {70, 0.16}}},
                            {2005, {{0, 0.003}, {55, 0.012}, {60, 0.04}, {75, 0.13}}},
                            {2012, {{0, 0.002}, {50, 0.008}, {60, 0.025}, {70, 0.09}}}};
const std::vector<Year> women{{2000, {{0, 0.002}, {50, 0.011}, {65, 0.07}}},
                              {2012, {{0, 0.001}, {50, 0.005}, {65, 0.05}}}};

/// H between two times, in years since a diagnosis at an age and a decimal year: for each cell of
/// the Lexis diagram its rate times the years that the diagonal is in it. The first year of the
/// table holds before it and the last one for good.
double spent(const std::vector<Year>& table, double age, double calendar, double from, double to) {
  double sum = 0;
  for (std::size_t y = 0; y < table.size(); ++y) {
    const double begins = y == 0 ? -1e9 : table[y].from - calendar;
    const double ends = y + 1 < table.size() ? table[y + 1].from - calendar : 1e9;
    const auto& rates = table[y].rates;
    for (std::size_t a = 0; a < rates.size(); ++a) {
      const double older = a + 1 < rates.size() ? rates[a + 1].age - age : 1e9;
      const double low = std::max({from, begins, rates[a].age - age});
      const double high = std::min({to, ends, older});
      if (high > low) sum += rates[a].deaths * (high - low);
    }
  }
  return sum;
}

std::string background(const std::string& model, const std::string& study) {
  return R"(study: background_by_year
model:
  model: background
  states: [alive, dead]
)" + model +
         R"(  processes:
    death: {from: alive, to: dead, clock: age, hazard: {life_table: life_table_by_year.csv, hazard_multiplier: 0.8, source: assumed}}
  agents:
    drug:
      effects: [{process: death, hr: 0.25, kernel: {onset: 12 months, duration: 24 months}, source: assumed}]
  endpoints: {OS: {states: [dead]}}
patients: 1000000
seed: 61
horizon: 1200 months
landmarks: [6, 50, 120, 200]
)" + study;
}

TEST(Calendar, SurvivalIsTheProductAlongTheDiagonal) {
  // Diagnosed at 56.5 early in 2003: the rates change at 58.25 (2005), 60, 65, 65.25 (2012), 70.
  const Simulated run(
      compiled(background(R"(  attributes:
    male: {bernoulli: 0.4, source: assumed}
    age: {constant: 56.5, unit: years, source: assumed}
)",
                          "diagnosed_on: 2003.25\nstrategies: [{strategy: none}]\n")));
  const auto survival = [](double months) {
    return 0.4 * exp(-0.8 * spent(men, 56.5, 2003.25, 0, months / 12)) +
           0.6 * exp(-0.8 * spent(women, 56.5, 2003.25, 0, months / 12));
  };
  for (const double t : {6.0, 50.0, 120.0, 200.0}) EXPECT_TRUE(run.survival("OS", t, survival(t)));
  // Months at which a birthday of the table or a new year changes the hazard.
  EXPECT_TRUE(run.mean("OS", restricted(survival, 1200, {21, 42, 102, 105, 162})));
  // The rates of the latest year alone would be another survival by far.
  EXPECT_GT(0.4 * exp(-0.8 * spent(men, 56.5, 2012, 0, 10)) +
                0.6 * exp(-0.8 * spent(women, 56.5, 2012, 0, 10)) - survival(120),
            0.05);
}

TEST(Calendar, PatientsOfTheirOwnYearsAndAnEffectThatComesAndGoes) {
  const Simulated run(compiled(background(
      R"(  diagnosed_on: year_of_diagnosis
  attributes:
    male: {constant: 1, source: assumed}
    age: {constant: 58, unit: years, source: assumed}
    year_of_diagnosis: {uniform: [1998, 2014], source: assumed}
)",
      "strategies: [{strategy: none}, {strategy: drug, steps: [{give: drug}]}]\n")));
  // In force from 12 to 36 months.
  const auto hazard = [](double calendar, double years, double hr) {
    const double one = std::min(years, 1.0);
    const double three = std::min(years, 3.0);
    return 0.8 * (spent(men, 58, calendar, 0, one) + hr * spent(men, 58, calendar, one, three) +
                  spent(men, 58, calendar, three, years));
  };
  for (const auto& [strategy, hr] : {std::pair{"none", 1.0}, std::pair{"drug", 0.25}}) {
    for (const double t : {6.0, 50.0, 120.0, 200.0}) {
      // In d the hazard is linear between the years of diagnosis at which an edge of a cell is met.
      std::vector<double> edges;
      for (const double year : {2005.0, 2012.0}) {
        for (const double since : {0.0, 1.0, 2.0, 3.0, 12.0, 17.0, t / 12})
          edges.push_back(year - since);
      }
      std::sort(edges.begin(), edges.end());
      const double factor = hr;
      const double expected = integral(
          [&](double d) { return exp(-hazard(d, t / 12, factor)) / 16; }, 1998, 2014, edges);
      EXPECT_TRUE(run.survival("OS", t, expected, strategy));
    }
  }
}

}  // namespace
}  // namespace npcsim::testing

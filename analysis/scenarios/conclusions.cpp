#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/comparison/terminal_table.hpp>
#include <npcsim/results/months_text.hpp>
#include <npcsim/scenarios/conclusions.hpp>

#include <cmath>

namespace npcsim {
namespace {

constexpr double shown_landmark = 36;  // months; chosen, as in the table of a run

// Times are whole ticks, 1/974 of a month: nearer than this they are the same.
bool same_time(const std::optional<double>& a, const std::optional<double>& b) {
  return a && b ? std::fabs(*a - *b) < 1e-6 : !a && !b;
}

}  // namespace

std::vector<Headline> headlines(const OutcomeShape& shape) {
  std::vector<Headline> out;
  if (shape.endpoints.empty()) return out;
  const std::string& first = shape.endpoints.front().name;
  std::string overall = shape.endpoints.back().name;
  for (const EndpointShape& endpoint : shape.endpoints) {
    if (endpoint.name == "OS") overall = endpoint.name;
  }
  if (first != overall) out.push_back({first, "hazard_ratio", {}, true, 1, "HR " + first});
  out.push_back({overall, "hazard_ratio", {}, true, 1, "HR " + overall});
  if (const auto landmark = nearest_landmark(shape, shown_landmark)) {
    out.push_back({overall, "difference_survival", landmark, false, 100,
                   overall + " at " + months_text(*landmark) + " mo, difference, %"});
  }
  const double horizon = Ticks{shape.horizon_ticks}.months();
  out.push_back({overall, "difference_rmst", horizon, false, 1,
                 "RMST " + overall + " to " + months_text(horizon) + " mo, difference"});
  return out;
}

std::vector<std::size_t> contrasted_strategies(const OutcomeShape& shape) {
  std::vector<std::size_t> out;
  for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
    if (static_cast<std::int32_t>(s) != shape.reference) out.push_back(s);
  }
  return out;
}

const SummaryRow* find_row(const std::vector<SummaryRow>& rows, const std::string& strategy,
                           const Headline& headline) {
  for (const SummaryRow& row : rows) {
    if (row.strategy == strategy && row.subgroup.empty() && row.endpoint == headline.endpoint &&
        row.statistic == headline.statistic && same_time(row.at_months, headline.at_months))
      return &row;
  }
  return nullptr;
}

Favours favours(const SummaryRow* row, const Headline& headline) {
  if (row == nullptr || !row->lo95 || !row->hi95) return Favours::neither;
  constexpr double rounding = 1e-6;  // of the fit of a hazard ratio between equal groups
  const double none = headline.ratio ? 1 : 0;
  if (*row->lo95 <= none + rounding && *row->hi95 >= none - rounding) return Favours::neither;
  return (*row->lo95 > none) != headline.ratio ? Favours::strategy : Favours::reference;
}

Changed changed(Favours base, Favours scenario) {
  if (base == scenario) return Changed::no;
  if (scenario == Favours::neither) return Changed::lost;
  return base == Favours::neither ? Changed::gained : Changed::reversed;
}

std::vector<ChangedConclusion> changed_conclusions(const ScenarioSet& set,
                                                   const ScenarioRows& rows) {
  std::vector<ChangedConclusion> out;
  const std::vector<Headline> shown = headlines(set.shape());
  for (const std::size_t strategy : contrasted_strategies(set.shape())) {
    const std::string& name = set.shape().strategies[strategy];
    for (std::size_t scenario = 1; scenario < rows.size(); ++scenario) {
      for (std::size_t h = 0; h < shown.size(); ++h) {
        const Changed how = changed(favours(find_row(rows.front(), name, shown[h]), shown[h]),
                                    favours(find_row(rows[scenario], name, shown[h]), shown[h]));
        if (how != Changed::no) out.push_back({scenario, strategy, h, how});
      }
    }
  }
  return out;
}

}  // namespace npcsim

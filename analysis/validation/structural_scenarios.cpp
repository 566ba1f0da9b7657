#include <npcsim/base/quantity_text.hpp>
#include <npcsim/validation/structural_scenarios.hpp>

#include <cmath>

namespace npcsim {
namespace {

std::string title_of(const ScenarioSet& set, std::size_t strategy) {
  const StrategyDoc& doc = set.base().strategy_docs[strategy];
  return doc.title.empty() ? doc.name : doc.title;
}

std::string words_of(const Headline& headline) {
  if (headline.ratio) return "Hazard ratio of " + headline.endpoint;
  return "Difference of " + headline.endpoint + " at " +
         shortest(std::round(headline.at_months.value_or(0) * 100) / 100) + " months";
}

}  // namespace

std::vector<PageScenario> page_scenarios(const ScenarioSet& set, const ScenarioRows& rows) {
  std::vector<PageScenario> out;
  const OutcomeShape& shape = set.shape();
  const auto reference = static_cast<std::size_t>(shape.reference);
  const std::vector<Headline> all = headlines(shape);
  if (all.empty() || rows.empty()) return out;
  const std::string& overall = all.back().endpoint;
  for (const std::size_t strategy : contrasted_strategies(shape)) {
    for (const Headline& headline : all) {
      if (headline.endpoint != overall || headline.statistic == "difference_rmst") continue;
      const std::string& name = shape.strategies[strategy];
      const SummaryRow* base = find_row(rows.front(), name, headline);
      if (base == nullptr || !base->value) continue;
      for (std::size_t s = 1; s < rows.size() && s < set.scenarios.size(); ++s) {
        const SummaryRow* row = find_row(rows[s], name, headline);
        if (row == nullptr || !row->value) continue;
        out.push_back({set.scenarios[s].title,
                       words_of(headline) + ": " + title_of(set, strategy) + " against " +
                           title_of(set, reference),
                       headline.ratio ? "" : "share", row->value, base->value});
      }
    }
  }
  return out;
}

}  // namespace npcsim

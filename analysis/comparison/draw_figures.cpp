#include <npcsim/comparison/draw_figures.hpp>

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace npcsim {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

// So many patients that each level of each subgroup has one, all followed to the horizon.
OutcomeBlock one_of_each(const OutcomeShape& shape) {
  std::size_t patients = 1;
  for (const SubgroupShape& subgroup : shape.subgroups) {
    patients = std::max(patients, subgroup.levels.size());
  }
  OutcomeBlock block;
  block.resize(shape, 0, static_cast<std::uint32_t>(patients));
  std::fill(block.ticks.begin(), block.ticks.end(), shape.horizon_ticks);
  for (std::size_t g = 0; g < shape.subgroups.size(); ++g) {
    for (std::size_t i = 0; i < patients; ++i) {
      block.levels[g * patients + i] =
          static_cast<std::uint8_t>(i % shape.subgroups[g].levels.size());
    }
  }
  return block;
}

bool same_figure(const SummaryRow& a, const SummaryRow& b) {
  return a.statistic == b.statistic && a.strategy == b.strategy && a.endpoint == b.endpoint &&
         a.subgroup == b.subgroup && a.versus == b.versus && a.at_months == b.at_months;
}

}  // namespace

DrawFigures::DrawFigures(const OutcomeShape& shape) {
  Tally tally(shape);
  tally.add(one_of_each(shape));
  keys_ = summary_rows(tally, Errors::none);
  for (SummaryRow& key : keys_) {
    key.value.reset();
    key.se.reset();
    key.lo95.reset();
    key.hi95.reset();
  }
}

std::vector<double> DrawFigures::of(const Tally& tally) const {
  std::vector<double> values(keys_.size(), none);
  // A run leaves out rows of sets without patients; the others keep their order.
  std::size_t key = 0;
  for (const SummaryRow& row : summary_rows(tally, Errors::none)) {
    while (key < keys_.size() && !same_figure(keys_[key], row)) ++key;
    if (key == keys_.size()) throw std::logic_error("a figure that the shape does not have");
    values[key++] = row.value.value_or(none);
  }
  return values;
}

Table draw_table(const std::vector<SummaryRow>& keys, const std::vector<double>& values,
                 std::int64_t draw) {
  Column::Texts strategy, versus, subgroup, endpoint, statistic, unit;
  Column::Numbers at_months;
  for (const SummaryRow& key : keys) {
    strategy.push_back(key.strategy);
    versus.push_back(key.versus);
    subgroup.push_back(key.subgroup);
    endpoint.push_back(key.endpoint);
    statistic.push_back(key.statistic);
    at_months.push_back(key.at_months.value_or(none));
    unit.push_back(key.unit);
  }
  Table table;
  table.name = "draws";
  table.add_integers("draw", "number", "0: the values of the documents").cells =
      Column::Integers(keys.size(), draw);
  table.add_texts("strategy").cells = std::move(strategy);
  table.add_texts("versus").cells = std::move(versus);
  table.add_texts("subgroup").cells = std::move(subgroup);
  table.add_texts("endpoint").cells = std::move(endpoint);
  table.add_texts("statistic").cells = std::move(statistic);
  table.add_numbers("at_months", "months").cells = std::move(at_months);
  table.add_numbers("value", "see unit").cells = values;
  table.add_texts("unit").cells = std::move(unit);
  return table;
}

}  // namespace npcsim

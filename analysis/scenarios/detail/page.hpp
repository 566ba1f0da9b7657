// The data of the page of a study of scenarios; analysis/report/DATA.md describes the shapes.
#pragma once

#include <npcsim/io/json.hpp>
#include <npcsim/results/results.hpp>
#include <npcsim/scenarios/conclusions.hpp>

#include <string>

namespace npcsim::detail {

/// The whole object: the same for equal runs of one program.
std::string scenario_page_data(const ScenarioSet& set, const ScenarioRows& rows,
                               const Provenance& provenance);

/// One tornado for each strategy against the reference and each headline.
void put_tornados(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows);

/// What each scenario assumes, and its headlines by contrast, as items of the list of tables.
void put_scenario_tables(JsonWriter& json, const ScenarioSet& set, const ScenarioRows& rows);

/// "Gemcitabine and cisplatin", or the name of a strategy without a title.
const std::string& strategy_title(const ScenarioSet& set, std::size_t strategy);

}  // namespace npcsim::detail

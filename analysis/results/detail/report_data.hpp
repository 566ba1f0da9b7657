// The data of the report page, section by section; analysis/report/DATA.md describes the shapes.
#pragma once

#include <npcsim/comparison/curves.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/results/detail/sampled_lives.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/results/results.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace npcsim::detail {

/// Finds rows of a summary by what they are.
class SummaryIndex {
 public:
  explicit SummaryIndex(const std::vector<SummaryRow>& rows);
  /// The row of one strategy, or of its contrast with the reference. nullptr if there is none.
  /// `at_months` picks among several times; without it, the first.
  const SummaryRow* find(const std::string& strategy, const std::string& endpoint,
                         const std::string& statistic, const std::string& subgroup = {},
                         std::optional<double> at_months = {}) const;

 private:
  using Place = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Place, std::vector<const SummaryRow*>> rows_;
};

struct ReportInput {
  const CompiledStudy& study;
  const std::vector<SummaryRow>& rows;
  const std::vector<DrawSummaryRow>& draws;  ///< empty without draws of the parameters
  const std::vector<RiskClassRow>& classes;  ///< empty without classes of risk systems
  const std::vector<Curve>& curves;
  const Provenance& provenance;
  const SampledLives& lives;
  SummaryIndex index;

  const OutcomeShape& shape() const { return study.shape; }
  const std::string& strategy_title(std::size_t strategy) const;
  /// Name for people of a cause of an endpoint.
  std::string cause_title(const std::string& cause) const;
  /// Strategies other than the reference, in order.
  std::vector<std::size_t> others() const;
};

/// The whole object.
std::string report_json(const ReportInput& in);
/// The same of a finished run, from what is in its folder. Throws FileError.
std::string stored_report_json(const CompiledStudy& study, const std::string& folder);

// One or more keys each; a section without data writes nothing.
void add_survival(JsonWriter& json, const ReportInput& in);
void add_forest(JsonWriter& json, const ReportInput& in);
void add_tables(JsonWriter& json, const ReportInput& in);
void add_uncertainty(JsonWriter& json, const ReportInput& in);
/// One of the tables of the page, into the open list of tables.
void add_uncertainty_table(JsonWriter& json, const ReportInput& in);
void add_kinds(JsonWriter& json, const ReportInput& in);
void add_occupancy(JsonWriter& json, const ReportInput& in);
void add_swimmer(JsonWriter& json, const ReportInput& in);
void add_benefit(JsonWriter& json, const ReportInput& in);
void add_treatment(JsonWriter& json, const ReportInput& in);
void add_inputs(JsonWriter& json, const ReportInput& in);
void add_risk_classes(JsonWriter& json, const ReportInput& in);
/// What the published figures beside the classes cite.
Citations citations_of_classes(const ReportInput& in);
/// Tables of the page, into the open list of tables.
void add_risk_class_tables(JsonWriter& json, const ReportInput& in);

/// "key": number or null.
void put_number(JsonWriter& json, std::string_view key, const std::optional<double>& number);
/// Members value, se, lo and hi of an open object; of no row, a value of null.
void put_estimate(JsonWriter& json, const SummaryRow* row);
/// A cell of a table.
void put_cell(JsonWriter& json, std::string_view key, const SummaryRow* row);
/// A number with six decimals: no figure shows more, and pages stay small.
double six_decimals(double value);
/// "Progression-free survival (PFS)": tables then use the short name.
std::string titled(const EndpointShape& endpoint);
/// "20,000".
std::string grouped(std::uint64_t count);
/// First letter in upper case.
std::string sentence(std::string text);

}  // namespace npcsim::detail

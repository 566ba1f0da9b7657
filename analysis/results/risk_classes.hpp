// Published survival in the classes of risk systems, and what a run simulates in the same classes.
#pragma once

#include <npcsim/base/table.hpp>
#include <npcsim/evidence/evidence.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/tally.hpp>

#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// A published figure beside the simulated one under one strategy. outputs/README.md says what each
/// column of risk_classes.csv means; empty texts and numbers are empty cells.
struct RiskClassRow {
  std::string system;        ///< id of the risk system
  std::string system_title;  ///< "Number of metastases and liver"
  std::string risk_class;    ///< flag of the class
  std::string label;         ///< "M1a"
  std::string words;         ///< "one metastasis outside the liver"
  std::string subgroup;      ///< where the class stands in summary.csv: "shen_2015_m1a=yes"
  std::optional<double> share;

  std::string figure;  ///< id of the target
  std::string study;   ///< id of the published study
  std::string arm;     ///< as printed; of a ratio, the group that is divided
  std::string against;
  bool arm_is_class = false;  ///< the arm is the class itself, whatever its patients were given
  std::string endpoint;
  std::string statistic;  ///< median, survival, hazard_ratio; else the word of the evidence
  std::optional<double> at_months;
  std::string unit;        ///< months, share, ratio or, of other statistics, empty
  std::string printed_as;  ///< word of the reading
  std::optional<double> published;
  std::optional<double> published_low;
  std::optional<double> published_high;
  std::optional<double> published_level;
  std::optional<double> n;       ///< behind this value
  std::optional<double> cohort;  ///< all classes of the cohort together
  bool chosen = false;           ///< treatment was chosen, not assigned
  std::string source;            ///< citation keys, separated by blanks
  std::string reference;         ///< the same in full, separated by " | "
  std::string quoted_in;         ///< citation key of a review; empty: read in the paper itself
  std::string review;            ///< the same in full
  std::string place;
  std::string doubt;

  std::string strategy;
  std::string versus;  ///< of a ratio between strategies
  std::optional<double> simulated;
  std::optional<double> se;
  std::optional<double> lo95;
  std::optional<double> hi95;
  std::string reason;  ///< why nothing is simulated
};

/// One row for each published figure and strategy: figures of OS and PFS of classes that are
/// subgroups of the study, in the order of the risk systems. No rows if there are none.
///
/// A figure is of the class that its target names as `risk_class`. The class is the level "yes" of
/// the subgroup of that name; of a system of two classes that divides all patients the other class
/// is the level "no". docs/methods/risk-systems.md says what is put beside what.
std::vector<RiskClassRow> risk_class_rows(const Evidence& evidence, const OutcomeShape& shape,
                                          const Tally& tally);

/// The table risk_classes.csv is written from, and back.
Table risk_classes_table(const std::vector<RiskClassRow>& rows);
std::vector<RiskClassRow> risk_class_rows_of(const Table& table);

}  // namespace npcsim

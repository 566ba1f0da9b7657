// Cox regressions that several tests look at, with their data.
#pragma once

#include "survival_regression/data_table.hpp"
#include <npcsim/survival/cox_regression.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// A data set with its records and covariates; not copied, because records are views.
class CoxCase {
 public:
  CoxCase(DataTable data, const std::vector<std::string>& names) : table(std::move(data)) {
    covariates = table.covariates(names);
  }
  CoxCase(const CoxCase&) = delete;
  CoxCase& operator=(const CoxCase&) = delete;

  CoxRegression fit() const { return cox_regression(records, covariates, options); }

  DataTable table;
  std::vector<std::int32_t> event, stratum, cluster;
  TimeToEvent records;
  Covariates covariates;
  CoxOptions options;
};

/// Survival of 227 patients with lung cancer on age, sex and performance status.
struct LungCase : CoxCase {
  LungCase() : CoxCase(DataTable::load("lung").complete({"ph_ecog"}), {"age", "sex", "ph_ecog"}) {
    event = table.equals("status", 2);
    records = {table["time"], event};
  }
};

/// The same with weights 1 + (age - 39) / 40.
struct WeightedLungCase : LungCase {
  WeightedLungCase() {
    std::vector<double> weight = table["age"];
    for (double& w : weight) w = 1 + (w - 39) / 40;
    records.weight = table.add("weight", weight);
  }
};

/// 137 veterans, cell types as contrasts against squamous.
struct VeteranCase : CoxCase {
  VeteranCase() : CoxCase(with_contrasts(), {"trt", "karno", "smallcell", "adeno", "large"}) {
    event = table.integers("status");
    records = {table["time"], event};
  }
  static DataTable with_contrasts() {
    DataTable data = DataTable::load("veteran");
    for (const char* type : {"smallcell", "adeno", "large"}) {
      data.add(type, data.is("celltype", type));
    }
    return data;
  }
};

/// The same stratified by cell type.
struct StratifiedVeteranCase : CoxCase {
  StratifiedVeteranCase() : CoxCase(VeteranCase::with_contrasts(), {"trt", "karno", "age"}) {
    event = table.integers("status");
    for (std::size_t i = 0; i < table.rows(); ++i) {
      stratum.push_back(static_cast<std::int32_t>(table["smallcell"][i] + 2 * table["adeno"][i] +
                                                  3 * table["large"][i]));
    }
    records = {table["time"], event};
    records.stratum = stratum;
  }
};

/// Stanford heart transplants: rows (start, stop], transplantation during follow-up.
struct HeartCase : CoxCase {
  HeartCase() : CoxCase(DataTable::load("heart"), {"age", "year", "surgery", "transplant"}) {
    event = table.integers("event");
    cluster = table.integers("id");
    records = {table["stop"], event, table["start"]};
  }
};

}  // namespace npcsim

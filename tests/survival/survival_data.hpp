// Data sets of R's package survival, as the tests of this folder read them.
#pragma once

#include <npcsim/survival/time_to_event.hpp>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iomanip>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {

/// Columns of tests/data/<name>.csv; an empty field is NaN, so is a word.
inline std::map<std::string, std::vector<double>> read_data(const std::string& name) {
  std::ifstream file(std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + name + ".csv");
  std::map<std::string, std::vector<double>> columns;
  std::vector<std::string> names;
  std::string line;
  while (std::getline(file, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream fields(line);
    std::string field;
    if (names.empty()) {
      while (std::getline(fields, field, ',')) names.push_back(field);
      continue;
    }
    for (const std::string& column : names) {
      field.clear();
      std::getline(fields, field, ',');
      std::istringstream number(field);
      double value = 0;
      if (!(number >> value)) value = std::numeric_limits<double>::quiet_NaN();
      columns[column].push_back(value);
    }
  }
  return columns;
}

/// Records with their own columns.
struct Records {
  std::vector<double> time;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> group;
  std::vector<double> entry;
  std::vector<double> weight;
  std::vector<std::int32_t> stratum;
  std::vector<std::int32_t> cluster;

  TimeToEvent view() const { return {time, event, entry, weight, stratum, cluster}; }
};

inline std::vector<std::int32_t> whole(const std::vector<double>& column, double less = 0) {
  std::vector<std::int32_t> out;
  for (const double value : column) out.push_back(static_cast<std::int32_t>(value - less));
  return out;
}

/// Surv(time, status == 2) by sex (0 male, 1 female).
inline Records lung() {
  auto data = read_data("lung");
  return {data["time"], whole(data["status"], 1), whole(data["sex"], 1), {}, {}, {}, {}};
}

/// The same with weights age / unit.
inline Records weighted_lung(double unit) {
  Records records = lung();
  records.weight = read_data("lung")["age"];
  for (double& weight : records.weight) weight /= unit;
  return records;
}

/// Surv(time, status) by cell type in the order squamous, smallcell, adeno, large.
inline Records veteran() {
  auto data = read_data("veteran");
  Records records{data["time"], whole(data["status"]), {}, {}, {}, {}, {}};
  std::ifstream file(std::string(NPCSIM_SOURCE_DIR) + "/tests/data/veteran.csv");
  std::string line;
  while (std::getline(file, line)) {
    const char* names[] = {",squamous,", ",smallcell,", ",adeno,", ",large,"};
    for (std::int32_t k = 0; k < 4; ++k) {
      if (line.find(names[k]) != std::string::npos) records.group.push_back(k);
    }
  }
  return records;
}

/// Surv(futime, fustat) by rx.
inline Records ovarian() {
  auto data = read_data("ovarian");
  return {data["futime"], whole(data["fustat"]), whole(data["rx"], 1), {}, {}, {}, {}};
}

/// Surv(start, stop, event) by transplant, clusters: patients.
inline Records heart() {
  auto data = read_data("heart");
  return {data["stop"], whole(data["event"]), whole(data["transplant"]), data["start"], {},
          {},           whole(data["id"])};
}

/// Surv(time, status) by rx, both event types, clusters: patients.
inline Records colon() {
  auto data = read_data("colon");
  return {data["time"], whole(data["status"]), whole(data["rx"]), {}, {}, {}, whole(data["id"])};
}

/// Deaths of colon (etype 2) by rx, strata: sex.
inline Records colon_deaths() {
  auto data = read_data("colon");
  Records records;
  for (std::size_t i = 0; i < data["time"].size(); ++i) {
    if (data["etype"][i] != 2) continue;
    records.time.push_back(data["time"][i]);
    records.event.push_back(static_cast<std::int32_t>(data["status"][i]));
    records.group.push_back(static_cast<std::int32_t>(data["rx"][i]));
    records.stratum.push_back(static_cast<std::int32_t>(data["sex"][i]));
  }
  return records;
}

/// Time to plasma cell malignancy (1) or death before it (2) in mgus2 by sex (0 female, 1 male), as
/// etime = ifelse(pstat == 0, futime, ptime), event = ifelse(pstat == 0, 2 * death, 1).
inline Records mgus() {
  auto data = read_data("mgus2");
  Records records;
  for (std::size_t i = 0; i < data["futime"].size(); ++i) {
    const bool progressed = data["pstat"][i] == 1;
    records.time.push_back(progressed ? data["ptime"][i] : data["futime"][i]);
    records.event.push_back(progressed ? 1 : data["death"][i] == 1 ? 2 : 0);
    records.group.push_back(static_cast<std::int32_t>(data["sex"][i]));
  }
  return records;
}

/// pbc where stage is known: 1 transplant, 2 death; groups: stage - 1; strata: none.
inline Records pbc_by_stage() {
  auto data = read_data("pbc");
  Records records;
  for (std::size_t i = 0; i < data["time"].size(); ++i) {
    if (std::isnan(data["stage"][i])) continue;
    records.time.push_back(data["time"][i]);
    records.event.push_back(static_cast<std::int32_t>(data["status"][i]));
    records.group.push_back(static_cast<std::int32_t>(data["stage"][i]) - 1);
    records.stratum.push_back(static_cast<std::int32_t>(data["sex"][i]));
  }
  return records;
}

/// Equal to a relative error of 1e-11, or as given.
inline ::testing::AssertionResult close(double value, double expected, double tolerance = 1e-11) {
  if (std::fabs(value - expected) <= tolerance * std::fabs(expected)) {
    return ::testing::AssertionSuccess();
  }
  ::testing::Message text;
  text.operator<<(std::setprecision(17)) << value << " is not " << expected;
  return ::testing::AssertionFailure(text);
}

/// Sum of what is finite: one number that every point of a curve moves.
inline double finite_sum(const std::vector<double>& column) {
  double sum = 0;
  for (const double value : column) sum += std::isfinite(value) ? value : 0;
  return sum;
}

}  // namespace npcsim::testing

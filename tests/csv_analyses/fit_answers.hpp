// npcsim fit's JSON for a committed data set.
#pragma once

#include "json_reading.hpp"
#include <npcsim/csv_analyses/fit_analysis.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {

struct FitAnswer {
  JsonValue json;
  FitOutput output;

  const JsonValue& result(std::size_t i = 0) const { return json.at("results").items.at(i); }
  /// One named number of every estimate of a result.
  std::vector<double> estimates(const std::string& key, std::size_t i = 0) const {
    std::vector<double> out;
    for (const JsonValue& one : result(i).at("estimates").items) {
      out.push_back(one.at(key).number);
    }
    return out;
  }
};

inline FitRequest fit_request(const std::string& time, const std::string& event,
                              const std::string& models, const std::string& covariates = "") {
  FitRequest out;
  out.roles.time = time;
  out.roles.event = event;
  for (const std::string& name : split_list(models)) {
    std::string problem;
    const auto model = parse_model(name, problem);
    EXPECT_EQ(problem, "");
    out.models.push_back(*model);
  }
  if (!covariates.empty()) out.roles.covariates = split_list(covariates);
  return out;
}

inline std::string data_path(const std::string& name) {
  return std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + name + ".csv";
}

inline FitAnswer fit_answer(DataFile file, const FitRequest& wanted, DataFile* new_data = nullptr) {
  Diagnostics diagnostics;
  auto output = fit_analysis(file, new_data, wanted, "0", diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  if (!output) throw std::runtime_error("no output");
  JsonValue json = JsonReader(output->json).read();
  return {std::move(json), std::move(*output)};
}

/// Of tests/data/NAME.csv.
inline FitAnswer fit_answer(const std::string& name, const FitRequest& wanted,
                            DataFile* new_data = nullptr) {
  Diagnostics diagnostics;
  auto file = DataFile::open(data_path(name), diagnostics);
  if (!file) throw std::runtime_error(diagnostics.text(""));
  return fit_answer(std::move(*file), wanted, new_data);
}

inline void expect_near(const std::vector<double>& found, const std::vector<double>& expected,
                        double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], tolerance * (1.0 + std::abs(expected[i]))) << "number " << i;
  }
}

}  // namespace npcsim::testing

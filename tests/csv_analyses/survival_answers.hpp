// npcsim survival's JSON for a committed data set.
#pragma once

#include "json_reading.hpp"
#include <npcsim/csv_analyses/survival_analysis.hpp>

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {

struct Answer {
  JsonValue json;
  std::string text;
  bool failed = false;
  std::vector<std::string> warnings;

  /// The entry of a statistic, for a group ("" is the entry without one, or of all records).
  const JsonValue& of(const std::string& statistic, const std::string& group = "") const {
    for (const JsonValue& result : json.at("results").items) {
      if (result.at("statistic").text == statistic && result.at("group").text == group)
        return result;
    }
    throw std::out_of_range(statistic + " of " + group);
  }
};

inline SurvivalRequest request(const std::string& time, const std::string& event,
                               const std::string& statistics) {
  SurvivalRequest out;
  out.roles.time = time;
  out.roles.event = event;
  for (const std::string& name : split_list(statistics)) {
    std::string problem;
    const auto statistic = parse_statistic(name, problem);
    EXPECT_EQ(problem, "");
    out.statistics.push_back(*statistic);
  }
  return out;
}

inline Answer answer_of(DataFile file, const SurvivalRequest& wanted) {
  Diagnostics diagnostics;
  const auto output = survival_analysis(file, wanted, "0", diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  if (!output) throw std::runtime_error("no output");
  return {JsonReader(output->json).read(), output->text, output->failed, output->warnings};
}

/// Of tests/data/NAME.csv.
inline Answer answer(const std::string& name, const SurvivalRequest& wanted) {
  Diagnostics diagnostics;
  auto file =
      DataFile::open(std::string(NPCSIM_SOURCE_DIR) + "/tests/data/" + name + ".csv", diagnostics);
  if (!file) throw std::runtime_error(diagnostics.text(""));
  return answer_of(std::move(*file), wanted);
}

inline Answer answer_to_text(const std::string& text, const SurvivalRequest& wanted) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", text, diagnostics);
  if (!file) throw std::runtime_error(diagnostics.text(""));
  return answer_of(std::move(*file), wanted);
}

/// Relative difference below `tolerance`.
inline void expect_close(const std::vector<double>& found, const std::vector<double>& expected,
                         double tolerance) {
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    EXPECT_NEAR(found[i], expected[i], tolerance * std::abs(expected[i])) << "number " << i;
  }
}

/// One named number of every coefficient.
inline std::vector<double> of_coefficients(const JsonValue& result, const std::string& key) {
  std::vector<double> out;
  for (const JsonValue& one : result.at("coefficients").items) out.push_back(one.at(key).number);
  return out;
}

inline std::vector<std::string> names_of_coefficients(const JsonValue& result) {
  std::vector<std::string> out;
  for (const JsonValue& one : result.at("coefficients").items) out.push_back(one.at("name").text);
  return out;
}

}  // namespace npcsim::testing

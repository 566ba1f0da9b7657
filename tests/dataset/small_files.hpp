// CSV texts as data files, without a disk.
#pragma once

#include <npcsim/dataset/model_frame.hpp>

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {

/// The file, or a failed test with the messages.
inline DataFile data_file(const std::string& text) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", text, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  if (!file) throw std::runtime_error("no file");
  return std::move(*file);
}

/// All named columns.
inline std::vector<DataColumn> columns_of(const std::string& text,
                                          const std::vector<std::size_t>& indices) {
  Diagnostics diagnostics;
  DataFile file = data_file(text);
  auto columns = read_columns(file, indices, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "");
  if (!columns) throw std::runtime_error("no columns");
  return std::move(*columns);
}

/// What reading a text for these roles has to complain about; empty if nothing.
inline std::string complaints(const std::string& text, const DataRoles& roles) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", text, diagnostics);
  if (file) {
    const auto data = read_study_data(*file, roles, diagnostics);
    EXPECT_EQ(data.has_value(), !diagnostics.has_errors());
  }
  return diagnostics.text("nothing was computed");
}

inline DataRoles time_and_status() {
  DataRoles roles;
  roles.time = "time";
  roles.event = "status";
  return roles;
}

}  // namespace npcsim::testing

// A small study of scenarios whose answers are elementary, and the program to run it.
#pragma once

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim::testing {

/// One event at 0.05 per month and a drug with hazard ratio 0.6; landmark 12 months, horizon 60
/// months.
std::string base_study();

/// The base case, and scenarios with hazard ratio 1.6, with none, and with a hazard of 0.02 per
/// month. Its base is the file base.yaml beside it.
std::string scenario_study();

/// The text with its only occurrence of `from` replaced. Throws std::runtime_error if it does not
/// occur exactly once.
std::string changed(std::string text, std::string_view from, std::string_view to);

/// Writes base.yaml and scenarios.yaml.
void write_studies(const TempFolder& folder, const std::string& scenarios = scenario_study());

/// Runs npcsim in a folder, without colour.
ProcessResult npcsim(const TempFolder& folder, std::vector<std::string> words);

/// Names of everything in a folder, sorted.
std::vector<std::string> names_in(const std::filesystem::path& folder);

/// Lines of a text that begin so, without that beginning.
std::string lines_after(const std::string& text, const std::string& beginning);

}  // namespace npcsim::testing

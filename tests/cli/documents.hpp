// A small study that is right, to be made wrong in one place, and the program to judge it.
#pragma once

#include "support/process.hpp"
#include "support/temp_folder.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim::testing {

/// Model, two strategies and study in one document; `npcsim check` has nothing to say about it.
std::string right_study();

/// The text with its only occurrence of `from` replaced. Throws std::runtime_error if it does not
/// occur exactly once.
std::string changed(std::string text, std::string_view from, std::string_view to);

/// Runs npcsim in a folder, without colour.
ProcessResult npcsim(const TempFolder& folder, std::vector<std::string> words);

/// What `npcsim check study.yaml` says about a text.
ProcessResult check(std::string_view text);

/// Names of everything in a folder, sorted; folders end with '/'.
std::vector<std::string> names_in(const std::filesystem::path& folder);

}  // namespace npcsim::testing

// Compares a text with a stored one.
#pragma once

#include <filesystem>
#include <string_view>

#include <gtest/gtest.h>

namespace npcsim::testing {

/// True if the file holds exactly these bytes. The message shows the first line that differs and
/// how to replace the file: `scripts/test --update` sets NPCSIM_UPDATE_GOLDEN=1, and then the file
/// is written and the comparison passes. A change of a stored text belongs into the commit that
/// causes it.
[[nodiscard]] ::testing::AssertionResult matches_golden(std::string_view actual,
                                                        const std::filesystem::path& file);

}  // namespace npcsim::testing

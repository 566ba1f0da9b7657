#include "support/golden.hpp"

#include "support/temp_folder.hpp"

#include <cstddef>
#include <cstdlib>
#include <string>

namespace npcsim::testing {
namespace {

std::string line_at(std::string_view text, std::size_t position) {
  if (position >= text.size()) {
    return "<end>";
  }
  const std::size_t before =
      position == 0 ? std::string_view::npos : text.rfind('\n', position - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return std::string(text.substr(start, text.find('\n', start) - start));
}

}  // namespace

::testing::AssertionResult matches_golden(std::string_view actual,
                                          const std::filesystem::path& file) {
  const char* update = std::getenv("NPCSIM_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    write_text(file, actual);
    return ::testing::AssertionSuccess() << "written: " << file.string();
  }
  if (!std::filesystem::exists(file)) {
    return ::testing::AssertionFailure()
           << file.string() << " does not exist; scripts/test --update writes it";
  }
  const std::string expected = read_text(file);
  if (actual == expected) {
    return ::testing::AssertionSuccess();
  }
  std::size_t position = 0;
  std::size_t line = 1;
  while (position < actual.size() && position < expected.size() &&
         actual[position] == expected[position]) {
    line += actual[position] == '\n' ? 1U : 0U;
    ++position;
  }
  return ::testing::AssertionFailure()
         << file.string() << ":" << line << ": differs\n  expected: " << line_at(expected, position)
         << "\n  actual:   " << line_at(actual, position)
         << "\nIf the change is meant: scripts/test --update";
}

}  // namespace npcsim::testing

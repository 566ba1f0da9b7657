// What documents tell their readers, as against what is simulated.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace npcsim {

/// Whether a key of a document holds words for readers alone: its value changes no number.
inline bool is_remark(std::string_view key) {
  constexpr std::array<std::string_view, 7> remarks{"source",      "sources", "label", "title",
                                                    "description", "meaning", "unit"};
  return std::find(remarks.begin(), remarks.end(), key) != remarks.end();
}

}  // namespace npcsim

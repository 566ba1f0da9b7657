// The frame of pages without scripts: those of fit, reconstruct and describe.
#pragma once

#include <string>
#include <string_view>

namespace npcsim {

/// A complete page that loads nothing, for screens of all sizes, light and dark. Its parts are
/// HTML: `caution` stands below the title (what the page must be read with), `style` are more
/// rules. Pictures take their colours from --ink, --soft, --line and --ground.
struct SmallPage {
  std::string_view title;    ///< plain text
  std::string_view caution;  ///< plain text; empty: none
  std::string_view style;
  std::string_view body;
};

[[nodiscard]] std::string small_page(const SmallPage& page);

}  // namespace npcsim

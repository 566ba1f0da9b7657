// What the build puts into the library: style sheets and the bundled figures.
#pragma once

#include <string_view>

namespace npcsim::detail {

std::string_view figures_style();
std::string_view page_style();

/// The bundled page code; empty in a build without figures.
std::string_view page_script();

/// SHA-256 of page_script() in base64, for the content security policy.
std::string_view page_script_digest();

}  // namespace npcsim::detail

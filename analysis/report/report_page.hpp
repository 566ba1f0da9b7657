// The report page of a finished run: one HTML file that holds its data, its figures and their code.
#pragma once

#include <string>
#include <string_view>

namespace npcsim {

/// The complete page as UTF-8 text for the data of one run, a JSON object as described in DATA.md.
///
/// The page loads nothing: it works from a file, without a network, and forbids itself any request.
/// In a build without figures (NPCSIM_REPORT=OFF) the same data become plain tables.
/// \throws std::invalid_argument if the text is not a JSON object with a "title"; the message says
/// line and column.
[[nodiscard]] std::string report_page(std::string_view json);

/// Whether this build holds the figures (built with NPCSIM_REPORT=ON).
[[nodiscard]] bool report_has_figures() noexcept;

}  // namespace npcsim

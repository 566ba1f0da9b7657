// The one problem to show where there is room for one.
#pragma once

#include <npcsim/base/diagnostics.hpp>

#include <algorithm>

namespace npcsim {

/// The error that was said first; warnings may stand before it. \pre diagnostics.has_errors().
inline const Diagnostic& first_error(const Diagnostics& diagnostics) {
  return *std::find_if(diagnostics.items().begin(), diagnostics.items().end(),
                       [](const Diagnostic& item) { return item.severity == Severity::error; });
}

}  // namespace npcsim

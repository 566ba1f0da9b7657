// The data of a run as plain tables, for builds without figures.
#pragma once

#include <npcsim/report/detail/json_value.hpp>

#include <string>

namespace npcsim::detail {

/// Body of the page: heading, warning, one table for each part of the data that is a list of
/// records.
std::string plain_body(const JsonValue& data);

}  // namespace npcsim::detail

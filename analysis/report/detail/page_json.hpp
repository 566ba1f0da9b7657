// The parts of a page's data that all pages write alike.
#pragma once

#include <npcsim/io/json.hpp>
#include <npcsim/report/page_head.hpp>

#include <optional>
#include <string_view>

namespace npcsim::detail {

/// "key": number, or null.
void put(JsonWriter& json, std::string_view key, std::optional<double> number);

/// "key": text; nothing if it is empty.
void put_text(JsonWriter& json, std::string_view key, std::string_view text);

/// "value", "lo" and "hi" of an object that is open.
void put_estimate(JsonWriter& json, const PageEstimate& estimate);

/// Title, provenance, assumptions, sources and notes of an object that is open.
void put_head(JsonWriter& json, const PageHead& head);

}  // namespace npcsim::detail

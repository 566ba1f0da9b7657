#include <npcsim/base/quantity_text.hpp>
#include <npcsim/csv_analyses/analysis_json.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim {

AnalysisJson::AnalysisJson(std::string_view command, std::string_view version) {
  json_.begin_object().key("command").text(command).key("version").text(version);
  json_.key("input").begin_object();
}

void AnalysisJson::end_input() {
  if (!in_input_) return;
  in_input_ = false;
  json_.end_object().key("results").begin_array();
}

JsonWriter& AnalysisJson::begin_result(std::string_view kind, std::string_view name) {
  end_input();
  return json_.begin_object().key(kind).text(name);
}

void AnalysisJson::end_result() { json_.end_object(); }

std::string AnalysisJson::finish(const std::vector<std::string>& warnings) {
  end_input();
  json_.end_array();
  put(json_, "warnings", warnings);
  json_.end_object();
  return json_.str() + "\n";
}

void put(JsonWriter& json, std::string_view key, double value) { json.key(key).number(value); }

void put(JsonWriter& json, std::string_view key, std::string_view value) {
  json.key(key).text(value);
}

void put(JsonWriter& json, std::string_view key, const char* value) {
  put(json, key, std::string_view(value));
}

void put_count(JsonWriter& json, std::string_view key, std::size_t value) {
  json.key(key).integer(static_cast<std::int64_t>(value));
}

void put_flag(JsonWriter& json, std::string_view key, bool value) { json.key(key).boolean(value); }

void put(JsonWriter& json, std::string_view key, std::span<const double> values) {
  json.key(key).begin_array();
  for (const double value : values) json.number(value);
  json.end_array();
}

void put(JsonWriter& json, std::string_view key, const std::vector<double>& values) {
  put(json, key, std::span<const double>(values));
}

void put(JsonWriter& json, std::string_view key, const std::vector<std::string>& values) {
  json.key(key).begin_array();
  for (const std::string& value : values) json.text(value);
  json.end_array();
}

void put_matrix(JsonWriter& json, std::string_view key, std::span<const double> values,
                std::size_t columns) {
  json.key(key).begin_array();
  for (std::size_t at = 0; columns > 0 && at + columns <= values.size(); at += columns) {
    json.begin_array();
    for (const double value : values.subspan(at, columns)) json.number(value);
    json.end_array();
  }
  json.end_array();
}

std::string figure(double value, int digits) {
  if (!std::isfinite(value)) return "-";
  const double size = std::abs(value);
  std::array<char, 64> text{};
  if (size < 1e15 && !(size < std::floor(size)) && !(size > std::floor(size))) {
    std::snprintf(text.data(), text.size(), "%.0f", value);  // whole numbers are counts
    return text.data();
  }
  if (size >= 1) return rounded(value, digits);
  if (size < 1e-5) {
    std::snprintf(text.data(), text.size(), "%.*g", digits, value);
  } else {
    const int zeros = static_cast<int>(std::floor(-std::log10(size)));
    std::snprintf(text.data(), text.size(), "%.*f", digits + zeros, value);
  }
  return text.data();
}

std::string p_value_text(double p) {
  if (!std::isfinite(p)) return "-";
  if (p < 0.001) return "<0.001";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.3f", p);
  return text.data();
}

}  // namespace npcsim

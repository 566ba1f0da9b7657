// What the commands that analyse CSV files (survival, fit, reconstruct) write: one JSON object.
//
//   AnalysisJson out("fit", version);                      // {"command": "fit", "version": ...,
//   out.input().key("data").text(path);                    //  "input": {"data": ...,
//   out.input().key("digest").text(digest_text(...));
//   JsonWriter& result = out.begin_result("model", "weibull");   // "results": [{"model":
//   "weibull", put(result, "loglik", fit.loglik); put(result, "knots", fit.knots);
//   out.end_result();
//   return out.finish(warnings);                           //  "warnings": [...]}
#pragma once

#include <npcsim/io/json.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// One JSON object {"command", "version", "input": {...}, "results": [...], "warnings": [...]},
/// written from front to back. Numbers read back to the same double; what is not finite is null.
class AnalysisJson {
 public:
  AnalysisJson(std::string_view command, std::string_view version);

  /// For the keys of "input". \pre no result has been begun.
  JsonWriter& input() { return json_; }

  /// Begins an entry of "results": {kind: name, ...}, e.g. "statistic": "km" or "model": "weibull".
  /// The caller writes further keys to the writer that is returned.
  JsonWriter& begin_result(std::string_view kind, std::string_view name);
  void end_result();

  /// Closes everything; nothing may be written afterwards.
  std::string finish(const std::vector<std::string>& warnings);

 private:
  void end_input();

  JsonWriter json_;
  bool in_input_ = true;
};

/// "key": value. Not finite: null.
void put(JsonWriter& json, std::string_view key, double value);
void put(JsonWriter& json, std::string_view key, std::string_view value);
void put(JsonWriter& json, std::string_view key, const char* value);
void put_count(JsonWriter& json, std::string_view key, std::size_t value);
void put_flag(JsonWriter& json, std::string_view key, bool value);
/// "key": [..]
void put(JsonWriter& json, std::string_view key, std::span<const double> values);
void put(JsonWriter& json, std::string_view key, const std::vector<double>& values);
void put(JsonWriter& json, std::string_view key, const std::vector<std::string>& values);
/// "key": [[..], ..] of a matrix that is stored row by row. \pre values.size() is a multiple of
/// columns.
void put_matrix(JsonWriter& json, std::string_view key, std::span<const double> values,
                std::size_t columns);

/// What an analysis gives back.
struct AnalysisOutput {
  std::string json;  ///< the object above, with a line end
  std::string text;  ///< the same for a person at a terminal
  std::vector<std::string> warnings;
  /// Something that was asked for could not be computed (no convergence, a flat likelihood): the
  /// numbers are absent, a warning says so, and the program ends with code 65.
  bool failed = false;
};

/// For terminals: about `digits` significant digits, "-" for what is not finite.
std::string figure(double value, int digits = 4);
/// A p-value: three decimals, "<0.001" below that.
std::string p_value_text(double p);

}  // namespace npcsim

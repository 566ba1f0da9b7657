// Named parameters: the numbers that calibration and sensitivity analysis may move.
#pragma once

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/base/quantity_text.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

/// Prior distribution of a parameter, in the unit in which its value is written.
struct Prior {
  enum class Kind : std::uint8_t { none, fixed, normal, log_normal, beta, half_normal };
  Kind kind = Kind::none;
  double first = 0;   ///< mean; median; a; scale
  double second = 0;  ///< standard deviation; that of the logarithm; b
  SourcePlace place;
};

/// One named parameter of a model; `value` is in the inner unit of its dimension (days, per day,
/// Gy).
struct Parameter {
  std::string name;
  std::string meaning;
  double value = 0;
  Dimension dimension = Dimension::none;
  std::string unit;                 ///< as written, for people
  double written = 0;               ///< the number as written, in `unit`
  std::string suffix;               ///< what stands behind the number and decides how it is read
  std::string prior;                ///< as written, "" if none
  Prior distribution;               ///< the same, understood
  std::vector<std::string> source;  ///< citation keys or "assumed"; empty if none was given
  std::string identified;           ///< what informs it, as written
  SourcePlace place;
};

/// The value in inner units of another number that is written where this parameter's value stands;
/// nothing if it cannot stand there, e.g. 120 before "% within 12 months".
std::optional<double> inner_value(const Parameter& parameter, double written);

/// The parameters of one model in order of declaration.
class ParameterTable {
 public:
  void add(Parameter parameter) { rows_.push_back(std::move(parameter)); }
  /// Index of a name, or -1.
  std::int32_t find(std::string_view name) const {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].name == name) return static_cast<std::int32_t>(i);
    }
    return -1;
  }
  const std::vector<Parameter>& rows() const { return rows_; }
  std::vector<Parameter>& rows() { return rows_; }
  /// Values in order of declaration, inner units.
  std::vector<double> values() const {
    std::vector<double> out;
    for (const Parameter& row : rows_) out.push_back(row.value);
    return out;
  }

 private:
  std::vector<Parameter> rows_;
};

/// A scientific number in a document: a literal, or a product of a literal and named parameters.
struct Value {
  double factor = 0;                     ///< in the inner unit of the dimension
  std::vector<std::int32_t> parameters;  ///< indices into the ParameterTable
  SourcePlace place;
  Dimension dimension = Dimension::none;  ///< as it was read
  bool given = false;

  static Value of(double literal) {
    Value value;
    value.factor = literal;
    value.given = true;
    return value;
  }
  double at(const std::vector<double>& parameter_values) const {
    double out = factor;
    for (const std::int32_t index : parameters) {
      out *= parameter_values[static_cast<std::size_t>(index)];
    }
    return out;
  }
};

}  // namespace npcsim

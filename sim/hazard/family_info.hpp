// Names, parameters and help of the hazard families: one row per family, used by every reader.
#pragma once

#include <npcsim/hazard/baseline.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace npcsim {

/// Scale on which a parameter takes linear predictors and is fitted, as in flexsurv.
enum class Transform : std::uint8_t { identity, log, logit };

/// What a parameter is measured in, for converting time units.
enum class ParameterDimension : std::uint8_t {
  none,
  time,       ///< scales with the time unit
  rate,       ///< per time
  log_time,   ///< log of a time: a change of unit adds
  rate_power  ///< per time^shape (weibull_ph scale), or spline coefficients of log time
};

struct ParameterInfo {
  std::string_view name;
  Transform transform;
  ParameterDimension dimension;
  std::string_view help;  ///< one line
};

struct FamilyInfo {
  Family family;
  std::string_view name;                    ///< as documents and outputs write it
  std::array<std::string_view, 4> aliases;  ///< other names that are understood; "" after the last
  std::array<ParameterInfo, 4> parameters;
  std::size_t parameter_count;  ///< rows of `parameters` in use
  bool repeats;                 ///< the last one repeats, numbered, as the knots require
  bool needs_knots;
  std::string_view help;
};

inline constexpr std::size_t family_count = 13;

/// All families, in the order of the enumeration.
const std::array<FamilyInfo, family_count>& families() noexcept;

const FamilyInfo& family_info(Family family) noexcept;

/// By name or alias, upper or lower case as written in flexsurv; null if unknown.
const FamilyInfo* find_family(std::string_view name) noexcept;

/// "weibull", "cure_mixture_weibull", "cure_non_mixture_llogis".
struct NamedFamily {
  Family family;
  Cure cure;
};
std::optional<NamedFamily> find_model(std::string_view name) noexcept;

/// Canonical name with the cure prefix, the inverse of find_model.
std::string model_name(Family family, Cure cure);

/// The row of parameter i, 0 <= i < parameter_count(baseline); theta for the cured fraction.
const ParameterInfo& parameter_info(const Baseline& baseline, int i) noexcept;

/// Its name; numbered if it repeats ("rate_0", "gamma_3").
std::string parameter_name(const Baseline& baseline, int i);

/// What is wrong with the knots, in words; empty if nothing.
std::string knot_problem(const Baseline& baseline);

/// The first value out of range, in words ("shape must be above 0, found -1"); empty if all are
/// well. \pre knot_problem() is empty.
std::string parameter_problem(const Baseline& baseline, const double* parameters);

/// The same for one parameter by itself; a spline's coefficients are also judged together, with
/// the place where the curve fails, by parameter_problem().
std::string parameter_problem(const Baseline& baseline, int i, double value);

}  // namespace npcsim

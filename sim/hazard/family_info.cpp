#include <npcsim/hazard/family_info.hpp>
#include <npcsim/hazard/spline.hpp>

#include <cmath>
#include <cstdio>

namespace npcsim {
namespace {

using D = ParameterDimension;
using T = Transform;

constexpr ParameterInfo none{};
constexpr ParameterInfo theta{"theta", T::logit, D::none, "fraction that never has the event"};
constexpr ParameterInfo weibull_shape{
    "shape", T::log, D::none, "above 1 the hazard rises, below 1 it falls, 1 is exponential"};
constexpr ParameterInfo log_logistic_shape{"shape", T::log, D::none,
                                           "above 1 the hazard has a hump, otherwise it falls"};
constexpr ParameterInfo location{"mu", T::identity, D::log_time, "location of log time"};
constexpr ParameterInfo spread{"sigma", T::log, D::none, "spread of log time"};
constexpr ParameterInfo q{"Q", T::identity, D::none,
                          "shape: 0 is log-normal, 1 Weibull, sigma gamma"};
constexpr ParameterInfo coefficient{
    "gamma", T::identity, D::rate_power,
    "spline coefficient: constant, slope in log time, then one per inner knot"};

constexpr std::array<FamilyInfo, family_count> table{{
    {Family::exponential,
     "exponential",
     {"exp"},
     {{{"rate", T::log, D::rate, "constant hazard"}, none, none, none}},
     1,
     false,
     false,
     "constant hazard"},
    {Family::weibull,
     "weibull",
     {"weibullAFT", "weibull_aft"},
     {{weibull_shape,
       {"scale", T::log, D::time, "time by which 63 % have had the event (H = 1)"},
       none,
       none}},
     2,
     false,
     false,
     "H = (t / scale)^shape; covariates on scale stretch time"},
    {Family::weibull_ph,
     "weibull_ph",
     {"weibullPH"},
     {{weibull_shape, {"scale", T::log, D::rate_power, "cumulative hazard at time 1"}, none, none}},
     2,
     false,
     false,
     "H = scale t^shape; covariates on scale multiply the hazard"},
    {Family::gompertz,
     "gompertz",
     {},
     {{{"shape", T::identity, D::rate,
        "slope of the log hazard; below 0 some never have the event"},
       {"rate", T::log, D::rate, "hazard at time 0"},
       none,
       none}},
     2,
     false,
     false,
     "h = rate exp(shape t)"},
    {Family::log_logistic,
     "llogis",
     {"log_logistic", "loglogistic"},
     {{log_logistic_shape, {"scale", T::log, D::time, "median time"}, none, none}},
     2,
     false,
     false,
     "S = 1 / (1 + (t / scale)^shape); humped hazard with a heavy tail"},
    {Family::log_normal,
     "lnorm",
     {"log_normal", "lognormal"},
     {{{"meanlog", T::identity, D::log_time, "mean of log time"},
       {"sdlog", T::log, D::none, "standard deviation of log time"},
       none,
       none}},
     2,
     false,
     false,
     "log time is normal; humped hazard"},
    {Family::gamma,
     "gamma",
     {},
     {{{"shape", T::log, D::none, "above 1 the hazard rises, below 1 it falls"},
       {"rate", T::log, D::rate, "the hazard's limit at late times"},
       none,
       none}},
     2,
     false,
     false,
     "gamma distributed time; the hazard levels off at rate"},
    {Family::generalised_gamma,
     "gengamma",
     {"generalised_gamma", "generalized_gamma"},
     {{location, spread, q, none}},
     3,
     false,
     false,
     "holds Weibull, gamma and log-normal (Prentice 1974)"},
    {Family::generalised_f,
     "genf",
     {"generalised_f", "generalized_f"},
     {{location,
       spread,
       q,
       {"P", T::log, D::none, "tail: 0 is the generalised gamma, larger is heavier"}}},
     4,
     false,
     false,
     "holds the generalised gamma and the log-logistic (Prentice 1975)"},
    {Family::piecewise,
     "piecewise",
     {"piecewise_exponential", "pwexp"},
     {{{"rate", T::log, D::rate, "hazard in one stretch between change times"}, none, none, none}},
     1,
     true,
     true,
     "constant hazard between change times"},
    {Family::spline_hazard,
     "spline_hazard",
     {},
     {{coefficient, none, none, none}},
     1,
     true,
     true,
     "log cumulative hazard is a natural cubic spline in log time (Royston & Parmar 2002)"},
    {Family::spline_odds,
     "spline_odds",
     {},
     {{coefficient, none, none, none}},
     1,
     true,
     true,
     "log odds of the event are a natural cubic spline in log time (Royston & Parmar 2002)"},
    {Family::spline_normal,
     "spline_normal",
     {},
     {{coefficient, none, none, none}},
     1,
     true,
     true,
     "normal quantile of the event's probability is a natural cubic spline in log time"},
}};

constexpr std::string_view mixture_prefix = "cure_mixture_";
constexpr std::string_view non_mixture_prefix = "cure_non_mixture_";

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

bool is_spline(Family family) {
  return family == Family::spline_hazard || family == Family::spline_odds ||
         family == Family::spline_normal;
}

bool may_be_zero(const Baseline& baseline, std::string_view name) {
  switch (baseline.family) {
    case Family::exponential:
    case Family::gompertz:
    case Family::piecewise:
      return name == "rate";
    case Family::weibull_ph:
      return name == "scale";
    case Family::generalised_f:
      return name == "P";
    default:
      return false;
  }
}

}  // namespace

const std::array<FamilyInfo, family_count>& families() noexcept { return table; }

const FamilyInfo& family_info(Family family) noexcept {
  return table[static_cast<std::size_t>(family)];
}

const FamilyInfo* find_family(std::string_view name) noexcept {
  if (name.empty()) return nullptr;
  for (const FamilyInfo& info : table) {
    if (info.name == name) return &info;
    for (const std::string_view alias : info.aliases) {
      if (alias == name) return &info;
    }
  }
  return nullptr;
}

std::optional<NamedFamily> find_model(std::string_view name) noexcept {
  Cure cure = Cure::none;
  if (name.substr(0, mixture_prefix.size()) == mixture_prefix) {
    cure = Cure::mixture;
    name.remove_prefix(mixture_prefix.size());
  } else if (name.substr(0, non_mixture_prefix.size()) == non_mixture_prefix) {
    cure = Cure::non_mixture;
    name.remove_prefix(non_mixture_prefix.size());
  }
  const FamilyInfo* info = find_family(name);
  if (info == nullptr) return std::nullopt;
  return NamedFamily{info->family, cure};
}

std::string model_name(Family family, Cure cure) {
  const std::string name(family_info(family).name);
  if (cure == Cure::mixture) return std::string(mixture_prefix) + name;
  if (cure == Cure::non_mixture) return std::string(non_mixture_prefix) + name;
  return name;
}

const ParameterInfo& parameter_info(const Baseline& baseline, int i) noexcept {
  if (baseline.cure != Cure::none) {
    if (i == 0) return theta;
    --i;
  }
  const FamilyInfo& info = family_info(baseline.family);
  const auto index = static_cast<std::size_t>(i);
  return info.parameters[index < info.parameter_count ? index : info.parameter_count - 1];
}

std::string parameter_name(const Baseline& baseline, int i) {
  const std::string name(parameter_info(baseline, i).name);
  const int cured = baseline.cure == Cure::none ? 0 : 1;
  if (i < cured || !family_info(baseline.family).repeats) return name;
  return name + "_" + std::to_string(i - cured);
}

std::string knot_problem(const Baseline& baseline) {
  const FamilyInfo& info = family_info(baseline.family);
  if (!info.needs_knots) return {};
  const bool spline = is_spline(baseline.family);
  if (spline && baseline.knot_count < 2) {
    return "a spline needs at least its two boundary knots, found " +
           std::to_string(baseline.knot_count);
  }
  for (int i = 0; i < baseline.knot_count; ++i) {
    const double knot = baseline.knots[i];
    const std::string what = spline ? "knot (log time)" : "change time";
    if (!std::isfinite(knot)) return what + " must be finite, found " + number(knot);
    if (!spline && i == 0 && !(knot > 0.0)) {
      return what + " must be above 0, found " + number(knot);
    }
    if (i > 0 && !(knot > baseline.knots[i - 1])) {
      return what + "s must increase, found " + number(knot) + " after " +
             number(baseline.knots[i - 1]);
    }
  }
  return {};
}

std::string parameter_problem(const Baseline& baseline, int i, double value) {
  const ParameterInfo& info = parameter_info(baseline, i);
  const std::string name = parameter_name(baseline, i);
  const std::string found = ", found " + number(value);
  if (!std::isfinite(value)) return name + " must be finite" + found;
  if (info.transform == Transform::logit) {
    // Without a cured fraction the mixture is the plain family; S = theta^F is nothing at 0.
    if (baseline.cure == Cure::mixture && value == 0.0) return {};
    if (value > 0.0 && value <= 1.0) return {};
    return name +
           (baseline.cure == Cure::mixture ? " must be between 0 and 1"
                                           : " must be above 0 and at most 1") +
           found;
  }
  if (info.transform == Transform::log) {
    if (may_be_zero(baseline, info.name)) {
      return value >= 0.0 ? std::string() : name + " must be 0 or above" + found;
    }
    return value > 0.0 ? std::string() : name + " must be above 0" + found;
  }
  return {};
}

std::string parameter_problem(const Baseline& baseline, const double* parameters) {
  const int count = parameter_count(baseline);
  for (int i = 0; i < count; ++i) {
    std::string problem = parameter_problem(baseline, i, parameters[i]);
    if (!problem.empty()) return problem;
  }
  if (is_spline(baseline.family)) {
    const SplineCheck check = spline_is_monotone(baseline, parameters);
    if (!check.increases) {
      return "the spline must increase in log time, found slope " + number(check.slope) +
             " at time " + number(check.time);
    }
  }
  return {};
}

}  // namespace npcsim

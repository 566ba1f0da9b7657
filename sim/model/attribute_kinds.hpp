// The ways to draw or derive an attribute: names, parameters and one line of help each.
#pragma once

#include <array>
#include <string_view>

namespace npcsim {

struct AttributeKind {
  std::string_view name;
  std::string_view parameters;  ///< names separated by blanks; "*" marks one that may be a linear predictor
  std::string_view help;
};

inline constexpr std::array<AttributeKind, 18> attribute_kinds{{
    {"bernoulli", "*probability *logit", "true with a probability, or with a logit"},
    {"categorical", "", "one of several levels, with a probability each"},
    {"normal", "*mean sd", "normal"},
    {"truncated_normal", "*mean sd min max", "normal between two limits"},
    {"log_normal", "*meanlog sdlog", "the logarithm is normal"},
    {"gamma", "shape *mean", "gamma with this shape and mean"},
    {"beta", "a b", "beta"},
    {"uniform", "min max", "uniform"},
    {"poisson", "*mean", "Poisson; `times` names an attribute that multiplies the mean"},
    {"constant", "value", "the same for everybody"},
    {"pattern", "pair", "a non-empty subset of members, log-linear with one pairwise interaction"},
    {"resample", "", "a column of a table of real patients"},
    {"linear", "*value", "a score: intercept and terms"},
    {"sum", "", "sum of attributes"},
    {"product", "", "product of attributes"},
    {"log10", "", "decimal logarithm of an attribute (which must be positive)"},
    {"standardised", "", "standard normal score of a gamma, normal or log-normal attribute"},
    {"condition", "", "a derived flag: true when the condition holds"},
}};

}  // namespace npcsim

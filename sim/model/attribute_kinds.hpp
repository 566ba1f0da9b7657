// The ways to draw or derive an attribute: names, parameters and help of each.
#pragma once

#include <array>
#include <string_view>

namespace npcsim {

struct AttributeKind {
  std::string_view name;
  std::string_view
      parameters;  ///< names separated by blanks; "*" marks one that may be a linear predictor
  std::string_view help;
  std::string_view example;  ///< what stands after "name: "
};

inline constexpr std::array<AttributeKind, 18> attribute_kinds{{
    {"bernoulli", "*probability *logit", "a flag, true with a probability, or with a logit", "0.3"},
    {"categorical", "", "one of several levels, with a probability each; they sum to 1",
     "{de_novo: 0.3, recurrent: 0.7}"},
    {"normal", "*mean sd", "normal", "{mean: 57, sd: 8}"},
    {"truncated_normal", "*mean sd min max",
     "normal, cut off at two limits (the mean and sd are those before the cut)",
     "{mean: 50, sd: 11, min: 18, max: 80}"},
    {"log_normal", "*meanlog sdlog", "the natural logarithm is normal",
     "{meanlog: 0.8, sdlog: 0.6}"},
    {"gamma", "shape *mean", "gamma with this shape and mean", "{shape: 2, mean: 1}"},
    {"beta", "a b", "beta, between 0 and 1", "{a: 2, b: 5}"},
    {"uniform", "min max", "uniform between two limits", "{min: 0, max: 1}"},
    {"poisson", "*mean", "Poisson count; `times` names an attribute that multiplies the mean",
     "{mean: 2.6, times: burden}"},
    {"constant", "value", "the same for everybody", "0"},
    {"pattern", "pair",
     "a non-empty subset S of `members`, each of which becomes a flag; P(S) is proportional to "
     "exp(sum of the weights in S + pair k (k - 1) / 2), k the size of S",
     "{members: [bone, liver, lung], weights: [0, -0.9, -1.2], pair: 0.1}"},
    {"resample", "",
     "a numeric column of the table of real patients that the population names under `resample`",
     "age_years"},
    {"linear", "*value", "a score: intercept and terms", "{intercept: 1, terms: {liver: 0.5}}"},
    {"sum", "", "sum of attributes (counts flags that are true)", "[bone, liver, lung]"},
    {"product", "", "product of attributes", "[dose, weight]"},
    {"log10", "", "decimal logarithm of an attribute; 0 where that is not positive", "ebv_dna"},
    {"standardised", "",
     "standard normal score (as it was drawn) of a gamma, normal or log-normal attribute",
     "burden"},
    {"condition", "", "a derived flag: true when the condition holds", "{age: {min: 50}}"},
}};

/// Meaning of one parameter of a kind.
constexpr std::string_view attribute_parameter_help(std::string_view parameter) {
  struct Row {
    std::string_view name;
    std::string_view help;
  };
  constexpr std::array<Row, 13> rows{
      {{"probability", "probability; with terms the sum is used as it is, cut to 0..1"},
       {"logit", "log odds, instead of the probability"},
       {"mean", "mean"},
       {"sd", "standard deviation"},
       {"min", "lower limit"},
       {"max", "upper limit"},
       {"meanlog", "mean of the natural logarithm"},
       {"sdlog", "standard deviation of the natural logarithm"},
       {"shape", "shape; the coefficient of variation is 1 / sqrt(shape)"},
       {"a", "first parameter"},
       {"b", "second parameter"},
       {"value", "value"},
       {"pair", "log-weight added for each pair of members that are both present"}}};
  for (const Row& row : rows) {
    if (row.name == parameter) return row.help;
  }
  return {};
}

}  // namespace npcsim

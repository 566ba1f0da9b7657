// What is made of a family's log density and log survival: cured fractions, intervals, background.
#pragma once

#include <npcsim/fitting/detail/block.hpp>
#include <npcsim/hazard/baseline.hpp>

namespace npcsim::detail {

/// Adds the cured fraction: `out` has one predictor more than the family's blocks, logit theta
/// first. Overwrites `out`.
void cured_log_density(Cure cure, std::size_t rows, const double* logit_theta, Block& log_density,
                       Block& log_survival, Block& out);
void cured_log_survival(Cure cure, std::size_t rows, const double* logit_theta, Block& log_survival,
                        Block& out);

/// early := log(S(lower) - S(upper)) from early = log S(lower) and late = log S(upper).
void interval_log_probability(std::size_t rows, Block& early, Block& late);

/// late := log(1 - S(upper)) from late = log S(upper).
void left_log_probability(std::size_t rows, Block& late);

/// density := log(h + background) + log S from log density and log survival.
void add_background(std::size_t rows, const double* background, Block& density, Block& survival);

}  // namespace npcsim::detail

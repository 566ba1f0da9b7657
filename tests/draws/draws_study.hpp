// Two arms with a constant hazard and draws of its rate and of the drug's effect.
#pragma once

#include "results/small_study.hpp"
#include <npcsim/comparison/run_study.hpp>

#include <memory>
#include <string>
#include <vector>

namespace npcsim::testing {

struct DrawsStudy {
  std::string draws = "{count: 5, from: prior}";  ///< empty: none
  int patients = 500;
  std::string strategies = "[control, drug]";  ///< out of control, drug, other
  std::string rate_prior = "{log_normal: [0.05, 0.3]}";
  std::string rate = "0.05";  ///< per month
  std::string log_hr = "-0.5";
  std::string file = "draws.yaml";
};

/// The text of the study. Parameters: rate, log_hr, and held, whose prior is fixed.
std::string draws_text(const DrawsStudy& how);
std::unique_ptr<CompiledStudy> draws_study(const DrawsStudy& how);

/// The base case and all draws, on so many threads.
RunResult run_all(const CompiledStudy& study, int threads = 2, std::uint32_t block = 0);

/// Place of a figure of all patients among the figures of a draw. Throws if there is none.
std::size_t figure_place(const CompiledStudy& study, const std::string& strategy,
                         const std::string& endpoint, const std::string& statistic);

/// Inner values are per day; these are per month.
double rate_of(const CompiledStudy& study, std::int64_t draw);

}  // namespace npcsim::testing

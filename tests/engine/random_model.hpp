// Small models made up at random, for properties that hold in every model.
#pragma once

#include <npcsim/run/block_simulator.hpp>
#include <npcsim/run/compiled_study.hpp>
#include <npcsim/run/runner.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace npcsim::testing {

/// What a made-up model may hold. The same seed gives the same model except for what is switched.
struct RandomChoice {
  std::uint32_t seed = 0;
  bool simple = false;           ///< one state for each process, agents for good: fit for columns
  bool days = false;             ///< times are written in days, not in months
  double effect = 1;             ///< all log hazard ratios are multiplied by it
  std::string more_processes{};  ///< lines of YAML, two blanks deep inside the model
  std::string strategies{};      ///< lines of YAML instead of the two of the model
  std::uint32_t patients = 600;
};

/// The document of a study: states first_line, progressed, second, dead; strategies `untreated` and
/// `treated`.
std::string random_study(const RandomChoice& choice);

std::unique_ptr<CompiledStudy> compiled(const std::string& text);

/// Outcomes of all patients.
OutcomeBlock outcomes(const CompiledStudy& study, bool columnwise = true, std::uint32_t first = 0,
                      std::uint32_t count = 0);

/// The journal of one life.
Journal journal(const CompiledStudy& study, std::uint32_t patient, std::size_t strategy);

/// Journals of many patients from one engine.
std::vector<Journal> journals(const CompiledStudy& study, std::size_t strategy,
                              std::uint32_t patients);

/// How to cut a run; 0: as the program would.
RunOptions cut(int threads, std::uint32_t block_patients = 0);

bool same(const OutcomeBlock& a, const OutcomeBlock& b);

}  // namespace npcsim::testing

// A tiny model, strategies for it, and single lives in it as text.
#pragma once

#include <npcsim/engine/life.hpp>
#include <npcsim/model/compile.hpp>
#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <memory>
#include <string>
#include <vector>

namespace npcsim::testing {

/// Hazards of the tiny model.
struct TinyHazards {
  std::string progression = "exponential: 0 per month";
  std::string death_after = "exponential: 0 per month";
  std::string response_cuts = "[0.5, -0.3, -1.0]";
};

/// Nothing happens before this day and everything soon after it: the latent event falls into the
/// first minutes.
std::string soon_after(int day);

/// Agents of 21-day cycles (gemcitabine, cisplatin, pd1, capecitabine), a 45-day course (lrrt), a
/// procedure (biopsy); regimen gp; response graded when asked. The first dose is due on day 28,
/// assessments are 42 days apart from there.
std::string tiny_model(const TinyHazards& hazards = {});

class World {
 public:
  explicit World(const TinyHazards& hazards = {}, double horizon_days = 3652.5);

  /// What the compiler of strategies says about a document named strategy.yaml; "" if all is well.
  std::string problems(const std::string& text);
  /// What is said of steps that nobody can take; "" if there are none.
  std::string warnings(const std::string& text) const;
  /// Fails the test if there are problems.
  std::unique_ptr<StepStrategy> steps(const std::string& text);

  /// The life of one patient, one line for each entry of the journal: "<day> <what>".
  std::string life(const Strategy& strategy, std::uint32_t patient = 0);
  /// The same as entries, every bit of it.
  Journal journal(const Strategy& strategy, std::uint32_t patient);
  /// What became of the patient under each strategy when they share lives, one line of numbers
  /// each, every bit of it; and how many lives were lived for it.
  struct Together {
    std::vector<std::string> outcomes;
    std::size_t lives = 0;
  };
  Together together(const std::vector<const Strategy*>& strategies, std::uint32_t patient);

  ParameterTable table;
  std::vector<double> parameters;
  Program program;  // last: compiling fills the two above

 private:
  struct Drawn;
  Program compiled(const TinyHazards& hazards, double horizon_days);
  Drawn draw(std::uint32_t patient) const;
};

}  // namespace npcsim::testing

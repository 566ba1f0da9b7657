// Which parameters of a model act on what a study simulates, and which of them no data inform.
#pragma once

#include <npcsim/run/compiled_study.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// What the model's `identified` says of a parameter, in three grades.
enum class Standing {
  informed,
  weak,       ///< "weak ...", or the sources conflict
  prior_only  ///< "prior only", "no ...", or nothing is said and the source is assumed
};
Standing standing_of(const Parameter& parameter);

/// A parameter at work, and where.
struct ParameterUse {
  std::size_t parameter = 0;         ///< index in the model's table
  std::string part;                  ///< what it first acts on: "patients", "hazards", ...
  std::vector<std::string> acts_on;  ///< "processes > distant_progression", ...
};

/// The parameters that what is simulated follows from: those of all processes, of the agents that a
/// strategy can give, of the markers that it assesses or that open a gate, of the attributes,
/// frailties and harms that these use, and of the strategies themselves. Order of the model's
/// table.
///
/// A term on an attribute that is 0 for everybody does not act. What a plugin decides by is not
/// seen, only its settings.
std::vector<ParameterUse> parameters_at_work(const CompiledStudy& study);

/// Those of them that are not informed by data.
struct WeakParameters {
  std::size_t at_work = 0;  ///< parameters that act
  std::vector<ParameterUse> weak;
};
WeakParameters weak_parameters(const CompiledStudy& study);

/// One sentence: how many of how many, by part of the model.
std::string weak_parameters_in_words(const WeakParameters& weak);

}  // namespace npcsim

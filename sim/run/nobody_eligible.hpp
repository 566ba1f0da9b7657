// What to say when a population has no eligible patients.
#pragma once

#include <npcsim/run/compiled_study.hpp>

#include <string>

namespace npcsim {

/// "the population finds fewer than one eligible patient in 20000 candidates"
std::string nobody_eligible();

/// Where the document of the study says who is simulated.
SourcePlace place_of_population(const CompiledStudy& study);

}  // namespace npcsim

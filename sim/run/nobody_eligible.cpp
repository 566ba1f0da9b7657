#include <npcsim/population/patient_sampler.hpp>
#include <npcsim/run/nobody_eligible.hpp>

namespace npcsim {

std::string nobody_eligible() {
  return "the population finds fewer than one eligible patient in " +
         std::to_string(PatientSampler::most_candidates) + " candidates";
}

SourcePlace place_of_population(const CompiledStudy& study) {
  const Tree* const population = study.document.find("population");
  return population == nullptr ? study.document.place() : population->place();
}

}  // namespace npcsim

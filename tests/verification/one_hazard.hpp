// Studies of one event, written around a hazard.
#pragma once

#include "simulated.hpp"

namespace npcsim::testing {

/// A study with the states alive and dead and one process, `death`, with these lines of YAML under
/// it (four blanks deep, as one would write them). `model` adds keys to the model and `study` to
/// the study.
inline std::string one_death(const std::string& hazard, const std::string& model = "",
                             const std::string& study = "") {
  return R"(study: one_death
model:
  model: one_death
  states: [alive, dead]
)" + model +
         R"(  processes:
    death:
      from: alive
      to: dead
      hazard: )" +
         hazard + R"(
  endpoints: {OS: {states: [dead]}}
)" +
         (study.find("strategies:") == std::string::npos ? "strategies: [{strategy: untreated}]\n"
                                                         : "") +
         (study.find("horizon:") == std::string::npos ? "horizon: 60 months\n" : "") +
         (study.find("landmarks:") == std::string::npos ? "landmarks: [3, 12, 30]\n" : "") +
         (study.find("patients:") == std::string::npos ? "patients: 1000000\n" : "") +
         "seed: 20240217\n" + study;
}

}  // namespace npcsim::testing

// What models, strategies and populations of a library know of the names in evidence.
#pragma once

#include <npcsim/evidence/evidence.hpp>
#include <npcsim/run/library.hpp>

namespace npcsim {

/// Names and conditions of all the evidence against the documents near by. The model of a file is
/// the one of the populations that its `preset` keys name, or else of the presets of the other
/// files; without one, or with one that has mistakes of its own, what a model has to know is not
/// checked.
void check_evidence_names(const Library& library, const Evidence& evidence,
                          Diagnostics& diagnostics);

}  // namespace npcsim

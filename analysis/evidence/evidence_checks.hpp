// Whether the facts of all evidence documents fit together.
#pragma once

#include <npcsim/evidence/evidence.hpp>

namespace npcsim {

/// Ids unique, references resolved, shapes right, intervals around values, shares within 0 and 1,
/// conflicts named on both sides, every figure cited, exclusions within their limit. All mistakes
/// at once, with places.
void check_evidence(const Evidence& evidence, Diagnostics& diagnostics);

}  // namespace npcsim

// The parts of check_evidence. Private to the room.
#pragma once

#include <npcsim/evidence/evidence.hpp>

namespace npcsim::detail {

/// Every id once over all documents.
void check_unique(const Evidence& evidence, Diagnostics& diagnostics);

/// Everything that is named is there, conflicts on both sides.
void check_references(const Evidence& evidence, Diagnostics& diagnostics);

/// Shape of one figure: what its statistic needs, unit, interval, n.
void check_target(const Evidence& evidence, const Name& id, const Target& target,
                  Diagnostics& diagnostics);

/// Tables, risk systems, running trials.
void check_documents(const Evidence& evidence, Diagnostics& diagnostics);

/// The exclusion list: known ids, each once, within its limit.
void check_exclusions(const Evidence& evidence, Diagnostics& diagnostics);

}  // namespace npcsim::detail

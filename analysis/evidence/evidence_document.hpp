// Evidence documents into structs.
#pragma once

#include <npcsim/evidence/evidence.hpp>

namespace npcsim {

/// Reads one document (a map whose key `evidence` is its name) and adds what it says to `out`.
/// Mistakes of form go to `diagnostics`, each with its place; what refers to other documents is
/// checked by `check_evidence` once all are read.
void read_evidence(const Tree& document, Evidence& out, Diagnostics& diagnostics);

/// The keys of evidence documents, for `npcsim explain` and the reference page.
std::vector<KeyDescription> evidence_keys();

}  // namespace npcsim

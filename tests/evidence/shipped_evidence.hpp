// The documents under configs/evidence, and the attributes that their conditions are about.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <set>
#include <string>

namespace npcsim::testing {

/// Reads and checks all documents.
Evidence shipped_evidence(Diagnostics& diagnostics);

/// The same, read once; complaints are left to the test of the documents.
const Evidence& shipped_evidence();

/// A document of the project.
Tree document(const std::string& path);

/// Names of the attributes of dmnpc.yaml and of parts/risk_systems.yaml, members of patterns too.
std::set<std::string> attributes_of_the_model();

}  // namespace npcsim::testing

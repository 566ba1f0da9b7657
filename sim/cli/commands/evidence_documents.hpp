// The evidence documents of a library, for `npcsim list` and `npcsim check`.
#pragma once

#include <npcsim/evidence/evidence.hpp>
#include <npcsim/run/library.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Reads every document in configs/evidence of the roots and checks that they fit together.
Evidence read_all_evidence(const Library& library, Diagnostics& diagnostics);

/// Checks one document together with those of the library that it may refer to; returns the number
/// of figures in it.
std::size_t check_evidence_document(const Library& library, const std::string& path,
                                    const Tree& document, Diagnostics& diagnostics);

struct EvidenceLine {
  std::string name;
  std::string words;  ///< "36 figures, retrospective, 90 patients: title"
};

/// One row a study in the order of the documents, then running trials and algorithms, then all.
std::vector<EvidenceLine> evidence_lines(const Evidence& evidence);

}  // namespace npcsim

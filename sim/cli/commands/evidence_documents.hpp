// The evidence documents of a library, for `npcsim list` and `npcsim check`.
#pragma once

#include <npcsim/base/tree.hpp>
#include <npcsim/evidence/evidence.hpp>
#include <npcsim/run/library.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Reads every document in configs/evidence of the roots and checks that they fit together.
Evidence read_all_evidence(const Library& library, Diagnostics& diagnostics);

/// An evidence document that is to be checked.
struct EvidenceFile {
  std::string path;
  Tree document;
  std::size_t figures = 0;  ///< that it has; filled by the check
};

/// Checks documents together with those of the library that they may refer to, and their names
/// against the models, strategies and populations near by. What two files both say is complained
/// about in the later of these, and in a given file rather than in one of the library. Returns all
/// that was read.
Evidence check_evidence_documents(const Library& library, std::vector<EvidenceFile>& files,
                                  Diagnostics& diagnostics);

struct EvidenceLine {
  std::string name;
  std::string document;  ///< that it stands in, by its name; empty of the last line
  std::string words;     ///< "36 figures, retrospective, 90 patients: title"
};

/// One row a study in the order of the documents, then tables, risk systems, running trials and
/// algorithms, then all.
/// `diagnostics` knows the names of the files.
std::vector<EvidenceLine> evidence_lines(const Evidence& evidence, const Diagnostics& diagnostics);

}  // namespace npcsim

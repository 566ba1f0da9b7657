// Files that npcsim fit writes beside its JSON: a hazard for model documents, a page of figures.
#pragma once

#include <npcsim/csv_analyses/detail/fit_run.hpp>

#include <string>
#include <vector>

namespace npcsim::detail {

/// Where the numbers come from.
struct FitOrigin {
  std::string data;     ///< path
  std::string digest;   ///< XXH64 of the file
  std::string version;  ///< of this program
};

/// A fragment of a model document: processes > NAME > hazard with the family, its parameters with
/// units, and the effects of covariates on them; estimates with standard errors, the covariance
/// matrix, the digest of the data and the command stand in comments above. Empty if there is no
/// converged model. Several transitions give a process each; a gamma frailty comes along. Terms
/// and transitions have names that a document takes, each its own (document_names.hpp); a comment
/// says what each stands for where it is not the term itself.
struct HazardBlock {
  std::string text;
  std::vector<std::string> warnings;  ///< of names that had to be numbered
};
HazardBlock hazard_block(const FitRun& run, const FitOrigin& origin);

/// One HTML page that loads nothing: fits against Kaplan-Meier, hazards, extrapolation to the
/// horizon with what is implausible about it.
std::string fit_page(const FitRun& run, const FitOrigin& origin);

}  // namespace npcsim::detail

#include <npcsim/evidence/detail/checks.hpp>
#include <npcsim/evidence/evidence_checks.hpp>

namespace npcsim {

void check_evidence(const Evidence& evidence, Diagnostics& diagnostics) {
  detail::check_unique(evidence, diagnostics);
  detail::check_references(evidence, diagnostics);
  for (const auto& [id, target] : evidence.targets)
    detail::check_target(evidence, id, target, diagnostics);
  detail::check_documents(evidence, diagnostics);
  detail::check_exclusions(evidence, diagnostics);
}

}  // namespace npcsim

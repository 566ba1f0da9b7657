// What a scenario changes in the tree of its base study.
#pragma once

#include <npcsim/scenarios/scenario_set.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>

namespace npcsim::detail {

/// Applies the changes to `study`, an inlined study tree. `base` is the compiled base case, or
/// nullptr if it has mistakes of its own: then only names of parameters are checked. Problems go to
/// `diagnostics`.
void apply_changes(const ScenarioDoc& scenario, const CompiledStudy* base, Tree& study,
                   Diagnostics& diagnostics);

/// The changes in words, once the scenario is compiled: what differs, without remarks.
std::vector<ScenarioChange> changes_of(const ScenarioDoc& scenario, const CompiledStudy& base,
                                       const CompiledStudy& compiled);

/// The values of `set` as the compiled scenario has them, with defaults filled in.
Tree compiled_values(const Tree& set, const CompiledStudy& scenario);

}  // namespace npcsim::detail

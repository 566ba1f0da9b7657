// Steps of a strategy that nobody can ever take.
#pragma once

#include <npcsim/model/program.hpp>
#include <npcsim/strategies/step_doc.hpp>

namespace npcsim {

/// Warns of rules behind one that always acts, of delays beyond `within`, of first-line conditions
/// on a marker that no step assesses, and of `stop` of what no step gives: the strategy would be
/// another than the one that is meant, and nothing else would say so.
void warn_of_idle_steps(const StrategyDoc& doc, const Program& program, Diagnostics& diagnostics);

}  // namespace npcsim

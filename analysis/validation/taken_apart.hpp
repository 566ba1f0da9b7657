// A published hazard ratio of treatment that was chosen, taken apart: what the treatment does, whom
// physicians chose, and what waiting for treatment leaves over.
#pragma once

#include <npcsim/emulation/emulation_set.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Large-sample log hazard ratios of one figure, analysed as published in four worlds.
struct TakenApart {
  std::size_t study = 0;   ///< of the set
  std::size_t figure = 0;  ///< of the set
  double as_is = 0;
  double by_chance = 0;  ///< the same treatment, given without a look at the patient
  double no_effect = 0;  ///< chosen as it was, but it does nothing
  /// Neither effect nor choice: what immortal time, and groups that are made of what happens later,
  /// do alone.
  double neither = 0;
};

/// For every figure that a document names under `taken_apart`. `twins` of all pools at `values`.
/// Parameters that the model does not let be 0 go to `diagnostics`; their study is left out.
std::vector<TakenApart> take_apart(const EmulationSet& set, const std::vector<Twins>& twins,
                                   const NamedValues& values, Diagnostics& diagnostics);

}  // namespace npcsim

// Emulations of published studies and of running trials told in words.
#pragma once

#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <string>

namespace npcsim {

/// One emulation at 100 columns: who entered, the arms and how patients came to them, when
/// progression was looked for, follow-up, how it was analysed, and the published figures. `written`
/// is the document as it was read. \pre the set has one study.
std::string emulation_in_words(const EmulationSet& set, const Tree& written,
                               const Evidence& evidence);

}  // namespace npcsim

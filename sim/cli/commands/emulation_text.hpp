// What the terminal shows of simulated published studies.
#pragma once

#include <npcsim/validation/validation_report.hpp>

#include <string>

namespace npcsim {

/// Published beside predicted, counts, what predictions rest on without firm data, coverage by
/// predictions without the study, doubts about running trials, and the findings about cycles, as
/// far as there are any.
std::string emulation_text(const EmulationSet& set, const Evidence& evidence,
                           const ValidationResults& results);

/// "0.654", "> 0.9", "0.2 to 0.3", "not yet": a published figure to its last printed digit.
std::string published_text(const Figure& figure);

/// "0.33 to 0.78", with the level where it is not 95 %; empty without an interval.
std::string interval_text(const Figure& figure);

}  // namespace npcsim

// What the terminal shows of simulated published studies.
#pragma once

#include <npcsim/validation/validation_report.hpp>

#include <string>

namespace npcsim {

/// Published beside predicted, counts, what predictions rest on without firm data, coverage by
/// predictions without the study, and the findings about cycles, as far as there are any.
std::string emulation_text(const EmulationSet& set, const ValidationResults& results);

}  // namespace npcsim

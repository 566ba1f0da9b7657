// Evidence told in words.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <string>

namespace npcsim {

/// One evidence document at 100 columns: its studies with their figures and findings, tables, risk
/// systems, running trials, algorithms, words of arms, and what calibration leaves out. `all`: the
/// evidence that it belongs to, for what its names mean.
std::string evidence_in_words(const Evidence& document, const Evidence& all);

/// "liver and lesion_count <= 5": a condition as it is written.
std::string condition_in_words(const Tree& condition);

}  // namespace npcsim

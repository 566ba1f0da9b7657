// Whether an emulation fits together, and fits what the evidence says of its study.
#pragma once

#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <vector>

namespace npcsim::detail {

/// What is to be taken apart has to be there; what the evidence says otherwise is a warning.
void check_study(const StudyDesign& design, const std::vector<FigureDesign>& figures,
                 const Evidence& evidence, Diagnostics& diagnostics);

}  // namespace npcsim::detail

// What documents may say of a figure.
#pragma once

#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <vector>

namespace npcsim::detail {

/// Keys under `targets` that are of another kind of figure than the record: they would change the
/// number without a word, or drop it. `path` stands before the message.
void check_keys(const Name& id, const Target& target, const EmulatedTarget& said,
                const std::string& path, Diagnostics& diagnostics);

/// Why a figure of this endpoint means nothing from the origin of the study; empty: it does.
std::string gone_at_origin(const StudyDesign& design, std::int32_t endpoint);

/// Whether the figure is of a time at which lives have not ended, and its share is of whole lives.
bool is_of_another_time(const StudyDesign& design, const FigureDesign& figure);

/// Endpoints of the figures stand on the left and those of the model on the right.
void check_endpoints(const StudyDesign& design, const std::vector<FigureDesign>& figures,
                     Diagnostics& diagnostics);

}  // namespace npcsim::detail

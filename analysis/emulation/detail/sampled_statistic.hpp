// A figure computed from a data set as its authors did.
#pragma once

#include <npcsim/emulation/detail/figure_design.hpp>
#include <npcsim/emulation/detail/study_sample.hpp>

#include <cstdint>
#include <vector>

namespace npcsim::detail {

/// Who belongs to which group. [group][arm][patient]
using Membership = std::vector<std::vector<std::vector<std::uint8_t>>>;
Membership find_members(const StudyDesign& design, const ArmTwins& twins);

/// Times, events and groups of the rows of one endpoint, follow-up applied.
struct GroupRecords {
  std::vector<double> months;
  std::vector<std::int32_t> event;
  std::vector<std::int32_t> group;  ///< 1: `of`, 0: `against`
  std::vector<std::size_t> row;     ///< of the sample
};
GroupRecords group_records(const StudyDesign& design, const ArmTwins& twins,
                           const Membership& members, const std::vector<SampleRow>& rows,
                           const FigureDesign& figure);

/// On the figure's scale: Kaplan-Meier medians (infinity: not reached) and survival, Cox's hazard
/// ratio (minus infinity: no event in the group, infinity: none in the one it is compared with),
/// shares, Harrell's concordance, the area under the curve. NaN where it cannot be computed.
double sampled_statistic(const StudyDesign& design, const ArmTwins& twins,
                         const Membership& members, const std::vector<SampleRow>& rows,
                         const std::vector<double>& values, const FigureDesign& figure);

}  // namespace npcsim::detail

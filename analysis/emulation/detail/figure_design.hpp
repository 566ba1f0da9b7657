// A figure after its names have been found in the design of its study.
#pragma once

#include <npcsim/emulation/detail/study_design.hpp>
#include <npcsim/emulation/figure.hpp>

#include <vector>

namespace npcsim::detail {

struct FigureDesign {
  Figure figure;
  std::size_t of = 0;          ///< group
  std::int32_t against = -1;   ///< group of a contrast
  std::int32_t endpoint = -1;  ///< of the pool
  double at_days = 0;
  bool counts = false;         ///< a share of the group
  RecordCondition share;       ///< who is counted
  bool counts_events = false;  ///< a share with the endpoint's event within follow-up
  std::int8_t cause = 0;       ///< of the events that are counted; 0: any
  struct Points {
    RecordCondition when;
    Value points;
  };
  std::vector<Points> score;  ///< marker of a concordance or an area under the curve
};

/// What the evidence says of the study's publication; an unknown one, or an unknown running trial,
/// is an error. Nothing for a trial.
const Study* find_publication(const EmulationDoc& doc, const Evidence& evidence,
                              Diagnostics& diagnostics);

/// The figures of the study's publication, or of a running trial those that it will report: medians
/// and survival of progression-free and overall survival, response, and hazard ratios. Groups that
/// a risk class cuts out of an arm are added to the design. A figure that the document leaves open
/// is an error.
std::vector<FigureDesign> design_figures(StudyDesign& design, const Evidence& evidence,
                                         Diagnostics& diagnostics);

}  // namespace npcsim::detail

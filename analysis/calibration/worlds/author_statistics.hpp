// What the authors of a synthetic study compute from their patients.
#pragma once

#include <npcsim/calibration/worlds/disease.hpp>
#include <npcsim/calibration/worlds/study_plan.hpp>

#include <cstdint>
#include <vector>

namespace npcsim {

/// Times are recorded in whole weeks.
inline constexpr std::int32_t week_ticks = 7 * 32;

/// Patients of one arm of a study, ready for analysis. [patient]
struct ArmRecords {
  std::vector<std::int32_t> entry_to_analysis_ticks;
  std::vector<std::uint8_t> stratum;
  std::array<std::vector<std::int32_t>, 2> ticks;  ///< [endpoint]
  std::array<std::vector<std::int8_t>, 2> events;  ///< [endpoint]

  void add(const WorldLives& lives, const OutcomeShape& shape, std::size_t strategy,
           std::size_t patient, std::int32_t until_analysis);
};

struct AuthorFigure {
  double value = 0;  ///< on the scale of the figure; infinity: median not reached; NaN: no estimate
  double se = 0;     ///< on that scale; 0: not published
};

/// Kaplan-Meier medians (log) and survival (arcsine), hazard ratios (log, Cox) with standard
/// errors. [figure of the plan]
std::vector<AuthorFigure> author_figures(const StudyPlan& plan, const ArmRecords& control,
                                         const ArmRecords& treated);

/// Scale of a figure.
TargetScale scale_of(const PlannedFigure& figure);

/// Ticks from the entry of a patient to the analysis where `u` in 0..1 says when in the accrual.
std::int32_t until_analysis(const StudyPlan& plan, double u);

}  // namespace npcsim

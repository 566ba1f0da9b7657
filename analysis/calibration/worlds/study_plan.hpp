// Thirty synthetic studies: who enters, which arms, how long, and what is published.
#pragma once

#include <npcsim/calibration/targets.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace npcsim {

inline constexpr std::size_t world_studies = 30;
inline constexpr std::size_t world_factors = 5;  ///< risk factors: poor status ... old age
inline constexpr std::size_t world_strata = std::size_t{1} << world_factors;

enum class WorldEndpoint : std::uint8_t { pfs, os };
enum class WorldFigure : std::uint8_t { median, survival, hazard_ratio, factor_hazard_ratio };

/// One published figure.
struct PlannedFigure {
  WorldFigure kind = WorldFigure::median;
  WorldEndpoint endpoint = WorldEndpoint::pfs;
  bool treated = false;    ///< arm of a median or of survival
  double at_months = 0;    ///< of survival
  std::size_t factor = 0;  ///< risk factor whose carriers are compared with the others
};

struct StudyPlan {
  DesignTier tier = DesignTier::randomised;
  std::size_t treatment = 0;  ///< strategy of the treated arm; 0: the only arm is untreated
  bool control = true;        ///< has an untreated arm
  std::uint32_t n = 0;        ///< patients in each arm
  std::array<double, world_factors> shares{};  ///< of patients with each risk factor
  double accrual_months = 0;
  double follow_months = 0;  ///< between the last patient's entry and the analysis
  std::vector<PlannedFigure> figures;

  bool treated() const { return treatment > 0; }
  /// Longest follow-up, months.
  double longest() const { return accrual_months + follow_months; }
  /// Share of patients in a stratum; bit j of it is risk factor j.
  double stratum_share(std::size_t stratum) const;
};

/// Ten randomised trials, five single arms, eight matched and seven unmatched comparisons, with 40
/// to 400 patients an arm. Only one trial informs the locoregional treatment (strategy 3), six
/// retrospective comparisons do. A pure function of the seed.
std::vector<StudyPlan> plan_studies(std::uint64_t seed);

}  // namespace npcsim

// Figures of a synthetic study in a large sample, from shared simulated lives.
#pragma once

#include <npcsim/calibration/worlds/author_statistics.hpp>

#include <vector>

namespace npcsim {

/// Weekly shares of events in every stratum under every strategy.
class StratumCurves {
 public:
  StratumCurves(const WorldLives& lives, const OutcomeShape& shape);

  /// Adds `weight` times the event shares of a stratum to `density` [week]; the last entry of
  /// `density` gathers nothing.
  void add(std::size_t strategy, WorldEndpoint endpoint, std::size_t stratum, double weight,
           std::vector<double>& density) const;
  std::size_t weeks() const { return weeks_; }

 private:
  std::size_t weeks_ = 0;
  std::vector<double> shares_;  ///< [strategy][endpoint][stratum][week]
};

/// Each figure of the plan on its scale: `control` and `treated` may be of shifted hazards. Every
/// stratum counts by its share in the study, so that chance in who was simulated does not matter.
/// Medians beyond the horizon are extrapolated with the mean hazard so far.
std::vector<double> expected_figures(const StudyPlan& plan, const StratumCurves& control,
                                     const StratumCurves& treated);

}  // namespace npcsim

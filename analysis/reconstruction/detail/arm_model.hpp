// One arm as steps of a path search, with rates of events and censorings that are learnt.
#pragma once

#include <npcsim/reconstruction/clicks.hpp>
#include <npcsim/reconstruction/detail/path_search.hpp>
#include <npcsim/reconstruction/published_curve.hpp>
#include <npcsim/reconstruction/reconstruct.hpp>

#include <cstddef>
#include <vector>

namespace npcsim::reconstruction {

/// Which constraints are kept; all of them unless they contradict each other.
struct Kept {
  bool events = true;
  bool median = true;
  bool landmarks = true;
  bool ticks = true;
  std::size_t at_risk_rows = static_cast<std::size_t>(-1);  ///< the first so many
};

class ArmModel {
 public:
  /// kind is steps or points.
  ArmModel(const PublishedCurve& curve, const CleanedClicks& clicks, ClickKind kind, bool exact,
           const Kept& kept);

  /// The steps at the present noise and rates; they keep their order and number.
  const std::vector<Step>& steps() const { return steps_; }
  PathSearch::Settings settings() const;

  double noise() const { return noise_; }
  void set_noise(double noise);
  /// Noise and rates from paths drawn at the present ones: one round of expectation-maximisation.
  void learn(const std::vector<Path>& paths);
  /// Readings replaced by the mean of the paths, closely followed: its best path is the one with
  /// whole patients that is nearest to the mean.
  std::vector<Step> steps_towards_mean(const std::vector<Path>& paths) const;

 private:
  void lay_out();
  void first_rates();
  void set_rates();
  void set_order_noise();
  double hazard_at(double time) const;
  double hazard_before(const AtRisk& row) const;
  std::size_t interval_of(double time) const;
  double censor_hazard_between(double from, double to) const;

  const PublishedCurve* curve_;
  const CleanedClicks* clicks_;
  ClickKind kind_;
  bool exact_;
  Kept kept_;
  std::vector<AtRisk> at_risk_;
  std::vector<Step> steps_;
  std::vector<std::size_t> click_steps_;  // [click] its step
  std::vector<double> hazard_;            // [click] smoothed cumulative hazard
  std::vector<double> censor_hazard_;     // [interval of the table] per unit of time, its mean
  std::vector<double> censor_slope_;      // [row of the table] at its time
  std::vector<double> order_noise_;       // [click] sd of survival: unknown order within steps
  std::int32_t lowest_start_ = 0;
  std::int32_t highest_start_ = 0;
  double noise_ = 0;
};

}  // namespace npcsim::reconstruction

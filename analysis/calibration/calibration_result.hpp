// What a calibration leaves behind: draws, what they rest on, and whether to trust them.
#pragma once

#include <npcsim/calibration/predictive_check.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

/// How well the data identify one parameter.
struct Identification {
  std::string name;
  double mean = 0;  ///< posterior, on the real line
  double sd = 0;
  double sd_ratio = 1;  ///< posterior / prior standard deviation
  double r_hat = 1;     ///< split
  double effective_size = 0;
  bool prior_only = false;  ///< sd_ratio above 0.95
};

/// A combination of parameters, in prior standard deviations, about which the data say little.
struct Direction {
  double sd_ratio = 1;  ///< posterior / prior standard deviation along it
  /// Largest loadings, largest first; their squares add to at most 1.
  std::vector<std::pair<std::string, double>> loadings;
  /// "a + 0.6 b - 0.5 c": for people.
  std::string text;
};

/// Log posterior, maximised over everything else, where one parameter is fixed.
struct Profile {
  std::string name;
  std::vector<double> value;          ///< on the real line
  std::vector<double> log_posterior;  ///< difference to the maximum
};

/// How far posterior means move without one study, in posterior standard deviations.
struct StudyInfluence {
  std::string study;
  double largest_shift = 0;
  std::string parameter;  ///< that moves most
  /// Of the weights that leave the study out. Where it is above 0.5, or where they keep less than
  /// half of the draws' number, the draws were sampled again instead of weighted.
  double pareto_k = 0;
};

/// What the evidence without a study says of one of its figures, on the scale of the figure: the
/// distribution of the figure of a new study of the same size and design.
struct LeftOutPrediction {
  std::size_t target = 0;
  double mean = 0;
  double sd = 0;
  double low95 = 0, low50 = 0, median = 0, high50 = 0, high95 = 0;
  double sampling_sd = 0;  ///< from the study's size alone
};

/// One number with its limit. A verdict is the conjunction of its gates.
struct Gate {
  std::string name;
  double value = 0;
  double limit = 0;
  bool at_least = false;      ///< the limit is a lower one
  std::string untested = {};  ///< why there is no value to judge; empty: there is one
  std::string remark = {};    ///< how far the verdict is to be trusted; it does not change it
  bool passed() const { return !untested.empty() || (at_least ? value >= limit : value <= limit); }
};

struct CalibrationResult {
  std::vector<std::string> names;          ///< of parameters
  std::vector<std::string> between_names;  ///< of variances and biases; empty if switched off
  std::vector<double> draws;               ///< [draw * parameters + parameter], real line
  std::vector<double> between_draws;       ///< [draw * between + parameter]
  std::vector<double> mode;  ///< [parameter], real line, with variances at typical values
  double mode_log_posterior = 0;
  std::vector<double> start_log_posteriors;  ///< of each search; they should agree

  std::vector<Identification> parameters;
  std::vector<Identification> between;
  std::vector<Direction> unidentified;  ///< sd ratio above 0.9, least identified first
  double collinearity = 1;              ///< index of all parameters together; above 20 is poor
  std::vector<Direction> worst_pair;    ///< the two parameters with the largest pairwise index
  std::vector<Profile> profiles;        ///< of the two least identified parameters
  PredictiveCheck check;
  std::vector<StudyInfluence> influence;    ///< if asked for
  std::vector<LeftOutPrediction> left_out;  ///< of all targets, with it

  std::uint64_t evaluations = 0;
  std::size_t left_out_points = 0;  ///< design points at which the model said nothing
  std::vector<Gate> gates;
  bool passed() const {
    for (const Gate& gate : gates) {
      if (!gate.passed()) return false;
    }
    return true;
  }
};

}  // namespace npcsim

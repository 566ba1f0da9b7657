// How often predictions that have not seen a study hold what it published.
#pragma once

#include <npcsim/emulation/emulation_set.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace npcsim {

/// What the evidence without a study says of one of its figures, natural units; the widths are on
/// the figure's scale.
struct StudyFreePrediction {
  std::string figure;
  double median = 0;
  double low95 = 0, high95 = 0;
  double low50 = 0, high50 = 0;
  double width = 0;           ///< of the 95 % interval
  double sampling_width = 0;  ///< of the one that the study's size alone would give
};

/// One vote a study: shares and scores are averaged over the figures of a study, then over studies.
/// NaN where there is nothing to average.
struct Coverage {
  std::size_t figures = 0;
  std::size_t studies = 0;
  double inside95 = 0;
  double inside50 = 0;
  double width_ratio = 0;              ///< median of width / sampling width over the figures
  double interval_score = 0;           ///< mean, Gneiting & Raftery, J Am Stat Assoc 2007;102:359
  double baseline_interval_score = 0;  ///< of the mean of other studies, see coverage()
  std::size_t scored_figures = 0;      ///< figures for which the baseline exists
};

/// Over figures that calibration fits and that are printed as values; figures that reviewers
/// derived and those of conflicting pairs are dropped. `randomised`: only randomised studies.
///
/// The baseline predicts a figure by the mean and standard deviation of the same kind of figure
/// (statistic, endpoint, time) of all other studies, if at least three of them have it.
Coverage coverage(const EmulationSet& set, const std::vector<StudyFreePrediction>& predictions,
                  bool randomised);

}  // namespace npcsim

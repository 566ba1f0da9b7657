// Published figures beside the model's predictive distribution of them.
#pragma once

#include <npcsim/emulation/emulation_set.hpp>

#include <cstddef>
#include <set>
#include <string>
#include <vector>

namespace npcsim {

/// A published figure and what studies of its size show in the model. Natural units.
struct ComparedFigure {
  std::size_t figure = 0;  ///< index in the set
  double predicted = 0;    ///< median of the predictive distribution; infinite: not reached, or
                           ///< a ratio of which one arm has no event
  double predicted_low95 = 0, predicted_high95 = 0;
  double predicted_low50 = 0, predicted_high50 = 0;
  double z = 0;  ///< (published - mean) / sd on the figure's scale; NaN without a value, and
                 ///< where the predicted interval ends at infinity on either side
  bool inside95 = false;  ///< the published value, or what its bound allows, lies inside
  bool inside50 = false;
  double sampling_width =
      0;             ///< of the 95 % interval from sampling alone, on the scale; NaN: unknown
  double width = 0;  ///< of the predictive 95 % interval, on the scale
  double undefined_share = 0;  ///< of data sets in which the figure has no value at all
};

/// `samples` [row * figures + figure]: draws from the predictive distribution, on the scales. A
/// figure that the model cannot say is left out.
std::vector<ComparedFigure> compare_figures(const EmulationSet& set,
                                            const std::vector<double>& samples);

/// Ids of the figures with a row: of two emulations of one publication each may simulate a part.
std::set<std::string> compared_ids(const EmulationSet& set,
                                   const std::vector<ComparedFigure>& rows);

}  // namespace npcsim

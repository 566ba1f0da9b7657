// One published figure as an emulation compares it: on a scale on which its error is near normal.
#pragma once

#include <npcsim/evidence/evidence.hpp>

#include <cstdint>
#include <string>

namespace npcsim {

/// Medians and ratios by their logarithm; survival and shares by asin(sqrt(p)), whose variance
/// 1 / (4 n) does not depend on p and which is finite at 0 and 1 (Anscombe, Biometrika
/// 1948;35:246); differences as they are.
enum class FigureScale : std::uint8_t { log, arcsine, identity };

/// How the printed value bounds the truth.
enum class FigureReading : std::uint8_t { exact, above, below, within };

/// What stands in the paper, in natural units, to the last digit; NaN where nothing is printed. A
/// count is a share here. Comparisons use the scale of the figure instead.
struct PrintedFigure {
  double value = not_printed;  ///< of `above` and `below` the bound
  double low = not_printed;    ///< of `within` the range, else the interval
  double high = not_printed;
  double level = not_printed;  ///< of the interval
};

struct Figure {
  std::string id;
  std::size_t study = 0;  ///< index in its set
  Statistic statistic = Statistic::median;
  std::string endpoint;       ///< as published
  double at_months = 0;       ///< 0: none
  bool of_fractions = false;  ///< of a difference: of two fractions, not of two times
  std::string of;             ///< group
  std::string against;        ///< group of a contrast; empty: none
  FigureScale scale = FigureScale::log;
  FigureReading reading = FigureReading::exact;
  bool published = true;  ///< false: a prediction, nothing is known yet
  PrintedFigure printed;
  double value = 0;          ///< on the scale; of `above` and `below` the bound
  double low = 0, high = 0;  ///< on the scale, of `within`
  double se = 0;             ///< printed, on the scale; 0: none
  double n = 0;              ///< patients behind it by the rule of the evidence; 0: none
  EvidenceKind kind = EvidenceKind::review;
  bool confounded = false;
  bool derived = false;       ///< computed from printed numbers by the reviewers
  bool conflicting = false;   ///< another figure gives another value for the same quantity
  std::string not_simulated;  ///< why the model cannot say it; empty: it can
  std::string left_out;       ///< why calibration leaves it out; empty: it does not

  /// Whether calibration fits it: simulated, not left out, and with a known precision.
  bool fitted() const {
    return published && not_simulated.empty() && left_out.empty() && (n > 0 || se > 0);
  }
};

double to_scale(FigureScale scale, double natural);
/// The inverse; arcsine values outside 0..pi/2 are cut.
double to_natural(FigureScale scale, double value);

/// Scale of a statistic.
FigureScale scale_of(Statistic statistic);

}  // namespace npcsim

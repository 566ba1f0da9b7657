#include <npcsim/base/portable_math.hpp>
#include <npcsim/survival/cox_two_groups.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {

namespace {

// Sums of 1 / x and 1 / x^2 over x = top, top - 1, ..., top - count + 1.
struct ReciprocalSums {
  double first = 0;
  double second = 0;
};

// log(high / low), where high - low = count; the series of the inverse hyperbolic tangent for
// nearby arguments (Abramowitz & Stegun 4.1.27), which also avoids rounding the quotient.
double log_ratio(double high, double low) {
  const double z = (high - low) / (high + low);
  if (z > 0.05) return portable::log(high / low);
  const double w = z * z;
  return 2 * z *
         (1 + w * (1.0 / 3 + w * (1.0 / 5 + w * (1.0 / 7 + w * (1.0 / 9 + w * (1.0 / 11))))));
}

// \pre top - count + 1 > 0.
ReciprocalSums reciprocal_sums(double top, double count) {
  ReciprocalSums sums;
  constexpr double series_from =
      20;  // the first neglected term of the series is below 2e-13 of a term there
  constexpr double worth_it = 12;
  double bottom = top - count + 1;
  while (count > 0 && (bottom < series_from || count < worth_it)) {
    const double reciprocal = 1 / bottom;
    sums.first += reciprocal;
    sums.second += reciprocal * reciprocal;
    bottom += 1;
    count -= 1;
  }
  if (!(count > 0)) return sums;
  // Euler-Maclaurin summation from half a step below to half a step above (Abramowitz &
  // Stegun 23.1.30 with the Bernoulli polynomials at 1/2, 23.1.21).
  const double low = bottom - 0.5;
  const double high = low + count;
  const double l = 1 / low;
  const double h = 1 / high;
  const double l2 = l * l;
  const double h2 = h * h;
  sums.first += log_ratio(high, low) + (h2 - l2) / 24 - 7 * (h2 * h2 - l2 * l2) / 960 +
                31 * (h2 * h2 * h2 - l2 * l2 * l2) / 8064;
  sums.second += count * l * h + (h2 * h - l2 * l) / 12 - 7 * (h2 * h2 * h - l2 * l2 * l) / 240 +
                 31 * (h2 * h2 * h2 * h - l2 * l2 * l2 * l) / 1344;
  return sums;
}

struct Score {
  double score = 0;        // derivative of the log partial likelihood
  double information = 0;  // minus its second derivative
};

// With hazard ratio r, Efron's l-th of d tied events at one time sees the treated share
//   p_l = (n1 r - l/d d1 r) / (n1 r + n0 - l/d (d1 r + d0)),  l = 0 .. d - 1,
// the score is the sum of d1 - sum p_l, the information that of sum p_l (1 - p_l). With b the
// decrease of the denominator per l and x_l the denominator / b: p_l = c + e / x_l, so sums of 1/x
// and 1/x^2 are all that is needed.
Score score_at(const std::vector<RiskRow>& rows, double log_ratio_of_hazards) {
  const double ratio = portable::exp(log_ratio_of_hazards);
  Score total;
  for (const RiskRow& row : rows) {
    const double events = row.events_treated + row.events_control;
    const double risk_treated = row.at_risk_treated * ratio;
    const double risk = risk_treated + row.at_risk_control;
    if (events == 1) {
      const double p = risk_treated / risk;
      total.score += row.events_treated - p;
      total.information += p * (1 - p);
      continue;
    }
    const double tied = row.events_treated * ratio + row.events_control;
    const double per_tied = 1 / tied;
    const double per_step = events * per_tied;
    const double c = row.events_treated * ratio * per_tied;
    const double e = (risk_treated - c * risk) * per_step;
    // Those at risk are never fewer than those who have the event; rounding must not say otherwise.
    const ReciprocalSums sums = reciprocal_sums(std::max(risk * per_step, events), events);
    const double shares = events * c + e * sums.first;
    const double squares = events * c * c + 2 * c * e * sums.first + e * e * sums.second;
    total.score += row.events_treated - shares;
    total.information += shares - squares;
  }
  return total;
}

}  // namespace

InformativeGroups informative_groups(const std::vector<RiskRow>& rows) {
  InformativeGroups out;
  for (const RiskRow& row : rows) {
    if (row.events_treated > 0 && row.at_risk_control > 0) out.treated = true;
    if (row.events_control > 0 && row.at_risk_treated > 0) out.control = true;
  }
  return out;
}

CoxFit cox_two_groups(const std::vector<RiskRow>& rows, double start) {
  CoxFit fit;
  const InformativeGroups informative = informative_groups(rows);
  if (!informative.treated || !informative.control) return fit;

  constexpr double largest = 50;  // e^50: no hazard ratio of counts below 2^53 is beyond it
  constexpr int most_iterations = 100;
  // The error after a Newton step is of the order of the square of that step.
  constexpr double small_step = 1e-6;
  double low = -largest;
  double high = largest;
  double beta = start;
  double before = start;  // the iterate before beta, and its information
  double information_before = 0;
  while (fit.iterations < most_iterations) {
    ++fit.iterations;
    const Score at = score_at(rows, beta);
    (at.score > 0 ? low : high) = beta;
    double next = at.information > 0 ? beta + at.score / at.information : low;
    // A score of 0 is the answer, exactly: equal groups have the ratio 1. A small step is it, too,
    // also where rounding has left no number between the ends of the bracket.
    const bool exact = at.score == 0 && at.information > 0;
    const bool close =
        at.information > 0 && fit.iterations > 1 && std::fabs(next - beta) <= small_step;
    if (!exact && !close && !(next > low && next < high)) next = low + (high - low) / 2;
    if (exact || close) {
      // The information at the estimate, along the line through the last two.
      double information = at.information;
      if (beta != before) {
        information += (information - information_before) * ((next - beta) / (beta - before));
      }
      fit.value = next;
      fit.se = information > 0 ? 1 / std::sqrt(information) : 0;
      fit.converged = information > 0 && std::fabs(next) < largest - 1;
      return fit;
    }
    before = beta;
    information_before = at.information;
    beta = next;
  }
  return fit;
}

}  // namespace npcsim

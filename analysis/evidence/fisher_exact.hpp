// Fisher's exact test of two groups by two levels.
#pragma once

namespace npcsim {

/// Counts of one group in its two levels.
struct TwoCounts {
  double first = 0;
  double second = 0;
};

/// Two-sided P value: the sum of the hypergeometric probabilities of all tables with these margins
/// that are no more probable than this one, as in R's fisher.test (ties within 1e-7 of it count).
/// 1 where a margin is 0. \pre counts are whole and at least 0.
double fisher_exact(TwoCounts a, TwoCounts b);

}  // namespace npcsim

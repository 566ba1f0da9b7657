// The points of the Fujian nomogram against what Chen 2024 prints: the five factors as thresholds
// of normal variables with the margins of Table 1, survival as a Weibull with the log hazard linear
// in the score. The parameters beside the points come from an independent fit (differential
// evolution, scipy), and so do the fitted values that the test expects.
#include "shipped_evidence.hpp"
#include <npcsim/base/quantity_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

constexpr int kFactors = 5;  // age, EBV DNA, organs, chemotherapy, PD-1 inhibitor; unfavourable
constexpr std::array<double, kFactors> kShare{44.0 / 90, 33.0 / 90, 42.0 / 90, 35.0 / 90,
                                              54.0 / 90};
// Table 2 of Chen 2024, both arms of a risk group together.
constexpr std::array<double, kFactors> kHigh{37.0 / 51, 26.0 / 51, 25.0 / 51, 29.0 / 51, 44.0 / 51};
constexpr std::array<double, kFactors> kLow{7.0 / 39, 7.0 / 39, 17.0 / 39, 6.0 / 39, 10.0 / 39};

// The fit beside the points: log hazard per whole score, Weibull shape and scale (months),
// correlations of EBV DNA with organs and of the two counts of cycles.
constexpr double kSlope = 7.123;
constexpr double kShape = 3.3155;
constexpr double kScale = 38.249;
constexpr double kBurden = -0.196;
constexpr double kCycles = 0.748;

double upper_tail(double x) { return 0.5 * std::erfc(x * std::sqrt(0.5)); }

double threshold(double share) {  // x with P(N > x) = share
  double low = -8;
  double high = 8;
  for (int i = 0; i < 100; ++i) {
    const double middle = 0.5 * (low + high);
    (upper_tail(middle) > share ? low : high) = middle;
  }
  return low;
}

// P(X > a, Y > b) of standard normals with this correlation, by Simpson's rule over X.
double both(double a, double b, double correlation) {
  constexpr int steps = 2000;
  const double end = 9;
  const double width = (end - a) / steps;
  const double left = std::sqrt(1 - correlation * correlation);
  double sum = 0;
  for (int i = 0; i <= steps; ++i) {
    const double x = a + width * i;
    const double weight = i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2;
    sum += weight * std::exp(-0.5 * x * x) * upper_tail((b - correlation * x) / left);
  }
  return sum * width / 3 / std::sqrt(2 * std::acos(-1.0));
}

// P(first = i, second = k) of two factors.
std::array<std::array<double, 2>, 2> pair(int first, int second, double correlation) {
  const double p = kShare[static_cast<std::size_t>(first)];
  const double q = kShare[static_cast<std::size_t>(second)];
  const double pq = both(threshold(p), threshold(q), correlation);
  return {{{1 - p - q + pq, q - pq}, {p - pq, pq}}};
}

struct Fitted {
  double share_high = 0;
  std::array<double, kFactors> in_high{};
  std::array<double, kFactors> in_low{};
  double all_12 = 0, all_24 = 0, low_24 = 0, high_24 = 0;
  double auc_12 = 0, auc_24 = 0, concordance = 0;
};

Fitted predict(const std::array<double, kFactors>& points) {
  const auto burden = pair(1, 2, kBurden);
  const auto cycles = pair(3, 4, kCycles);
  double whole = 0;
  for (const double p : points) whole += p;
  std::array<double, 32> weight{};
  std::array<double, 32> score{};
  double mean = 0;
  for (std::size_t k = 0; k < 32; ++k) {
    const auto has = [k](std::size_t factor) { return (k >> factor) & 1U; };
    weight[k] =
        (has(0) != 0 ? kShare[0] : 1 - kShare[0]) * burden[has(1)][has(2)] * cycles[has(3)][has(4)];
    for (std::size_t f = 0; f < kFactors; ++f) score[k] += has(f) != 0 ? points[f] / whole : 0.0;
    mean += weight[k] * score[k];
  }
  Fitted out;
  std::array<double, 32> ratio{};
  const auto survival = [&](std::size_t k, double months) {
    return std::exp(-std::pow(months / kScale, kShape) * ratio[k]);
  };
  for (std::size_t k = 0; k < 32; ++k) {
    ratio[k] = std::exp(kSlope * (score[k] - mean));
    const bool high = score[k] > mean;
    out.share_high += high ? weight[k] : 0;
    for (std::size_t f = 0; f < kFactors; ++f) {
      if (((k >> f) & 1U) != 0) (high ? out.in_high[f] : out.in_low[f]) += weight[k];
    }
    out.all_12 += weight[k] * survival(k, 12);
    out.all_24 += weight[k] * survival(k, 24);
    (high ? out.high_24 : out.low_24) += weight[k] * survival(k, 24);
  }
  for (std::size_t f = 0; f < kFactors; ++f) {
    out.in_high[f] /= out.share_high;
    out.in_low[f] /= 1 - out.share_high;
  }
  out.high_24 /= out.share_high;
  out.low_24 /= 1 - out.share_high;
  // Area under the curve: a patient dead by t has the higher score than one alive; ties count half.
  const auto area = [&](double months) {
    double right = 0;
    double all = 0;
    for (std::size_t i = 0; i < 32; ++i) {
      for (std::size_t k = 0; k < 32; ++k) {
        const double mass = weight[i] * (1 - survival(i, months)) * weight[k] * survival(k, months);
        all += mass;
        right += mass * (score[i] > score[k] ? 1.0 : score[i] == score[k] ? 0.5 : 0.0);
      }
    }
    return right / all;
  };
  out.auc_12 = area(12);
  out.auc_24 = area(24);
  // Concordance of pairs whose first death comes within 24 months, hazards proportional.
  double right = 0;
  double all = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    for (std::size_t k = 0; k < 32; ++k) {
      const double both_die = ratio[i] + ratio[k];
      const double mass =
          weight[i] * weight[k] * (1 - std::exp(-std::pow(24 / kScale, kShape) * both_die));
      all += mass;
      if (score[i] > score[k]) right += 2 * mass * ratio[i] / both_die;
      if (score[i] == score[k]) right += 0.5 * mass;
    }
  }
  out.concordance = right / all;
  return out;
}

// Sum of squared residuals over standard errors of the printed numbers.
double misfit(const std::array<double, kFactors>& points) {
  const Fitted fit = predict(points);
  double sum = 0;
  const auto share = [&sum](double fitted, double printed, double n) {
    sum += (fitted - printed) * (fitted - printed) * n / std::max(printed * (1 - printed), 0.01);
  };
  const auto number = [&sum](double fitted, double printed, double se) {
    sum += (fitted - printed) * (fitted - printed) / (se * se);
  };
  share(fit.share_high, 51.0 / 90, 90);
  for (std::size_t f = 0; f < kFactors; ++f) {
    share(fit.in_high[f], kHigh[f], 51);
    share(fit.in_low[f], kLow[f], 39);
  }
  share(fit.all_12, 0.93, 90);
  share(fit.all_24, 0.654, 60);  // at 24 months about two thirds are followed
  share(fit.low_24, 0.958, 26);
  share(fit.high_24, 0.414, 34);
  number(fit.auc_12, 0.843, 0.06);
  number(fit.auc_24, 0.796, 0.06);
  number(fit.concordance, 0.894, 0.033);  // (0.958 - 0.829) / 3.92
  return sum;
}

std::array<double, kFactors> shipped_points() {
  const Tree part = document("configs/models/parts/risk_systems.yaml");
  std::array<double, kFactors> points{};
  const std::array<const char*, kFactors> names{"age", "ebv", "organs", "chemotherapy", "pd1"};
  for (std::size_t f = 0; f < kFactors; ++f) {
    const Tree* row = part.find("parameters")->find(std::string("fujian_points_") + names[f]);
    points[f] = parse_number(row->find("value")->text()).value();
  }
  return points;
}

TEST(NomogramPoints, DescribeWhatThePaperPrints) {
  const Fitted fit = predict(shipped_points());
  // Values of the independent fit to three digits, whose patterns are counted over 32,768
  // quasi-random points: those err less than as many random ones, of which this is the standard
  // error of a share. Areas and concordance are taken as shares of all points.
  const auto near = [](double own, double other, double share) {
    EXPECT_NEAR(own, other, 0.0005 + std::sqrt(other * (1 - other) / (32768 * share))) << other;
  };
  near(fit.share_high, 0.547, 1);
  const std::array<double, kFactors> high{0.689, 0.533, 0.497, 0.574, 0.847};
  const std::array<double, kFactors> low{0.247, 0.166, 0.430, 0.166, 0.301};
  for (std::size_t f = 0; f < kFactors; ++f) {
    near(fit.in_high[f], high[f], 0.547);
    near(fit.in_low[f], low[f], 1 - 0.547);
  }
  near(fit.all_12, 0.923, 1);
  near(fit.all_24, 0.668, 1);
  near(fit.low_24, 0.943, 1 - 0.547);
  near(fit.high_24, 0.441, 0.547);
  near(fit.auc_12, 0.884, 1);
  near(fit.auc_24, 0.902, 1);
  near(fit.concordance, 0.850, 1);
}

TEST(NomogramPoints, FitBetterThanEqualPointsAndThanEachPointHalvedOrRaised) {
  const auto points = shipped_points();
  const double best = misfit(points);
  EXPECT_LT(best, 9.0);  // 18 numbers, 9 free parameters
  EXPECT_GT(misfit({1, 1, 1, 1, 1}), 2 * best);
  for (std::size_t f = 0; f < kFactors; ++f) {
    for (const double factor : {0.5, 1.5}) {
      auto other = points;
      other[f] *= factor;
      if (f == 2) other[f] += factor > 1 ? 20 : 0;  // few points: half as many more is no change
      EXPECT_GE(misfit(other), best - 0.5) << f << " x " << factor;
    }
  }
}

}  // namespace
}  // namespace npcsim::testing

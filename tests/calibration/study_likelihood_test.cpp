#include <npcsim/calibration/detail/study_likelihood.hpp>

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::detail {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

// Four figures; the readings are chosen by each test.
struct Study {
  std::vector<CalibrationTarget> targets;
  StudyFigures figures;

  explicit Study(const std::vector<TargetReading>& readings) {
    const auto n = static_cast<Index>(readings.size());
    targets.resize(readings.size());
    figures.value.resize(n);
    figures.proportion = VectorXd::Zero(n);
    MatrixXd root(n, n);
    for (Index i = 0; i < n; ++i) {
      const auto k = static_cast<std::size_t>(i);
      targets[k].reading = readings[k];
      targets[k].value = 0.3 + 0.2 * static_cast<double>(i);
      targets[k].low = targets[k].value;
      targets[k].high = targets[k].value + 0.25;
      figures.value[i] = targets[k].value;
      figures.targets.push_back(&targets[k]);
      (readings[k] == TargetReading::exact ? figures.exact : figures.bounded).push_back(i);
      for (Index j = 0; j < n; ++j)
        root(i, j) = i == j ? 0.3 : 0.1 / (1 + static_cast<double>(i + 2 * j));
    }
    figures.sampling = root * root.transpose();
    for (std::size_t k = 0; k < shift_kinds; ++k) {
      figures.slope[k] = VectorXd::LinSpaced(n, 0.2, 0.5 + 0.1 * static_cast<double>(k));
      figures.bend[k] = VectorXd::LinSpaced(n, -0.3, 0.1 * static_cast<double>(k));
    }
    figures.proportion[0] = 1;
    figures.shape = VectorXd::LinSpaced(n, 0.4, 0.1);
  }
};

const StudySpread spread{{0.04, 0.02, 0.05}, -0.2, 0.01, 0.03};

TEST(StudyLikelihood, OfTwoExactFiguresIsTheBivariateNormal) {
  Study study({TargetReading::exact, TargetReading::exact});
  StudyFigures& f = study.figures;
  f.sampling << 0.04, 0.01, 0.01, 0.09;
  const VectorXd mu = VectorXd::Constant(2, 0.35);
  // Residuals -0.05 and 0.15, determinant 0.0035: by hand,
  // r' V^-1 r = (0.09 * 0.0025 + 2 * 0.01 * 0.0075 + 0.04 * 0.0225) / 0.0035.
  const double squares = (0.09 * 0.0025 + 2 * 0.01 * 0.0075 + 0.04 * 0.0225) / 0.0035;
  EXPECT_NEAR(study_log_likelihood(f, mu, {}, nullptr), -0.5 * squares - 0.5 * std::log(0.0035),
              1e-12);
}

TEST(StudyLikelihood, OfOneBoundIsATailOfTheNormal) {
  Study study({TargetReading::above});
  study.figures.sampling(0, 0) = 0.25;
  // P(Z > (0.3 - 0.8) / 0.5) = Phi(1) = 0.84134474606854295.
  EXPECT_NEAR(study_log_likelihood(study.figures, VectorXd::Constant(1, 0.8), {}, nullptr),
              std::log(0.84134474606854295), 1e-12);
  study.targets[0].reading = TargetReading::below;
  EXPECT_NEAR(study_log_likelihood(study.figures, VectorXd::Constant(1, 0.8), {}, nullptr),
              std::log(0.15865525393145705), 1e-12);
  // Between -1 and -0.5 standard deviations: Phi(-0.5) - Phi(-1).
  study.targets[0].reading = TargetReading::within;
  EXPECT_NEAR(study_log_likelihood(study.figures, VectorXd::Constant(1, 0.8), {}, nullptr),
              std::log(0.30853753872598690 - 0.15865525393145705), 1e-12);
}

TEST(StudyLikelihood, BiasAndVarianceOfAShiftMoveTheMean) {
  // Second-order Taylor: g b + h (b^2 + s) / 2, with s over all kinds of shift.
  Study study({TargetReading::exact});
  StudyFigures& f = study.figures;
  const double expected = 1 + f.slope[2][0] * -0.2 + 0.5 * f.bend[2][0] * 0.04 +
                          0.5 * (f.bend[0][0] * 0.04 + f.bend[1][0] * 0.02 + f.bend[2][0] * 0.05);
  EXPECT_NEAR(study_mean(f, VectorXd::Ones(1), spread)[0], expected, 1e-14);
}

// x normal with mean b and variance s: the variance of g x + h x^2 / 2 is s (g + b h)^2 + s^2 h^2 /
// 2, from the third and fourth moments of the normal. What is a figure's own is added.
TEST(StudyLikelihood, VarianceOfAShiftIsThatOfAQuadratic) {
  Study study({TargetReading::exact});
  StudyFigures& f = study.figures;
  double expected = f.sampling(0, 0) + 0.01 + 0.03 * f.shape[0];
  const double means[] = {0, 0, -0.2};
  for (std::size_t k = 0; k < shift_kinds; ++k) {
    const double g = f.slope[k][0] + means[k] * f.bend[k][0];
    const double h = f.bend[k][0];
    const double s = spread.variance[k];
    expected += s * g * g + 0.5 * s * s * h * h;
  }
  EXPECT_NEAR(study_covariance(f, spread)(0, 0), expected, 1e-14);
}

// Central differences in every argument, for every kind of reading at once.
TEST(StudyLikelihood, GradientIsThatOfDifferences) {
  for (const bool bounded : {false, true}) {
    const Study study(bounded
                          ? std::vector<TargetReading>{TargetReading::exact, TargetReading::above,
                                                       TargetReading::within, TargetReading::below}
                          : std::vector<TargetReading>(4, TargetReading::exact));
    const StudyFigures& f = study.figures;
    const VectorXd mu = VectorXd::LinSpaced(4, 0.1, 0.9);
    StudyGradient gradient;
    study_log_likelihood(f, mu, spread, &gradient);
    constexpr double h = 1e-5;
    const auto check = [&](double found, const auto& at, const char* what) {
      const double difference = (at(h) - at(-h)) / (2 * h);
      EXPECT_NEAR(found, difference, 1e-6 * (1 + std::fabs(difference))) << what << bounded;
    };
    for (Index i = 0; i < 4; ++i) {
      check(
          gradient.mu[i],
          [&](double by) {
            VectorXd moved = mu;
            moved[i] += by;
            return study_log_likelihood(f, moved, spread, nullptr);
          },
          "mu");
    }
    const auto with = [&](auto change) {
      return [&, change](double by) {
        StudySpread moved = spread;
        change(moved, by);
        return study_log_likelihood(f, mu, moved, nullptr);
      };
    };
    for (std::size_t k = 0; k < shift_kinds; ++k)
      check(gradient.spread.variance[k],
            with([k](StudySpread& s, double by) { s.variance[k] += by; }), "variance");
    check(gradient.spread.effect_bias, with([](StudySpread& s, double by) { s.effect_bias += by; }),
          "bias");
    check(gradient.spread.proportion_variance,
          with([](StudySpread& s, double by) { s.proportion_variance += by; }), "proportion");
    check(gradient.spread.shape_variance,
          with([](StudySpread& s, double by) { s.shape_variance += by; }), "shape");
  }
}

TEST(StudyLikelihood, InformationOfExactFiguresIsTheInverseCovariance) {
  const Study study(std::vector<TargetReading>(4, TargetReading::exact));
  const MatrixXd product = study_information(study.figures, VectorXd::Zero(4), spread) *
                           study_covariance(study.figures, spread);
  EXPECT_LT((product - MatrixXd::Identity(4, 4)).cwiseAbs().maxCoeff(), 1e-9);
}

TEST(StudyLikelihood, InformationOfABoundIsMinusTheSecondDerivative) {
  const Study study({TargetReading::exact, TargetReading::above, TargetReading::within});
  const VectorXd mu = VectorXd::Constant(3, 0.4);
  const MatrixXd information = study_information(study.figures, mu, spread);
  constexpr double h = 1e-5;
  for (Index i = 0; i < 3; ++i) {
    VectorXd up = mu;
    VectorXd down = mu;
    up[i] += h;
    down[i] -= h;
    StudyGradient above;
    StudyGradient below;
    study_log_likelihood(study.figures, up, spread, &above);
    study_log_likelihood(study.figures, down, spread, &below);
    for (Index j = 0; j < 3; ++j)
      EXPECT_NEAR(information(i, j), -(above.mu[j] - below.mu[j]) / (2 * h),
                  1e-5 * information.cwiseAbs().maxCoeff());
  }
}

}  // namespace
}  // namespace npcsim::detail

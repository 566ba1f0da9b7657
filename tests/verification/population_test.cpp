// Attributes as documents declare them: margins, joint laws, eligibility, resampling, life tables.
#include "simulated.hpp"
#include <npcsim/population/patient_sampler.hpp>

#include <cmath>
#include <span>

#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::sqrt;

constexpr std::size_t n = 1000000;

double normal_cdf(double z) { return boost::math::cdf(boost::math::normal(), z); }

std::string peopled(const std::string& attributes, const std::string& study = "") {
  return R"(study: peopled
model:
  model: peopled
  states: [alive, dead]
)" + attributes +
         R"(  processes:
    death: {from: alive, to: dead, hazard: {exponential: 0.05 per month, source: assumed}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 51
horizon: 60 months
)" + study;
}

// A million patients of a document.
class Patients {
 public:
  explicit Patients(const std::string& text) : study_(compiled(text)) {
    const Program& program = *study_->program;
    std::vector<std::int32_t> all;
    for (std::size_t c = 0; c < program.columns.size(); ++c)
      all.push_back(static_cast<std::int32_t>(c));
    const PatientSampler sampler(program, program.needed_rules(all));
    columns_.resize(program.columns.size() * n);
    PatientSampler::Workspace work;
    candidates_ = sampler.draw({51, 0}, 0, n, columns_.data(), work);
  }
  std::span<const double> operator[](const std::string& name) const {
    const std::int32_t column = study_->program->find_column(name);
    if (column < 0) throw std::runtime_error("no column " + name);
    return {columns_.data() + static_cast<std::size_t>(column) * n, n};
  }
  double share(const std::string& flag) const { return sample_moments((*this)[flag]).mean; }
  double candidates() const { return static_cast<double>(candidates_); }

 private:
  std::unique_ptr<CompiledStudy> study_;
  std::vector<double> columns_;
  std::uint64_t candidates_ = 0;
};

// Moments of order one and two: z of the mean with the known sd, z of the variance with that of (x
// - mean)^2.
void expect_moments(std::span<const double> x, double mean, double sd) {
  EXPECT_LT(std::abs(z_of_mean(x, mean, sd)), z_limit);
  std::vector<double> squares;
  for (const double value : x) squares.push_back((value - mean) * (value - mean));
  EXPECT_LT(std::abs(z_of_mean(squares, sd * sd)), z_limit);
}

void expect_correlation(std::span<const double> x, std::span<const double> y, double rho) {
  const SampleMoments a = sample_moments(x);
  const SampleMoments b = sample_moments(y);
  std::vector<double> products;
  for (std::size_t i = 0; i < n; ++i)
    products.push_back((x[i] - a.mean) / a.sd * (y[i] - b.mean) / b.sd);
  // The influence function of r: uv - rho (u^2 + v^2) / 2.
  std::vector<double> influence;
  for (std::size_t i = 0; i < n; ++i) {
    const double u = (x[i] - a.mean) / a.sd;
    const double v = (y[i] - b.mean) / b.sd;
    influence.push_back(u * v - rho * (u * u + v * v) / 2);
  }
  const double r = sample_moments(products).mean;
  EXPECT_TRUE(agrees(r, rho, sample_moments(influence).standard_error(), "correlation"));
}

TEST(Attribute, TruncatedNormalKeepsItsShape) {
  const Patients patients(
      peopled("  attributes: {age: {truncated_normal: {mean: 50, sd: 11, min: 18, max: 60}, "
              "source: assumed}}\n"));
  const boost::math::normal phi;
  const double a = (18 - 50) / 11.0;
  const double b = (60 - 50) / 11.0;
  const double mass = normal_cdf(b) - normal_cdf(a);
  const double shift = (boost::math::pdf(phi, a) - boost::math::pdf(phi, b)) / mass;
  const double variance =
      1 + (a * boost::math::pdf(phi, a) - b * boost::math::pdf(phi, b)) / mass - shift * shift;
  expect_moments(patients["age"], 50 + 11 * shift, 11 * sqrt(variance));
}

TEST(Attribute, BetaGammaLogNormalAndUniformHaveTheirMoments) {
  const Patients patients(peopled(R"(  attributes:
    ratio: {beta: [2, 5], source: assumed}
    burden: {gamma: {shape: 0.8, mean: 1}, source: assumed}
    width: {log_normal: {meanlog: 0.8, sdlog: 0.6}, source: assumed}
    dose: {uniform: [10, 30], source: assumed}
)"));
  expect_moments(patients["ratio"], 2.0 / 7, sqrt(10.0 / (49 * 8)));
  expect_moments(patients["burden"], 1, sqrt(1 / 0.8));
  expect_moments(patients["width"], exp(0.8 + 0.18), exp(0.8 + 0.18) * sqrt(std::expm1(0.36)));
  expect_moments(patients["dose"], 20, 20 / sqrt(12));
}

TEST(Attribute, PoissonTimesAGammaIsNegativeBinomial) {
  const Patients patients(peopled(R"(  attributes:
    burden: {gamma: {shape: 0.8, mean: 1}, source: assumed}
    more: {poisson: {mean: 2.62, times: burden}, source: assumed}
    lesions: {poisson: {mean: 2.62, times: burden}, source: assumed, plus: 1}
    single: {condition: {lesions: {equals: 1}}}
)"));
  expect_moments(patients["more"], 2.62, sqrt(2.62 + 2.62 * 2.62 / 0.8));
  expect_moments(patients["lesions"], 3.62, sqrt(2.62 + 2.62 * 2.62 / 0.8));
  const double p = std::pow(1 + 2.62 / 0.8, -0.8);
  EXPECT_TRUE(agrees(patients.share("single"), p, sqrt(p * (1 - p) / n), "one lesion"));
}

TEST(Attribute, DerivedOnesFollowTheirOperands) {
  const Patients patients(peopled(R"(  attributes:
    stage: {categorical: {a: 0.2, b: 0.5, c: 0.3}, source: assumed}
    late: {condition: {stage: [b, c]}}
    male: {bernoulli: 0.8, source: assumed}
    weight: {normal: {mean: {intercept: 55, terms: {male: 12}}, sd: 9}, source: assumed}
    high: {bernoulli: {logit: {intercept: -0.8, terms: [{of: male, coef: 1.5}]}}, source: assumed}
    width: {log_normal: {meanlog: 0.8, sdlog: 0.6}, source: assumed}
    decades: {log10: width}
    z: {standardised: width}
    score: {linear: {intercept: 1, terms: [{of: weight, centre: 60, coef: 0.1}]}}
    flags: {sum: [late, male]}
    both: {product: [late, male]}
    special: {normal: [5, 1], when: {male: true}, otherwise: -1, source: assumed}
)"));
  EXPECT_TRUE(agrees(patients.share("late"), 0.8, sqrt(0.16 / n), "late"));
  EXPECT_TRUE(agrees(patients.share("both"), 0.64, sqrt(0.64 * 0.36 / n), "both"));
  expect_moments(patients["weight"], 55 + 12 * 0.8, sqrt(81 + 144 * 0.16));
  const double high = 0.8 / (1 + exp(-0.7)) + 0.2 / (1 + exp(0.8));
  EXPECT_TRUE(agrees(patients.share("high"), high, sqrt(high * (1 - high) / n), "high"));
  expect_moments(patients["z"], 0, 1);
  for (std::size_t i = 0; i < 1000; ++i) {
    ASSERT_NEAR(patients["decades"][i], std::log10(patients["width"][i]), 1e-12);
    ASSERT_NEAR(patients["z"][i], (std::log(patients["width"][i]) - 0.8) / 0.6, 1e-9);
    ASSERT_NEAR(patients["score"][i], 1 + 0.1 * (patients["weight"][i] - 60), 1e-12);
    ASSERT_EQ(patients["flags"][i], patients["late"][i] + patients["male"][i]);
    if (patients["male"][i] == 0) {
      ASSERT_EQ(patients["special"][i], -1);
    }
  }
}

TEST(Attribute, PatternHasTheMarginsOfItsExplicitSum) {
  const Patients patients(peopled(R"(  attributes:
    sites: {pattern: {members: [bone, liver, lung], weights: [0.2, -0.9, -1.2], pair: 0.4}, source: assumed}
    count: {sum: [bone, liver, lung]}
    several: {condition: {count: {min: 2}}}
)"));
  const double weights[3] = {0.2, -0.9, -1.2};
  double z = 0;
  double margin[3] = {};
  double several = 0;
  for (unsigned s = 1; s < 8; ++s) {
    double log_weight = 0;
    int k = 0;
    for (unsigned j = 0; j < 3; ++j) {
      if ((s >> j & 1U) == 0) continue;
      log_weight += weights[j];
      ++k;
    }
    const double p = exp(log_weight + 0.4 * k * (k - 1) / 2);
    z += p;
    several += k >= 2 ? p : 0;
    for (unsigned j = 0; j < 3; ++j) margin[j] += (s >> j & 1U) != 0 ? p : 0;
  }
  const auto check = [&](const std::string& flag, double p) {
    EXPECT_TRUE(agrees(patients.share(flag), p, sqrt(p * (1 - p) / n), flag));
  };
  check("bone", margin[0] / z);
  check("liver", margin[1] / z);
  check("lung", margin[2] / z);
  check("several", several / z);
}

TEST(Copula, CorrelationIsThatOfTheLatentNormals) {
  const Patients patients(peopled(R"(  attributes:
    a: {normal: [3, 2], source: assumed}
    b: {log_normal: {meanlog: 0, sdlog: 0.7}, source: assumed}
    c: {uniform: [0, 1], source: assumed}
    d: {bernoulli: 0.3, source: assumed}
    e: {normal: [0, 1], source: assumed}
  copulas:
    - of: [a, b, c, d, e]
      correlation: [[1, 0.5, -0.4, 0.6, 0.3], [0.5, 1, 0, 0.2, 0], [-0.4, 0, 1, -0.1, 0.5], [0.6, 0.2, -0.1, 1, 0.1],
                    [0.3, 0, 0.5, 0.1, 1]]
)"));
  expect_moments(patients["a"], 3, 2);
  expect_moments(patients["b"], exp(0.245), exp(0.245) * sqrt(std::expm1(0.49)));
  expect_moments(patients["c"], 0.5, sqrt(1 / 12.0));
  expect_correlation(patients["a"], patients["e"], 0.3);
  // Cov(z, exp(s y)) = rho s exp(s^2 / 2): the correlation of a normal with a log-normal.
  expect_correlation(patients["a"], patients["b"], 0.5 * 0.7 / sqrt(std::expm1(0.49)));
  // Pearson with a uniform: rho sqrt(3 / pi).
  expect_correlation(patients["a"], patients["c"], -0.4 * sqrt(3 / std::acos(-1.0)));
  // A flag is true where its latent normal is high: Corr = rho phi(q) / sqrt(p (1 - p)).
  const double q = boost::math::quantile(boost::math::normal(), 0.7);
  EXPECT_TRUE(agrees(patients.share("d"), 0.3, sqrt(0.21 / n), "flag of a copula"));
  expect_correlation(patients["a"], patients["d"],
                     0.6 * boost::math::pdf(boost::math::normal(), q) / sqrt(0.21));
}

TEST(Eligibility, AcceptedPatientsHaveTheConditionalLaw) {
  const Patients patients(peopled(R"(  attributes:
    age: {normal: [50, 10], source: assumed}
    liver: {bernoulli: {logit: {intercept: -0.5, terms: [{of: age, centre: 50, coef: 0.05}]}}, source: assumed}
)",
                                  "population: {eligible: {age: {min: 55}, liver: true}}\n"));
  const auto weight = [](double age) {
    const double z = (age - 50) / 10;
    return exp(-z * z / 2) / sqrt(2 * std::acos(-1.0)) / 10 / (1 + exp(0.5 - 0.05 * (age - 50)));
  };
  const double accepted = integral(weight, 55, 150);
  const double mean = integral([&](double x) { return x * weight(x); }, 55, 150) / accepted;
  const double square = integral([&](double x) { return x * x * weight(x); }, 55, 150) / accepted;
  expect_moments(patients["age"], mean, sqrt(square - mean * mean));
  for (std::size_t i = 0; i < n; ++i) ASSERT_EQ(patients["liver"][i], 1);
  // Candidates per patient are geometric.
  EXPECT_TRUE(agrees(patients.candidates() / n, 1 / accepted,
                     sqrt(1 - accepted) / accepted / sqrt(1.0 * n), "candidates for each patient"));
}

TEST(Resample, RowsStayTogetherAndAreEquallyLikely) {
  const Patients patients(peopled(R"(  attributes:
    age: {resample: years}
    lesions: {resample: lesions}
    risk: {resample: risk}
)",
                                  "population: {resample: patients.csv}\n"));
  const double years[5] = {40, 45, 50, 62, 71};
  const double risk[5] = {0.5, 1, 0.25, 2, 1.5};
  std::vector<std::size_t> counts(5);
  for (std::size_t i = 0; i < n; ++i) {
    std::size_t row = 0;
    while (row < 4 && patients["age"][i] != years[row]) ++row;
    ++counts[row];
    ASSERT_EQ(patients["risk"][i], risk[row]);
  }
  const std::vector<double> shares(5, 0.2);
  EXPECT_LT(z_of_counts(counts, shares), z_limit);
}

TEST(LifeTable, MeanResidualLifeIsThatOfItsPieces) {
  const Simulated run(compiled(R"(study: background
model:
  model: background
  states: [alive, dead]
  attributes:
    male: {bernoulli: 0.4, source: assumed}
    age: {constant: 55.5, unit: years, source: assumed}
  processes:
    death: {from: alive, to: dead, clock: age, hazard: {life_table: life_table.csv, hazard_multiplier: 0.8, source: assumed}}
  endpoints: {OS: {states: [dead]}}
strategies: [{strategy: untreated}]
patients: 1000000
seed: 52
horizon: 1200 months
landmarks: [50, 120, 200]
)",
                               "life_table_study.yaml"));
  const auto man = [](double years) {
    const auto spell = [years](double from, double to) {
      return std::max(0.0, std::min(55.5 + years, to) - std::max(from, 55.5));
    };
    return exp(-0.8 * (0.01 * spell(50, 60) + 0.03 * spell(60, 70) + 0.12 * spell(70, 1e9)));
  };
  const auto woman = [](double years) {
    const auto spell = [years](double from, double to) {
      return std::max(0.0, std::min(55.5 + years, to) - std::max(from, 55.5));
    };
    return exp(-0.8 * (0.005 * spell(50, 65) + 0.05 * spell(65, 1e9)));
  };
  const auto survival = [&](double months) {
    return 0.4 * man(months / 12) + 0.6 * woman(months / 12);
  };
  for (const double t : {50.0, 120.0, 200.0}) EXPECT_TRUE(run.survival("OS", t, survival(t)));
  EXPECT_TRUE(run.mean("OS", restricted(survival, 1200, {54, 114, 174})));
}

}  // namespace
}  // namespace npcsim::testing

// The closed-form cases of the model description, V01 to V18. V13 (sample sizes) and V16 (value of
// information) are tested in their rooms. Printed digits stand as literals; formulas give the rest
// of them.
#include "simulated.hpp"

#include <cmath>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using std::exp;
using std::log;
using std::pow;

constexpr double analytic = 1e-9;  // relative

void expect_close(double computed, double exact, double relative = analytic) {
  EXPECT_NEAR(computed, exact, relative * std::abs(exact));
}

TEST(ClosedForm, V01Exponential) {
  const Simulated run("v01_exponential");
  const auto survival = [](double t) { return exp(-0.1 * t); };
  EXPECT_NEAR(log(2) / 0.1, 6.931472, 5e-7);
  EXPECT_NEAR(survival(12), 0.3011942, 5e-8);
  const Moments rmst = restricted(survival, 24);
  EXPECT_NEAR(rmst.mean, 9.092820, 5e-7);
  expect_close(rmst.mean, (1 - exp(-2.4)) / 0.1);
  expect_close(run.cumulative("death", 12), 1.2);
  expect_close(run.time_at("death", log(2)), log(2) / 0.1);
  EXPECT_TRUE(run.median("OS", log(2) / 0.1, 0.05));
  EXPECT_TRUE(run.survival("OS", 12, survival(12)));
  EXPECT_TRUE(run.mean("OS", rmst));
}

TEST(ClosedForm, V02Weibull) {
  const Simulated run("v02_weibull");
  const auto survival = [](double t) { return exp(-pow(t / 12, 1.5)); };
  const double median = 12 * pow(log(2), 1 / 1.5);
  EXPECT_NEAR(median, 9.398637, 5e-7);
  const double mean = 12 * std::tgamma(1 + 1 / 1.5);
  EXPECT_NEAR(mean, 10.83294, 5e-6);
  EXPECT_NEAR(survival(24), 0.05910575, 5e-9);
  const Moments rmst = restricted(survival, 24);
  EXPECT_NEAR(rmst.mean, 10.52703, 5e-6);
  expect_close(run.cumulative("death", 24), pow(2, 1.5));
  expect_close(run.time_at("death", log(2)), median);
  EXPECT_TRUE(run.median("OS", median, 0.5 * 1.5 / 12 * pow(median / 12, 0.5)));
  EXPECT_TRUE(run.survival("OS", 24, survival(24)));
  EXPECT_TRUE(run.restricted_mean("OS", 24, rmst));
  const double variance = 144 * std::tgamma(1 + 2 / 1.5) - mean * mean;
  EXPECT_TRUE(run.mean("OS", {mean, std::sqrt(variance)}));
}

TEST(ClosedForm, V03GompertzThatRises) {
  const Simulated run("v03_gompertz_rising");
  const auto hazard = [](double t) { return 0.01 / 0.05 * std::expm1(0.05 * t); };
  const double median = std::log1p(0.05 * log(2) / 0.01) / 0.05;
  EXPECT_NEAR(median, 29.92868, 5e-6);
  EXPECT_NEAR(exp(-hazard(24)), 0.6287489, 5e-8);
  expect_close(run.cumulative("death", 24), hazard(24));
  expect_close(run.time_at("death", log(2)), median);
  EXPECT_TRUE(run.median("OS", median, 0.5 * 0.01 * exp(0.05 * median)));
  EXPECT_TRUE(run.survival("OS", 24, exp(-hazard(24))));
  EXPECT_TRUE(run.mean("OS", restricted([&](double t) { return exp(-hazard(t)); }, 120)));
}

TEST(ClosedForm, V03GompertzThatFallsLeavesSomeWithoutTheEvent) {
  const Simulated run("v03_gompertz_falling");
  EXPECT_NEAR(exp(-1), 0.3678794, 5e-8);
  expect_close(run.cumulative("death", 1e6), 1);
  EXPECT_EQ(run.time_at("death", 1.0 + 1e-12), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(run.survival("OS", 24, exp(std::expm1(-0.05 * 24))));
  EXPECT_TRUE(run.survival("OS", 1000, exp(-1)));
}

TEST(ClosedForm, V04LogLogistic) {
  const Simulated run("v04_log_logistic");
  const auto survival = [](double t) { return 1 / (1 + t * t / 100); };
  EXPECT_NEAR(survival(20), 0.2, 1e-15);
  EXPECT_NEAR(10 * std::acos(-1) / 2, 15.70796, 5e-6);
  expect_close(run.cumulative("death", 20), log(5));
  expect_close(run.time_at("death", log(5)), 20);
  const Process& death = run.process("death");
  const auto hazard_at = [&](double t) {
    return hazard(death.baseline, death.parameters.data(), t * month) * month;
  };
  expect_close(hazard_at(10), 0.1);  // 2 t / (100 + t^2) at its peak
  EXPECT_LT(hazard_at(9.99), hazard_at(10));
  EXPECT_LT(hazard_at(10.01), hazard_at(10));
  EXPECT_TRUE(run.survival("OS", 20, 0.2));
  EXPECT_TRUE(run.median("OS", 10, 0.05));
  const Moments mean = restricted(survival, 240);
  expect_close(mean.mean, 10 * std::atan(24));
  EXPECT_TRUE(run.mean("OS", mean));
}

TEST(ClosedForm, V05Piecewise) {
  const Simulated run("v05_piecewise");
  EXPECT_NEAR(exp(-0.3), 0.7408182, 5e-8);
  EXPECT_NEAR(exp(-1.2), 0.3011942, 5e-8);
  EXPECT_NEAR(exp(-1.44), 0.2369278, 5e-8);
  const double median = 6 + (log(2) - 0.3) / 0.15;
  EXPECT_NEAR(median, 8.620981, 5e-7);
  expect_close(run.cumulative("death", 6), 0.3);
  expect_close(run.cumulative("death", 12), 1.2);
  expect_close(run.cumulative("death", 24), 1.44);
  expect_close(run.time_at("death", log(2)), median);
  EXPECT_TRUE(run.median("OS", median, 0.075));
  EXPECT_TRUE(run.survival("OS", 6, exp(-0.3)));
  EXPECT_TRUE(run.survival("OS", 12, exp(-1.2)));
  EXPECT_TRUE(run.survival("OS", 24, exp(-1.44)));
}

TEST(ClosedForm, V06WindowOfEffectIsLeftAgain) {
  const Simulated run("v06_window");
  const auto base = [](double t) { return pow(t / 12, 1.5); };
  const auto hazard = [&](double t) {
    const double inside = std::max(0.0, base(std::min(t, 12.0)) - base(6));
    return base(t) - 0.5 * inside;
  };
  EXPECT_NEAR(exp(-hazard(12)), 0.5082526, 5e-8);
  EXPECT_NEAR(exp(-hazard(24)), 0.08165895, 5e-9);
  const double median = 12 * pow(log(2) + 0.5 * (base(12) - base(6)), 1 / 1.5);
  EXPECT_NEAR(median, 12.13061, 5e-6);
  EXPECT_TRUE(run.median("OS", median, 0.5 * 1.5 / 12 * std::sqrt(median / 12)));
  for (const double t : {6.0, 9.0, 12.0, 24.0}) EXPECT_TRUE(run.survival("OS", t, exp(-hazard(t))));
  EXPECT_TRUE(run.mean("OS", restricted([&](double t) { return exp(-hazard(t)); }, 60, {6, 12})));
}

TEST(ClosedForm, V07CompetingCauses) {
  const Simulated run("v07_competing");
  const auto survival = [](double t) { return exp(-0.065 * t); };
  EXPECT_NEAR(survival(12), 0.4584060, 5e-8);
  EXPECT_NEAR(survival(24), 0.2101361, 5e-8);
  const double distant = 0.04 / 0.065 * (1 - survival(24));
  const double locoregional = 0.02 / 0.065 * (1 - survival(24));
  EXPECT_NEAR(distant, 0.4860701, 5e-8);
  EXPECT_NEAR(locoregional, 0.2430351, 5e-8);
  EXPECT_NEAR(0.04 / 0.065, 0.6153846, 5e-8);
  EXPECT_TRUE(run.survival("PFS", 12, survival(12)));
  EXPECT_TRUE(run.survival("PFS", 24, survival(24)));
  EXPECT_TRUE(run.incidence("PFS:distant_progression", 24, distant));
  EXPECT_TRUE(run.incidence("PFS:locoregional_progression", 24, locoregional));
  EXPECT_TRUE(run.incidence("PFS:death_before", 24, 0.005 / 0.065 * (1 - survival(24))));
  EXPECT_TRUE(run.incidence("PFS:distant_progression", 360, 0.04 / 0.065));
}

TEST(ClosedForm, V08IllnessAndDeath) {
  const Simulated run("v08_illness_death");
  // OS = exp(-0.11 t) + 0.1 / (0.11 - 0.06) (exp(-0.06 t) - exp(-0.11 t)).
  const auto survival = [](double t) { return 2 * exp(-0.06 * t) - exp(-0.11 * t); };
  EXPECT_NEAR(survival(12), 0.7063692, 5e-8);
  EXPECT_NEAR(survival(24), 0.4024942, 5e-8);
  EXPECT_NEAR(survival(60), 0.05328708, 5e-9);
  const double after = 0.1 / 0.11 / 0.06;
  EXPECT_NEAR(after, 15.15152, 5e-6);
  EXPECT_NEAR(1 / 0.11 + after, 24.24242, 5e-6);
  for (const double t : {12.0, 24.0, 60.0}) EXPECT_TRUE(run.survival("OS", t, survival(t)));
  const Moments mean = restricted(survival, 600);
  expect_close(mean.mean, 1 / 0.11 + after);
  EXPECT_TRUE(run.mean("OS", mean));
  EXPECT_TRUE(run.mean("PFS", restricted([](double t) { return exp(-0.11 * t); }, 600)));
  // Time after progression is B Exp(0.06) with B ~ Bernoulli(10 / 11), and the difference of the
  // two means.
  const double square = 10.0 / 11 * 2 / (0.06 * 0.06);
  EXPECT_TRUE(agrees(run.figure("", "OS", "mean") - run.figure("", "PFS", "mean"), after,
                     std::sqrt((square - after * after) / 1e6), "post-progression months"));
}

TEST(ClosedForm, V09GammaFrailty) {
  const Simulated run("v09_frailty");
  const auto survival = [](double hazard) { return pow(1 + 0.5 * hazard, -2); };
  EXPECT_NEAR(survival(1.2), 0.390625, 1e-12);
  EXPECT_NEAR(survival(3.6), 0.1275510, 5e-8);
  const double median = (std::sqrt(2) - 1) / 0.05;
  EXPECT_NEAR(median, 8.284271, 5e-7);
  EXPECT_TRUE(run.survival("OS", 12, survival(1.2)));
  EXPECT_TRUE(run.survival("OS", 36, survival(3.6)));
  EXPECT_TRUE(run.median("OS", median, 0.5 * 0.1 / (1 + 0.05 * median)));
  EXPECT_TRUE(run.survival("OS", 12, survival(0.6), "treated"));
  EXPECT_TRUE(run.survival("OS", 36, survival(1.8), "treated"));
  // Marginal hazard ratio theta (1 + s2 H) / (1 + s2 theta H) at 12 months, from the share of
  // deaths in 11..13.
  EXPECT_NEAR(0.5 * (1 + 0.5 * 1.2) / (1 + 0.5 * 0.5 * 1.2), 0.6153846, 5e-8);
  const auto window = [&](const std::string& strategy) {
    return log(run.figure(strategy, "OS", "survival", 11) /
               run.figure(strategy, "OS", "survival", 13));
  };
  const auto exact = [&](double theta) {
    return log(survival(theta * 1.1) / survival(theta * 1.3));
  };
  EXPECT_NEAR(exact(0.5) / exact(1), 0.6153846, 2e-4);
  // log(window) has variance about (1 - q) / (n S(11) q^2 ...): 1 / deaths in the window; twins
  // make the ratio better.
  const double deaths = 1e6 * (survival(1.1) - survival(1.3));
  const double deaths_treated = 1e6 * (survival(0.55) - survival(0.65));
  EXPECT_TRUE(agrees(log(window("treated") / window("untreated")), log(exact(0.5) / exact(1)),
                     std::sqrt(1 / deaths + 1 / deaths_treated), "log marginal hazard ratio"));
}

TEST(ClosedForm, V09TwoEventsThatShareAFrailty) {
  const Simulated run("v09_pair");
  EXPECT_TRUE(run.survival("locoregional", 10, pow(1 + 0.5 * 0.6, -2)));
  EXPECT_TRUE(run.survival("distant", 20, pow(1 + 0.5 * 0.6, -2)));
  const Lives lives = run.lives();
  const auto& first = lives.time("untreated", "locoregional");
  const auto& second = lives.time("untreated", "distant");
  std::size_t both = 0;
  for (std::size_t i = 0; i < lives.patients; ++i)
    both += first[i] > 10 && second[i] > 20 ? 1U : 0U;
  EXPECT_NEAR(pow(1 + 0.5 * (0.6 + 0.6), -2), 0.390625, 1e-12);
  EXPECT_LT(std::abs(z_of_share(both, lives.patients, 0.390625)), z_limit);
  // Kendall's tau = s2 / (s2 + 2): the mean sign of concordance of independent pairs of patients.
  const double tau = 0.5 / 2.5;
  double sum = 0;
  for (std::size_t i = 0; i + 1 < lives.patients; i += 2) {
    const double product = (first[i] - first[i + 1]) * (second[i] - second[i + 1]);
    sum += product > 0 ? 1 : product < 0 ? -1 : 0;
  }
  const double pairs = static_cast<double>(lives.patients) / 2;
  EXPECT_TRUE(agrees(sum / pairs, tau, std::sqrt((1 - tau * tau) / pairs), "Kendall's tau"));
}

TEST(ClosedForm, V10BackgroundMortalityOnTheAgeClock) {
  const Simulated run("v10_background");
  const auto background = [](double months) {
    return 0.0060 / 0.088 * std::expm1(0.088 * months / 12);
  };
  EXPECT_NEAR(exp(-background(120)), 0.9082844, 5e-8);
  EXPECT_NEAR(exp(-background(60) - 1.8), 0.1591856, 5e-8);
  const double from = run.cumulative("background", 600);
  EXPECT_NEAR(run.cumulative("background", 720) - from, background(120),
              analytic * background(120));
  EXPECT_TRUE(run.survival("OS", 120, exp(-background(120)), "cured"));
  EXPECT_TRUE(run.survival("OS", 60, exp(-background(60) - 1.8), "untreated"));
}

TEST(ClosedForm, V11LifeMonths) {
  const Simulated run("v11_life_months");
  EXPECT_TRUE(run.mean("OS", {25, 25}));
  EXPECT_TRUE(
      run.restricted_mean("OS", 120, restricted([](double t) { return exp(-0.04 * t); }, 120)));
  // Discounted at 5 % a year: E (1 - exp(-d T)) / d = 1 / (0.04 + d) with d = log(1.05) / 12.
  const double d = log(1.05) / 12;
  EXPECT_NEAR(1 / (0.04 + d), 22.69331, 5e-6);
  const Lives lives = run.lives();
  double sum = 0;
  for (const double t : lives.time("untreated", "OS")) sum += -std::expm1(-d * t) / d;
  const double square = (1 - 2 * 0.04 / (0.04 + d) + 0.04 / (0.04 + 2 * d)) / (d * d);
  const double mean = 1 / (0.04 + d);
  EXPECT_TRUE(
      agrees(sum / 1e6, mean, std::sqrt((square - mean * mean) / 1e6), "discounted life months"));
}

TEST(ClosedForm, V12CyclesReceived) {
  const Simulated run("v12_cycles");
  const double stay = 0.95 * exp(-0.08 * 21 / month);
  double mean = 0;
  double square = 0;
  for (int k = 0; k < 6; ++k) {
    mean += pow(stay, k);  // P(N > k) = stay^k
    square += (2 * k + 1) * pow(stay, k);
  }
  EXPECT_NEAR(mean, 4.674014, 5e-7);
  EXPECT_NEAR(pow(stay, 5), 0.5871694, 5e-8);
  EXPECT_NEAR(pow(stay, 3), 0.7265376, 5e-8);
  EXPECT_TRUE(run.measure("cycles_chemotherapy", {mean, std::sqrt(square - mean * mean)}));
  const Lives lives = run.lives();
  std::size_t six = 0;
  std::size_t four = 0;
  for (const std::int32_t cycles : lives.measure("treated", "cycles_chemotherapy")) {
    six += cycles == 6 ? 1U : 0U;
    four += cycles >= 4 ? 1U : 0U;
    ASSERT_GE(cycles, 1);
    ASSERT_LE(cycles, 6);
  }
  EXPECT_LT(std::abs(z_of_share(six, lives.patients, pow(stay, 5))), z_limit);
  EXPECT_LT(std::abs(z_of_share(four, lives.patients, pow(stay, 3))), z_limit);
}

TEST(ClosedForm, V14AssessmentsOnAGrid) {
  const Simulated run("v14_grid");
  const double step = 42 / month;
  const double stay = exp(-0.1 * step);
  EXPECT_NEAR(step / (1 - stay), 10.70580, 5e-6);
  EXPECT_NEAR(6 * step, 8.279261, 5e-7);
  // Documented at the k-th assessment with probability stay^(k-1) (1 - stay): geometric.
  const double sd = step * std::sqrt(stay) / (1 - stay);
  EXPECT_TRUE(run.mean("documented", {step / (1 - stay), sd}));
  EXPECT_EQ(run.figure("", "documented", "median"), 6 * 42 * 32 / 974.0);
  EXPECT_TRUE(run.median("latent", log(2) / 0.1, 0.05));
  EXPECT_TRUE(run.survival("documented", 42 / month, stay));
  EXPECT_TRUE(run.survival("documented", 84 / month, stay * stay));
  EXPECT_TRUE(run.survival("documented", 251 / month, pow(stay, 5)));
  EXPECT_TRUE(run.survival("documented", 252 / month, pow(stay, 6)));
  EXPECT_EQ(run.figure("", "documented", "survival", 253 / month),
            run.figure("", "documented", "survival", 252 / month));
  EXPECT_TRUE(run.survival("documented", 420 / month, pow(stay, 10)));
}

TEST(ClosedForm, V15EverNeverComparesImmortalTime) {
  const Simulated run("v15_immortal_time");
  EXPECT_TRUE(run.share("received_placebo", 0.8 * exp(-0.24)));
  const Lives lives = run.lives();
  double deaths[2] = {};
  double months[2] = {};
  double before = 0;
  for (std::size_t i = 0; i < lives.patients; ++i) {
    const auto ever = static_cast<std::size_t>(lives.measure("late", "received_placebo")[i]);
    deaths[ever] += lives.code("late", "OS")[i] > 0 ? 1 : 0;
    months[ever] += lives.time("late", "OS")[i];
    before += ever == 1 ? 6 : 0;
  }
  // Ever: 1 / (6 + 25) deaths per month. Never: all of the dead before 6 months and a fifth of the
  // others.
  const double dead = 1 - exp(-0.24);
  const double alive = exp(-0.24);
  const double early_months = dead / 0.04 - 6 * alive;
  const double never_rate = (dead + 0.2 * alive) / (early_months + 0.2 * alive * 31);
  const double ratio = 1.0 / 31 / never_rate;
  EXPECT_NEAR(ratio, 0.4778808, 5e-8);
  // Log rates of a group: variance of sum(D - rate T) / deaths^2, by the moments of T in the group.
  const double n = 1e6;
  const double ever_n = n * 0.8 * alive;
  const double ever_variance = 25.0 * 25.0 / (31.0 * 31.0) / ever_n;
  const double never_n = n - ever_n;
  const double square_early =
      integral([](double t) { return t * t * 0.04 * exp(-0.04 * t); }, 0, 6);
  const double square_late = 0.2 * alive * (625 + 31 * 31);
  const double total = dead + 0.2 * alive;
  const double never_mean = (early_months + 0.2 * alive * 31) / total;
  const double never_variance =
      ((square_early + square_late) / total / (never_mean * never_mean) - 1) / never_n;
  EXPECT_TRUE(agrees(log(deaths[1] / months[1] * months[0] / deaths[0]), log(ratio),
                     std::sqrt(ever_variance + never_variance), "log ever/never rate ratio"));
  // Person-time before the treatment belongs to the untreated: then the ratio is 1 (both rates
  // estimate 0.04).
  const double correct = log(deaths[1] / (months[1] - before) * (months[0] + before) / deaths[0]);
  EXPECT_TRUE(agrees(correct, 0, std::sqrt(1 / (n * 0.8 * alive) + 1 / (n * total)),
                     "log rate ratio by person-time"));
}

TEST(ClosedForm, V17BiologicalDose) {
  const Simulated run("v17_eqd2");
  const struct {
    const char* name;
    double dose, fractions, printed;
  } courses[] = {{"rt_54_in_9", 54, 9, 72},
                 {"rt_30_in_10", 30, 10, 32.5},
                 {"rt_20_in_5", 20, 5, 23.33333},
                 {"rt_8_in_1", 8, 1, 12}};
  for (const auto& course : courses) {
    const double eqd2 = course.dose * (course.dose / course.fractions + 10) / 12;
    EXPECT_NEAR(eqd2, course.printed, 5e-6);
    const Program& program = *run.study().program;
    expect_close(program.agents[static_cast<std::size_t>(program.find_agent(course.name))].eqd2,
                 eqd2);
    // Given in one day, its effect is in force from then on.
    const double hr = exp(-1 / (1 + exp(-(eqd2 - 30) / 8)));
    EXPECT_TRUE(run.survival("OS", 6, exp(-0.6 * hr), course.name));
    EXPECT_TRUE(run.survival("OS", 12, exp(-1.2 * hr), course.name));
  }
}

TEST(ClosedForm, V18WaningStaircase) {
  const Simulated run("v18_waning");
  const auto hazard = [](double t) {
    double sum = 0;
    double from = 0;
    double effect = -1;
    for (double to = 6; from < 16 && from < t; from = to, to += 2) {
      sum += 0.05 * (std::min(t, to) - from) * exp(effect);
      effect /= 2;
    }
    return sum + 0.05 * std::max(0.0, t - 16);
  };
  EXPECT_NEAR(hazard(16), 0.5280113, 5e-8);
  EXPECT_NEAR(exp(-hazard(24)), 0.3953391, 5e-8);
  for (const double t : {6.0, 8.0, 10.0, 16.0, 24.0})
    EXPECT_TRUE(run.survival("OS", t, exp(-hazard(t))));
  EXPECT_TRUE(run.mean(
      "OS", restricted([&](double t) { return exp(-hazard(t)); }, 60, {6, 8, 10, 12, 14, 16})));
}

}  // namespace
}  // namespace npcsim::testing

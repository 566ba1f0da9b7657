// npcsim fit against R: survreg of package survival 3.x with rel.tolerance 1e-14, and likelihoods
// written in R from their formulas, maximised by optim and polished by Newton steps with numDeriv.
#include "fit_answers.hpp"
#include "support/temp_folder.hpp"

#include <cmath>
#include <sstream>

namespace npcsim::testing {
namespace {

TEST(FitAgainstR, WeibullIsSurvreg) {
  // survreg(Surv(time, status == 2) ~ age + sex, lung)
  const FitAnswer answer =
      fit_answer("lung", fit_request("time", "status==2", "weibull", "age,sex"));
  const JsonValue& weibull = answer.result();
  EXPECT_EQ(weibull.at("model").text, "weibull");
  EXPECT_EQ(weibull.at("converged").text, "true");
  expect_near(answer.estimates("estimate"),
              {1.32617033783, 531.048342940, -0.0122570255897, 0.382085139677}, 1e-9);
  expect_near(answer.estimates("se_transformed"),
              {0.061883272125, 0.481366952864, 0.006957472265, 0.127476840505}, 1e-8);
  EXPECT_NEAR(weibull.at("loglik").number, -1147.05443143, 1e-7);
  EXPECT_NEAR(weibull.at("aic").number, 2 * 1147.05443143 + 8, 1e-7);
  EXPECT_NEAR(weibull.at("bic").number, 2 * 1147.05443143 + 4 * std::log(228.0), 1e-7);
  EXPECT_EQ(weibull.at("n").number, 228);
  EXPECT_EQ(weibull.at("events").number, 165);
  EXPECT_LT(weibull.at("certificate").at("newton_decrement").number, 1e-10);
  EXPECT_EQ(weibull.at("covariance").items.size(), 4U);
  EXPECT_NEAR(std::sqrt(weibull.at("covariance").items[3].items[3].number), 0.127476840505, 1e-9);
}

TEST(FitAgainstR, IntervalsBetweenVisitsAreSurvreg) {
  // Deaths are known to lie between visits every 60 days: l <- floor(time / 60) * 60, NA for 0;
  // survreg(Surv(l, u, type = "interval2") ~ age + sex, lung)
  std::istringstream lung(read_text(data_path("lung")));
  std::string text = "lower,upper,age,sex\n";
  std::string line;
  std::getline(lung, line);  // source
  std::getline(lung, line);  // names
  while (std::getline(lung, line)) {
    std::vector<std::string> cells;
    std::istringstream row(line);
    for (std::string cell; std::getline(row, cell, ',');) cells.push_back(cell);
    const int time = std::stoi(cells[1]);
    const int visit = time / 60 * 60;
    text += cells[2] == "2" ? std::to_string(visit) + "," + std::to_string(visit + 60)
                            : std::to_string(time) + ",";
    text += "," + cells[3] + "," + cells[4] + "\n";
  }
  FitRequest wanted = fit_request("lower", "", "weibull", "age,sex");
  wanted.roles.upper = "upper";
  Diagnostics diagnostics;
  auto file = DataFile::of_text("visits.csv", text, diagnostics);
  const FitAnswer answer = fit_answer(std::move(*file), wanted);
  expect_near(answer.estimates("estimate_transformed"),
              {0.31404360411211, 6.26453257220591, -0.01201063087085, 0.37914328826633}, 1e-10);
  expect_near(answer.estimates("se_transformed"),
              {0.063735017366, 0.465907022911, 0.006744936817, 0.123801179086}, 1e-9);
  EXPECT_NEAR(answer.result().at("loglik").number, -470.13750630490597, 1e-8);
  EXPECT_EQ(answer.result().at("interval_censored").number, 165);
}

TEST(FitAgainstR, SharedGammaFrailtyIsTheMarginalMaximum) {
  // -sum(d * log h) - sum over clusters of lgamma(1/th + D) - lgamma(1/th) + D log th
  //   - (1/th + D) log1p(th H), Weibull in proportional hazards; both endpoints of each patient.
  FitRequest wanted = fit_request("time", "status", "weibull_ph", "factor(rx),age");
  wanted.frailty = "id";
  const FitAnswer answer = fit_answer("colon", wanted);
  ASSERT_EQ(answer.result().at("converged").text, "true");
  expect_near(
      answer.estimates("estimate_transformed"),
      {0.59838432781, -12.19522841164, 0.07953626102, -0.33419407757, 0.00520307182, 1.73096157502},
      1e-7);
  expect_near(
      answer.estimates("se_transformed"),
      {0.03337330855, 0.63324568714, 0.23417815628, 0.24553680151, 0.00789734875, 0.06887416103},
      1e-6);
  EXPECT_NEAR(answer.result().at("loglik").number, -7740.613665816, 1e-6);
  EXPECT_NEAR(answer.result().at("aic").number, 2 * 7740.613665816 + 12, 1e-5);
  EXPECT_EQ(answer.result().at("estimates").items.back().at("name").text, "frailty_variance");
  EXPECT_EQ(answer.result().at("clusters").number, 929);
}

TEST(FitAgainstR, AFrailtyThatVanishesIsABoundary) {
  // The same likelihood by institution: optim runs to log(theta) = -22 with se 21. The others are
  // those of survreg(Surv(time, status == 2) ~ age + sex, lung, !is.na(inst)), -coef / scale.
  FitRequest wanted = fit_request("time", "status==2", "weibull_ph", "age,sex");
  wanted.frailty = "inst";
  const FitAnswer answer = fit_answer("lung", wanted);
  const std::vector<double> found = answer.estimates("estimate");
  EXPECT_EQ(found.back(), 0.0);
  EXPECT_TRUE(std::isnan(answer.estimates("se_transformed").back()));
  EXPECT_NEAR(found[3], -0.5062392406748, 1e-10);
  EXPECT_NEAR(answer.result().at("loglik").number, -1140.538570183, 1e-8);
  EXPECT_EQ(answer.result().at("certificate").at("boundary").text, "frailty variance -> 0");
}

TEST(FitAgainstR, CovariatesThatChangeStretchTimePieceByPiece) {
  // psi = tapply(exp(-x b) * (stop - start), id, sum); sum of d log h0(psi) exp(-x b) + log S0(psi)
  FitRequest wanted = fit_request("stop", "event", "weibull,lnorm", "transplant,age");
  wanted.roles.entry = "start";
  wanted.subject = "id";
  const FitAnswer answer = fit_answer("heart", wanted);
  expect_near(answer.estimates("estimate_transformed"),
              {-0.6171308574095, 5.7204378415191, 0.0203268046194, -0.0635599686433}, 1e-8);
  expect_near(answer.estimates("se_transformed"),
              {0.1200591520, 0.3953162441, 0.4515180853, 0.0270960374}, 1e-7);
  EXPECT_NEAR(answer.result().at("loglik").number, -494.5641034322, 1e-7);
  // lnorm: meanlog before sdlog here
  expect_near(answer.estimates("estimate_transformed", 1),
              {4.8811103984133, 0.8178571968319, -0.0562979356713, -0.0479936024007}, 1e-8);
  EXPECT_NEAR(answer.result(1).at("loglik").number, -490.2350516729, 1e-7);
}

TEST(FitAgainstR, TransitionsAreFittedOneByOneOnEitherClock) {
  // survreg(Surv(stop - start, status) ~ age) of the rows of each transition
  FitRequest wanted = fit_request("stop", "status", "weibull", "age");
  wanted.roles.entry = "start";
  wanted.transition = {"from", "to"};
  wanted.clock = FitClock::reset;
  const FitAnswer reset = fit_answer("mgus2_transitions", wanted);
  ASSERT_EQ(reset.json.at("results").items.size(), 3U);
  EXPECT_EQ(reset.result(0).at("transition").text, "1 -> 2");
  EXPECT_EQ(reset.result(2).at("transition").text, "2 -> 3");
  expect_near(reset.estimates("estimate_transformed", 0),
              {0.196299849963, 7.19180829553, -0.00726917549892}, 1e-9);
  expect_near(reset.estimates("estimate_transformed", 1),
              {-0.0279065989813, 9.14927513545, -0.0585257168164}, 1e-9);
  expect_near(reset.estimates("estimate_transformed", 2),
              {-0.0469634849936, 5.4319615635907, -0.0289597004010}, 1e-9);
  EXPECT_NEAR(reset.result(2).at("loglik").number, -419.4487308993, 1e-7);
  // Clock forward: the likelihood with entry at `start`, by optim and Newton
  wanted.clock = FitClock::forward;
  const FitAnswer forward = fit_answer("mgus2_transitions", wanted);
  expect_near(forward.estimates("estimate_transformed", 2),
              {0.2841542321625, 6.1510727723528, -0.0326374356777}, 1e-8);
  expect_near(forward.estimates("se_transformed", 2), {0.13127069745, 0.66313250450, 0.00885017112},
              1e-7);
  EXPECT_NEAR(forward.result(2).at("loglik").number, -417.7455454787, 1e-7);
}

TEST(FitAgainstR, RelativeSurvivalAddsTheLifeTableToTheHazard) {
  // sum(death * log(h + bg)) - sum((futime / sc)^k), bg from the life table at age + futime;
  // mgus2 with known hgb, months of 30.4375 days, years of 365.25.
  std::string text = read_text(data_path("mgus2"));
  // The committed file has 1 for men and 0 for women in its third column.
  std::string named;
  std::size_t line_start = 0;
  for (std::size_t line = 0; line_start < text.size(); ++line) {
    const std::size_t end = text.find('\n', line_start);
    std::string row = text.substr(line_start, end - line_start);
    if (line >= 2) {
      const std::size_t third = row.find(',', row.find(',') + 1) + 1;
      row.replace(third, 1, row[third] == '1' ? "male" : "female");
    }
    named += row + "\n";
    line_start = end + 1;
  }
  Diagnostics diagnostics;
  auto file = DataFile::of_text("mgus2.csv", named, diagnostics);
  FitRequest wanted = fit_request("futime", "death", "weibull", "hgb");
  wanted.life_table_path = data_path("made_up_life_table");
  wanted.age = "age";
  wanted.sex = "sex";
  wanted.time_unit = "months";
  const FitAnswer answer = fit_answer(std::move(*file), wanted);
  EXPECT_EQ(answer.result().at("n").number, 1371);
  expect_near(answer.estimates("estimate_transformed"),
              {-0.396329396170, -0.434924419074, 0.547922713994}, 1e-7);
  expect_near(answer.estimates("se_transformed"), {0.0626020951, 0.6439868931, 0.0606018259}, 1e-6);
  EXPECT_NEAR(answer.result().at("loglik").number, -4833.318567382, 1e-6);
}

}  // namespace
}  // namespace npcsim::testing

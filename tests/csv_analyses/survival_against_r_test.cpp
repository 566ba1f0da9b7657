// npcsim survival against R 4.2 with survival 3.5-3 and cmprsk 2.2-11 on committed data sets. The R
// call stands above each block of numbers; coxph ran with eps = 1e-13, crr with gtol = 1e-13.
#include "survival_answers.hpp"

namespace npcsim::testing {
namespace {

// Numbers of R are quoted with 15 digits; iterative fits there stop within 1e-9.
constexpr double exact = 1e-13;
constexpr double fitted = 1e-8;

SurvivalRequest lung(const std::string& statistics) {
  SurvivalRequest out = request("time", "status==2", statistics);
  out.roles.group = "sex";
  return out;
}

TEST(SurvivalAgainstR, KaplanMeierQuantilesOfLung) {
  // quantile(survfit(Surv(time, status == 2) ~ sex, lung, conf.type = "log-log"), c(.25, .5))
  const Answer found = answer("lung", lung("km"));
  const auto& first = found.of("km", "1").at("quantiles").items;
  const auto& second = found.of("km", "2").at("quantiles").items;
  const auto row = [](const JsonValue& quantile) {
    return std::vector<double>{quantile.at("estimate").number, quantile.at("lo95").number,
                               quantile.at("hi95").number};
  };
  EXPECT_EQ(row(first[0]), (std::vector<double>{144, 105, 176}));
  EXPECT_EQ(row(first[1]), (std::vector<double>{270, 210, 306}));
  EXPECT_EQ(row(second[0]), (std::vector<double>{226, 167, 310}));
  EXPECT_EQ(row(second[1]), (std::vector<double>{426, 345, 524}));
  EXPECT_EQ(found.of("km", "1").at("n").number, 138);
  EXPECT_EQ(found.of("km", "1").at("events").number, 112);
}

TEST(SurvivalAgainstR, MilestoneAndRestrictedMeanOfLung) {
  // summary(survfit(..., conf.type = "log-log"), times = 180); print(survfit, rmean = 365)
  const Answer found = answer("lung", lung("milestone:180,rmst:365"));
  const auto milestone = [&found](const std::string& group) {
    const JsonValue& one = found.of("milestone:180", group);
    return std::vector<double>{one.at("estimate").number, one.at("se").number,
                               one.at("lo95").number, one.at("hi95").number,
                               one.at("at_risk").number};
  };
  expect_close(milestone("1"),
               {0.644465001541783, 0.040786425085295, 0.558412473005288, 0.718013598160678, 89},
               exact);
  expect_close(milestone("2"),
               {0.842401705587783, 0.0386809589313601, 0.748380916153333, 0.903504304284832, 71},
               exact);
  const JsonValue& men = found.of("rmst:365", "1");
  const JsonValue& women = found.of("rmst:365", "2");
  expect_close({men.at("estimate").number, men.at("se").number},
               {241.495085192057, 10.3582264910969}, exact);
  expect_close({women.at("estimate").number, women.at("se").number},
               {297.465409532037, 10.7913239788001}, exact);
  // The difference is that of independent estimates.
  const JsonValue& contrast = found.of("rmst:365");
  EXPECT_EQ(contrast.at("contrast").text, "2 - 1");
  expect_close(
      {contrast.at("difference").number, contrast.at("se").number},
      {297.465409532037 - 241.495085192057, std::hypot(10.3582264910969, 10.7913239788001)}, 1e-12);
}

TEST(SurvivalAgainstR, LogRankTestsOfLung) {
  // survdiff(Surv(time, status == 2) ~ sex, lung); + strata(inst); rho = 1
  const Answer plain = answer("lung", lung("logrank,fh:1:0"));
  const JsonValue& test = plain.of("logrank");
  expect_close({test.at("chisq").number}, {10.3267419548856}, exact);
  expect_close(test.at("observed").numbers(), {112, 53}, exact);
  expect_close(test.at("expected").numbers(), {91.5817390295728, 73.4182609704272}, exact);
  EXPECT_LT(test.at("z").number, 0);
  expect_close({plain.of("fh:1:0").at("chisq").number}, {12.7141514011575}, exact);
  SurvivalRequest stratified = lung("logrank");
  stratified.roles.strata = {"inst"};
  expect_close({answer("lung", stratified).of("logrank").at("chisq").number}, {8.52446736332317},
               exact);
}

TEST(SurvivalAgainstR, CoxRegressionOfLung) {
  // f <- coxph(Surv(time, status == 2) ~ age + sex, lung); concordance(f)
  SurvivalRequest wanted = request("time", "status==2", "cox,concordance");
  wanted.roles.covariates = {"age", "sex"};
  const Answer found = answer("lung", wanted);
  const JsonValue& fit = found.of("cox");
  EXPECT_EQ(names_of_coefficients(fit), (std::vector<std::string>{"age", "sex"}));
  expect_close(of_coefficients(fit, "coef"), {0.0170453318501651, -0.513218519836182}, fitted);
  expect_close(of_coefficients(fit, "se"), {0.00922327347725708, 0.167457962436242}, fitted);
  expect_close(fit.at("loglik").numbers(), {-749.909801390395, -742.848245783771}, 1e-12);
  EXPECT_NEAR(fit.at("covariance").items[0].items[1].number, 8.5106339317339e-05, 1e-12);
  expect_close({fit.at("likelihood_ratio").at("chisq").number, fit.at("score").at("chisq").number},
               {14.1231112132466, 13.7223214895153}, fitted);
  EXPECT_EQ(fit.at("converged").text, "true");
  const JsonValue& concordance = found.of("concordance");
  expect_close({concordance.at("estimate").number, concordance.at("se").number},
               {0.602853002897971, 0.0254986777697303}, exact);
}

TEST(SurvivalAgainstR, BreslowTiesFactorsAndStrataLeaveOutTheRowWithAMissingValue) {
  // coxph(Surv(time, status == 2) ~ age + factor(ph_ecog) + strata(sex), lung, ties = "breslow")
  SurvivalRequest wanted = request("time", "status==2", "cox");
  wanted.roles.covariates = {"age", "factor(ph_ecog)"};
  wanted.roles.strata = {"sex"};
  wanted.ties = "breslow";
  const Answer found = answer("lung", wanted);
  const JsonValue& fit = found.of("cox");
  EXPECT_EQ(names_of_coefficients(fit),
            (std::vector<std::string>{"age", "factor(ph_ecog)1", "factor(ph_ecog)2",
                                      "factor(ph_ecog)3"}));
  expect_close(of_coefficients(fit, "coef"),
               {0.0101138797817964, 0.365669571774201, 0.898728674589187, 1.85275086638503},
               fitted);
  expect_close(of_coefficients(fit, "se"),
               {0.00929059793778869, 0.201098560378401, 0.228352992879, 1.03305243824363}, fitted);
  EXPECT_EQ(fit.at("n").number, 227);
  EXPECT_EQ(fit.at("events").number, 164);
  EXPECT_EQ(found.warnings,
            std::vector<std::string>{"1 row left out: 'ph_ecog' is missing (line 16)"});
}

TEST(SurvivalAgainstR, ContrastsInteractionsAndProportionalHazardsOfVeteran) {
  // coxph(Surv(time, status) ~ karno + celltype + age * prior, veteran)
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"karno", "celltype", "age*prior"};
  const Answer found = answer("veteran", wanted);
  EXPECT_EQ(names_of_coefficients(found.of("cox")),
            (std::vector<std::string>{"karno", "celltypelarge", "celltypesmallcell",
                                      "celltypesquamous", "age", "prior", "age:prior"}));
  expect_close(of_coefficients(found.of("cox"), "coef"),
               {-0.0323502955513685, -0.87543792545783, -0.460564959391366, -1.19791678365369,
                -0.00700749619599514, -0.0150610599545709, 0.000440907448524583},
               fitted);
  // cox.zph(coxph(Surv(time, status) ~ karno + celltype, veteran))
  wanted = request("time", "status", "zph");
  wanted.roles.covariates = {"karno", "celltype"};
  const Answer test = answer("veteran", wanted);
  const JsonValue& zph = test.of("zph");
  ASSERT_EQ(zph.at("terms").items.size(), 2U);
  EXPECT_EQ(zph.at("terms").items[1].at("df").number, 3);
  expect_close(
      {zph.at("terms").items[0].at("chisq").number, zph.at("terms").items[1].at("chisq").number,
       zph.at("global").at("chisq").number, zph.at("global").at("p").number},
      {14.4157537741803, 14.0662320569841, 23.6498655740876, 9.38754516433785e-05}, fitted);
}

TEST(SurvivalAgainstR, WholeWeightsCountSubjects) {
  // coxph(Surv(time, status) ~ karno, veteran, weights = diagtime)
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"karno"};
  wanted.roles.weights = "diagtime";
  const Answer whole = answer("veteran", wanted);
  expect_close(of_coefficients(whole.of("cox"), "coef"), {-0.040275229207134}, fitted);
  expect_close(of_coefficients(whole.of("cox"), "se"), {0.00184687878953606}, fitted);
  EXPECT_TRUE(std::isnan(of_coefficients(whole.of("cox"), "robust_se")[0]));
}

TEST(SurvivalAgainstR, FractionalWeightsHaveTheSandwichInCurvesToo) {
  // coxph(Surv(time, status) ~ x, d, weights = w); survfit(Surv(time, status) ~ 1, d, weights = w)
  SurvivalRequest wanted = request("time", "status", "cox,km");
  wanted.roles.covariates = {"x"};
  wanted.roles.weights = "w";
  wanted.at = {2, 5};
  const Answer found = answer_to_text(
      "time,status,x,w\n1,1,0,0.5\n2,1,1,1.5\n3,0,0,2\n4,1,1,0.7\n5,1,0,1.2\n6,0,1,0.4\n"
      "7,1,0,2.5\n8,1,1,1.1\n",
      wanted);
  expect_close(of_coefficients(found.of("cox"), "coef"), {0.0362754243924361}, fitted);
  expect_close(of_coefficients(found.of("cox"), "se"), {0.835711788089749}, fitted);
  expect_close(of_coefficients(found.of("cox"), "robust_se"), {0.891031898639137}, fitted);
  const auto& points = found.of("km").at("table").items;
  expect_close({points[0].at("survival").number, points[1].at("survival").number,
                points[0].at("se").number, points[1].at("se").number},
               {0.797979797979798, 0.54100325286766, 0.147935291351971, 0.212199977870455}, exact);
}

TEST(SurvivalAgainstR, LeftTruncationAndClustersOfHeart) {
  // coxph(Surv(start, stop, event) ~ transplant + age + surgery, heart, cluster = id)
  SurvivalRequest wanted = request("stop", "event", "cox");
  wanted.roles.entry = "start";
  wanted.roles.covariates = {"transplant", "age", "surgery"};
  wanted.roles.cluster = "id";
  const Answer found = answer("heart", wanted);
  const JsonValue& fit = found.of("cox");
  expect_close(of_coefficients(fit, "coef"),
               {0.0160956052966221, 0.0305363149141736, -0.773327645317669}, fitted);
  expect_close(of_coefficients(fit, "se"),
               {0.308585804228454, 0.013892786630863, 0.359667988112939}, fitted);
  expect_close(of_coefficients(fit, "robust_se"),
               {0.309309692646811, 0.0143280673042933, 0.333241072340095}, fitted);
  // summary(survfit(Surv(start, stop, event) ~ 1, heart, conf.type = "log"), times = c(30, 100))
  wanted = request("stop", "event", "km");
  wanted.roles.entry = "start";
  wanted.conf = "log";
  wanted.at = {30, 100};
  const Answer curve = answer("heart", wanted);
  const auto& points = curve.of("km").at("table").items;
  expect_close(
      {points[0].at("survival").number, points[1].at("survival").number, points[0].at("se").number,
       points[1].at("se").number, points[0].at("lo95").number, points[1].at("lo95").number},
      {0.775608159703284, 0.494008259839502, 0.0412215564663214, 0.0499462573155231,
       0.698880979752386, 0.405204490838623},
      exact);
}

TEST(SurvivalAgainstR, TwoEventsForEachPatientOfColon) {
  // coxph(Surv(time, status) ~ factor(rx) + age + strata(etype), colon, cluster = id)
  SurvivalRequest wanted = request("time", "status", "cox");
  wanted.roles.covariates = {"factor(rx)", "age"};
  wanted.roles.strata = {"etype"};
  wanted.roles.cluster = "id";
  const Answer found = answer("colon", wanted);
  expect_close(of_coefficients(found.of("cox"), "coef"),
               {-0.0200153317834281, -0.441131370369425, -0.00206424488487913}, fitted);
  expect_close(of_coefficients(found.of("cox"), "robust_se"),
               {0.104259226504938, 0.11405557791495, 0.00390050725561502}, fitted);
}

TEST(SurvivalAgainstR, LogarithmsOfCovariatesOfPbc) {
  // coxph(Surv(time, status == 2) ~ log(bili) + age + edema + albumin + log(protime), pbc)
  SurvivalRequest wanted = request("time", "status==2", "cox");
  wanted.roles.covariates = {"log(bili)", "age", "edema", "albumin", "log(protime)"};
  const Answer found = answer("pbc", wanted);
  expect_close(of_coefficients(found.of("cox"), "coef"),
               {0.862490590274694, 0.0397130857047322, 0.902100146341085, -0.756712249936815,
                2.37316440303815},
               fitted);
  expect_close(found.of("cox").at("loglik").numbers(), {-866.957296675132, -751.918692331057},
               1e-12);
  EXPECT_EQ(found.of("cox").at("n").number, 416);
}

TEST(SurvivalAgainstR, CompetingRisksOfPbc) {
  // ci <- cuminc(time, status, sex); ci$Tests; timepoints(ci, 1500)
  SurvivalRequest wanted = request("time", "status", "cuminc,gray");
  wanted.roles.group = "sex";
  const Answer found = answer("pbc", wanted);
  std::vector<double> incidence;
  std::vector<double> se;
  std::vector<double> tests;
  for (const JsonValue& result : found.json.at("results").items) {
    if (result.at("statistic").text == "gray") {
      tests.push_back(result.at("chisq").number);
      continue;
    }
    const auto times = result.at("time").numbers();
    std::size_t last = 0;
    while (last + 1 < times.size() && times[last + 1] <= 1500) ++last;
    incidence.push_back(result.at("estimate").numbers()[last]);
    se.push_back(result.at("se").numbers()[last]);
  }
  // By group, then cause: men 1 and 2, women 1 and 2.
  expect_close(incidence,
               {0.0454545454545455, 0.352833407343249, 0.0343038687341542, 0.245553676176288},
               exact);
  expect_close(
      se, {0.0318096639944617, 0.0751224760831943, 0.00978254086919577, 0.0227811534246482}, 1e-12);
  expect_close(tests, {0.0196838523951571, 2.53342243434542}, 1e-12);
}

TEST(SurvivalAgainstR, CausesOneAndTwoWithoutACensoredRow) {
  // t <- c(2,3,5,7,8,11,13,17,19,23, 4,6,9,10,12,14,15,18,21,22)
  // s <- c(1,2,1,1,2,1,2,1,1,2, 2,1,2,2,1,2,1,2,2,1); g <- rep(0:1, each = 10)
  // cuminc(t, s)$est at 23, cuminc(t, s, g)$Tests, crr(t, s, g, failcode = 1, gtol = 1e-12);
  // cencode is 0
  SurvivalRequest wanted = request("time", "status==1", "cuminc,gray,finegray");
  wanted.roles.group = "arm";
  wanted.roles.covariates = {"arm"};
  wanted.roles.censored = "0";
  const Answer found = answer_to_text(
      "time,status,arm\n2,1,0\n3,2,0\n5,1,0\n7,1,0\n8,2,0\n11,1,0\n13,2,0\n17,1,0\n19,1,0\n"
      "23,2,0\n4,2,1\n6,1,1\n9,2,1\n10,2,1\n12,1,1\n14,2,1\n15,1,1\n18,2,1\n21,2,1\n22,1,1\n",
      wanted);
  std::vector<double> last;
  std::vector<double> tests;
  for (const JsonValue& result : found.json.at("results").items) {
    if (result.at("statistic").text == "gray") tests.push_back(result.at("chisq").number);
    if (result.at("statistic").text == "cuminc")
      last.push_back(result.at("estimate").numbers().back());
  }
  expect_close(last, {0.6, 0.4, 0.4, 0.6}, exact);
  expect_close(tests, {0.937019121076, 1.027319276731}, 1e-10);
  expect_close(of_coefficients(found.of("finegray"), "coef"), {-0.65182745124023}, 1e-6);
  expect_close(of_coefficients(found.of("finegray"), "se"), {0.60569821426565}, 1e-6);
  EXPECT_TRUE(found.warnings.empty());
}

TEST(SurvivalAgainstR, OfTwoCodesTheOneThatIsNotNamedIsNoCompetingCause) {
  // Without competing causes the incidence is one minus survival:
  // summary(survfit(Surv(time, status == 2) ~ sex, lung), times = 365)$surv is 0.3361, 0.5265
  SurvivalRequest wanted = request("time", "status==2", "cuminc,km,gray");
  wanted.roles.group = "sex";
  wanted.at = {365};
  wanted.curves = true;
  const Answer found = answer("lung", wanted);
  std::size_t tests = 0;
  std::vector<double> incidence;
  std::vector<double> died;
  for (const JsonValue& result : found.json.at("results").items) {
    if (result.at("statistic").text == "gray") ++tests;
    if (result.at("statistic").text == "km")
      died.push_back(1 - result.at("table").items[0].at("survival").number);
    if (result.at("statistic").text != "cuminc") continue;
    EXPECT_EQ(result.at("cause").text, "2");
    const auto times = result.at("time").numbers();
    std::size_t last = 0;
    while (last + 1 < times.size() && times[last + 1] <= 365) ++last;
    incidence.push_back(result.at("estimate").numbers()[last]);
  }
  EXPECT_EQ(tests, 1U);
  expect_close(incidence, died, 1e-12);
  expect_close(died, {1 - 0.3361, 1 - 0.5265}, 1e-3);
}

TEST(SurvivalAgainstR, FineGrayRegressionOfPbc) {
  // crr(time, status, cbind(age, sex), failcode = 2)
  SurvivalRequest wanted = request("time", "status==2", "finegray");
  wanted.roles.covariates = {"age", "sex"};
  const Answer found = answer("pbc", wanted);
  ASSERT_EQ(found.json.at("results").items.size(), 1U);
  EXPECT_EQ(found.of("finegray").at("cause").text, "2");
  expect_close(of_coefficients(found.of("finegray"), "coef"),
               {0.0414346473890939, -0.251511699556521}, 1e-6);
  expect_close(of_coefficients(found.of("finegray"), "se"),
               {0.00746043294832755, 0.207359130256564}, 1e-6);
}

TEST(SurvivalAgainstR, LandmarksCountTimeAnew) {
  // l <- subset(lung, time > 180); coxph(Surv(time - 180, status == 2) ~ sex, l)
  SurvivalRequest wanted = request("time", "status==2", "cox");
  wanted.roles.covariates = {"sex"};
  wanted.landmark = 180;
  const Answer found = answer("lung", wanted);
  expect_close(of_coefficients(found.of("cox"), "coef"), {-0.324061774334825}, fitted);
  expect_close(of_coefficients(found.of("cox"), "se"), {0.204438887562621}, fitted);
  EXPECT_EQ(found.of("cox").at("n").number, 159);
}

}  // namespace
}  // namespace npcsim::testing

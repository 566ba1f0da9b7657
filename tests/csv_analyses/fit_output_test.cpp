// What npcsim fit writes: keys, predictions, comparisons, files, and what it refuses.
#include "fit_answers.hpp"

#include <algorithm>
#include <cmath>

namespace npcsim::testing {
namespace {

TEST(FitOutput, PredictionsAreForTheRowsOfTheNewData) {
  Diagnostics diagnostics;
  auto rows = DataFile::of_text("new.csv", "sex,age\n1,60\n2,50\n", diagnostics);
  FitRequest wanted = fit_request("time", "status==2", "weibull", "age,sex");
  wanted.predict = {PredictionKind::survival, PredictionKind::median};
  wanted.at = {180, 365};
  const FitAnswer answer = fit_answer("lung", wanted, &*rows);
  const auto& found = answer.result().at("predictions").items;
  ASSERT_EQ(found.size(), 6U);  // two rows, each two survivals and a median
  const std::vector<double> p = answer.estimates("estimate");
  const auto scale = [&p](double age, double sex) {
    return p[1] * std::exp(p[2] * age + p[3] * sex);
  };
  EXPECT_EQ(found[1].at("row").number, 0);
  EXPECT_EQ(found[1].at("quantity").text, "survival");
  EXPECT_EQ(found[1].at("at").number, 365);
  EXPECT_NEAR(found[1].at("value").number, std::exp(-std::pow(365 / scale(60, 1), p[0])), 1e-13);
  EXPECT_EQ(found[5].at("row").number, 1);
  EXPECT_EQ(found[5].at("quantity").text, "median");
  EXPECT_TRUE(std::isnan(found[5].at("at").number));
  const double median = scale(50, 2) * std::pow(std::log(2.0), 1 / p[0]);
  EXPECT_NEAR(found[5].at("value").number, median, 1e-9 * median);
  // Delta method by hand: d log median = d log scale + log(log 2) d (1 / shape).
  const std::vector<double> g{-std::log(std::log(2.0)) / p[0], 1.0, 50.0, 2.0};
  double variance = 0.0;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j) {
      variance += g[i] * g[j] * answer.result().at("covariance").items[i].items[j].number;
    }
  }
  EXPECT_NEAR(found[5].at("se").number, median * std::sqrt(variance), 1e-6 * median);
}

TEST(FitOutput, CategoricalCovariatesArePredictedForEveryCombination) {
  FitRequest wanted = fit_request("time", "status", "exp", "celltype");
  wanted.predict = {PredictionKind::hazard};
  wanted.at = {10};
  const FitAnswer answer = fit_answer("veteran", wanted);
  // Adenocarcinoma is first in the order of the alphabet: 26 of 27 died in 1731 days.
  // sum(veteran$status[veteran$celltype == "adeno"]), sum(veteran$time[...])
  const auto& found = answer.result().at("predictions").items;
  ASSERT_EQ(found.size(), 4U);
  EXPECT_NEAR(found[0].at("value").number, 26.0 / 1731.0, 1e-12);
}

TEST(FitOutput, EffectsActOnTheParameterTheyAreAskedFor) {
  FitRequest wanted = fit_request("time", "status==2", "weibull", "age");
  wanted.on = {{"shape", "sex"}};
  const FitAnswer answer = fit_answer("lung", wanted);
  std::vector<std::string> names;
  for (const JsonValue& one : answer.result().at("estimates").items) {
    names.push_back(one.at("name").text);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"shape", "scale", "age", "shape(sex)"}));
}

TEST(FitOutput, SeveralModelsAreComparedAndAveraged) {
  FitRequest wanted = fit_request("time", "status==2", "exp,weibull,lnorm");
  wanted.predict = {PredictionKind::survival};
  wanted.at = {365};
  wanted.average = true;
  const FitAnswer answer = fit_answer("lung", wanted);
  ASSERT_EQ(answer.json.at("results").items.size(), 4U);
  double least = answer.result(0).at("aic").number;
  for (std::size_t m = 1; m < 3; ++m) least = std::min(least, answer.result(m).at("aic").number);
  double sum = 0;
  double mean = 0;
  for (std::size_t m = 0; m < 3; ++m) {
    const double weight = std::exp(0.5 * (least - answer.result(m).at("aic").number));
    sum += weight;
    mean += weight * answer.result(m).at("predictions").items[0].at("value").number;
  }
  EXPECT_EQ(answer.result(3).at("model").text, "average");
  EXPECT_NEAR(answer.result(3).at("predictions").items[0].at("value").number, mean / sum, 1e-12);
}

TEST(FitOutput, AModelWithoutAMaximumHasNoNumbers) {
  const std::string text = "time,status,group\n1,1,a\n2,1,a\n3,0,a\n4,1,a\n5,1,a\n2,0,b\n3,0,b\n";
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", text, diagnostics);
  const FitAnswer answer =
      fit_answer(std::move(*file), fit_request("time", "status", "weibull", "group"));
  EXPECT_TRUE(answer.output.failed);
  EXPECT_EQ(answer.result().at("converged").text, "false");
  EXPECT_TRUE(answer.result().at("estimates").items.empty());
  EXPECT_TRUE(std::isnan(answer.result().at("loglik").number));
  ASSERT_FALSE(answer.output.warnings.empty());
  EXPECT_NE(answer.output.warnings.front().find("no events"), std::string::npos);
}

TEST(FitOutput, DrawsHaveTheCovarianceOfTheFit) {
  FitRequest wanted = fit_request("time", "status==2", "exp");
  wanted.draws = 4000;
  wanted.seed = 7;
  const FitAnswer answer = fit_answer("lung", wanted);
  const std::string& csv = answer.output.draws_csv;
  EXPECT_EQ(csv.substr(0, csv.find('\n')), "model,draw,parameter,estimate,estimate_transformed");
  double sum = 0;
  double squares = 0;
  std::size_t count = 0;
  for (std::size_t at = csv.find('\n') + 1; at < csv.size(); at = csv.find('\n', at) + 1) {
    const double value = std::stod(csv.substr(csv.rfind(',', csv.find('\n', at)) + 1));
    sum += value;
    squares += value * value;
    ++count;
  }
  ASSERT_EQ(count, 4000U);
  const double n = static_cast<double>(count);
  const double se = answer.estimates("se_transformed")[0];
  const double mean = sum / n;
  EXPECT_LT(std::abs(mean - answer.estimates("estimate_transformed")[0]) / (se / std::sqrt(n)),
            4.9);
  const double variance = squares / n - mean * mean;
  EXPECT_LT(std::abs(variance / (se * se) - 1) / std::sqrt(2 / n), 4.9);
}

TEST(FitOutput, TheBootstrapKnowsTheStandardErrorOfARate) {
  FitRequest wanted = fit_request("time", "status==2", "exp");
  wanted.bootstrap = 400;
  const FitAnswer answer = fit_answer("lung", wanted);
  const JsonValue& bootstrap = answer.result().at("bootstrap");
  EXPECT_EQ(bootstrap.at("converged").number, 400);
  // Of a sample of rows: Var(log(D / T)) = mean of (d / D - t / T)^2 over rows, times n.
  // lung: s <- status == 2; n <- 228; sqrt(sum((s / sum(s) - time / sum(time))^2))
  const double expected = 0.06628168961;
  const double found = bootstrap.at("estimates").items[0].at("se_transformed").number;
  EXPECT_LT(std::abs(found / expected - 1) / std::sqrt(1 / 800.0), 4.9);
}

TEST(FitOutput, APageIsCompleteInItself) {
  FitRequest wanted = fit_request("time", "status==2", "exp,weibull", "age");
  wanted.page = true;
  wanted.horizon = 2000;
  const FitAnswer answer = fit_answer("lung", wanted);
  const std::string& page = answer.output.page_html;
  EXPECT_EQ(page.find("://"), std::string::npos);
  std::size_t figures = 0;
  for (std::size_t at = page.find("<figure"); at != std::string::npos;
       at = page.find("<figure", at + 1)) {
    ++figures;
    EXPECT_LT(page.find("<svg", at), page.find("</figure>", at));
  }
  EXPECT_EQ(figures, 3U);
  EXPECT_NE(page.find("Kaplan-Meier"), std::string::npos);
  EXPECT_EQ(page.find("nan"), std::string::npos);
}

TEST(FitOutput, APageOfRecordsThatAllEndAtTimeZeroIsWritten) {
  FitRequest wanted = fit_request("time", "status", "exp");
  wanted.page = true;
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", "time,status\n0,1\n0,1\n0,0\n", diagnostics);
  const FitAnswer answer = fit_answer(std::move(*file), wanted);
  EXPECT_NE(answer.output.page_html.find("</html>"), std::string::npos);
  EXPECT_EQ(answer.output.page_html.find("nan"), std::string::npos);
}

TEST(FitOutput, TheBackgroundPopulationIsDrawnWhicheverModelHasConverged) {
  const auto page = [](const std::string& models) {
    FitRequest wanted = fit_request("time", "status", models);
    wanted.page = true;
    wanted.life_table_path = data_path("made_up_life_table");
    wanted.age = "age";
    wanted.sex = "sex";
    wanted.time_unit = "years";
    Diagnostics diagnostics;
    // No event before 1: the first rate of piecewise:1 tends to 0.
    auto file = DataFile::of_text(
        "data.csv",
        "time,status,age,sex\n2,1,60,male\n3,1,61,female\n4,0,62,male\n5,1,63,male\n"
        "6,1,64,female\n",
        diagnostics);
    return fit_answer(std::move(*file), wanted).output.page_html;
  };
  const auto lines = [](const std::string& text) {
    std::size_t count = 0;
    const std::string line = "<title>background population</title>";
    for (std::size_t at = text.find(line); at != std::string::npos; at = text.find(line, at + 1)) {
      ++count;
    }
    return count;
  };
  EXPECT_NE(page("exp,piecewise:1").find("piecewise:1 has not converged"), std::string::npos);
  EXPECT_EQ(lines(page("exp,piecewise:1")), 2U);  // survival and hazard
  EXPECT_EQ(lines(page("piecewise:1,exp")), 2U);
}

TEST(ModelRequest, NamesAndNumbersAreChecked) {
  std::string problem;
  EXPECT_EQ(parse_model("piecewise:12:24.5", problem)->change_times,
            (std::vector<double>{12, 24.5}));
  EXPECT_TRUE(parse_model("pwexp", problem)->choose_changes);
  EXPECT_EQ(parse_model("spline_odds:3", problem)->inner_knots, 3);
  EXPECT_EQ(parse_model("cure_mixture_lognormal", problem)->family, Family::log_normal);
  EXPECT_EQ(parse_model("cure_non_mixture_weibull", problem)->cure, Cure::non_mixture);
  EXPECT_EQ(problem, "");
  for (const char* text : {"piecewise:24:12", "piecewise:0", "spline_hazard:1.5", "spline_odds:-1",
                           "weibull:2", "spline_hazard:1:2"}) {
    problem.clear();
    EXPECT_FALSE(parse_model(text, problem).has_value()) << text;
    EXPECT_NE(problem, "") << text;
  }
  EXPECT_FALSE(parse_model("weibul", problem).has_value());
  EXPECT_EQ(problem,
            "there is no model 'weibul'; did you mean 'weibull'? (npcsim fit --help lists them)");
}

FitAnswer hazard_of(const std::string& text, const std::string& covariates) {
  FitRequest wanted = fit_request("time", "status", "exp", covariates);
  wanted.time_unit = "months";
  wanted.hazard_block = true;
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", text, diagnostics);
  return fit_answer(std::move(*file), wanted);
}

std::string between(const std::string& text, const std::string& from, const std::string& to) {
  const auto start = text.find(from);
  return start == std::string::npos ? text : text.substr(start, text.find(to, start) - start);
}

TEST(FitHazardNames, ComparisonsAreWordsAndEveryNameHasItsTerm) {
  const FitAnswer answer =
      hazard_of("time,status,arm\n1,1,50\n2,1,<50\n3,1,>=50\n4,1,50\n5,1,<50\n6,0,>=50\n7,1,>=50\n",
                "factor(arm)");
  const std::string& text = answer.output.hazard_yaml;
  EXPECT_EQ(between(text, "# needs", "# exp"),
            "# needs the attributes: factor_arm_below_50, factor_arm_at_least_50\n"
            "#   factor_arm_below_50 is 'factor(arm)<50'\n"
            "#   factor_arm_at_least_50 is 'factor(arm)>=50'\n");
  EXPECT_NE(text.find("rate: {factor_arm_below_50: "), std::string::npos) << text;
  EXPECT_NE(text.find(", factor_arm_at_least_50: "), std::string::npos) << text;
  EXPECT_EQ(answer.output.warnings, std::vector<std::string>{});
}

TEST(FitHazardNames, NamesThatWouldBeTheSameAreNumbered) {
  const FitAnswer answer = hazard_of(
      "time,status,\xe5\xb9\xb4,\xe5\x88\x86,a b,a_b_2,a_b\n1,1,1,5,2,1,2\n2,1,2,4,1,3,1\n"
      "3,1,1,3,5,2,4\n4,1,4,2,3,1,1\n5,1,5,6,1,4,3\n6,0,2,2,4,5,1\n7,1,3,1,1,3,2\n8,1,2,3,2,2,5\n",
      "\xe5\xb9\xb4,\xe5\x88\x86,a b,a_b_2,a_b");
  EXPECT_EQ(between(answer.output.hazard_yaml, "# needs", "# exp"),
            "# needs the attributes: x, x_2, a_b_3, a_b_2, a_b\n"
            "#   x is '\xe5\xb9\xb4'\n"
            "#   x_2 is '\xe5\x88\x86'\n"
            "#   a_b_3 is 'a b'\n");
  EXPECT_EQ(
      answer.output.warnings,
      (std::vector<std::string>{"the hazard calls '\xe5\x88\x86' x_2: another term has the name x",
                                "the hazard calls 'a b' a_b_3: another term has the name a_b"}));
  EXPECT_EQ(answer.json.at("warnings").items.size(), 2U);
}

// As sim/model's check of names has it: other readers of YAML take them for truth values, and
// conditions know them already.
TEST(FitHazardNames, WordsThatADocumentUnderstandsOtherwiseGetALetter) {
  const FitAnswer answer = hazard_of(
      "time,status,No,line,2nd\n1,1,1,5,1\n2,1,2,4,3\n3,1,1,3,2\n4,1,4,2,2\n5,1,5,6,1\n6,0,2,2,5\n",
      "No,line,2nd");
  EXPECT_EQ(between(answer.output.hazard_yaml, "# needs", "# exp"),
            "# needs the attributes: x_No, x_line, x2nd\n"
            "#   x_No is 'No'\n"
            "#   x_line is 'line'\n"
            "#   x2nd is '2nd'\n");
}

TEST(FitHazardNames, WhatIsANameAlreadyStaysAsItIs) {
  const FitAnswer answer = hazard_of(
      "time,status,_a__b,a_b,c_\n1,1,1,5,1\n2,1,2,4,3\n3,1,1,3,2\n4,1,4,2,2\n5,1,5,6,1\n6,0,2,2,"
      "5\n",
      "_a__b,a_b,c_");
  EXPECT_EQ(between(answer.output.hazard_yaml, "# needs", "# exp"),
            "# needs the attributes: _a__b, a_b, c_\n");
}

TEST(FitHazardNames, LongNamesAreCutAndLineEndsStayInComments) {
  const std::string stem(120, 'a');
  const FitAnswer answer = hazard_of("time,status," + stem + "1," + stem +
                                         "2,\"b\nprocesses: {}\"\n1,1,1,5,2\n2,1,2,4,1\n"
                                         "3,1,1,3,2\n4,1,4,2,4\n5,1,5,6,5\n6,0,2,2,1\n",
                                     stem + "1," + stem + "2,b\nprocesses: {}");
  const std::string& text = answer.output.hazard_yaml;
  const std::string cut(80, 'a');
  EXPECT_EQ(between(text, "# needs", "#   "),
            "# needs the attributes: " + cut + ", " + cut + "_2, b_processes\n");
  EXPECT_NE(text.find("#   b_processes is 'b processes: {}'\n"), std::string::npos) << text;
  EXPECT_EQ(text.find("\nprocesses: {}"), std::string::npos) << text;
}

TEST(FitOutput, RowsOfAModelThatWasNotFittedAreThoseOfTheData) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text("data.csv", "time,status\n2,1\n0,1\n3,0\n4,1\n", diagnostics);
  const FitAnswer answer =
      fit_answer(std::move(*file), fit_request("time", "status", "exp,weibull"));
  EXPECT_EQ(answer.result(0).at("n").number, 4);
  EXPECT_EQ(answer.result(1).at("n").number, 4);
  EXPECT_EQ(answer.result(1).at("events").number, 3);
  const std::string problem =
      "data.csv:3: an event at time 0 has no density under this model (give it a small positive "
      "time or an upper bound), found 0";
  EXPECT_EQ(answer.result(1).at("problem").text, problem);
  EXPECT_EQ(answer.output.warnings, std::vector<std::string>{"weibull: not fitted: " + problem});
  EXPECT_NE(answer.output.text.find("\nweibull: 4 rows, 3 events\n  not fitted: " + problem + "\n"),
            std::string::npos)
      << answer.output.text;
  EXPECT_NE(answer.output.text.find("  weibull           -  not fitted          -"),
            std::string::npos)
      << answer.output.text;
}

// Of two states: the record is counted in its own transition, the line is that of the file.
TEST(FitOutput, AnEventAtTimeZeroOfATransitionHasItsLine) {
  Diagnostics diagnostics;
  auto file = DataFile::of_text(
      "data.csv", "time,status,from,to\n2,1,1,2\n3,1,2,3\n4,1,1,2\n0,1,2,3\n1,0,2,3\n",
      diagnostics);
  FitRequest wanted = fit_request("time", "status", "weibull");
  wanted.transition = {"from", "to"};
  const FitAnswer answer = fit_answer(std::move(*file), wanted);
  EXPECT_EQ(answer.result(1).at("problem").text.substr(0, 11), "data.csv:5:");
  EXPECT_EQ(answer.result(1).at("n").number, 3);
}

}  // namespace
}  // namespace npcsim::testing

// A fitted hazard, included by a model document, simulates what the fit predicts.
#include "fit_answers.hpp"
#include "support/temp_folder.hpp"
#include "verification/simulated.hpp"
#include <npcsim/io/yaml_reader.hpp>

#include <cmath>

#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

constexpr const char* model_text = R"(model: fitted
include: hazard.yaml
states: [alive, dead]
attributes: {age: {constant: 62}, sex: {constant: 2}}
processes:
  death: {from: alive, to: dead}
endpoints: {OS: {states: [dead]}}
)";

constexpr const char* study_text = R"(study: fitted
model: fitted.yaml
strategies: [{strategy: untreated}]
horizon: 36 months
landmarks: [3, 12, 24]
patients: 40000
seed: 20240217
)";

void verify(const std::string& model, const std::string& on_parameter = "") {
  FitRequest wanted = fit_request("time", "status==2", model, "age");
  if (on_parameter.empty()) {
    wanted.roles.covariates.push_back("sex");
  } else {
    wanted.on = {{on_parameter, "sex"}};
  }
  wanted.predict = {PredictionKind::survival};
  wanted.at = {3 * month, 12 * month, 24 * month};
  wanted.time_unit = "days";
  wanted.hazard_block = true;
  wanted.process = "death";
  Diagnostics diagnostics;
  auto rows = DataFile::of_text("new.csv", "age,sex\n62,2\n", diagnostics);
  const FitAnswer answer = fit_answer("lung", wanted, &*rows);
  ASSERT_EQ(answer.result().at("converged").text, "true") << model;

  const TempFolder folder;
  folder.write("hazard.yaml", answer.output.hazard_yaml);
  folder.write("fitted.yaml", model_text);
  const std::string path = folder.write("study.yaml", study_text).string();
  Library library;
  library.roots = {NPCSIM_SOURCE_DIR};
  const auto tree = read_study(library, path, diagnostics);
  ASSERT_TRUE(tree && !diagnostics.has_errors()) << model << diagnostics.text("");
  auto study = compile_study(library, *tree, diagnostics);
  ASSERT_FALSE(diagnostics.has_errors()) << model << diagnostics.text("");
  const Simulated run(std::move(study));
  const auto& predictions = answer.result().at("predictions").items;
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_TRUE(run.survival("OS", wanted.at[i] / month, predictions[i].at("value").number))
        << model << " at " << wanted.at[i];
  }
}

TEST(HazardBlock, SimulatesWhatTheFitPredicts) {
  verify("exp");
  verify("weibull", "shape");
  verify("weibull_ph", "shape");
  verify("gompertz", "shape");
  verify("lnorm", "sdlog");
  verify("llogis");
  verify("gengamma", "Q");
  verify("piecewise:180:365");
  verify("spline_hazard:2", "gamma1");
  verify("spline_odds:1");
  verify("cure_non_mixture_weibull", "scale");
}

TEST(HazardBlock, SourceMayHoldAnyCharacters) {
  FitRequest wanted = fit_request("time", "status==2", "weibull", "age");
  wanted.time_unit = "days";
  wanted.hazard_block = true;
  wanted.process = "death";
  for (const char* const source : {"Chen 2021: table {2}, row #3", "a \"quoted\" key", "[list]"}) {
    wanted.source = source;
    const FitAnswer answer = fit_answer("lung", wanted);
    Diagnostics diagnostics;
    const Tree tree = read_yaml_text("hazard.yaml", answer.output.hazard_yaml, diagnostics);
    ASSERT_FALSE(diagnostics.has_errors()) << diagnostics.text("");
    const Tree& death = *tree.find("processes")->find("death");
    const Tree* const found = death.find("hazard")->find("source");
    ASSERT_NE(found, nullptr) << answer.output.hazard_yaml;
    EXPECT_EQ(found->text(), source) << answer.output.hazard_yaml;
  }
}

TEST(HazardBlock, NamesItsDataAndCovariance) {
  FitRequest wanted = fit_request("time", "status==2", "exp");
  wanted.time_unit = "days";
  wanted.hazard_block = true;
  const FitAnswer answer = fit_answer("lung", wanted);
  const std::string& text = answer.output.hazard_yaml;
  // Digest as `xxhsum -H64 tests/data/lung.csv` prints it.
  EXPECT_NE(text.find("XXH64 " + answer.json.at("input").at("digest").text), std::string::npos);
  EXPECT_NE(text.find("# covariance of them"), std::string::npos);
  EXPECT_NE(text.find("  event:\n    hazard:\n      exponential: {rate: "), std::string::npos);
  EXPECT_NE(text.find(" per day}\n"), std::string::npos);
}

}  // namespace
}  // namespace npcsim::testing

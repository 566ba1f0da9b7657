// Runs: figures against closed forms, the base case, the same bytes, what is left behind.
#include "small_scenarios.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/report/report_page.hpp>

#include <algorithm>
#include <cmath>
#include <string>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

struct Figure {
  double value = 0;
  double se = 0;
};

Figure figure_of(const TempFolder& folder, const std::string& scenario,
                 const std::string& statistic) {
  Diagnostics diagnostics;
  const auto table =
      read_csv_file((folder / "outputs/runs/scenarios/scenarios.csv").string(), diagnostics);
  const auto names = *table->texts("scenario", diagnostics);
  const auto statistics = *table->texts("statistic", diagnostics);
  const auto endpoints = *table->texts("endpoint", diagnostics);
  const auto& values = *table->numbers("value", diagnostics);
  const auto& errors = *table->numbers("se", diagnostics);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == scenario && statistics[i] == statistic && endpoints[i] == "OS")
      return {values[i], errors[i]};
  }
  ADD_FAILURE() << scenario << " has no " << statistic;
  return {};
}

// With rate r per month and hazard ratio q, S(12) differs by exp(-12 r q) - exp(-12 r), and Cox's
// model is true with hazard ratio q. 6 tests with |z| < 4.9: one false alarm in 160,000.
TEST(ScenarioRun, FiguresAreThoseOfTheClosedForms) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult run = npcsim(folder, {"run", "scenarios.yaml", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  struct Case {
    const char* scenario;
    double rate;
    double ratio;
  };
  for (const Case& known :
       {Case{"base", 0.05, 0.6}, Case{"harmful", 0.05, 1.6}, Case{"slower", 0.02, 0.6}}) {
    const double truth = std::exp(-12 * known.rate * known.ratio) - std::exp(-12 * known.rate);
    const Figure difference = figure_of(folder, known.scenario, "difference_survival");
    EXPECT_LT(std::fabs(difference.value - truth) / difference.se, 4.9) << known.scenario;
    EXPECT_GT(difference.se, 0);
    const Figure ratio = figure_of(folder, known.scenario, "hazard_ratio");
    EXPECT_LT(std::fabs(ratio.value - known.ratio) / ratio.se, 4.9) << known.scenario;
  }
  // Without an effect, twins live the same life.
  EXPECT_EQ(figure_of(folder, "useless", "difference_survival").value, 0);
  EXPECT_NEAR(figure_of(folder, "useless", "hazard_ratio").value, 1, 1e-6);
}

TEST(ScenarioRun, BaseCaseIsTheRunOfTheBaseStudyByteForByte) {
  const TempFolder folder;
  write_studies(folder);
  ASSERT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--quiet", "--patients", "2000"}).exit_code,
            0);
  ASSERT_EQ(npcsim(folder, {"run", "base.yaml", "--quiet", "--patients", "2000"}).exit_code, 0);
  const std::string own = read_text(folder / "outputs/runs/scenarios/scenarios.csv");
  const std::string base = read_text(folder / "outputs/runs/small/summary.csv");
  EXPECT_EQ(own.substr(0, own.find('\n')), "scenario," + base.substr(0, base.find('\n')));
  EXPECT_EQ(lines_after(own, "base,"), base.substr(base.find('\n') + 1));
}

TEST(ScenarioRun, TwinsAreTheSamePatientsInEveryScenario) {
  const TempFolder folder;
  write_studies(folder);
  ASSERT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--quiet"}).exit_code, 0);
  const std::string own = read_text(folder / "outputs/runs/scenarios/scenarios.csv");
  // Only the drug differs: whoever gets none lives the same life.
  const std::string alone = lines_after(own, "base,small,nothing,,");
  EXPECT_FALSE(alone.empty());
  EXPECT_EQ(lines_after(own, "harmful,small,nothing,,"), alone);
  EXPECT_NE(lines_after(own, "slower,small,nothing,,"), alone);
}

TEST(ScenarioRun, ThreadsAndBlocksDoNotMatterAndStudyYamlGivesTheSameBytes) {
  const TempFolder folder;
  write_studies(folder);
  ASSERT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--quiet", "--threads", "1"}).exit_code, 0);
  const auto path = folder / "outputs/runs/scenarios";
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
           {"run", "scenarios.yaml", "--threads", "3", "--block-size", "777"},
           {"run", "outputs/runs/scenarios/study.yaml", "--threads", "2"}}) {
    auto all = words;
    all.insert(all.end(), {"--quiet", "--force", "--out", "again"});
    const ProcessResult again = npcsim(folder, all);
    ASSERT_EQ(again.exit_code, 0) << again.err;
    for (const char* const file : {"scenarios.csv", "study.yaml", "report.html"})
      EXPECT_EQ(read_text(folder / "again" / file), read_text(path / file)) << file;
  }
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out,
            npcsim(folder, {"digest", "outputs/runs/scenarios"}).out);
}

TEST(ScenarioRun, ReportIsRebuiltFromTheFolder) {
  const TempFolder folder;
  write_studies(folder);
  ASSERT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--quiet", "--patients", "500"}).exit_code, 0);
  const auto report = folder / "outputs/runs/scenarios/report.html";
  const std::string first = read_text(report);
  // Hints at directions name strategies as people know them.
  if (report_has_figures()) {
    EXPECT_NE(first.find("favours Nothing at all"), std::string::npos);
    EXPECT_EQ(first.find("favours nothing"), std::string::npos);
  }
  write_text(report, "gone");
  const ProcessResult again = npcsim(folder, {"report", "outputs/runs/scenarios"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(read_text(report), first);
}

// Where numbers are missing in a table, these names stand for them.
TEST(ScenarioRun, StrategiesAndScenariosMayBeCalledNa) {
  const TempFolder folder;
  write_studies(folder, changed(scenario_study(), "useless:", "NaN:"));
  static_cast<void>(
      folder.write("base.yaml", changed(base_study(), "strategy: drug", "strategy: NA")));
  ASSERT_EQ(npcsim(folder, {"run", "scenarios.yaml", "--quiet", "--patients", "500"}).exit_code, 0);
  const auto report = folder / "outputs/runs/scenarios/report.html";
  const std::string first = read_text(report);
  ASSERT_EQ(npcsim(folder, {"report", "outputs/runs/scenarios"}).exit_code, 0);
  EXPECT_EQ(read_text(report), first);
}

TEST(ScenarioRun, TableMarksWhatChangesAndTheRunLeavesItsFilesAlone) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult run = npcsim(folder, {"run", "scenarios.yaml"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string block = run.out.substr(run.out.find("drug against nothing\n"));
  const auto line = [&block](const std::string& name) {
    const auto at = block.find("\n  " + name + " ");
    return block.substr(at + 1, block.find('\n', at + 1) - at - 1);
  };
  EXPECT_LT(block.find("  base case"), block.find("  harmful"));
  EXPECT_EQ(std::count(block.begin(), block.end(), '!'), 4) << block;  // 3 figures and the legend
  EXPECT_EQ(line("harmful").find_first_of('~'), std::string::npos);
  EXPECT_NE(line("harmful").find('!'), std::string::npos) << block;
  EXPECT_NE(line("useless").find('~'), std::string::npos) << block;
  EXPECT_EQ(line("slower").find_first_of("!~+"), std::string::npos) << block;
  EXPECT_NE(run.out.find("!  the sign differs from the base case: 3\n"), std::string::npos);
  EXPECT_NE(run.out.find("rests on assumed or weakly identified values: 1 of 1 parameters "
                         "(treatment 1), see report\n"),
            std::string::npos)
      << run.out;
  EXPECT_EQ(
      names_in(folder / "outputs/runs/scenarios"),
      (std::vector<std::string>{"provenance.json", "report.html", "scenarios.csv", "study.yaml"}));
}

TEST(ScenarioRun, ProvenanceHasTheWarningsAboutDocuments) {
  const TempFolder folder;
  write_studies(folder);
  static_cast<void>(
      folder.write("base.yaml", changed(base_study(), "landmarks: [12]", "landmarks: [12, 72]")));
  const ProcessResult run = npcsim(folder, {"run", "scenarios.yaml", "--quiet"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  const std::string provenance = read_text(folder / "outputs/runs/scenarios/provenance.json");
  EXPECT_NE(provenance.find("\"warnings\": [\n"), std::string::npos) << provenance;
  EXPECT_NE(provenance.find("nothing is reported at 72"), std::string::npos) << provenance;
}

TEST(ScenarioRun, JsonIsOneObjectWithEveryFigure) {
  const TempFolder folder;
  write_studies(folder);
  const ProcessResult run = npcsim(folder, {"run", "scenarios.yaml", "--json"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  ProcessOptions options;
  options.input = run.out;
  const ProcessResult parsed =
      run_program({"python3", "-c",
                   "import json,sys; d=json.load(sys.stdin); "
                   "print([s['name'] for s in d['scenarios']], d['scenarios'][1]['changes'], "
                   "sorted({r['scenario'] for r in d['results']}), "
                   "[c['change'] for c in d['changed_conclusions']], "
                   "[p['name'] for p in d['weak_parameters']['parameters']])"},
                  options);
  ASSERT_EQ(parsed.exit_code, 0) << parsed.err;
  EXPECT_EQ(parsed.out,
            "['base', 'harmful', 'useless', 'slower'] [{'what': 'drug_log_hr', 'base': "
            "'-0.5108256237659907', 'scenario': '0.4700036292457356'}] ['base', 'harmful', "
            "'slower', 'useless'] ['reversed', 'reversed', 'reversed', 'lost', 'lost', 'lost'] "
            "['drug_log_hr']\n");
}

}  // namespace
}  // namespace npcsim::testing

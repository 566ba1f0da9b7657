// npcsim validate: what rests on parameters without data, and scenarios beside the base case.
#include "documents.hpp"
#include "tiny_calibration.hpp"
#include <npcsim/io/csv.hpp>
#include <npcsim/report/report_page.hpp>

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

const std::vector<std::string> both{"validate", "first",      "second",     "--base",
                                    "--out",    "validation", "--patients", "1024"};

ProcessResult validated(const TempFolder& folder, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = both;
  words.insert(words.end(), more.begin(), more.end());
  return npcsim(folder, words);
}

CsvTable figures_of(const TempFolder& folder) {
  Diagnostics diagnostics;
  return *read_csv_file((folder / "validation/figures.csv").string(), diagnostics);
}

// The cell of a column in the row of a figure.
std::string cell(const CsvTable& table, const std::string& figure, const std::string& column) {
  Diagnostics diagnostics;
  const auto names = table.texts("figure", diagnostics);
  const auto cells = table.texts(column, diagnostics);
  for (std::size_t row = 0; names && cells && row < names->size(); ++row) {
    if ((*names)[row] == figure) return (*cells)[row];
  }
  return "no such figure";
}

// Neither parameter says what informs it, and both are assumed. The untreated do not feel the drug.
TEST(Validate, SaysWhatEachFigureRestsOn) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = validated(folder);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const CsvTable table = figures_of(folder);
  EXPECT_EQ(cell(table, "first_never_12", "rests_on_prior_only"), "death_rate");
  EXPECT_EQ(cell(table, "first_treated_12", "rests_on_prior_only"), "death_rate effect");
  EXPECT_EQ(cell(table, "first_treated_12", "rests_on_weak"), "");
  EXPECT_NE(answer.out.find("* moved by a parameter that no data inform (figures it moves): "
                            "death_rate (8), effect (4)\n"),
            std::string::npos)
      << answer.out;
}

TEST(Validate, TakesFromACalibrationWhatHasBeenLearnt) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("learnt.csv", "parameter,sd_ratio,note\ndeath_rate,0.3,\neffect,0.9,\n");
  const ProcessResult answer = validated(folder, {"--parameters", "learnt.csv"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const CsvTable table = figures_of(folder);
  EXPECT_EQ(cell(table, "first_never_12", "rests_on_prior_only"), "");
  EXPECT_EQ(cell(table, "first_treated_12", "rests_on_prior_only"), "");
  EXPECT_EQ(cell(table, "first_treated_12", "rests_on_weak"), "effect");
  const std::string page = read_text(folder / "validation/report.html");
  if (!report_has_figures()) {  // a page of words alone
    EXPECT_EQ(page.find("<script"), std::string::npos);
    return;
  }
  EXPECT_NE(page.find(R"({"parameter":"effect","meaning":"log hazard ratio of death",)"
                      R"("prior_only":false,"sd_ratio":0.9,"figures":4})"),
            std::string::npos);
}

// The files of a calibration stand beside its posterior; a check that failed is told.
TEST(Validate, SaysWhichChecksOfItsPosteriorFailed) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("fit/posterior.csv", "draw,effect\n1,-0.5\n2,-0.4\n");
  folder.write("fit/gates.csv",
               "gate,value,must_be,limit,passed\nlargest split R-hat,1.2,at most,1.01,no\n"
               "smallest effective sample size,2000,at least,1000,yes\n");
  const std::string failed =
      "The calibration behind the posterior failed 1 of its 2 checks: largest split R-hat.";
  const std::vector<std::string> words{"validate", "first",      "--posterior", "fit/posterior.csv",
                                       "--out",    "validation", "--patients",  "1024",
                                       "--draws",  "2"};
  const ProcessResult answer = npcsim(folder, words);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("\n" + failed + "\n"), std::string::npos) << answer.out;
  const std::string page = read_text(folder / "validation/report.html");
  const std::string at_top =
      report_has_figures() ? R"("warnings":[")" : R"(class="warning"><strong>)";
  EXPECT_NE(page.find(at_top + failed), std::string::npos);
}

TEST(Validate, DrawsThatContradictThemselvesAreErrorsOfTheFile) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("fit/posterior.csv", "draw,death_rate\n1,0.04\n2,-1\n3,-2\n");
  const ProcessResult answer =
      npcsim(folder, {"validate", "first", "--posterior", "fit/posterior.csv", "--out",
                      "validation", "--patients", "1024", "--draws", "3"});
  EXPECT_EQ(answer.exit_code, 65) << answer.err;
  EXPECT_NE(
      answer.err.find("fit/posterior.csv:3:1: error: the values of this draw cannot be "
                      "simulated: in 'exponential': rate must be 0 or above, found -1 per month"),
      std::string::npos)
      << answer.err;
  EXPECT_NE(answer.err.find("fit/posterior.csv:4:1: error: "), std::string::npos) << answer.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "validation"));
  EXPECT_FALSE(std::filesystem::exists(folder / "validation.part"));
}

// Draws 1 and 3 are used, but figures move around the mean of all four.
TEST(Validate, MeansThatContradictThemselvesAreErrorsOfTheFile) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("fit/posterior.csv", "draw,death_rate\n1,0.04\n2,-1\n3,0.04\n4,-1\n");
  const ProcessResult answer =
      npcsim(folder, {"validate", "first", "--posterior", "fit/posterior.csv", "--out",
                      "validation", "--patients", "1024", "--draws", "2"});
  EXPECT_EQ(answer.exit_code, 65) << answer.err;
  EXPECT_NE(answer.err.find("error: the means of the posterior contradict each other: in "
                            "'exponential': rate must be 0 or above, found -0.48 per month"),
            std::string::npos)
      << answer.err;
  EXPECT_FALSE(std::filesystem::exists(folder / "validation"));
}

// The predictions are those of the calibration that made the posterior, not of the model's own.
TEST(Validate, PredictionsComeFromBesideThePosterior) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  // As small as it can be: with sanitizers the usual one takes two minutes.
  folder.write("small.yaml",
               "calibration: small\nseed: 1\ntitle: Small\nemulations: [first, second]\n"
               "parameters: [death_rate, effect]\npatients: 64\nstarts: 1\nsteps: 1\n"
               "wave_points: 20\ncheck_points: 25\ndraws: 100\n");
  ASSERT_LE(npcsim(folder, {"calibrate", "small.yaml", "--quiet", "--out", "made"}).exit_code, 1);
  // Nothing in these trials can show a late effect; the page says so as the table does.
  EXPECT_NE(read_text(folder / "made/gates.csv").find(",nothing to test\n"), std::string::npos);
  if (report_has_figures()) {
    EXPECT_NE(read_text(folder / "made/report.html").find(R"("untested":"nothing to test")"),
              std::string::npos);
  }
  const auto all = [&](const std::string& posterior) {
    return npcsim(folder, {"validate", "--posterior", posterior, "--patients", "64", "--draws", "2",
                           "--replicates", "1", "--force"})
        .out;
  };
  EXPECT_NE(all("made/posterior.csv").find("predicted without the study itself"),
            std::string::npos);
  folder.write("alone.csv", read_text(folder / "made/posterior.csv"));
  EXPECT_EQ(all("alone.csv").find("predicted without the study itself"), std::string::npos);
}

TEST(Validate, NumbersOfOptionsHaveTheirRange) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("p.csv", "draw,effect\n1,-0.5\n2,-0.4\n");
  const std::pair<std::vector<std::string>, const char*> cases[] = {
      {{"--draws", "-1"}, "--draws needs a whole number from 2 to 1000000, found -1"},
      {{"--replicates", "0"}, "--replicates needs a whole number from 1 to 1000, found 0"},
      {{"--patients", "-64"}, "--patients needs a whole number from 64 to 10000000, found -64"},
      {{"--seed", "-1"}, "--seed needs a whole number from 0 on, found -1"},
      {{"--threads", "-1"}, "--threads must be from 0 to 4096"},
      {{"--posterior", "p.csv"}, "--base and --posterior contradict each other"}};
  for (const auto& [words, message] : cases) {
    std::vector<std::string> all{"validate", "first", "--base"};
    all.insert(all.end(), words.begin(), words.end());
    const ProcessResult answer = npcsim(folder, all);
    EXPECT_EQ(answer.exit_code, 64) << message;
    EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  }
}

// Without a posterior, draws times replicates data sets are made of the documents' values.
TEST(Validate, MoreDataSetsOfTheDocumentsValues) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const auto figures = [&](const std::vector<std::string>& more) {
    const ProcessResult answer = validated(folder, more);
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
    return read_text(folder / "validation/figures.csv");
  };
  const std::string as_usual = figures({});
  EXPECT_EQ(figures({"--force", "--draws", "50", "--replicates", "4"}), as_usual);
  EXPECT_NE(figures({"--force", "--draws", "500", "--replicates", "4"}), as_usual);
}

// `run` of an emulation makes two data sets a draw, as `validate` does.
TEST(RunEmulation, TakesTheNumberOfDraws) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const auto figures = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"run",        "first", "--out",  "validation",
                                   "--patients", "1024",  "--force"};
    words.insert(words.end(), more.begin(), more.end());
    const ProcessResult answer = npcsim(folder, words);
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
    return read_text(folder / "validation/figures.csv");
  };
  const std::string as_usual = figures({});
  EXPECT_EQ(figures({"--draws", "100"}), as_usual);
  const std::string many = figures({"--draws", "400"});
  EXPECT_NE(many, as_usual);
  ASSERT_EQ(npcsim(folder, {"validate", "first", "--base", "--out", "validation", "--patients",
                            "1024", "--draws", "400", "--force"})
                .exit_code,
            0);
  EXPECT_EQ(read_text(folder / "validation/figures.csv"), many);
}

TEST(RunEmulation, RefusesOptionsThatItDoesNotUse) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string end =
      " not for emulations of published studies; npcsim validate --help says what else can be "
      "asked "
      "of them";
  const std::pair<std::vector<std::string>, std::string> cases[] = {
      {{"--resume"}, "--resume is" + end},
      {{"--block-size", "64", "--snapshot-seconds", "1"},
       "--block-size, --snapshot-seconds are" + end},
      {{"--set", "patients=3"}, "--set is" + end},
      {{"--strategies", "wait"}, "--strategies is" + end},
      {{"--blocks", "1/2"}, "--blocks is" + end},
      {{"--output", "patients", "--sample", "0.5"}, "--output, --sample are" + end},
      {{"--draws", "1"}, "--draws needs a whole number from 2 to 1000000, found 1"},
      {{"--patients", "3"}, "--patients needs a whole number from 64 to 10000000, found 3"}};
  for (const auto& [words, message] : cases) {
    std::vector<std::string> all{"run", "first", "--out", "validation"};
    all.insert(all.end(), words.begin(), words.end());
    const ProcessResult answer = npcsim(folder, all);
    EXPECT_EQ(answer.exit_code, 64) << message;
    EXPECT_EQ(answer.err.substr(0, answer.err.find('\n')), "npcsim: error: " + message);
    EXPECT_FALSE(std::filesystem::exists(folder / "validation"));
  }
}

TEST(RunEmulation, NamesItsCommand) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = npcsim(folder, {"run", "first", "--out", "validation", "--patients",
                                               "64", "--draws", "2", "--json"});
  EXPECT_EQ(answer.out.substr(0, 17), R"({"command":"run",)") << answer.out;
  EXPECT_EQ(validated(folder, {"--force", "--json"}).out.substr(0, 22),
            R"({"command":"validate",)");
}

// A third trial beside the two, whose figures and further keys are the test's own.
void write_third(const TempFolder& folder, const std::string& figures, const std::string& more = "",
                 const std::string& design = "randomised") {
  folder.write("configs/evidence/third.yaml",
               "evidence: third\ntitle: Made up too\nstudies:\n  third: {title: Third, design: " +
                   design + ", patients: 200, disease: dmnpc, source: [somebody]}\ntargets:\n" +
                   figures + "sources:\n  somebody: Somebody, made up\n");
  folder.write("configs/emulations/third.yaml",
               "study: third\ntitle: Trial third\nkind: emulation\nmodel: one_hazard\npatients: "
               "200\nfollow_up: {least: 48 months, most: 60 months}\n"
               "arms:\n  never: {strategy: wait}\n  treated: {strategy: treat}\n" +
                   more);
}

std::string third_figure(const std::string& id, const std::string& what) {
  return "  " + id + ": {study: third, endpoint: OS, " + what +
         ", n: 100, n_basis: printed, kind: randomised, confounded: false, population: "
         "all_patients, place: Table 1}\n";
}

const std::vector<std::string> third{"validate",   "third",      "--base", "--out",
                                     "validation", "--patients", "512"};

// The middle of the interval is not the value, and 10 has no exact logarithm.
TEST(Validate, ShowsWhatIsPrintedToTheLastDigit) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_third(folder,
              third_figure("third_hr",
                           "contrast: {of: treated, against: never}, statistic: hazard_ratio, "
                           "value: 0.61, interval: [0.33, 0.78], level: 0.95, unit: ratio, doubt: "
                           "the value is not in the middle of its interval") +
                  third_figure("third_median",
                               "arm: never, statistic: median, value: 10, interval: "
                               "[7.3, 12.1], level: 0.9, unit: months"));
  const ProcessResult answer = npcsim(folder, third);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const CsvTable table = figures_of(folder);
  EXPECT_EQ(cell(table, "third_hr", "published"), "0.61");
  EXPECT_EQ(cell(table, "third_hr", "published_low"), "0.33");
  EXPECT_EQ(cell(table, "third_hr", "published_high"), "0.78");
  EXPECT_EQ(cell(table, "third_median", "published"), "10");
  EXPECT_EQ(cell(table, "third_median", "published_low"), "7.3");
  EXPECT_NE(answer.out.find("0.33 to 0.78"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("7.3 to 12.1 (90 %)"), std::string::npos) << answer.out;
  const std::string page = read_text(folder / "validation/report.html");
  if (report_has_figures()) {
    EXPECT_NE(page.find(R"("value":0.61,"lo":0.33,"hi":0.78)"), std::string::npos);
  }
}

// One figure is given up by the document, and nobody can be in the group of the other.
TEST(Validate, ListsWhatItCannotSimulate) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_third(folder,
              third_figure("third_lost", "arm: never, statistic: median, value: 10, unit: months") +
                  third_figure("third_empty",
                               "arm: nobody, statistic: landmark_survival, at_months: 12, value: "
                               "0.5, unit: fraction"),
              "groups: {nobody: {when: {all: [{high: true}, {high: false}]}}}\n"
              "targets: {third_lost: {none: its follow-up is not known}}\n");
  const ProcessResult answer = npcsim(folder, third);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("0 of 2 figures simulated"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("not simulated:\n  third_lost: its follow-up is not known\n"
                            "  third_empty: no simulated study shows it: nobody is in its groups, "
                            "or nobody has the event\n"),
            std::string::npos)
      << answer.out;
  EXPECT_NE(cell(figures_of(folder), "third_empty", "use").find("not simulated: no simulated"),
            std::string::npos);
}

// Hardly anybody dies: no study reaches its median, and those that do are not all there are.
TEST(Validate, GivesNoZWhereThePredictionIsNotReached) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_third(
      folder,
      third_figure("third_median", "arm: never, statistic: median, value: 40, unit: months"),
      "parameters: {death_rate: 0.009 per month}\n");
  const ProcessResult answer = npcsim(folder, third);
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const CsvTable table = figures_of(folder);
  EXPECT_EQ(cell(table, "third_median", "predicted_hi95"), "inf");
  EXPECT_EQ(cell(table, "third_median", "z"), "");
}

TEST(Validate, ARecordThatComparesAnArmWithItselfIsReportedOnce) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  write_third(folder, third_figure("third_hr",
                                   "contrast: {of: never, against: never}, statistic: "
                                   "hazard_ratio, value: 0.6, unit: ratio"));
  const ProcessResult answer = npcsim(folder, third);
  EXPECT_EQ(answer.exit_code, 65);
  const std::string message =
      "configs/evidence/third.yaml:6:3: error: 'third_hr' compares 'never' with itself\n";
  EXPECT_NE(answer.err.find(message), std::string::npos) << answer.err;
  EXPECT_NE(answer.err.find("\n1 error, nothing was run\n"), std::string::npos) << answer.err;
}

// Hardly anybody has an event: the words of the table for what lies at infinity.
TEST(Validate, SaysWhatIsInfinite) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string pair = "contrast: {of: treated, against: never}, ";
  write_third(
      folder,
      third_figure("third_hr", pair + "statistic: hazard_ratio, value: 0.6, unit: ratio") +
          third_figure("third_gain", pair + "statistic: difference, value: 3, unit: months"),
      "parameters: {death_rate: 0.00005 per month}\n");
  const auto line = [&](const ProcessResult& answer, const std::string& begin) {
    const auto at = answer.out.find("\n" + begin);
    return at == std::string::npos
               ? answer.out
               : answer.out.substr(at + 1, answer.out.find('\n', at + 1) - at - 1);
  };
  const ProcessResult ratios = npcsim(folder, third);
  ASSERT_EQ(ratios.exit_code, 0) << ratios.err;
  EXPECT_NE(line(ratios, "third_hr ").find(" 0.000 to infinite"), std::string::npos) << ratios.out;
  EXPECT_NE(line(ratios, "without a value").find("left out: third_hr ("), std::string::npos)
      << ratios.out;
  EXPECT_EQ(cell(figures_of(folder), "third_hr", "predicted_hi95"), "inf");
  EXPECT_EQ(cell(figures_of(folder), "third_hr", "z"), "");
  // A median is reached by hardly half of the trials: 0.0125 a month for 48 to 60 months.
  folder.write("configs/emulations/third.yaml",
               changed(read_text(folder / "configs/emulations/third.yaml"), "0.00005", "0.0125"));
  std::vector<std::string> again = third;
  again.push_back("--force");
  const ProcessResult gains = npcsim(folder, again);
  EXPECT_NE(line(gains, "third_gain ").find(" below any to above any"), std::string::npos)
      << gains.out;
  EXPECT_EQ(cell(figures_of(folder), "third_gain", "predicted_lo95"), "-inf");
  EXPECT_EQ(cell(figures_of(folder), "third_gain", "inside95"), "yes");
  EXPECT_NE(cell(figures_of(folder), "third_gain", "undefined_share"), "0");
}

TEST(Validate, NamesThatAreNoEmulations) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult none = npcsim(folder, {"validate", "qqqqqqqq"});
  EXPECT_EQ(none.exit_code, 64);
  EXPECT_EQ(none.err.substr(0, none.err.find('\n')),
            "npcsim: error: there is no emulation 'qqqqqqqq'; npcsim list emulations names those "
            "that are there");
  const ProcessResult model = npcsim(folder, {"validate", "configs/models/one_hazard.yaml"});
  EXPECT_EQ(model.exit_code, 65);
  EXPECT_NE(model.err.find("configs/models/one_hazard.yaml:1:1: error: "
                           "'configs/models/one_hazard.yaml' is no emulation"),
            std::string::npos)
      << model.err;
}

TEST(Validate, FiguresWithoutANumberOfPatientsAreShownAndNotCounted) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "configs")) {
    if (!entry.is_regular_file()) continue;
    std::string text = read_text(entry.path());
    const auto figure = text.find("first_never_12:");
    if (figure == std::string::npos || text.find("evidence:") == std::string::npos) continue;
    const std::string printed = "n_basis: printed";
    text.replace(text.find(printed, figure), printed.size(), "n_basis: none");
    folder.write(std::filesystem::relative(entry.path(), folder.path()).string(), text);
  }
  const ProcessResult answer =
      npcsim(folder, {"validate", "first", "--out", "validation", "--patients", "512"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("4 of 4 figures simulated; of 3 published ones "), std::string::npos)
      << answer.out;
  EXPECT_NE(answer.out.find("\n1 is shown but not counted: see the column 'use' of figures.csv\n"),
            std::string::npos)
      << answer.out;
}

// The posterior that comes with the program is of another model.
TEST(Validate, AnEmulationThatIsNamedTwiceCountsOnce) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const ProcessResult answer = npcsim(folder, {"validate", "first", "configs/emulations/first.yaml",
                                               "--out", "validation", "--patients", "512"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("4 of 4 figures simulated"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("Without a posterior: parameters have the values of the documents"),
            std::string::npos)
      << answer.out;
}

// Two documents of one study may share out its figures, and each figure is evidence once.
TEST(Validate, FiguresThatTwoEmulationsClaim) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const std::string first = read_text(folder / "configs/emulations/first.yaml");
  const std::string copy = changed(first, "study: first\n", "study: other\npublication: first\n");
  folder.write("configs/emulations/other.yaml", copy);
  const std::vector<std::string> words{"validate", "first",      "other",      "--base",
                                       "--out",    "validation", "--patients", "512"};
  const ProcessResult twice = npcsim(folder, words);
  EXPECT_EQ(twice.exit_code, 65);
  EXPECT_NE(twice.err.find("configs/emulations/other.yaml:2:14: error: 'first' emulates the figure "
                           "'first_never_12', too, and 3 more of this study"),
            std::string::npos)
      << twice.err;
  folder.write("configs/emulations/other.yaml",
               copy +
                   "targets:\n  first_never_12: {none: in first}\n  first_never_24: {none: in "
                   "first}\n  first_treated_12: {none: in first}\n  first_treated_24: {none: "
                   "in first}\n");
  EXPECT_EQ(npcsim(folder, words).exit_code, 0);
}

TEST(Validate, ARunningTrialHasAName) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("configs/evidence/third.yaml",
               "evidence: third\ntitle: Planned\ntrials:\n  nct00000001: {registry: "
               "NCT00000001, phase: 3, enrolment: 200, arms: {never: {drugs: []}}, quoted_in: "
               "nobody, place: Table 1, doubt: Probably the first trial.}\n");
  folder.write(
      "configs/emulations/trials/planned.yaml",
      "study: planned\ntitle: A trial that is planned\nkind: emulation\nmodel: "
      "one_hazard\ntrial: nct00000001\npatients: 200\nfollow_up: {least: 12 months, most: 30 "
      "months}\narms:\n  never: {strategy: wait}\nendpoints: {PFS: OS}\n"
      "targets: {planned_never_orr: {none: there is no response}}\n");
  const ProcessResult list = npcsim(folder, {"list", "emulations"});
  EXPECT_NE(list.out.find(" A trial that is planned\n"), std::string::npos) << list.out;
  const ProcessResult answer =
      npcsim(folder, {"validate", "planned", "--base", "--out", "validation", "--patients", "512"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_NE(answer.out.find("planned_never_os_36m: nobody is followed beyond 30 months"),
            std::string::npos)
      << answer.out;
  // What is unclear about the trial stands beside its predictions.
  EXPECT_NE(answer.out.find("in doubt:\n  planned: Probably the first trial.\n"), std::string::npos)
      << answer.out;
  EXPECT_EQ(cell(figures_of(folder), "planned_never_os_12m", "doubt"), "Probably the first trial.");
  EXPECT_NE(read_text(folder / "validation/report.html").find("Probably the first trial."),
            std::string::npos);
}

// No study is like another one, and none is retrospective: there is nothing to score.
TEST(Validate, CoverageOfNothingIsNotZero) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  folder.write("predictions.csv",
               "figure,without_study_median,without_study_lo95,without_study_hi95,"
               "without_study_lo50,without_study_hi50,width95_on_scale,sampling_width95_on_scale\n"
               "first_never_12,0.6,0.4,0.8,0.5,0.7,0.4,0.2\n");
  const ProcessResult answer = validated(folder, {"--predictions", "predictions.csv"});
  ASSERT_EQ(answer.exit_code, 0) << answer.err;
  const auto line = [&](const std::string& begin) {
    const auto at = answer.out.find(begin);
    return at == std::string::npos ? std::string()
                                   : answer.out.substr(at, answer.out.find('\n', at) - at);
  };
  const std::string score = line("mean interval score");
  EXPECT_EQ(std::count(score.begin(), score.end(), '-'), 2) << answer.out;
  // One study, one figure, twice as wide as its size alone would make it; both trials are
  // randomised.
  EXPECT_EQ(read_text(folder / "validation/coverage.csv"),
            "of,studies,figures,inside95,inside50,width_ratio,interval_score,"
            "baseline_interval_score\n"
            "all designs,1,1,1,1,2,,\nrandomised,1,1,1,1,2,,\n");
  // Treatment was assigned, and nothing was asked about cycles.
  for (const char* const file : {"analyses.csv", "taken_apart.csv", "cycles.csv"})
    EXPECT_FALSE(std::filesystem::exists(folder / "validation" / file)) << file;
}

// The patients of the study cannot be compiled; what it says of itself is read all the same.
TEST(Check, TellsMistakesOfAnEmulationAndOfItsStrategiesAtOnce) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  std::string text = read_text(folder / "configs/emulations/first.yaml");
  text = changed(text, "horizon: 120 months", "horizon: 120");
  text = changed(text, "strategy: wait", "strategy: wiat");
  folder.write("configs/emulations/first.yaml", text + "balanced: maybe\norigim: 6 months\n");
  const ProcessResult answer = npcsim(folder, {"check", "configs/emulations/first.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(
      answer.err,
      "configs/emulations/first.yaml:6:10: error: 'horizon' needs a unit: expected a duration "
      "such as 21 d or 6 months, found 120\n"
      "    6 | horizon: 120\n"
      "      |          ^~~\n"
      "   hint: how long lives are simulated since diagnosis; nobody is followed for longer, and "
      "shares of measures count until then\n"
      "configs/emulations/first.yaml:9:21: error: cannot find the strategy 'wiat'\n"
      "    9 |   never: {strategy: wiat}\n"
      "      |                     ^~~~\n"
      "   hint: did you mean 'wait'?\n"
      "configs/emulations/first.yaml:11:11: error: 'balanced' must be true or false, found "
      "'maybe'\n"
      "   11 | balanced: maybe\n"
      "      |           ^~~~~\n"
      "configs/emulations/first.yaml:12:1: error: unknown key 'origim'\n"
      "   12 | origim: 6 months\n"
      "      | ^~~~~~\n"
      "   hint: did you mean 'origin'?\n"
      "4 errors, nothing was run\n");
}

TEST(Check, SaysThatTheHorizonCutsTheFollowUp) {
  const TempFolder folder;
  write_tiny_calibration(folder);
  const auto path = folder / "configs/emulations/first.yaml";
  folder.write("configs/emulations/first.yaml",
               changed(read_text(path), "horizon: 120 months", "horizon: 50 months"));
  const ProcessResult answer =
      npcsim(folder, {"check", "configs/emulations/first.yaml", "configs/emulations/second.yaml"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_EQ(
      answer.out,
      "configs/emulations/first.yaml: emulation first: 4 figures, 4 of them simulated; nobody "
      "is followed beyond the horizon of 50 months\n"
      "configs/emulations/second.yaml: emulation second: 4 figures, 4 of them simulated\n");
}

}  // namespace
}  // namespace npcsim::testing

// --set acts as if the value stood in the document; and documents are found wherever they may lie.
#include "documents.hpp"

#include <filesystem>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// A folder with a model, a population and strategies that a study names.
void write_named(const TempFolder& folder) {
  const std::string text = right_study();
  const auto model = text.find("model:\n") + 7;
  const auto strategies = text.find("strategies:\n");
  std::string lines;
  for (std::size_t at = model; at < strategies; at = text.find('\n', at) + 1)
    lines += text.substr(at + 2, text.find('\n', at) - at - 1);
  static_cast<void>(folder.write("configs/models/m.yaml", lines));
  static_cast<void>(folder.write("configs/populations/p.yaml",
                                 "population: p\nmodel: m\nparameters: {log_hr_drug: -0.3}\n"));
  static_cast<void>(folder.write("strategies/nothing.yaml", "strategy: nothing\nmodel: m\n"));
  static_cast<void>(folder.write(
      "strategies/drug.yaml",
      "strategy: drug\nmodel: m\nsteps: [{give: drug, cycles: 4, name: induction}]\n"));
  static_cast<void>(folder.write(
      "configs/studies/named.yaml",
      "study: named\nmodel: m\npopulation: p\nstrategies: [nothing, drug]\npatients: 300\nseed: "
      "1\nhorizon: 60 months\n"));
}

// Runs a study and gives the digest of its run.
std::string digest(const TempFolder& folder, std::vector<std::string> words) {
  words.insert(words.begin(), "run");
  for (const char* word : {"--quiet", "--force", "--out", "run"}) words.emplace_back(word);
  const ProcessResult run = npcsim(folder, words);
  EXPECT_EQ(run.exit_code, 0) << run.err;
  const std::string first = npcsim(folder, {"digest", "run"}).out;
  const ProcessResult again =
      npcsim(folder, {"run", "run/study.yaml", "--quiet", "--force", "--out", "again"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(npcsim(folder, {"digest", "again"}).out, first) << "study.yaml gives other bytes";
  return first;
}

TEST(Set, ParametersAreThoseOfTheDocument) {
  const TempFolder folder;
  const std::string plain = right_study();
  static_cast<void>(folder.write("plain.yaml", plain));
  static_cast<void>(folder.write("other.yaml", plain + "parameters: {log_hr_drug: -0.9}\n"));
  static_cast<void>(folder.write("written.yaml", plain + "parameters: {log_hr_drug: -0.1}\n"));
  const std::string written = digest(folder, {"written.yaml"});
  EXPECT_NE(written, digest(folder, {"plain.yaml"}));
  for (const char* const study : {"plain.yaml", "other.yaml"}) {
    EXPECT_EQ(digest(folder, {study, "--set", "parameters={log_hr_drug: -0.1}"}), written) << study;
    EXPECT_EQ(digest(folder, {study, "--set", "parameters.log_hr_drug=-0.1"}), written) << study;
    EXPECT_EQ(digest(folder, {study, "--set", "model.parameters.log_hr_drug=-0.1"}), written)
        << study;
  }
}

// As in a document that is written as JSON.
TEST(Parameters, QuantitiesMayStandInQuotationMarksAndNumbersMayNot) {
  const TempFolder folder;
  const auto with_scale = [](const std::string& value) {
    return changed(
        changed(right_study(), "    log_hr_drug: {",
                "    typical: {value: " + value + ", source: assumed}\n    log_hr_drug: {"),
        "scale: 14 months", "scale: $typical");
  };
  static_cast<void>(folder.write("plain.yaml", with_scale("14 months")));
  static_cast<void>(folder.write("quoted.yaml", with_scale("\"14 months\"")));
  static_cast<void>(folder.write("number.yaml", with_scale("\"14\"")));
  for (const char* const study : {"plain", "quoted"}) {
    const ProcessResult run =
        npcsim(folder, {"run", std::string(study) + ".yaml", "--quiet", "--out", study});
    EXPECT_EQ(run.exit_code, 0) << run.err;
  }
  EXPECT_EQ(read_text(folder.path() / "plain/summary.csv"),
            read_text(folder.path() / "quoted/summary.csv"));
  const ProcessResult number = npcsim(folder, {"check", "number.yaml"});
  EXPECT_EQ(number.exit_code, 65);
  EXPECT_NE(number.err.find("a parameter must be a number or a quantity"), std::string::npos)
      << number.err;
}

TEST(Set, ParametersOfThePopulationAreThoseOfItsDocument) {
  const TempFolder folder;
  write_named(folder);
  const std::string study = "configs/studies/named.yaml";
  const std::string before = digest(folder, {study});
  const std::string one =
      digest(folder, {study, "--set", "population.parameters.log_hr_drug=-0.2"});
  EXPECT_EQ(digest(folder, {study, "--set", "population.parameters={log_hr_drug: -0.2}"}), one);
  static_cast<void>(folder.write("configs/populations/p.yaml",
                                 "population: p\nmodel: m\nparameters: {log_hr_drug: -0.2}\n"));
  EXPECT_EQ(digest(folder, {study}), one);
  EXPECT_NE(before, one);
  // What the study says wins over its population.
  EXPECT_EQ(digest(folder, {study, "--set", "parameters.log_hr_drug=-0.2", "--set",
                            "population.parameters.log_hr_drug=-0.7"}),
            one);
}

TEST(Set, ParametersActInAReplay) {
  const TempFolder folder;
  static_cast<void>(folder.write("plain.yaml", right_study()));
  static_cast<void>(
      folder.write("written.yaml", right_study() + "parameters: {log_hr_drug: -3}\n"));
  std::size_t different = 0;
  for (int patient = 0; patient < 20; ++patient) {
    const std::string number = std::to_string(patient);
    const auto plain = npcsim(folder, {"replay", "plain.yaml", "--patient", number}).out;
    const auto set = npcsim(folder, {"replay", "plain.yaml", "--patient", number, "--set",
                                     "parameters={log_hr_drug: -3}"})
                         .out;
    EXPECT_EQ(set, npcsim(folder, {"replay", "written.yaml", "--patient", number}).out);
    different += set != plain ? 1U : 0U;
  }
  EXPECT_GT(different, 0U);
}

TEST(Set, MistakesInParametersAreReportedAsInADocument) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const auto refused = [&](const std::string& setting, const std::string& message) {
    const ProcessResult answer = npcsim(folder, {"run", "study.yaml", "--set", setting});
    EXPECT_EQ(answer.exit_code, 64);
    EXPECT_EQ(answer.err, message);
  };
  refused("parameters={log_hr_dru: 1}",
          R"(--set parameters={log_hr_dru: 1}:1:2: error: the model has no parameter 'log_hr_dru'
    1 | {log_hr_dru: 1}
      |  ^~~~~~~~~~
   hint: did you mean 'log_hr_drug'?
1 error, nothing was run
)");
  refused("parameters.log_hr_dru=1",
          R"(--set parameters.log_hr_dru=1:1:1: error: the model has no parameter 'log_hr_dru'
    1 | 1
      | ^
   hint: did you mean 'log_hr_drug'?
1 error, nothing was run
)");
  refused("model.parameters.log_hr_dru=1",
          R"(--set model.parameters.log_hr_dru=1:1:1: error: parameter 'log_hr_dru' must be a map
    1 | 1
      | ^
   in parameters
   hint: did you mean 'log_hr_drug'? e.g. log_hr_dru: {value: 1, source: assumed}
1 error, nothing was run
)");
  // The place that uses the parameter is reported too, as it is for a document.
  const ProcessResult unit =
      npcsim(folder, {"run", "study.yaml", "--set", "parameters.log_hr_drug=2 months"});
  EXPECT_EQ(unit.exit_code, 64);
  EXPECT_NE(
      unit.err.find("--set parameters.log_hr_drug=2 months:1:1: error: wrong unit 'months' for "
                    "'log_hr_drug': expected a number without unit\n"),
      std::string::npos)
      << unit.err;
}

TEST(Set, ParametersOfTheBaseOfScenariosAreThoseOfItsDocument) {
  const TempFolder folder;
  const auto scenarios = [](const std::string& base) {
    return "study: assumptions\nkind: scenarios\nbase: " + base +
           "\nscenarios: {none: {parameters: {log_hr_drug: 0}, source: assumed}}\n";
  };
  static_cast<void>(folder.write("plain.yaml", right_study()));
  static_cast<void>(
      folder.write("written.yaml", right_study() + "parameters: {log_hr_drug: -2}\n"));
  static_cast<void>(folder.write("a.yaml", scenarios("plain.yaml")));
  static_cast<void>(folder.write("b.yaml", scenarios("written.yaml")));
  ASSERT_EQ(npcsim(folder, {"run", "b.yaml", "--quiet", "--out", "b"}).exit_code, 0);
  const std::string right = read_text(folder / "b/scenarios.csv");
  for (const char* const setting :
       {"base.parameters={log_hr_drug: -2}", "base.parameters.log_hr_drug=-2"}) {
    const ProcessResult run =
        npcsim(folder, {"run", "a.yaml", "--quiet", "--force", "--out", "a", "--set", setting});
    ASSERT_EQ(run.exit_code, 0) << run.err;
    EXPECT_EQ(read_text(folder / "a/scenarios.csv"), right) << setting;
  }
}

TEST(Set, StrategiesAreNamesAsInAStudy) {
  const TempFolder folder;
  write_named(folder);
  static_cast<void>(
      folder.write("strategies/other.yaml", "strategy: other\nmodel: m\nsteps: [{give: drug}]\n"));
  const std::string study = "configs/studies/named.yaml";
  const std::string set = digest(folder, {study, "--set", "strategies=[nothing, other]"});
  const std::string text = read_text(folder / study);
  static_cast<void>(folder.write(study, changed(text, "[nothing, drug]", "[nothing, other]")));
  EXPECT_EQ(digest(folder, {study}), set);
  const ProcessResult wrong =
      npcsim(folder, {"run", study, "--set", "strategies=[nothing, othr]", "--out", "wrong"});
  EXPECT_EQ(wrong.exit_code, 64);
  EXPECT_EQ(wrong.err,
            "--set strategies=[nothing, othr]:1:11: error: cannot find the strategy 'othr'\n"
            "    1 | [nothing, othr]\n"
            "      |           ^~~~\n"
            "   hint: did you mean 'other'?\n"
            "1 error, nothing was run\n");
}

// A model that stands in a study includes files as a model document does.
TEST(Set, ANameAndANumberOfOneStrategyAreOnePlace) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult answer = npcsim(
      folder,
      {"run", "study.yaml", "--set", "strategies.drug.title=X", "--set", "strategies.2.title=Y"});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.err,
            "--set strategies.2.title=Y:1:1: error: --set strategies.drug.title sets the same\n"
            "    1 | Y\n"
            "      | ^\n"
            "1 error, nothing was run\n");
  const ProcessResult value =
      npcsim(folder, {"run", "study.yaml", "--set", "model.parameters.log_hr_drug=-0.1", "--set",
                      "model.parameters.log_hr_drug.value=-0.2"});
  EXPECT_EQ(value.exit_code, 64);
  EXPECT_NE(value.err.find("--set model.parameters.log_hr_drug sets the same\n"), std::string::npos)
      << value.err;
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet", "--set", "strategies.drug.title=X",
                            "--set", "strategies.1.title=Y"})
                .exit_code,
            0);
}

TEST(Strategies, WithoutTheReferenceOfTheStudySayWhatIsComparedWith) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml", changed(right_study(), "  - strategy: drug\n",
                            "  - {strategy: other, steps: [{give: drug}]}\n  - strategy: drug\n")));
  const std::string warning =
      "the study's reference 'nothing' is not among --strategies: compared with 'drug'";
  const ProcessResult text =
      npcsim(folder, {"run", "study.yaml", "--strategies", "drug,other", "--out", "a"});
  EXPECT_EQ(text.exit_code, 0);
  EXPECT_NE(text.err.find(": warning: " + warning + "\n   51 | reference: nothing\n"),
            std::string::npos)
      << text.err;
  const ProcessResult json =
      npcsim(folder, {"run", "study.yaml", "--strategies", "drug,other", "--out", "a", "--json"});
  EXPECT_NE(json.out.find(warning), std::string::npos) << json.out;
  // Nothing is compared, or the reference is said.
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--strategies", "drug", "--out", "b"})
                .err.find("warning"),
            std::string::npos);
  EXPECT_EQ(npcsim(folder, {"run", "study.yaml", "--strategies", "drug,other", "--set",
                            "reference=other", "--out", "c"})
                .err.find("warning"),
            std::string::npos);
}

TEST(Include, WorksInAModelInsideAStudy) {
  const TempFolder folder;
  const std::string text = right_study();
  const std::string markers = text.substr(text.find("  markers:\n"),
                                          text.find("  observation:") - text.find("  markers:\n"));
  std::string file;
  for (std::size_t at = 0; at < markers.size(); at = markers.find('\n', at) + 1)
    file += markers.substr(at + 2, markers.find('\n', at) - at - 1);
  static_cast<void>(folder.write("studies/parts/markers.yaml", file));
  static_cast<void>(folder.write("studies/whole.yaml", text));
  static_cast<void>(
      folder.write("studies/study.yaml", changed(changed(text, markers, ""), "  model: m\n",
                                                 "  model: m\n  include: [parts/markers.yaml]\n")));
  static_cast<void>(folder.write("studies/without.yaml", changed(text, markers, "")));
  const auto lives = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "run");
    for (const char* word : {"--quiet", "--force", "--out", "run"}) words.emplace_back(word);
    const ProcessResult run = npcsim(folder, words);
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return read_text(folder / "run/summary.csv");
  };
  const std::string whole = lives({"studies/whole.yaml"});
  EXPECT_EQ(lives({"studies/study.yaml"}), whole);
  EXPECT_EQ(lives({"studies/without.yaml", "--set", "model.include=parts/markers.yaml"}), whole);
}

TEST(Include, ReportsWhatAModelInsideAStudyCannotInclude) {
  const ProcessResult absent =
      check(changed(right_study(), "  model: m\n", "  model: m\n  include: [absent.yaml]\n"));
  EXPECT_EQ(absent.exit_code, 65);
  EXPECT_EQ(absent.err,
            "study.yaml:4:13: error: cannot find the included file 'absent.yaml'\n"
            "    4 |   include: [absent.yaml]\n"
            "      |             ^~~~~~~~~~~\n"
            "   hint: it is looked for beside this document, then in configs/\n"
            "1 error, nothing was run\n");
  const ProcessResult map =
      check(changed(right_study(), "  model: m\n", "  model: m\n  include: {a: b}\n"));
  EXPECT_EQ(map.exit_code, 65);
  EXPECT_NE(map.err.find("study.yaml:4:12: error: 'include' is a path or a list of paths, found "),
            std::string::npos)
      << map.err;
}

TEST(Names, AFolderMayBeReachedByASymbolicLink) {
  const TempFolder folder;
  write_named(folder);
  std::filesystem::create_directories(folder / "elsewhere/deep");
  std::filesystem::create_directory_symlink(folder / "configs/studies",
                                            folder / "elsewhere/deep/link");
  std::filesystem::create_directory_symlink(folder / "configs/studies", folder / "link");
  for (const char* const path : {"link/named.yaml", "elsewhere/deep/link/named.yaml"}) {
    const ProcessResult answer = npcsim(folder, {"check", path});
    EXPECT_EQ(answer.exit_code, 0) << answer.err;
  }
}

TEST(Names, UnknownStudyIsAnsweredWithTheNearestOne) {
  const TempFolder folder;
  write_named(folder);
  const ProcessResult answer = npcsim(folder, {"run", "naemd"});
  EXPECT_EQ(answer.exit_code, 66);
  EXPECT_EQ(answer.err,
            "npcsim: error: cannot find the study 'naemd': did you mean 'named'? npcsim list "
            "studies shows all\n");
}

TEST(Names, DocumentsOfOtherKindsAreNamedForWhatTheyAre) {
  const TempFolder folder;
  static_cast<void>(folder.write("e.yaml", "evidence: e\nstudy: {}\n"));
  static_cast<void>(folder.write("c.yaml", "calibration: c\n"));
  static_cast<void>(folder.write("em.yaml", "study: em\nkind: emulation\npublication: e\n"));
  const auto said = [&](const std::vector<std::string>& words) {
    const ProcessResult answer = npcsim(folder, words);
    EXPECT_EQ(answer.exit_code, 65);
    return answer.err;
  };
  EXPECT_EQ(said({"run", "e.yaml"}),
            "e.yaml:1:1: error: this command needs a study, found evidence\n"
            "    1 | evidence: e\n"
            "      | ^\n"
            "   hint: npcsim check reads it; npcsim list studies shows the studies\n"
            "1 error, nothing was run\n");
  EXPECT_EQ(said({"run", "c.yaml"}),
            "c.yaml:1:1: error: this command needs a study, found a calibration\n"
            "    1 | calibration: c\n"
            "      | ^\n"
            "   hint: npcsim check reads it; npcsim calibrate fits it\n"
            "1 error, nothing was run\n");
  EXPECT_EQ(said({"replay", "em.yaml", "--patient", "1"}),
            "em.yaml:2:7: error: this command needs one comparison, found an emulation of a "
            "published study\n"
            "    2 | kind: emulation\n"
            "      |       ^~~~~~~~~\n"
            "   hint: npcsim run simulates it; a comparison of its strategies can be replayed\n"
            "1 error, nothing was run\n");
}

TEST(Json, HasTheWarningsOfDocuments) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml", changed(right_study(), "landmarks: [12, 24]", "landmarks: [12, 24, 90]")));
  const ProcessResult text = npcsim(folder, {"run", "study.yaml"});
  const std::string message = "nothing is reported at 90 months: the horizon comes before it";
  ASSERT_NE(text.err.find("warning: " + message), std::string::npos) << text.err;
  const ProcessResult json = npcsim(folder, {"run", "study.yaml", "--json", "--force"});
  EXPECT_EQ(json.err, "");
  const auto place = text.err.find("study.yaml:");
  const std::string where = text.err.substr(place, text.err.find(": warning: " + message) - place);
  EXPECT_NE(json.out.find("\"" + where + ": " + message + "\""), std::string::npos) << where;
  // Beside study.yaml, which has other lines.
  const std::string provenance = read_text(folder / "outputs/runs/small/provenance.json");
  EXPECT_NE(provenance.find("\"" + message + "\""), std::string::npos) << provenance;
}

}  // namespace
}  // namespace npcsim::testing

// Evidence of one's own: what `npcsim check` says of names that nobody near by knows.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// A hospital that compares its figures with those that npcsim brings along.
std::string our_evidence() {
  return R"(evidence: ours
title: Figures of our hospital
studies:
  hospital:
    {title: Our series, design: retrospective, patients: 40, disease: dmnpc, source: [we_2026]}
populations:
  few:
    {words: Few lesions, eligible: {lesion_count: {max: "$zou_2017_oligo"}},
     later: {response: [CR, PR], received_lrrt: true}, preset: review}
targets:
  hospital_os:
    {study: hospital, arm: chemo_lrrt, endpoint: OS, statistic: landmark_survival, at_months: 24,
     value: 0.71, unit: fraction, n: 40, n_basis: printed, kind: retrospective,
     population: few, place: Figure 1}
tables:
  bones:
    {study: hospital, place: Table 1, groups: [all], levels: {with: [30], without: [10]},
     conditions: {with: {bone: true}, without: {not: {ebv_dna_detectable: true}}}}
systems:
  by_bone:
    title: Bone
    source: [we_2026]
    applies_to: {setting: de_novo}
    assumed: [zou_2017_oligo]
    classes:
      - {flag: hospital_a, label: A, words: no bone, condition: {bone: false}}
      - {flag: hospital_b, label: B, words: bone, condition: {received_lrrt: true}}
trials:
  hospital_trial:
    {registry: NCT00000001, phase: 2, enrolment: 40, eligible: {oligometastatic: true},
     arms: {new: {drugs: [gemcitabine, cisplatin], radiotherapy: [locoregional], strategies: gp_lrrt}},
     quoted_in: we_2026, place: Registry}
algorithms:
  hospital_way:
    title: How we treat
    source: [we_2026]
    place: Handbook
    strategies: [gp_lrrt]
    steps:
      - {branch: all, order: 1, then: [{do: chemo, with: [gp]}]}
      - {branch: all, order: 2, when: {response: [CR, PR]}, then: [{do: lrrt}]}
treatments:
  our_drug: {agents: [gp], by_study: {hospital: {strategies: gp}}}
sources:
  we_2026: "We, us and others. Our series. Unpublished, 2026"
)";
}

ProcessResult check_ours(const std::string& text) {
  const TempFolder folder;
  static_cast<void>(folder.write("ours.yaml", text));
  return npcsim(folder, {"check", "ours.yaml"});
}

TEST(CheckEvidence, OwnEvidenceBesideTheShippedOneIsRight) {
  const ProcessResult answer = check_ours(our_evidence());
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out, "ours.yaml: evidence ours: 1 figure\n");
}

TEST(CheckEvidence, NamesThatNobodyKnowsAreShownWithPlaceCaretAndHint) {
  struct Case {
    const char* from;
    const char* to;
    const char* message;
    const char* path;
    const char* hint;
  };
  const Case cases[] = {
      {"eligible: {lesion_count:", "eligible: {lesion_cuont:",
       "unknown variable 'lesion_cuont' in a condition", "populations > few > eligible",
       "did you mean 'lesion_count'?"},
      {"$zou_2017_oligo\"", "$zou_2017_olig\"", "unknown parameter '$zou_2017_olig'",
       "populations > few > eligible", "did you mean '$zou_2017_oligo'?"},
      {"later: {response:", "later: {responce:", "unknown variable 'responce' in a condition",
       "populations > few > later", "did you mean 'response'?"},
      {"later: {response: [CR, PR]", "later: {response: [CR, PRR]", "'response' has no level 'PRR'",
       "populations > few > later", "did you mean 'PR'?"},
      {"preset: review", "preset: reveiw", "there is no population document 'reveiw'",
       "populations > few", "did you mean 'review'?"},
      {"with: {bone: true}", "with: {bones: true}", "unknown variable 'bones' in a condition",
       "tables > bones > conditions > with", "did you mean 'bone'?"},
      {"applies_to: {setting: de_novo}", "applies_to: {setting: de_nova}",
       "'setting' has no level 'de_nova'", "systems > by_bone > applies_to",
       "did you mean 'de_novo'?"},
      {"assumed: [zou_2017_oligo]", "assumed: [zou_2017_olgo]",
       "the model has no parameter 'zou_2017_olgo'", "systems > by_bone",
       "did you mean 'zou_2017_oligo'?"},
      {"condition: {bone: false}", "condition: {bome: false}",
       "unknown variable 'bome' in a condition", "systems > by_bone > classes > hospital_a",
       "did you mean 'bone'?"},
      {"eligible: {oligometastatic: true}", "eligible: {received_lrrt: true}",
       "'received_lrrt' is not known at diagnosis and cannot stand here",
       "trials > hospital_trial > eligible", "use attributes and derived flags only"},
      {"strategies: gp_lrrt}", "strategies: gp_lrtt}", "there is no strategy 'gp_lrtt'",
       "trials > hospital_trial > arms > new", "did you mean 'gp_lrrt'?"},
      {"strategies: [gp_lrrt]", "strategies: [gp_lrtt]", "there is no strategy 'gp_lrtt'",
       "algorithms > hospital_way", "did you mean 'gp_lrrt'?"},
      {"when: {response:", "when: {respons:", "unknown variable 'respons' in a condition",
       "algorithms > hospital_way > steps > 2 > when", "did you mean 'response'?"},
      {"agents: [gp]", "agents: [lrtt]", "the model has no agent or regimen 'lrtt'",
       "treatments > our_drug", "did you mean 'lrrt'?"},
      {"hospital: {strategies: gp}", "hospital: {strategies: gpp_pd1}",
       "there is no strategy 'gpp_pd1'", "treatments > our_drug > by_study > hospital",
       "did you mean 'gp_pd1'?"},
      {"registry: NCT00000001", "registry: NCT03581786",
       "'NCT03581786' is the number of two trials", "trials > hospital_trial",
       "first that of 'nct03581786' in "},
  };
  for (const Case& one : cases) {
    const ProcessResult answer = check_ours(changed(our_evidence(), one.from, one.to));
    EXPECT_EQ(answer.exit_code, 65) << one.to;
    EXPECT_EQ(answer.out, "") << one.to;
    EXPECT_EQ(answer.err.rfind("ours.yaml:", 0), 0U) << answer.err;
    EXPECT_NE(answer.err.find(": error: " + std::string(one.message) + "\n"), std::string::npos)
        << one.to << "\n"
        << answer.err;
    EXPECT_NE(answer.err.find("^~~"), std::string::npos) << answer.err;
    EXPECT_NE(answer.err.find("   in " + std::string(one.path) + "\n"), std::string::npos)
        << one.path << "\n"
        << answer.err;
    EXPECT_NE(answer.err.find("   hint: " + std::string(one.hint)), std::string::npos)
        << one.hint << "\n"
        << answer.err;
    EXPECT_NE(answer.err.find("1 error, nothing was run\n"), std::string::npos) << answer.err;
  }
}

TEST(CheckEvidence, SlipOfThePenInAWordIsAWarning) {
  const ProcessResult answer =
      check_ours(changed(our_evidence(), "arm: chemo_lrrt", "arm: chemo_lrtt"));
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err,
            "ours.yaml:12:28: warning: nothing says what stands for 'chemo_lrtt'\n"
            "   12 |     {study: hospital, arm: chemo_lrtt, endpoint: OS, statistic: "
            "landmark_survival, at_months: 24,\n"
            "      |                            ^~~~~~~~~~\n"
            "   in targets > hospital_os\n"
            "   hint: did you mean 'chemo_lrrt'?\n");
}

TEST(CheckEvidence, AllWrongNamesComeInOneGo) {
  std::string text =
      changed(our_evidence(), "eligible: {lesion_count:", "eligible: {lesions_cont:");
  text = changed(text, "strategies: [gp_lrrt]", "strategies: [gp_lrtt]");
  text = changed(text, "assumed: [zou_2017_oligo]", "assumed: [zou_2017_olgo]");
  const ProcessResult answer = check_ours(text);
  EXPECT_NE(answer.err.find("3 errors, nothing was run\n"), std::string::npos) << answer.err;
}

TEST(CheckEvidence, IdThatIsTakenIsComplainedAboutInTheUsersFile) {
  std::string text = changed(our_evidence(), "  hospital_os:\n", "  you_2020_lrrt_os_hr:\n");
  const ProcessResult answer = check_ours(text);
  EXPECT_EQ(answer.err.rfind("ours.yaml:11:3: error: the target 'you_2020_lrrt_os_hr' is there "
                             "twice\n",
                             0),
            0U)
      << answer.err;
  EXPECT_NE(answer.err.find("   hint: first in "), std::string::npos) << answer.err;
  EXPECT_NE(answer.err.find("locoregional_radiotherapy.yaml, line "), std::string::npos)
      << answer.err;
}

TEST(CheckEvidence, FilesThatAreGivenTogetherAreCheckedTogether) {
  const TempFolder folder;
  static_cast<void>(folder.write("ours.yaml", our_evidence()));
  static_cast<void>(folder.write("more.yaml",
                                 "evidence: ours\ntitle: More\nstudies:\n  hospital: {title: T, "
                                 "design: registry, disease: npc, source: [we_2026]}\n"));
  const ProcessResult answer = npcsim(folder, {"check", "ours.yaml", "more.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.out, "ours.yaml: evidence ours: 1 figure\n");
  EXPECT_EQ(answer.err,
            "more.yaml:1:11: error: the evidence document 'ours' is there twice\n"
            "    1 | evidence: ours\n"
            "      |           ^~~~\n"
            "   hint: first in ours.yaml, line 1\n"
            "more.yaml:4:3: error: the study 'hospital' is there twice\n"
            "    4 |   hospital: {title: T, design: registry, disease: npc, source: [we_2026]}\n"
            "      |   ^~~~~~~~\n"
            "   hint: first in ours.yaml, line 4\n"
            "2 errors, nothing was run\n");
  // The same file twice is one document.
  const ProcessResult twice = npcsim(folder, {"check", "ours.yaml", "./ours.yaml"});
  EXPECT_EQ(twice.err, "");
  EXPECT_EQ(twice.out,
            "ours.yaml: evidence ours: 1 figure\n./ours.yaml: evidence ours: 1 figure\n");
}

// A strategy, a population and a model of one's own are as good as the shipped ones.
TEST(CheckEvidence, OwnDocumentsNearByAreKnown) {
  const TempFolder folder;
  static_cast<void>(folder.write("our_way.yaml",
                                 "strategy: our_way\ntitle: Ours\nmodel: dmnpc\nsteps:\n"
                                 "  - {give: gp, cycles: 6}\n"));
  static_cast<void>(folder.write("our_people.yaml",
                                 "population: our_people\nmodel: dmnpc\npreset: review\n"
                                 "attributes: {smoker: {bernoulli: 0.4}}\n"));
  std::string text = changed(our_evidence(), "strategies: [gp_lrrt]", "strategies: [our_way]");
  text = changed(text, "preset: review", "preset: our_people");
  text = changed(text, "later: {response", "later: {smoker: true, response");
  static_cast<void>(folder.write("ours.yaml", text));
  const ProcessResult answer = npcsim(folder, {"check", "ours.yaml"});
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(answer.exit_code, 0);
}

TEST(CheckEvidence, NumbersOutOfRangeAreOneMistakeEach) {
  const ProcessResult n = check_ours(changed(our_evidence(), "n: 40, n_basis", "n: -4, n_basis"));
  EXPECT_NE(n.err.find("'n' must be at least 1, found -4"), std::string::npos) << n.err;
  EXPECT_NE(n.err.find("1 error, nothing was run"), std::string::npos) << n.err;
  const ProcessResult at = check_ours(changed(our_evidence(), "at_months: 24", "at_months: -24"));
  EXPECT_NE(at.err.find("'at_months' must be above 0, found -24"), std::string::npos) << at.err;
  EXPECT_NE(at.err.find("1 error, nothing was run"), std::string::npos) << at.err;
}

}  // namespace
}  // namespace npcsim::testing

// An emulation of one's own: what `npcsim check` says of figures that would be others than the
// published ones.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// A figure of the hospital's series; `what` begins with its arm or contrast.
std::string figure(const std::string& id, const std::string& what) {
  return "  " + id + ": {study: hospital, " + what +
         ", n: 40, n_basis: printed, kind: retrospective, population: ours, place: Table 1}\n";
}

struct OurStudy {
  std::string figures = figure("h_os",
                               "arm: drug, endpoint: OS, statistic: landmark_survival, "
                               "at_months: 12, value: 0.5, unit: fraction");
  std::string times = "follow_up: {least: 6 months, most: 24 months}\n";
  std::string arms = "  drug: {strategy: gp_lrrt}\n";
  std::string more = "";
  std::string of_study = "";  // further keys of the study in the evidence
  std::string head = "study: hospital\nkind: emulation\n";
  std::string patients = "60";
};

ProcessResult check_ours(const OurStudy& study) {
  const TempFolder folder;
  folder.write("configs/evidence/ours.yaml",
               "evidence: ours\ntitle: Ours\nstudies:\n  hospital: {title: Our series, design: "
               "retrospective, patients: 200, disease: dmnpc, " +
                   study.of_study +
                   "source: [we_2026]}\npopulations:\n  ours: {words: All, preset: review}\n"
                   "targets:\n" +
                   study.figures + "sources:\n  we_2026: We. Ours. Unpublished, 2026\n");
  folder.write("configs/emulations/hospital.yaml",
               study.head + "model: dmnpc\npopulation: review\npatients: " + study.patients + "\n" +
                   study.times + "arms:\n" + study.arms + study.more);
  return npcsim(folder, {"check", "configs/emulations/hospital.yaml"});
}

void expect_said(const ProcessResult& answer, const std::vector<std::string>& all) {
  for (const std::string& words : all)
    EXPECT_NE(answer.err.find(words), std::string::npos) << words << "\n" << answer.err;
}

TEST(CheckEmulation, AStudyOfOnesOwnIsRight) {
  const ProcessResult answer = check_ours({});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.err, "");
}

// Toxicity is counted until the horizon, whatever the follow-up and the figure say.
TEST(CheckEmulation, ASharesTimeIsTheHorizon) {
  OurStudy study;
  study.figures = figure("h_hearing",
                         "arm: drug, endpoint: toxicity, statistic: toxicity_rate, "
                         "at_months: 12, value: 0.2, unit: fraction");
  study.more = "targets: {h_hearing: {share: {toxicity_hearing_loss: true}}}\n";
  const ProcessResult answer = check_ours(study);
  EXPECT_EQ(answer.exit_code, 65);
  expect_said(answer,
              {"hospital.yaml:9:11: error: the figure 'h_hearing' is of 12 months, but a share "
               "counts what happens in the whole simulated life, until 120 months after diagnosis",
               "hint: horizon: 12 months, in an emulation of such figures alone; event: ENDPOINT",
               "\n1 error"});
  // Lives that end then are what the figure says; what is known at diagnosis has no time.
  study.times = "horizon: 12 months\nfollow_up: {least: 6 months, most: 12 months}\n";
  EXPECT_EQ(check_ours(study).err, "");
  study.times = OurStudy{}.times;
  study.more = "targets: {h_hearing: {share: {liver: true}}}\n";
  EXPECT_EQ(check_ours(study).err, "");
}

TEST(CheckEmulation, EventsAreThoseOfTheWholeFollowUp) {
  OurStudy study;
  study.figures = figure("h_distant",
                         "arm: drug, endpoint: distant_relapse, statistic: "
                         "crude_rate, at_months: 12, value: 0.2, unit: fraction");
  study.more = "targets: {h_distant: {event: DMFS}}\n";
  expect_said(check_ours(study),
              {"error: the figure 'h_distant' is of 12 months, but 'event' counts whoever has it "
               "within the follow-up of 6 months to 24 months",
               "hint: endpoint: DMFS for the share without it at that time"});
  study.times = "follow_up: {least: 12 months, most: 12 months}\n";
  EXPECT_EQ(check_ours(study).err, "");
}

// Progression is where the clock starts: nobody would be without it at 12 months.
TEST(CheckEmulation, TheSecondLineHasEndpointsOfItsOwn) {
  OurStudy study;
  study.figures = figure("h_pfs",
                         "arm: drug, endpoint: PFS, statistic: landmark_survival, "
                         "at_months: 12, value: 0.3, unit: fraction") +
                  figure("h_orr",
                         "arm: drug, endpoint: ORR, statistic: response_rate, value: "
                         "0.3, unit: fraction");
  study.arms = "  drug: {strategy: pf_then_capecitabine}\n";
  study.more = "origin: progression\n";
  const ProcessResult answer = check_ours(study);
  EXPECT_EQ(answer.exit_code, 65);
  expect_said(answer, {"error: the figure 'h_pfs' is of 'PFS', whose event is the origin itself: "
                       "nobody is left without it",
                       "hint: endpoints: {PFS: PFS2}",
                       "error: the figure 'h_orr' is of the second line, but "
                       "'objective_response' is of the first",
                       "hint: share: {...}, with a measure of the second line", "\n2 errors"});
  study.more +=
      "endpoints: {PFS: PFS2}\n"
      "targets: {h_orr: {share: {responds_to_capecitabine: true}}}\n";
  EXPECT_EQ(check_ours(study).err, "");
}

// What nobody has printed is left out: survival of PFS at two times and its median, and response.
TEST(CheckEmulation, ATrialOfTheSecondLinePromisesLess) {
  OurStudy study;
  study.arms = "  drug: {strategy: pf_then_capecitabine}\n";
  study.times = "follow_up: {least: 36 months, most: 48 months}\n";
  study.more = "trial: nct04890522\norigin: progression\n";
  const ProcessResult answer = check_ours(study);
  EXPECT_EQ(answer.err, "");
  EXPECT_NE(answer.out.find("8 figures, 4 of them simulated"), std::string::npos) << answer.out;
}

TEST(CheckEmulation, ALevelIsNoNumberForChoosing) {
  OurStudy study;
  study.arms = "  drug: {strategy: gp}\n  radiation: {strategy: gp_lrrt, received: lrrt}\n";
  study.more = "chosen: [{arm: radiation, logit: {intercept: 0, terms: {setting: 0.5}}}]\n";
  expect_said(check_ours(study),
              {"hospital.yaml:10:57: error: 'setting' has several levels and cannot be a term",
               "hint: derive a flag for each level in the model, e.g. setting_"});
}

TEST(CheckEmulation, KindIsNamedFirstWhereItIsMissing) {
  OurStudy study;
  study.head = "study: hospital\n";
  const ProcessResult answer = check_ours(study);
  EXPECT_EQ(answer.exit_code, 65);
  expect_said(answer, {"hospital.yaml:1:1: error: missing key 'kind': the keys 'follow_up', 'arms' "
                       "are those of an emulation",
                       "hint: kind: emulation", "\n1 error"});
  study.head = "study: hospital\nkind: emulaton\n";
  expect_said(check_ours(study), {"hospital.yaml:2:7: error: 'emulaton' is not the kind of a study "
                                  "with the keys 'follow_up', 'arms'",
                                  "\n1 error"});
}

TEST(CheckEmulation, AnUnknownStudyIsOneMistake) {
  OurStudy study;
  study.more = "publication: hospitel\ntargets: {h_os: {endpoint: OS}}\n";
  expect_said(check_ours(study),
              {"hospital.yaml:9:14: error: the evidence has no study 'hospitel'",
               "hint: did you mean 'hospital'? evidence is read from the folder configs/evidence, "
               "beside the document's own or above it",
               "\n1 error"});
}

TEST(CheckEmulation, PublishedOrRunning) {
  OurStudy study;
  study.more = "publication: hospital\ntrial: nct04890522\n";
  expect_said(check_ours(study), {"hospital.yaml:9:14: error: 'publication' and 'trial' contradict "
                                  "each other",
                                  "hint: keep one of them", "\n1 error"});
}

// Times that could not be read are not told again as times that leave nobody.
TEST(CheckEmulation, UnreadableTimesAreOneMistake) {
  OurStudy study;
  study.times = "follow_up: {least: 2020-01-01, most: 24 months}\n";
  expect_said(check_ours(study), {"hospital.yaml:6:20: error: ", "\n1 error"});
  study.times = "origin: randomisaton\nfollow_up: {least: 6 months, most: 24 months}\n";
  expect_said(check_ours(study), {"error: unknown origin 'randomisaton'", "\n1 error"});
}

TEST(CheckEmulation, LivesEndBeforeTheFirstDose) {
  OurStudy study;
  study.figures = figure("h_os",
                         "arm: drug, endpoint: OS, statistic: median, value: 0.01, unit: "
                         "months");
  study.times = "horizon: 1 d\norigin: first_dose\nfollow_up: {least: 1 d, most: 1 d}\n";
  expect_said(check_ours(study), {"hospital.yaml:7:9: error: the origin lies beyond the horizon of "
                                  "0.03 months: nobody is left"});
}

TEST(CheckEmulation, AGroupOfAllIsEasilyMade) {
  OurStudy study;
  study.figures = figure("h_os",
                         "arm: all, endpoint: OS, statistic: landmark_survival, "
                         "at_months: 12, value: 0.5, unit: fraction");
  expect_said(check_ours(study),
              {"is about 'all', which is neither an arm nor a group", "hint: groups: {all: {}}"});
  study.more = "groups: {all: {}}\n";
  EXPECT_EQ(check_ours(study).err, "");
}

TEST(CheckEmulation, WarnsOfWhatTheEvidenceSaysOtherwise) {
  OurStudy study;
  study.of_study = "origin: randomisation, ";
  study.patients = "20";
  study.arms = "  drug: {strategy: gp, received: lrrt}\n";
  study.more = "source: [we_2062]\n";
  const ProcessResult answer = check_ours(study);
  EXPECT_EQ(answer.exit_code, 0);
  expect_said(answer,
              {"warning: time is counted from diagnosis, but the evidence says that the times of "
               "'hospital' are from randomisation",
               "hospital.yaml:5:11: warning: the emulation has 20 patients, and 40 are behind its "
               "figure 'h_os'",
               "hospital.yaml:8:34: warning: the strategy 'gp' never gives 'lrrt': nobody "
               "is in the arm 'drug' for it",
               "hospital.yaml:9:10: warning: the evidence has no source 'we_2062'",
               "hint: did you mean 'we_2026'?"});
  study = {};
  study.figures = figure("h_hr",
                         "contrast: {of: radiation, against: drug}, endpoint: OS, "
                         "statistic: hazard_ratio, value: 0.5, unit: ratio");
  study.arms = "  drug: {strategy: gp}\n  radiation: {strategy: gp_lrrt}\n";
  study.patients = "45";
  expect_said(check_ours(study),
              {"warning: the figure 'h_hr' compares treatments of a retrospective study, and the "
               "emulation randomises its patients",
               "warning: the emulation has 45 patients, and the evidence says that the study had "
               "200"});
}

}  // namespace
}  // namespace npcsim::testing

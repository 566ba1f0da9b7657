#include "small_evidence.hpp"
#include <npcsim/evidence/evidence_document.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(EvidenceDocument, SaysNothingAboutADocumentThatIsRight) {
  EXPECT_EQ(complaints(right_document()), "");
}

TEST(EvidenceDocument, FillsAFigure) {
  const Evidence evidence = evidence_of(right_document());
  const Target* target = find(evidence.targets, "pfs_hr");
  ASSERT_NE(target, nullptr);
  EXPECT_EQ(target->statistic, Statistic::hazard_ratio);
  EXPECT_TRUE(target->has_contrast);
  EXPECT_EQ(target->contrast.of.text, "new");
  EXPECT_EQ(target->contrast.against.text, "old");
  EXPECT_EQ(target->value, 0.5);
  EXPECT_EQ(target->interval.low, 0.25);
  EXPECT_EQ(target->interval.high, 1.0);
  EXPECT_EQ(target->n, 100);
  EXPECT_EQ(target->kind, EvidenceKind::randomised);
  EXPECT_FALSE(is_printed(target->at_months));
  EXPECT_FALSE(target->confounded);
}

TEST(EvidenceDocument, FillsWhatIsNoFigure) {
  const Evidence evidence = evidence_of(right_document());
  EXPECT_EQ(find(evidence.studies, "trial_1")->patients, 100);
  EXPECT_EQ(find(evidence.populations, "everybody")->eligible.find("setting")->text(), "de_novo");
  EXPECT_EQ(find(evidence.tables, "sexes")->levels[1].second, (std::vector<double>{10, 9}));
  EXPECT_EQ(find(evidence.trials, "running")->arms[0].second.drugs[0].text, "gp");
  EXPECT_EQ(find(evidence.algorithms, "guideline")->steps[1].then[0].action, "lrrt");
  EXPECT_EQ(find(evidence.targets, "nothing"), nullptr);
  EXPECT_EQ(find(evidence.findings, "said")->numbers, (std::vector<double>{66, 70}));
  EXPECT_EQ(find(evidence.tables, "sexes")->compared[0].against.text, "old");
  EXPECT_EQ(*find(evidence.documents, "small"), "One trial");
}

TEST(EvidenceDocument, AddsSeveralDocumentsToOneBody) {
  const std::string second =
      "evidence: more\ntitle: More\nstudies:\n  trial_2: {title: T, design: registry, disease: "
      "npc, "
      "source: [roe_2021]}\nsources:\n  roe_2021: Roe R. 2021\n";
  EXPECT_EQ(complaints(right_document(), second), "");
}

TEST(EvidenceDocument, UnknownWordIsShownWithPlaceCaretAndHint) {
  EXPECT_EQ(complaints(changed(right_document(), "statistic: landmark_survival",
                               "statistic: landmark_survivl")),
            "facts.yaml:16:57: error: unknown statistic 'landmark_survivl'\n"
            "   16 |     {study: trial_1, arm: new, endpoint: OS, statistic: landmark_survivl, "
            "at_months: 24,\n"
            "      |                                                         ^~~~~~~~~~~~~~~~\n"
            "   in targets > os_24m\n"
            "   hint: did you mean 'landmark_survival'?\n"
            "1 error, nothing was run\n");
}

TEST(EvidenceDocument, MistakesOfFormAreReported) {
  struct Case {
    const char* from;
    const char* to;
    const char* expected;
  };
  const Case cases[] = {
      {"place: Table 1}\n  os_24m:", "palce: Table 1}\n  os_24m:", "unknown key 'palce'"},
      {"disease: dmnpc", "disease: dmnp", "unknown disease 'dmnp'"},
      {"interval: [0.25, 1.0]", "interval: 0.25", "'interval' must be two numbers"},
      {"interval: [0.25, 1.0]", "interval: [1.0, 0.25]", "'interval' must go from low to high"},
      {"interval: [0.25, 1.0]", "interval: [low, 1.0]", "'interval' must be a number"},
      {"n: 50", "n: 0", "'n' must be at least 1, found 0"},
      {"n: 50", "n: 50.5", "'n' must be a whole number"},
      {"value: 0.6", "value: -0.6", "'value' must be at least 0"},
      {"level: 0.95", "level: 95 %, note: x", "unknown key 'note'"},
      {"level: 0.95", "level: 95", "'level' must be"},
      {"eligible: {setting: de_novo}", "eligible: de_novo", "'eligible' must be a condition"},
      {"unit: ratio", "unit: ratios", "unknown unit 'ratios'"},
      {"do: chemo", "do: pray", "unknown do 'pray'"},
      {",\n     source: [doe_2020]}", "}", "missing key 'source'"},
      {"levels: {men: [40, 41], women: [10, 9]}", "levels: [40, 41]", "'levels' must be a map"},
      {"men: [40, 41]", "men: 40", "expected a list of numbers"},
      {"title: One trial\n", "", "missing key 'title'"},
  };
  for (const Case& one : cases) {
    const std::string text = complaints(changed(right_document(), one.from, one.to));
    EXPECT_NE(text.find(one.expected), std::string::npos) << one.to << "\n" << text;
  }
}

TEST(EvidenceDocument, ListInsteadOfADocumentIsRefused) {
  EXPECT_NE(complaints("- 1\n- 2\n").find("an evidence document must be a map of keys"),
            std::string::npos);
}

TEST(EvidenceDocument, EveryKeyIsDescribed) {
  const auto rows = evidence_keys();
  const auto has = [&rows](const std::string& path) {
    return std::any_of(rows.begin(), rows.end(),
                       [&path](const KeyDescription& row) { return row.path == path; });
  };
  for (const char* path :
       {"evidence", "targets.<name>.statistic", "targets.<name>.contrast.of",
        "targets.<name>.interval", "studies.<name>.design", "tables.<name>.levels",
        "tables.<name>.compared[].p", "findings.<name>.numbers", "systems.<name>.classes[].flag",
        "trials.<name>.arms.<name>.drugs", "algorithms.<name>.steps[].then[].do",
        "algorithms.<name>.strategies", "treatments.<name>.by_study.<name>.strategies",
        "exclusions.targets[].reason", "effective_n.<name>.of", "sources"}) {
    EXPECT_TRUE(has(path)) << path;
  }
  for (const KeyDescription& row : rows) EXPECT_FALSE(row.help.empty()) << row.path;
}

}  // namespace
}  // namespace npcsim::testing

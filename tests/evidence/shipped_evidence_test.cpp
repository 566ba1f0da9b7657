// The evidence that npcsim brings along.
#include "shipped_evidence.hpp"

#include "model_and_strategies.hpp"
#include <npcsim/evidence/effective_n.hpp>
#include <npcsim/evidence/fisher_exact.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(ShippedEvidence, EveryDocumentLoadsWithoutAMistake) {
  Diagnostics diagnostics;
  const Evidence evidence = shipped_evidence(diagnostics);
  EXPECT_TRUE(diagnostics.items().empty()) << diagnostics.text("");
  EXPECT_FALSE(evidence.targets.empty());
}

TEST(ShippedEvidence, HoldsEveryPublishedFact) {
  const Evidence& evidence = shipped_evidence();
  EXPECT_EQ(evidence.targets.size(), 315U);
  EXPECT_EQ(evidence.systems.size(), 15U);
  EXPECT_EQ(evidence.trials.size(), 21U);
  std::size_t steps = 0;
  for (const auto& [id, algorithm] : evidence.algorithms) steps += algorithm.steps.size();
  EXPECT_EQ(steps, 32U);
  EXPECT_EQ(evidence.tables.size(), 29U);  // 15 rows of Table 1, 14 of Table 2 of Chen 2024
  std::int64_t phase_2 = 0;
  std::int64_t phase_3 = 0;
  for (const auto& [id, trial] : evidence.trials) {
    if (trial.phase == 2) phase_2 += trial.enrolment;
    if (trial.phase == 3) phase_3 += trial.enrolment;
  }
  EXPECT_EQ(phase_3, 2896);  // Liu 2023, Table 4
  EXPECT_EQ(phase_2, 646);   // Liu 2023, Table 7
}

TEST(ShippedEvidence, FiguresAreThoseOfThePapers) {
  const Evidence& evidence = shipped_evidence();
  const auto value = [&evidence](const char* id) { return find(evidence.targets, id)->value; };
  EXPECT_EQ(value("fujian_all_pfs_median"), 24.9);           // Chen 2024, Results
  EXPECT_EQ(value("fujian_high_risk_lrrt_os_hr"), 2.46);     // Chen 2024, Abstract
  EXPECT_EQ(value("gem20110714_gp_os_60m"), 0.192);          // Liu 2023, Table 3
  EXPECT_EQ(value("rationale_309_gp_pfs2_median"), 13.9);    // Liu 2023, text
  EXPECT_EQ(value("huang_2014_hepatectomy_os_12m"), 0.857);  // Liu 2023, Table 6
  EXPECT_EQ(value("zheng_2020_m1d_os_36m"), 0.067);          // Liu 2023, Table 2
  const Target* hr = find(evidence.targets, "gem20110714_gp_vs_pf_pfs_hr");
  EXPECT_EQ(hr->interval.low, 0.44);
  EXPECT_EQ(hr->interval.high, 0.68);
  EXPECT_EQ(hr->kind, EvidenceKind::randomised);
  EXPECT_FALSE(hr->confounded);
  EXPECT_TRUE(find(evidence.targets, "lin_h_2013_lrrt_os_hr")->confounded);
  EXPECT_TRUE(find(evidence.targets, "you_2020_lrrt_pfs_hr")->derived);
}

TEST(ShippedEvidence, Table1OfTheCohortAddsUpToItsArms) {
  const Evidence& evidence = shipped_evidence();
  const std::map<std::string, double> sizes{{"lrrt", 69},      {"without_lrrt", 21},
                                            {"low_lrrt", 32},  {"low_without_lrrt", 7},
                                            {"high_lrrt", 37}, {"high_without_lrrt", 14}};
  for (const auto& [id, table] : evidence.tables) {
    for (std::size_t g = 0; g < table.groups.size(); ++g) {
      double sum = table.missing.empty() ? 0 : table.missing[g];
      for (const auto& [level, counts] : table.levels) sum += counts[g];
      EXPECT_EQ(sum, sizes.at(table.groups[g].text)) << id.text << " " << table.groups[g].text;
    }
  }
}

TEST(ShippedEvidence, Table2RefinesTable1) {
  const Evidence& evidence = shipped_evidence();
  int compared = 0;
  for (const auto& [id, table] : evidence.tables) {
    const std::string coarse = "by_radiotherapy_";
    if (id.text.compare(0, coarse.size(), coarse) != 0) continue;
    const CountTable* fine =
        find(evidence.tables, "by_risk_and_radiotherapy_" + id.text.substr(coarse.size()));
    if (fine == nullptr) continue;  // ECOG is in Table 1 only
    for (std::size_t l = 0; l < table.levels.size(); ++l) {
      const auto& sum = table.levels[l].second;
      const auto& parts = fine->levels[l].second;
      EXPECT_EQ(sum[0], parts[0] + parts[2]) << id.text;
      EXPECT_EQ(sum[1], parts[1] + parts[3]) << id.text;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 28);
}

// Two-sided Fisher's exact test; Chen 2024, Tables 1 and 2, print three digits.
TEST(ShippedEvidence, PValuesOfTheTablesAreThoseOfTheirCounts) {
  int recomputed = 0;
  int printed = 0;
  int doubted = 0;
  const auto exact = [](const CountTable& table, const std::string& of,
                        const std::string& against) {
    const auto counts = [&](const std::string& group) {
      std::size_t g = 0;
      while (table.groups.at(g).text != group) ++g;
      return TwoCounts{table.levels[0].second[g], table.levels[1].second[g]};
    };
    return fisher_exact(counts(of), counts(against));
  };
  for (const auto& [id, table] : shipped_evidence().tables) {
    ASSERT_EQ(table.levels.size(), 2U) << id.text;
    if (is_printed(table.p_fisher)) {
      const double p = exact(table, "lrrt", "without_lrrt");
      EXPECT_NEAR(table.p_fisher, p, 0.5e-4) << id.text;
      if (is_printed(table.p) && table.doubt.empty()) {
        EXPECT_NEAR(table.p, p, 0.5e-3) << id.text;
      }
      ++recomputed;
    }
    for (const TableComparison& row : table.compared) {
      const double p = exact(table, row.of.text, row.against.text);
      if (row.doubt.empty()) {
        EXPECT_NEAR(row.p, p, 0.5e-3 + 1e-9) << id.text << " " << row.of.text;
      } else {
        EXPECT_GT(std::abs(row.p - p), 0.5e-3) << id.text << ": no doubt is left";
        ++doubted;
      }
      ++printed;
    }
  }
  EXPECT_EQ(recomputed, 15);
  EXPECT_EQ(printed, 28);
  EXPECT_EQ(doubted, 2);  // T stage in the high-risk and bone in the low-risk group
}

// What is printed with a number and is no figure of an endpoint.
TEST(ShippedEvidence, FindingsAreThoseOfThePapers) {
  const Evidence& evidence = shipped_evidence();
  const auto numbers = [&evidence](const char* id) { return find(evidence.findings, id)->numbers; };
  using Numbers = std::vector<double>;
  EXPECT_EQ(evidence.findings.size(), 27U);
  EXPECT_EQ(numbers("fujian_lrrt_dose_gtv"), (Numbers{66, 70.95}));  // Chen 2024, Methods
  EXPECT_EQ(numbers("fujian_bone_dose"), (Numbers{20, 50}));
  EXPECT_EQ(numbers("sun_xs_2020_ebv_dna"), (Numbers{30000}));  // Liu 2023, Other strategies
  EXPECT_EQ(find(evidence.findings, "sun_xs_2020_ebv_dna")->n, 64);
  EXPECT_EQ(numbers("liu_2023_eqd2_of_metastases"), (Numbers{60}));
  EXPECT_EQ(numbers("lin_s_2012_dose_65"), (Numbers{65}));
  EXPECT_EQ(numbers("rusthoven_2017_start_of_radiotherapy"), (Numbers{10, 120}));  // Liao 2019
  EXPECT_EQ(numbers("smnpc_review_delay_of_radiotherapy"), (Numbers{30}));
}

TEST(ShippedEvidence, DiseasesAreThoseOfTheTitles) {
  const Evidence& evidence = shipped_evidence();
  const auto disease = [&evidence](const char* figure) {
    return find(evidence.studies, find(evidence.targets, figure)->study.text)->disease;
  };
  EXPECT_EQ(find(evidence.studies, "smnpc_review")->disease, "dmnpc");
  EXPECT_EQ(disease("hnscc_share_dm_at_diagnosis"), "hnscc");
  EXPECT_EQ(disease("m0_os_60m"), "npc");
}

// The strategies of the cohort treat the liver after induction.
TEST(ShippedEvidence, TreatedLiversOfTheCohortAreThoseThatItsStrategiesTreat) {
  const Tree& later = find(shipped_evidence().populations, "fujian_liver_treated")->later;
  std::set<std::string> asked;
  for (const Tree& one : later.find("any")->items()) asked.insert(one.keys()[0].text);
  const std::set<std::string>& given = given_agents("gp_pd1_some_local");
  for (const std::string& name : asked)
    EXPECT_EQ(given.count(name.substr(std::string("received_").size())), 1U) << name;
  EXPECT_EQ(asked.size(), 2U);
}

TEST(ShippedEvidence, ExclusionsStayWithinFifteenPerCent) {
  const Evidence& evidence = shipped_evidence();
  std::size_t excluded = 0;
  for (const ExcludedGroup& group : evidence.exclusions.targets) excluded += group.ids.size();
  EXPECT_LE(static_cast<double>(excluded), 0.15 * 315);
  EXPECT_LE(evidence.exclusions.most, 0.15);
}

TEST(ShippedEvidence, NoFigureOfAPartHasTheNOfItsStudy) {
  const Evidence& evidence = shipped_evidence();
  for (const auto& [id, target] : evidence.targets) {
    const auto n = effective_n(evidence, target, 1.0);
    const Study* study = find(evidence.studies, target.study.text);
    if (!n || study->patients == 0) continue;
    const bool part =
        !target.risk_class.empty() || id.text.ends_with("_psm") || target.n_basis.text == "matched";
    // A rule takes half at most; what is printed of a part may be more, but not all.
    if (part && target.n_basis.text == "printed") {
      EXPECT_LT(*n, static_cast<double>(study->patients)) << id.text;
    } else if (part) {
      EXPECT_LE(*n, 0.5 * static_cast<double>(study->patients)) << id.text;
    }
    EXPECT_LE(*n, static_cast<double>(study->patients)) << id.text;
  }
}

TEST(ShippedEvidence, EveryFigureOfAReviewSaysSoAndHasAPlace) {
  for (const auto& [id, target] : shipped_evidence().targets) {
    EXPECT_FALSE(target.where.empty()) << id.text;
    if (target.study.text != "fujian_2024") {
      EXPECT_FALSE(target.quoted_in.empty()) << id.text;
    }
  }
}

// Names of attributes that a condition tests.
void collect(const Tree& condition, std::set<std::string>& names) {
  if (condition.is_list()) {
    for (const Tree& item : condition.items()) collect(item, names);
    return;
  }
  if (!condition.is_map()) return;
  for (std::size_t i = 0; i < condition.size(); ++i) {
    const std::string& key = condition.keys()[i].text;
    if (key == "any" || key == "not" || key == "all") {
      collect(condition.items()[i], names);
    } else {
      names.insert(key);
    }
  }
}

TEST(ShippedEvidence, ConditionsAtDiagnosisTestAttributesOfTheModel) {
  const Evidence& evidence = shipped_evidence();
  std::set<std::string> used;
  for (const auto& [id, population] : evidence.populations) collect(population.eligible, used);
  for (const auto& [id, trial] : evidence.trials) collect(trial.eligible, used);
  for (const auto& [id, table] : evidence.tables) {
    for (const Tree& condition : table.conditions.items()) collect(condition, used);
  }
  for (const auto& [id, system] : evidence.systems) {
    collect(system.applies_to, used);
    for (const RiskClass& row : system.classes) collect(row.condition, used);
  }
  EXPECT_GT(used.size(), 20U);
  const std::set<std::string> attributes = attributes_of_the_model();
  for (const std::string& name : used) EXPECT_EQ(attributes.count(name), 1U) << name;
}

TEST(ShippedEvidence, EveryClassThatCanBeToldIsAnAttributeOfTheModel) {
  const std::set<std::string> attributes = attributes_of_the_model();
  int flags = 0;
  for (const auto& [id, system] : shipped_evidence().systems) {
    for (const RiskClass& row : system.classes) {
      EXPECT_EQ(attributes.count(row.flag.text), system.classified ? 1U : 0U) << row.flag.text;
      ++flags;
    }
  }
  EXPECT_EQ(flags, 40);
}

}  // namespace
}  // namespace npcsim::testing

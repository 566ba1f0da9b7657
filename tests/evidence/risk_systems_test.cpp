// The classes of the risk systems: published conditions and the model's flags, patient by patient
// on a grid of patients.
#include "shipped_evidence.hpp"
#include <npcsim/base/quantity_text.hpp>

#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

using Patient = std::map<std::string, double>;

class Conditions {
 public:
  Conditions() : part_(document("configs/models/parts/risk_systems.yaml")) {}

  // Value of an attribute; flags of the part are worked out from their conditions.
  double value(const std::string& name, const Patient& patient) const {
    const auto known = patient.find(name);
    if (known != patient.end()) return known->second;
    const Tree* attribute = part_.find("attributes")->find(name);
    if (attribute == nullptr) {
      ADD_FAILURE() << "the grid has no '" << name << "'";
      return 0;
    }
    if (const Tree* condition = attribute->find("condition"))
      return holds(*condition, patient) ? 1 : 0;
    if (const Tree* constant = attribute->find("constant")) return number(constant->text());
    const Tree* linear = attribute->find("linear");
    double sum = number(linear->find("intercept")->text());
    const Tree* terms = linear->find("terms");
    for (std::size_t i = 0; i < terms->size(); ++i)
      sum += number(terms->items()[i].text()) * value(terms->keys()[i].text, patient);
    return sum;
  }

  bool holds(const Tree& condition, const Patient& patient) const {
    for (std::size_t i = 0; i < condition.size(); ++i) {
      const std::string& key = condition.keys()[i].text;
      const Tree& test = condition.items()[i];
      bool ok = true;
      if (key == "any") {
        ok = false;
        for (const Tree& item : test.items()) ok = ok || holds(item, patient);
      } else if (key == "not") {
        ok = !holds(test, patient);
      } else if (test.is_map()) {
        ok = within(test, value(key, patient));
      } else {
        ok = (value(key, patient) != 0) == (test.text() == "true");
      }
      if (!ok) return false;
    }
    return true;
  }

 private:
  double number(const std::string& text) const {
    if (text.front() != '$') return parse_number(text).value();
    return parse_number(part_.find("parameters")->find(text.substr(1))->find("value")->text())
        .value();
  }
  bool within(const Tree& limits, double x) const {
    for (std::size_t i = 0; i < limits.size(); ++i) {
      const std::string& word = limits.keys()[i].text;
      const double limit = number(limits.items()[i].text());
      if (word == "min" && !(x >= limit)) return false;
      if (word == "max" && !(x <= limit)) return false;
      if (word == "above" && !(x > limit)) return false;
      if (word == "below" && !(x < limit)) return false;
      if (word == "equals" && x != limit) return false;
    }
    return true;
  }

  Tree part_;
};

double flag(bool holds) { return holds ? 1 : 0; }

// Patients with 0 to 3 liver, 0 to 6 bone and 0 to 6 lung lesions, and EBV DNA at and around the
// cuts.
std::vector<Patient> grid() {
  std::vector<Patient> out;
  const double around[] = {20, 2500, 2501, 24999, 25000, 25001, 61999, 62000, 62001, 200000};
  for (int liver = 0; liver <= 3; ++liver) {
    for (int bone = 0; bone <= 6; ++bone) {
      for (int lung = 0; lung <= 6; ++lung) {
        if (liver + bone + lung == 0) continue;
        for (const double ebv : around) {
          for (int drawn = 0; drawn < 16; ++drawn) {
            const int organs = (liver > 0) + (bone > 0) + (lung > 0);
            if ((drawn & 1) != 0 && bone == 0) continue;  // spine only with bone
            out.push_back({{"lesion_count", liver + bone + lung},
                           {"lesions_liver", liver},
                           {"lesions_bone", bone},
                           {"organ_count", organs},
                           {"liver", flag(liver > 0)},
                           {"bone", flag(bone > 0)},
                           {"multi_organ", flag(organs > 1)},
                           {"bone_only", flag(bone > 0 && organs == 1)},
                           {"liver_and_bone", flag(liver > 0 && bone > 0)},
                           {"log10_ebv_dna", std::log10(ebv)},
                           {"ebv_high", flag(ebv >= 66600)},
                           {"spine", flag((drawn & 1) != 0)},
                           {"pet_score_high", flag((drawn & 2) != 0)},
                           {"ebv_clearance", flag((drawn & 4) != 0)},
                           {"age50", flag((drawn & 8) != 0)}});
          }
        }
      }
    }
  }
  return out;
}

TEST(RiskSystems, EveryPatientOfASystemIsInExactlyOneClass) {
  const Conditions conditions;
  for (const auto& [id, system] : shipped_evidence().systems) {
    if (!system.classified) continue;
    std::size_t wrong = 0;
    std::vector<std::size_t> members(system.classes.size());
    for (const Patient& patient : grid()) {
      if (!system.applies_to.is_null() && !conditions.holds(system.applies_to, patient)) continue;
      std::size_t classes = 0;
      for (std::size_t k = 0; k < system.classes.size(); ++k) {
        if (!conditions.holds(system.classes[k].condition, patient)) continue;
        ++classes;
        ++members[k];
      }
      if (classes != 1) ++wrong;
    }
    EXPECT_EQ(wrong, 0U) << id.text;
    for (std::size_t k = 0; k < members.size(); ++k)
      EXPECT_GT(members[k], 0U) << system.classes[k].flag.text;
  }
}

TEST(RiskSystems, FlagsOfTheModelAreThePublishedConditions) {
  const Conditions conditions;
  for (const auto& [id, system] : shipped_evidence().systems) {
    if (!system.classified) continue;
    for (const RiskClass& row : system.classes) {
      std::size_t wrong = 0;
      for (const Patient& patient : grid()) {
        const bool published = conditions.holds(row.condition, patient);
        if (published != (conditions.value(row.flag.text, patient) != 0)) ++wrong;
      }
      EXPECT_EQ(wrong, 0U) << row.flag.text;
    }
  }
}

// Half a unit of the last digit of a number as it is written.
double rounding(const std::string& text) {
  const auto point = text.find('.');
  const auto digits = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
  return 0.5 * std::pow(10.0, -digits);
}

// The text of a value of a parameter of the part.
std::string written(const std::string& parameter) {
  static const Tree part = document("configs/models/parts/risk_systems.yaml");
  return part.find("parameters")->find(parameter)->find("value")->text();
}

// Every limit of EBV DNA in a condition, and in conditions within it, as it is written.
void add_cut_offs(const Tree& tree, std::set<std::string>& out) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Tree& item = tree.items()[i];
    if (!tree.is_map() || tree.keys()[i].text != "log10_ebv_dna") {
      add_cut_offs(item, out);
      continue;
    }
    for (const Tree& limit : item.items()) {
      const std::string& text = limit.text();
      out.insert(text.front() == '$' ? written(text.substr(1)) : text);
    }
  }
}

// Copies/mL of each system that asks for EBV DNA, as quoted or, of Zheng and Qiu, as assumed.
TEST(RiskSystems, CutOffsAreTheLogarithmsOfThePublishedCopies) {
  const std::map<std::string, double> copies{{"zheng_2020", 25000},
                                             {"yang_2021", 25000},
                                             {"chan_2022_ebv_set2", 2500},
                                             {"qiu_2022", 25000},
                                             {"yao_2023", 62000}};
  std::size_t systems = 0;
  for (const auto& [id, system] : shipped_evidence().systems) {
    std::set<std::string> cut_offs;
    for (const RiskClass& row : system.classes) add_cut_offs(row.condition, cut_offs);
    if (cut_offs.empty()) continue;
    ++systems;
    ASSERT_EQ(copies.count(id.text), 1U) << id.text;
    EXPECT_EQ(cut_offs.size(), 1U) << id.text;
    const std::string& text = *cut_offs.begin();
    EXPECT_GE(text.size(), 7U) << text;  // five decimals: copies to five digits
    EXPECT_NEAR(parse_number(text).value(), std::log10(copies.at(id.text)), rounding(text))
        << id.text;
  }
  EXPECT_EQ(systems, copies.size());
}

TEST(RiskSystems, MeanScoreOfTheNomogramFollowsFromThePointsAndTable1) {
  const Conditions conditions;
  // Table 1 of Chen 2024: 44, 33, 42 of 90; cycles enter with 35 and 54 of 90.
  const Patient mean{{"age50", 44.0 / 90}, {"ebv_high", 33.0 / 90}, {"multi_organ", 42.0 / 90}};
  const std::string cut = written("fujian_mean_score");
  EXPECT_EQ(rounding(cut), 0.5);  // whole points
  EXPECT_NEAR(conditions.value("fujian_score", mean), parse_number(cut).value(), rounding(cut));
}

}  // namespace
}  // namespace npcsim::testing

// Published facts: studies, populations, targets, findings, tables, risk systems, running trials,
// decision algorithms, and what calibration leaves out.
//
// Facts may stand in several documents; `read_evidence` adds each to one Evidence, and names refer
// across documents. Numbers that a paper does not print are NaN (or 0 for counts of patients).
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/base/tree.hpp>
#include <npcsim/evidence/evidence_words.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

inline constexpr double not_printed = std::numeric_limits<double>::quiet_NaN();
inline bool is_printed(double value) { return !std::isnan(value); }

struct Study {
  std::string title;
  std::string design;             ///< randomised, single_arm, retrospective, registry or review
  std::string disease;            ///< dmnpc, rm_npc, mm_npc, la_npc, npc, hnscc, mixed_solid
  std::string origin;             ///< time zero: diagnosis, randomisation; empty if not stated
  std::int64_t patients = 0;      ///< of the whole study; 0 if not printed
  bool patients_written = false;  ///< readable or not
  bool patients_derived = false;  ///< follows from printed shares
  std::vector<Name> source;       ///< citation keys
};

/// Whom a figure is about.
struct StudyPopulation {
  std::string words;
  Tree eligible;  ///< condition on attributes at diagnosis; null if none
  Tree later;     ///< condition on what is known later, in the grammar of strategies
  Name preset;    ///< population document that it is drawn from; may be empty
};

/// Two numbers, low and high; NaN if not printed.
struct Bounds {
  double low = not_printed;
  double high = not_printed;
  SourcePlace place;

  /// Written, but not readable; that has been reported.
  bool unreadable() const { return place.line > 0 && !is_printed(low); }
};

/// Two arms, the first compared with the second.
struct ComparedArms {
  Name of;
  Name against;
};

/// One published figure.
struct Target {
  Name study;
  Name arm;               ///< either an arm
  ComparedArms contrast;  ///< or a contrast of two
  bool has_contrast = false;
  std::string endpoint;
  std::string statistic_word;
  Statistic statistic = Statistic::median;
  double at_months = not_printed;
  double value = not_printed;
  Bounds range;     ///< the value is printed as a range
  Bounds extremes;  ///< least and greatest observation
  std::string reading_word = "exact";
  Reading reading = Reading::exact;
  Bounds interval;
  double level = not_printed;  ///< of the interval
  // Written, readable or not: what is unreadable has been reported and is not missing, too.
  bool value_written = false;
  bool level_written = false;
  bool at_written = false;
  bool n_written = false;
  double p = not_printed;
  std::string p_is = "exact";  ///< exact, below, above
  std::string unit;
  std::int64_t n = 0;  ///< patients behind this value; never those of the whole study for a part
  bool n_derived = false;   ///< n follows from printed shares
  std::int64_t cohort = 0;  ///< patients of its cohort, where the study has several; else 0
  Name n_basis;             ///< rule for the effective n
  std::string kind_word;
  EvidenceKind kind = EvidenceKind::review;
  bool confounded = false;  ///< treatment was chosen, not assigned
  bool derived = false;     ///< computed from printed numbers
  Name conflicts_with;      ///< another figure for the same quantity
  Name versus;              ///< the figure that it is printed beside
  Name risk_class;          ///< flag of the class of a risk system
  Name population;
  Name quoted_in;     ///< the review it was taken from; empty: from the paper itself
  std::string where;  ///< table, figure or section
  std::string doubt;  ///< what is wrong with it; may be empty
};

/// A printed result with a number that is no figure of an endpoint: a dose, a time window, a
/// threshold, a size behind a statement. It is shown and never fitted.
struct Finding {
  Name study;
  std::string words;            ///< what is said
  std::vector<double> numbers;  ///< as printed, in the order of the words
  std::string unit;             ///< of the numbers: Gy, days, months, ...
  std::int64_t n = 0;           ///< patients behind it; 0 if not printed
  Name quoted_in;               ///< the review it was taken from; empty: from the paper itself
  std::string where;            ///< table, figure or section
  std::string doubt;
};

/// A printed P value of two groups of a table, Fisher's exact test unless a doubt says otherwise.
struct TableComparison {
  Name of;
  Name against;
  double p = not_printed;
  std::string doubt;  ///< what is wrong with this very value
};

/// A table of counts: rows are levels, columns groups.
struct CountTable {
  Name study;
  std::string where;
  std::vector<Name> groups;
  std::vector<std::pair<std::string, std::vector<double>>> levels;
  std::vector<double> missing;  ///< per group; empty if none
  Tree conditions;              ///< condition of each level, null if the model has no attribute
  double p = not_printed;       ///< as printed
  double p_fisher = not_printed;
  std::vector<TableComparison> compared;  ///< P values of two of several groups
  std::string doubt;
};

struct RiskClass {
  Name flag;
  std::string label;
  std::string words;
  Tree condition;  ///< null if patients cannot be classified
};

struct RiskSystem {
  std::string title;
  std::int64_t patients = 0;
  std::vector<Name> source;
  Tree applies_to;            ///< condition; null: everybody
  bool classified = true;     ///< whether patients can be classified at all
  std::vector<Name> assumed;  ///< parameters that the papers do not give
  std::vector<RiskClass> classes;
  std::string doubt;
};

struct TrialArm {
  std::vector<Name> drugs;
  std::vector<Name> optional;
  std::vector<Name> radiotherapy;  ///< locoregional, metastases, sbrt_of_metastases, unspecified
  std::vector<Name> maintenance;
  std::vector<Name> strategies;  ///< that stand for the arm
};

/// A trial that had not read out.
struct RunningTrial {
  Name registry;
  std::int64_t phase = 0;
  std::int64_t enrolment = 0;
  Tree eligible;
  std::vector<std::pair<Name, TrialArm>> arms;
  Name quoted_in;
  std::string where;
  std::string doubt;
};

struct DecisionAction {
  std::string action;
  std::vector<Name> with;
  std::vector<Name> to;
  std::vector<Name> how;
  Tree cycles;
  Bounds dose_gy;
  std::string timing;
  std::string intent;
  std::string concurrent_chemotherapy;
  std::string strength;
  bool optional = false;
};

struct DecisionStep {
  std::string branch;
  std::int64_t order = 0;
  std::string at;     ///< start or progression
  Tree when;          ///< condition; null: always
  std::string words;  ///< what the condition cannot say
  std::vector<DecisionAction> then;
  std::vector<DecisionAction> alternative;
  std::string grade;
  std::string strength;
};

struct DecisionAlgorithm {
  std::string title;
  std::vector<Name> source;
  Name quoted_in;
  std::string where;
  std::string doubt;
  std::vector<Name> strategies;  ///< that follow it; several where it leaves a choice
  std::vector<DecisionStep> steps;
};

struct ExcludedGroup {
  std::string reason;
  std::vector<Name> ids;
};

struct ReplacedTarget {
  Name id;
  Name by;
  std::string reason;
};

/// What calibration leaves out; fixed before any fit.
struct Exclusions {
  double most = 0.15;  ///< greatest share of the targets
  std::vector<ExcludedGroup> targets;
  std::vector<ReplacedTarget> replaced;
};

/// What stands for the arm of one study, in place of what stands for its word elsewhere.
struct ArmOfStudy {
  std::vector<Name> strategies;
};

/// What stands for a word that arms of studies, running trials and decisions use. One of
/// strategies, agents and reason at least.
struct Treatment {
  std::vector<Name> strategies;                       ///< for the arm of a study
  std::vector<std::pair<Name, ArmOfStudy>> by_study;  ///< the same, by study
  std::vector<Name> agents;  ///< for a drug or an action: agents or regimens, any of them
  std::string reason;        ///< why nothing stands for it
};

/// How many patients stand behind a figure that prints no number.
struct EffectiveNRule {
  std::string of;  ///< printed, interval, study, class, nothing
  double factor = 0;
  std::string reason;
};

template <class T>
using ById = std::vector<std::pair<Name, T>>;

struct Evidence {
  ById<std::string> documents;  ///< name, title
  ById<std::string> sources;    ///< citation key, full reference
  ById<Study> studies;
  ById<StudyPopulation> populations;
  ById<Target> targets;
  ById<Finding> findings;
  ById<CountTable> tables;
  ById<RiskSystem> systems;
  ById<RunningTrial> trials;
  ById<DecisionAlgorithm> algorithms;
  ById<Treatment> treatments;
  Exclusions exclusions;
  bool has_exclusions = false;
  SourcePlace exclusions_place;
  ById<EffectiveNRule> effective_n;
};

/// The entry with this id, or nullptr.
template <class T>
const T* find(const ById<T>& entries, std::string_view id) {
  for (const auto& [name, entry] : entries) {
    if (name.text == id) return &entry;
  }
  return nullptr;
}

}  // namespace npcsim

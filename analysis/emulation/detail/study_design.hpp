// An emulation after its names have been found in the pool: arms, choices, groups.
#pragma once

#include <npcsim/emulation/detail/record_condition.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::detail {

struct ArmDesign {
  std::string name;
  std::size_t strategy = 0;
  double share = 1;                        ///< of randomised patients; they sum to 1
  std::vector<RecordVariable> received;    ///< flags, one of which must hold; empty: no matter
  std::vector<RecordVariable> first_dose;  ///< months since diagnosis, of each of them
  bool treated = false;                    ///< its effect may be biased

  bool is_received(const Twins& twins, const OutcomeShape& shape, std::uint32_t patient) const;
  /// Months from diagnosis to the first of them.
  double first_received(const Twins& twins, const OutcomeShape& shape, std::uint32_t patient) const;
};

struct ChoiceDesign {
  std::size_t arm = 0;
  Value intercept;
  struct Term {
    RecordVariable variable;
    bool unmeasured = false;  ///< a frailty: matching cannot balance it
    Value coef;
  };
  std::vector<Term> terms;
};

struct GroupDesign {
  std::string name;
  std::vector<bool> arms;
  RecordCondition when;

  bool of_all_arms() const { return std::find(arms.begin(), arms.end(), false) == arms.end(); }
};

struct StudyDesign {
  EmulationDoc doc;
  PatientPool* pool = nullptr;
  std::vector<ArmDesign> arms;
  std::vector<ChoiceDesign> choices;
  std::vector<GroupDesign> groups;  ///< those of the document, then one an arm
  RecordCondition enters;
  std::int32_t os = -1, pfs = -1;  ///< endpoints that say who is there at the origin, -1: none
  std::int8_t documented = 0;      ///< code of documented progression in `pfs`
  RecordVariable second_line;      ///< flag, for the origin `progression`
  double seen_days = 0;            ///< from the origin to the horizon; the most that it can be

  /// Whether anybody is followed for so long after the origin.
  bool is_followed(double days) const;
  /// The longest follow-up from the origin.
  double longest_days() const { return std::min(doc.follow_most_days, seen_days); }

  std::int32_t find_group(std::string_view name) const;
  std::int32_t find_arm(std::string_view name) const;
};

/// "24 months", for messages.
std::string in_months(double days);

/// Problems go to `diagnostics`; the design is usable only if there are none.
StudyDesign design_study(EmulationDoc doc, PatientPool& pool, Diagnostics& diagnostics);

/// Reports arms that the document mentions and does not have, which design_study() does, too: for a
/// document whose patients cannot be compiled.
void check_arm_names(const EmulationDoc& doc, Diagnostics& diagnostics);

/// Twins of each arm: usually the same object for all.
using ArmTwins = std::vector<const Twins*>;

/// When the clock of the figures starts for a patient in an arm, days since diagnosis; NaN if this
/// patient is not in the study under the arm (dead or progressed before, not received, did not
/// enter).
double origin_days(const StudyDesign& design, const ArmTwins& twins, std::size_t arm,
                   std::uint32_t patient);

/// From when the model counts an endpoint, in the words of its document, where that does not go
/// with the origin of the study: "progression"; empty if it does. Times are known since the
/// endpoint's own origin only.
std::string other_clock(const StudyDesign& design, std::int32_t endpoint);

/// A time since the origin and what happened then.
struct EndpointTime {
  double days = 0;
  std::int8_t code = 0;  ///< 0: nothing up to the horizon; below 0: not in the endpoint's set
};
EndpointTime endpoint_time(const StudyDesign& design, const ArmTwins& twins, std::size_t arm,
                           std::uint32_t patient, std::size_t endpoint, double origin);

/// Whether an event code is one that a figure counts: of the cause, or any if that is 0.
inline bool counts(std::int8_t code, std::int8_t cause) {
  return cause > 0 ? code == cause : code > 0;
}

}  // namespace npcsim::detail

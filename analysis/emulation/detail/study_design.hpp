// An emulation after its names have been found in the pool: arms, choices, groups.
#pragma once

#include <npcsim/emulation/detail/record_condition.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim::detail {

struct ArmDesign {
  std::string name;
  std::size_t strategy = 0;
  double share = 1;  ///< of randomised patients; they sum to 1
  bool needs_receipt = false;
  RecordVariable received;    ///< flag, if receipt is needed
  RecordVariable first_dose;  ///< months since diagnosis, if receipt is needed
  bool treated = false;       ///< its effect may be biased
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

  std::int32_t find_group(std::string_view name) const;
  std::int32_t find_arm(std::string_view name) const;
};

/// Problems go to `diagnostics`; the design is usable only if there are none.
StudyDesign design_study(EmulationDoc doc, PatientPool& pool, Diagnostics& diagnostics);

/// Twins of each arm: usually the same object for all.
using ArmTwins = std::vector<const Twins*>;

/// When the clock of the figures starts for a patient in an arm, days since diagnosis; NaN if this
/// patient is not in the study under the arm (dead or progressed before, not received, did not
/// enter).
double origin_days(const StudyDesign& design, const ArmTwins& twins, std::size_t arm,
                   std::uint32_t patient);

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

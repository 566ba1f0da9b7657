// What is kept of simulated lives: one block of patients, columns, plain integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

/// Event code of an endpoint. Positive codes are causes, counted from 1 in the order of
/// OutcomeShape.
inline constexpr std::int8_t outcome_censored = 0;
/// The endpoint's origin never happened: this patient does not belong to the endpoint's set.
inline constexpr std::int8_t outcome_not_in_set = -1;
/// A measure that does not apply to this patient.
inline constexpr std::int32_t measure_missing = INT32_MIN;

/// How a measure is read by people.
enum class MeasureKind : std::uint8_t {
  flag,      ///< 0 or 1; reported as a share
  count,     ///< whole number; reported as a mean
  duration,  ///< ticks of 1/32 day; reported as a mean in months
  portion,   ///< millionths; reported as a mean share
};

struct EndpointShape {
  std::string name;                 ///< "PFS"
  std::string title;                ///< for people
  std::vector<std::string> causes;  ///< what an event can be; code = index + 1
};

struct MeasureShape {
  std::string name;   ///< lower_snake_case, e.g. "cycles_pd1"
  std::string title;  ///< for people
  MeasureKind kind = MeasureKind::count;
};

struct SubgroupShape {
  std::string name;                 ///< "liver"
  std::vector<std::string> levels;  ///< "no", "yes"
};

/// What the columns of a block mean; the same for all blocks of a run.
struct OutcomeShape {
  std::vector<std::string> strategies;
  std::int32_t reference = -1;  ///< index of the reference strategy, -1: no contrasts
  std::vector<EndpointShape> endpoints;
  std::vector<MeasureShape> measures;
  std::vector<SubgroupShape> subgroups;
  std::int32_t horizon_ticks = 0;            ///< follow-up of every patient
  std::vector<std::int32_t> landmark_ticks;  ///< increasing, each <= horizon_ticks
};

/// Outcomes of the patients [first_patient, first_patient + count). Columns, patient fastest.
struct OutcomeBlock {
  std::uint32_t first_patient = 0;
  std::uint32_t count = 0;
  std::vector<std::int32_t> ticks;  ///< [strategy][endpoint][patient], time of event or censoring
  std::vector<std::int8_t> events;  ///< [strategy][endpoint][patient], code
  std::vector<std::int32_t> measures;  ///< [strategy][measure][patient]
  std::vector<std::uint8_t> levels;    ///< [subgroup][patient], index of the level
  std::vector<double> attributes;      ///< [kept column][patient]; empty unless columns are kept

  /// Sizes all columns for `patients` patients.
  void resize(const OutcomeShape& shape, std::uint32_t first, std::uint32_t patients) {
    first_patient = first;
    count = patients;
    const std::size_t n = patients;
    ticks.resize(shape.strategies.size() * shape.endpoints.size() * n);
    events.resize(ticks.size());
    measures.resize(shape.strategies.size() * shape.measures.size() * n);
    levels.resize(shape.subgroups.size() * n);
  }
  std::size_t endpoint_column(const OutcomeShape& shape, std::size_t strategy,
                              std::size_t endpoint) const {
    return (strategy * shape.endpoints.size() + endpoint) * count;
  }
  std::size_t measure_column(const OutcomeShape& shape, std::size_t strategy,
                             std::size_t measure) const {
    return (strategy * shape.measures.size() + measure) * count;
  }
};

}  // namespace npcsim

// Closed lists of words that evidence documents use.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace npcsim {

/// What a published number is.
enum class Statistic : std::uint8_t {
  median,             ///< median time, months
  landmark_survival,  ///< share without the event at `at_months`
  hazard_ratio,       ///< `of` / `against`
  difference,         ///< `of` - `against`
  share,              ///< part of a population
  response_rate,      ///< CR, PR, SD, PD or ORR
  toxicity_rate,      ///< share with the toxicity
  crude_rate,         ///< share to which no time is attached
  incidence_rate,     ///< per 100,000 and year
  count,              ///< persons
  p_value,            ///< a test without an effect
  c_index,            ///< concordance
  auc                 ///< area under the curve at `at_months`
};

/// Where a number comes from; decides how far it can be trusted.
enum class EvidenceKind : std::uint8_t {
  randomised,
  single_arm,
  retrospective,
  registry,
  cohort_description,
  review
};

/// How a printed value is to be read.
enum class Reading : std::uint8_t {
  exact,
  about,
  more_than,
  at_least,
  less_than,
  at_most,
  range,
  not_reached
};

std::string_view word(Statistic statistic);
std::string_view word(EvidenceKind kind);
std::string_view word(Reading reading);

std::optional<Statistic> statistic_of(std::string_view text);
std::optional<EvidenceKind> evidence_kind_of(std::string_view text);
std::optional<Reading> reading_of(std::string_view text);

/// "a|b|c", as binders take it.
std::string_view statistic_choices();
std::string_view evidence_kind_choices();
std::string_view reading_choices();

}  // namespace npcsim

#include <npcsim/evidence/evidence_words.hpp>

#include <cstddef>

namespace npcsim {
namespace {

constexpr std::string_view kStatistics =
    "median|landmark_survival|hazard_ratio|difference|share|response_rate|toxicity_rate|crude_rate|"
    "incidence_rate|count|p_value|c_index|auc";
constexpr std::string_view kKinds =
    "randomised|single_arm|retrospective|registry|cohort_description|review";
constexpr std::string_view kReadings =
    "exact|about|more_than|at_least|less_than|at_most|range|not_reached";

// The entry of "a|b|c" with this number; empty past the end.
std::string_view entry(std::string_view list, std::size_t index) {
  for (; index > 0; --index) {
    const auto bar = list.find('|');
    if (bar == std::string_view::npos) return {};
    list.remove_prefix(bar + 1);
  }
  return list.substr(0, list.find('|'));
}

template <class Enum>
std::optional<Enum> number_of(std::string_view list, std::string_view text) {
  for (std::size_t i = 0;; ++i) {
    const std::string_view known = entry(list, i);
    if (known.empty()) return std::nullopt;
    if (known == text) return static_cast<Enum>(i);
  }
}

}  // namespace

std::string_view word(Statistic statistic) {
  return entry(kStatistics, static_cast<std::size_t>(statistic));
}
std::string_view word(EvidenceKind kind) { return entry(kKinds, static_cast<std::size_t>(kind)); }
std::string_view word(Reading reading) {
  return entry(kReadings, static_cast<std::size_t>(reading));
}

std::optional<Statistic> statistic_of(std::string_view text) {
  return number_of<Statistic>(kStatistics, text);
}
std::optional<EvidenceKind> evidence_kind_of(std::string_view text) {
  return number_of<EvidenceKind>(kKinds, text);
}
std::optional<Reading> reading_of(std::string_view text) {
  return number_of<Reading>(kReadings, text);
}

std::string_view statistic_choices() { return kStatistics; }
std::string_view evidence_kind_choices() { return kKinds; }
std::string_view reading_choices() { return kReadings; }

}  // namespace npcsim

#include <npcsim/base/special_functions.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <cmath>

namespace npcsim {

std::optional<std::string> left_out(const Evidence& evidence, std::string_view target) {
  for (const ExcludedGroup& group : evidence.exclusions.targets) {
    for (const Name& id : group.ids) {
      if (id.text == target) return group.reason;
    }
  }
  for (const ReplacedTarget& row : evidence.exclusions.replaced) {
    if (row.id.text == target) return "replaced by " + row.by.text + ": " + row.reason;
  }
  return std::nullopt;
}

std::optional<double> effective_n(const Evidence& evidence, const Target& target,
                                  double class_share) {
  const EffectiveNRule* rule = find(evidence.effective_n, target.n_basis.text);
  const Study* study = find(evidence.studies, target.study.text);
  if (rule == nullptr) return std::nullopt;
  double patients = 0;
  if (rule->of == "printed") patients = static_cast<double>(target.n);
  const std::int64_t whole = target.cohort > 0  ? target.cohort
                             : study != nullptr ? study->patients
                                                : 0;
  if (rule->of == "study") patients = static_cast<double>(whole);
  if (rule->of == "class") patients = static_cast<double>(whole) * class_share;
  const double n = patients * rule->factor;
  return n > 0 ? std::optional<double>(n) : std::nullopt;
}

std::optional<double> standard_error_of_interval(const Target& target) {
  if (!is_printed(target.interval.low) || !is_printed(target.level)) return std::nullopt;
  const double z = portable::normal_quantile(0.5 * (1 + target.level));
  double low = target.interval.low;
  double high = target.interval.high;
  if (target.unit == "ratio") {
    if (!(low > 0)) return std::nullopt;
    low = std::log(low);
    high = std::log(high);
  }
  return (high - low) / (2.0 * z);
}

}  // namespace npcsim

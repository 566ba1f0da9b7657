#include <npcsim/results/parameter_use.hpp>

#include <algorithm>
#include <utility>

namespace npcsim {

Standing standing_of(const Parameter& parameter) {
  const std::string& said = parameter.identified;
  const auto begins = [&said](std::string_view word) {
    return said.compare(0, word.size(), word) == 0 &&
           (said.size() == word.size() || said[word.size()] == ':' || said[word.size()] == ' ' ||
            said[word.size()] == ',');
  };
  if (begins("prior only") || begins("no")) return Standing::prior_only;
  if (begins("weak") || begins("weakly") || begins("conflicting") || begins("direction only"))
    return Standing::weak;
  const bool assumed = std::find(parameter.source.begin(), parameter.source.end(), "assumed") !=
                       parameter.source.end();
  return said.empty() && assumed ? Standing::prior_only : Standing::informed;
}

WeakParameters weak_parameters(const CompiledStudy& study) {
  WeakParameters out;
  const auto& rows = study.model.parameters.rows();
  for (ParameterUse& use : parameters_at_work(study)) {
    ++out.at_work;
    if (standing_of(rows[use.parameter]) != Standing::informed) out.weak.push_back(std::move(use));
  }
  return out;
}

std::string weak_parameters_in_words(const WeakParameters& weak) {
  std::vector<std::pair<std::string, std::size_t>> parts;
  for (const ParameterUse& use : weak.weak) {
    const auto known = std::find_if(parts.begin(), parts.end(),
                                    [&use](const auto& part) { return part.first == use.part; });
    if (known == parts.end()) {
      parts.emplace_back(use.part, 1);
    } else {
      ++known->second;
    }
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string list;
  for (const auto& [part, count] : parts)
    list += (list.empty() ? "" : ", ") + part + " " + std::to_string(count);
  return "rests on assumed or weakly identified values: " + std::to_string(weak.weak.size()) +
         " of " + std::to_string(weak.at_work) + " parameters" +
         (list.empty() ? "" : " (" + list + ")");
}

}  // namespace npcsim

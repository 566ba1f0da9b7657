#include <npcsim/validation/taken_apart.hpp>

#include <algorithm>

namespace npcsim {
namespace {

NamedValues with_zeros(NamedValues values, const std::vector<Name>& names) {
  for (const Name& name : names) {
    std::erase_if(values, [&](const auto& entry) { return entry.first == name.text; });
    values.emplace_back(name.text, 0.0);
  }
  return values;
}

}  // namespace

std::vector<TakenApart> take_apart(const EmulationSet& set, const std::vector<Twins>& twins,
                                   const NamedValues& values, Diagnostics& diagnostics) {
  std::vector<TakenApart> out;
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    const EmulatedStudy& study = set.studies()[s];
    const EmulatedApart& apart = study.document().taken_apart;
    if (apart.figures.empty()) continue;
    const Twins& mine = twins[set.pool_of(s)];
    const auto figures_at = [&](const NamedValues& at) {
      const Twins others = study.pool().simulate(at, {}, 0, mine.patients);
      return study.expected(others, others, at);
    };
    const NamedValues nothing = with_zeros(values, apart.effect);
    const std::vector<double> as_is = study.expected(mine, mine, values);
    std::vector<double> by_chance, no_effect, neither;
    try {
      by_chance = figures_at(with_zeros(values, apart.choice));
      no_effect = figures_at(nothing);
      neither = figures_at(with_zeros(nothing, apart.choice));
    } catch (const ImpossibleValues& error) {
      diagnostics.error(
          apart.effect.front().place,
          "without effect or choice the study cannot be simulated: " + std::string(error.what()),
          "name parameters that mean nothing at 0", "taken_apart");
      continue;
    }
    for (std::size_t f = 0; f < study.figures(); ++f) {
      const bool wanted =
          std::any_of(apart.figures.begin(), apart.figures.end(),
                      [&](const Name& name) { return name.text == study.figure(f).id; });
      if (wanted)
        out.push_back(
            {s, set.first_figure(s) + f, as_is[f], by_chance[f], no_effect[f], neither[f]});
    }
  }
  return out;
}

}  // namespace npcsim

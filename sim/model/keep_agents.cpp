// A study gives some of the model's agents; lists that a life goes through are cut to them, so that
// an agent which nobody gets costs nothing.
#include <npcsim/model/program.hpp>

#include <cstddef>

namespace npcsim {
namespace {

using Given = std::vector<bool>;

void cut(std::vector<std::int32_t>& agents, const Given& given) {
  std::erase_if(agents,
                [&given](std::int32_t agent) { return !given[static_cast<std::size_t>(agent)]; });
}

void cut(std::vector<MoreWith>& more_with, const Given& given) {
  for (MoreWith& entry : more_with) cut(entry.agents, given);
}

void cut(Toxicity& toxicity, const Given& given) {
  std::erase_if(toxicity.risks, [&given](const ToxicityRisk& entry) {
    return !given[static_cast<std::size_t>(entry.agent)];
  });
  // A threshold stands beside its agent.
  std::vector<std::int32_t> harms;
  for (std::size_t i = 0; i < toxicity.harms.size(); ++i) {
    if (given[static_cast<std::size_t>(toxicity.agents[i])]) harms.push_back(toxicity.harms[i]);
  }
  toxicity.harms = std::move(harms);
  cut(toxicity.agents, given);
  cut(toxicity.more_with, given);
}

}  // namespace

void Program::keep_agents(const Given& given) {
  for (Agent& agent : agents) {
    for (CycleRisk& risk : agent.risks) cut(risk.more_with, given);
  }
  for (Toxicity& toxicity : toxicities) cut(toxicity, given);
  for (Overlap& overlap : overlaps) {
    for (std::vector<std::int32_t>& member : overlap.members) cut(member, given);
  }
  for (Marker& marker : markers) {
    std::erase_if(marker.shifts, [&given](const auto& shift) {
      return !given[static_cast<std::size_t>(shift.first)];
    });
  }
}

}  // namespace npcsim

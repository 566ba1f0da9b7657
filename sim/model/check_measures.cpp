// Names of the results that a model gives: no two may be called the same.
#include <npcsim/model/detail/check_names.hpp>

#include <algorithm>
#include <map>

namespace npcsim {
namespace {

// Whether a toxicity ends courses, and is then a cause of stops as those of the agent itself.
bool stops_courses(const ToxicityDoc& toxicity) {
  return toxicity.action.text == "stop" &&
         (toxicity.per_cycle.given || (toxicity.hazard.given && !toxicity.after_end));
}

// Whether the name of an agent or of one of its classes is in the list.
bool concerns(const std::vector<Name>& list, const Name& agent, const AgentDoc& doc) {
  return std::any_of(list.begin(), list.end(), [&](const Name& named) {
    return named.text == agent.text ||
           std::any_of(doc.classes.begin(), doc.classes.end(),
                       [&](const Name& group) { return group.text == named.text; });
  });
}

class MeasureCheck {
 public:
  MeasureCheck(const ModelDoc& model, Diagnostics& diagnostics)
      : model_(model), diagnostics_(diagnostics) {}

  void run() {
    for (const auto& [agent, doc] : model_.agents) stops(agent, doc);
    for (const auto& [marker, doc] : model_.markers) {
      for (const Name& level : doc.levels)
        claim("best_" + marker.text + "_" + level.text, level.place,
              "level '" + level.text + "' of marker '" + marker.text + "'");
    }
    for (const auto& [endpoint, doc] : model_.endpoints) times(endpoint);
  }

 private:
  void stops(const Name& agent, const AgentDoc& doc) {
    const std::string head = "stopped_" + agent.text + "_";
    const std::string tail = "' of agent '" + agent.text + "'";
    for (const auto& [cause, stop] : doc.stop)
      claim(head + cause.text, cause.place, "cause '" + cause.text + tail);
    for (const auto& [toxicity, risk] : model_.toxicities) {
      if (stops_courses(risk) && concerns(risk.agents, agent, doc))
        claim(head + toxicity.text, toxicity.place, "stopping toxicity '" + toxicity.text + tail);
    }
  }

  // The columns of endpoints, in small letters, lie beside those of durations.
  void times(const Name& endpoint) {
    for (const auto& [agent, doc] : model_.agents) {
      for (const char* const head : {"time_on_", "first_dose_"}) {
        if (endpoint.text != head + agent.text) continue;
        diagnostics_.error(endpoint.place,
                           "endpoint '" + endpoint.text + "' has the name of a result of agent '" +
                               agent.text + "'",
                           "give it another name");
      }
    }
  }

  void claim(const std::string& name, const SourcePlace& place, const std::string& what) {
    const auto [found, is_new] = known_.emplace(name, Claim{place, what});
    if (is_new) return;
    const Claim& first = found->second;
    diagnostics_.error(
        place,
        what + (what == first.what
                    ? " stands there twice"
                    : " and " + first.what + " would both be called '" + name + "' in results"),
        (what == first.what ? "the first stands in " : "the other stands in ") +
            diagnostics_.source_name(first.place.file) + ", line " +
            std::to_string(first.place.line));
  }

  struct Claim {
    SourcePlace place;
    std::string what;
  };
  const ModelDoc& model_;
  Diagnostics& diagnostics_;
  std::map<std::string, Claim> known_;
};

}  // namespace

void check_measures(const ModelDoc& model, Diagnostics& diagnostics) {
  MeasureCheck(model, diagnostics).run();
}

}  // namespace npcsim

// Names of the results that a model gives: no two may be called the same.
#include <npcsim/model/detail/check_names.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>

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

std::string in_small_letters(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
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
    for (const auto& [endpoint, doc] : model_.endpoints) columns(endpoint);
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

  // The two columns of an endpoint, in small letters, lie beside those of all other results.
  void columns(const Name& endpoint) {
    const std::string small = in_small_letters(endpoint.text);
    for (const auto& [agent, doc] : model_.agents) {
      for (const char* const head : {"time_on_", "first_dose_"}) {
        if (endpoint.text != head + agent.text && small != head + agent.text) continue;
        collides(endpoint, "agent '" + agent.text + "'");
        return;
      }
    }
    for (const char* const tail : {"_ticks", "_event"}) {
      if (const auto owner = owner_of(small + tail)) {
        collides(endpoint, *owner);
        return;
      }
    }
  }

  // Whose result, other than a duration, a column shows; nothing: nobody's.
  std::optional<std::string> owner_of(const std::string& column) const {
    for (const auto& [agent, doc] : model_.agents) {
      for (const char* const head : {"received_", "cycles_", "reductions_"}) {
        if (column == head + agent.text) return "agent '" + agent.text + "'";
      }
    }
    for (const auto& [toxicity, doc] : model_.toxicities) {
      if (column == "toxicity_" + toxicity.text) return "toxicity '" + toxicity.text + "'";
    }
    for (const auto& [marker, doc] : model_.markers) {
      if (column == "objective_" + marker.text) return "marker '" + marker.text + "'";
    }
    const auto claimed = known_.find(column);
    return claimed == known_.end() ? std::nullopt : std::optional(claimed->second.what);
  }

  void collides(const Name& endpoint, const std::string& owner) {
    diagnostics_.error(endpoint.place,
                       "endpoint '" + endpoint.text + "' has the name of a result of " + owner,
                       "give it another name");
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

#include <npcsim/engine/journal.hpp>

namespace npcsim {
namespace {

std::string name(const std::vector<std::string>& list, std::int32_t index) {
  const auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < list.size() ? list[i] : std::string("-");
}

}  // namespace

std::string in_words(const JournalEntry& entry, const Program& program) {
  const auto agent = [&] { return program.agents[static_cast<std::size_t>(entry.index)]; };
  switch (entry.kind) {
    case JournalEntry::Kind::diagnosis:
      return "diagnosis, " + name(program.state_titles, entry.detail);
    case JournalEntry::Kind::fired:
      return program.processes[static_cast<std::size_t>(entry.index)].label +
             (program.processes[static_cast<std::size_t>(entry.index)].fatal ? ": "
                                                                             : " (latent): ") +
             name(program.state_titles, entry.detail);
    case JournalEntry::Kind::documented:
      return entry.index < 0 ? "progression documented (false alarm)"
                             : "progression documented: " +
                                   program.processes[static_cast<std::size_t>(entry.index)].label;
    case JournalEntry::Kind::begin:
      return "begins " + agent().title +
             (entry.detail > 0 ? ", " + std::to_string(entry.detail) + " cycles to come" : "");
    case JournalEntry::Kind::finish: {
      const std::string how = entry.value == 0   ? "ends "
                              : entry.value == 1 ? "stops "
                                                 : "breaks off ";
      return how + agent().title +
             (entry.detail > 0 ? " after " + std::to_string(entry.detail) + " cycles" : "");
    }
    case JournalEntry::Kind::assessed: {
      const Marker& marker = program.markers[static_cast<std::size_t>(entry.index)];
      return "assessed: " + marker.name + (marker.ordered ? " " : " detectable: ") +
             name(marker.levels, entry.detail);
    }
    case JournalEntry::Kind::toxicity:
      return "toxicity: " + program.toxicities[static_cast<std::size_t>(entry.index)].title;
    case JournalEntry::Kind::stopped:
      return agent().title + " stopped for " + name(agent().causes, entry.detail);
    case JournalEntry::Kind::left:
      return "lost to follow-up";
    case JournalEntry::Kind::horizon:
      return "alive at the end of follow-up";
    case JournalEntry::Kind::reduced:
      return agent().title + " reduced to " + std::to_string(entry.detail) + " % of the full dose";
  }
  return {};
}

}  // namespace npcsim

#include <npcsim/engine/journal.hpp>

#include <algorithm>

namespace npcsim {
namespace {

std::string name(const std::vector<std::string>& list, std::int32_t index) {
  const auto i = static_cast<std::size_t>(index);
  return index >= 0 && i < list.size() ? list[i] : std::string("-");
}

std::string counted(std::int32_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

void insert(Journal& journal, const JournalEntry& entry) {
  const auto later = [](double days, const JournalEntry& other) { return days < other.days; };
  journal.insert(std::upper_bound(journal.begin(), journal.end(), entry.days, later), entry);
}

std::vector<HeldDose> held_doses(const Journal& journal, std::size_t finish) {
  std::vector<HeldDose> out;
  const std::int32_t agent = journal[finish].index;
  for (std::size_t i = finish; i > 0; --i) {
    const JournalEntry& entry = journal[i - 1];
    if (entry.index != agent) continue;
    if (entry.kind == JournalEntry::Kind::begin) break;
    if (entry.kind != JournalEntry::Kind::held) continue;
    if (!out.empty() && out.back().dose == entry.detail) {
      out.back().days += entry.value;
    } else {
      out.push_back({entry.detail, entry.value});
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

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
             (entry.detail > 0 ? ", " + counted(entry.detail, "cycle") + " to come" : "");
    case JournalEntry::Kind::finish: {
      const std::string how = entry.value == 0   ? "ends "
                              : entry.value == 1 ? "stops "
                                                 : "breaks off ";
      return how + agent().title +
             (entry.detail > 0 ? " after " + counted(entry.detail, "cycle") : "");
    }
    case JournalEntry::Kind::assessed: {
      const Marker& marker = program.markers[static_cast<std::size_t>(entry.index)];
      return "assessed: " + marker.name + (marker.ordered ? " " : " detectable: ") +
             name(marker.levels, entry.detail);
    }
    case JournalEntry::Kind::toxicity:
      return "toxicity: " + program.toxicities[static_cast<std::size_t>(entry.index)].title +
             (entry.detail < 0 ? "" : ": " + name(program.state_titles, entry.detail));
    case JournalEntry::Kind::stopped:
      return agent().title + " stopped for " + name(agent().causes, entry.detail);
    case JournalEntry::Kind::left:
      return "lost to follow-up";
    case JournalEntry::Kind::horizon:
      return "alive at the end of follow-up";
    case JournalEntry::Kind::reduced:
      return agent().title + " reduced to " + std::to_string(entry.detail) + " % of the full dose";
    case JournalEntry::Kind::held:
      return agent().title + ": dose " + std::to_string(entry.detail) + " held for " +
             std::to_string(entry.value) + " d";
  }
  return {};
}

}  // namespace npcsim

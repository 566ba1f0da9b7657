// States over time, and single lives under two strategies.
#include <npcsim/base/units.hpp>
#include <npcsim/results/detail/report_data.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace npcsim::detail {

namespace {

bool is_final(const Program& program, std::size_t state) {
  return state < 64 && ((program.final_mask >> state) & 1U) != 0;
}

std::string state_title(const Program& program, std::size_t state) {
  return state < program.states.size() ? program.state_titles[state] : "No longer observed";
}

std::string state_name(const Program& program, std::size_t state) {
  return state < program.states.size() ? program.states[state] : "not_observed";
}

constexpr const char* other_treatment = "other treatment";

// Colours that stay apart on the page; states take theirs first, treatments share the rest.
constexpr std::size_t most_colours = 10;

// The treatments that most lives have, as many as have a colour of their own. Not those that take
// the most time: a short course may be what the strategies differ in.
std::set<std::string> most_given(const std::map<std::string, std::int64_t>& lives,
                                 std::size_t states) {
  std::vector<std::pair<std::int64_t, std::string>> order;
  for (const auto& [kind, count] : lives) order.emplace_back(-count, kind);
  std::sort(order.begin(), order.end());
  const std::size_t most = most_colours > states + 1 ? most_colours - states : 1;
  std::set<std::string> shown;
  for (std::size_t i = 0; i < std::min(most, order.size()); ++i) shown.insert(order[i].second);
  return shown;
}

// The strategies of the swimmer plot: the reference and the last other one, which a study lists as
// its most complete.
std::vector<std::size_t> shown_strategies(const ReportInput& in) {
  std::vector<std::size_t> shown;
  if (in.shape().reference >= 0) shown.push_back(static_cast<std::size_t>(in.shape().reference));
  const std::vector<std::size_t> others = in.others();
  if (!others.empty()) shown.push_back(others.back());
  return shown;
}

// One life as a lane: what was given in which stretch of time, else the state.
class Lane {
 public:
  Lane(const Program& program, const Journal& journal) : program_(program) {
    state_ = static_cast<std::size_t>(program.start);
    for (const JournalEntry& entry : journal) read(entry);
    cut(end_);
  }

  /// Adds one to the count of every treatment of this life.
  void count_treatments(std::map<std::string, std::int64_t>& lives) const {
    std::set<std::string> kinds;
    for (const Segment& segment : segments_) {
      if (segment.treatment) kinds.insert(segment.kind);
    }
    for (const std::string& kind : kinds) ++lives[kind];
  }

  /// Treatments that are not in `shown` are written as one kind.
  void write(JsonWriter& json, const std::string& strategy,
             const std::set<std::string>& shown) const {
    json.begin_object();
    json.key("strategy").text(strategy);
    json.key("segments").begin_array();
    for (const Segment& segment : segments_) {
      json.begin_object();
      const bool other = segment.treatment && shown.count(segment.kind) == 0;
      json.key("kind").text(other ? other_treatment : segment.kind);
      // The label in the legend is that of the kind; the name of a rarer treatment would mislead.
      json.key("label").text(other ? "Other treatment" : segment.label);
      json.key("from").number(months(segment.from));
      json.key("to").number(months(segment.to));
      json.end_object();
    }
    json.end_array();
    json.key("marks").begin_array();
    for (const Mark& mark : marks_) {
      json.begin_object();
      json.key("kind").text(mark.kind);
      json.key("label").text(mark.label);
      json.key("at").number(months(mark.at));
      json.end_object();
    }
    json.end_array();
    json.key("end").number(months(end_));
    json.key("dead").boolean(dead_);
    json.end_object();
  }

 private:
  struct Segment {
    std::string kind;
    std::string label;
    double from;
    double to;
    bool treatment;
  };
  struct Mark {
    std::string kind;
    std::string label;
    double at;
  };

  static double months(double days) { return six_decimals(Months::from_days(days).count()); }

  // Closes the running stretch at a time.
  void cut(double days) {
    if (days > since_) {
      Segment segment{state_name(program_, state_), state_title(program_, state_), since_, days,
                      !given_.empty()};
      if (!given_.empty()) {
        segment.kind.clear();
        segment.label.clear();
        for (const std::int32_t agent : given_) {
          const Agent& info = program_.agents[static_cast<std::size_t>(agent)];
          segment.kind += (segment.kind.empty() ? "agent " : " + ") + info.name;
          segment.label += (segment.label.empty() ? "" : " + ") + info.title;
        }
        segment.label = sentence(segment.label);
      }
      const bool same = !segments_.empty() && segments_.back().kind == segment.kind &&
                        segments_.back().to >= since_;
      if (same) {
        segments_.back().to = days;
      } else {
        segments_.push_back(std::move(segment));
      }
    }
    since_ = std::max(since_, days);
  }

  void enter(std::int32_t state, double days) {
    if (state < 0 || static_cast<std::size_t>(state) == state_) return;
    cut(days);
    state_ = static_cast<std::size_t>(state);
    end_ = days;
    if (is_final(program_, state_)) dead_ = true;
  }

  void read(const JournalEntry& entry) {
    end_ = std::max(end_, entry.days);
    const auto index = static_cast<std::size_t>(entry.index);
    switch (entry.kind) {
      case JournalEntry::Kind::fired:
        // Without scheduled observation an event is known when it happens.
        if (!program_.observation.given && !program_.processes[index].fatal) {
          marks_.push_back({"state", "Enters another state", entry.days});
        }
        enter(entry.detail, entry.days);
        break;
      case JournalEntry::Kind::documented:
        marks_.push_back({"documented", "Progression documented", entry.days});
        break;
      case JournalEntry::Kind::begin: {
        const Agent& agent = program_.agents[index];
        if (agent.procedure) marks_.push_back({"procedure", "Procedure", entry.days});
        // An agent without end is the strategy itself and says nothing about a stretch of time.
        if (!agent.cyclic && !agent.course) break;
        cut(entry.days);
        given_.insert(entry.index);
        break;
      }
      case JournalEntry::Kind::finish:
        cut(entry.days);
        given_.erase(entry.index);
        break;
      case JournalEntry::Kind::toxicity:
        enter(program_.toxicities[index].to_state, entry.days);
        break;
      case JournalEntry::Kind::stopped:
        marks_.push_back({"stopped", "Treatment stopped early", entry.days});
        break;
      case JournalEntry::Kind::diagnosis:
      case JournalEntry::Kind::assessed:
      case JournalEntry::Kind::left:
      case JournalEntry::Kind::horizon:
      case JournalEntry::Kind::reduced:
      case JournalEntry::Kind::held:
        break;
    }
  }

  const Program& program_;
  std::size_t state_ = 0;
  double since_ = 0;
  double end_ = 0;
  bool dead_ = false;
  std::set<std::int32_t> given_;
  std::vector<Segment> segments_;
  std::vector<Mark> marks_;
};

}  // namespace

void add_kinds(JsonWriter& json, const ReportInput& in) {
  const Program& program = *in.study.program;
  json.key("kinds").begin_array();
  for (std::size_t state = 0; state < program.states.size(); ++state) {
    json.begin_object();
    json.key("name").text(program.states[state]);
    json.key("label").text(program.state_titles[state]);
    json.key("tone").text(is_final(program, state) ? "muted" : "normal");
    json.end_object();
  }
  json.begin_object();
  json.key("name").text(other_treatment);
  json.key("label").text("Other treatment");
  json.key("tone").text("strong");
  json.end_object();
  json.end_array();
}

void add_occupancy(JsonWriter& json, const ReportInput& in) {
  const Program& program = *in.study.program;
  json.key("occupancy").begin_array();
  for (std::size_t s = 0; s < in.lives.occupancy.size(); ++s) {
    json.begin_object();
    json.key("strategy").text(in.shape().strategies[s]);
    json.key("months").begin_array();
    for (const double month : in.lives.months) json.number(six_decimals(month));
    json.end_array();
    json.key("states").begin_array();
    const auto& counts = in.lives.occupancy[s];
    for (std::size_t state = 0; state < counts.size(); ++state) {
      const bool occurs = std::any_of(counts[state].begin(), counts[state].end(),
                                      [](std::uint32_t n) { return n > 0; });
      // A state that one strategy never leads to stays, so that colours and orders agree.
      if (!occurs && state == program.states.size()) continue;
      json.begin_object();
      json.key("state").text(state_name(program, state));
      json.key("label").text(state_title(program, state));
      json.key("share").begin_array();
      for (const std::uint32_t n : counts[state]) {
        json.number(six_decimals(static_cast<double>(n) / in.lives.patients));
      }
      json.end_array();
      json.end_object();
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  const Tree* model = in.study.document.find("model");
  if (model != nullptr && model->find("observation") != nullptr) {
    json.key("occupancy_note")
        .text(
            "Areas are true states. What counts for an endpoint only when a visit has documented "
            "it, "
            "such as progression, is seen later than it happens: the curve of such an endpoint "
            "lies "
            "above the area.");
  }
}

void add_swimmer(JsonWriter& json, const ReportInput& in) {
  const std::vector<std::size_t> shown = shown_strategies(in);
  if (in.lives.journals.empty() || shown.empty()) return;
  json.key("swimmer").begin_object();
  json.key("strategies").begin_array();
  for (const std::size_t s : shown) json.text(in.shape().strategies[s]);
  json.end_array();
  const std::size_t all = in.shape().strategies.size();
  const std::string under = all == 1 ? "under the strategy"
                            : all == 2
                                ? "each under both strategies"
                                : "each under two of the " + std::to_string(all) + " strategies";
  json.key("title").text("The first " + std::to_string(in.lives.journals.size()) + " patients, " +
                         under);
  json.key("note").text(
      "Drawn at random, not chosen. A coloured stretch says what was given; where "
      "nothing was given, the state of the disease.");
  const Program& program = *in.study.program;
  std::vector<std::vector<Lane>> lanes;
  std::map<std::string, std::int64_t> lives;
  for (const std::vector<Journal>& journals : in.lives.journals) {
    lanes.emplace_back();
    for (const std::size_t s : shown) {
      lanes.back().emplace_back(program, journals[s]);
      lanes.back().back().count_treatments(lives);
    }
  }
  std::size_t states = 0;
  for (std::size_t s = 0; s < program.states.size(); ++s) states += is_final(program, s) ? 0U : 1U;
  const std::set<std::string> treatments = most_given(lives, states);
  json.key("patients").begin_array();
  for (std::size_t patient = 0; patient < lanes.size(); ++patient) {
    json.begin_object();
    json.key("id").integer(static_cast<std::int64_t>(patient));
    json.key("label").text("patient " + std::to_string(patient));
    json.key("lanes").begin_array();
    for (std::size_t i = 0; i < shown.size(); ++i) {
      lanes[patient][i].write(json, in.shape().strategies[shown[i]], treatments);
    }
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace npcsim::detail

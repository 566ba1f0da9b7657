#include <npcsim/reconstruction/detail/path_weights.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::reconstruction {

// States of the next layer by (events, censored); open addressing.
struct PathSearch::Table {
  std::vector<std::int32_t> slots;
  std::size_t mask = 0;

  void reset(std::size_t expected) {
    std::size_t size = 64;
    while (size < 2 * expected) size *= 2;
    slots.assign(size, -1);
    mask = size - 1;
  }
  static std::size_t hash(std::int32_t events, std::int32_t censored, std::int64_t level) {
    std::uint64_t mixed = static_cast<std::uint64_t>(static_cast<std::uint32_t>(events)) << 32 |
                          static_cast<std::uint32_t>(censored);
    mixed = (mixed ^ (static_cast<std::uint64_t>(level) * 0xD1B54A32D192ED03ULL)) *
            0x9E3779B97F4A7C15ULL;
    return static_cast<std::size_t>(mixed >> 20);
  }
  State& at(std::vector<State>& states, std::int32_t events, std::int32_t censored,
            std::int64_t level) {
    std::size_t slot = hash(events, censored, level) & mask;
    while (true) {
      const std::int32_t index = slots[slot];
      if (index < 0) break;
      State& state = states[static_cast<std::size_t>(index)];
      if (state.events == events && state.censored == censored && state.level == level) {
        return state;
      }
      slot = (slot + 1) & mask;
    }
    if (2 * states.size() >= mask) {
      grow(states);
      return at(states, events, censored, level);
    }
    slots[slot] = static_cast<std::int32_t>(states.size());
    states.push_back({events, censored, level, 0, 0, 0, -1});
    return states.back();
  }
  void grow(const std::vector<State>& states) {
    slots.assign(slots.size() * 2, -1);
    mask = slots.size() - 1;
    for (std::size_t k = 0; k < states.size(); ++k) {
      std::size_t slot = hash(states[k].events, states[k].censored, states[k].level) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = static_cast<std::int32_t>(k);
    }
  }
};

PathSearch::PathSearch(const std::vector<Step>& steps, const Settings& settings)
    : steps_(&steps), settings_(settings) {
  layers_.resize(steps.size() + 1);
  // Fewer patients at time 0 count as censored before it.
  for (std::int32_t n = settings.highest_start; n >= settings.lowest_start; --n) {
    layers_[0].push_back({0, settings.highest_start - n, 0, 1, 1, 1, -1});
  }
  const Weights weights(settings);
  Table table;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    advance(k, weights, table);
    stuck_at_ = k;
    if (layers_[k + 1].empty()) return;
  }
  stuck_at_ = steps.size();
  const std::vector<State>& last = layers_.back();
  double sum = 0;
  for (std::size_t k = 0; k < last.size(); ++k) {
    if (settings.total_events && last[k].events != *settings.total_events) continue;
    final_.push_back(static_cast<std::int32_t>(k));
    sum += last[k].sum;
  }
  log_evidence_ =
      sum > 0 ? log_evidence_ + std::log(sum) : -std::numeric_limits<double>::infinity();
}

// What has to be true later on need not be searched for.
std::int32_t PathSearch::most_censored_from(const Step& step, const State& state,
                                            std::int32_t people) const {
  if (step.at_risk < 0) return people;
  return std::min(people, settings_.highest_start - step.at_risk - state.events - state.censored);
}

PathSearch::Range PathSearch::allowed_events(const Step& step, const Weights& weights,
                                             const State& state, std::int32_t at_risk) const {
  Range range = weights.events_in_reach(step, state.survival, at_risk);
  if (step.at_risk >= 0) {  // who has to leave and was not censored has had an event
    const std::int32_t needed = at_risk - step.at_risk;
    if (needed < range.first || needed > range.last) return {0, -1};
    range = {needed, needed};
  }
  if (settings_.total_events) {
    range.last = std::min(range.last, *settings_.total_events - state.events);
  }
  if (!settings_.exact) weights.cut(step, at_risk, range);
  return range;
}

std::int64_t PathSearch::level_of(double survival) const {
  const double levels = 1 / settings_.level_width;
  return static_cast<std::int64_t>(survival * levels);
}

void PathSearch::advance(std::size_t step_index, const Weights& weights, Table& table) {
  const Step& step = (*steps_)[step_index];
  const std::vector<State>& from = layers_[step_index];
  std::vector<State>& to = layers_[step_index + 1];
  table.reset(from.size() * 2);
  for (std::size_t k = 0; k < from.size(); ++k) {
    const State state = from[k];
    const std::int32_t people = settings_.highest_start - state.events - state.censored;
    const Counts::Line censor_line = weights.censor_line(step, people);
    const std::int32_t most_censored =
        weights.most_plausible(step, censor_line, most_censored_from(step, state, people));
    for (std::int32_t censored = 0; censored <= most_censored; ++censored) {
      const double log_censored = weights.log_censored(step, censor_line, censored);
      const std::int32_t at_risk = people - censored;
      const Range range = allowed_events(step, weights, state, at_risk);
      if (range.last < range.first) continue;
      // Expected numbers change by a factor from one number of events to the next.
      const Weights::Run run =
          weights.run(step, state.survival, at_risk, censored, range.first, log_censored);
      double prior = run.prior;
      double survival = run.survival;
      for (std::int32_t events = range.first; events <= range.last; ++events) {
        const double weight = prior * weights.reading_weight(step, run, survival) *
                              std::exp(weights.left(step, at_risk - events));
        const double best = state.best * weight;
        State& target =
            table.at(to, state.events + events, state.censored + censored, level_of(survival));
        target.sum += state.sum * weight;
        if (best > target.best || target.from < 0) {
          target.best = best;
          target.survival = survival;
          target.from = static_cast<std::int32_t>(k);
        }
        prior *= weights.next_events(run, events);
        survival = Weights::next_survival(run, survival);
      }
    }
  }
  if (to.empty()) return;
  double largest = 0;
  for (const State& state : to) largest = std::max(largest, state.sum);
  if (!(largest > 0)) {
    to.clear();
    return;
  }
  log_evidence_ += std::log(largest);
  for (State& state : to) {
    state.sum /= largest;
    state.best /= largest;
  }
  std::erase_if(to, [&](const State& s) { return !(s.sum > weights.negligible_share()); });
  keep_heaviest(to);
}

void PathSearch::keep_heaviest(std::vector<State>& states) const {
  if (states.size() <= settings_.most_states) return;
  const auto cut = states.begin() + static_cast<std::ptrdiff_t>(settings_.most_states);
  std::nth_element(states.begin(), cut, states.end(), [](const State& a, const State& b) {
    if (a.sum != b.sum) return a.sum > b.sum;
    if (a.events != b.events) return a.events < b.events;
    return a.censored != b.censored ? a.censored < b.censored : a.level < b.level;
  });
  states.erase(cut, states.end());
}

Path PathSearch::trace(const std::vector<std::int32_t>& states) const {
  const std::vector<Step>& steps = *steps_;
  const auto at = [&](std::size_t layer) {
    return layers_[layer][static_cast<std::size_t>(states[layer])];
  };
  Path path;
  path.start = settings_.highest_start - at(0).censored;
  double survival = 1;
  std::int32_t people = path.start;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    const std::int32_t events = at(k + 1).events - at(k).events;
    const std::int32_t censored = at(k + 1).censored - at(k).censored;
    survival = Weights::survival_after(steps[k], survival, people - censored, censored, events);
    people -= events + censored;
    path.events.push_back(events);
    path.censored.push_back(censored);
    path.survival.push_back(survival);
    path.total_events += events;
  }
  return path;
}

Path PathSearch::best() const {
  const std::vector<State>& last = layers_.back();
  std::int32_t index = final_.front();
  for (const std::int32_t k : final_) {
    if (last[static_cast<std::size_t>(k)].best > last[static_cast<std::size_t>(index)].best) {
      index = k;
    }
  }
  std::vector<std::int32_t> states(layers_.size());
  for (std::size_t layer = layers_.size(); layer-- > 0;) {
    states[layer] = index;
    index = layers_[layer][static_cast<std::size_t>(index)].from;
  }
  return trace(states);
}

}  // namespace npcsim::reconstruction

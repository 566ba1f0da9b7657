#include <npcsim/reconstruction/detail/path_search.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::reconstruction {
namespace {

// Readings further off than this many standard deviations are not considered.
constexpr double noise_reach = 5;
// A reading beyond this is taken for a slip: by then it costs no more however far off it is. 3.3
// standard deviations.
constexpr double slip_square = 11;
constexpr double slip_weight = 0.0041;  // exp(-11 / 2)
// States lighter than this share of the heaviest are dropped, and so are numbers of censorings.
constexpr double negligible = 1e-9;
constexpr double negligible_exact = 1e-60;
// Numbers of censorings in a step that are rarer than this, against the most likely number, are
// tried only if nothing else agrees with exact readings.
constexpr double rare_exact = 1e-12;
// Expected numbers are at least this, so that what is unexpected is dear but possible.
constexpr double least_expected = 1e-7;
// Paths that are drawn in search of one within limits. The paths of a state share its survival to
// a level only, which adds up over steps; in arms of some hundred patients few leave the limits.
constexpr std::uint32_t most_attempts = 200;
constexpr std::int32_t unknown_count = -1;

// Negative binomial probabilities of 0, 1, ... with a given mean; size is the ratio of squared mean
// to the variance beyond Poisson's.
class Counts {
 public:
  Counts(double size, std::int32_t most) : size_(size) {
    table_.reserve(static_cast<std::size_t>(most) + 1);
    double value = 0;
    table_.push_back(value);
    for (std::int32_t k = 1; k <= most; ++k) {
      value += std::log((size + k - 1) / k);
      table_.push_back(value);
    }
  }
  double size() const { return size_; }
  // log probability of k is base + k * slope + table[k].
  struct Line {
    double base;
    double slope;
  };
  Line line(double mean) const {
    mean = std::max(mean, least_expected);
    return {size_ * std::log(size_ / (size_ + mean)), std::log(mean / (size_ + mean))};
  }
  double log_weight(const Line& line, std::int32_t k) const {
    return line.base + k * line.slope + table_[static_cast<std::size_t>(k)];
  }

 private:
  double size_;
  std::vector<double> table_;
};

}  // namespace

// What one transition weighs.
class PathSearch::Weights {
 public:
  Weights(const Settings& settings)
      : exact_(settings.exact),
        slips_(settings.slips),
        patient_(settings.patient),
        usual_rare_(settings.rare),
        events_(12, settings.highest_start),
        censored_(settings.exact ? 0.7 : 20, settings.highest_start) {}

  // Events for which the survival after the step agrees with the reading.
  Range events_in_reach(const Step& step, double survival, std::int32_t at_risk) const {
    if (!step.has_events || at_risk <= 0) {
      const bool fits = survival <= step.highest && survival >= step.lowest;
      return fits && in_reach(step, survival) ? Range{0, 0} : Range{0, -1};
    }
    double low = step.lowest;
    double high = step.highest;
    if (step.survival && !slips_) {
      const double reach = exact_ ? step.noise : noise_reach * step.noise;
      low = std::max(low, *step.survival - reach);
      high = std::min(high, *step.survival + reach);
    }
    if (high < low || survival <= 0)
      return survival >= low && survival <= high ? Range{0, 0} : Range{0, -1};
    const double people = at_risk;
    const double slack = 1e-9;
    const double first = std::ceil(people * (1 - high / survival) - slack);
    const double last = std::floor(people * (1 - low / survival) + slack);
    return {static_cast<std::int32_t>(std::clamp(first, 0.0, people)),
            static_cast<std::int32_t>(std::clamp(last, -1.0, people))};
  }

  double reading(const Step& step, double survival) const {
    if (!step.survival || exact_) return 0;
    const double off = (survival - *step.survival) / step.noise;
    const double square = off * off;
    return -0.5 * (slips_ ? std::min(square, slip_square) : square);
  }

  double left(const Step& step, std::int32_t people) const {
    if (step.likely_left < 0) return 0;
    const double off = (people - step.likely_left) / step.left_noise;
    return -0.5 * off * off;
  }

  // Events spread over a step find half of its censorings still at risk.
  static double survival_after(const Step& step, double survival, std::int32_t at_risk,
                               std::int32_t censored, std::int32_t events) {
    if (events == 0) return survival;
    if (events >= at_risk) return 0;
    const double people = step.events_at_end ? at_risk : at_risk + 0.5 * censored;
    return survival * std::max(0.0, 1 - events / people);
  }

  // Numbers of events that are far from expected are left out.
  void cut(const Step& step, std::int32_t at_risk, Range& range) const {
    const double mean = step.event_rate * at_risk;
    const double reach = 5 + 6 * std::sqrt(mean * (1 + mean / events_.size()));
    range.first = std::max(range.first, static_cast<std::int32_t>(std::max(mean - reach, 0.0)));
    range.last = std::min(range.last, static_cast<std::int32_t>(std::min(mean + reach, 1e9)) + 1);
  }

  // Weights of first, first + 1, ... events.
  struct Run {
    double survival;
    double drop;    // of survival with every event
    double prior;   // of the numbers
    double slope;   // factor of the prior, see next_events
    double normal;  // of the reading
    double normal_factor;
    double normal_bend;
    double slip;  // least weight of a reading
  };
  Run run(const Step& step, double survival, std::int32_t at_risk, std::int32_t censored,
          std::int32_t first, double log_censored) const {
    const Counts::Line line = event_line(step, at_risk);
    Run run{};
    const double people = step.events_at_end ? at_risk : at_risk + 0.5 * censored;
    run.survival = survival_after(step, survival, at_risk, censored, first);
    run.drop = at_risk > 0 ? survival / people : 0;
    run.prior = std::exp(log_censored + log_events(line, first));
    run.slope = std::exp(line.slope);
    run.normal = 1;
    run.normal_factor = 1;
    run.normal_bend = 1;
    run.slip = 0;
    if (step.survival && !exact_) {
      const double off = (run.survival - *step.survival) / step.noise;
      const double change = run.drop / step.noise;
      run.normal = std::exp(-0.5 * off * off);
      run.normal_factor = std::exp(change * off - 0.5 * change * change);
      run.normal_bend = std::exp(-change * change);
      run.slip = slips_ ? slip_weight : 0;
    }
    return run;
  }
  static double next_survival(const Run& run, double survival) {
    return std::max(survival - run.drop, 0.0);
  }
  double next_events(const Run& run, std::int32_t events) const {
    return run.slope * (events_.size() + events) / (events + 1);
  }

  Counts::Line event_line(const Step& step, std::int32_t at_risk) const {
    return events_.line(step.event_rate * at_risk);
  }
  Counts::Line censor_line(const Step& step, std::int32_t at_risk) const {
    return censored_.line(step.censor_rate * at_risk);
  }
  double log_events(const Counts::Line& line, std::int32_t count) const {
    return events_.log_weight(line, count);
  }
  double log_censored(const Step& step, const Counts::Line& line, std::int32_t count) const {
    if (step.ticks < 0) return censored_.log_weight(line, count);
    // Marks overprint each other, so that there may be more; a mark that is none is an error.
    const std::int32_t off = count - step.ticks;
    return off >= 0 ? -2.0 * off : 12.0 * off;
  }
  // The largest number of censorings, at most `most`, before they become too rare to be tried.
  std::int32_t most_plausible(const Step& step, const Counts::Line& line, std::int32_t most) const {
    const double ignored = std::log(rare_share());
    double heaviest = -std::numeric_limits<double>::infinity();
    for (std::int32_t censored = 0; censored <= most; ++censored) {
      const double log_weight = log_censored(step, line, censored);
      heaviest = std::max(heaviest, log_weight);
      if (log_weight < heaviest + ignored) return censored - 1;
    }
    return most;
  }
  double negligible_share() const { return exact_ || patient_ ? negligible_exact : negligible; }
  double rare_share() const {
    if (exact_) return patient_ ? negligible_exact : rare_exact;
    return patient_ ? 0.1 * usual_rare_ : usual_rare_;
  }

 private:
  bool in_reach(const Step& step, double survival) const {
    if (!step.survival || slips_) return true;
    const double reach = exact_ ? step.noise : noise_reach * step.noise;
    return std::fabs(survival - *step.survival) <= reach + 1e-12;
  }

  bool exact_;
  bool slips_;
  bool patient_;
  double usual_rare_;
  Counts events_;
  Counts censored_;
};

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
      // Readings and expected numbers change by a factor from one number of events to the next.
      const Weights::Run run =
          weights.run(step, state.survival, at_risk, censored, range.first, log_censored);
      double prior = run.prior;
      double normal = run.normal;
      double normal_factor = run.normal_factor;
      double survival = run.survival;
      for (std::int32_t events = range.first; events <= range.last; ++events) {
        const double weight =
            prior * std::max(normal, run.slip) * std::exp(weights.left(step, at_risk - events));
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
        normal *= normal_factor;
        normal_factor *= run.normal_bend;
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

std::optional<Path> PathSearch::draw(const PatientDraws& draws) const {
  for (std::uint32_t attempt = 0; attempt < most_attempts; ++attempt) {
    Path path = draw_once(draws, attempt);
    if (within_limits(path)) return path;
  }
  return std::nullopt;
}

// Whether the survival of the path itself, not that of the states it runs through, is within every
// limit that does not depend on noise.
bool PathSearch::within_limits(const Path& path) const {
  constexpr double slack = 1e-9;
  for (std::size_t k = 0; k < steps_->size(); ++k) {
    const Step& step = (*steps_)[k];
    double low = step.lowest;
    double high = step.highest;
    if (step.survival && settings_.exact) {
      low = std::max(low, *step.survival - step.noise);
      high = std::min(high, *step.survival + step.noise);
    }
    if (path.survival[k] < low - slack || path.survival[k] > high + slack) return false;
  }
  return true;
}

// Log weight of the transition, or -infinity if the recursion does not make it. Survival is
// followed as there, so that a state has the predecessors that it was reached from, to the last
// digit.
double PathSearch::log_transition(const Step& step, const Weights& weights, const State& from,
                                  const State& to, std::vector<std::int32_t>& plausible) const {
  constexpr double impossible = -std::numeric_limits<double>::infinity();
  const std::int32_t events = to.events - from.events;
  const std::int32_t censored = to.censored - from.censored;
  if (events < 0 || censored < 0) return impossible;
  const std::int32_t people = settings_.highest_start - from.events - from.censored;
  if (censored > most_censored_from(step, from, people)) return impossible;
  const Counts::Line censor_line = weights.censor_line(step, people);
  std::int32_t& most = plausible[static_cast<std::size_t>(people)];
  if (most == unknown_count) most = weights.most_plausible(step, censor_line, people);
  if (censored > most) return impossible;
  const std::int32_t at_risk = people - censored;
  const Range range = allowed_events(step, weights, from, at_risk);
  if (events < range.first || events > range.last) return impossible;
  const double log_censored = weights.log_censored(step, censor_line, censored);
  const Weights::Run run =
      weights.run(step, from.survival, at_risk, censored, range.first, log_censored);
  double survival = run.survival;
  for (std::int32_t d = range.first; d < events; ++d) {
    survival = Weights::next_survival(run, survival);
  }
  if (level_of(survival) != to.level) return impossible;
  return log_censored + weights.log_events(weights.event_line(step, at_risk), events) +
         weights.reading(step, survival) + weights.left(step, at_risk - events);
}

Path PathSearch::draw_once(const PatientDraws& draws, std::uint32_t attempt) const {
  constexpr StreamName stream("reconstruction path");
  const Weights weights(settings_);
  const auto layer_count = static_cast<std::uint32_t>(layers_.size());
  std::vector<std::int32_t> states(layers_.size());
  std::vector<double> cumulative;
  std::vector<std::int32_t> choices;
  const auto choose = [&](std::size_t layer) {
    const std::uint32_t occurrence = attempt * layer_count + static_cast<std::uint32_t>(layer);
    const double level = draws.uniform(stream, occurrence) * cumulative.back();
    const auto found = std::upper_bound(cumulative.begin(), cumulative.end(), level);
    const auto position = std::min<std::size_t>(
        static_cast<std::size_t>(found - cumulative.begin()), choices.size() - 1);
    states[layer] = choices[position];
  };
  double total = 0;
  for (const std::int32_t k : final_) {
    total += layers_.back()[static_cast<std::size_t>(k)].sum;
    cumulative.push_back(total);
    choices.push_back(k);
  }
  choose(layers_.size() - 1);
  std::vector<std::int32_t> plausible;
  for (std::size_t layer = layers_.size() - 1; layer-- > 0;) {
    const Step& step = (*steps_)[layer];
    const State& to = layers_[layer + 1][static_cast<std::size_t>(states[layer + 1])];
    plausible.assign(static_cast<std::size_t>(settings_.highest_start) + 1, unknown_count);
    cumulative.clear();
    choices.clear();
    total = 0;
    for (std::size_t k = 0; k < layers_[layer].size(); ++k) {
      const State& state = layers_[layer][k];
      const double log_weight = log_transition(step, weights, state, to, plausible);
      if (std::isinf(log_weight)) continue;
      total += state.sum * std::exp(log_weight);
      cumulative.push_back(total);
      choices.push_back(static_cast<std::int32_t>(k));
    }
    if (choices.empty() || !(total > 0)) {  // every weight is too small for a double
      states[layer] = to.from;
      continue;
    }
    choose(layer);
  }
  return trace(states);
}

}  // namespace npcsim::reconstruction

// Backward sampling: paths drawn from what the forward recursion has kept.
#include <npcsim/reconstruction/detail/path_weights.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim::reconstruction {
namespace {

// Paths that are drawn in search of one within limits. The paths of a state share its survival to
// a level only, which adds up over steps; in arms of some hundred patients few leave the limits.
constexpr std::uint32_t most_attempts = 200;
constexpr std::int32_t unknown_count = -1;

}  // namespace

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

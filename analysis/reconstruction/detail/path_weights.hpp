// What the steps of a path weigh; for path_search.cpp and path_draw.cpp alone.
#pragma once

#include <npcsim/reconstruction/detail/path_search.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

namespace npcsim::reconstruction {

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
  // Expected numbers are at least this, so that what is unexpected is dear but possible.
  static constexpr double least_expected = 1e-7;

  double size_;
  std::vector<double> table_;
};

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
    const double met = -0.5 * off * off;
    return slips_ ? std::max(met, std::log(step.slip)) : met;
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
    double drop;   // of survival with every event
    double prior;  // of the numbers
    double slope;  // factor of the prior, see next_events
    double log_slip;
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
    run.log_slip = slips_ ? std::log(step.slip) : -std::numeric_limits<double>::infinity();
    return run;
  }
  // Not by a factor from one number of events to the next: the first of them can be so far off the
  // reading that its weight is 0 in a double, and so would be all that follow.
  double reading_weight(const Step& step, const Run& run, double survival) const {
    if (!step.survival || exact_) return 1;
    const double off = (survival - *step.survival) / step.noise;
    const double met = -0.5 * off * off;
    return met > run.log_slip ? std::exp(met) : step.slip;
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
  // Readings further off than this many standard deviations are not considered.
  static constexpr double noise_reach = 5;
  // States lighter than this share of the heaviest are dropped, and so are numbers of censorings.
  static constexpr double negligible = 1e-9;
  static constexpr double negligible_exact = 1e-60;
  // Numbers of censorings in a step that are rarer than this, against the most likely number, are
  // tried only if nothing else agrees with exact readings.
  static constexpr double rare_exact = 1e-12;

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

}  // namespace npcsim::reconstruction

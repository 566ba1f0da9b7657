#include <npcsim/reconstruction/detail/arm_model.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::reconstruction {
namespace {

// Readings on either side among which a slip lies, and how far beyond them, in standard deviations.
constexpr std::size_t slip_neighbours = 2;
constexpr double slip_reach = 3.5;
// Share of readings that are slips, at most; assumed.
constexpr double share_of_slips = 0.02;
// A slip costs no less than a reading that is 3.3 standard deviations off: exp(-3.3^2 / 2).
constexpr double cheapest_slip = 0.0041;
constexpr double root_of_two_pi = 2.5066282746310002;
// Half of normal deviates are nearer to 0 than this: a measure of noise that slips do not touch.
constexpr double normal_quartile = 0.6745;
// Events right after the last click are possible, but much less likely than before it.
constexpr double unseen_drop = 0.01;
// Patients above which the search is coarser.
constexpr std::int32_t large_arm = 400;
// Width over which the hazard is taken as straight, a share of the axis.
constexpr double hazard_bandwidth = 0.08;
// The smoothed hazard may be wrong by being too low somewhere; a little of the mean is added.
constexpr double hazard_floor_share = 0.05;
// Where a table does not begin at 0: the most patients that can have left unseen, as a share.
constexpr double most_unseen = 0.6;
// A first row at this share of the axis or below counts as time 0.
constexpr double at_origin = 1e-6;

}  // namespace

ArmModel::ArmModel(const PublishedCurve& curve, const CleanedClicks& clicks, ClickKind kind,
                   bool exact, const Kept& kept)
    : curve_(&curve), clicks_(&clicks), kind_(kind), exact_(exact), kept_(kept) {
  at_risk_ = curve.at_risk;
  if (at_risk_.size() > kept.at_risk_rows)
    at_risk_.resize(std::max<std::size_t>(kept.at_risk_rows, 1));
  const std::vector<double> fit = monotone_fit(clicks.clicks);
  hazard_ = smooth_cumulative_hazard(clicks.clicks, fit, hazard_bandwidth * clicks.axis);
  double squares = 0;
  for (std::size_t k = 0; k < hazard_.size(); ++k) {
    const double off = clicks.clicks[k].survival - std::exp(-hazard_[k]);
    squares += off * off;
  }
  const double roughness = std::sqrt(squares / static_cast<double>(hazard_.size()));
  // Low, because it grows until something agrees; a curve without a rise has hardly any noise.
  noise_ = std::clamp(roughness, 2e-4, clicks.rising == 0 ? 6e-4 : 4e-3);
  const AtRisk& first = at_risk_.front();
  if (first.time <= at_origin * clicks.axis) {
    lowest_start_ = highest_start_ = first.count;
  } else {
    std::size_t k = 0;
    while (k + 1 < fit.size() && clicks.clicks[k + 1].time < first.time) ++k;
    lowest_start_ = first.count;
    highest_start_ = static_cast<std::int32_t>(
        std::ceil(first.count * (1 + most_unseen) / std::max(fit[k], 0.05)) + 3);
  }
  lay_out();
  first_rates();
  set_rates();
  set_order_noise();
  set_noise(noise_);
}

PathSearch::Settings ArmModel::settings() const {
  PathSearch::Settings settings;
  settings.lowest_start = lowest_start_;
  settings.highest_start = highest_start_;
  settings.exact = exact_;
  settings.slips = !exact_;
  // In a large arm one censoring more or less changes nothing; a coarser search does.
  if (highest_start_ > large_arm) {
    settings.rare = exact_ ? settings.rare : 0.05;
    settings.most_states = 1000;
  }
  settings.level_width = exact_ ? std::max(clicks_->half_unit / 8, 1e-8) : 0.7 * noise_;
  if (kept_.events) settings.total_events = curve_->events;
  return settings;
}

// Steps end at every time at which something is known.
void ArmModel::lay_out() {
  enum class Kind { table, bound, click, landmark, end };
  struct Mark {
    double time;
    Kind kind;
    std::size_t index;
  };
  std::vector<Mark> marks;
  for (std::size_t k = 0; k < at_risk_.size(); ++k) {
    marks.push_back({at_risk_[k].time, Kind::table, k});
  }
  for (std::size_t k = 0; k < clicks_->clicks.size(); ++k) {
    marks.push_back({clicks_->clicks[k].time, Kind::click, k});
  }
  if (kept_.landmarks) {
    for (std::size_t k = 0; k < curve_->landmarks.size(); ++k) {
      marks.push_back({curve_->landmarks[k].time, Kind::landmark, k});
    }
  }
  if (kept_.median && curve_->median) {
    marks.push_back({curve_->median->value - curve_->median->half_width, Kind::bound, 0});
    marks.push_back({curve_->median->value + curve_->median->half_width, Kind::bound, 1});
  }
  const double last_click = clicks_->clicks.back().time;
  // A sampled curve may drop once more right after the last click.
  const auto clicks_count = static_cast<double>(clicks_->clicks.size());
  if (kind_ == ClickKind::points)
    marks.push_back({last_click * (1 + 1 / clicks_count), Kind::end, 0});
  std::stable_sort(marks.begin(), marks.end(),
                   [](const Mark& a, const Mark& b) { return a.time < b.time; });
  double previous = 0;
  click_steps_.resize(clicks_->clicks.size());
  for (const Mark& mark : marks) {
    Step step;
    step.start = previous;
    step.end = mark.time;
    step.events_at_end = kind_ == ClickKind::steps;
    step.has_events = kind_ == ClickKind::steps ? mark.kind == Kind::click : previous <= last_click;
    if (mark.kind == Kind::table) step.at_risk = at_risk_[mark.index].count;
    if (mark.kind == Kind::click) {
      step.survival = clicks_->clicks[mark.index].survival;
      click_steps_[mark.index] = steps_.size();
    }
    if (mark.kind == Kind::landmark) {
      const Rounded& survival = curve_->landmarks[mark.index].survival;
      step.lowest = survival.value - 1.02 * survival.half_width - 1e-9;
      step.highest = survival.value + 1.02 * survival.half_width + 1e-9;
    }
    if (mark.kind == Kind::bound) {
      (mark.index == 0 ? step.lowest : step.highest) = 0.5 + (mark.index == 0 ? -1e-9 : 1e-9);
    }
    if (kept_.ticks && !curve_->ticks.empty()) {
      step.ticks = static_cast<std::int32_t>(
          std::count_if(curve_->ticks.begin(), curve_->ticks.end(),
                        [&](double tick) { return tick >= previous && tick < mark.time; }));
    }
    steps_.push_back(step);
    previous = mark.time;
  }
}

std::size_t ArmModel::interval_of(double time) const {
  std::size_t k = 0;
  while (k < at_risk_.size() && at_risk_[k].time <= time) ++k;
  return k;  // 0: before the first row; last: after the last row
}

double ArmModel::hazard_at(double time) const {
  const std::vector<Click>& clicks = clicks_->clicks;
  const auto after = std::upper_bound(clicks.begin(), clicks.end(), time,
                                      [](double t, const Click& c) { return t < c.time; });
  if (after == clicks.end()) {  // goes on as over the last tenth of the figure
    const double tail = 0.1 * clicks_->axis;
    const double recent = hazard_.back() - hazard_at(clicks.back().time - tail);
    return hazard_.back() + recent * (time - clicks.back().time) / tail;
  }
  const auto k = static_cast<std::size_t>(after - clicks.begin());
  const double t0 = k == 0 ? 0 : clicks[k - 1].time;
  const double h0 = k == 0 ? 0 : hazard_[k - 1];
  const double width = clicks[k].time - t0;
  return width > 0 ? h0 + (hazard_[k] - h0) * (time - t0) / width : hazard_[k];
}

// Patients are counted just before the events at the time of their row. Where corners were clicked
// on, a drop at that time is still to come.
double ArmModel::hazard_before(const AtRisk& row) const {
  if (kind_ == ClickKind::points) return hazard_at(row.time);
  const std::vector<Click>& clicks = clicks_->clicks;
  const auto at = std::lower_bound(clicks.begin(), clicks.end(), row.time,
                                   [](const Click& c, double t) { return c.time < t; });
  return at == clicks.begin() ? 0 : hazard_[static_cast<std::size_t>(at - clicks.begin()) - 1];
}

// Who leaves between two rows and has no event is censored.
void ArmModel::first_rates() {
  const std::size_t rows = at_risk_.size();
  censor_hazard_.assign(rows + 1, -1);
  double all_censored = 0;
  double all_time = 0;
  for (std::size_t k = 0; k + 1 < rows; ++k) {
    const double gap = at_risk_[k + 1].time - at_risk_[k].time;
    if (!(gap > 0)) continue;
    const double left = at_risk_[k].count - at_risk_[k + 1].count;
    const double survived = std::exp(hazard_before(at_risk_[k]) - hazard_before(at_risk_[k + 1]));
    const double spent = gap * 0.5 * (at_risk_[k].count + at_risk_[k + 1].count);
    const double censored = std::max(left - at_risk_[k].count * (1 - survived), 0.0);
    all_censored += censored;
    all_time += spent;
    censor_hazard_[k + 1] = (censored + 0.5) / std::max(spent, 1e-300);
  }
  const double overall =
      all_time > 0 ? (all_censored + 0.5) / all_time
                   : 0.2 / clicks_->axis;  // assumed: one patient in five over the whole figure
  for (std::size_t k = 0; k <= rows; ++k) {
    if (censor_hazard_[k] < 0)
      censor_hazard_[k] = k > 0 && censor_hazard_[k - 1] >= 0 ? censor_hazard_[k - 1] : overall;
  }
  if (rows > 1) censor_hazard_[0] = censor_hazard_[1];
}

// The cumulative hazard of censoring is a monotone cubic through its values at the rows of the
// table: staggered entry makes censoring set in slowly, not all at once at a row.
// Source: Fritsch & Butland, SIAM J Sci Stat Comput 1984;5:300 (harmonic mean of the neighbours).
double ArmModel::censor_hazard_between(double from, double to) const {
  const std::size_t k = interval_of(0.5 * (from + to));
  const double mean = censor_hazard_[k];
  if (k == 0 || k == at_risk_.size()) return mean * (to - from);
  const double start = at_risk_[k - 1].time;
  const double width = at_risk_[k].time - start;
  const auto cumulative = [&](double time) {
    const double u = std::clamp((time - start) / width, 0.0, 1.0);
    return width * (censor_slope_[k - 1] * u * (1 - u) * (1 - u) + mean * u * u * (3 - 2 * u) -
                    censor_slope_[k] * u * u * (1 - u));
  };
  return std::max(cumulative(to) - cumulative(from), 0.0);
}

void ArmModel::set_rates() {
  censor_slope_.assign(at_risk_.size(), 0);
  for (std::size_t k = 0; k < at_risk_.size(); ++k) {
    const double before = censor_hazard_[k];
    const double after = censor_hazard_[k + 1];
    censor_slope_[k] = before + after > 0 ? 2 * before * after / (before + after) : 0;
  }
  if (at_risk_.size() > 1) {  // the ends go on as they begin
    const auto end_slope = [](double mean, double inner) {
      return std::clamp(1.5 * mean - 0.5 * inner, 0.0, 3 * mean);
    };
    censor_slope_.front() = end_slope(censor_hazard_[1], censor_slope_[1]);
    const std::size_t last = at_risk_.size() - 1;
    censor_slope_[last] = end_slope(censor_hazard_[last], censor_slope_[last - 1]);
  }
  const double floor_hazard = hazard_floor_share * std::max(hazard_.back(), 0.01) / clicks_->axis;
  const double least_gap = 1e-4 * clicks_->axis;
  double since = 0;  // no events were possible from here to the present step
  for (std::size_t k = 0; k < steps_.size(); ++k) {
    Step& step = steps_[k];
    // Of two clicks at one time the first is the top of the drop.
    const bool top = kind_ == ClickKind::steps && k + 1 < steps_.size() && step.has_events &&
                     steps_[k + 1].has_events && steps_[k + 1].end == step.end;
    const double start = kind_ == ClickKind::steps ? since : step.start;
    const double hazard = (step.has_events && !top ? hazard_at(step.end) - hazard_at(start) : 0) +
                          floor_hazard * std::max(step.end - step.start, least_gap);
    if (step.has_events && !top) since = step.end;
    step.event_rate = -std::expm1(-hazard);
    if (step.start >= clicks_->clicks.back().time) step.event_rate *= unseen_drop;
    step.censor_rate = -std::expm1(-censor_hazard_between(step.start, step.end));
  }
}

// Events in a sampled step find half of its censorings still at risk on average only. With c
// censorings and d events in random order the share that they find has the variance of a
// Mann-Whitney statistic, (c + d + 1) / (12 c d), and survival moves by c d / n^2 with it. What a
// step leaves open stays in all later levels.
// Source: Mann & Whitney, Ann Math Stat 1947;18:50.
void ArmModel::set_order_noise() {
  order_noise_.assign(click_steps_.size(), 0);
  if (kind_ == ClickKind::steps) return;
  double people = highest_start_;
  double variance = 0;  // of the logarithm of survival
  std::size_t click = 0;
  for (std::size_t k = 0; k < steps_.size() && click < click_steps_.size(); ++k) {
    const Step& step = steps_[k];
    const double c = people * step.censor_rate;
    const double d = people * step.event_rate;
    const double n = std::max(people - 0.5 * (c + d), 1.0);
    variance += c * d * (c + d + 1) / (12 * n * n * n * n);
    people = std::max(people - c - d, 0.0);
    if (step.at_risk >= 0) people = step.at_risk;
    if (click_steps_[click] != k) continue;
    order_noise_[click] = std::exp(-hazard_[click]) * std::sqrt(std::min(variance, 1.0));
    ++click;
  }
}

void ArmModel::set_noise(double noise) {
  noise_ = std::max(noise, std::max(clicks_->half_unit / std::sqrt(3.0), 1e-5));
  const std::vector<Click>& clicks = clicks_->clicks;
  const double span = 0.03 * clicks_->axis;
  for (std::size_t k = 0; k < clicks.size(); ++k) {
    // An error along the axis of time moves a reading by the slope of the curve.
    const double before = std::exp(-hazard_at(std::max(clicks[k].time - span, 0.0)));
    const double after = std::exp(-hazard_at(clicks[k].time + span));
    const double slope = (before - after) / (2 * span) * clicks_->axis;
    Step& step = steps_[click_steps_[k]];
    // Where whole patients show, such an error misses a drop or not, and is a slip if it does.
    const double unseen = highest_start_ * slope * noise_;
    step.noise = exact_ ? 1.02 * clicks_->half_unit + 1e-9
                        : std::hypot(noise_ * std::sqrt(1 + slope * slope * unseen / (1 + unseen)),
                                     order_noise_[k]);
  }
  if (!exact_) {  // a slip stays among the readings around it
    for (std::size_t k = 0; k < clicks.size(); ++k) {
      const std::size_t first = k < slip_neighbours ? 0 : k - slip_neighbours;
      const std::size_t last = std::min(k + slip_neighbours, clicks.size() - 1);
      double low = 1;
      double high = 0;
      for (std::size_t j = first; j <= last; ++j) {
        const double reach = slip_reach * steps_[click_steps_[j]].noise;
        low = std::min(low, clicks[j].survival - reach);
        high = std::max(high, clicks[j].survival + reach);
      }
      Step& step = steps_[click_steps_[k]];
      step.lowest = low;
      step.highest = k < slip_neighbours ? 1 : high;
      // A slip lies anywhere within these limits, a good reading within its noise: the densities of
      // both are compared. Without the width, clicks that are far apart or nearly without noise
      // would cost less to leave out than to meet.
      const double width = std::min(high, 1.0) - std::max(low, 0.0);
      step.slip = std::min(cheapest_slip,
                           share_of_slips * root_of_two_pi * step.noise / std::max(width, 1e-9));
    }
  }
  // Without a reading of its own a step ends above where the next readings can be.
  if (kind_ == ClickKind::points) {
    double lowest = 0;
    for (std::size_t k = steps_.size(); k-- > 0;) {
      Step& step = steps_[k];
      if (step.survival) {
        lowest = exact_ ? *step.survival - step.noise : step.lowest;
      } else if (step.highest == 1 && step.lowest <= 0.5 - 1e-9) {
        step.lowest = std::max(std::min(lowest, 1.0), step.lowest == 0.5 - 1e-9 ? 0.5 - 1e-9 : 0.0);
      }
    }
  }
}

void ArmModel::learn(const std::vector<Path>& paths) {
  const auto count = static_cast<double>(paths.size());
  const std::vector<Click>& clicks = clicks_->clicks;
  std::vector<double> mean(clicks.size(), 0);
  std::vector<double> residuals;
  residuals.reserve(clicks.size() * paths.size());
  for (std::size_t k = 0; k < clicks.size(); ++k) {
    const Step& step = steps_[click_steps_[k]];
    for (const Path& path : paths) {
      const double survival = path.survival[click_steps_[k]];
      const double off = (survival - clicks[k].survival) / step.noise;
      mean[k] += survival / count;
      residuals.push_back(std::fabs(off));
    }
  }
  hazard_ = smooth_cumulative_hazard(clicks, mean, hazard_bandwidth * clicks_->axis);
  std::vector<double> censored(censor_hazard_.size(), 0.0);
  std::vector<double> spent(censor_hazard_.size(), 0.0);
  for (const Path& path : paths) {
    double people = path.start;
    for (std::size_t k = 0; k < steps_.size(); ++k) {
      const std::size_t interval = interval_of(0.5 * (steps_[k].start + steps_[k].end));
      censored[interval] += path.censored[k] / count;
      spent[interval] += people * (steps_[k].end - steps_[k].start) / count;
      people -= path.censored[k] + path.events[k];
    }
  }
  // Before the first and after the last row nobody counts the censored: keep the neighbour's rate.
  for (std::size_t k = 1; k + 1 < censored.size(); ++k) {
    if (spent[k] > 0) censor_hazard_[k] = (censored[k] + 0.5) / spent[k];
  }
  if (censored.size() > 2) {
    censor_hazard_.front() = censor_hazard_[1];
    censor_hazard_.back() = censor_hazard_[censored.size() - 2];
  }
  const auto middle = residuals.begin() + static_cast<std::ptrdiff_t>(residuals.size() / 2);
  std::nth_element(residuals.begin(), middle, residuals.end());
  set_rates();
  set_order_noise();
  set_noise(noise_ * *middle / normal_quartile);
}

std::vector<Step> ArmModel::steps_towards_mean(const std::vector<Path>& paths) const {
  const auto count = static_cast<double>(paths.size());
  std::vector<Step> steps = steps_;
  std::vector<double> people;
  for (const Path& path : paths) people.push_back(path.start);
  for (std::size_t k = 0; k < steps.size(); ++k) {
    Step& step = steps[k];
    double mean = 0;
    double mean_people = 0;
    double mean_left = 0;
    for (std::size_t j = 0; j < paths.size(); ++j) {
      mean += paths[j].survival[k] / count;
      mean_people += people[j] / count;
      people[j] -= paths[j].events[k] + paths[j].censored[k];
      mean_left += people[j] / count;
    }
    step.likely_left = mean_left;
    step.left_noise = std::max(1.0, 0.01 * mean_left);
    if (!step.has_events) continue;
    if (exact_ && step.survival) {  // the window stays
      step.lowest = std::max(step.lowest, *step.survival - step.noise);
      step.highest = std::min(step.highest, *step.survival + step.noise);
    }
    step.survival = mean;
    step.noise = std::max(0.3 * (exact_ ? clicks_->half_unit : noise_),
                          0.3 * mean / std::max(mean_people, 1.0));
  }
  return steps;
}

}  // namespace npcsim::reconstruction

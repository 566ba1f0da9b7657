#include <npcsim/reconstruction/assess.hpp>
#include <npcsim/reconstruction/detail/arm_model.hpp>
#include <npcsim/reconstruction/detail/place.hpp>
#include <npcsim/reconstruction/misfit.hpp>
#include <npcsim/reconstruction/reconstruct.hpp>

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

namespace npcsim {
namespace {

using reconstruction::ArmModel;
using reconstruction::Kept;
using reconstruction::Path;
using reconstruction::PathSearch;
using reconstruction::Step;

// Slips among the readings pass for noise while rates are being learnt: the last search trusts the
// readings more. The share was chosen on curves of lung, veteran, ovarian and pbc.
constexpr double sharpening = 0.65;
constexpr int learning_rounds = 5;
constexpr std::uint32_t paths_to_learn = 20;
constexpr std::uint32_t paths_of_mean = 80;
// The records nearest to the mean of paths may miss the clicks by this factor more than those of
// the best path; assumed.
constexpr double worse_than_best = 1.5;
// How often the noise is raised if clicks stay far off, and by which factor.
constexpr int distrust_tries = 3;
constexpr double distrust_factor = 3;
// Digits that leave more than this open are treated as noise.
constexpr double coarsest_exact = 6e-4;
// With more digits than this a sampled curve never passes for one whose corners were clicked on.
constexpr double finest_doubtful = 1e-6;

std::vector<Path> draw_paths(const PathSearch& search, std::uint32_t count, std::uint64_t seed,
                             std::uint32_t arm) {
  std::vector<Path> paths;
  for (std::uint32_t k = 0; k < count; ++k) {
    auto drawn = search.draw(PatientDraws(DrawKey{seed, k}, arm));
    paths.push_back(drawn ? std::move(*drawn) : search.best());
  }
  return paths;
}

// Quickly, and with patience if that finds nothing.
std::unique_ptr<PathSearch> search_for(const ArmModel& model) {
  PathSearch::Settings settings = model.settings();
  auto quick = std::make_unique<PathSearch>(model.steps(), settings);
  if (quick->feasible()) return quick;
  settings.patient = true;
  settings.most_states *= settings.exact ? 4 : 2;
  if (settings.exact) settings.level_width /= 4;
  return std::make_unique<PathSearch>(model.steps(), settings);
}

// A model with its search; empty if nothing agrees with what is kept.
struct Fitted {
  std::unique_ptr<ArmModel> model;
  std::unique_ptr<PathSearch> search;
};

Fitted fit(const PublishedCurve& curve, const CleanedClicks& clicks, ClickKind kind, bool exact,
           const Kept& kept, std::uint32_t arm) {
  Fitted out;
  auto model = std::make_unique<ArmModel>(curve, clicks, kind, exact, kept);
  std::unique_ptr<PathSearch> search = search_for(*model);
  for (int tries = 0; !exact && !search->feasible() && tries < 5; ++tries) {
    model->set_noise(1.7 * model->noise());
    search = search_for(*model);
  }
  if (!search->feasible()) return out;
  for (int round = 0; round < learning_rounds; ++round) {
    auto better = std::make_unique<ArmModel>(*model);
    better->learn(draw_paths(*search, paths_to_learn, 0, arm));
    std::unique_ptr<PathSearch> next = search_for(*better);
    if (!next->feasible()) break;
    const double change = std::fabs(better->noise() / model->noise() - 1);
    search = std::move(next);
    model = std::move(better);
    // The search looks at the steps of its own model.
    if (round >= 2 && (exact || change < 0.02)) break;
  }
  if (!exact) {
    auto sharper = std::make_unique<ArmModel>(*model);
    sharper->set_noise(sharpening * model->noise());
    auto next = std::make_unique<PathSearch>(sharper->steps(), sharper->settings());
    if (next->feasible()) {
      search = std::move(next);
      model = std::move(sharper);
    }
  }
  out.model = std::move(model);
  out.search = std::move(search);
  return out;
}

// Whether clicks at which nothing happened are as many as a sampled curve would have.
ClickKind kind_of_exact(const Path& path, const std::vector<Step>& steps) {
  std::size_t flat = 0;
  std::size_t single = 0;
  std::size_t several = 0;
  for (std::size_t k = 0; k < steps.size(); ++k) {
    if (!steps[k].survival || steps[k].end <= 0) continue;
    if (path.events[k] == 0) {
      const bool corner =
          k + 1 < steps.size() && steps[k + 1].survival && steps[k + 1].end == steps[k].end;
      if (!corner && path.censored[k] == 0) ++flat;
    } else {
      ++(path.events[k] == 1 ? single : several);
    }
  }
  return 10 * flat > single + several && several > single ? ClickKind::points : ClickKind::steps;
}

// What to give up, the most doubtful first, until something agrees with the rest.
std::vector<std::pair<Kept, const char*>> concessions(const PublishedCurve& curve) {
  std::vector<std::pair<Kept, const char*>> out;
  out.emplace_back(Kept{}, "");
  Kept kept;
  if (!curve.ticks.empty()) {
    kept.ticks = false;
    out.emplace_back(kept, "the censoring marks were given up");
  }
  if (curve.median || !curve.landmarks.empty()) {
    kept.median = kept.landmarks = false;
    out.emplace_back(kept, "the published median and landmark survivals were given up");
  }
  if (curve.events) {
    kept.events = false;
    out.emplace_back(kept, "the published total of events was given up");
  }
  for (std::size_t rows = curve.at_risk.size(); rows-- > 1;) {
    kept.at_risk_rows = rows;
    out.emplace_back(kept, "the last rows of the at-risk table were given up");
  }
  return out;
}

// Whole patients that are nearest to the mean of drawn paths.
std::vector<PatientRecord> main_records(const PublishedCurve& curve, const Fitted& fitted,
                                        std::uint32_t arm, double end) {
  const std::vector<Path> paths = draw_paths(*fitted.search, paths_of_mean, 0, arm);
  const std::vector<Step> towards = fitted.model->steps_towards_mean(paths);
  PathSearch::Settings settings = fitted.model->settings();
  const bool exact = std::exchange(settings.exact, false);
  settings.slips = false;
  const auto placed = [&](const Path& path) {
    return reconstruction::place(fitted.model->steps(), path, curve, end, std::nullopt);
  };
  std::vector<PatientRecord> best = placed(fitted.search->best());
  const PathSearch nearest(towards, settings);
  if (!nearest.feasible()) return best;
  std::vector<PatientRecord> records = placed(nearest.best());
  if (exact) return records;  // whose clicks are windows
  // A mean of paths that meet the clicks in different ways need not meet them.
  const bool misses = assess(curve, records).rmse > worse_than_best * assess(curve, best).rmse;
  return misses ? best : records;
}

// Clicks that cannot all be met are left out as slips, one by one, if the noise is small. If that
// leaves some far off, less trust in all of them may find records that miss none by much.
void trust_less(const PublishedCurve& curve, std::uint32_t arm, double end, Fitted& fitted,
                std::vector<PatientRecord>& records) {
  const double learnt = fitted.model->noise();
  Misfit least = misfit(curve, records, learnt);
  double factor = 1;
  for (int tries = 0; tries < distrust_tries && least.missed > 0; ++tries) {
    factor *= distrust_factor;
    Fitted loose;
    loose.model = std::make_unique<ArmModel>(*fitted.model);
    loose.model->set_noise(factor * learnt);
    loose.search = search_for(*loose.model);
    if (!loose.search->feasible()) continue;
    std::vector<PatientRecord> others = main_records(curve, loose, arm, end);
    // The limits stay those of the noise that was learnt.
    const Misfit missed = misfit(curve, others, learnt);
    if (missed.missed >= least.missed) continue;
    least = missed;
    records = std::move(others);
    fitted = std::move(loose);
  }
}

}  // namespace

Reconstruction reconstruct(const PublishedCurve& curve, const ReconstructionOptions& options) {
  Reconstruction out;
  const CleanedClicks clicks = clean_clicks(curve.clicks);
  const double end = std::max(clicks.clicks.back().time, curve.at_risk.back().time);
  Fitted fitted;
  const auto attempt = [&](ClickKind kind, bool exact, const Kept& kept) {
    fitted = fit(curve, clicks, kind, exact, kept, options.arm);
    out.exact = exact;
    out.clicks = kind;
    return fitted.search != nullptr;
  };
  // Times on a grid are not those of steps, unless we are told so.
  const bool steps_possible = options.clicks == ClickKind::steps ||
                              (options.clicks == ClickKind::automatic && !clicks.even_times);
  const bool exact_steps = steps_possible && clicks.half_unit < coarsest_exact;
  const ClickKind noisy_kind = options.clicks != ClickKind::automatic ? options.clicks
                               : clicks.corners                       ? ClickKind::steps
                                                                      : ClickKind::points;
  for (const auto& [kept, words] : concessions(curve)) {
    bool found = exact_steps && attempt(ClickKind::steps, true, kept);
    if (found && options.clicks == ClickKind::automatic && clicks.half_unit > finest_doubtful &&
        kind_of_exact(fitted.search->best(), fitted.model->steps()) == ClickKind::points) {
      found = false;
    }
    if (!found) attempt(noisy_kind, false, kept);
    if (fitted.search != nullptr) {
      if (*words != '\0') out.notes.emplace_back(words);
      break;
    }
  }
  if (fitted.search == nullptr) {
    out.notes.emplace_back("no records agree with the first row of the at-risk table");
    return out;
  }
  out.found = true;
  out.noise = out.exact ? 0 : fitted.model->noise();
  out.records = main_records(curve, fitted, options.arm, end);
  if (!out.exact) trust_less(curve, options.arm, end, fitted, out.records);
  std::size_t not_drawn = 0;
  for (std::size_t k = 0; k < options.draws; ++k) {
    const PatientDraws draws(DrawKey{options.seed, static_cast<std::uint32_t>(k)}, options.arm);
    auto drawn = fitted.search->draw(draws);
    if (!drawn) ++not_drawn;
    const Path path = drawn ? std::move(*drawn) : fitted.search->best();
    out.draws.push_back(reconstruction::place(fitted.model->steps(), path, curve, end, draws));
  }
  if (not_drawn > 0) {
    out.notes.push_back(std::to_string(not_drawn) + " of " + std::to_string(options.draws) +
                        " draws have the numbers of the most plausible records: no others were "
                        "found that meet every click");
  }
  return out;
}

}  // namespace npcsim

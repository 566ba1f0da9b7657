#include <npcsim/base/portable_math.hpp>
#include <npcsim/calibration/worlds/study_plan.hpp>
#include <npcsim/random/draws.hpp>

#include <cmath>
#include <string_view>

namespace npcsim {
namespace {

struct Slot {
  DesignTier tier;
  std::size_t treatment;  // 0 none, 1 drug A, 2 drug B, 3 locoregional, 4 maintenance
};

constexpr auto randomised = DesignTier::randomised;
constexpr auto single_arm = DesignTier::single_arm;
constexpr auto matched = DesignTier::matched;
constexpr auto unmatched = DesignTier::unmatched;
constexpr std::array<Slot, world_studies> slots{{
    {randomised, 1}, {randomised, 1}, {randomised, 1}, {randomised, 2}, {randomised, 2},
    {randomised, 2}, {randomised, 4}, {randomised, 4}, {randomised, 1}, {randomised, 3},
    {single_arm, 1}, {single_arm, 2}, {single_arm, 0}, {single_arm, 0}, {single_arm, 4},
    {matched, 3},    {matched, 3},    {matched, 3},    {matched, 1},    {matched, 2},
    {matched, 4},    {matched, 4},    {matched, 2},    {unmatched, 3},  {unmatched, 3},
    {unmatched, 3},  {unmatched, 1},  {unmatched, 2},  {unmatched, 4},  {unmatched, 1},
}};

// Uniform draws of one study, one after the other.
class Draws {
 public:
  Draws(std::uint64_t seed, std::size_t study)
      : draws_({seed, 0}, static_cast<std::uint32_t>(study)) {}
  double uniform(double low, double high) {
    return low + (high - low) * draws_.uniform(StreamName("world plan"), next_++);
  }
  bool chance(double probability) { return uniform(0, 1) < probability; }

 private:
  PatientDraws draws_;
  std::uint32_t next_ = 0;
};

// Patients an arm: log-uniform between limits that depend on the design.
std::uint32_t draw_size(DesignTier tier, Draws& draws) {
  const double least = tier == DesignTier::randomised ? 80 : 40;
  const double most = tier == DesignTier::single_arm ? 120 : 400;
  return static_cast<std::uint32_t>(
      std::lround(portable::exp(draws.uniform(portable::log(least), portable::log(most)))));
}

void plan_figures(StudyPlan& plan, Draws& draws) {
  const bool median_pfs = draws.chance(0.6);
  const bool median_os = draws.chance(0.6);
  const bool early = draws.chance(0.8);
  const double middle = draws.chance(0.5) ? 12 : 24;
  const bool show_middle = draws.chance(0.6);
  const double late = draws.chance(0.4) && plan.longest() > 42 ? 36 : 24;
  const bool show_late = draws.chance(0.8);
  const bool very_late = draws.chance(0.4) && plan.longest() > 66;
  for (const bool treated : {false, true}) {
    if (treated ? !plan.treated() : !plan.control && plan.treated()) continue;
    const auto add = [&](WorldFigure kind, WorldEndpoint endpoint, double at) {
      plan.figures.push_back({kind, endpoint, treated, at, 0});
    };
    if (median_pfs) add(WorldFigure::median, WorldEndpoint::pfs, 0);
    if (early) add(WorldFigure::survival, WorldEndpoint::pfs, 6);
    if (show_middle) add(WorldFigure::survival, WorldEndpoint::pfs, middle);
    if (median_os) add(WorldFigure::median, WorldEndpoint::os, 0);
    if (show_late) add(WorldFigure::survival, WorldEndpoint::os, late);
    if (very_late) add(WorldFigure::survival, WorldEndpoint::os, 60);
  }
  if (plan.treated() && plan.control) {
    if (draws.chance(0.8))
      plan.figures.push_back({WorldFigure::hazard_ratio, WorldEndpoint::pfs, true, 0, 0});
    if (draws.chance(0.7))
      plan.figures.push_back({WorldFigure::hazard_ratio, WorldEndpoint::os, true, 0, 0});
  }
  for (std::size_t k = 0; k < 2; ++k) {
    if (!draws.chance(0.4)) continue;
    const auto factor = static_cast<std::size_t>(draws.uniform(0, world_factors));
    const auto endpoint = k == 0 ? WorldEndpoint::pfs : WorldEndpoint::os;
    plan.figures.push_back({WorldFigure::factor_hazard_ratio, endpoint, false, 0, factor});
  }
}

}  // namespace

double StudyPlan::stratum_share(std::size_t stratum) const {
  double share = 1;
  for (std::size_t j = 0; j < world_factors; ++j)
    share *= (stratum >> j & 1U) != 0 ? shares[j] : 1 - shares[j];
  return share;
}

std::vector<StudyPlan> plan_studies(std::uint64_t seed) {
  std::vector<StudyPlan> out;
  for (std::size_t s = 0; s < world_studies; ++s) {
    Draws draws(seed, s);
    StudyPlan plan;
    plan.tier = slots[s].tier;
    plan.treatment = slots[s].treatment;
    plan.control = plan.tier != DesignTier::single_arm || plan.treatment == 0;
    plan.n = draw_size(plan.tier, draws);
    for (double& share : plan.shares) share = draws.uniform(0.2, 0.8);
    plan.accrual_months = draws.uniform(12, 36);
    plan.follow_months = draws.uniform(18, 42);
    plan_figures(plan, draws);
    out.push_back(std::move(plan));
  }
  return out;
}

}  // namespace npcsim

#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/calibration/worlds/author_statistics.hpp>
#include <npcsim/calibration/worlds/expected_figures.hpp>
#include <npcsim/calibration/worlds/synthetic_world.hpp>
#include <npcsim/random/draws.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace npcsim {
namespace {

constexpr double delay_months = 6;  // of treatment effects in misspecified worlds; assumed

std::string name_of(const PlannedFigure& figure) {
  const std::string endpoint = figure.endpoint == WorldEndpoint::pfs ? "PFS" : "OS";
  const std::string arm = figure.treated ? ", treated" : ", control";
  switch (figure.kind) {
    case WorldFigure::median:
      return "median " + endpoint + arm;
    case WorldFigure::survival:
      return endpoint + " at " + shortest(figure.at_months) + " months" + arm;
    case WorldFigure::hazard_ratio:
      return "hazard ratio, " + endpoint;
    case WorldFigure::factor_hazard_ratio:
      break;
  }
  return "hazard ratio of factor " + std::to_string(figure.factor + 1) + ", " + endpoint;
}

TargetGroup group_of(const PlannedFigure& figure) {
  if (figure.kind == WorldFigure::hazard_ratio) return TargetGroup::contrast;
  if (figure.kind == WorldFigure::factor_hazard_ratio) return TargetGroup::other;
  return figure.treated ? TargetGroup::treated : TargetGroup::control;
}

// Rows of simulated lives by stratum, and what shares of a study's patients come before each.
class StratumSampler {
 public:
  StratumSampler(const WorldLives& lives, const StudyPlan& plan) {
    for (std::uint32_t i = 0; i < lives.patients; ++i) rows_[lives.stratum[i]].push_back(i);
    double sum = 0;
    for (std::size_t x = 0; x < world_strata; ++x)
      cumulative_[x] = sum += rows_[x].empty() ? 0 : plan.stratum_share(x);
  }
  // A patient of the study: its stratum and the row within it from one uniform number.
  std::size_t row(double u) const {
    const double place = u * cumulative_.back();
    const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end() - 1, place);
    const auto x = static_cast<std::size_t>(found - cumulative_.begin());
    const double below = x == 0 ? 0 : cumulative_[x - 1];
    const double part = (place - below) / (cumulative_[x] - below);
    const auto n = static_cast<double>(rows_[x].size());
    return rows_[x][static_cast<std::size_t>(std::clamp(part * n, 0.0, n - 1))];
  }

 private:
  std::array<std::vector<std::uint32_t>, world_strata> rows_;
  std::array<double, world_strata> cumulative_{};
};

}  // namespace

SyntheticWorld::SyntheticWorld(const WorldDisease& disease, const WorldOptions& options)
    : disease_(disease), options_(options), plans_(plan_studies(options.seed)) {
  draw_truth();
  for (std::size_t s = 0; s < plans_.size(); ++s) {
    const bool series =
        plans_[s].tier == DesignTier::matched || plans_[s].tier == DesignTier::unmatched;
    studies_.push_back({"study " + std::to_string(s + 1), plans_[s].tier, series});
    publish(s);
  }
  bend_shapes();
}

void SyntheticWorld::draw_truth() {
  const PatientDraws draws({options_.seed, 0}, 0);
  const auto& parameters = disease_.parameters();
  for (std::size_t j = 0; j < parameters.size(); ++j)
    truth_.push_back(parameters[j].mean +
                     parameters[j].sd * draws.normal(StreamName("world parameter"),
                                                     static_cast<std::uint32_t>(j)));
  const auto priors = default_between_priors();
  for (std::size_t h = 0; h < priors.size(); ++h)
    true_between_[h] = between_value(priors[h], draws.normal(StreamName("world between"),
                                                             static_cast<std::uint32_t>(h)))
                           .value;
}

StudyShift SyntheticWorld::draw_shift(std::size_t study) const {
  const PatientDraws draws({options_.seed, 0}, static_cast<std::uint32_t>(study));
  const auto z = [&](std::uint32_t k) { return draws.normal(StreamName("world shift"), k); };
  return study_shift(true_between_, studies_[study], {z(0), z(1), z(2), z(3), z(4)});
}

// Simulates the patients of a study, each of them once, and writes down what is published.
void SyntheticWorld::publish(std::size_t s) {
  const StudyPlan& plan = plans_[s];
  const StudyShift shift = draw_shift(s);
  WorldPatients patients;
  patients.seed = options_.seed;
  patients.replicate = static_cast<std::uint32_t>(s + 1);
  patients.count = 2 * plan.n;
  patients.shares = plan.shares;
  patients.progression_shift = shift.progression;
  patients.death_shift = shift.death;
  patients.onset_days = options_.delayed ? delay_months * days_per_month : 0;
  const WorldLives untreated = disease_.simulate(truth_, patients);
  patients.progression_shift += shift.effect;
  patients.death_shift += shift.effect;
  const WorldLives treated = disease_.simulate(truth_, patients);
  ArmRecords control_arm;
  ArmRecords treated_arm;
  for (std::uint32_t i = 0; i < patients.count; ++i) {
    const std::int32_t until = until_analysis(
        plan, PatientDraws({options_.seed, patients.replicate}, i).uniform(StreamName("accrual")));
    if (i < plan.n) {
      if (plan.control) control_arm.add(untreated, disease_.shape(), 0, i, until);
    } else if (plan.treated()) {
      treated_arm.add(treated, disease_.shape(), plan.treatment, i, until);
    }
  }
  const auto figures = author_figures(plan, control_arm, treated_arm);
  for (std::size_t k = 0; k < figures.size(); ++k) {
    CalibrationTarget target;
    target.id = studies_[s].id + ", " + name_of(plan.figures[k]);
    target.study = static_cast<std::int32_t>(s);
    target.scale = scale_of(plan.figures[k]);
    target.value = figures[k].value;
    target.se = figures[k].se;
    target.patients = plan.n;
    target.group = group_of(plan.figures[k]);
    target.at_months = plan.figures[k].at_months;
    if (std::isinf(target.value)) {
      target.reading = TargetReading::above;
      target.value = portable::log(plan.longest());
    } else if (std::isnan(target.value)) {
      target.value = 0;
      target.fitted = false;
    }
    targets_.push_back(std::move(target));
  }
}

// Every figure is moved as if its hazards had a small shift of their own.
void SyntheticWorld::bend_shapes() {
  const std::vector<double> slopes = shape_slopes(*this, truth_);
  const PatientDraws draws({options_.seed, 0}, 0);
  for (std::size_t t = 0; t < targets_.size(); ++t) {
    if (targets_[t].reading != TargetReading::exact) continue;
    const CalibrationStudy& study = studies_[static_cast<std::size_t>(targets_[t].study)];
    const double move = shape_sd(true_between_, study) * slopes[t] *
                        draws.normal(StreamName("world shape"), static_cast<std::uint32_t>(t));
    if (std::isfinite(move)) targets_[t].value += move;
  }
}

std::vector<double> SyntheticWorld::predict(std::span<const double> theta, const StudyShift& shift,
                                            std::uint32_t stream) const {
  WorldPatients patients;
  patients.seed = options_.patients_seed;
  patients.replicate = stream;
  patients.count = options_.patients;
  patients.progression_shift = shift.progression;
  patients.death_shift = shift.death;
  const StratumCurves control(disease_.simulate(theta, patients), disease_.shape());
  std::optional<StratumCurves> treated;
  if (shift.effect != 0) {
    patients.progression_shift += shift.effect;
    patients.death_shift += shift.effect;
    treated.emplace(disease_.simulate(theta, patients), disease_.shape());
  }
  std::vector<double> out;
  for (const StudyPlan& plan : plans_) {
    const auto figures = expected_figures(plan, control, treated ? *treated : control);
    out.insert(out.end(), figures.begin(), figures.end());
  }
  return out;
}

std::vector<double> SyntheticWorld::replicate(std::span<const double> theta, std::size_t count,
                                              std::uint32_t stream) const {
  WorldPatients patients;
  patients.seed = options_.patients_seed;
  patients.replicate = stream;
  patients.count = options_.data_patients;
  const WorldLives lives = disease_.simulate(theta, patients);
  std::vector<double> out(count * targets_.size());
  std::size_t first = 0;
  for (std::size_t s = 0; s < plans_.size(); ++s) {
    const StudyPlan& plan = plans_[s];
    const StratumSampler sampler(lives, plan);
    for (std::size_t r = 0; r < count; ++r) {
      ArmRecords arms[2];
      for (std::uint32_t i = 0; i < 2 * plan.n; ++i) {
        const bool treated = i >= plan.n;
        if (treated ? !plan.treated() : !plan.control) continue;
        // Patients of all data sets of all studies are numbered on.
        const auto number = static_cast<std::uint32_t>(s * count + r) * 1024 + i;
        const UniformPair u = PatientDraws({options_.patients_seed, stream}, number)
                                  .uniform_pair(StreamName("data set"));
        arms[treated].add(lives, disease_.shape(), treated ? plan.treatment : 0,
                          sampler.row(u.first), until_analysis(plan, u.second));
      }
      const auto figures = author_figures(plan, arms[0], arms[1]);
      for (std::size_t k = 0; k < figures.size(); ++k)
        out[r * targets_.size() + first + k] = figures[k].value;
    }
    first += plan.figures.size();
  }
  return out;
}

}  // namespace npcsim

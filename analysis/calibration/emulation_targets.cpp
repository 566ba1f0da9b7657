#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/model/prior.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

namespace npcsim {
namespace {

// What a model says where it contradicts itself, or nobody is eligible, and a data set that is
// passed over.
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// d^2/dx^2 log Gamma(x): the recurrence up to 12, then the asymptotic series (Abramowitz & Stegun
// 6.4.12), whose next term is below 1e-14 there.
double trigamma(double x) {
  double sum = 0;
  while (x < 12) {
    sum += 1 / (x * x);
    x += 1;
  }
  const double s = 1 / (x * x);
  return sum + 1 / x + s / 2 +
         s / x * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * 5.0 / 66))));
}

TargetScale scale_of_target(FigureScale scale) {
  if (scale == FigureScale::log) return TargetScale::log;
  return scale == FigureScale::arcsine ? TargetScale::arcsine : TargetScale::identity;
}

TargetReading reading_of_target(FigureReading reading) {
  switch (reading) {
    case FigureReading::above:
      return TargetReading::above;
    case FigureReading::below:
      return TargetReading::below;
    case FigureReading::within:
      return TargetReading::within;
    case FigureReading::exact:
      break;
  }
  return TargetReading::exact;
}

bool listed(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// \pre the model of the pool has the parameter.
const Parameter& record_of(const PatientPool& pool, const std::string& parameter) {
  const ParameterTable& table = pool.base().model.parameters;
  return table.rows()[static_cast<std::size_t>(table.find(parameter))];
}

bool same_prior(const Parameter& a, const Parameter& b) {
  return a.distribution.kind == b.distribution.kind &&
         a.distribution.first == b.distribution.first &&
         a.distribution.second == b.distribution.second && a.suffix == b.suffix;
}

std::string prior_text(const Parameter& parameter) {
  return written(parameter.distribution) + (parameter.suffix.empty() ? "" : " " + parameter.suffix);
}

}  // namespace

Heterogeneity heterogeneity_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::share:
    case Statistic::response_rate:
    case Statistic::toxicity_rate:
      return Heterogeneity::proportion;
    case Statistic::c_index:
    case Statistic::auc:
      return Heterogeneity::none;
    default:
      return Heterogeneity::hazard;
  }
}

CalibrationStudy calibration_study(std::string id, const std::string& design, bool chosen,
                                   bool balanced) {
  CalibrationStudy out;
  out.id = std::move(id);
  out.series = design == "retrospective" || design == "registry" || design == "review";
  if (design == "randomised") {
    out.tier = DesignTier::randomised;
  } else if (!chosen) {
    out.tier = DesignTier::single_arm;
  } else {
    out.tier = balanced ? DesignTier::matched : DesignTier::unmatched;
  }
  return out;
}

CalibrationStudy calibration_study(const EmulatedStudy& study) {
  const EmulationDoc& doc = study.document();
  CalibrationStudy out =
      calibration_study(doc.name, study.design(), !doc.chosen.empty(), doc.balanced);
  out.publication = doc.publication.text;
  return out;
}

CalibrationParameter real_line_prior(const Parameter& parameter) {
  const Prior& prior = parameter.distribution;
  CalibrationParameter out;
  out.name = parameter.name;
  switch (prior.kind) {
    case Prior::Kind::log_normal:
      out.transform = ParameterTransform::log;
      out.mean = std::log(prior.first);
      out.sd = prior.second;
      break;
    case Prior::Kind::beta:
      out.transform = ParameterTransform::logit;
      out.mean = portable::digamma(prior.first) - portable::digamma(prior.second);
      out.sd = std::sqrt(trigamma(prior.first) + trigamma(prior.second));
      break;
    default:
      out.mean = prior.first;
      out.sd = prior.second;
      break;
  }
  return out;
}

EmulationTargets::EmulationTargets(const EmulationSet& set, const std::vector<Name>& parameters,
                                   const EmulationTargetOptions& options, Diagnostics& diagnostics)
    : set_(set) {
  for (const Name& name : parameters) add_parameter(name, diagnostics);
  for (std::size_t s = 0; set.sound() && s < set.studies().size(); ++s) {
    const EmulatedStudy& study = set.studies()[s];
    if (listed(options.without_designs, study.design()) ||
        listed(options.without_studies, study.document().name))
      continue;
    add_study(s, options);
  }
  for (const Name& name : parameters) warn_of_fixed(name, diagnostics);
}

// A study that gives a parameter a value of its own says nothing of it.
void EmulationTargets::warn_of_fixed(const Name& parameter, Diagnostics& diagnostics) const {
  std::vector<std::string> fixing;
  for (const std::size_t study : study_of_) {
    if (set_.pool(set_.pool_of(study)).is_fixed(parameter.text))
      fixing.push_back(set_.studies()[study].document().name);
  }
  if (fixing.empty()) return;
  const bool all = fixing.size() == study_of_.size();
  std::string names = fixing.front();
  for (std::size_t i = 1; i < fixing.size(); ++i) names += ", " + fixing[i];
  diagnostics.warning(
      parameter.place,
      (all ? "every study fixes '" + parameter.text + "', so that it keeps its prior"
           : "some studies fix '" + parameter.text + "' and say nothing of it") +
          ": " + names,
      "see 'parameters' of these emulations and of their populations", "parameters");
}

std::size_t EmulationTargets::fitted() const {
  return static_cast<std::size_t>(
      std::count_if(targets_.begin(), targets_.end(),
                    [](const CalibrationTarget& target) { return target.fitted; }));
}

std::size_t EmulationTargets::fitted_studies() const {
  std::set<std::int32_t> studies;
  for (const CalibrationTarget& target : targets_) {
    if (target.fitted) studies.insert(target.study);
  }
  return studies.size();
}

// Those whose figures the parameter can move come first: a pool may hold it at a value of its own.
std::vector<const PatientPool*> EmulationTargets::pools_with(const std::string& parameter) const {
  std::vector<const PatientPool*> out;
  for (const bool fixed : {false, true}) {
    for (std::size_t p = 0; p < set_.pools(); ++p) {
      if (!set_.has_pool(p)) continue;
      const PatientPool& pool = set_.pool(p);
      if (pool.base().model.parameters.find(parameter) >= 0 && pool.is_fixed(parameter) == fixed)
        out.push_back(&pool);
    }
  }
  return out;
}

void EmulationTargets::add_parameter(const Name& name, Diagnostics& diagnostics) {
  const std::vector<const PatientPool*> pools = pools_with(name.text);
  if (pools.empty()) {
    std::vector<std::string> names;
    bool any = false;
    for (std::size_t p = 0; p < set_.pools(); ++p) {
      if (!set_.has_pool(p)) continue;
      any = true;
      for (const Parameter& row : set_.pool(p).base().model.parameters.rows()) {
        if (!listed(names, row.name)) names.push_back(row.name);
      }
    }
    // Without a model nobody can say what it lacks.
    if (any)
      diagnostics.error(name.place, "the model has no parameter '" + name.text + "'",
                        suggestion(name.text, names), "parameters");
    return;
  }
  const Parameter& row = record_of(*pools.front(), name.text);
  const Prior::Kind kind = row.distribution.kind;
  if (kind != Prior::Kind::normal && kind != Prior::Kind::log_normal && kind != Prior::Kind::beta) {
    diagnostics.error(
        name.place,
        "'" + name.text + "' has " +
            (kind == Prior::Kind::none ? "no prior" : "the prior " + written(row.distribution)) +
            ", which calibration cannot fit",
        "normal, log_normal and beta can be fitted; half_normal and fixed cannot", "parameters");
    return;
  }
  check_prior(name, pools, diagnostics);
  parameters_.push_back(real_line_prior(row));
  records_.push_back(&row);
}

// One parameter has one prior, and that must keep to what the models use it for: within three
// standard deviations, beyond which a calibration hardly looks.
void EmulationTargets::check_prior(const Name& name, const std::vector<const PatientPool*>& pools,
                                   Diagnostics& diagnostics) const {
  constexpr double widest = 3;
  const Parameter& row = record_of(*pools.front(), name.text);
  for (const PatientPool* pool : pools) {
    if (pool != pools.front() && pool->is_fixed(name.text)) break;
    const Parameter& other = record_of(*pool, name.text);
    if (same_prior(row, other)) continue;
    diagnostics.contradiction(
        name.place,
        "'" + name.text + "' has the prior " + prior_text(row) + " in the model '" +
            pools.front()->base().model.name + "' and " + prior_text(other) + " in '" +
            pool->base().model.name + "'",
        "one parameter has one prior: give one of them another name or the other's prior",
        "parameters");
    return;
  }
  const CalibrationParameter prior = real_line_prior(row);
  for (const PatientPool* pool : pools) {
    if (pool != pools.front() && pool->is_fixed(name.text)) break;
    const ParameterTable& table = pool->base().model.parameters;
    const auto index = static_cast<std::size_t>(table.find(name.text));
    std::vector<double> values = table.values();
    for (const double sds : {-widest, widest}) {
      const double written = natural_value(prior.transform, prior.mean + sds * prior.sd);
      values[index] = inner_value(row, written).value_or(std::numeric_limits<double>::quiet_NaN());
      for (const ValueUse& use : pool->base().uses) {
        const auto& of = use.value.parameters;
        if (std::find(of.begin(), of.end(), static_cast<std::int32_t>(index)) == of.end() ||
            use.allows(use.value.at(values)))
          continue;
        diagnostics.error(row.distribution.place,
                          "the prior of '" + name.text + "' reaches " + rounded(written, 3) +
                              " (three standard deviations from its mean), but '" + use.key +
                              "' must be " + use.range,
                          "a prior that keeps the range, e.g. beta for shares, log_normal above 0",
                          use.path);
        return;
      }
    }
  }
}

void EmulationTargets::add_study(std::size_t study, const EmulationTargetOptions& options) {
  const EmulatedStudy& emulated = set_.studies()[study];
  const auto times = options.patients_times.find(emulated.design());
  const double spread = times == options.patients_times.end() ? 1.0 : 1 / std::sqrt(times->second);
  const auto number = static_cast<std::int32_t>(studies_.size());
  bool any = false;
  for (std::size_t f = 0; f < emulated.figures(); ++f) {
    const Figure& figure = emulated.figure(f);
    if (!figure.not_simulated.empty() || !figure.published) continue;
    CalibrationTarget target;
    target.id = figure.id;
    target.study = number;
    target.scale = scale_of_target(figure.scale);
    target.reading = reading_of_target(figure.reading);
    target.value = figure.value;
    target.low = figure.low;
    target.high = figure.high;
    target.se = figure.se * spread;
    target.patients = figure.n / (spread * spread);
    target.heterogeneity = heterogeneity_of(figure.statistic);
    target.fitted = figure.fitted();
    target.group = !figure.against.empty()      ? TargetGroup::contrast
                   : emulated.only_treated(f)   ? TargetGroup::treated
                   : emulated.only_untreated(f) ? TargetGroup::control
                                                : TargetGroup::other;
    target.at_months = figure.statistic == Statistic::landmark_survival ? figure.at_months : 0.0;
    targets_.push_back(std::move(target));
    figure_of_.push_back(set_.first_figure(study) + f);
    spread_.push_back(spread);
    any = true;
  }
  if (!any) return;
  studies_.push_back(calibration_study(emulated));
  study_of_.push_back(study);
}

NamedValues EmulationTargets::values(std::span<const double> theta) const {
  NamedValues out;
  for (std::size_t p = 0; p < parameters_.size(); ++p) {
    const double written = natural_value(parameters_[p].transform, theta[p]);
    out.emplace_back(
        parameters_[p].name,
        inner_value(*records_[p], written).value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return out;
}

std::string EmulationTargets::contradiction(std::span<const double> theta) const {
  const NamedValues named = values(theta);
  try {
    for (std::size_t p = 0; p < set_.pools(); ++p)
      static_cast<void>(set_.pool(p).simulate(named, {}, 0, 1));
  } catch (const ImpossibleValues& error) {
    return error.what();
  }
  return {};
}

std::vector<double> EmulationTargets::predict(std::span<const double> theta,
                                              const StudyShift& shift, std::uint32_t stream) const {
  try {
    return figures_at(theta, shift, stream);
  } catch (const ImpossibleValues&) {
    return std::vector<double>(targets_.size(), nothing);
  }
}

std::vector<double> EmulationTargets::figures_at(std::span<const double> theta,
                                                 const StudyShift& shift,
                                                 std::uint32_t stream) const {
  const NamedValues named = values(theta);
  const std::vector<Twins> others = set_.simulate(named, {shift.progression, shift.death}, stream);
  std::vector<double> all;
  if (shift.effect == 0) {
    all = set_.expected(others, others, named);
  } else {
    const std::vector<Twins> treated = set_.simulate(
        named, {shift.progression + shift.effect, shift.death + shift.effect}, stream);
    all = set_.expected(others, treated, named);
  }
  std::vector<double> out;
  for (const std::size_t figure : figure_of_) out.push_back(all[figure]);
  return out;
}

std::vector<double> EmulationTargets::replicate(std::span<const double> theta, std::size_t count,
                                                std::uint32_t stream) const {
  const NamedValues named = values(theta);
  std::vector<Twins> twins;
  try {
    twins = set_.simulate(named, {}, stream);
  } catch (const ImpossibleValues&) {
    return std::vector<double>(count * targets_.size(), nothing);
  }
  // Streams that differ by less than 2^18 share no draws: as many data sets are set aside for each.
  // The calibration's ranges of streams lie far enough apart, counted modulo 2^18.
  constexpr std::uint32_t data_sets_a_stream = 1U << 14;
  const std::vector<double> all = set_.sampled(twins, named, count, stream * data_sets_a_stream);
  const std::size_t targets = targets_.size();
  std::vector<double> out(count * targets);
  for (std::size_t t = 0; t < targets; ++t) {
    const bool ratio = set_.figure(figure_of_[t]).statistic == Statistic::hazard_ratio;
    double mean = 0;
    double finite = 0;
    for (std::size_t r = 0; r < count; ++r) {
      const double x = all[r * set_.figures() + figure_of_[t]];
      if (std::isfinite(x)) {
        mean += x;
        ++finite;
      }
    }
    mean /= std::max(finite, 1.0);
    for (std::size_t r = 0; r < count; ++r) {
      const double x = all[r * set_.figures() + figure_of_[t]];
      // Infinity is what a median may be; a ratio without events in one arm says nothing here.
      const double otherwise = ratio ? nothing : x;
      out[r * targets + t] = std::isfinite(x) ? mean + spread_[t] * (x - mean) : otherwise;
    }
  }
  return out;
}

}  // namespace npcsim

#include <npcsim/emulation/detail/study_checks.hpp>
#include <npcsim/emulation/detail/study_parts.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <tuple>

namespace npcsim {

using detail::ArmTwins;
using detail::DayHistogram;
using detail::FigureDesign;
using detail::StudyDesign;

namespace {

// Sums over the patients of a pool that figures share.
class Expectation {
 public:
  Expectation(const StudyDesign& design, const ArmTwins& twins, const std::vector<double>& values)
      : design_(design),
        twins_(twins),
        values_(values),
        weights_(detail::weigh(design, twins, values)),
        members_(detail::find_members(design, twins)) {
    for (const std::vector<double>& arm : weights_.weight) {
      for (const double w : arm) all_ += w;
    }
  }

  double group_weight(std::size_t group) const {
    double sum = 0;
    for_members(group, [&](std::size_t, std::uint32_t, double w) { sum += w; });
    return sum;
  }
  double all() const { return all_; }

  // Weight of those in all arms who fulfil the condition of a group.
  double condition_weight(std::size_t group) const {
    const OutcomeShape& shape = design_.pool->base().shape;
    const detail::RecordCondition& when = design_.groups[group].when;
    double sum = 0;
    for (std::size_t a = 0; a < weights_.weight.size(); ++a) {
      const std::vector<double>& weight = weights_.weight[a];
      for (std::uint32_t i = 0; i < weight.size(); ++i) {
        if (weight[i] > 0 && when.holds(*twins_[a], shape, design_.arms[a].strategy, i))
          sum += weight[i];
      }
    }
    return sum;
  }

  double share(const FigureDesign& figure, std::size_t group) const {
    const OutcomeShape& shape = design_.pool->base().shape;
    double counted = 0;
    double sum = 0;
    for_members(group, [&](std::size_t a, std::uint32_t i, double w) {
      sum += w;
      if (figure.share.holds(*twins_[a], shape, design_.arms[a].strategy, i)) counted += w;
    });
    return sum > 0 ? counted / sum : std::numeric_limits<double>::quiet_NaN();
  }

  const DayHistogram& histogram(std::size_t group, std::size_t endpoint, std::int8_t cause) {
    const auto key = std::tuple(group, endpoint, cause);
    const auto found = histograms_.find(key);
    if (found != histograms_.end()) return found->second;
    DayHistogram& out = histograms_[key];
    for_members(group, [&](std::size_t a, std::uint32_t i, double w) {
      const detail::EndpointTime time =
          detail::endpoint_time(design_, twins_, a, i, endpoint, weights_.origin[a][i]);
      if (time.code < 0) return;
      if (detail::counts(time.code, cause)) {
        out.add_event(time.days, w);
      } else {
        out.add_censored(time.days, w);
      }
    });
    return out;
  }

  // Figures without a formula for large studies: those of a study as large as the pool.
  double of_whole_pool(const FigureDesign& figure) const {
    const auto rows = detail::whole_pool(design_, weights_, {0, 0});
    return detail::sampled_statistic(design_, twins_, members_, rows, values_, figure);
  }

  const detail::StudyWeights& weights() const { return weights_; }
  const detail::Membership& members() const { return members_; }

 private:
  template <class Visit>
  void for_members(std::size_t group, const Visit& visit) const {
    for (std::size_t a = 0; a < weights_.weight.size(); ++a) {
      const std::vector<double>& weight = weights_.weight[a];
      const std::vector<std::uint8_t>& member = members_[group][a];
      for (std::uint32_t i = 0; i < weight.size(); ++i) {
        if (member[i] != 0 && weight[i] > 0) visit(a, i, weight[i]);
      }
    }
  }

  const StudyDesign& design_;
  const ArmTwins& twins_;
  const std::vector<double>& values_;
  detail::StudyWeights weights_;
  detail::Membership members_;
  double all_ = 0;
  std::map<std::tuple<std::size_t, std::size_t, std::int8_t>, DayHistogram> histograms_;
};

double natural_size(const StudyDesign& design, const Expectation& pool, std::size_t group) {
  return pool.all() > 0
             ? static_cast<double>(design.doc.patients) * pool.group_weight(group) / pool.all()
             : 0.0;
}

// Patients behind a figure in a study of the published size.
double natural_size(const StudyDesign& design, const Expectation& pool,
                    const FigureDesign& figure) {
  double n = natural_size(design, pool, figure.of);
  if (figure.against >= 0)
    n += natural_size(design, pool, static_cast<std::size_t>(figure.against));
  return n;
}

double survival_at(const DayHistogram& histogram, double days) {
  const std::vector<double> survival = detail::survival_by_day(histogram);
  return survival[std::min(static_cast<std::size_t>(days), survival.size() - 1)];
}

// Which number of patients a median, whose expectation depends on it, is of.
enum class Size : std::uint8_t { behind_figure, of_groups };

double expected_figure(const StudyDesign& design, Expectation& pool, const FigureDesign& figure,
                       Size size = Size::behind_figure) {
  const bool contrast = figure.against >= 0;
  const auto against = static_cast<std::size_t>(std::max(figure.against, 0));
  if (figure.counts) {
    const double of = pool.share(figure, figure.of);
    return contrast ? of - pool.share(figure, against) : to_scale(figure.figure.scale, of);
  }
  if (!figure.score.empty()) return pool.of_whole_pool(figure);
  const auto endpoint = static_cast<std::size_t>(figure.endpoint);
  const DayHistogram& of = pool.histogram(figure.of, endpoint, figure.cause);
  const detail::FollowUp follow = detail::follow_up(design);
  if (!(of.total > 0)) return std::numeric_limits<double>::quiet_NaN();
  if (figure.figure.statistic == Statistic::hazard_ratio)
    return detail::expected_log_hazard_ratio(of, pool.histogram(against, endpoint, figure.cause),
                                             follow);
  const auto level = [&](const DayHistogram& histogram, std::size_t group) {
    if (figure.counts_events) return detail::expected_event_share(histogram, follow);
    if (figure.at_days > 0) return survival_at(histogram, figure.at_days);
    const bool behind = size == Size::behind_figure && figure.figure.n > 0 && !contrast;
    const double n = behind ? figure.figure.n : natural_size(design, pool, group);
    return detail::expected_log_median(detail::survival_by_day(histogram), n);
  };
  const bool median = !figure.counts_events && !(figure.at_days > 0);
  const double first = level(of, figure.of);
  if (!contrast) return median ? first : to_scale(figure.figure.scale, first);
  const double second = level(pool.histogram(against, endpoint, figure.cause), against);
  return median ? std::exp(first) - std::exp(second) : first - second;
}

// A figure of a data set on its scale after its deviation has been stretched: nobody and everybody
// stay nobody and everybody, and no share goes beyond them.
double stretched(FigureScale scale, double one, double moved) {
  if (scale != FigureScale::arcsine) return moved;
  const double none = to_scale(scale, 0);
  const double all = to_scale(scale, 1);
  return one <= none || one >= all ? one : std::clamp(moved, none, all);
}

}  // namespace

EmulatedStudy::EmulatedStudy(EmulationDoc doc, PatientPool& pool, const Evidence& evidence,
                             Diagnostics& diagnostics)
    : parts_(std::make_unique<Parts>()) {
  parts_->design = detail::design_study(std::move(doc), pool, diagnostics);
  parts_->figures = detail::design_figures(parts_->design, evidence, diagnostics);
  const Study* study = find(evidence.studies, parts_->design.doc.publication.text);
  if (study != nullptr) parts_->kind = study->design;
  if (!parts_->design.doc.trial.empty()) parts_->kind = "running";
  detail::check_study(parts_->design, parts_->figures, evidence, diagnostics);
}

EmulatedStudy::~EmulatedStudy() = default;
EmulatedStudy::EmulatedStudy(EmulatedStudy&&) noexcept = default;

const EmulationDoc& EmulatedStudy::document() const { return parts_->design.doc; }
const PatientPool& EmulatedStudy::pool() const { return *parts_->design.pool; }
const std::string& EmulatedStudy::design() const { return parts_->kind; }
std::size_t EmulatedStudy::figures() const { return parts_->figures.size(); }
const Figure& EmulatedStudy::figure(std::size_t index) const {
  return parts_->figures[index].figure;
}

bool EmulatedStudy::only_treated(std::size_t index) const {
  const detail::GroupDesign& group = parts_->design.groups[parts_->figures[index].of];
  for (std::size_t a = 0; a < group.arms.size(); ++a) {
    if (group.arms[a] && !parts_->design.arms[a].treated) return false;
  }
  return true;
}

bool EmulatedStudy::only_untreated(std::size_t index) const {
  const detail::GroupDesign& group = parts_->design.groups[parts_->figures[index].of];
  for (std::size_t a = 0; a < group.arms.size(); ++a) {
    if (group.arms[a] && parts_->design.arms[a].treated) return false;
  }
  return true;
}

std::string_view EmulatedStudy::model_endpoint(std::size_t index) const {
  const FigureDesign& figure = parts_->figures[index];
  if (!figure.figure.not_simulated.empty() || figure.endpoint < 0 || figure.counts_events)
    return {};
  const auto& endpoints = parts_->design.pool->base().shape.endpoints;
  return endpoints[static_cast<std::size_t>(figure.endpoint)].name;
}

std::vector<double> EmulatedStudy::natural_n(const Twins& twins, const NamedValues& values) const {
  const ArmTwins arms = parts_->twins_of_arms(twins, twins);
  const std::vector<double> parameters = parts_->values_of(values);
  const Expectation pool(parts_->design, arms, parameters);
  std::vector<double> out;
  for (const FigureDesign& figure : parts_->figures) {
    out.push_back(figure.figure.not_simulated.empty() ? natural_size(parts_->design, pool, figure)
                                                      : 0.0);
  }
  return out;
}

void EmulatedStudy::settle_effective_n(const Evidence& evidence, const Twins& twins,
                                       Diagnostics& diagnostics) {
  const EmulationDoc& doc = parts_->design.doc;
  const ArmTwins arms = parts_->twins_of_arms(twins, twins);
  const std::vector<double> parameters = parts_->values_of({});
  const Expectation pool(parts_->design, arms, parameters);
  if (!(pool.all() > 0)) {
    diagnostics.error(doc.enters_place,
                      "nobody of " + std::to_string(twins.patients) +
                          " simulated patients enters the study '" + doc.name + "'",
                      "see 'enters', 'origin' and 'lived', and 'received' of its arms");
    return;
  }
  if (pool.all() < static_cast<double>(doc.patients)) {
    // With four lives for each patient the error of the pool is half of that of the study.
    const double enough =
        4 * static_cast<double>(twins.patients) * static_cast<double>(doc.patients) / pool.all();
    diagnostics.warning(
        doc.patients_place,
        "about " + std::to_string(std::llround(pool.all())) + " of " +
            std::to_string(twins.patients) + " simulated patients enter the study '" + doc.name +
            "', which had " + std::to_string(doc.patients) +
            ": its figures are those of few lives, and another seed gives others",
        "--patients " + std::to_string(1000 * std::llround(std::ceil(enough / 1000))), "patients");
  }
  for (FigureDesign& figure : parts_->figures) {
    const Target* target = find(evidence.targets, figure.figure.id);
    if (target == nullptr) continue;
    double share = target->risk_class.empty() ? 1 : 0;
    if (!target->risk_class.empty() && figure.figure.not_simulated.empty()) {
      // Of one arm within the class, too: the rule's factor says what that takes away.
      const double weight = figure.against < 0
                                ? pool.condition_weight(figure.of)
                                : pool.group_weight(figure.of) +
                                      pool.group_weight(static_cast<std::size_t>(figure.against));
      share = weight / pool.all();
    }
    figure.figure.n = effective_n(evidence, *target, share).value_or(0);
  }
}

std::vector<double> EmulatedStudy::expected(const Twins& others, const Twins& treated,
                                            const NamedValues& values) const {
  const ArmTwins arms = parts_->twins_of_arms(others, treated);
  const std::vector<double> parameters = parts_->values_of(values);
  Expectation pool(parts_->design, arms, parameters);
  std::vector<double> out;
  for (const FigureDesign& figure : parts_->figures) {
    out.push_back(figure.figure.not_simulated.empty()
                      ? expected_figure(parts_->design, pool, figure)
                      : std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

std::vector<double> EmulatedStudy::sampled(const Twins& twins, const NamedValues& values,
                                           std::size_t count, std::uint64_t seed,
                                           std::uint32_t first) const {
  const ArmTwins arms = parts_->twins_of_arms(twins, twins);
  const std::vector<double> parameters = parts_->values_of(values);
  Expectation pool(parts_->design, arms, parameters);
  // The study's n and that behind a figure differ: deviations from what is expected of the study's
  // are stretched, around what is expected of the figure's.
  std::vector<double> centre;
  std::vector<double> expected;
  std::vector<double> stretch;
  for (const FigureDesign& figure : parts_->figures) {
    const bool simulated = figure.figure.not_simulated.empty();
    centre.push_back(simulated ? expected_figure(parts_->design, pool, figure) : 0.0);
    // Only a median's depends on how many they are; a concordance goes through the whole pool.
    const bool again = simulated && figure.figure.statistic == Statistic::median;
    expected.push_back(again ? expected_figure(parts_->design, pool, figure, Size::of_groups)
                             : centre.back());
    stretch.push_back(simulated && figure.figure.n > 0
                          ? std::sqrt(natural_size(parts_->design, pool, figure) / figure.figure.n)
                          : 1.0);
  }
  std::vector<double> out(count * parts_->figures.size(), std::numeric_limits<double>::quiet_NaN());
  for (std::size_t r = 0; r < count; ++r) {
    const DrawKey key{seed, first + static_cast<std::uint32_t>(r)};
    const auto rows = detail::draw_study(
        parts_->design, pool.weights(), static_cast<std::size_t>(parts_->design.doc.patients), key);
    for (std::size_t f = 0; f < parts_->figures.size(); ++f) {
      if (!parts_->figures[f].figure.not_simulated.empty()) continue;
      const double one = detail::sampled_statistic(parts_->design, arms, pool.members(), rows,
                                                   parameters, parts_->figures[f]);
      out[r * parts_->figures.size() + f] =
          std::isfinite(one) && std::isfinite(centre[f])
              ? stretched(parts_->figures[f].figure.scale, one,
                          centre[f] + (one - expected[f]) * stretch[f])
              : one;
    }
  }
  return out;
}

}  // namespace npcsim

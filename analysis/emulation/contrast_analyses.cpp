// Five analyses of a treatment that was chosen.
#include <npcsim/base/units.hpp>
#include <npcsim/emulation/detail/study_parts.hpp>
#include <npcsim/survival/landmark.hpp>
#include <npcsim/survival/made_records.hpp>
#include <npcsim/survival/propensity_weights.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace npcsim {
namespace {

using detail::SampleRow;
using detail::StudyDesign;

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr LogRatio no_ratio{undefined, undefined};

// When the treatment of an arm begins, days since the origin. Without `received` it begins with the
// first dose, and that is the origin of studies that start at diagnosis or there; where the clock
// starts at progression it is what is given then.
double start_days(const StudyDesign& design, const detail::ArmTwins& twins, std::size_t arm,
                  std::uint32_t patient, double origin) {
  const detail::ArmDesign& one = design.arms[arm];
  if (!one.received.empty())
    return one.first_received(*twins[arm], design.pool->base().shape, patient) * days_per_month -
           origin;
  return design.doc.origin_days > 0 ? design.pool->program().first_dose - origin : 0;
}

// Those who received a treatment, whatever happened to them afterwards: the study has only the part
// of them who lived to its origin and through `lived`, and their untreated twins need not have.
std::vector<SampleRow> ever_treated(const StudyDesign& design, const detail::ArmTwins& twins,
                                    const std::vector<double>& values) {
  StudyDesign whole = design;
  whole.doc.lived_days = 0;
  // A tick, days: times are rounded to it.
  constexpr double at_once = 1.0 / static_cast<double>(ticks_per_day);
  std::vector<SampleRow> out;
  const auto add = [&](const StudyDesign& from, bool before, double origin) {
    for (const SampleRow& row :
         detail::whole_pool(from, detail::weigh(from, twins, values), {0, 0})) {
      if (row.arm == 0) continue;
      const double start = start_days(design, twins, row.arm, row.patient, row.origin + origin);
      if ((start < -at_once) == before) out.push_back(row);
    }
  };
  add(whole, false, 0);
  if (!(design.doc.origin_days > 0)) return out;
  // Whoever was treated before the landmark, from diagnosis on and as long as the study lasts.
  whole.doc.origin = "diagnosis";
  whole.doc.origin_days = -1;
  whole.doc.follow_least_days += design.doc.origin_days;
  whole.doc.follow_most_days += design.doc.origin_days;
  add(whole, true, design.doc.origin_days);
  return out;
}

// Records of the patients in two arms, with the start of treatment and the reasons of the choice.
struct ChoiceRecords {
  std::vector<double> months;
  std::vector<std::int32_t> event;
  std::vector<double> treated;
  std::vector<double> start;                  // months since the origin; infinite: never
  std::vector<std::vector<double>> measured;  // [variable][row]
  TimeToEvent view() const { return {months, event}; }
};

class Analysis {
 public:
  Analysis(const StudyDesign& design, const detail::ArmTwins& twins, std::size_t arm,
           std::size_t endpoint)
      : design_(design), twins_(twins), arm_(arm), endpoint_(endpoint) {}

  /// `treated`: see ever_treated().
  ContrastAnalyses run(const std::vector<SampleRow>& rows, const std::vector<SampleRow>& treated) {
    ContrastAnalyses out;
    out.as_published = out.landmark = out.weighted = out.time_dependent = out.truth = no_ratio;
    out.of = design_.arms[arm_].name;
    out.against = design_.arms.front().name;
    out.endpoint = design_.pool->base().shape.endpoints[endpoint_].name;
    gather(rows);
    out.patients = data_.months.size();
    double received = 0;
    for (const double x : data_.treated) received += x;
    if (out.patients == 0 || received == 0) return out;
    out.share_of = received / static_cast<double>(out.patients);
    out.landmark_months = ninth_decile_of_starts();
    out.as_published = log_hazard_ratio(data_.view(), data_.treated);
    at_landmark(out);
    const ExposureRecords split = split_at_exposure(data_.view(), data_.start, -1e-6);
    out.time_dependent = log_hazard_ratio(split.records.view(), split.exposed);
    out.truth = truth(treated);
    return out;
  }

 private:
  double start_of(std::uint32_t patient, double origin) const {
    return start_days(design_, twins_, arm_, patient, origin) / days_per_month;
  }

  void add_time(const detail::EndpointTime& time, double censored_at, std::vector<double>& months,
                std::vector<std::int32_t>& event) const {
    const bool seen = time.code > 0 && time.days <= censored_at;
    months.push_back((seen ? time.days : std::min(time.days, censored_at)) / days_per_month);
    event.push_back(seen ? 1 : 0);
  }

  void gather(const std::vector<SampleRow>& rows) {
    std::vector<const detail::ChoiceDesign::Term*> terms;
    for (const detail::ChoiceDesign& choice : design_.choices) {
      if (choice.arm != arm_) continue;
      for (const auto& term : choice.terms) {
        if (!term.unmeasured) terms.push_back(&term);
      }
    }
    data_.measured.resize(terms.size());
    const OutcomeShape& shape = design_.pool->base().shape;
    for (const SampleRow& row : rows) {
      if (row.arm != arm_ && row.arm != 0) continue;
      const detail::EndpointTime time =
          detail::endpoint_time(design_, twins_, row.arm, row.patient, endpoint_, row.origin);
      if (time.code < 0) continue;
      add_time(time, row.censored_at, data_.months, data_.event);
      data_.treated.push_back(row.arm == arm_ ? 1.0 : 0.0);
      data_.start.push_back(row.arm == arm_ ? start_of(row.patient, row.origin)
                                            : std::numeric_limits<double>::infinity());
      for (std::size_t k = 0; k < terms.size(); ++k) {
        const double x =
            terms[k]->variable.at(*twins_[0], shape, design_.arms[0].strategy, row.patient);
        data_.measured[k].push_back(std::isnan(x) ? 0.0 : x);
      }
    }
  }

  double ninth_decile_of_starts() const {
    std::vector<double> starts;
    for (const double x : data_.start) {
      if (std::isfinite(x)) starts.push_back(x);
    }
    std::sort(starts.begin(), starts.end());
    return std::max(starts[static_cast<std::size_t>(0.9 * static_cast<double>(starts.size() - 1))],
                    0.0);
  }

  void at_landmark(ContrastAnalyses& out) const {
    const LandmarkRecords left = landmark_records(data_.view(), out.landmark_months);
    std::vector<double> exposed;
    std::vector<std::int32_t> chosen;
    std::vector<std::vector<double>> measured(data_.measured.size());
    for (const std::size_t row : left.row) {
      exposed.push_back(data_.start[row] <= out.landmark_months ? 1.0 : 0.0);
      chosen.push_back(exposed.back() > 0 ? 1 : 0);
      for (std::size_t k = 0; k < measured.size(); ++k)
        measured[k].push_back(data_.measured[k][row]);
    }
    out.landmark = log_hazard_ratio(left.view(), exposed);
    out.weighted = no_ratio;
    if (measured.empty()) return;
    Covariates covariates;
    for (std::size_t k = 0; k < measured.size(); ++k) {
      covariates.names.push_back("x" + std::to_string(k + 1));
      covariates.columns.emplace_back(measured[k]);
    }
    const PropensityWeights weights = propensity_weights(chosen, covariates);
    if (!weights.model.converged) return;
    TimeToEvent records = left.view();
    records.weight = weights.weight;
    out.weighted = log_hazard_ratio(records, exposed);
  }

  // The effect in the treated: whoever received the treatment, with it and without; the histories
  // are the same until it begins. Follow-up counts from the origin, and by then a part of it is
  // used up, or some time comes before it.
  LogRatio truth(const std::vector<SampleRow>& rows) const {
    std::vector<double> months;
    std::vector<std::int32_t> event;
    std::vector<double> treated;
    std::vector<std::int32_t> patient;  // twins are no two patients
    for (const SampleRow& row : rows) {
      if (row.arm != arm_) continue;
      const double wait = start_days(design_, twins_, arm_, row.patient, row.origin);
      const double censored_at = row.censored_at - wait;
      if (!(censored_at > 0)) continue;
      for (const std::size_t arm : {arm_, std::size_t{0}}) {
        const detail::EndpointTime time =
            detail::endpoint_time(design_, twins_, arm, row.patient, endpoint_, row.origin + wait);
        if (time.code < 0) continue;
        add_time(time, censored_at, months, event);
        treated.push_back(arm == arm_ ? 1.0 : 0.0);
        patient.push_back(static_cast<std::int32_t>(row.patient));
      }
    }
    if (months.empty()) return no_ratio;
    TimeToEvent records{months, event};
    records.cluster = patient;
    return log_hazard_ratio(records, treated);
  }

  const StudyDesign& design_;
  const detail::ArmTwins& twins_;
  std::size_t arm_;
  std::size_t endpoint_;
  ChoiceRecords data_;
};

}  // namespace

std::vector<ContrastAnalyses> EmulatedStudy::analyses(const Twins& twins,
                                                      const NamedValues& values) const {
  const StudyDesign& design = parts_->design;
  const detail::ArmTwins arms = parts_->twins_of_arms(twins, twins);
  std::vector<ContrastAnalyses> out;
  if (design.choices.empty()) return out;
  const detail::StudyWeights weights = detail::weigh(design, arms, parts_->values_of(values));
  const std::vector<SampleRow> rows = detail::whole_pool(design, weights, {0, 0});
  const std::vector<SampleRow> treated = ever_treated(design, arms, parts_->values_of(values));
  std::set<std::size_t> endpoints;
  for (std::size_t f = 0; f < figures(); ++f) {
    if (!model_endpoint(f).empty())
      endpoints.insert(static_cast<std::size_t>(parts_->figures[f].endpoint));
  }
  std::set<std::size_t> seen;
  for (const detail::ChoiceDesign& choice : design.choices) {
    if (choice.arm == 0 || !seen.insert(choice.arm).second) continue;
    for (const std::size_t endpoint : endpoints)
      out.push_back(Analysis(design, arms, choice.arm, endpoint).run(rows, treated));
  }
  return out;
}

}  // namespace npcsim

#include <npcsim/base/units.hpp>
#include <npcsim/survival/landmark.hpp>
#include <npcsim/validation/cycles.hpp>

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace npcsim {
namespace {

constexpr double landmark_months = 6;

// Survival of the patients of a pool under one strategy.
struct Lives {
  std::vector<double> months;
  std::vector<std::int32_t> event;
  std::vector<double> doses;  // of the agent that the question is about
};

Lives lives_of(const PatientPool& pool, const Twins& twins, std::size_t strategy,
               std::size_t measure, double follow_days) {
  const OutcomeShape& shape = pool.base().shape;
  const std::size_t os = twins.outcomes.endpoint_column(
      shape, strategy, static_cast<std::size_t>(pool.find_endpoint("OS")));
  const std::size_t cycles = twins.outcomes.measure_column(shape, strategy, measure);
  Lives out;
  for (std::uint32_t i = 0; i < twins.patients; ++i) {
    const double days = Ticks{twins.outcomes.ticks[os + i]}.days();
    const bool died = twins.outcomes.events[os + i] > 0 && days <= follow_days;
    out.months.push_back(std::min(days, follow_days) / days_per_month);
    out.event.push_back(died ? 1 : 0);
    out.doses.push_back(static_cast<double>(twins.outcomes.measures[cycles + i]));
  }
  return out;
}

std::vector<double> at_least(const std::vector<double>& doses, double bound) {
  std::vector<double> out;
  for (const double x : doses) out.push_back(x >= bound ? 1.0 : 0.0);
  return out;
}

// Both lives of every patient, who is a cluster: twins are no two patients.
LogRatio causal(const Lives& more, const Lives& fewer) {
  std::vector<double> months = more.months;
  std::vector<std::int32_t> event = more.event;
  std::vector<double> exposed(more.months.size(), 1.0);
  months.insert(months.end(), fewer.months.begin(), fewer.months.end());
  event.insert(event.end(), fewer.event.begin(), fewer.event.end());
  exposed.resize(months.size(), 0.0);
  std::vector<std::int32_t> patient(months.size());
  const auto second = patient.begin() + static_cast<std::ptrdiff_t>(more.months.size());
  std::iota(patient.begin(), second, 0);
  std::iota(second, patient.end(), 0);
  TimeToEvent records{months, event};
  records.cluster = patient;
  return log_hazard_ratio(records, exposed);
}

LogRatio associational(const Lives& lives, double bound) {
  return log_hazard_ratio({lives.months, lives.event}, at_least(lives.doses, bound));
}

// At six months a patient has had what fits into six months of cycles of three weeks.
LogRatio at_landmark(const Lives& lives, double bound) {
  const LandmarkRecords left = landmark_records({lives.months, lives.event}, landmark_months);
  std::vector<double> more;
  for (const std::size_t row : left.row) more.push_back(lives.doses[row] >= bound ? 1.0 : 0.0);
  return log_hazard_ratio(left.view(), more);
}

}  // namespace

std::vector<CyclesFinding> cycles_findings(PatientPool& pool, const NamedValues& values,
                                           std::uint32_t patients, double follow_days) {
  struct Question {
    const char* text;
    const char* measure;
    double bound;
    std::size_t fewer;      // strategy
    const char* parameter;  // of the effect
  };
  constexpr Question questions[] = {
      {"eight or more doses of PD-1 inhibitor against fewer", "cycles_pd1", 8, 3, "pd1_log_hr"},
      {"six cycles of chemotherapy against fewer", "cycles_gp", 6, 1, "gp_log_hr"}};
  const Twins twins = pool.simulate(values, {}, 0, patients);
  std::vector<CyclesFinding> out;
  for (const Question& question : questions) {
    const std::int32_t measure = pool.find_measure(question.measure);
    if (measure < 0) continue;
    const auto doses = static_cast<std::size_t>(measure);
    const Lives more = lives_of(pool, twins, 0, doses, follow_days);
    const Lives fewer = lives_of(pool, twins, question.fewer, doses, follow_days);
    NamedValues nothing = values;
    std::erase_if(nothing, [&](const auto& entry) { return entry.first == question.parameter; });
    nothing.emplace_back(question.parameter, 0.0);
    const Twins without = pool.simulate(nothing, {}, 0, patients);
    CyclesFinding finding;
    finding.question = question.text;
    finding.associational = associational(more, question.bound);
    finding.landmark = at_landmark(more, question.bound);
    finding.causal = causal(more, fewer);
    finding.without_effect =
        associational(lives_of(pool, without, 0, doses, follow_days), question.bound);
    out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace npcsim

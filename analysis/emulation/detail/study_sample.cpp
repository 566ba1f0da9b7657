#include <npcsim/base/portable_math.hpp>
#include <npcsim/emulation/detail/study_sample.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim::detail {
namespace {

// Largest sum of weights of a patient, so that they become probabilities.
double largest_weight(const StudyWeights& weights) {
  double most = 0;
  for (std::size_t i = 0; i < weights.weight.front().size(); ++i) {
    double sum = 0;
    for (const std::vector<double>& arm : weights.weight) sum += arm[i];
    most = std::max(most, sum);
  }
  return std::max(most, 1.0);
}

class Sampler {
 public:
  Sampler(const StudyDesign& design, const StudyWeights& weights, DrawKey key)
      : design_(design),
        weights_(weights),
        key_(key),
        scale_(1 / largest_weight(weights)),
        who_(StreamName("emulated study " + design.doc.name + " who")),
        arm_(StreamName("emulated study " + design.doc.name + " arm")),
        follow_(StreamName("emulated study " + design.doc.name + " follow-up")) {}

  std::uint32_t any_patient(std::uint32_t slot, std::uint32_t attempt) const {
    const auto patients = static_cast<double>(weights_.weight.front().size());
    return static_cast<std::uint32_t>(PatientDraws(key_, slot).uniform(who_, attempt) * patients);
  }

  // Puts the patient into an arm; false if this one is not in the study.
  bool place(std::uint32_t slot, std::uint32_t attempt, std::uint32_t patient,
             std::vector<SampleRow>& rows) const {
    double u = PatientDraws(key_, slot).uniform(arm_, attempt);
    for (std::size_t a = 0; a < weights_.weight.size(); ++a) {
      const double p = weights_.weight[a][patient] * scale_;
      if (u < p) {
        rows.push_back({patient, static_cast<std::uint32_t>(a), weights_.origin[a][patient],
                        censored_at(slot)});
        return true;
      }
      u -= p;
    }
    return false;
  }

 private:
  double censored_at(std::uint32_t slot) const {
    const EmulationDoc& doc = design_.doc;
    const UniformPair u = PatientDraws(key_, slot).uniform_pair(follow_);
    double days = doc.follow_least_days + u.first * (doc.follow_most_days - doc.follow_least_days);
    if (doc.drop_out_per_day > 0)
      days = std::min(days, -portable::log(u.second) / doc.drop_out_per_day);
    return days;
  }

  const StudyDesign& design_;
  const StudyWeights& weights_;
  DrawKey key_;
  double scale_;
  StreamName who_, arm_, follow_;
};

}  // namespace

std::vector<SampleRow> draw_study(const StudyDesign& design, const StudyWeights& weights,
                                  std::size_t n, DrawKey key) {
  constexpr std::uint32_t most_attempts = 4000;
  const Sampler sampler(design, weights, key);
  std::vector<SampleRow> rows;
  rows.reserve(n);
  for (std::uint32_t slot = 0; slot < n; ++slot) {
    for (std::uint32_t attempt = 0; attempt < most_attempts; ++attempt) {
      if (sampler.place(slot, attempt, sampler.any_patient(slot, attempt), rows)) break;
    }
  }
  return rows;
}

std::vector<SampleRow> whole_pool(const StudyDesign& design, const StudyWeights& weights,
                                  DrawKey key) {
  const Sampler sampler(design, weights, key);
  std::vector<SampleRow> rows;
  const auto patients = static_cast<std::uint32_t>(weights.weight.front().size());
  for (std::uint32_t i = 0; i < patients; ++i) sampler.place(i, 0, i, rows);
  return rows;
}

FollowUp follow_up(const StudyDesign& design) {
  return {design.doc.follow_least_days, design.doc.follow_most_days, design.doc.drop_out_per_day};
}

}  // namespace npcsim::detail

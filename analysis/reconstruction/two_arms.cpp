#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/reconstruction/two_arms.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

// Reconstructions of each arm among which a pair is looked for.
constexpr std::size_t candidates = 40;
// An interval is printed with few digits and often comes from an adjusted model: its width counts
// less than the ratio. Assumed.
constexpr double weight_of_width = 0.2;

// How far a pair is from what was published; infinite without a finite ratio.
double distance(const std::vector<PatientRecord>& first, const std::vector<PatientRecord>& second,
                const PublishedRatio& published) {
  const auto ratio = log_hazard_ratio(first, second);
  if (!ratio) return std::numeric_limits<double>::infinity();
  double off = std::fabs(ratio->value - std::log(published.ratio.value));
  if (published.low && published.high) {
    const double se = std::log(*published.high / *published.low) / (2 * z_95);
    off += weight_of_width * std::fabs(ratio->se - se);
  }
  return off;
}

bool agrees(const std::optional<LogHazardRatio>& ratio, const PublishedRatio& published) {
  return ratio && std::fabs(std::exp(ratio->value) - published.ratio.value) <=
                      published.ratio.half_width * 1.0001;
}

}  // namespace

TwoArms reconstruct_two_arms(const PublishedCurve& first, const PublishedCurve& second,
                             const std::optional<PublishedRatio>& published,
                             const ReconstructionOptions& options) {
  TwoArms out;
  ReconstructionOptions wide = options;
  if (published) wide.draws = std::max(options.draws, candidates);
  wide.arm = options.arm;
  out.first = reconstruct(first, wide);
  wide.arm = options.arm + 1;
  out.second = reconstruct(second, wide);
  if (!out.first.found || !out.second.found) return out;
  out.ratio = log_hazard_ratio(out.first.records, out.second.records);
  if (!published) return out;
  if (!agrees(out.ratio, *published)) {
    double nearest = distance(out.first.records, out.second.records, *published);
    std::vector<PatientRecord> best_first = out.first.records;
    std::vector<PatientRecord> best_second = out.second.records;
    for (std::size_t i = 0; i < candidates; ++i) {
      for (std::size_t j = 0; j < candidates; ++j) {
        const double off = distance(out.first.draws[i], out.second.draws[j], *published);
        if (off >= nearest) continue;
        nearest = off;
        best_first = out.first.draws[i];
        best_second = out.second.draws[j];
      }
    }
    out.first.records = std::move(best_first);
    out.second.records = std::move(best_second);
    out.ratio = log_hazard_ratio(out.first.records, out.second.records);
    out.ratio_agrees = agrees(out.ratio, *published);
  }
  std::vector<std::vector<PatientRecord>> partners;
  for (std::size_t i = 0; i < options.draws; ++i) {
    std::size_t best = i;
    double nearest = std::numeric_limits<double>::infinity();
    for (std::size_t j = 0; j < candidates; ++j) {
      const double off = distance(out.first.draws[i], out.second.draws[j], *published);
      if (off < nearest) {
        nearest = off;
        best = j;
      }
    }
    partners.push_back(out.second.draws[best]);
  }
  out.first.draws.resize(options.draws);
  out.second.draws = std::move(partners);
  return out;
}

}  // namespace npcsim

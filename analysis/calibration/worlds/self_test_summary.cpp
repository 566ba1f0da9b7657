#include <npcsim/base/special_functions.hpp>
#include <npcsim/calibration/worlds/self_test_summary.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

bool inside(double below, double level) {
  const double tail = 0.5 * (1 - level);
  return below > tail && below < 1 - tail;
}

struct MeanAndError {
  double mean = 0;
  double se = 0;
};

MeanAndError mean_of(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  MeanAndError out;
  for (const double value : values) out.mean += value / n;
  double squares = 0;
  for (const double value : values) squares += (value - out.mean) * (value - out.mean);
  if (values.size() > 1) out.se = std::sqrt(squares / (n - 1) / n);
  return out;
}

// Adds one parameter of all worlds, given the share of draws below the truth in each.
ParameterSummary summarise(const std::string& name, const std::vector<double>& below) {
  ParameterSummary out;
  out.name = name;
  const auto n = static_cast<double>(below.size());
  for (const double share : below) {
    out.coverage95 += inside(share, 0.95) ? 1 / n : 0;
    out.coverage50 += inside(share, 0.5) ? 1 / n : 0;
    ++out.ranks[std::min(rank_bins - 1, static_cast<std::size_t>(share * rank_bins))];
  }
  double chi_square = 0;
  for (const std::size_t count : out.ranks) {
    const double expected = n / rank_bins;
    const double difference = static_cast<double>(count) - expected;
    chi_square += difference * difference / expected;
  }
  out.uniform_p = portable::gamma_q(0.5 * (rank_bins - 1), 0.5 * chi_square);
  return out;
}

// Whether all gates passed, those of the fit to the figures apart: they are counted as flags.
bool numerically_sound(const WorldOutcome& world) {
  return std::all_of(world.gates.begin(), world.gates.end(), [](const Gate& gate) {
    return gate.passed() || gate.name.starts_with("p of ");
  });
}

// So many worlds decide by themselves; with fewer, the verdict on a figure within two standard
// errors of its limit may be chance, and so may any verdict of a single world. It stays the
// verdict.
constexpr std::size_t deciding_worlds = 100;

class Criteria {
 public:
  explicit Criteria(SelfTestSummary& out) : out_(out) {}

  void at_least(std::string name, double value, double limit, double se) {
    add({std::move(name), value, limit, true}, se);
  }
  void at_most(std::string name, double value, double limit, double se) {
    add({std::move(name), value, limit, false}, se);
  }

  // Of the coverage: by world, since parameters of a world share data; but no smaller than if they
  // did not, which two worlds that happen to agree would say.
  double coverage_se(double limit) const {
    const auto cells = static_cast<double>(out_.worlds * out_.parameters.size());
    return std::max(out_.coverage95_se, std::sqrt(limit * (1 - limit) / std::max(cells, 1.0)));
  }
  double share_se(double limit) const {
    return std::sqrt(limit * (1 - limit) / static_cast<double>(out_.worlds));
  }

 private:
  void add(Gate gate, double se) {
    const bool near = std::fabs(gate.value - gate.limit) < 2 * se;
    if (out_.worlds < 2 || (out_.worlds < deciding_worlds && near))
      gate.remark = std::to_string(out_.worlds) + (out_.worlds == 1 ? " world" : " worlds") +
                    " cannot decide";
    out_.criteria.push_back(std::move(gate));
  }

  SelfTestSummary& out_;
};

void add_criteria(const SelfTestOptions& options, SelfTestSummary& out) {
  Criteria criteria(out);
  if (!options.between_studies) {
    criteria.at_most("coverage of 95 % intervals without heterogeneity and bias", out.coverage95,
                     0.85, criteria.coverage_se(0.85));
    return;
  }
  if (options.delayed) {
    criteria.at_least("share of misspecified worlds that are flagged", out.flagged, 0.8,
                      criteria.share_se(0.8));
    return;
  }
  criteria.at_least("coverage of 95 % intervals", out.coverage95, 0.92, criteria.coverage_se(0.92));
  criteria.at_most("coverage of 95 % intervals", out.coverage95, 0.97, criteria.coverage_se(0.97));
  double least_p = 1;
  double excess = 0;
  double excess_se = 0;
  for (const ParameterSummary& one : out.parameters) {
    least_p = std::min(least_p, one.uniform_p);
    if (!one.identified || one.sd_ratio / one.reference_ratio <= excess) continue;
    excess = one.sd_ratio / one.reference_ratio;
    excess_se = one.sd_ratio_se / one.reference_ratio;
  }
  // Bonferroni over the parameters. The p knows the number of worlds, if each bin can have one.
  criteria.at_least("smallest p of uniform ranks times parameters",
                    std::min(1.0, least_p * static_cast<double>(out.parameters.size())), 0.01,
                    out.worlds < rank_bins ? 1 : 0);
  criteria.at_most("largest posterior sd of identified parameters against long runs", excess,
                   largest_excess, excess_se);
  criteria.at_most("share of well-specified worlds that are flagged", out.flagged, 0.1,
                   criteria.share_se(0.1));
}

}  // namespace

bool SelfTestSummary::passed() const {
  return std::all_of(criteria.begin(), criteria.end(),
                     [](const Gate& gate) { return gate.passed(); });
}

SelfTestSummary summarise_self_test(const SelfTestResult& result, const SelfTestOptions& options) {
  SelfTestSummary out;
  out.worlds = result.worlds.size();
  const auto n = static_cast<double>(out.worlds);
  std::vector<double> coverage95;
  std::vector<double> coverage50;
  for (const WorldOutcome& world : result.worlds) {
    double in95 = 0;
    double in50 = 0;
    for (const double below : world.below) {
      in95 += inside(below, 0.95) ? 1 : 0;
      in50 += inside(below, 0.5) ? 1 : 0;
    }
    coverage95.push_back(in95 / static_cast<double>(world.below.size()));
    coverage50.push_back(in50 / static_cast<double>(world.below.size()));
    out.flagged += world.flagged ? 1 / n : 0;
    out.flagged_overall += world.overall_p < 0.01 ? 1 / n : 0;
    out.flagged_time_varying += world.time_varying_p < 0.01 ? 1 / n : 0;
    out.gates_passed += numerically_sound(world) ? 1 / n : 0;
    out.cpu_seconds += world.cpu_seconds / n;
  }
  const MeanAndError all95 = mean_of(coverage95);
  const MeanAndError all50 = mean_of(coverage50);
  out.coverage95 = all95.mean;
  out.coverage95_se = all95.se;
  out.coverage50 = all50.mean;
  out.coverage50_se = all50.se;
  std::vector<double> below(out.worlds);
  for (std::size_t j = 0; j < result.parameters.size(); ++j) {
    std::vector<double> ratio(out.worlds);
    for (std::size_t w = 0; w < out.worlds; ++w) {
      below[w] = result.worlds[w].below[j];
      ratio[w] = result.worlds[w].sd_ratio[j];
    }
    ParameterSummary one = summarise(result.parameters[j].name, below);
    const MeanAndError mean_ratio = mean_of(ratio);
    one.sd_ratio = mean_ratio.mean;
    one.sd_ratio_se = mean_ratio.se;
    one.reference_ratio = long_run_ratio(one.name);
    one.identified = one.reference_ratio > 0 && one.reference_ratio <= identified_up_to;
    for (std::size_t b = 0; b < rank_bins; ++b) out.ranks[b] += one.ranks[b];
    out.parameters.push_back(std::move(one));
  }
  for (std::size_t k = 0; options.between_studies && k < result.between_names.size(); ++k) {
    for (std::size_t w = 0; w < out.worlds; ++w) below[w] = result.worlds[w].between_below[k];
    out.between.push_back(summarise(result.between_names[k], below));
  }
  add_criteria(options, out);
  return out;
}

}  // namespace npcsim

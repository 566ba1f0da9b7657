#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/quantile.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/calibration_page_data.hpp>
#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/calibration/detail/kept_draws.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace npcsim {
namespace {

constexpr std::array<double, 5> shares{0.025, 0.25, 0.5, 0.75, 0.975};
// Their standard normal quantiles.
constexpr std::array<double, 5> scores{-z_95, -z_50, 0, z_50, z_95};
constexpr std::size_t most_in_pairs = 12;
constexpr std::size_t pair_draws = 1000;
constexpr std::size_t most_chains = 8;
constexpr std::size_t chain_draws = 250;

PageQuantiles quantiles_of(const std::vector<double>& sorted) {
  PageQuantiles out{};
  for (std::size_t i = 0; i < shares.size(); ++i) out[i] = quantile(sorted, shares[i]);
  return out;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// Transforms rise, so that quantiles of the real line become those of the parameter.
PageParameter page_parameter(const CalibrationResult& result, const EmulationTargets& targets,
                             std::size_t p) {
  const CalibrationParameter& prior = targets.parameters()[p];
  const Parameter& record = *targets.records()[p];
  PageParameter out;
  out.name = prior.name;
  out.meaning = record.meaning;
  out.unit = record.unit;
  out.posterior = quantiles_of(detail::sorted_column(result.draws, result.names.size(), p));
  for (std::size_t i = 0; i < scores.size(); ++i) {
    out.prior[i] = natural_value(prior.transform, prior.mean + prior.sd * scores[i]);
    out.posterior[i] = natural_value(prior.transform, out.posterior[i]);
  }
  out.sd_ratio = result.parameters[p].sd_ratio;
  out.prior_only = result.parameters[p].prior_only;
  out.identified = record.identified;
  out.source = joined(record.source);
  return out;
}

PageParameter page_between(const CalibrationResult& result, const BetweenPrior& prior,
                           std::size_t b) {
  PageParameter out;
  out.name = prior.title;
  out.meaning = prior.meaning + " (" + between_column(prior.name) + ")";
  out.posterior =
      quantiles_of(detail::sorted_column(result.between_draws, result.between_names.size(), b));
  for (std::size_t i = 0; i < scores.size(); ++i)
    out.prior[i] = between_value(prior, scores[i]).value;
  out.sd_ratio = result.between[b].sd_ratio;
  out.prior_only = result.between[b].prior_only;
  out.source = "assumed";
  return out;
}

// Parameters in the order of the strongest correlation that they take part in.
std::vector<std::size_t> most_correlated(const std::vector<std::vector<double>>& columns) {
  const std::size_t count = columns.size();
  std::vector<double> sd;
  for (const auto& column : columns) sd.push_back(detail::moments_of(column).sd);
  struct Pair {
    double strength;
    std::size_t a, b;
  };
  std::vector<Pair> pairs;
  for (std::size_t a = 0; a < count; ++a) {
    for (std::size_t b = a + 1; b < count; ++b) {
      const double scale = sd[a] * sd[b];
      const double strength =
          scale > 0 ? std::fabs(detail::covariance_of(columns[a], columns[b]) / scale) : 0;
      pairs.push_back({strength, a, b});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const Pair& x, const Pair& y) { return x.strength > y.strength; });
  std::vector<std::size_t> out;
  for (const Pair& pair : pairs) {
    for (const std::size_t one : {pair.a, pair.b}) {
      if (out.size() < most_in_pairs && std::find(out.begin(), out.end(), one) == out.end())
        out.push_back(one);
    }
  }
  return out;
}

PageDraws page_draws(const CalibrationResult& result, const EmulationTargets& targets) {
  std::vector<std::vector<double>> columns;
  for (std::size_t p = 0; p < result.names.size(); ++p)
    columns.push_back(detail::column_of(result.draws, result.names.size(), p));
  const auto which = detail::evenly_spaced(detail::draw_count(result), pair_draws);
  PageDraws out;
  for (const std::size_t p : most_correlated(columns)) {
    out.parameters.push_back(result.names[p]);
    out.values.emplace_back();
    for (const std::size_t d : which)
      out.values.back().push_back(natural_value(targets.parameters()[p].transform, columns[p][d]));
  }
  return out;
}

// One chain lies behind the other in a column of draws.
PageChains page_chains(const std::string& name, const std::vector<double>& column,
                       std::size_t chains) {
  PageChains out{name, {}};
  const std::size_t length = column.size() / chains;
  for (std::size_t c = 0; c < chains; ++c) {
    out.chains.emplace_back();
    for (const std::size_t d : detail::evenly_spaced(length, chain_draws))
      out.chains.back().push_back(column[c * length + d]);
  }
  return out;
}

std::vector<PageChains> worst_chains(const CalibrationResult& result,
                                     const EmulationTargets& targets,
                                     const CalibrationOptions& options) {
  const std::size_t chains = std::max<std::size_t>(options.chains, 1);
  const std::size_t parameters = result.names.size();
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < parameters; ++i) order.emplace_back(result.parameters[i].r_hat, i);
  for (std::size_t i = 0; i < result.between.size(); ++i)
    order.emplace_back(result.between[i].r_hat, parameters + i);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<PageChains> out;
  for (const auto& [r_hat, i] : order) {
    if (out.size() == most_chains) break;
    if (i >= parameters) {
      const std::size_t b = i - parameters;
      out.push_back(page_chains(
          options.between[b].title,
          detail::column_of(result.between_draws, result.between_names.size(), b), chains));
      continue;
    }
    std::vector<double> column = detail::column_of(result.draws, parameters, i);
    for (double& value : column) value = natural_value(targets.parameters()[i].transform, value);
    out.push_back(page_chains(result.names[i], column, chains));
  }
  return out;
}

std::vector<PageStudyCheck> page_studies(const CalibrationResult& result,
                                         const EmulationTargets& targets) {
  std::vector<PageStudyCheck> out;
  for (const StudyCheck& check : result.check.studies) {
    if (check.figures == 0) continue;
    PageStudyCheck row;
    row.study = check.study;
    row.p = check.p;
    row.figures = check.figures;
    for (const TargetCheck& one : result.check.targets) {
      const CalibrationTarget& target = targets.targets()[one.target];
      if (targets.studies()[static_cast<std::size_t>(target.study)].id != check.study) continue;
      if (!target.fitted || !std::isfinite(one.z)) continue;
      if (row.worst_z && std::fabs(*row.worst_z) >= std::fabs(one.z)) continue;
      row.worst_z = one.z;
      row.worst_figure = target.id;
    }
    out.push_back(std::move(row));
  }
  return out;
}

}  // namespace

std::string meaning_of_failure(const std::string& gate) {
  static const std::map<std::string, std::string> meanings{
      {"gain of another step of the mode search",
       "the search stopped short of the mode: allow more steps, or simulate more patients"},
      {"distance of the mode from the posterior mean in posterior sds",
       "the emulator was first taught where the posterior is not"},
      {"difference between starts in log posterior",
       "the search ends in different places: there may be more than one answer"},
      {"left-out error of the emulator in sampling errors",
       "its polynomials do not follow the figures in this region"},
      {"error of the emulator in sampling errors",
       "the model itself, run at draws, gives other figures than the emulator"},
      {"effective share of fresh runs",
       "draws of the emulator are no draws of the model: intervals may be wrong"},
      {"Pareto k of fresh runs",
       "a few fresh runs would outweigh all others; with fewer than 25 of them nobody knows"},
      {"largest split R-hat", "chains have not met: draw longer ones"},
      {"smallest effective sample size", "ends of intervals are rough: draw longer chains"},
      {"p of all residuals",
       "the model cannot have produced these figures, whatever its parameters are"},
      {"p of time-varying effects",
       "effects of treatment come later, or fade otherwise, than the model lets them"}};
  const auto found = meanings.find(gate);
  return found == meanings.end() ? std::string() : found->second;
}

CalibrationPageData calibration_page_data(const CalibrationResult& result,
                                          const EmulationTargets& targets,
                                          const CalibrationOptions& options) {
  CalibrationPageData out;
  for (std::size_t p = 0; p < result.names.size(); ++p)
    out.parameters.push_back(page_parameter(result, targets, p));
  for (std::size_t b = 0; b < result.between_names.size(); ++b)
    out.hyperparameters.push_back(page_between(result, options.between[b], b));
  for (const Gate& gate : result.gates) {
    const std::string limit = (gate.at_least ? "at least " : "at most ") + shortest(gate.limit);
    PageDiagnostic row{gate.name, {}, limit, gate.passed(), meaning_of_failure(gate.name), {}};
    if (gate.untested.empty()) row.value = gate.value;
    row.untested = gate.untested;
    out.diagnostics.push_back(std::move(row));
  }
  for (const Direction& direction : result.unidentified) {
    out.directions.push_back({direction.sd_ratio, {}});
    for (const auto& [name, loading] : direction.loadings)
      out.directions.back().weights.push_back({name, loading});
  }
  out.studies = page_studies(result, targets);
  out.draws = page_draws(result, targets);
  out.chains = worst_chains(result, targets, options);
  return out;
}

}  // namespace npcsim

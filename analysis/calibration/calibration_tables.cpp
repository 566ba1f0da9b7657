#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/quantile.hpp>
#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/calibration/detail/kept_draws.hpp>

#include <limits>

namespace npcsim {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

using detail::sorted_column;

}  // namespace

std::string between_column(const std::string& name) {
  std::string out = "hyper_";
  for (const char c : name) out += c == ' ' || c == '-' ? '_' : c;
  return out;
}

Table posterior_table(const CalibrationResult& result, const EmulationTargets& targets,
                      std::size_t rows) {
  const std::vector<std::size_t> which = detail::evenly_spaced(detail::draw_count(result), rows);
  Table out;
  out.name = "posterior";
  Column::Integers numbers;
  for (std::size_t r = 0; r < which.size(); ++r)
    numbers.push_back(static_cast<std::int64_t>(r) + 1);
  out.add_integers("draw", "").cells = std::move(numbers);
  const std::size_t parameters = result.names.size();
  for (std::size_t p = 0; p < parameters; ++p) {
    Column::Numbers cells;
    for (const std::size_t d : which)
      cells.push_back(
          natural_value(targets.parameters()[p].transform, result.draws[d * parameters + p]));
    const Parameter& record = *targets.records()[p];
    out.add_numbers(record.name, record.unit, record.meaning).cells = std::move(cells);
  }
  const std::size_t between = result.between_names.size();
  for (std::size_t b = 0; b < between; ++b) {
    Column::Numbers cells;
    for (const std::size_t d : which) cells.push_back(result.between_draws[d * between + b]);
    out.add_numbers(between_column(result.between_names[b]), "", "differs between studies").cells =
        std::move(cells);
  }
  return out;
}

std::string posterior_csv(const CalibrationResult& result, const EmulationTargets& targets,
                          std::size_t rows) {
  std::string names;
  for (std::size_t p = 0; p < result.names.size(); ++p) {
    if (result.parameters[p].prior_only) names += (names.empty() ? "" : ", ") + result.names[p];
  }
  return (names.empty() ? "" : "# prior only: " + names + "\n") +
         to_csv(posterior_table(result, targets, rows));
}

Table parameters_table(const CalibrationResult& result, const EmulationTargets& targets) {
  Table out;
  out.name = "parameters";
  Column::Texts name, unit, identified, note, meaning;
  Column::Numbers ratio, r_hat, size, prior_low, prior_median, prior_high, low, median, high, mean;
  const std::size_t parameters = result.names.size();
  for (std::size_t p = 0; p < parameters; ++p) {
    const CalibrationParameter& prior = targets.parameters()[p];
    const Identification& known = result.parameters[p];
    const Parameter& record = *targets.records()[p];
    const std::vector<double> sorted = sorted_column(result.draws, parameters, p);
    const auto natural = [&](double real) { return natural_value(prior.transform, real); };
    double sum = 0;
    for (const double x : sorted) sum += natural(x);
    name.push_back(prior.name);
    unit.push_back(record.unit);
    meaning.push_back(record.meaning);
    identified.push_back(record.identified);
    ratio.push_back(known.sd_ratio);
    note.push_back(known.prior_only ? "prior only" : "");
    r_hat.push_back(known.r_hat);
    size.push_back(known.effective_size);
    prior_low.push_back(natural(prior.mean - z_95 * prior.sd));
    prior_median.push_back(natural(prior.mean));
    prior_high.push_back(natural(prior.mean + z_95 * prior.sd));
    low.push_back(natural(quantile(sorted, 0.025)));
    median.push_back(natural(quantile(sorted, 0.5)));
    high.push_back(natural(quantile(sorted, 0.975)));
    mean.push_back(sum / static_cast<double>(sorted.size()));
  }
  out.add_texts("parameter").cells = std::move(name);
  out.add_texts("unit").cells = std::move(unit);
  out.add_numbers("mean", "").cells = std::move(mean);
  out.add_numbers("median", "").cells = std::move(median);
  out.add_numbers("lo95", "").cells = std::move(low);
  out.add_numbers("hi95", "").cells = std::move(high);
  out.add_numbers("prior_median", "").cells = std::move(prior_median);
  out.add_numbers("prior_lo95", "").cells = std::move(prior_low);
  out.add_numbers("prior_hi95", "").cells = std::move(prior_high);
  out.add_numbers("sd_ratio", "").cells = std::move(ratio);
  out.add_texts("note").cells = std::move(note);
  out.add_numbers("r_hat", "").cells = std::move(r_hat);
  out.add_numbers("effective_size", "").cells = std::move(size);
  out.add_texts("identified").cells = std::move(identified);
  out.add_texts("meaning").cells = std::move(meaning);
  return out;
}

Table predictions_table(const CalibrationResult& result, const EmulationTargets& targets,
                        const EmulationSet& set) {
  Table out;
  out.name = "predictions";
  Column::Texts study, figure, unit, use;
  Column::Numbers published, fitted, fitted_z, low95, low50, median, high50, high95, width,
      sampling;
  std::vector<const LeftOutPrediction*> of_target(targets.targets().size(), nullptr);
  for (const LeftOutPrediction& row : result.left_out) of_target[row.target] = &row;
  std::vector<const TargetCheck*> check(targets.targets().size(), nullptr);
  for (const TargetCheck& row : result.check.targets) check[row.target] = &row;
  for (std::size_t t = 0; t < targets.targets().size(); ++t) {
    const CalibrationTarget& target = targets.targets()[t];
    const Figure& source = set.figure(targets.figures()[t]);
    const auto natural = [&](double value) { return to_natural(source.scale, value); };
    study.push_back(targets.studies()[static_cast<std::size_t>(target.study)].id);
    figure.push_back(target.id);
    unit.push_back(std::string(word(source.statistic)));
    use.push_back(target.fitted ? "fitted" : "shown");
    published.push_back(target.reading == TargetReading::exact ? source.printed.value : undefined);
    fitted.push_back(check[t] == nullptr ? undefined : natural(check[t]->predicted));
    fitted_z.push_back(check[t] == nullptr ? undefined : check[t]->z);
    const LeftOutPrediction* left = of_target[t];
    low95.push_back(left == nullptr ? undefined : natural(left->low95));
    low50.push_back(left == nullptr ? undefined : natural(left->low50));
    median.push_back(left == nullptr ? undefined : natural(left->median));
    high50.push_back(left == nullptr ? undefined : natural(left->high50));
    high95.push_back(left == nullptr ? undefined : natural(left->high95));
    width.push_back(left == nullptr ? undefined : left->high95 - left->low95);
    sampling.push_back(left == nullptr ? undefined : 2 * z_95 * left->sampling_sd);
  }
  out.add_texts("study").cells = std::move(study);
  out.add_texts("figure").cells = std::move(figure);
  out.add_texts("statistic").cells = std::move(unit);
  out.add_texts("use").cells = std::move(use);
  out.add_numbers("published", "").cells = std::move(published);
  out.add_numbers("fitted", "").cells = std::move(fitted);
  out.add_numbers("fitted_z", "").cells = std::move(fitted_z);
  out.add_numbers("without_study_median", "").cells = std::move(median);
  out.add_numbers("without_study_lo95", "").cells = std::move(low95);
  out.add_numbers("without_study_hi95", "").cells = std::move(high95);
  out.add_numbers("without_study_lo50", "").cells = std::move(low50);
  out.add_numbers("without_study_hi50", "").cells = std::move(high50);
  out.add_numbers("width95_on_scale", "").cells = std::move(width);
  out.add_numbers("sampling_width95_on_scale", "").cells = std::move(sampling);
  return out;
}

Table gates_table(const CalibrationResult& result) {
  Table out;
  out.name = "gates";
  Column::Texts name, direction, passed;
  Column::Numbers value, limit;
  for (const Gate& gate : result.gates) {
    name.push_back(gate.name);
    value.push_back(gate.value);
    direction.push_back(gate.at_least ? "at least" : "at most");
    limit.push_back(gate.limit);
    passed.push_back(!gate.untested.empty() ? gate.untested : gate.passed() ? "yes" : "no");
  }
  out.add_texts("gate").cells = std::move(name);
  out.add_numbers("value", "").cells = std::move(value);
  out.add_texts("must_be").cells = std::move(direction);
  out.add_numbers("limit", "").cells = std::move(limit);
  out.add_texts("passed").cells = std::move(passed);
  return out;
}

Table studies_table(const CalibrationResult& result) {
  Table out;
  out.name = "studies";
  Column::Texts name, parameter;
  Column::Numbers chi_square, figures, p, shift;
  for (std::size_t s = 0; s < result.check.studies.size(); ++s) {
    const StudyCheck& check = result.check.studies[s];
    name.push_back(check.study);
    figures.push_back(static_cast<double>(check.figures));
    chi_square.push_back(check.chi_square);
    p.push_back(check.p);
    const bool known = s < result.influence.size();
    shift.push_back(known ? result.influence[s].largest_shift : undefined);
    parameter.push_back(known ? result.influence[s].parameter : "");
  }
  out.add_texts("study").cells = std::move(name);
  out.add_numbers("figures", "").cells = std::move(figures);
  out.add_numbers("chi_square", "").cells = std::move(chi_square);
  out.add_numbers("p", "").cells = std::move(p);
  out.add_numbers("largest_shift_without_it", "").cells = std::move(shift);
  out.add_texts("parameter_that_moves_most").cells = std::move(parameter);
  return out;
}

}  // namespace npcsim

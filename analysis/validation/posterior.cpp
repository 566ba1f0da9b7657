#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/random/draws.hpp>
#include <npcsim/validation/posterior.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace npcsim {
namespace {

constexpr double shift_step = 0.15;  // log hazard; derivatives are central differences

bool starts_with(const std::string& text, std::string_view head) {
  return text.compare(0, head.size(), head) == 0;
}

// Slope of every figure in each kind of shift.
struct Slopes {
  std::vector<double> progression, death, effect;
};

Slopes slopes_of(const EmulationSet& set, const NamedValues& values) {
  const auto at = [&](HazardShift shift) { return set.simulate(values, shift, 0); };
  const auto base = at({});
  const auto difference = [&](const std::vector<double>& up, const std::vector<double>& down) {
    std::vector<double> out;
    for (std::size_t f = 0; f < up.size(); ++f) out.push_back((up[f] - down[f]) / (2 * shift_step));
    return out;
  };
  Slopes out;
  const auto more_progression = at({shift_step, 0});
  const auto less_progression = at({-shift_step, 0});
  out.progression = difference(set.expected(more_progression, more_progression, values),
                               set.expected(less_progression, less_progression, values));
  const auto more_death = at({0, shift_step});
  const auto less_death = at({0, -shift_step});
  out.death = difference(set.expected(more_death, more_death, values),
                         set.expected(less_death, less_death, values));
  const auto more = at({shift_step, shift_step});
  const auto less = at({-shift_step, -shift_step});
  out.effect = difference(set.expected(base, more, values), set.expected(base, less, values));
  return out;
}

// Adds to one data set of one study what makes it another study.
void add_study(const EmulationSet& set, std::size_t s, const Slopes& slopes,
               const BetweenValues& between, const PatientDraws& draws, double* row) {
  const EmulatedStudy& study = set.studies()[s];
  const CalibrationStudy kind = calibration_study(study);
  const StreamName name("study shift " + study.document().name);
  const auto z = [&](std::uint32_t k) { return draws.normal(name, k); };
  const StudyShift shift = study_shift(between, kind, {z(0), z(1), z(2), z(3), z(4)});
  const double shape = shape_sd(between, kind);
  for (std::size_t f = 0; f < study.figures(); ++f) {
    const std::size_t at = set.first_figure(s) + f;
    const double own = z(5 + static_cast<std::uint32_t>(f));
    double move = 0;
    switch (heterogeneity_of(study.figure(f).statistic)) {
      case Heterogeneity::proportion:
        move = value_of(between, Between::proportion) * own;
        break;
      case Heterogeneity::hazard:
        move = slopes.progression[at] * shift.progression + slopes.death[at] * shift.death +
               slopes.effect[at] * shift.effect +
               shape * std::hypot(slopes.progression[at], slopes.death[at]) * own;
        break;
      case Heterogeneity::none:
        break;
    }
    if (std::isfinite(move)) row[at] += move;
  }
}

// Data sets of a study's size scatter as its patients do. Where the paper prints an error of its
// own, adjusted for covariates say, deviations from their mean are scaled to it.
void scatter_as_printed(double printed, std::size_t figure, std::size_t figures,
                        std::vector<double>& deviations) {
  if (!(printed > 0)) return;
  double sum = 0;
  double count = 0;
  for (std::size_t at = figure; at < deviations.size(); at += figures) {
    if (!std::isfinite(deviations[at])) continue;
    sum += deviations[at];
    ++count;
  }
  if (count < 2) return;
  const double mean = sum / count;
  double squares = 0;
  for (std::size_t at = figure; at < deviations.size(); at += figures) {
    if (std::isfinite(deviations[at])) squares += (deviations[at] - mean) * (deviations[at] - mean);
  }
  const double variance = squares / (count - 1);
  if (!(variance > 0)) return;
  const double scale = printed / std::sqrt(variance);
  for (std::size_t at = figure; at < deviations.size(); at += figures)
    deviations[at] = mean + scale * (deviations[at] - mean);
}

// [parameter of the posterior] what a model says of it; nullptr: nothing.
using Records = std::vector<const Parameter*>;

const Parameter* find_record(const ParameterTable& parameters, const std::string& name) {
  const std::int32_t index = parameters.find(name);
  return index < 0 ? nullptr : &parameters.rows()[static_cast<std::size_t>(index)];
}

Records records_of(const Posterior& posterior, const EmulationSet& set) {
  Records out(posterior.parameters.size(), nullptr);
  for (std::size_t i = 0; i < out.size(); ++i) {
    for (std::size_t p = 0; p < set.pools() && out[i] == nullptr; ++p)
      out[i] = find_record(set.pool(p).base().model.parameters, posterior.parameters[i]);
  }
  return out;
}

NamedValues translated(const Posterior& posterior, std::size_t draw, const Records& records) {
  NamedValues out;
  for (std::size_t i = 0; i < records.size(); ++i) {
    if (records[i] == nullptr) continue;
    const auto inner = inner_value(*records[i], posterior.written[draw][i]);
    out.emplace_back(posterior.parameters[i],
                     inner.value_or(std::numeric_limits<double>::quiet_NaN()));
  }
  return out;
}

NamedValues means(const Posterior& posterior, const Records& records) {
  NamedValues mean;
  for (std::size_t d = 0; d < posterior.draws(); ++d) {
    const NamedValues one = translated(posterior, d, records);
    if (d == 0) {
      mean = one;
      for (auto& [name, sum] : mean) sum = 0;
    }
    for (std::size_t i = 0; i < one.size(); ++i)
      mean[i].second += one[i].second / static_cast<double>(posterior.draws());
  }
  return mean;
}

}  // namespace

Posterior read_posterior(const CsvTable& file, Diagnostics& diagnostics) {
  Posterior out;
  const std::vector<BetweenPrior> priors = default_between_priors();
  std::vector<const Column::Numbers*> columns;
  std::array<const Column::Numbers*, between_count> between{};
  for (const Column& column : file.table().columns) {
    if (column.name == "draw" || starts_with(column.name, "study_")) continue;
    const Column::Numbers* cells = file.numbers(column.name, diagnostics);
    if (cells == nullptr) continue;
    if (!starts_with(column.name, "hyper_")) {
      out.parameters.push_back(column.name);
      columns.push_back(cells);
      continue;
    }
    for (std::size_t b = 0; b < priors.size(); ++b) {
      if (column.name == between_column(priors[b].name)) between[b] = cells;
    }
  }
  for (std::size_t row = 0; row < file.rows(); ++row) {
    out.places.push_back(file.place(row, 0));
    out.written.emplace_back();
    for (const Column::Numbers* cells : columns) out.written.back().push_back((*cells)[row]);
    out.between.emplace_back();
    for (std::size_t b = 0; b < between_count; ++b)
      out.between.back()[b] = between[b] == nullptr ? 0.0 : (*between[b])[row];
  }
  if (out.draws() == 0) diagnostics.error(file.place(), "the posterior has no draws");
  return out;
}

NamedValues values_of(const Posterior& posterior, std::size_t draw, const EmulationSet& set) {
  return translated(posterior, draw, records_of(posterior, set));
}

NamedValues mean_values(const Posterior& posterior, const EmulationSet& set) {
  return means(posterior, records_of(posterior, set));
}

NamedValues mean_values(const Posterior& posterior, const ParameterTable& parameters) {
  Records records;
  for (const std::string& name : posterior.parameters)
    records.push_back(find_record(parameters, name));
  return means(posterior, records);
}

std::vector<double> predictive_samples(const EmulationSet& set, const Posterior& posterior,
                                       std::size_t draws, std::size_t data_sets, std::uint64_t seed,
                                       Diagnostics& diagnostics) {
  draws = std::min(draws, posterior.draws());
  const std::size_t figures = set.figures();
  const std::size_t rows = draws * data_sets;
  std::vector<double> out(rows * figures);       // first what data sets differ from the expected
  std::vector<double> expected(rows * figures);  // at the same draw
  for (std::size_t d = 0; d < draws; ++d) {
    const std::size_t draw = d * posterior.draws() / draws;
    const NamedValues values = values_of(posterior, draw, set);
    std::vector<Twins> twins;
    try {
      twins = set.simulate(values, {}, 0);
    } catch (const ImpossibleValues& error) {
      diagnostics.error(posterior.places[draw], "the values of this draw cannot be simulated: " +
                                                    std::string(error.what()));
      continue;
    }
    const std::vector<double> figure = set.expected(twins, twins, values);
    const std::vector<double> samples =
        set.sampled(twins, values, data_sets, static_cast<std::uint32_t>(d * data_sets));
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const std::size_t at = d * data_sets * figures + i;
      // A median that is not reached has no place to deviate from.
      expected[at] = std::isfinite(figure[i % figures]) ? figure[i % figures] : 0.0;
      out[at] = samples[i] - expected[at];
    }
  }
  if (diagnostics.has_errors()) return {};
  const Slopes slopes = slopes_of(set, mean_values(posterior, set));
  for (std::size_t s = 0; s < set.studies().size(); ++s) {
    const EmulatedStudy& study = set.studies()[s];
    for (std::size_t f = 0; f < study.figures(); ++f)
      scatter_as_printed(study.figure(f).se, set.first_figure(s) + f, figures, out);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    double* const samples = out.data() + row * figures;
    for (std::size_t f = 0; f < figures; ++f) samples[f] += expected[row * figures + f];
    const PatientDraws own({seed, 0}, static_cast<std::uint32_t>(row));
    const std::size_t draw = row / data_sets * posterior.draws() / draws;
    for (std::size_t s = 0; s < set.studies().size(); ++s)
      add_study(set, s, slopes, posterior.between[draw], own, samples);
  }
  return out;
}

}  // namespace npcsim

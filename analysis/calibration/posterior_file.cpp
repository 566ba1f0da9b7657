#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/calibration_tables.hpp>
#include <npcsim/calibration/detail/kept_draws.hpp>
#include <npcsim/calibration/posterior_file.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/hdf5_file.hpp>
#include <npcsim/io/table_io.hpp>
#include <npcsim/random/draws.hpp>

namespace npcsim {
namespace {

const char* word(ParameterTransform transform) {
  switch (transform) {
    case ParameterTransform::identity:
      return "identity";
    case ParameterTransform::log:
      return "log";
    case ParameterTransform::logit:
      break;
  }
  return "logit";
}

Column::Integers draw_numbers(std::size_t rows) {
  Column::Integers out;
  for (std::size_t r = 0; r < rows; ++r) out.push_back(static_cast<std::int64_t>(r) + 1);
  return out;
}

// The draws of posterior_table() before they are transformed.
Table real_line_table(const CalibrationResult& result, std::size_t rows) {
  const auto which = detail::evenly_spaced(detail::draw_count(result), rows);
  const std::size_t parameters = result.names.size();
  Table out;
  out.name = "draws_real_line";
  out.add_integers("draw", "").cells = draw_numbers(which.size());
  for (std::size_t p = 0; p < parameters; ++p) {
    Column::Numbers cells;
    for (const std::size_t d : which) cells.push_back(result.draws[d * parameters + p]);
    out.add_numbers(result.names[p], "real line").cells = std::move(cells);
  }
  return out;
}

// Chains give draws that are equally likely; the column is there for programs that weight.
Table weights_table(const CalibrationResult& result, std::size_t rows) {
  const auto which = detail::evenly_spaced(detail::draw_count(result), rows);
  Table out;
  out.name = "weights";
  out.add_integers("draw", "").cells = draw_numbers(which.size());
  out.add_numbers("weight", "", "relative; the draws of a chain are equally likely").cells =
      Column::Numbers(which.size(), 1.0);
  return out;
}

Table prior_table(const EmulationTargets& targets) {
  Table out;
  out.name = "prior";
  Column::Texts name, unit, transform, written;
  Column::Numbers mean, sd;
  for (std::size_t p = 0; p < targets.parameters().size(); ++p) {
    const CalibrationParameter& prior = targets.parameters()[p];
    name.push_back(prior.name);
    unit.push_back(targets.records()[p]->unit);
    transform.push_back(word(prior.transform));
    written.push_back(targets.records()[p]->prior);
    mean.push_back(prior.mean);
    sd.push_back(prior.sd);
  }
  out.add_texts("parameter").cells = std::move(name);
  out.add_texts("unit", "of the parameter in /draws").cells = std::move(unit);
  out.add_texts("transform", "from the parameter to the real line").cells = std::move(transform);
  out.add_numbers("mean", "real line", "of the normal prior").cells = std::move(mean);
  out.add_numbers("sd", "real line", "of the normal prior").cells = std::move(sd);
  out.add_texts("as_written", "in the model").cells = std::move(written);
  return out;
}

Table covariance_table(const CalibrationResult& result) {
  const std::size_t parameters = result.names.size();
  std::vector<std::vector<double>> columns;
  Column::Numbers mean;
  for (std::size_t p = 0; p < parameters; ++p) {
    columns.push_back(detail::column_of(result.draws, parameters, p));
    mean.push_back(detail::moments_of(columns.back()).mean);
  }
  Table out;
  out.name = "covariance";
  out.add_texts("parameter").cells = result.names;
  out.add_numbers("mean", "real line", "of all draws").cells = std::move(mean);
  for (std::size_t p = 0; p < parameters; ++p) {
    Column::Numbers cells;
    for (std::size_t q = 0; q < parameters; ++q)
      cells.push_back(detail::covariance_of(columns[q], columns[p]));
    out.add_numbers(result.names[p], "real line", "covariance with the parameter of the row")
        .cells = std::move(cells);
  }
  return out;
}

Table hyperparameters_table(const CalibrationResult& result, const CalibrationOptions& options) {
  Table out;
  out.name = "hyperparameters";
  Column::Texts name, family;
  Column::Numbers prior_mean, prior_sd, mean, sd, ratio, r_hat, size;
  for (std::size_t b = 0; b < result.between_names.size(); ++b) {
    const BetweenPrior& prior = options.between[b];
    const detail::Moments moments =
        detail::moments_of(detail::column_of(result.between_draws, result.between_names.size(), b));
    name.push_back(between_column(prior.name));
    family.push_back(prior.half_normal ? "half_normal" : "normal");
    prior_mean.push_back(prior.half_normal ? 0 : prior.mean);
    prior_sd.push_back(prior.sd);
    mean.push_back(moments.mean);
    sd.push_back(moments.sd);
    ratio.push_back(result.between[b].sd_ratio);
    r_hat.push_back(result.between[b].r_hat);
    size.push_back(result.between[b].effective_size);
  }
  out.add_texts("hyperparameter", "column of /draws").cells = std::move(name);
  out.add_texts("prior").cells = std::move(family);
  out.add_numbers("prior_mean", "", "of a normal prior").cells = std::move(prior_mean);
  out.add_numbers("prior_sd", "", "of a normal prior; scale of a half-normal one").cells =
      std::move(prior_sd);
  out.add_numbers("mean", "", "posterior").cells = std::move(mean);
  out.add_numbers("sd", "", "posterior").cells = std::move(sd);
  out.add_numbers("sd_ratio", "", "posterior / prior, on the scale on which the prior is normal")
      .cells = std::move(ratio);
  out.add_numbers("r_hat", "").cells = std::move(r_hat);
  out.add_numbers("effective_size", "").cells = std::move(size);
  return out;
}

}  // namespace

std::uint64_t evidence_digest(const EmulationTargets& targets) {
  Digest digest;
  for (const CalibrationTarget& target : targets.targets()) {
    const CalibrationStudy& study = targets.studies()[static_cast<std::size_t>(target.study)];
    digest.add_text(study.id);
    digest.add(static_cast<std::uint64_t>(study.tier));
    digest.add(static_cast<std::uint64_t>(study.series));
    digest.add_text(target.id);
    digest.add(static_cast<std::uint64_t>(target.scale));
    digest.add(static_cast<std::uint64_t>(target.reading));
    for (const double number : {target.value, target.low, target.high, target.se})
      digest.add_text(shortest(number));
    digest.add(static_cast<std::uint64_t>(target.fitted));
  }
  return digest.value();
}

Table new_study_table(const CalibrationResult& result, std::size_t rows, std::uint64_t seed) {
  Table out;
  out.name = "new_study";
  if (result.between_names.size() != between_count) return out;
  const auto which = detail::evenly_spaced(detail::draw_count(result), rows);
  Column::Numbers progression, death, series_death, randomised, matched, unmatched, proportion;
  Column::Numbers shape, series_shape;
  const CalibrationStudy trial{"", DesignTier::randomised, false};
  const CalibrationStudy matched_series{"", DesignTier::matched, true};
  const CalibrationStudy unmatched_series{"", DesignTier::unmatched, true};
  for (std::size_t r = 0; r < which.size(); ++r) {
    BetweenValues values{};
    for (std::size_t b = 0; b < between_count; ++b)
      values[b] = result.between_draws[which[r] * between_count + b];
    const PatientDraws draws({seed, 0}, static_cast<std::uint32_t>(r));
    const auto normal = [&](std::uint32_t n) { return draws.normal("new study"_stream, n); };
    const StudyNormals normals{normal(0), normal(1), normal(2), normal(3), normal(4)};
    const StudyShift of_trial = study_shift(values, trial, normals);
    const StudyShift of_series = study_shift(values, unmatched_series, normals);
    progression.push_back(of_trial.progression);
    death.push_back(of_trial.death);
    series_death.push_back(of_series.death);
    randomised.push_back(of_trial.effect);
    matched.push_back(study_shift(values, matched_series, normals).effect);
    unmatched.push_back(of_series.effect);
    proportion.push_back(value_of(values, Between::proportion) * normal(5));
    shape.push_back(shape_sd(values, trial) * normal(6));
    series_shape.push_back(shape_sd(values, unmatched_series) * normal(6));
  }
  out.add_integers("draw", "").cells = draw_numbers(which.size());
  out.add_numbers("progression", "log hazard", "of all patients of the study").cells =
      std::move(progression);
  out.add_numbers("death", "log hazard", "of all patients of the study").cells = std::move(death);
  out.add_numbers("death_series", "log hazard", "of all patients of a series of routine care")
      .cells = std::move(series_death);
  out.add_numbers("effect_randomised", "log hazard ratio", "of treatment").cells =
      std::move(randomised);
  out.add_numbers("effect_matched", "log hazard ratio",
                  "of treatment that was chosen; bias included")
      .cells = std::move(matched);
  out.add_numbers("effect_unmatched", "log hazard ratio",
                  "of treatment that was chosen; bias included")
      .cells = std::move(unmatched);
  out.add_numbers("proportion", "arcsine of the root", "of one share of the study").cells =
      std::move(proportion);
  out.add_numbers("shape", "log hazard", "of one figure, its own").cells = std::move(shape);
  out.add_numbers("shape_series", "log hazard", "of one figure of a series of routine care").cells =
      std::move(series_shape);
  return out;
}

void write_posterior_file(const std::string& path, const CalibrationResult& result,
                          const EmulationTargets& targets, const CalibrationOptions& options,
                          const PosteriorOrigin& origin, std::size_t rows) {
  Hdf5File file = Hdf5File::create(path);
  write_table_hdf5(file, "/draws", posterior_table(result, targets, rows));
  write_table_hdf5(file, "/draws_real_line", real_line_table(result, rows));
  write_table_hdf5(file, "/weights", weights_table(result, rows));
  const Table new_study = new_study_table(result, rows, origin.seed);
  if (new_study.rows() > 0) write_table_hdf5(file, "/new_study", new_study);
  write_table_hdf5(file, "/prior", prior_table(targets));
  write_table_hdf5(file, "/parameters", parameters_table(result, targets));
  write_table_hdf5(file, "/covariance", covariance_table(result));
  if (!result.between_names.empty())
    write_table_hdf5(file, "/hyperparameters", hyperparameters_table(result, options));
  write_table_hdf5(file, "/gates", gates_table(result));
  file.set_attribute("/", "calibration", origin.calibration);
  file.set_attribute("/", "title", origin.title);
  file.set_attribute("/", "version", origin.version);
  file.set_attribute("/", "seed", static_cast<std::int64_t>(origin.seed));
  file.set_attribute("/", "evaluations", static_cast<std::int64_t>(result.evaluations));
  file.set_attribute("/", "evidence_digest", digest_text(evidence_digest(targets)));
  file.set_attribute("/", "problem_digest", digest_text(origin.problem_digest));
  file.set_attribute("/", "verdict", std::string_view(result.passed() ? "passed" : "failed"));
  file.set_attribute("/", "note",
                     std::string_view("model projections for research and teaching; not medical "
                                      "advice"));
  file.close();
}

}  // namespace npcsim

#include <npcsim/base/first_error.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/calibration/worlds/disease.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/model/prior.hpp>
#include <npcsim/run/block_simulator.hpp>

#include <limits>
#include <stdexcept>

namespace npcsim {
namespace {

constexpr std::array<const char*, world_factors> factor_names{
    "poor_status", "liver", "many_lesions", "high_load", "old_age"};

void change_program(Program& program, const std::vector<std::int32_t>& factors,
                    const WorldPatients& patients) {
  for (Process& process : program.processes)
    process.log_hr.intercept += process.fatal ? patients.death_shift : patients.progression_shift;
  for (ColumnRule& rule : program.rules) {
    for (std::size_t j = 0; j < world_factors; ++j) {
      if (rule.column == factors[j]) rule.location.intercept = patients.shares[j];
    }
  }
  for (Track& track : program.tracks) track.onset = patients.onset_days;
}

}  // namespace

std::span<const std::int32_t> WorldLives::ticks(const OutcomeShape& shape, std::size_t strategy,
                                                WorldEndpoint endpoint) const {
  const auto column = outcomes.endpoint_column(shape, strategy, static_cast<std::size_t>(endpoint));
  return {outcomes.ticks.data() + column, patients};
}

std::span<const std::int8_t> WorldLives::events(const OutcomeShape& shape, std::size_t strategy,
                                                WorldEndpoint endpoint) const {
  const auto column = outcomes.endpoint_column(shape, strategy, static_cast<std::size_t>(endpoint));
  return {outcomes.events.data() + column, patients};
}

WorldDisease::WorldDisease(const Library& library, Diagnostics& diagnostics) {
  const auto path = find_document(library, DocumentKind::study, "illness_death", ".");
  if (!path)
    throw FileError(FileError::Kind::cannot_read, "find the model of the self-test",
                    "configs/studies/illness_death.yaml",
                    "no such file in this folder, above it or beside the program");
  auto tree = read_study(library, *path, diagnostics);
  if (!tree || diagnostics.has_errors()) return;
  base_ = compile_study(library, *tree, diagnostics);
  if (diagnostics.has_errors()) return;
  for (const Parameter& parameter : base_->model.parameters.rows()) {
    if (!is_uncertain(parameter) || parameter.distribution.kind == Prior::Kind::half_normal)
      throw std::runtime_error("parameter '" + parameter.name +
                               "' of the self-test has no prior that a calibration can use");
    parameters_.push_back(real_line_prior(parameter));
  }
  for (const char* name : factor_names) factors_.push_back(base_->program->find_column(name));
}

WorldLives WorldDisease::simulate(std::span<const double> theta,
                                  const WorldPatients& patients) const {
  std::vector<double> values(parameters_.size());
  for (std::size_t j = 0; j < values.size(); ++j)
    values[j] = inner_value(base_->model.parameters.rows()[j],
                            natural_value(parameters_[j].transform, theta[j]))
                    .value_or(std::numeric_limits<double>::quiet_NaN());
  Diagnostics diagnostics;
  const auto study = with_parameters(*base_, values, diagnostics);
  if (diagnostics.has_errors())
    throw std::runtime_error("the self-test met a value that its model refuses: " +
                             first_error(diagnostics).message);
  study->study.seed = static_cast<std::int64_t>(patients.seed);
  study->study.replicate = patients.replicate;
  study->needed = study->program->needed_rules(factors_);
  change_program(*study->program, factors_, patients);
  const PatientSampler sampler(*study->program, study->needed);
  BlockSimulator simulator(*study, sampler);
  simulator.keep_columns(factors_);
  WorldLives lives;
  lives.patients = patients.count;
  std::uint64_t candidates = 0;
  simulator.run(0, patients.count, lives.outcomes, candidates);
  lives.stratum.assign(patients.count, 0);
  for (std::size_t j = 0; j < world_factors; ++j) {
    const double* column = lives.outcomes.attributes.data() + j * patients.count;
    for (std::uint32_t i = 0; i < patients.count; ++i)
      lives.stratum[i] =
          static_cast<std::uint8_t>(lives.stratum[i] | (static_cast<unsigned>(column[i]) << j));
  }
  return lives;
}

}  // namespace npcsim

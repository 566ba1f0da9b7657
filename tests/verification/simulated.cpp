#include "simulated.hpp"

#include "support/temp_folder.hpp"
#include <npcsim/base/quadrature.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/run/block_simulator.hpp>

#include <cmath>
#include <limits>
#include <stdexcept>

#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

std::string folder() { return std::string(NPCSIM_SOURCE_DIR) + "/tests/verification/documents/"; }

std::size_t index_of(const std::vector<std::string>& names, const std::string& name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return i;
  }
  throw std::runtime_error("the study has no '" + name + "'");
}

template <class Shape>
std::vector<std::string> names_of(const std::vector<Shape>& shapes) {
  std::vector<std::string> names;
  for (const Shape& shape : shapes) names.push_back(shape.name);
  return names;
}

}  // namespace

std::string document(const std::string& name) { return read_text(folder() + name + ".yaml"); }

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("the document does not say '" + from + "'");
  return text.replace(at, from.size(), to);
}

std::unique_ptr<CompiledStudy> compiled(const std::string& text, const std::string& name) {
  Diagnostics problems;
  Library library;
  library.roots = {NPCSIM_SOURCE_DIR};
  Tree tree = read_yaml_text(folder() + name, text, problems);
  inline_documents(library, tree, problems);
  auto study = compile_study(library, tree, problems);
  if (problems.has_errors()) throw std::runtime_error(problems.text("nothing was run"));
  return study;
}

double integral(const std::function<double(double)>& f, double from, double to,
                const std::vector<double>& breaks) {
  double sum = 0;
  double left = from;
  const auto piece = [&](double right) {
    const Quadrature part = integrate(f, left, right, {1e-14, 1e-12});
    EXPECT_TRUE(part.converged) << left << " to " << right;
    sum += part.value;
    left = right;
  };
  for (const double at : breaks) {
    if (at > left && at < to) piece(at);
  }
  piece(to);
  return sum;
}

double integral_to_infinity(const std::function<double(double)>& f, double from) {
  const Quadrature all = integrate_to_infinity(f, from, {1e-14, 1e-12});
  EXPECT_TRUE(all.converged);
  return all.value;
}

Moments restricted(const std::function<double(double)>& survival, double horizon,
                   const std::vector<double>& breaks) {
  // E min(T, h) = integral of S, E min(T, h)^2 = integral of 2 t S.
  const double mean = integral(survival, 0, horizon, breaks);
  const double square = integral([&](double t) { return 2 * t * survival(t); }, 0, horizon, breaks);
  return {mean, std::sqrt(square - mean * mean)};
}

::testing::AssertionResult agrees(double estimate, double expected, double se,
                                  const std::string& what) {
  const double z = estimate == expected ? 0 : (estimate - expected) / se;
  if (std::abs(z) < z_limit) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << what << ": simulated " << estimate << ", expected " << expected << ", z = " << z;
}

const std::vector<double>& Lives::time(const std::string& strategy,
                                       const std::string& endpoint) const {
  return months[index_of(shape.strategies, strategy) * shape.endpoints.size() +
                index_of(names_of(shape.endpoints), endpoint)];
}

const std::vector<int>& Lives::code(const std::string& strategy,
                                    const std::string& endpoint) const {
  return codes[index_of(shape.strategies, strategy) * shape.endpoints.size() +
               index_of(names_of(shape.endpoints), endpoint)];
}

const std::vector<std::int32_t>& Lives::measure(const std::string& strategy,
                                                const std::string& name) const {
  return measures[index_of(shape.strategies, strategy) * shape.measures.size() +
                  index_of(names_of(shape.measures), name)];
}

Simulated::Simulated(std::unique_ptr<CompiledStudy> study) : study_(std::move(study)) {
  RunResult result = run_blocks(*study_, {});
  if (!result.complete) throw std::runtime_error("the run failed: " + result.failure);
  tally_ = std::move(result.tally);
  rows_ = summary_rows(*tally_);
}

const Process& Simulated::process(const std::string& name) const {
  return study_->program->processes.at(
      static_cast<std::size_t>(study_->program->find_process(name)));
}

double Simulated::cumulative(const std::string& name, double months) const {
  const Process& found = process(name);
  return cumulative_hazard(found.baseline, found.parameters.data(), months * month);
}

double Simulated::time_at(const std::string& name, double hazard) const {
  const Process& found = process(name);
  return npcsim::time_at(found.baseline, found.parameters.data(), hazard) / month;
}

double Simulated::figure(const std::string& strategy, const std::string& endpoint,
                         const std::string& statistic, double at_months) const {
  const SummaryRow* found = nullptr;
  for (const SummaryRow& row : rows_) {
    if (row.strategy != named(strategy) || !row.versus.empty() || !row.subgroup.empty() ||
        row.endpoint != endpoint || row.statistic != statistic) {
      continue;
    }
    if (at_months >= 0 && std::abs(row.at_months.value_or(-1) - at_months) > 1.0 / 974) continue;
    found = &row;
  }
  if (found == nullptr || !found->value)
    throw std::runtime_error("no " + statistic + " of " + endpoint);
  return *found->value;
}

double Simulated::patients(const std::string& strategy, const std::string& endpoint) const {
  return figure(strategy, endpoint, "patients");
}

std::size_t Simulated::strategy_index(const std::string& strategy) const {
  return index_of(study_->shape.strategies, named(strategy));
}

std::size_t Simulated::endpoint_index(const std::string& endpoint) const {
  return index_of(names_of(study_->shape.endpoints), endpoint);
}

Lives Simulated::lives(std::uint32_t patients) const {
  const auto n = patients > 0 ? patients : static_cast<std::uint32_t>(study_->study.patients);
  const PatientSampler sampler(*study_->program, study_->needed);
  BlockSimulator simulator(*study_, sampler);
  OutcomeBlock block;
  std::uint64_t candidates = 0;
  EXPECT_TRUE(simulator.run(0, n, block, candidates));
  Lives out;
  out.shape = study_->shape;
  out.patients = n;
  const auto cut = [n](const auto& all, auto convert) {
    std::vector<std::vector<decltype(convert(all[0]))>> columns;
    for (std::size_t at = 0; at < all.size(); at += n) {
      columns.emplace_back();
      for (std::size_t i = at; i < at + n; ++i) columns.back().push_back(convert(all[i]));
    }
    return columns;
  };
  out.months = cut(block.ticks, [](std::int32_t tick) { return tick / 974.0; });
  out.codes = cut(block.events, [](std::int8_t code) { return int{code}; });
  out.measures = cut(block.measures, [](std::int32_t value) { return value; });
  return out;
}

Simulated::Answer Simulated::survival(const std::string& endpoint, double months, double expected,
                                      const std::string& strategy) const {
  const double n = patients(strategy, endpoint);
  return agrees(figure(strategy, endpoint, "survival", months), expected,
                std::sqrt(expected * (1 - expected) / n),
                named(strategy) + " " + endpoint + " at " + std::to_string(months) + " months");
}

Simulated::Answer Simulated::incidence(const std::string& endpoint, double months, double expected,
                                       const std::string& strategy) const {
  const double n = patients(strategy, endpoint.substr(0, endpoint.find(':')));
  return agrees(figure(strategy, endpoint, "cumulative_incidence", months), expected,
                std::sqrt(expected * (1 - expected) / n),
                named(strategy) + " " + endpoint + " by " + std::to_string(months) + " months");
}

Simulated::Answer Simulated::mean(const std::string& endpoint, Moments expected,
                                  const std::string& strategy) const {
  return agrees(figure(strategy, endpoint, "mean"), expected.mean,
                expected.sd / std::sqrt(patients(strategy, endpoint)),
                named(strategy) + " mean " + endpoint);
}

Simulated::Answer Simulated::median(const std::string& endpoint, double expected, double density,
                                    const std::string& strategy) const {
  return agrees(figure(strategy, endpoint, "median"), expected,
                0.5 / (density * std::sqrt(patients(strategy, endpoint))),
                named(strategy) + " median " + endpoint);
}

Simulated::Answer Simulated::measure(const std::string& name, Moments expected,
                                     const std::string& strategy) const {
  const double n = static_cast<double>(study_->study.patients);
  return agrees(figure(strategy, name, "mean"), expected.mean, expected.sd / std::sqrt(n),
                named(strategy) + " " + name);
}

Simulated::Answer Simulated::share(const std::string& name, double expected,
                                   const std::string& strategy) const {
  const double n = static_cast<double>(study_->study.patients);
  return agrees(figure(strategy, name, "share"), expected, std::sqrt(expected * (1 - expected) / n),
                named(strategy) + " " + name);
}

Simulated::Answer Simulated::restricted_mean(const std::string& endpoint, double months,
                                             Moments expected, const std::string& strategy) const {
  const EndpointTally& tally = tally_->endpoint(strategy_index(strategy), endpoint_index(endpoint));
  const std::vector<std::uint32_t> censored = tally.censored();
  double sum = 0;
  double n = 0;
  for (std::size_t tick = 0; tick < tally.events.size(); ++tick) {
    const double count =
        static_cast<double>(tally.events[tick]) + static_cast<double>(censored[tick]);
    sum += count * std::min(static_cast<double>(tick) / 974.0, months);
    n += count;
  }
  return agrees(sum / n, expected.mean, expected.sd / std::sqrt(n),
                named(strategy) + " restricted mean " + endpoint + " at " + std::to_string(months));
}

}  // namespace npcsim::testing

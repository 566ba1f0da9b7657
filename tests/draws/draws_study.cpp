#include "draws_study.hpp"

#include <npcsim/comparison/draw_figures.hpp>

#include <sstream>
#include <stdexcept>

namespace npcsim::testing {

std::string draws_text(const DrawsStudy& how) {
  std::string text = R"(
study: draws
model:
  model: draws
  parameters:
    rate: {value: )" +
                     how.rate + " per month, prior: " + how.rate_prior + R"(, source: assumed}
    log_hr: {value: )" +
                     how.log_hr + R"(, prior: {normal: [-0.5, 0.2]}, source: assumed}
    held: {value: 0.5, prior: fixed, source: assumed}
  states: [alive, dead]
  attributes:
    frail: {bernoulli: $held}
  processes:
    death: {from: alive, to: dead, hazard: {exponential: $rate}}
  agents:
    drug: {cycle: {every: 21 d}, effects: [{process: death, log_hr: $log_hr, kernel: {durable: 1}}]}
    other: {cycle: {every: 28 d}, effects: [{process: death, hr: 0.8, kernel: {durable: 1}}]}
  endpoints:
    OS: {states: [dead]}
strategies:
)";
  for (const char* const name : {"control", "drug", "other"}) {
    if (how.strategies.find(name) == std::string::npos) continue;
    text += std::string("  - {strategy: ") + name +
            (std::string(name) == "control" ? "}\n"
                                            : std::string(", steps: [{give: ") + name + "}]}\n");
  }
  text += "reference: control\nseed: 3\nhorizon: 600 months\nlandmarks: [12, 24]\n";
  text += "report: {subgroups: [frail]}\npatients: " + std::to_string(how.patients) + "\n";
  if (!how.draws.empty()) text += "draws: " + how.draws + "\n";
  return text;
}

std::unique_ptr<CompiledStudy> draws_study(const DrawsStudy& how) {
  return compile_text(how.file, draws_text(how));
}

RunResult run_all(const CompiledStudy& study, int threads, std::uint32_t block) {
  RunOptions options;
  options.threads = threads;
  options.block_patients = block;
  return run_study(study, options);
}

std::size_t figure_place(const CompiledStudy& study, const std::string& strategy,
                         const std::string& endpoint, const std::string& statistic) {
  const DrawFigures figures(study.shape);
  const std::vector<SummaryRow>& keys = figures.keys();
  for (std::size_t k = 0; k < keys.size(); ++k) {
    if (keys[k].strategy == strategy && keys[k].endpoint == endpoint &&
        keys[k].statistic == statistic && keys[k].subgroup.empty()) {
      return k;
    }
  }
  throw std::runtime_error("no such figure: " + strategy + " " + endpoint + " " + statistic);
}

double rate_of(const CompiledStudy& study, std::int64_t draw) {
  return study.draws->written(draw, study.model.parameters)[0];
}

}  // namespace npcsim::testing

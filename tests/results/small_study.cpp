#include "small_study.hpp"

#include <npcsim/io/files.hpp>
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/run/library.hpp>

#include <stdexcept>

namespace npcsim::testing {

namespace {

constexpr const char* yaml = R"(
study: small
title: A drug that delays progression
kind: comparison
model:
  model: small
  title: Three states
  parameters:
    drug_log_hr:
      value: -0.6
      prior: {normal: [-0.6, 0.2]}
      meaning: log hazard ratio of the drug
      source: [doe_2020]
      identified: directly
  states: {stable: Stable, worse: Worse, dead: Dead}
  start: stable
  attributes:
    frail: {bernoulli: 0.4, label: frail, source: assumed}
    age: {normal: {mean: 50, sd: 10}, unit: years, label: age, source: [doe_2020]}
  frailties:
    luck: {gamma: {variance: 0.5}, source: assumed}
  processes:
    worsening:
      label: worsening
      from: stable
      to: worse
      hazard: {weibull: {shape: 1.3, scale: 10 months}, source: assumed}
      log_hr: {frail: 0.5, age: 0.01}
      frailty: {luck: 1}
    death:
      label: death
      from: [stable, worse]
      to: dead
      hazard: {exponential: 0.03 per month, source: assumed}
  agents:
    drug:
      title: the drug
      cycle: {every: 21 d, cap: 12}
      stop: {toxicity: {per_cycle: 0.03, source: assumed}}
      effects:
        - process: worsening
          log_hr: $drug_log_hr
          kernel: {half_life: 3 months, steps: 6, step: 21 d, durable: 0.2}
          source: [doe_2020]
  toxicities:
    rash: {title: Rash, of: drug, per_cycle: 0.02, source: assumed}
  observation:
    processes: [worsening]
    every: 6 weeks
    source: assumed
  endpoints:
    PFS: {documented: progression, states: [dead], title: Time without worsening}
    OS: {states: [dead], title: Survival}
  sources: {doe_2020: "Doe J. A made-up trial. 2020. https://example.org/doe"}
strategies:
  - {strategy: control, model: small, title: Control}
  - {strategy: drug, model: small, title: The drug, steps: [{give: drug}]}
reference: control
seed: 11
horizon: 36 months
landmarks: [12, 24]
report: {subgroups: [frail]}
)";

}  // namespace

std::unique_ptr<CompiledStudy> compile_text(const std::string& name, const std::string& text) {
  Diagnostics diagnostics;
  const Library library;
  Tree tree = read_yaml_text(name, text, diagnostics);
  inline_documents(library, tree, diagnostics);
  auto study = compile_study(library, tree, diagnostics);
  if (diagnostics.has_errors()) throw std::runtime_error(diagnostics.text("nothing was run"));
  return study;
}

std::string small_text(int patients) {
  return yaml + ("patients: " + std::to_string(patients) + "\n");
}

std::string small_text(const std::string& part, const std::string& other, int patients) {
  std::string text = small_text(patients);
  const std::size_t at = text.find(part);
  if (at == std::string::npos) throw std::runtime_error("no such part: " + part);
  return text.replace(at, part.size(), other);
}

std::unique_ptr<CompiledStudy> small_study(int patients) {
  return compile_text("small.yaml", small_text(patients));
}

std::string page_of(const std::string& text) {
  const TempFolder folder;
  const auto study = compile_text("small.yaml", text);
  run_into(*study, folder.path().string(), {1, 0, WriteOptions::Keep::summary, 1, true});
  return read_text(folder / "report.html");
}

std::string page_data_of(const std::string& text) {
  const TempFolder folder;
  const auto study = compile_text("small.yaml", text);
  run_into(*study, folder.path().string(), {});
  return detail::stored_report_json(*study, folder.path().string());
}

std::vector<SummaryRow> run_into(const CompiledStudy& study, const std::string& folder,
                                 const SmallRun& how) {
  make_folders(folder);
  RunOptions options;
  options.threads = how.threads;
  options.block_patients = how.block;
  options.folder = folder;
  options.keep_patients = how.keep != WriteOptions::Keep::summary;
  const RunResult run = run_blocks(study, options);
  Provenance provenance;
  provenance.version = "1.2.3";
  provenance.command = "npcsim run small.yaml";
  provenance.threads = how.threads;
  WriteOptions write;
  write.folder = folder;
  write.report = how.report;
  write.keep = how.keep;
  write.sample = how.sample;
  return write_results(study, run, provenance, write, how.evidence).rows;
}

}  // namespace npcsim::testing

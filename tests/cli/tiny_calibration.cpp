#include "tiny_calibration.hpp"

#include <string>

namespace npcsim::testing {
namespace {

const char* const model = R"(model: one_hazard
title: One hazard
states: [alive, dead]
start: alive
parameters:
  death_rate: {value: 0.04 per month, prior: {log_normal: [0.04, 0.3]}, source: assumed}
  effect: {value: 0, prior: {normal: [0, 0.5]}, source: assumed, meaning: log hazard ratio of death}
attributes:
  high: {bernoulli: 0.5, source: assumed}
processes:
  death:
    from: alive
    to: dead
    hazard: {exponential: {rate: $death_rate}, source: assumed}
agents:
  drug:
    title: a drug
    procedure: true
    effects: [{process: death, log_hr: $effect, kernel: {durable: 1}, source: assumed}]
    source: assumed
endpoints:
  OS: {states: [dead], title: Survival}
)";

std::string strategy(const std::string& name, const std::string& at) {
  return "strategy: " + name + "\nmodel: one_hazard\ntitle: " + name +
         "\nsteps: [{give: drug, at: " + at + "}]\nsource: assumed\n";
}

std::string emulation(const std::string& name) {
  return "study: " + name + "\ntitle: Trial " + name +
         "\nkind: emulation\nmodel: one_hazard\npatients: 200\nhorizon: 120 months\n"
         "follow_up: {least: 48 months, most: 60 months}\n"
         "arms:\n  never: {strategy: wait}\n  treated: {strategy: treat}\n";
}

std::string survival(const std::string& study, const std::string& arm, int months, double value) {
  return "  " + study + "_" + arm + "_" + std::to_string(months) + ": {study: " + study +
         ", arm: " + arm +
         ", endpoint: OS, statistic: landmark_survival, at_months: " + std::to_string(months) +
         ", value: " + std::to_string(value) +
         ", unit: fraction, n: 100, n_basis: printed, kind: randomised, confounded: false, "
         "population: all_patients, place: Table 1}\n";
}

std::string study(const std::string& name) {
  return "  " + name + ": {title: " + name +
         ", design: randomised, patients: 200, disease: dmnpc, source: [nobody]}\n";
}

}  // namespace

void write_tiny_calibration(const TempFolder& folder) {
  folder.write("configs/models/one_hazard.yaml", model);
  folder.write("strategies/wait.yaml", strategy("wait", "1000 months"));
  folder.write("strategies/treat.yaml", strategy("treat", "0 months"));
  std::string targets;
  for (const char* const name : {"first", "second"}) {
    folder.write("configs/emulations/" + std::string(name) + ".yaml", emulation(name));
    targets += survival(name, "never", 12, 0.6) + survival(name, "never", 24, 0.37) +
               survival(name, "treated", 12, 0.73) + survival(name, "treated", 24, 0.54);
  }
  folder.write("configs/evidence/made.yaml",
               "evidence: made\ntitle: Made up\nstudies:\n" + study("first") + study("second") +
                   "populations:\n  all_patients: {words: everybody}\ntargets:\n" + targets +
                   "effective_n:\n  printed: {of: printed, factor: 1, reason: as printed}\n"
                   "sources:\n  nobody: Nobody, made up\n");
  folder.write("configs/calibrations/tiny.yaml",
               "calibration: tiny\ntitle: Two <made-up> trials\nemulations: [first, second]\n"
               "parameters: [death_rate, effect]\nseed: 11\npatients: 512\nsteps: 6\n"
               "check_points: 25\ndraws: 4000\n");
}

}  // namespace npcsim::testing

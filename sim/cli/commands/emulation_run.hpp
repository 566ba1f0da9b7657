// Simulates published studies and writes what came of it: shared by validate and by run.
#pragma once

#include <npcsim/cli/context.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace npcsim {

struct EmulationRun {
  std::string command = "validate";  ///< what was asked for, for --json
  std::string name;                  ///< of the run; its folder is called so
  std::vector<std::string> paths;    ///< of emulations
  std::string folder;                ///< --out; empty: outputs/runs/NAME
  std::string posterior;             ///< CSV; empty: the values of the documents
  std::string parameters;            ///< CSV of a calibration: what it has learnt of each parameter
  std::string gates;                 ///< CSV of a calibration: the checks of its posterior
  std::string predictions;           ///< CSV of a calibration, of figures without their study
  std::string seen;                  ///< CSV of the same: which figures the posterior knows
  std::string scenarios;             ///< folder of a finished study of scenarios; empty: none
  std::uint32_t patients = 4096;
  std::uint32_t draws = 100;     ///< of the posterior
  std::uint32_t replicates = 2;  ///< data sets of each draw; without a posterior, of the values
  std::uint64_t seed = 1;
  int threads = 0;
  bool findings = true;  ///< the cycles findings, which belong to no single study
  bool force = false;
  bool quiet = false;
  bool json = false;
};

ExitCode run_emulations(const Context& context, const Library& library, const EmulationRun& run);

}  // namespace npcsim

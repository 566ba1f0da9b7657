// The table of commands.
#include <npcsim/cli/command_line.hpp>

namespace npcsim {

const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"run", "STUDY.yaml [options]", "runs a study and writes its folder under outputs/runs",
       run_command, OnSignal::asks},
      {"check", "FILE|NAME...", "reads and compiles documents, reports every mistake, runs nothing",
       check_command},
      {"list", "[KIND]", "models, populations, strategies, agents, studies, ...: what is there",
       list_command},
      {"describe", "FILE|NAME", "a document in words and as a picture", describe_command},
      {"explain", "KEY", "what a key of a document means: type, unit, range, default, example",
       explain_command},
      {"replay", "STUDY.yaml --patient N", "one patient's whole history as a timeline",
       replay_command},
      {"survival", "DATA.csv --time T --event E",
       "Kaplan-Meier, log-rank family, Cox, RMST, concordance, AUC, cumulative incidence of a CSV",
       survival_command},
      {"fit", "DATA.csv --time T --event E",
       "parametric hazards of a CSV: estimates, predictions, a hazard for a model document",
       fit_command},
      {"reconstruct", "CURVE.csv --at-risk RISK.csv",
       "individual records from a digitised Kaplan-Meier curve", reconstruct_command},
      {"calibrate", "CALIBRATION.yaml | --self-test N",
       "fits parameters of a model to published figures; writes posterior draws", calibrate_command,
       OnSignal::asks},
      {"validate", "[EMULATION...]",
       "simulates the published studies; prints published beside predicted", validate_command,
       OnSignal::asks},
      {"merge", "BLOCKS_DIR...", "joins the blocks that array jobs computed (run --blocks K/N)",
       merge_command},
      {"status", "RUN_DIR", "how far a run is", status_command},
      {"report", "RUN_DIR", "rebuilds report.html of a finished run", report_command},
      {"digest", "RUN_DIR", "prints the digests of a finished run", digest_command},
  };
  return table;
}

}  // namespace npcsim

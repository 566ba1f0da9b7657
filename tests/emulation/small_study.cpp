#include "small_study.hpp"

#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/io/yaml_reader.hpp>

namespace npcsim::testing {

std::unique_ptr<MadeSet> make_small_study(const SmallStudy& study) {
  auto out = std::make_unique<MadeSet>();
  const TempFolder& folder = out->folder;
  folder.write("configs/models/one_hazard.yaml",
               "model: one_hazard\ntitle: One hazard\nstates: [alive, dead]\nstart: alive\n"
               "parameters:\n  effect: {value: " +
                   std::to_string(study.log_hr) +
                   ", prior: {normal: [0, 1]}, source: assumed}\n"
                   "  pick: {value: 1, prior: {normal: [0, 1]}, source: assumed}\n"
                   "attributes:\n  high: {bernoulli: 0.5, source: assumed}\n"
                   "processes:\n  death:\n    from: alive\n    to: dead\n"
                   "    hazard: {exponential: {rate: 0.04 per month}, source: assumed}\n" +
                   study.causes +
                   "agents:\n  drug:\n    title: a drug\n    procedure: true\n"
                   "    effects: [{process: death, log_hr: $effect, " +
                   study.effect +
                   ", source: assumed}]\n"
                   "    source: assumed\n"
                   "  placebo: {title: nothing, procedure: true, source: assumed}\n"
                   "endpoints:\n  OS: {states: [dead], title: Survival" +
                   study.os + "}\n" + study.model);
  folder.write("strategies/wait.yaml",
               "strategy: wait\nmodel: one_hazard\ntitle: Wait\n"
               "steps: [{give: drug, at: 1000 months}]\nsource: assumed\n");
  folder.write("strategies/treat.yaml",
               "strategy: treat\nmodel: one_hazard\ntitle: Treat\n"
               "steps: [{give: drug, at: 6 months}]\nsource: assumed\n");
  const auto path = folder.write(
      "configs/emulations/made.yaml",
      "study: made\nkind: emulation\nmodel: one_hazard\npatients: 200\n" + study.times +
          "arms:\n  never: {strategy: wait}\n  treated: {strategy: treat, received: " +
          study.received + "}\n" + study.chosen + study.more);
  const Tree tree = read_yaml_text(
      "evidence.yaml",
      "evidence: made\ntitle: Made up\nstudies:\n  made: {title: Made up, design: " + study.design +
          ", patients: 200, disease: dmnpc, source: [nobody]}\n"
          "populations:\n  all_patients: {words: everybody}\n"
          "targets:\n" +
          study.figures + study.systems +
          "effective_n:\n  printed: {of: printed, factor: 1, reason: as printed}\n"
          "  class_arm: {of: class, factor: 0.25, reason: an arm of two in half of a class}\n"
          "sources:\n  nobody: Nobody, made up\n",
      out->diagnostics);
  read_evidence(tree, out->evidence, out->diagnostics);
  const Library library{{folder.path().string()}};
  out->set = std::make_unique<EmulationSet>(
      library, std::vector<std::string>{path.string()}, out->evidence,
      EmulationOptions{20261121, study.patients, {}}, out->diagnostics);
  if (!out->diagnostics.has_errors()) out->set->settle_effective_n(out->evidence, out->diagnostics);
  if (out->diagnostics.has_errors()) out->problems = out->diagnostics.text("");
  return out;
}

}  // namespace npcsim::testing

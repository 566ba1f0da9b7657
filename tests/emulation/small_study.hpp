// A published study of a disease with one hazard, and its emulation, for tests.
#pragma once

#include "support/temp_folder.hpp"
#include <npcsim/emulation/emulation_set.hpp>

#include <memory>
#include <string>

namespace npcsim::testing {

/// Death at 0.04 a month; `drug`, given at 6 months to the living, multiplies the hazard by
/// exp(log_hr). Half of the patients are `high`, which means nothing, and `pick` is a parameter of
/// 1 that nothing uses. The arms are `never` and `treated`; P(choice) = 0.8.
struct SmallStudy {
  double log_hr = 0;
  std::string chosen = "chosen: [{arm: treated, logit: {intercept: 1.3862943611198906}}]\n";
  std::string effect = "kernel: {durable: 1}";  ///< further keys of the effect of `drug`
  std::string received = "drug";                ///< by the arm `treated`; `placebo` is never given
  std::string times = "horizon: 600 months\nfollow_up: {least: 599 months, most: 600 months}\n";
  std::string design = "retrospective";
  std::string more = "";     ///< further lines of the emulation
  std::string causes = "";   ///< entries under `processes:` of the model beside `death`
  std::string model = "";    ///< further lines of the model
  std::string os = "";       ///< further keys of the endpoint OS, ", since: first_dose"
  std::string figures = "";  ///< entries under `targets:` of the evidence
  std::string systems = "";  ///< further lines of the evidence
  std::uint32_t patients = 20000;
};

/// The set of one emulation, or the text of what is wrong with it.
struct MadeSet {
  TempFolder folder;
  Evidence evidence;
  Diagnostics diagnostics;
  std::unique_ptr<EmulationSet> set;
  std::string problems;
};

std::unique_ptr<MadeSet> make_small_study(const SmallStudy& study);

}  // namespace npcsim::testing

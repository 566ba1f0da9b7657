// A calibration with everything that its document names, for the commands that read one.
#pragma once

#include <npcsim/base/stopped.hpp>
#include <npcsim/calibration/calibration_doc.hpp>
#include <npcsim/calibration/calibrator.hpp>
#include <npcsim/calibration/emulation_targets.hpp>
#include <npcsim/cli/context.hpp>
#include <npcsim/evidence/evidence.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace npcsim {

/// What the command line says in place of the document.
struct CalibrationChanges {
  std::optional<std::uint64_t> seed;
  std::optional<std::int64_t> patients;
  std::optional<std::int64_t> draws;
  EmulationTargetOptions targets;
  StopSign stop;  ///< of what is simulated
};

struct CalibrationDocuments {
  Tree tree;
  CalibrationDoc doc;
  Evidence evidence;
  std::unique_ptr<EmulationSet> set;
  std::unique_ptr<EmulationTargets> targets;
};

/// Whether a document is a calibration.
bool is_calibration(const Tree& document);

/// Compiles a calibration and the emulations that it names. `counted`: the patients behind figures
/// of risk classes are counted in simulated patients, as a fit needs it; otherwise a class counts
/// as everybody, and nothing is simulated. Problems go to `diagnostics`; what is returned can be
/// fitted only if there are none. Throws FileError, and UsageError if `changes` name what the
/// calibration does not have or leave nothing to fit.
CalibrationDocuments compile_calibration(const Library& library, Tree document,
                                         const CalibrationChanges& changes, bool counted,
                                         Diagnostics& diagnostics);

/// Reports priors that by themselves reach, within three standard deviations, what the models
/// cannot be.
void check_reach_of_priors(const CalibrationDocuments& documents, Diagnostics& diagnostics);

/// What is wrong with the documents if the model gives no figures.
void explain_no_figures(const CalibrationDocuments& documents, const NoFigures& error,
                        Diagnostics& diagnostics);

/// One line for `check`, and a calibration in words for `describe`.
std::string calibration_line(const CalibrationDocuments& documents);
std::string calibration_in_words(const CalibrationDocuments& documents);

}  // namespace npcsim

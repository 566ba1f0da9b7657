#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/commands/calibration_documents.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/model/prior.hpp>

#include <algorithm>

namespace npcsim {
namespace {

// Paths of the emulations, each once: a name and a path may mean the same document, whose figures
// would count twice.
std::vector<std::string> find_emulations(const Library& library, const CalibrationDoc& doc,
                                         Diagnostics& diagnostics) {
  const std::vector<std::string> known = document_names(library, DocumentKind::emulation);
  std::vector<Name> names = doc.emulations;
  if (names.empty()) {
    for (const std::string& name : known) names.push_back({name, doc.place});
    if (known.empty())
      diagnostics.error(doc.place, "there are no emulations to fit",
                        "they are in configs/emulations");
  }
  std::vector<std::string> out;
  std::vector<const Name*> of_path;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Name& name = names[i];
    const auto path = find_document(library, DocumentKind::emulation, name.text, ".");
    if (!path) {
      const std::string close = suggestion(name.text, known);
      diagnostics.error(name.place, "there is no emulation '" + name.text + "'",
                        close.empty() ? "npcsim list emulations names those that are there" : close,
                        "emulations");
      continue;
    }
    const auto same = std::find_if(out.begin(), out.end(),
                                   [&](const auto& other) { return same_file(other, *path); });
    if (same != out.end()) {
      const Name& first = *of_path[static_cast<std::size_t>(same - out.begin())];
      // The same word twice has been reported with the document.
      if (first.text != name.text)
        diagnostics.error(name.place,
                          "'" + name.text + "' and '" + first.text + "' are the same emulation",
                          "remove one of them", "emulations");
      continue;
    }
    out.push_back(*path);
    of_path.push_back(&name);
  }
  return out;
}

// Words on the command line that fit nothing would leave the full result under a wrong name.
void check_words(const EmulationSet& set, const EmulationTargetOptions& options) {
  std::vector<std::string> designs;
  std::vector<std::string> studies;
  for (const EmulatedStudy& study : set.studies()) {
    studies.push_back(study.document().name);
    if (std::find(designs.begin(), designs.end(), study.design()) == designs.end())
      designs.push_back(study.design());
  }
  const auto check = [](const std::string& option, const std::string& word,
                        const std::vector<std::string>& known, const std::string& what) {
    if (std::find(known.begin(), known.end(), word) != known.end()) return;
    const std::string near = suggestion(word, known);
    throw UsageError("--" + option + ": the calibration has no " + what + " '" + word + "'" +
                     (near.empty() ? "" : "; " + near));
  };
  for (const std::string& word : options.without_designs)
    check("without-designs", word, designs, "study of the design");
  for (const std::string& word : options.without_studies)
    check("without-studies", word, studies, "study");
  for (const auto& [word, factor] : options.patients_times)
    check("times-patients", word, designs, "study of the design");
}

// Priors that by themselves reach what the models cannot be. Whether there are any.
bool blame_priors(const EmulationTargets& targets, const std::string& what,
                  Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  std::vector<double> means;
  for (const CalibrationParameter& parameter : targets.parameters())
    means.push_back(parameter.mean);
  const auto contradiction = [&](std::size_t p, double sds, std::vector<double>& theta) {
    theta = means;
    theta[p] += sds * targets.parameters()[p].sd;
    return targets.contradiction(theta);
  };
  std::vector<double> theta;
  for (std::size_t p = 0; p < means.size(); ++p) {
    const CalibrationParameter& parameter = targets.parameters()[p];
    // The ends first: nearly always they are possible, and so is what lies between.
    if (contradiction(p, -3, theta).empty() && contradiction(p, 3, theta).empty()) continue;
    for (const double sds : {0.0, -1.0, 1.0, -2.0, 2.0, -3.0, 3.0}) {
      const std::string why = contradiction(p, sds, theta);
      if (why.empty()) continue;
      diagnostics.error(
          targets.records()[p]->distribution.place,
          "the prior of '" + parameter.name + "' reaches " +
              rounded(natural_value(parameter.transform, theta[p]), 3) + ": " + why,
          what + "; a prior that keeps the range, e.g. beta for shares, log_normal above 0");
      break;
    }
  }
  return diagnostics.error_count() > before;
}

// Studies without any figure at their documents, single figures at their records.
void blame_studies(const CalibrationDocuments& documents, const std::vector<std::size_t>& without,
                   const std::string& what, Diagnostics& diagnostics) {
  const EmulationTargets& targets = *documents.targets;
  std::vector<std::size_t> missing(targets.studies().size(), 0);
  std::vector<std::size_t> all(targets.studies().size(), 0);
  for (const CalibrationTarget& target : targets.targets())
    ++all[static_cast<std::size_t>(target.study)];
  for (const std::size_t t : without)
    ++missing[static_cast<std::size_t>(targets.targets()[t].study)];
  for (std::size_t s = 0; s < missing.size(); ++s) {
    if (missing[s] < all[s]) continue;
    const EmulationDoc& study = documents.set->studies()[targets.set_studies()[s]].document();
    diagnostics.error(study.place, what + ": none of '" + study.name + "'",
                      "hardly anybody enters it: see origin, enters, lived, horizon, population");
  }
  for (const std::size_t t : without) {
    const CalibrationTarget& target = targets.targets()[t];
    const auto s = static_cast<std::size_t>(target.study);
    if (missing[s] == all[s]) continue;
    const auto& records = documents.evidence.targets;
    const auto record = std::find_if(records.begin(), records.end(),
                                     [&](const auto& one) { return one.first.text == target.id; });
    diagnostics.error(record == records.end() ? documents.doc.place : record->first.place,
                      what + ": not '" + target.id + "'",
                      "hardly anybody is in its groups or has an event within follow-up, or its "
                      "time is beyond the horizon; to leave "
                      "it out, say in the emulation: targets: {" +
                          target.id + ": {none: \"why\"}}");
  }
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

std::string between_text(const BetweenPrior& prior) {
  if (prior.sd == 0) return "fixed at " + shortest(prior.mean);
  if (prior.half_normal) return "half-normal, scale " + shortest(prior.sd);
  return "normal, mean " + shortest(prior.mean) + ", sd " + shortest(prior.sd);
}

std::string model_names(const EmulationSet& set) {
  std::vector<std::string> names;
  for (std::size_t p = 0; p < set.pools(); ++p) {
    if (!set.has_pool(p)) continue;
    const std::string& name = set.pool(p).base().model.name;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::string out = names.size() == 1 ? "model " : "models ";
  for (std::size_t i = 0; i < names.size(); ++i) out += (i == 0 ? "" : ", ") + names[i];
  return out;
}

}  // namespace

bool is_calibration(const Tree& document) {
  return document.is_map() && document.find("calibration") != nullptr;
}

CalibrationDocuments compile_calibration(const Library& library, Tree document,
                                         const CalibrationChanges& changes, bool counted,
                                         Diagnostics& diagnostics) {
  const std::size_t before = diagnostics.error_count();
  CalibrationDocuments out;
  out.tree = std::move(document);
  CalibrationDoc& doc = out.doc = read_calibration(out.tree, diagnostics);
  if (changes.seed) doc.seed = static_cast<std::int64_t>(*changes.seed);
  if (changes.patients) doc.patients = *changes.patients;
  if (changes.draws) doc.draws = *changes.draws;
  out.evidence = read_all_evidence(library, diagnostics);
  const std::vector<std::string> emulations = find_emulations(library, doc, diagnostics);
  // Numbers that the document has wrong are 0 and have been reported with their places.
  EmulationOptions options;
  options.seed = static_cast<std::uint64_t>(doc.seed);
  if (doc.patients > 0) options.patients = static_cast<std::uint32_t>(doc.patients);
  options.stop = changes.stop;
  out.set = std::make_unique<EmulationSet>(library, emulations, out.evidence, options, diagnostics);
  const bool sound = diagnostics.error_count() == before;
  if (sound) check_words(*out.set, changes.targets);
  if (sound && counted) {
    try {
      out.set->settle_effective_n(out.evidence, diagnostics);
    } catch (const NobodyEligible& error) {
      diagnostics.error(error.place(), error.what(), "a wider condition under 'eligible'");
      return out;
    }
  }
  out.targets =
      std::make_unique<EmulationTargets>(*out.set, doc.parameters, changes.targets, diagnostics);
  if (!sound) return out;
  if (out.targets->fitted() > 0) return out;
  if (!changes.targets.without_designs.empty() || !changes.targets.without_studies.empty())
    throw UsageError("--without-designs and --without-studies leave no figure to fit");
  diagnostics.error(doc.emulations.empty() ? doc.place : doc.emulations.front().place,
                    "these emulations have no figure that can be fitted",
                    "npcsim run EMULATION shows which figures there are and why they are left out",
                    "emulations");
  return out;
}

void check_reach_of_priors(const CalibrationDocuments& documents, Diagnostics& diagnostics) {
  blame_priors(*documents.targets, "a model that cannot be gives no figures", diagnostics);
}

void explain_no_figures(const CalibrationDocuments& documents, const NoFigures& error,
                        Diagnostics& diagnostics) {
  const std::string what = error.what();
  if (blame_priors(*documents.targets, what, diagnostics)) return;
  if (error.targets().empty()) {
    diagnostics.error(documents.doc.place, what, "more wave_points, or narrower priors");
    return;
  }
  blame_studies(documents, error.targets(), what, diagnostics);
}

std::string calibration_line(const CalibrationDocuments& documents) {
  const EmulationTargets& targets = *documents.targets;
  return "calibration " + documents.doc.name + ": " +
         counted(targets.parameters().size(), "parameter", "parameters") + ", " +
         counted(targets.fitted(), "figure", "figures") + " of " +
         counted(targets.fitted_studies(), "study", "studies") + " to fit, " +
         std::to_string(targets.targets().size() - targets.fitted()) + " to show, " +
         model_names(*documents.set);
}

std::string calibration_in_words(const CalibrationDocuments& documents) {
  const CalibrationDoc& doc = documents.doc;
  const EmulationTargets& targets = *documents.targets;
  std::string out = wrapped(doc.title, 0, 100) + "calibration " + doc.name + ", " +
                    model_names(*documents.set) + "\n";
  if (!doc.description.empty()) out += "\n" + wrapped(doc.description, 2, 100);
  const std::size_t others = targets.targets().size() - targets.fitted();
  std::string what = "Fits " + counted(targets.parameters().size(), "parameter", "parameters") +
                     " to " + counted(targets.fitted(), "published figure", "published figures") +
                     " of " + counted(targets.fitted_studies(), "study", "studies") + ".";
  if (others > 0)
    what += " " + counted(others, "figure is", "figures are") +
            " shown beside what the model says and not fitted.";
  what += " One evaluation of the model is " + std::to_string(documents.set->lives()) +
          " lives: those of " + std::to_string(doc.patients) + " patients in " +
          counted(documents.set->pools(), "pool", "pools") + " under every strategy.";
  out += "\n" + wrapped(what, 2, 100);
  std::vector<std::vector<std::string>> rows{{"  parameter", "value", "prior", "meaning"}};
  for (const Parameter* record : targets.records())
    rows.push_back(
        {"  " + record->name,
         shortest(record->written) + (record->suffix.empty() ? "" : " " + record->suffix),
         written(record->distribution), cut(record->meaning, 50)});
  out += "\nParameters, with the priors of the model\n" + aligned(rows);
  rows = {{"  study", "design", "fitted", "shown", "title"}};
  for (std::size_t s = 0; s < targets.studies().size(); ++s) {
    std::size_t fitted = 0;
    std::size_t shown = 0;
    for (const CalibrationTarget& target : targets.targets()) {
      if (target.study != static_cast<std::int32_t>(s)) continue;
      ++(target.fitted ? fitted : shown);
    }
    const EmulatedStudy& study = documents.set->studies()[targets.set_studies()[s]];
    rows.push_back({"  " + study.document().name, study.design(), std::to_string(fitted),
                    std::to_string(shown), cut(study.document().title, 50)});
  }
  out += "\nStudies, with the number of their figures\n" + aligned(rows);
  rows = {{"  term", "prior", "meaning"}};
  for (const BetweenPrior& prior : doc.between)
    rows.push_back({"  " + prior.name, between_text(prior), cut(prior.meaning, 60)});
  out += "\nHow studies may differ from the model beyond chance\n" + aligned(rows);
  out += "\n  Seed " + std::to_string(doc.seed) + ", " + std::to_string(doc.draws) + " draws.\n";
  return out;
}

}  // namespace npcsim

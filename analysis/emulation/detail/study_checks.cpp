#include <npcsim/emulation/detail/study_checks.hpp>
#include <npcsim/strategies/plugin_loader.hpp>
#include <npcsim/strategies/step_strategy.hpp>

#include <algorithm>
#include <optional>
#include <set>

namespace npcsim::detail {
namespace {

// A study of which only a part is emulated is seldom less than this part of it.
constexpr std::int64_t smallest_part = 4;

// Parameters that say how treatment was chosen.
std::set<std::int32_t> parameters_of_choice(const StudyDesign& design) {
  std::set<std::int32_t> out;
  for (const EmulatedChoice& choice : design.doc.chosen) {
    out.insert(choice.intercept.parameters.begin(), choice.intercept.parameters.end());
    for (const ChoiceTerm& term : choice.terms)
      out.insert(term.coef.parameters.begin(), term.coef.parameters.end());
  }
  return out;
}

class ApartCheck {
 public:
  ApartCheck(const StudyDesign& design, Diagnostics& diagnostics)
      : design_(design),
        parameters_(design.pool->base().model.parameters),
        diagnostics_(diagnostics) {}

  void figures(const std::vector<FigureDesign>& all) {
    std::vector<std::string> ratios;
    for (const FigureDesign& figure : all) {
      if (figure.figure.statistic == Statistic::hazard_ratio) ratios.push_back(figure.figure.id);
    }
    for (const Name& name : design_.doc.taken_apart.figures) {
      if (std::find(ratios.begin(), ratios.end(), name.text) == ratios.end())
        diagnostics_.error(name.place, "the study has no hazard ratio '" + name.text + "'",
                           suggestion(name.text, ratios), "taken_apart > figures");
    }
  }

  void effect() {
    for (const Name& name : design_.doc.taken_apart.effect) can_be_taken_away(name, "effect");
  }

  void choice() {
    const std::set<std::int32_t> asked = parameters_of_choice(design_);
    std::vector<std::string> names;
    for (const std::int32_t index : asked)
      names.push_back(parameters_.rows()[static_cast<std::size_t>(index)].name);
    for (const Name& name : design_.doc.taken_apart.choice) {
      if (!can_be_taken_away(name, "choice") || asked.contains(parameters_.find(name.text)))
        continue;
      diagnostics_.error(name.place,
                         "'" + name.text +
                             "' is no parameter of 'chosen': without it treatment is "
                             "chosen as before",
                         names.empty()
                             ? "chosen: [{arm: ..., logit: {terms: {liver: $" + name.text + "}}}]"
                             : suggestion(name.text, names),
                         "taken_apart > choice");
    }
  }

 private:
  bool can_be_taken_away(const Name& name, const char* key) {
    const std::string where = std::string("taken_apart > ") + key;
    if (parameters_.find(name.text) < 0) {
      std::vector<std::string> names;
      for (const Parameter& row : parameters_.rows()) names.push_back(row.name);
      diagnostics_.error(name.place, "the model has no parameter '" + name.text + "'",
                         suggestion(name.text, names), where);
      return false;
    }
    if (!design_.pool->is_fixed(name.text)) return true;
    diagnostics_.error(name.place,
                       "'" + name.text + "' cannot be taken away: the study fixes its value",
                       "remove it from `parameters` or from this list", where);
    return false;
  }

  const StudyDesign& design_;
  const ParameterTable& parameters_;
  Diagnostics& diagnostics_;
};

// Every agent that a strategy may give; nothing if that is not known.
std::optional<std::vector<std::int32_t>> agents_of(const Strategy& strategy) {
  if (const auto* steps = dynamic_cast<const StepStrategy*>(&strategy)) return steps->agents();
  if (const auto* plugin = dynamic_cast<const PluginStrategy*>(&strategy)) return plugin->agents();
  return std::nullopt;
}

// Of a treatment that no strategy gives nobody can have received it: the arm would be empty.
void check_received(const StudyDesign& design, Diagnostics& diagnostics) {
  const PatientPool& pool = *design.pool;
  for (const auto& [name, arm] : design.doc.arms) {
    const std::int32_t strategy = pool.find_strategy(arm.strategy.text);
    if (strategy < 0) continue;
    const auto given = agents_of(*pool.base().strategies[static_cast<std::size_t>(strategy)]);
    if (!given) continue;
    for (const Name& agent : arm.received) {
      const std::int32_t index = pool.program().find_agent(agent.text);
      if (index < 0 || std::find(given->begin(), given->end(), index) != given->end()) continue;
      diagnostics.warning(agent.place,
                          "the strategy '" + arm.strategy.text + "' never gives '" + agent.text +
                              "': nobody is in the arm '" + name.text + "' for it",
                          "another strategy, or another agent", "arms > " + name.text);
    }
  }
}

void check_origin(const EmulationDoc& doc, const Study& study, Diagnostics& diagnostics) {
  if (doc.origin_written || study.origin.empty() || study.origin == "diagnosis") return;
  diagnostics.warning(
      doc.publication.place,
      "time is counted from diagnosis, but the evidence says that the times of '" +
          doc.publication.text + "' are from " +
          (study.origin == "randomisation" ? "randomisation" : "the start of treatment"),
      "origin: first_dose, or a time since diagnosis; or origin: diagnosis", "origin");
}

void check_patients(const EmulationDoc& doc, const Study& study,
                    const std::vector<FigureDesign>& figures, const Evidence& evidence,
                    Diagnostics& diagnostics) {
  if (doc.balanced) return;  // who has no match is left out
  const std::string hint = "data sets have the size that 'patients' says";
  const std::string here = "the emulation has " + std::to_string(doc.patients) + " patients, ";
  std::int64_t most = 0;
  std::string of;
  for (const FigureDesign& figure : figures) {
    const Target* target = find(evidence.targets, figure.figure.id);
    if (target == nullptr || !figure.figure.not_simulated.empty() || target->n <= most) continue;
    most = target->n;
    of = figure.figure.id;
  }
  if (most > doc.patients)
    diagnostics.warning(
        doc.patients_place,
        here + "and " + std::to_string(most) + " are behind its figure '" + of + "'", hint,
        "patients");
  else if (study.patients > 0 && doc.patients * smallest_part <= study.patients)
    diagnostics.warning(
        doc.patients_place,
        here + "and the evidence says that the study had " + std::to_string(study.patients), hint,
        "patients");
}

void check_sources(const EmulationDoc& doc, const Evidence& evidence, Diagnostics& diagnostics) {
  std::vector<std::string> known;
  for (const auto& [id, reference] : evidence.sources) known.push_back(id.text);
  for (const Name& key : doc.source) {
    if (key.text == "assumed" || find(evidence.sources, key.text) != nullptr) continue;
    const std::string near = closest(key.text, known);
    diagnostics.warning(key.place, "the evidence has no source '" + key.text + "'",
                        near.empty()
                            ? "its reference stands under 'sources' of an evidence document"
                            : "did you mean '" + near + "'?",
                        "source");
  }
}

}  // namespace

void check_study(const StudyDesign& design, const std::vector<FigureDesign>& figures,
                 const Evidence& evidence, Diagnostics& diagnostics) {
  const EmulationDoc& doc = design.doc;
  const Study* study = doc.trial.empty() ? find(evidence.studies, doc.publication.text) : nullptr;
  ApartCheck apart(design, diagnostics);
  // Of an unknown study every figure would be missing.
  if (study != nullptr || !doc.trial.empty()) apart.figures(figures);
  apart.effect();
  apart.choice();
  check_received(design, diagnostics);
  check_sources(doc, evidence, diagnostics);
  if (study == nullptr) return;
  check_origin(doc, *study, diagnostics);
  check_patients(doc, *study, figures, evidence, diagnostics);
}

}  // namespace npcsim::detail

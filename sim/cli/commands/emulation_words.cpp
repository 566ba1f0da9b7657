#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/commands/describe.hpp>
#include <npcsim/cli/commands/emulation_text.hpp>
#include <npcsim/cli/commands/emulation_words.hpp>
#include <npcsim/cli/commands/evidence_text.hpp>
#include <npcsim/cli/commands/text_layout.hpp>

#include <algorithm>
#include <cmath>

namespace npcsim {
namespace {

constexpr std::size_t columns = 100;

std::string months(double days) {
  return shortest(std::round(100 * days / days_per_month) / 100) + " months";
}

std::string text_of(const Tree& tree, std::string_view key) {
  const Tree* found = tree.find(key);
  return found != nullptr && found->is_scalar() ? found->text() : std::string();
}

std::string joined(const std::vector<Name>& names, const std::string& between) {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : between) + name.text;
  return out;
}

// "{every: 91 d}" as "every 91 d".
std::string settings(const Tree& map) {
  std::string out;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Tree& item = map.items()[i];
    out += (out.empty() ? "" : ", ") + map.keys()[i].text + " " +
           (item.is_scalar() ? item.text() : to_yaml(item));
  }
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

// A condition of the document by its path, in words; empty if there is none.
std::string condition_at(const Tree& tree, std::string_view key) {
  const Tree* found = tree.find(key);
  return found == nullptr ? std::string() : condition_in_words(*found);
}

class EmulationTeller {
 public:
  EmulationTeller(const EmulatedStudy& study, const Tree& written, const Evidence& evidence)
      : study_(study), doc_(study.document()), written_(written), evidence_(evidence) {}

  std::string tell() {
    out_ = wrapped(doc_.title, 0, columns);
    const bool trial = !doc_.trial.empty();
    line("emulation " + doc_.name + ", " +
             (trial ? std::string("running trial")
                    : "published as " + doc_.publication.text + " (" + study_.design() + ")") +
             ", model " + study_.pool().base().model.name,
         0);
    if (!doc_.description.empty()) out_ += "\n" + wrapped(doc_.description, 2, columns);
    if (trial) tell_trial();
    tell_patients();
    tell_arms();
    tell_groups();
    tell_figures();
    return out_;
  }

 private:
  void line(const std::string& text, std::size_t indent = 2) {
    out_ += wrapped(text, indent, columns);
  }

  void tell_trial() {
    const RunningTrial* trial = find(evidence_.trials, doc_.trial.text);
    if (trial == nullptr) return;
    out_ += "\n";
    line(trial->registry.text + ", phase " + std::to_string(trial->phase) + ", " +
         std::to_string(trial->enrolment) + " patients planned. It had not read out.");
    if (!trial->doubt.empty()) line("In doubt: " + trial->doubt);
  }

  void tell_patients() {
    out_ += "\nPatients\n";
    std::string who = std::to_string(doc_.patients) + " patients";
    const Tree* population = written_.find("population");
    if (population != nullptr && population->is_scalar()) {
      who += " of population " + population->text();
    } else if (population != nullptr && population->is_map()) {
      const std::string preset = text_of(*population, "preset");
      who += preset.empty() ? " of a population of its own" : " of population " + preset;
      const std::string eligible = condition_at(*population, "eligible");
      if (!eligible.empty()) who += ", eligible: " + eligible;
    }
    line(who + ".");
    line("Time runs from " + origin() + "." +
         (written_.find("enters") == nullptr
              ? std::string()
              : " Whoever enters then: " + condition_at(written_, "enters") + "."));
    if (doc_.lived_days > 0)
      line("Whoever died within " + months(doc_.lived_days) + " is not in the series.");
    line("Followed for " + months(doc_.follow_least_days) + " to " + months(doc_.follow_most_days) +
         (doc_.drop_out_per_day > 0
              ? "; of 100 patients " +
                    rounded(100 * (1 - std::exp(-365.25 * doc_.drop_out_per_day)), 2) +
                    " are lost in a year."
              : "."));
    const Tree* observation = written_.find("observation");
    line("Progression is looked for " +
         (observation != nullptr && observation->is_map()
              ? "as this study did: " + settings(*observation)
              : std::string("as the model does")) +
         ".");
    const Tree* parameters = written_.find("parameters");
    if (parameters != nullptr && parameters->is_map() && parameters->size() > 0)
      line("Parameters that it sets: " + settings(*parameters) + ".");
  }

  std::string origin() const {
    if (doc_.origin == "first_dose") return "the first dose";
    if (doc_.origin_days >= 0) return months(doc_.origin_days) + " after diagnosis";
    return doc_.origin;
  }

  void tell_arms() {
    out_ += "\nArms\n";
    double total = 0;
    for (const auto& [name, arm] : doc_.arms) total += arm.share;
    const CompiledStudy& base = study_.pool().base();
    for (const auto& [name, arm] : doc_.arms) {
      const auto strategy = std::find_if(
          base.strategy_docs.begin(), base.strategy_docs.end(),
          [&arm = arm](const StrategyDoc& one) { return one.name == arm.strategy.text; });
      std::string words = name.text + ": strategy " + arm.strategy.text;
      if (strategy != base.strategy_docs.end() && !strategy->title.empty())
        words += " (" + strategy->title + ")";
      if (!arm.received.empty()) words += ", those who received " + joined(arm.received, " or ");
      if (doc_.chosen.empty() && doc_.arms.size() > 1)
        words += ", " + shortest(std::round(1000 * arm.share / total) / 10) + " % of the patients";
      line(words + ".");
    }
    if (doc_.arms.size() == 1) return;
    if (doc_.chosen.empty()) {
      line("Patients are randomised.");
      return;
    }
    const ParameterTable& parameters = base.model.parameters;
    line("Treatment is chosen, not assigned; whoever is not chosen is in the first arm:");
    for (const EmulatedChoice& choice : doc_.chosen) {
      std::string logit = value_text(choice.intercept, parameters);
      for (const ChoiceTerm& term : choice.terms)
        logit += " + " + value_text(term.coef, parameters) + " x " + term.of.text;
      line("logit P(" + choice.arm.text + ") = " + logit + ".", 4);
    }
    if (doc_.balanced)
      line("The authors matched or weighted for the measured variables of the choice.");
  }

  void tell_groups() {
    const Tree* groups = written_.find("groups");
    if (groups == nullptr || !groups->is_map() || groups->size() == 0) return;
    out_ += "\nGroups that figures are about\n";
    for (const auto& [name, group] : doc_.groups) {
      std::string words = group.arms.empty() ? "all arms" : joined(group.arms, ", ");
      const Tree* written = groups->find(name.text);
      const std::string when =
          written == nullptr || !written->is_map() ? std::string() : condition_at(*written, "when");
      if (!when.empty()) words += ", " + when;
      if (!group.score.empty()) words += ", by a score";
      line(name.text + ": " + words + ".");
    }
  }

  void tell_figures() {
    const bool trial = !doc_.trial.empty();
    std::vector<std::vector<std::string>> rows;
    if (trial) {
      rows.push_back({"  predicted"});
    } else {
      rows.push_back({"  published", "value", "95 % interval", "n"});
    }
    std::string reasons;
    for (std::size_t f = 0; f < study_.figures(); ++f) {
      const Figure& figure = study_.figure(f);
      const Target* target = find(evidence_.targets, figure.id);
      rows.push_back({"  " + figure.id});
      if (!trial)
        rows.back().insert(rows.back().end(),
                           {published_text(figure), interval_text(figure),
                            target != nullptr && target->n > 0 ? std::to_string(target->n) : ""});
      if (!figure.not_simulated.empty())
        reasons += wrapped(figure.id + " is not simulated: " + figure.not_simulated, 2, columns);
      if (!figure.left_out.empty())
        reasons +=
            wrapped(figure.id + " is not used in calibration: " + figure.left_out, 2, columns);
      if (target != nullptr && !target->doubt.empty())
        reasons += wrapped(figure.id + ", in doubt: " + target->doubt, 2, columns);
    }
    out_ += "\nFigures\n" + aligned(rows) + reasons;
    std::string endpoints;
    for (const auto& [published, of_model] : doc_.endpoints)
      endpoints += (endpoints.empty() ? "" : ", ") + published.text + " is " + of_model.text;
    if (!endpoints.empty()) line("Of the model: " + endpoints + ".");
    if (!doc_.taken_apart.figures.empty())
      line("Also shown without the effect of treatment and without the choice: " +
           joined(doc_.taken_apart.figures, ", ") + ".");
    if (!doc_.source.empty()) line("Source: " + joined(doc_.source, ", ") + ".");
  }

  const EmulatedStudy& study_;
  const EmulationDoc& doc_;
  const Tree& written_;
  const Evidence& evidence_;
  std::string out_;
};

}  // namespace

std::string emulation_in_words(const EmulationSet& set, const Tree& written,
                               const Evidence& evidence) {
  return EmulationTeller(set.studies().front(), written, evidence).tell();
}

}  // namespace npcsim

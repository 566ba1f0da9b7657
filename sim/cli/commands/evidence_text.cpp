#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/cli/commands/evidence_text.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <algorithm>

namespace npcsim {
namespace {

constexpr std::size_t columns = 100;

std::string paragraph(const std::string& text, std::size_t indent) {
  return wrapped(text, indent, columns);
}

std::string joined(const std::vector<Name>& names, const std::string& between = ", ") {
  std::string out;
  for (const Name& name : names) out += (out.empty() ? "" : between) + name.text;
  return out;
}

std::string counted(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// Words of closed lists are written with underscores.
std::string plain(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::string doubt_words(const std::string& doubt) {
  return doubt.empty() ? std::string() : paragraph("In doubt: " + doubt, 6);
}

std::string place_words(const Name& quoted_in, const std::string& where) {
  return where + (quoted_in.empty() ? "" : ", quoted in " + quoted_in.text);
}

std::string value_words(const Target& target) {
  if (target.reading == Reading::not_reached) return "not reached";
  if (is_printed(target.range.low))
    return shortest(target.range.low) + " to " + shortest(target.range.high);
  return (target.reading == Reading::exact ? std::string() : plain(target.reading_word) + " ") +
         shortest(target.value);
}

std::string figure_words(const Name& id, const Target& target, const Evidence& all) {
  std::string out = id.text + ": ";
  out += target.has_contrast ? target.contrast.of.text + " against " + target.contrast.against.text
                             : target.arm.text;
  out += ", " + plain(target.endpoint) + ", " + plain(target.statistic_word);
  if (is_printed(target.at_months)) out += " at " + shortest(target.at_months) + " months";
  out += " " + value_words(target);
  if (target.unit == "months") out += " months";
  if (is_printed(target.interval.low))
    out += " (" + shortest(100 * target.level) + " % interval " + shortest(target.interval.low) +
           " to " + shortest(target.interval.high) + ")";
  if (is_printed(target.p))
    out += std::string(", P ") +
           (target.p_is == "below"   ? "< "
            : target.p_is == "above" ? "> "
                                     : "") +
           shortest(target.p);
  out += "; ";
  if (target.n > 0)
    out += counted(static_cast<std::size_t>(target.n), "patient", "patients") + ", ";
  out += "n by the rule " + target.n_basis.text;
  if (target.confounded) out += "; treatment was chosen";
  if (target.derived) out += "; computed from printed numbers";
  if (!target.conflicts_with.empty()) out += "; in conflict with " + target.conflicts_with.text;
  out += "; population " + target.population.text;
  out += "; " + place_words(target.quoted_in, target.where) + ".";
  const auto left = left_out(all, id.text);
  return paragraph(out, 4) + doubt_words(target.doubt) +
         (left ? paragraph("Not used in calibration: " + *left + ".", 6) : std::string());
}

std::string finding_words(const Name& id, const Finding& finding) {
  std::string numbers;
  for (const double number : finding.numbers)
    numbers += (numbers.empty() ? "" : ", ") + shortest(number);
  std::string unit = finding.unit;
  if (unit == "copies_per_ml") unit = "copies/mL";
  std::string out = id.text + ": " + finding.words + ": " + numbers + " " + unit;
  if (finding.n > 0)
    out += ", of " + counted(static_cast<std::size_t>(finding.n), "patient", "patients");
  out += "; " + place_words(finding.quoted_in, finding.where) + ".";
  return paragraph(out, 4) + doubt_words(finding.doubt);
}

std::string study_words(const Name& id, const Study& study) {
  std::string out =
      id.text + ": " + study.title + " (" + plain(study.design) + ", " + study.disease;
  if (study.patients > 0)
    out += ", " + counted(static_cast<std::size_t>(study.patients), "patient", "patients") +
           (study.patients_derived ? " (from printed shares)" : "");
  if (!study.origin.empty()) out += ", time from " + plain(study.origin);
  return paragraph(out + "). Source: " + joined(study.source) + ".", 2);
}

std::string table_words(const Name& id, const CountTable& table) {
  std::vector<std::vector<std::string>> rows{{"      patients"}};
  for (const Name& group : table.groups) rows[0].push_back(group.text);
  const auto add = [&rows](const std::string& level, const std::vector<double>& counts) {
    rows.push_back({"      " + level});
    for (const double count : counts) rows.back().push_back(shortest(count));
  };
  for (const auto& [level, counts] : table.levels) add(level, counts);
  if (!table.missing.empty()) add("missing", table.missing);
  std::string tests;
  if (is_printed(table.p)) tests += "P " + shortest(table.p) + " in print. ";
  if (is_printed(table.p_fisher))
    tests += "Fisher's exact test of the counts: P " + shortest(table.p_fisher) + ". ";
  std::string out = paragraph(id.text + ": " + table.study.text + ", " + table.where + ".", 4) +
                    aligned(rows) + (tests.empty() ? "" : paragraph(tests, 6));
  for (const TableComparison& row : table.compared)
    out += paragraph(row.of.text + " against " + row.against.text + ": P " + shortest(row.p) +
                         " in print." + (row.doubt.empty() ? "" : " In doubt: " + row.doubt),
                     6);
  for (std::size_t i = 0; table.conditions.is_map() && i < table.conditions.size(); ++i)
    out += paragraph(table.conditions.keys()[i].text + " means " +
                         condition_in_words(table.conditions.items()[i]) + ".",
                     6);
  return out + doubt_words(table.doubt);
}

std::string system_words(const Name& id, const RiskSystem& system) {
  std::string out = id.text + ": " + system.title;
  if (system.patients > 0)
    out +=
        ", built on " + counted(static_cast<std::size_t>(system.patients), "patient", "patients");
  out += ". Source: " + joined(system.source) + ".";
  if (!system.applies_to.is_null()) out += " For " + condition_in_words(system.applies_to) + ".";
  if (!system.classified) out += " Its inputs are not published: nobody can be classified.";
  if (!system.assumed.empty()) out += " Assumed: " + joined(system.assumed) + ".";
  out = paragraph(out, 2);
  for (const RiskClass& row : system.classes)
    out += paragraph(row.label + " (" + row.flag.text + "): " + row.words +
                         (row.condition.is_null() ? "" : "; " + condition_in_words(row.condition)) +
                         ".",
                     4);
  return out + doubt_words(system.doubt);
}

std::string trial_words(const Name& id, const RunningTrial& trial) {
  std::string out = id.text + ": " + trial.registry.text + ", phase " +
                    std::to_string(trial.phase) + ", " + std::to_string(trial.enrolment) +
                    " patients planned; " + place_words(trial.quoted_in, trial.where) + ".";
  if (!trial.eligible.is_null()) out += " Enrolled: " + condition_in_words(trial.eligible) + ".";
  out = paragraph(out, 2);
  for (const auto& [arm, entry] : trial.arms) {
    std::string line = arm.text + ": " + joined(entry.drugs);
    if (!entry.optional.empty()) line += "; left to choice: " + joined(entry.optional);
    if (!entry.radiotherapy.empty()) line += "; radiotherapy: " + joined(entry.radiotherapy);
    if (!entry.maintenance.empty()) line += "; maintenance: " + joined(entry.maintenance);
    if (!entry.strategies.empty()) line += ". Strategies: " + joined(entry.strategies);
    out += paragraph(line + ".", 4);
  }
  return out + doubt_words(trial.doubt);
}

std::string action_words(const DecisionAction& action) {
  std::string out = plain(action.action);
  if (!action.with.empty()) out += " with " + joined(action.with, " or ");
  if (!action.to.empty()) out += " to " + joined(action.to, " and ");
  std::string cycles;
  for (std::size_t i = 0; action.cycles.is_list() && i < action.cycles.size(); ++i)
    cycles += (i == 0 ? "" : " or ") + action.cycles.items()[i].text();
  if (!cycles.empty()) out += ", " + cycles + " cycles";
  if (is_printed(action.dose_gy.low))
    out += ", " + shortest(action.dose_gy.low) + " to " + shortest(action.dose_gy.high) + " Gy";
  if (!action.timing.empty()) out += ", " + action.timing;
  if (!action.intent.empty()) out += ", " + action.intent;
  if (!action.concurrent_chemotherapy.empty())
    out += ", concurrent chemotherapy: " + action.concurrent_chemotherapy;
  if (!action.how.empty()) out += ", " + joined(action.how);
  if (!action.strength.empty()) out += ", " + action.strength;
  return plain(out) + (action.optional ? " (may be left out)" : "");
}

std::string actions_words(const std::vector<DecisionAction>& actions) {
  std::string out;
  for (const DecisionAction& action : actions)
    out += (out.empty() ? "" : "; ") + action_words(action);
  return out;
}

std::string algorithm_words(const Name& id, const DecisionAlgorithm& algorithm) {
  std::string out = paragraph(
      id.text + ": " + algorithm.title + ". Source: " + joined(algorithm.source) + "; " +
          place_words(algorithm.quoted_in, algorithm.where) + "." +
          (algorithm.strategies.empty() ? std::string()
                                        : " Strategies: " + joined(algorithm.strategies) + "."),
      2);
  for (const DecisionStep& step : algorithm.steps) {
    std::string line = plain(step.branch) + " " + std::to_string(step.order);
    if (step.at != "start") line += ", at " + step.at;
    line += ": ";
    if (!step.when.is_null()) line += "if " + condition_in_words(step.when) + ": ";
    if (!step.words.empty()) line += step.words + ": ";
    line += actions_words(step.then);
    if (!step.alternative.empty()) line += "; or " + actions_words(step.alternative);
    if (!step.grade.empty()) line += "; grade " + step.grade;
    if (!step.strength.empty()) line += "; " + plain(step.strength);
    out += paragraph(line + ".", 4);
  }
  return out + doubt_words(algorithm.doubt);
}

std::string treatment_words(const Name& id, const Treatment& treatment) {
  std::string out = id.text + ": ";
  std::string parts;
  const auto add = [&parts](const std::string& text) {
    parts += (parts.empty() ? "" : "; ") + text;
  };
  if (!treatment.strategies.empty()) add("strategies " + joined(treatment.strategies));
  for (const auto& [study, arm] : treatment.by_study)
    add("in " + study.text + " " + joined(arm.strategies));
  if (!treatment.agents.empty()) add("as a drug or an action " + joined(treatment.agents, " or "));
  if (!treatment.reason.empty()) add(treatment.reason);
  return paragraph(out + parts + ".", 2);
}

std::string section(const std::string& heading, const std::string& text) {
  return text.empty() ? std::string() : "\n" + heading + "\n" + text;
}

template <class T, class Words>
std::string all_words(const ById<T>& entries, const Words& words) {
  std::string out;
  for (const auto& [id, entry] : entries) out += words(id, entry);
  return out;
}

// Figures and findings under their studies, which other documents may hold.
std::string studies_words(const Evidence& document, const Evidence& all) {
  std::string out;
  for (const auto& [id, study] : all.studies) {
    std::string figures;
    for (const auto& [name, target] : document.targets) {
      if (target.study.text == id.text) figures += figure_words(name, target, all);
    }
    for (const auto& [name, finding] : document.findings) {
      if (finding.study.text == id.text) figures += finding_words(name, finding);
    }
    if (!figures.empty() || find(document.studies, id.text) != nullptr)
      out += (out.empty() ? "" : "\n") + study_words(id, study) + figures;
  }
  return out;
}

std::string population_words(const Name& id, const StudyPopulation& population) {
  std::string out = id.text + ": " + population.words + ".";
  if (!population.eligible.is_null())
    out += " At diagnosis: " + condition_in_words(population.eligible) + ".";
  if (!population.later.is_null()) out += " Later: " + condition_in_words(population.later) + ".";
  if (!population.preset.empty()) out += " Drawn from population " + population.preset.text + ".";
  return paragraph(out, 2);
}

std::string exclusions_words(const Evidence& document) {
  std::string out;
  for (const ExcludedGroup& group : document.exclusions.targets)
    out += paragraph(counted(group.ids.size(), "figure", "figures") + ", " + group.reason + ": " +
                         joined(group.ids) + ".",
                     2);
  for (const ReplacedTarget& row : document.exclusions.replaced)
    out += paragraph(row.id.text + ", replaced by " + row.by.text + ": " + row.reason + ".", 2);
  return out;
}

std::string rule_words(const Name& id, const EffectiveNRule& rule) {
  return paragraph(id.text + ": " +
                       (rule.factor > 0 ? shortest(rule.factor) + " of " + rule.of : rule.of) +
                       "; " + rule.reason + ".",
                   2);
}

std::string contents_words(const Evidence& document) {
  std::string out;
  const auto add = [&out](std::size_t count, const char* one, const char* many) {
    if (count > 0) out += (out.empty() ? "" : ", ") + counted(count, one, many);
  };
  add(document.studies.size(), "study", "studies");
  add(document.targets.size(), "figure", "figures");
  add(document.findings.size(), "finding", "findings");
  add(document.tables.size(), "table", "tables");
  add(document.systems.size(), "risk system", "risk systems");
  add(document.trials.size(), "running trial", "running trials");
  add(document.algorithms.size(), "algorithm", "algorithms");
  add(document.treatments.size(), "word of arms and decisions", "words of arms and decisions");
  return out.empty() ? out : ": " + out;
}

std::string range_words(const std::string& variable, const Tree& range) {
  std::string out;
  for (std::size_t i = 0; i < range.size(); ++i) {
    const std::string& word = range.keys()[i].text;
    const std::string sign = word == "min"     ? ">="
                             : word == "above" ? ">"
                             : word == "max"   ? "<="
                             : word == "below" ? "<"
                                               : "=";
    out += (out.empty() ? variable + " " : " and ") + sign + " " + range.items()[i].text();
  }
  return out;
}

std::string test_words(const std::string& variable, const Tree& test) {
  if (test.is_map()) return range_words(variable, test);
  if (test.is_list()) {
    std::string out;
    for (const Tree& level : test.items())
      out += (out.empty() ? variable + " is " : " or ") + level.text();
    return out;
  }
  if (test.text() == "true") return variable;
  if (test.text() == "false") return "no " + variable;
  return variable + (parse_number(test.text()) ? " = " : " is ") + test.text();
}

}  // namespace

std::string condition_in_words(const Tree& condition) {
  std::string out;
  const auto add = [&out](const std::string& text, const char* between) {
    out += (out.empty() ? "" : between) + text;
  };
  for (std::size_t i = 0; condition.is_map() && i < condition.size(); ++i) {
    const std::string& key = condition.keys()[i].text;
    const Tree& item = condition.items()[i];
    if (key == "not") {
      add("not (" + condition_in_words(item) + ")", " and ");
    } else if (key == "any" || key == "all") {
      std::string parts;
      for (std::size_t k = 0; k < item.size(); ++k) {
        const Tree& one = item.items()[k];
        const std::string text =
            item.is_map() ? test_words(item.keys()[k].text, one) : condition_in_words(one);
        const bool several = item.is_list() && one.size() > 1;
        parts += (parts.empty()  ? ""
                  : key == "any" ? " or "
                                 : " and ") +
                 (several ? "(" + text + ")" : text);
      }
      add(condition.size() > 1 && item.size() > 1 ? "(" + parts + ")" : parts, " and ");
    } else {
      add(test_words(key, item), " and ");
    }
  }
  return out;
}

std::string evidence_in_words(const Evidence& document, const Evidence& all) {
  const auto& [name, title] = document.documents.front();
  const auto source = [](const Name& id, const std::string& text) {
    return paragraph(id.text + ": " + text + ".", 2);
  };
  return wrapped(title, 0, columns) + "evidence " + name.text + contents_words(document) + "\n" +
         section("Studies and their figures", studies_words(document, all)) +
         section("Whom figures are about", all_words(document.populations, population_words)) +
         section("Tables", all_words(document.tables, table_words)) +
         section("Risk systems", all_words(document.systems, system_words)) +
         section("Trials that had not read out", all_words(document.trials, trial_words)) +
         section("Guidelines and recommended sequences",
                 all_words(document.algorithms, algorithm_words)) +
         section("What stands for words of arms and decisions",
                 all_words(document.treatments, treatment_words)) +
         section("Figures that calibration leaves out", exclusions_words(document)) +
         section("Patients behind a figure, by rule", all_words(document.effective_n, rule_words)) +
         section("Sources", all_words(document.sources, source));
}

}  // namespace npcsim

// npcsim describe: a document in words and as a picture.
#include <npcsim/base/table.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/calibration_documents.hpp>
#include <npcsim/cli/commands/describe.hpp>
#include <npcsim/cli/commands/emulation_words.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/cli/commands/evidence_text.hpp>
#include <npcsim/cli/commands/named_document.hpp>
#include <npcsim/cli/commands/scenario_documents.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/emulation/emulation_set.hpp>
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/report/html_text.hpp>
#include <npcsim/report/small_page.hpp>
#include <npcsim/scenarios/scenarios_doc.hpp>

namespace npcsim {
namespace {

struct Description {
  std::string title;
  std::string words;
  std::string svg;  ///< empty if there is no picture
};

std::string text_of(const Tree& tree, std::string_view key) {
  const Tree* found = tree.find(key);
  return found != nullptr && found->is_scalar() ? found->text() : std::string();
}

void add_picture(const ModelDoc& model, Description& out) {
  out.svg = diagram_svg(state_graph(model), "States of model " + model.name);
}

std::string months_text(double days) {
  std::string text = rounded(days / days_per_month, 4);
  while (text.find('.') != std::string::npos && (text.back() == '0' || text.back() == '.')) {
    const bool point = text.back() == '.';
    text.pop_back();
    if (point) break;
  }
  return text + " months";
}

// A map of settings, one line each.
std::string settings(const Tree& map, const std::string& heading) {
  std::vector<std::vector<std::string>> rows;
  for (std::size_t i = 0; i < map.size(); ++i) {
    const Tree& item = map.items()[i];
    std::string text = item.is_scalar() ? item.text() : to_yaml(item);
    std::string flat;
    for (const char c : text) {
      if (c == '\n') {
        flat += ' ';
      } else if (c != ' ' || flat.empty() || flat.back() != ' ') {
        flat += c;
      }
    }
    rows.push_back({"  " + map.keys()[i].text, cut(flat, 60)});
  }
  return rows.empty() ? std::string() : "\n" + heading + "\n" + aligned(rows);
}

// Who of a population may enter.
std::string eligible_words(const Tree& population) {
  const Tree* const eligible = population.find("eligible");
  if (eligible == nullptr) return {};
  Diagnostics none;
  BindContext context{&none, nullptr, nullptr, nullptr};
  Binder binder(context, population, {});
  ConditionDoc condition;
  bind_condition(binder, *eligible, condition);
  return wrapped("Eligible: " + in_words(condition) + ". Other patients are drawn again.", 2, 100);
}

std::string population_words(const Tree& tree) {
  const std::string name = text_of(tree, "population");
  std::string out =
      (text_of(tree, "title").empty() ? name : text_of(tree, "title")) + "\npopulation " + name;
  if (!text_of(tree, "model").empty()) out += ", model " + text_of(tree, "model");
  out += "\n";
  if (!text_of(tree, "description").empty())
    out += "\n" + wrapped(text_of(tree, "description"), 2, 100);
  if (!text_of(tree, "preset").empty()) {
    out += "\n" + wrapped("Where this document says nothing, population " +
                              text_of(tree, "preset") + " holds.",
                          2, 100);
  }
  if (tree.find("eligible") != nullptr) out += "\n" + eligible_words(tree);
  if (!text_of(tree, "resample").empty()) {
    out += "\n" + wrapped("Patients are rows of " + text_of(tree, "resample") +
                              ", drawn with replacement.",
                          2, 100);
  }
  if (const Tree* map = tree.find("parameters"); map != nullptr && map->is_map()) {
    out += settings(*map, "Parameters that it sets");
  }
  if (const Tree* map = tree.find("attributes"); map != nullptr && map->is_map()) {
    out += settings(*map, "Attributes that it sets");
  }
  return out;
}

// Values that a study or its population, as they are written, set instead of the model's.
std::string set_parameters_words(const Tree& written) {
  std::string out;
  for (const Tree* tree : {&written, written.find("population")}) {
    const Tree* const values =
        tree != nullptr && tree->is_map() ? tree->find("parameters") : nullptr;
    if (values != nullptr && values->is_map())
      out += settings(*values, tree == &written ? "Parameters that the study sets"
                                                : "Parameters that its population sets");
  }
  return out;
}

// How often it is run, and what is kept beside the summary.
std::string run_words(const CompiledStudy& study) {
  std::string out;
  if (study.draws) {
    out += wrapped("It is run again at " + std::to_string(study.draws->count) + " draws of " +
                       std::to_string(study.draws->varying.size()) + " parameters.",
                   2, 100);
  }
  if (study.study.output != "summary") {
    out += wrapped(
        std::string(study.study.output == "journal" ? "Whole histories" : "One row a patient") +
            (study.study.sample < 1
                 ? ", of a share of " + shortest(study.study.sample) + " of the patients, are kept."
                 : " are kept."),
        2, 100);
  }
  return out + "  Seed " + std::to_string(study.study.seed) +
         (study.study.replicate > 0 ? ", replicate " + std::to_string(study.study.replicate) : "") +
         ".\n";
}

// `written`: the study before other documents were put into it.
std::string study_words(const Tree& tree, const CompiledStudy& study, const Tree& written) {
  std::string out = wrapped(study.study.title, 0, 100) + "study " + study.study.name + ", " +
                    study.study.kind + " of " + std::to_string(study.strategies.size()) +
                    (study.strategies.size() == 1 ? " strategy\n" : " strategies\n");
  if (!study.study.description.empty()) out += "\n" + wrapped(study.study.description, 2, 100);
  const Tree* population = tree.find("population");
  std::string who = std::to_string(study.study.patients) + " virtual patients";
  if (population != nullptr && population->is_map()) {
    const std::string name = text_of(*population, "population");
    const std::string title = text_of(*population, "title");
    if (!name.empty()) {
      who += ", population " + name + (title.empty() ? "" : " (" + title + ")") + ",";
    } else if (!title.empty()) {
      who += " (" + title + ")";
    }
  }
  who += " live through model " + study.model.name +
         (study.model.title.empty() ? "" : " (" + study.model.title + ")") + " for " +
         months_text(study.study.horizon_days) +
         (study.study.diagnosed_on ? ". All are diagnosed in " + shortest(*study.study.diagnosed_on)
                                   : "") +
         ". Each patient lives once under every strategy with the same luck, so that strategies "
         "are compared within patients.";
  out += "\n" + wrapped(who, 2, 100);
  if (population != nullptr && population->is_map()) out += eligible_words(*population);
  std::string endpoints;
  for (const auto& endpoint : study.shape.endpoints)
    endpoints += (endpoints.empty() ? "" : ", ") + endpoint.name;
  std::string landmarks;
  for (const double days : study.study.landmark_days) {
    if (days > study.study.horizon_days) continue;
    const std::string text = months_text(days);
    landmarks += (landmarks.empty() ? "" : ", ") + text.substr(0, text.find(' '));
  }
  out += wrapped("Reported: " + endpoints +
                     (landmarks.empty() ? "" : "; survival at " + landmarks + " months") + ".",
                 2, 100);
  std::string subgroups;
  for (const Name& name : study.study.subgroups)
    subgroups += (subgroups.empty() ? "" : ", ") + name.text;
  if (!subgroups.empty()) out += wrapped("By subgroup: " + subgroups + ".", 2, 100);
  out += run_words(study) + set_parameters_words(written);
  const auto reference = static_cast<std::size_t>(study.shape.reference);
  for (std::size_t s = 0; s < study.strategy_docs.size(); ++s) {
    out += "\n" + std::string(100, '-') + "\n" +
           (s == reference && study.strategy_docs.size() > 1 ? "The reference:\n" : "") +
           strategy_in_words(study.strategy_docs[s], &study.model);
  }
  return out;
}

Description describe(const Library& library, const std::string& path, Diagnostics& diagnostics) {
  Description out;
  auto tree = read_document(library, path, diagnostics);
  if (!tree) return out;
  if (!tree->is_map()) {
    diagnostics.error(tree->place(), "a document must be a map of keys, found " + in_words(*tree));
    return out;
  }
  out.title = path;
  if (is_emulation(*tree)) {
    const Evidence evidence = read_all_evidence(library, diagnostics);
    const EmulationSet set(library, {path}, evidence, {}, diagnostics);
    if (diagnostics.has_errors()) return out;
    out.title = set.studies().front().document().title;
    out.words = emulation_in_words(set, *tree, evidence);
    return out;
  }
  if (lacks_kind(*tree, diagnostics)) return out;
  if (tree->find("evidence") != nullptr) {
    std::vector<EvidenceFile> files{{path, *tree}};
    const Evidence all = check_evidence_documents(library, files, diagnostics);
    if (diagnostics.has_errors()) return out;
    Evidence own;
    read_evidence(*tree, own, diagnostics);
    out.title = own.documents.front().second;
    out.words = evidence_in_words(own, all);
    return out;
  }
  if (is_calibration(*tree)) {
    const CalibrationDocuments documents =
        compile_calibration(library, std::move(*tree), {}, false, diagnostics);
    if (diagnostics.has_errors()) return out;
    out.title = documents.doc.title;
    out.words = calibration_in_words(documents);
    return out;
  }
  if (is_scenario_study(*tree)) {
    inline_base(library, *tree, diagnostics);
    const ScenarioSet set = compile_scenarios(library, *tree, diagnostics);
    if (diagnostics.has_errors()) return out;
    out.title = set.title;
    out.words = scenarios_in_words(set) + study_words(*tree->find("base"), set.base(), {});
    add_picture(set.base().model, out);
    return out;
  }
  if (tree->find("study") != nullptr || tree->find("strategies") != nullptr) {
    const Tree written = *tree;
    inline_documents(library, *tree, diagnostics);
    const Tree inlined = *tree;
    const auto study = compile_study(library, inlined, diagnostics);
    if (diagnostics.has_errors()) return out;
    out.title = study->study.title;
    out.words = study_words(inlined, *study, written);
    add_picture(study->model, out);
    return out;
  }
  if (tree->find("strategy") != nullptr) {
    ModelDoc model;
    bool known = false;
    if (const Tree* named = tree->find("model")) {
      Tree study = Tree::map(tree->place());
      study.set("model", *named);
      inline_documents(library, study, diagnostics);
      if (study.find("model")->is_map()) {
        model = read_model(*study.find("model"), diagnostics);
        known = true;
      }
    }
    const StrategyDoc strategy =
        read_strategy(*tree, known ? &model.parameters : nullptr, diagnostics);
    out.title = strategy.title;
    out.words = strategy_in_words(strategy, known ? &model : nullptr);
    return out;
  }
  if (tree->find("population") != nullptr) {
    out.title = text_of(*tree, "population");
    out.words = population_words(*tree);
    return out;
  }
  if (tree->find("model") == nullptr) {
    diagnostics.error(tree->place(),
                      "this document cannot be told: it is neither a model, strategy, population, "
                      "study, calibration nor evidence",
                      "its first key says what it is, e.g. model: NAME");
    return out;
  }
  const CompiledModel model = compile_model(library, *tree, 3652.5, diagnostics);
  if (diagnostics.has_errors()) return out;
  out.title = model.model.title.empty() ? model.model.name : model.model.title;
  out.words = model_in_words(model.model);
  add_picture(model.model, out);
  return out;
}

}  // namespace

ExitCode describe_command(const Context& context) {
  std::string name;
  std::string svg;
  std::string html;
  for (std::size_t i = 0; i < context.arguments.size(); ++i) {
    const std::string& word = context.arguments[i];
    if (word == "--help" || word == "-h") {
      print(
          "npcsim describe FILE|NAME [--svg FILE] [--html FILE]\n"
          "  a document in words: a model with its states, hazards, effects and parameters, a "
          "strategy step by step,\n"
          "  a study, a population, a calibration, an emulation, evidence; --svg writes the "
          "picture of the states, --html "
          "words and "
          "picture\n\n"
          "Example:\n  npcsim describe configs/models/three_state.yaml --svg states.svg\n");
      return ExitCode::done;
    }
    if (word == "--svg" || word == "--html") {
      if (i + 1 == context.arguments.size()) throw UsageError(word + " needs a file");
      (word == "--svg" ? svg : html) = context.arguments[++i];
    } else if (!word.empty() && word.front() == '-') {
      throw UsageError("unknown option '" + word + "'");
    } else if (!name.empty()) {
      throw UsageError("one document at a time, found '" + name + "' and '" + word + "'");
    } else {
      name = word;
    }
  }
  if (name.empty())
    throw UsageError("which document? e.g. npcsim describe strategies/gp_pd1_lrrt.yaml");
  const Library library = library_near(context, name);
  Diagnostics diagnostics;
  const Description out = describe(library, path_of_document(library, name), diagnostics);
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was described");
  std::vector<std::string> inputs;
  for (std::int32_t file = 0; !diagnostics.source_name(file).empty(); ++file)
    inputs.push_back(diagnostics.source_name(file));
  check_output_files({{"svg", svg}, {"html", html}}, inputs);
  if (!svg.empty()) {
    if (out.svg.empty()) throw UsageError("only models and studies have a picture of their states");
    write_file_atomically(svg, out.svg);
  }
  if (!html.empty()) {
    const std::string body = out.svg + "<pre>" + html_text(out.words) + "</pre>\n";
    write_file_atomically(
        html,
        small_page({out.title, "", "body{max-width:1100px}body>svg{background:#fff}\n", body}));
  }
  print(out.words);
  return ExitCode::done;
}

}  // namespace npcsim

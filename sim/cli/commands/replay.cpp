// npcsim replay: one patient's whole history as a readable timeline.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/load_study.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/run/block_simulator.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <set>

namespace npcsim {
namespace {

std::string attribute_text(const ColumnInfo& column, double value) {
  if (!column.levels.empty()) {
    const auto level = static_cast<std::size_t>(value);
    return level < column.levels.size() ? column.levels[level] : shortest(value);
  }
  return rounded(value, 4) + (column.unit.empty() ? "" : " " + column.unit);
}

// The row of an entry, with the doses that were held in the row of their course.
std::string row_in_words(const Journal& journal, std::size_t i, const Program& program) {
  std::string words = in_words(journal[i], program);
  if (journal[i].kind != JournalEntry::Kind::finish) return words;
  std::string held;
  for (const HeldDose& dose : held_doses(journal, i)) {
    held += (held.empty() ? "; held: dose " : ", dose ") + std::to_string(dose.dose) + " for " +
            std::to_string(dose.days) + " d";
  }
  return words + held;
}

void put_events(JsonWriter& json, const Journal& journal, const Program& program) {
  json.key("events").begin_array();
  for (std::size_t i = 0; i < journal.size(); ++i) {
    const JournalEntry& entry = journal[i];
    if (entry.kind == JournalEntry::Kind::held) continue;
    json.begin_object().key("months").number(entry.days / days_per_month);
    json.key("days").number(entry.days).key("event").text(in_words(entry, program));
    const auto held =
        entry.kind == JournalEntry::Kind::finish ? held_doses(journal, i) : std::vector<HeldDose>{};
    if (!held.empty()) {
      json.key("held").begin_array();
      for (const HeldDose& dose : held)
        json.begin_object()
            .key("dose")
            .integer(dose.dose)
            .key("days")
            .integer(dose.days)
            .end_object();
      json.end_array();
    }
    json.end_object();
  }
  json.end_array();
}

void put_toxicities(JsonWriter& json, const Journal& journal, const Program& program) {
  json.key("toxicities").begin_object();
  std::set<std::int32_t> known;  // a toxicity that has come may also kill later
  for (const JournalEntry& entry : journal) {
    if (entry.kind != JournalEntry::Kind::toxicity || !known.insert(entry.index).second) continue;
    json.key(program.toxicities[static_cast<std::size_t>(entry.index)].name).begin_object();
    json.key("months").number(entry.days / days_per_month).end_object();
  }
  json.end_object();
}

}  // namespace

ExitCode replay_command(const Context& context) {
  const auto options = read_options(context, "replay", {.replay = true},
                                    "npcsim replay configs/studies/lrrt.yaml --patient 17");
  if (!options) return ExitCode::done;
  if (options->patient < 0) {
    throw UsageError("which patient? --patient N with N from 0");
  }
  Diagnostics diagnostics;
  const auto study = load_study(context, *options, diagnostics);
  if (study == nullptr || diagnostics.has_errors())
    return report(context, diagnostics, "nothing was run");
  if (options->patient >= study->study.patients) {
    throw UsageError("the study has patients 0 to " + std::to_string(study->study.patients - 1) +
                     ", found --patient " + std::to_string(options->patient) +
                     "; --patients N for a larger run of it");
  }
  if (!options->strategy.empty()) {
    bool known = false;
    for (const std::string& name : study->shape.strategies)
      known = known || name == options->strategy;
    if (!known) {
      throw UsageError("the study has no strategy '" + options->strategy + "'; " +
                       suggestion(options->strategy, study->shape.strategies));
    }
  }
  if (options->draw < 0 || (options->draw > 0 && !study->draws)) {
    throw UsageError(options->draw < 0 ? "--draw must be at least 0"
                                       : "the study has no draws of its parameters; --draws N, or "
                                         "draws: {count: N, from: prior} in the study");
  }
  if (options->draw > 0 && options->draw > study->draws->count) {
    throw UsageError("the study has " + std::to_string(study->draws->count) +
                     " draws of its parameters, found --draw " + std::to_string(options->draw));
  }
  std::unique_ptr<CompiledStudy> drawn;
  if (options->draw > 0) {
    drawn = with_draw(*study, options->draw, diagnostics);
    if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  }
  const CompiledStudy& lived = drawn == nullptr ? *study : *drawn;
  const Program& program = *lived.program;
  // Every attribute is shown, also those that the results do not need.
  const PatientSampler sampler(program, std::vector<bool>(program.rules.size(), true));
  BlockSimulator simulator(lived, sampler);
  const auto patient = static_cast<std::uint32_t>(options->patient);
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object().key("command").text("replay").key("study").text(study->study.name);
  json.key("patient").integer(patient).key("seed").integer(study->study.seed);
  if (study->draws) json.key("draw").integer(options->draw);
  std::string text =
      "Patient " + std::to_string(patient) + " of study " + study->study.name + ", seed " +
      std::to_string(study->study.seed) +
      (options->draw > 0 ? ", draw " + std::to_string(options->draw) + " of the parameters"
                         : std::string()) +
      "\n";
  std::string failures;
  bool first = true;
  for (std::size_t s = 0; s < study->strategies.size(); ++s) {
    if (!options->strategy.empty() && study->shape.strategies[s] != options->strategy) continue;
    Journal journal;
    if (!simulator.replay(patient, s, journal)) {
      throw UsageError("the population has no eligible patient of that number");
    }
    if (first) {
      json.key("attributes").begin_object();
      std::vector<std::vector<std::string>> rows;
      for (std::size_t c = 0; c < program.columns.size(); ++c) {
        const ColumnInfo& column = program.columns[c];
        if (column.hidden) continue;
        const double value = simulator.column(static_cast<std::int32_t>(c));
        json.key(column.name);
        if (column.levels.empty()) {
          json.number(value);
        } else {
          json.text(attribute_text(column, value));
        }
        rows.push_back({"  " + column.label, attribute_text(column, value)});
      }
      json.end_object().key("strategies").begin_array();
      text += aligned(rows);
    }
    first = false;
    json.begin_object().key("strategy").text(study->shape.strategies[s]);
    put_events(json, journal, program);
    put_toxicities(json, journal, program);
    text += "\n" + study->strategy_docs[s].title + " (" + study->shape.strategies[s] + ")\n";
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < journal.size(); ++i) {
      if (journal[i].kind == JournalEntry::Kind::held) continue;
      rows.push_back({rounded(journal[i].days / days_per_month, 4), "months",
                      row_in_words(journal, i, program)});
    }
    json.key("endpoints").begin_object();
    text += aligned(rows);
    for (std::size_t e = 0; e < study->endpoints.size(); ++e) {
      const Endpoint& endpoint = program.endpoints[static_cast<std::size_t>(study->endpoints[e])];
      std::int32_t tick = 0;
      std::int8_t code = 0;
      endpoint_outcome(simulator.life(), endpoint, tick, code);
      const std::string how = code == outcome_not_in_set ? "not in the set"
                              : code == 0                ? "censored"
                                          : endpoint.causes[static_cast<std::size_t>(code - 1)];
      json.key(endpoint.name)
          .begin_object()
          .key("months")
          .number(Ticks(tick).months())
          .key("event")
          .text(how);
      json.end_object();
      text +=
          "  " + endpoint.name + " " + rounded(Ticks(tick).months(), 4) + " months (" + how + ")\n";
    }
    json.end_object();
    if (const auto failed = failure_of(*lived.strategies[s])) {
      json.key("failure").text(failed->message);
      failures += "npcsim: error: " + failed->message + "\n   in the life of patient " +
                  std::to_string(patient) + " under strategy '" + study->shape.strategies[s] +
                  "'\n   hint: the timeline goes on without that decision; it is not what the "
                  "strategy would do\n";
    }
    json.end_object();
  }
  json.end_array().end_object();
  text += "\nModel projection for research and teaching; not medical advice.\n";
  print(options->json ? json.str() + "\n" : text);
  if (failures.empty()) return ExitCode::done;
  print_error(failures);
  return ExitCode::bad_document;
}

}  // namespace npcsim

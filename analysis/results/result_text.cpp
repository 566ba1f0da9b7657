#include <npcsim/base/quantity_text.hpp>
#include <npcsim/comparison/terminal_table.hpp>
#include <npcsim/io/digest.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/results/json_parts.hpp>
#include <npcsim/results/parameter_use.hpp>
#include <npcsim/results/results.hpp>

#include <cmath>

namespace npcsim {

namespace {

std::string disclaimer(const CompiledStudy& study) {
  const std::string first =
      "Model projections for research and teaching, not medical advice. ± is the Monte Carlo "
      "standard\n";
  if (!study.draws) {
    return first + "error; it does not cover the uncertainty of the model's parameters.\n";
  }
  return first +
         "error. Intervals over draws cover the uncertainty of parameters that vary, and nothing "
         "else.\n";
}

void put(JsonWriter& json, const char* key, const std::optional<double>& number) {
  json.key(key);
  if (number) {
    json.number(*number);
  } else {
    json.null();
  }
}

void put_place(JsonWriter& json, const SummaryRow& row) {
  json.key("strategy").text(row.strategy);
  json.key("versus").text(row.versus);
  json.key("subgroup").text(row.subgroup);
  json.key("endpoint").text(row.endpoint);
  json.key("statistic").text(row.statistic);
  put(json, "at_months", row.at_months);
}

void put_draws(JsonWriter& json, const CompiledStudy& study,
               const std::vector<DrawSummaryRow>& rows) {
  json.key("draws").begin_object();
  json.key("count").integer(study.draws->count);
  json.key("from").text(study.draws->from);
  json.key("results").begin_array();
  for (const DrawSummaryRow& row : rows) {
    json.begin_object();
    put_place(json, row.figure);
    put(json, "base", row.figure.value);
    json.key("draws").integer(static_cast<std::int64_t>(row.draws));
    put(json, "mean", row.mean);
    put(json, "sd", row.sd);
    put(json, "p2_5", row.low);
    put(json, "p50", row.median);
    put(json, "p97_5", row.high);
    json.key("unit").text(row.figure.unit);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace

std::string draws_in_words(const CompiledStudy& study) {
  const ParameterDraws& draws = *study.draws;
  const std::size_t priors = draws.from_priors();
  std::string how = draws.rows == 0 ? "each by its prior" : "by the rows of " + draws.from;
  if (draws.rows > 0 && priors > 0)
    how = std::to_string(draws.columns) + " " + how + " and " + std::to_string(priors) +
          (priors == 1 ? " by its prior" : " by their priors");
  return std::to_string(draws.varying.size()) + " of " +
         std::to_string(study.model.parameters.rows().size()) + " parameters vary, " + how + "; " +
         (draws.fresh ? "other patients in each draw" : "the same patients in all draws") +
         (draws.redrawn() == 0 ? std::string()
                               : "; " + std::to_string(draws.redrawn()) +
                                     " drawn again because the model could not be simulated there");
}

void put_summary_row(JsonWriter& json, const SummaryRow& row) {
  put_place(json, row);
  put(json, "value", row.value);
  put(json, "se", row.se);
  put(json, "lo95", row.lo95);
  put(json, "hi95", row.hi95);
  json.key("unit").text(row.unit);
}

std::vector<std::string> result_warnings(const CompiledStudy& study, const RunResult& run) {
  std::vector<std::string> warnings;
  const OutcomeShape& shape = study.shape;
  const auto patients = static_cast<std::uint64_t>(study.study.patients);
  if (!run.complete) warnings.emplace_back("the run is not complete");
  if (patients < 64 * 16) {
    warnings.emplace_back(
        "with fewer than 1024 patients the standard errors of medians and hazard "
        "ratios are rough");
  }
  if (run.candidates > 100 * patients) {
    warnings.push_back("fewer than 1 % of the candidates are eligible (" +
                       std::to_string(run.candidates) + " drawn for " + std::to_string(patients) +
                       ")");
  }
  if (run.tally == nullptr) return warnings;
  for (std::size_t s = 0; s < shape.strategies.size(); ++s) {
    for (std::size_t e = 0; e < shape.endpoints.size(); ++e) {
      if (run.tally->endpoint(s, e).in_set == 0) {
        warnings.push_back("no patient belongs to the set of " + shape.endpoints[e].name +
                           " under " + shape.strategies[s]);
      }
    }
  }
  return warnings;
}

std::string result_text(const CompiledStudy& study, const RunResult& run, const RunFigures& figures,
                        const WriteOptions& options) {
  const Months horizon = Months::from_days(study.study.horizon_days);
  std::string out = study.study.title + "\n" + std::to_string(study.study.patients) +
                    (study.study.patients == 1 ? " patient" : " patients") +
                    " under each strategy, followed for " +
                    shortest(std::round(horizon.count() * 100) / 100) + " months, seed " +
                    std::to_string(study.study.seed) + "\n\n";
  out += terminal_table(study.shape, figures.rows);
  out += '\n';
  if (study.draws) {
    out += draw_terminal_table(study.shape, figures.draws,
                               static_cast<std::size_t>(study.draws->count));
    out += draws_in_words(study) + "\n\n";
  }
  const WeakParameters weak = weak_parameters(study);
  if (!weak.weak.empty()) out += weak_parameters_in_words(weak) + ", see report\n";
  for (const std::string& warning : result_warnings(study, run)) {
    out += "warning: " + warning + "\n";
  }
  if (options.report) out += "report   " + options.folder + "/report.html\n";
  out += "figures  " + options.folder + "/summary.csv\n";
  if (study.draws) out += "draws    " + options.folder + "/draws_summary.csv\n";
  if (!figures.classes.empty()) out += "classes  " + options.folder + "/risk_classes.csv\n";
  if (options.keep != WriteOptions::Keep::summary) {
    out += "patients " + options.folder + "/results.h5\n";
  }
  return out + "\n" + disclaimer(study);
}

std::string result_json(const std::string& command, const CompiledStudy& study,
                        const RunResult& run, const RunFigures& figures,
                        const Provenance& provenance, const WriteOptions& options,
                        const std::vector<std::string>& of_documents) {
  JsonWriter json;
  json.begin_object();
  json.key("command").text(command);
  json.key("version").text(provenance.version);
  json.key("input").begin_object();
  json.key("study").text(study.study.name);
  json.key("digest").text(digest_text(study.digest));
  json.key("seed").integer(study.study.seed);
  json.key("patients").integer(study.study.patients);
  json.key("horizon_months").number(Months::from_days(study.study.horizon_days).count());
  json.end_object();
  json.key("folder").text(options.folder);
  json.key("results").begin_array();
  for (const SummaryRow& row : figures.rows) {
    json.begin_object();
    put_summary_row(json, row);
    json.end_object();
  }
  json.end_array();
  if (study.draws) put_draws(json, study, figures.draws);
  json.key("warnings").begin_array();
  for (const std::string& warning : of_documents) json.text(warning);
  for (const std::string& warning : result_warnings(study, run)) json.text(warning);
  json.end_array();
  put_weak_parameters(json, study);
  json.end_object();
  return json.str() + "\n";
}

}  // namespace npcsim

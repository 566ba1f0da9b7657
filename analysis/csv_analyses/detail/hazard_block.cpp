// A fitted hazard as a fragment of a model document.
#include <npcsim/base/tree.hpp>
#include <npcsim/csv_analyses/detail/document_names.hpp>
#include <npcsim/csv_analyses/detail/fit_files.hpp>
#include <npcsim/hazard/family_info.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <map>

namespace npcsim::detail {
namespace {

std::string exact(double value) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), end.ptr);
}

class BlockWriter {
 public:
  BlockWriter(const FitRun& run, const FittedModel& model,
              const std::vector<std::string>& term_names)
      : run_(run),
        model_(model),
        term_names_(term_names),
        baseline_(model.fit.baseline()),
        singular_(run.request.time_unit.substr(0, run.request.time_unit.size() - 1)) {}

  std::string text(const std::string& process, const std::string& source) const {
    std::string out = "  " + process + ":\n    hazard:\n";
    out += "      " + model_name(model_.fit.family, Cure::none) + ": {" + parameters() + "}\n";
    if (baseline_.cure != Cure::none) {
      out += std::string("      cure: {kind: ") +
             (baseline_.cure == Cure::mixture ? "mixture" : "non_mixture") +
             ", share: " + exact(model_.fit.parameters.front().estimate) + "}\n";
    }
    out += "      time_unit: " + run_.request.time_unit + "\n";
    out += covariates();
    out += "      source: " + source + "\n";
    if (model_.frailty) out += "    frailty: " + process + "_frailty\n";
    return out;
  }

 private:
  std::size_t cured() const { return baseline_.cure == Cure::none ? 0 : 1; }

  std::string with_unit(double value, ParameterDimension dimension) const {
    switch (dimension) {
      case ParameterDimension::time:
        return exact(value) + " " + run_.request.time_unit;
      case ParameterDimension::rate:
        return exact(value) + " per " + singular_;
      case ParameterDimension::none:
      case ParameterDimension::log_time:
      case ParameterDimension::rate_power:
        return exact(value);
    }
    return exact(value);
  }

  std::string parameters() const {
    const bool piecewise = baseline_.family == Family::piecewise;
    const auto& fitted = model_.fit.parameters;
    const std::size_t count = model_.fit.baseline_count();
    std::string out;
    if (!family_info(baseline_.family).needs_knots) {
      for (std::size_t i = cured(); i < count; ++i) {
        const ParameterInfo& info = parameter_info(baseline_, static_cast<int>(i));
        out += (out.empty() ? "" : ", ") + std::string(info.name) + ": " +
               with_unit(fitted[i].estimate, info.dimension);
      }
      return out;
    }
    out = piecewise ? "times: [" : "knots: [";
    for (std::size_t k = 0; k < model_.fit.knots.size(); ++k) {
      const double knot = model_.fit.knots[k];
      out += (k == 0 ? "" : ", ") +
             with_unit(piecewise ? knot : std::exp(knot), ParameterDimension::time);
    }
    out += piecewise ? "], rates: [" : "], gammas: [";
    for (std::size_t i = cured(); i < count; ++i) {
      out += (i == cured() ? "" : ", ") +
             with_unit(fitted[i].estimate,
                       piecewise ? ParameterDimension::rate : ParameterDimension::none);
    }
    return out + "]";
  }

  std::string covariates() const {
    const std::size_t count = model_.fit.baseline_count();
    std::map<std::size_t, std::string> by_parameter;
    for (std::size_t e = count; e < model_.fit.parameters.size(); ++e) {
      const FittedParameter& effect = model_.fit.parameters[e];
      const std::string term = term_names_[*effect.column] + ": " + exact(effect.estimate);
      for (std::size_t i = 0; i < count; ++i) {
        const bool all_rates =
            baseline_.family == Family::piecewise && effect.parameter == "rate" && i >= cured();
        if (!all_rates && model_.fit.parameters[i].name != effect.parameter) continue;
        std::string& terms = by_parameter[i];
        terms += (terms.empty() ? "" : ", ") + term;
      }
    }
    if (by_parameter.empty()) return {};
    std::string out = "      covariates:\n";
    for (const auto& [i, terms] : by_parameter) {
      out += "        " + parameter_name(baseline_, static_cast<int>(i)) + ": {" + terms + "}\n";
    }
    return out;
  }

  const FitRun& run_;
  const FittedModel& model_;
  const std::vector<std::string>& term_names_;  // [column]
  Baseline baseline_;
  std::string singular_;  // "month"
};

std::string record(const FitRun& run, const FittedModel& model) {
  const auto parameters = model.parameters();
  std::string out = "# " + in_comment(full_name(run, model)) + ": n " +
                    std::to_string(model.fit.rows) + ", events " +
                    std::to_string(model.fit.events + model.fit.interval_rows) + ", loglik " +
                    exact(model.fit.loglik) + ", aic " + exact(model.fit.aic) + "\n";
  out += "# estimates on the scale of the fit, and standard errors:\n";
  for (const FittedParameter& p : parameters) {
    out +=
        "#   " + in_comment(p.name) + ": {transform: " + std::string(transform_name(p.transform)) +
        ", estimate: " + exact(p.estimate_transformed) + ", se: " + exact(p.se_transformed) + "}\n";
  }
  out += "# covariance of them, row by row:\n";
  const auto& covariance = model.covariance();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    out += "#   - [";
    for (std::size_t j = 0; j < parameters.size(); ++j) {
      out += (j == 0 ? "" : ", ") + exact(covariance[i * parameters.size() + j]);
    }
    out += "]\n";
  }
  return out;
}

// Which name stands for what, where the document does not have the words of the data.
std::string legend(const DocumentNames& names, const std::vector<std::string>& meant) {
  std::string out;
  for (std::size_t i = 0; i < meant.size(); ++i) {
    if (names.names[i] == meant[i]) continue;
    out += "#   " + names.names[i] + " is '" + in_comment(meant[i]) + "'\n";
  }
  return out;
}

void warn_of_numbers(const DocumentNames& names, const std::vector<std::string>& meant,
                     const std::string& kind, std::vector<std::string>& warnings) {
  for (const std::size_t i : names.numbered) {
    const std::string& name = names.names[i];
    warnings.push_back("the hazard calls '" + in_comment(meant[i]) + "' " + name + ": another " +
                       kind + " has the name " + name.substr(0, name.rfind('_')));
  }
}

// As a document says it, whatever characters it has.
std::string scalar_of(const std::string& text) {
  std::string out = to_yaml(Tree::scalar(text));
  out.pop_back();  // the end of the line
  return out;
}

}  // namespace

HazardBlock hazard_block(const FitRun& run, const FitOrigin& origin) {
  const std::string source = run.request.source.empty() ? "assumed" : scalar_of(run.request.source);
  std::vector<const FittedModel*> models;
  std::vector<std::string> written;  // what a process would be called
  std::vector<std::string> meant;    // what it stands for
  for (const FittedModel& model : run.models) {
    if (!model.fit.converged) continue;
    const std::string& transition = run.records[model.records].transition;
    models.push_back(&model);
    written.push_back(run.request.process + (transition.empty() ? "" : "_" + transition));
    meant.push_back(transition.empty() ? run.request.process : transition);
  }
  HazardBlock out;
  if (models.empty()) return out;
  const DocumentNames terms = document_names_of(run.covariate_names);
  const DocumentNames processes = document_names_of(written);
  warn_of_numbers(terms, run.covariate_names, "term", out.warnings);
  warn_of_numbers(processes, meant, "process", out.warnings);

  std::string comments;
  std::string frailties;
  std::string hazards;
  for (std::size_t i = 0; i < models.size(); ++i) {
    const FittedModel& model = *models[i];
    const std::string& process = processes.names[i];
    comments += record(run, model);
    if (model.frailty) {
      frailties += "  " + process +
                   "_frailty: {gamma: {variance: " + exact(model.frailty->variance.estimate) +
                   "}, source: " + source + "}\n";
    }
    hazards += BlockWriter(run, model, terms.names).text(process, source);
  }
  out.text = "# A fitted hazard; a model document takes it with 'include:'.\n# data: " +
             in_comment(origin.data) + ", XXH64 " + origin.digest + "; npcsim " + origin.version +
             "\n";
  std::string attributes;
  for (const std::string& name : terms.names) {
    attributes += (attributes.empty() ? "" : ", ") + name;
  }
  if (!attributes.empty()) out.text += "# needs the attributes: " + attributes + "\n";
  out.text += legend(terms, run.covariate_names) + legend(processes, meant);
  if (!frailties.empty()) frailties = "frailties:\n" + frailties;
  out.text += comments + frailties + "processes:\n" + hazards;
  return out;
}

}  // namespace npcsim::detail

// A fitted hazard as a fragment of a model document.
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
  BlockWriter(const FitRun& run, const FittedModel& model)
      : run_(run),
        model_(model),
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
      const std::string term =
          document_name(model_.fit.covariate_names[*effect.column]) + ": " + exact(effect.estimate);
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
  Baseline baseline_;
  std::string singular_;  // "month"
};

std::string record(const FitRun& run, const FittedModel& model) {
  const auto parameters = model.parameters();
  std::string out = "# " + full_name(run, model) + ": n " + std::to_string(model.fit.rows) +
                    ", events " + std::to_string(model.fit.events + model.fit.interval_rows) +
                    ", loglik " + exact(model.fit.loglik) + ", aic " + exact(model.fit.aic) + "\n";
  out += "# estimates on the scale of the fit, and standard errors:\n";
  for (const FittedParameter& p : parameters) {
    out += "#   " + p.name + ": {transform: " + std::string(transform_name(p.transform)) +
           ", estimate: " + exact(p.estimate_transformed) + ", se: " + exact(p.se_transformed) +
           "}\n";
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

}  // namespace

std::string document_name(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (plain) {
      out += c;
    } else if (!out.empty() && out.back() != '_') {
      out += '_';
    }
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out.empty() || (out.front() >= '0' && out.front() <= '9') ? "x" + out : out;
}

std::string hazard_block(const FitRun& run, const FitOrigin& origin) {
  const std::string source = run.request.source.empty() ? "assumed" : run.request.source;
  std::string comments;
  std::string frailties;
  std::string processes;
  std::string names;
  for (const FittedModel& model : run.models) {
    if (!model.fit.converged) continue;
    const std::string& transition = run.records[model.records].transition;
    const std::string process = transition.empty()
                                    ? run.request.process
                                    : document_name(run.request.process + "_" + transition);
    comments += record(run, model);
    if (model.frailty) {
      frailties += "  " + process +
                   "_frailty: {gamma: {variance: " + exact(model.frailty->variance.estimate) +
                   "}, source: " + source + "}\n";
    }
    processes += BlockWriter(run, model).text(process, source);
  }
  if (processes.empty()) return {};
  std::string out =
      "# A fitted hazard; a model document takes it with 'include:'.\n# data: " + origin.data +
      ", XXH64 " + origin.digest + "; npcsim " + origin.version + "\n";
  for (const std::string& name : run.covariate_names) {
    names += (names.empty() ? "" : ", ") + document_name(name);
  }
  if (!names.empty()) out += "# needs the attributes: " + names + "\n";
  if (!frailties.empty()) frailties = "frailties:\n" + frailties;
  return out + comments + frailties + "processes:\n" + processes;
}

}  // namespace npcsim::detail

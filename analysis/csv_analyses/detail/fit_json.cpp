// Results of npcsim fit as JSON and CSV.
#include <npcsim/base/quantile.hpp>
#include <npcsim/csv_analyses/detail/fit_run.hpp>
#include <npcsim/hazard/family_info.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

void write_estimates(JsonWriter& json, const std::vector<FittedParameter>& parameters) {
  json.key("estimates").begin_array();
  for (const FittedParameter& p : parameters) {
    json.begin_object();
    put(json, "name", p.name);
    put(json, "estimate", p.estimate);
    put(json, "lo95", p.lo95);
    put(json, "hi95", p.hi95);
    put(json, "transform", transform_name(p.transform));
    put(json, "estimate_transformed", p.estimate_transformed);
    put(json, "se_transformed", p.se_transformed);
    json.end_object();
  }
  json.end_array();
}

void write_certificate(JsonWriter& json, const FitCertificate& certificate) {
  json.key("certificate").begin_object();
  put(json, "newton_decrement", certificate.newton_decrement);
  put(json, "gradient_in_se", certificate.gradient_in_se);
  put(json, "smallest_eigenvalue", certificate.smallest_eigenvalue);
  put_count(json, "iterations", static_cast<std::size_t>(std::max(0, certificate.iterations)));
  if (certificate.boundary.empty()) {
    json.key("boundary").null();
  } else {
    put(json, "boundary", certificate.boundary);
  }
  json.end_object();
}

void write_predictions(JsonWriter& json, const FitRun& run,
                       const std::vector<PredictionRow>& predictions) {
  json.key("predictions").begin_array();
  for (const PredictionRow& one : predictions) {
    json.begin_object();
    put_count(json, "row", one.row);
    put(json, "quantity", prediction_name(one.kind));
    put(json, "at", one.at);
    put(json, "value", one.value);
    put(json, "se", one.se);
    put(json, "lo95", one.lo95);
    put(json, "hi95", one.hi95);
    json.end_object();
  }
  json.end_array();
  if (predictions.empty() || run.covariate_names.empty()) return;
  json.key("prediction_rows").begin_array();
  for (const auto& covariates : run.rows.covariates) {
    json.begin_object();
    for (std::size_t c = 0; c < covariates.size(); ++c) {
      put(json, run.covariate_names[c], covariates[c]);
    }
    json.end_object();
  }
  json.end_array();
}

void write_bootstrap(JsonWriter& json, const FittedModel& model) {
  const BootstrapSamples& samples = model.bootstrap;
  json.key("bootstrap").begin_object();
  put_count(json, "samples", samples.asked);
  put_count(json, "converged", samples.transformed.size());
  json.key("estimates").begin_array();
  const std::size_t count = samples.transformed.size();
  for (std::size_t i = 0; i < model.fit.parameters.size() && count > 1; ++i) {
    const FittedParameter& p = model.fit.parameters[i];
    std::vector<double> values;
    double mean = 0.0;
    for (const auto& sample : samples.transformed) {
      values.push_back(sample[i]);
      mean += sample[i] / static_cast<double>(count);
    }
    double squares = 0.0;
    for (const double value : values) squares += (value - mean) * (value - mean);
    std::sort(values.begin(), values.end());
    json.begin_object();
    put(json, "name", p.name);
    put(json, "se_transformed", std::sqrt(squares / static_cast<double>(count - 1)));
    put(json, "lo95", natural(p.transform, quantile(values, 0.025)));
    put(json, "hi95", natural(p.transform, quantile(values, 0.975)));
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_model(AnalysisJson& out, const FitRun& run, const FittedModel& model) {
  JsonWriter& json = out.begin_result("model", model.request.text);
  const FitResult& fit = model.fit;
  put(json, "family", model_name(fit.family, fit.cure));
  const std::string& transition = run.records[model.records].transition;
  if (!transition.empty()) put(json, "transition", transition);
  put_flag(json, "converged", fit.converged);
  // Numbers of a fit that has not converged are not given: they would be used.
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto parameters = fit.converged ? model.parameters() : std::vector<FittedParameter>();
  write_estimates(json, parameters);
  put_matrix(json, "covariance", fit.converged ? model.covariance() : std::vector<double>(),
             parameters.size());
  put(json, "loglik", fit.converged ? fit.loglik : none);
  put(json, "aic", fit.converged ? fit.aic : none);
  put(json, "bic", fit.converged ? fit.bic : none);
  put_count(json, "n", rows_of(run, model));
  put_count(json, "events", events_of(run, model));
  if (fit.interval_rows > 0) put_count(json, "interval_censored", fit.interval_rows);
  put(json, "time_at_risk", fit.time_at_risk);
  if (!fit.knots.empty()) put(json, "knots", fit.knots);
  write_certificate(json, fit.certificate);
  if (!fit.converged) put(json, "problem", model.problem);
  put(json, "warnings", fit.warnings);
  if (run.request.models.size() > 1 && fit.converged) {
    put(json, "aic_weight", model.aic_weight);
    put(json, "bic_weight", model.bic_weight);
  }
  if (model.frailty) put_count(json, "clusters", model.frailty->clusters);
  if (model.bootstrap.asked > 0) write_bootstrap(json, model);
  write_predictions(json, run, model.predictions);
  out.end_result();
}

void write_average(AnalysisJson& out, const FitRun& run, std::size_t set) {
  const std::vector<PredictionRow> predictions = averaged_predictions(run, set);
  if (predictions.empty()) return;
  const std::size_t count = run.request.models.size();
  std::vector<double> weights;
  std::vector<std::string> names;
  for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
    weights.push_back(run.models[m].aic_weight);
    names.push_back(run.models[m].request.text);
  }
  JsonWriter& json = out.begin_result("model", "average");
  const std::string& transition = run.records[set].transition;
  if (!transition.empty()) put(json, "transition", transition);
  put(json, "models", names);
  put(json, "weights", weights);
  write_predictions(json, run, predictions);
  out.end_result();
}

std::string exact(double value) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), end.ptr);
}

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

void add_rows(std::string& out, const std::string& model, std::size_t number,
              const std::vector<FittedParameter>& parameters, const std::vector<double>& values) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    out += quoted(model) + "," + std::to_string(number) + "," + quoted(parameters[i].name) + "," +
           exact(natural(parameters[i].transform, values[i])) + "," + exact(values[i]) + "\n";
  }
}

}  // namespace

void write_fit_json(AnalysisJson& json, const FitRun& run) {
  const std::size_t count = run.request.models.size();
  for (std::size_t set = 0; set < run.records.size(); ++set) {
    for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
      write_model(json, run, run.models[m]);
    }
    if (run.request.average && !run.request.predict.empty()) write_average(json, run, set);
  }
}

std::string draws_csv(const FitRun& run) {
  std::string out = "model,draw,parameter,estimate,estimate_transformed\n";
  for (const FittedModel& model : run.models) {
    if (!model.fit.converged) continue;
    const auto draws = coefficient_draws(model, run.request.draws, run.request.seed);
    const auto parameters = model.parameters();
    for (std::size_t i = 0; i < draws.size(); ++i) {
      add_rows(out, full_name(run, model), i, parameters, draws[i]);
    }
  }
  return out;
}

std::string bootstrap_csv(const FitRun& run) {
  std::string out = "model,sample,parameter,estimate,estimate_transformed\n";
  for (const FittedModel& model : run.models) {
    const auto& samples = model.bootstrap.transformed;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      add_rows(out, full_name(run, model), i, model.fit.parameters, samples[i]);
    }
  }
  return out;
}

}  // namespace npcsim::detail

// Results of npcsim fit for a person at a terminal.
#include <npcsim/base/table.hpp>
#include <npcsim/csv_analyses/detail/fit_run.hpp>

#include <array>
#include <cmath>
#include <cstdio>

namespace npcsim::detail {
namespace {

using Rows = std::vector<std::vector<std::string>>;

std::string fixed(double value, int decimals) {
  if (!std::isfinite(value)) return "-";
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return text.data();
}

void paragraph(std::string& text, const std::string& title, Rows rows) {
  for (auto& row : rows) row.front() = "  " + row.front();
  text += (text.empty() ? "" : "\n") + title + "\n" + aligned(rows);
}

std::string plural(std::size_t count, const std::string& word) {
  return std::to_string(count) + " " + word + (count == 1 ? "" : "s");
}

void comparison(std::string& text, const FitRun& run, std::size_t set) {
  const std::size_t count = run.request.models.size();
  Rows rows{{"model", "parameters", "log-likelihood", "AIC", "BIC", "AIC weight", "BIC weight"}};
  for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
    const FittedModel& model = run.models[m];
    if (!model.fit.converged) {
      rows.push_back({model.request.text, "-", model.refused() ? "not fitted" : "not converged",
                      "-", "-", "-", "-"});
      continue;
    }
    rows.push_back({model.request.text, std::to_string(model.parameters().size()),
                    fixed(model.fit.loglik, 3), fixed(model.fit.aic, 2), fixed(model.fit.bic, 2),
                    fixed(model.aic_weight, 3), fixed(model.bic_weight, 3)});
  }
  const std::string& transition = run.records[set].transition;
  paragraph(text, (transition.empty() ? "" : transition + ": ") + std::string("comparison"), rows);
}

void estimates(std::string& text, const FitRun& run, const FittedModel& model) {
  const FitResult& fit = model.fit;
  std::string title = full_name(run, model) + ": " + plural(rows_of(run, model), "row") + ", " +
                      plural(events_of(run, model), "event");
  if (!fit.converged) {
    text += (text.empty() ? "" : "\n") + title +
            (model.refused() ? "\n  not fitted: " : "\n  not converged: ") + model.problem + "\n";
    return;
  }
  title += ", log-likelihood " + fixed(fit.loglik, 3) + ", AIC " + fixed(fit.aic, 2) + ", BIC " +
           fixed(fit.bic, 2);
  Rows rows{{"parameter", "estimate", "95 % interval", "scale of the fit", "estimate", "se"}};
  for (const FittedParameter& p : model.parameters()) {
    rows.push_back({p.name, figure(p.estimate, 6), figure(p.lo95, 6) + " to " + figure(p.hi95, 6),
                    std::string(transform_name(p.transform)), figure(p.estimate_transformed, 6),
                    figure(p.se_transformed, 4)});
  }
  paragraph(text, title, rows);
  if (!fit.knots.empty()) {
    text += fit.family == Family::piecewise ? "  change times" : "  knots (log time)";
    for (const double knot : fit.knots) text += " " + figure(knot, 6);
    text += "\n";
  }
  text += "  maximum certified: Newton decrement " + figure(fit.certificate.newton_decrement, 2) +
          ", smallest eigenvalue " + figure(fit.certificate.smallest_eigenvalue, 2) + ", " +
          plural(static_cast<std::size_t>(std::max(0, fit.certificate.iterations)), "step") + "\n";
}

void predictions_table(std::string& text, const FitRun& run, const std::string& name,
                       const std::vector<PredictionRow>& predictions) {
  if (predictions.empty()) return;
  Rows rows{{"row", "quantity", "at", "value", "95 % interval", "se"}};
  for (const PredictionRow& one : predictions) {
    rows.push_back({std::to_string(one.row), std::string(prediction_name(one.kind)),
                    figure(one.at, 6), figure(one.value, 6),
                    figure(one.lo95, 4) + " to " + figure(one.hi95, 4), figure(one.se, 4)});
  }
  const std::string who = run.rows.meaning.empty() ? "" : " (" + run.rows.meaning + ")";
  paragraph(text, name + ": predictions" + who, rows);
}

}  // namespace

std::string fit_text(const FitRun& run) {
  std::string text;
  const std::size_t count = run.request.models.size();
  for (std::size_t set = 0; set < run.records.size(); ++set) {
    if (count > 1) comparison(text, run, set);
    for (std::size_t m = set * count; m < (set + 1) * count; ++m) {
      const FittedModel& model = run.models[m];
      estimates(text, run, model);
      predictions_table(text, run, full_name(run, model), model.predictions);
    }
    if (run.request.average) {
      predictions_table(text, run, "average by AIC weight", averaged_predictions(run, set));
    }
  }
  return text;
}

}  // namespace npcsim::detail

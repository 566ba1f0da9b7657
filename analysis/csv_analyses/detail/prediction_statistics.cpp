// How well a marker or a Cox model predicts.
#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/csv_analyses/detail/regression.hpp>
#include <npcsim/survival/brier_score.hpp>
#include <npcsim/survival/calibration.hpp>
#include <npcsim/survival/concordance.hpp>
#include <npcsim/survival/cox_prediction.hpp>
#include <npcsim/survival/time_dependent_auc.hpp>

#include <cmath>
#include <limits>

namespace npcsim::detail {
namespace {

// Records and what orders them by risk.
struct Marked {
  std::unique_ptr<RunRecords> own;
  const RunRecords* all = nullptr;
  std::vector<double> marker;
  std::string name;
  bool defined = false;
};

// --marker, or the linear predictor of the Cox model; false after an error in the diagnostics.
bool find_marker(SurvivalRun& run, const StatisticRequest& statistic, Marked& out) {
  if (!run.request.marker.empty()) {
    FrameParts parts;
    parts.strata = true;
    parts.cluster = true;
    parts.others = {run.request.marker};
    out.own = run.records_with(parts);
    if (out.own == nullptr) return false;
    out.all = out.own.get();
    out.marker = out.own->others[0];
    out.name = run.request.marker;
    out.defined = true;
    return true;
  }
  Regression* regression = regression_of(run);
  if (regression == nullptr) return false;
  out.all = regression->all.get();
  const Covariates& covariates = regression->all->covariates;
  if (statistic.kind == StatisticRequest::Kind::auc && covariates.count() == 1) {
    out.marker.assign(covariates.columns[0].begin(), covariates.columns[0].end());
    out.name = covariates.names[0];
    out.defined = true;
    return true;
  }
  if (!regression->fit.converged()) {
    fail_fit(run, statistic, regression->fit.status, regression->fit.warnings);
    return true;
  }
  out.marker = linear_predictor(covariates, regression->fit);
  out.name = "cox";
  out.defined = true;
  return true;
}

// Risk of an event by `time` in the Cox model, of every row.
std::vector<double> cox_risk(const Regression& regression, double time) {
  return predicted_risk(regression.all->records, regression.all->covariates, regression.fit, time,
                        regression.options);
}

}  // namespace

bool write_concordance(SurvivalRun& run, const StatisticRequest& statistic) {
  Marked marked;
  if (!find_marker(run, statistic, marked)) return false;
  if (!marked.defined) return true;
  const bool is_uno = statistic.kind == StatisticRequest::Kind::uno;
  const double until =
      statistic.numbers.empty() ? std::numeric_limits<double>::infinity() : statistic.numbers[0];
  const Concordance c = is_uno ? uno_concordance(marked.all->records, marked.marker, until)
                               : concordance(marked.all->records, marked.marker, until);
  JsonWriter& out = run.begin(statistic, *marked.all);
  put(out, "marker", marked.name);
  put_count(out, "n", marked.all->rows());
  if (!c.defined) {
    run.end();
    if (c.warnings.empty()) run.fail(statistic, "no pair of records can be ordered");
    run.failed = true;
    run.warn(statistic, c.warnings);
    return true;
  }
  put(out, "estimate", c.value);
  put(out, "se", c.se);
  put(out, "lo95", c.value - z_95 * c.se);
  put(out, "hi95", c.value + z_95 * c.se);
  if (is_uno) put(out, "se_fixed_weights", c.se_fixed_weights);
  put(out, "concordant", c.pairs.concordant);
  put(out, "discordant", c.pairs.discordant);
  put(out, "tied_marker", c.pairs.tied_marker);
  put(out, "tied_time", c.pairs.tied_time);
  put(out, "tied_both", c.pairs.tied_both);
  run.end();
  run.warn(statistic, c.warnings);
  run.table(std::string(is_uno ? "Uno's" : "Harrell's") + " concordance of " +
                (marked.name == "cox" ? "the Cox model" : "'" + marked.name + "'"),
            {{"estimate (95 % CI)", "se"},
             {with_limits(c.value, c.value - z_95 * c.se, c.value + z_95 * c.se), figure(c.se)}});
  return true;
}

bool write_auc(SurvivalRun& run, const StatisticRequest& statistic) {
  Marked marked;
  if (!find_marker(run, statistic, marked)) return false;
  if (!marked.defined) return true;
  const auto areas = time_dependent_auc(marked.all->records, marked.marker, statistic.numbers);
  JsonWriter& out = run.begin(statistic, *marked.all);
  put(out, "time", statistic.numbers[0]);
  put(out, "marker", marked.name);
  if (areas.empty() || !areas[0].defined) {
    run.end();
    run.fail(statistic,
             "there is no case before or no control after this time, or the data have "
             "entries or weights, which this estimate does not take");
    return true;
  }
  const TimeDependentAuc& area = areas[0];
  put(out, "estimate", area.value);
  put(out, "se", area.se);
  put(out, "lo95", area.value - z_95 * area.se);
  put(out, "hi95", area.value + z_95 * area.se);
  put_count(out, "cases", area.cases);
  put_count(out, "controls", area.controls);
  put_count(out, "censored", area.censored);
  run.end();
  run.table("AUC at " + shortest(area.time) + " of " +
                (marked.name == "cox" ? "the Cox model" : "'" + marked.name + "'"),
            {{"estimate (95 % CI)", "se", "cases", "controls"},
             {with_limits(area.value, area.value - z_95 * area.se, area.value + z_95 * area.se),
              figure(area.se), std::to_string(area.cases), std::to_string(area.controls)}});
  return true;
}

bool write_brier(SurvivalRun& run, const StatisticRequest& statistic) {
  Regression* regression = regression_of(run);
  if (regression == nullptr) return false;
  JsonWriter& out = run.begin(statistic, *regression->all);
  put(out, "time", statistic.numbers[0]);
  if (!regression->fit.converged()) {
    run.end();
    fail_fit(run, statistic, regression->fit.status, regression->fit.warnings);
    return true;
  }
  const TimeToEvent& records = regression->all->records;
  if (!records.entry.empty() || !records.weight.empty()) {
    run.end();
    run.fail(statistic, "takes neither entries nor weights");
    return true;
  }
  const auto scores =
      brier_scores(records, statistic.numbers, {cox_risk(*regression, statistic.numbers[0])});
  if (scores.empty() || !scores[0].defined) {
    run.end();
    run.fail(statistic, "nobody is followed beyond this time");
    return true;
  }
  put(out, "estimate", scores[0].value);
  put(out, "se", scores[0].se);
  put(out, "null", scores[0].null);
  put(out, "index_of_prediction_accuracy", scores[0].index_of_prediction_accuracy);
  run.end();
  if (!(scores[0].null > 0)) {
    run.warn(statistic,
             "there is no event by this time, so that index_of_prediction_accuracy is not defined");
  }
  run.table("Brier score of the Cox model at " + shortest(statistic.numbers[0]),
            {{"score", "se", "Kaplan-Meier's score", "1 - ratio"},
             {figure(scores[0].value), figure(scores[0].se), figure(scores[0].null),
              figure(scores[0].index_of_prediction_accuracy)}});
  return true;
}

bool write_calibration(SurvivalRun& run, const StatisticRequest& statistic) {
  Regression* regression = regression_of(run);
  if (regression == nullptr) return false;
  JsonWriter& out = run.begin(statistic, *regression->all);
  const double time = statistic.numbers[0];
  put(out, "time", time);
  if (!regression->fit.converged()) {
    run.end();
    fail_fit(run, statistic, regression->fit.status, regression->fit.warnings);
    return true;
  }
  const Calibration found =
      calibration(regression->all->records, cox_risk(*regression, time), time);
  if (!found.defined) {
    run.end();
    if (found.warnings.empty()) run.fail(statistic, "the calibration slope has no estimate");
    run.failed = true;
    run.warn(statistic, found.warnings);
    return true;
  }
  out.key("groups").begin_array();
  std::vector<std::vector<std::string>> rows{{"n", "predicted risk", "observed (se)"}};
  for (const CalibrationGroup& group : found.groups) {
    out.begin_object();
    put_count(out, "n", group.subjects);
    put(out, "predicted", group.mean_predicted);
    put(out, "observed", group.observed);
    put(out, "se", group.observed_se);
    out.end_object();
    rows.push_back({std::to_string(group.subjects), figure(group.mean_predicted),
                    figure(group.observed) + " (" + figure(group.observed_se) + ")"});
  }
  out.end_array();
  put(out, "slope", found.slope);
  put(out, "slope_se", found.slope_se);
  put(out, "observed_over_expected", found.observed_over_expected);
  run.end();
  run.warn(statistic, found.warnings);
  run.table("Calibration of the Cox model at " + shortest(time) + ": slope " + figure(found.slope) +
                ", observed / expected " + figure(found.observed_over_expected),
            rows);
  return true;
}

}  // namespace npcsim::detail

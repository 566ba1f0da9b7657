// Kaplan-Meier curves and what is read off them.
#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/survival/case_weights.hpp>
#include <npcsim/survival/milestone.hpp>
#include <npcsim/survival/restricted_mean.hpp>
#include <npcsim/survival/survival_curve.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace npcsim::detail {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

// A time as it stands in the data if it is short.
std::string time_text(const std::optional<double>& time) {
  if (!time) return "-";
  const std::string exact = shortest(*time);
  return exact.size() <= 7 ? exact : figure(*time, 5);
}

// Weights that are no numbers of like subjects need the variance that is right for them.
CurveOptions curve_options(const SurvivalRun& run, const RunRecords& all) {
  CurveOptions out;
  out.scale = interval_scale(run.request);
  if (!are_counts(all.records.weight) || !all.records.cluster.empty()) {
    out.variance = CurveVariance::robust;
  }
  return out;
}

void put_contrast(JsonWriter& out, const Contrast& contrast) {
  put(out, "se", contrast.se);
  put(out, "lo95", contrast.lower);
  put(out, "hi95", contrast.upper);
  put(out, "z", contrast.z);
  put(out, "p", contrast.p);
}

void put_contrast_object(JsonWriter& out, std::string_view key, const Contrast& contrast) {
  out.key(key).begin_object();
  put(out, "estimate", contrast.value);
  put_contrast(out, contrast);
  out.end_object();
}

std::string contrast_label(const RunRecords& all, std::size_t treated) {
  return group_label(all, treated) + " - " + group_label(all, 0);
}

void put_curve(JsonWriter& out, const SurvivalCurve& curve) {
  out.key("curve").begin_object();
  put(out, "time", curve.time);
  put(out, "at_risk", curve.at_risk);
  put(out, "events", curve.events);
  put(out, "censored", curve.censored);
  put(out, "survival", curve.survival);
  put(out, "se", curve.se);
  put(out, "lo95", curve.lower);
  put(out, "hi95", curve.upper);
  put(out, "cumulative_hazard", curve.cumulative_hazard);
  put(out, "cumulative_hazard_se", curve.cumulative_hazard_se);
  out.end_object();
}

}  // namespace

bool write_km(SurvivalRun& run, const StatisticRequest& statistic) {
  RunRecords* all = run.curve_records();
  if (all == nullptr) return false;
  const SortedRecords sorted(all->records, all->group);
  const auto curves = survival_curves(sorted, curve_options(run, *all));
  const auto at_risk = numbers_at_risk(sorted, run.request.at);
  std::vector<std::vector<std::string>> rows{{"group"}};
  for (std::string& header : record_headers(*all)) rows[0].push_back(std::move(header));
  for (const double p : run.request.quantiles) {
    rows[0].push_back(std::abs(p - 0.5) > 0 ? shortest(100 * p) + " % quantile (95 % CI)"
                                            : "median (95 % CI)");
  }
  for (std::size_t g = 0; g < curves.size(); ++g) {
    const SurvivalCurve& curve = curves[g];
    double events = 0;
    for (const double d : curve.events) events += d;
    JsonWriter& out = run.begin(statistic, *all, g);
    put_records(out, *all, curve.records, g);
    put(out, "events", events);
    std::vector<std::string> row{group_label(*all, g)};
    for (std::string& cell : record_cells(*all, curve.records, g, events)) {
      row.push_back(std::move(cell));
    }
    const auto median = curve_quantile(curve, 0.5);
    put(out, "median", median.value.value_or(nothing));
    put(out, "median_lo95", median.lower.value_or(nothing));
    put(out, "median_hi95", median.upper.value_or(nothing));
    out.key("quantiles").begin_array();
    for (const double p : run.request.quantiles) {
      const auto quantile = curve_quantile(curve, p);
      out.begin_object();
      put(out, "p", p);
      put(out, "estimate", quantile.value.value_or(nothing));
      put(out, "lo95", quantile.lower.value_or(nothing));
      put(out, "hi95", quantile.upper.value_or(nothing));
      out.end_object();
      row.push_back(quantile.value ? time_text(*quantile.value) + " (" + time_text(quantile.lower) +
                                         " to " + time_text(quantile.upper) + ")"
                                   : "not reached");
    }
    out.end_array();
    if (!run.request.at.empty()) {
      out.key("table").begin_array();
      for (std::size_t i = 0; i < run.request.at.size(); ++i) {
        const Milestone point = milestone(curve, run.request.at[i]);
        out.begin_object();
        put(out, "time", run.request.at[i]);
        put(out, "at_risk", at_risk[i][g]);
        put(out, "survival", point.survival);
        put(out, "se", point.se);
        put(out, "lo95", point.lower);
        put(out, "hi95", point.upper);
        out.end_object();
      }
      out.end_array();
    }
    if (run.request.curves) put_curve(out, curve);
    run.end();
    rows.push_back(std::move(row));
    if (events <= 0) run.warn(statistic, "no events in " + group_label(*all, g));
  }
  run.table("Kaplan-Meier", rows);
  if (!run.request.at.empty()) {
    std::vector<std::vector<std::string>> risk{{"at risk at"}};
    for (const double t : run.request.at) risk[0].push_back(shortest(t));
    for (std::size_t g = 0; g < curves.size(); ++g) {
      risk.push_back({group_label(*all, g)});
      for (std::size_t i = 0; i < run.request.at.size(); ++i) {
        risk.back().push_back(figure(at_risk[i][g]));
      }
    }
    run.table("Numbers at risk", risk);
  }
  return true;
}

bool write_restricted_mean(SurvivalRun& run, const StatisticRequest& statistic) {
  RunRecords* all = run.curve_records();
  if (all == nullptr) return false;
  const double horizon = statistic.numbers[0];
  const SortedRecords sorted(all->records, all->group);
  const CurveOptions options = curve_options(run, *all);
  std::vector<RestrictedMean> means;
  if (options.variance == CurveVariance::robust) {
    means = restricted_means_robust(sorted, horizon);
  } else {
    for (const SurvivalCurve& curve : survival_curves(sorted, options)) {
      means.push_back(restricted_mean(curve, horizon));
    }
  }
  std::vector<std::vector<std::string>> rows{{"group", "estimate (95 % CI)", "se", "p"}};
  for (std::size_t g = 0; g < means.size(); ++g) {
    const RestrictedMean& mean = means[g];
    JsonWriter& out = run.begin(statistic, *all, g);
    put(out, "horizon", horizon);
    put(out, "estimate", mean.value);
    put(out, "se", mean.se);
    put(out, "lo95", mean.value - z_95 * mean.se);
    put(out, "hi95", mean.value + z_95 * mean.se);
    put_flag(out, "within_follow_up", mean.within_follow_up);
    run.end();
    rows.push_back(
        {group_label(*all, g),
         with_limits(mean.value, mean.value - z_95 * mean.se, mean.value + z_95 * mean.se),
         figure(mean.se), ""});
    if (!mean.within_follow_up) {
      run.warn(statistic, "the follow-up of " + group_label(*all, g) +
                              " ends before; its last survival was carried on");
    }
  }
  for (std::size_t g = 1; g < means.size(); ++g) {
    const RestrictedMeanContrast against = contrast(means[g], means[0]);
    JsonWriter& out = run.begin(statistic, *all);
    put(out, "contrast", contrast_label(*all, g));
    put(out, "difference", against.difference.value);
    put_contrast(out, against.difference);
    put_contrast_object(out, "ratio", against.ratio);
    put_contrast_object(out, "loss_ratio", against.loss_ratio);
    run.end();
    rows.push_back(
        {contrast_label(*all, g),
         with_limits(against.difference.value, against.difference.lower, against.difference.upper),
         figure(against.difference.se), p_value_text(against.difference.p)});
  }
  run.table("Restricted mean survival time up to " + shortest(horizon), rows);
  return true;
}

bool write_milestone(SurvivalRun& run, const StatisticRequest& statistic) {
  RunRecords* all = run.curve_records();
  if (all == nullptr) return false;
  const double time = statistic.numbers[0];
  const SortedRecords sorted(all->records, all->group);
  std::vector<Milestone> points;
  for (const SurvivalCurve& curve : survival_curves(sorted, curve_options(run, *all))) {
    points.push_back(milestone(curve, time));
  }
  std::vector<std::vector<std::string>> rows{{"group", "survival (95 % CI)", "se", "p"}};
  for (std::size_t g = 0; g < points.size(); ++g) {
    const Milestone& point = points[g];
    JsonWriter& out = run.begin(statistic, *all, g);
    put(out, "time", time);
    put(out, "estimate", point.survival);
    put(out, "se", point.se);
    put(out, "lo95", point.lower);
    put(out, "hi95", point.upper);
    put(out, "at_risk", point.at_risk);
    put_flag(out, "within_follow_up", point.within_follow_up);
    run.end();
    rows.push_back({group_label(*all, g), with_limits(point.survival, point.lower, point.upper),
                    figure(point.se), ""});
    if (!point.within_follow_up) {
      run.warn(statistic, "the follow-up of " + group_label(*all, g) +
                              " ends before; its last survival was carried on");
    }
  }
  for (std::size_t g = 1; g < points.size(); ++g) {
    const MilestoneContrast against = contrast(points[g], points[0]);
    JsonWriter& out = run.begin(statistic, *all);
    put(out, "contrast", contrast_label(*all, g));
    put(out, "difference", against.difference.value);
    put_contrast(out, against.difference);
    put_contrast_object(out, "ratio", against.ratio);
    put_contrast_object(out, "complementary_log_log", against.complementary);
    run.end();
    rows.push_back(
        {contrast_label(*all, g),
         with_limits(against.difference.value, against.difference.lower, against.difference.upper),
         figure(against.difference.se), p_value_text(against.difference.p)});
  }
  run.table("Survival at " + shortest(time), rows);
  return true;
}

}  // namespace npcsim::detail

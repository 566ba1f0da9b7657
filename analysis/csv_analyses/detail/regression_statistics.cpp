// Cox and Fine-Gray regressions, and the test of proportional hazards.
#include <npcsim/base/normal_quantiles.hpp>
#include <npcsim/csv_analyses/detail/regression.hpp>
#include <npcsim/survival/contrast.hpp>
#include <npcsim/survival/cox_residuals.hpp>
#include <npcsim/survival/fine_gray.hpp>
#include <npcsim/survival/proportional_hazards.hpp>

#include <cmath>
#include <utility>

namespace npcsim::detail {
namespace {

// Contrasts of the groups against the first one, where no covariates are given.
void groups_as_covariates(SurvivalRun& run, Regression& out) {
  RunRecords& all = *out.all;
  const auto& names = all.frame.group_names();
  all.covariates = {};
  all.late_columns.assign(names.empty() ? 0 : names.size() - 1,
                          std::vector<double>(all.rows(), 0.0));
  for (std::size_t row = 0; row < all.rows(); ++row) {
    const auto g = static_cast<std::size_t>(all.group[row]);
    if (g > 0) all.late_columns[g - 1][row] = 1.0;
  }
  std::vector<std::size_t> columns;
  for (std::size_t c = 0; c < all.late_columns.size(); ++c) {
    all.covariates.names.push_back(run.data.roles.group + names[c + 1]);
    all.covariates.columns.emplace_back(all.late_columns[c]);
    columns.push_back(c);
  }
  out.terms.push_back(std::move(columns));
  out.term_names.push_back(run.data.roles.group);
}

void put_test(JsonWriter& out, std::string_view key, const ChiSquareTest& test) {
  out.key(key).begin_object();
  put(out, "chisq", test.chi_square);
  put_count(out, "df", static_cast<std::size_t>(test.df));
  put(out, "p", test.p);
  out.end_object();
}

// One coefficient: `se` is the model's, `used_se` the one of limits and p-value.
void put_coefficient(JsonWriter& out, const std::string& name, double coef, double se,
                     double robust_se, bool robust) {
  const double used = robust ? robust_se : se;
  out.begin_object();
  put(out, "name", name);
  put(out, "coef", coef);
  put(out, "se", se);
  if (robust) {
    put(out, "robust_se", robust_se);
  } else {
    out.key("robust_se").null();
  }
  put(out, "lo95", coef - z_95 * used);
  put(out, "hi95", coef + z_95 * used);
  put(out, "z", coef / used);
  put(out, "p", two_sided_p(coef / used));
  put(out, "hr", std::exp(coef));
  put(out, "hr_lo95", std::exp(coef - z_95 * used));
  put(out, "hr_hi95", std::exp(coef + z_95 * used));
  out.end_object();
}

std::vector<std::string> coefficient_row(const std::string& name, double coef, double se) {
  return {name,
          with_limits(std::exp(coef), std::exp(coef - z_95 * se), std::exp(coef + z_95 * se)),
          figure(coef),
          figure(se),
          figure(coef / se),
          p_value_text(two_sided_p(coef / se))};
}

std::string test_in_words(const std::string& name, const ChiSquareTest& test) {
  return ", " + name + " " + figure(test.chi_square) + " on " + std::to_string(test.df) +
         " df, p " + p_value_text(test.p);
}

// The likelihood ratio takes rows as independent and weights as numbers of patients: with a robust
// covariance it has no chi-square distribution, and the robust tests stand in its place.
std::string tests_in_words(const CoxRegression& fit) {
  if (fit.robust_covariance.empty()) return test_in_words("likelihood ratio", fit.likelihood_ratio);
  std::string out;
  if (fit.robust_wald) out += test_in_words("robust Wald", *fit.robust_wald);
  if (fit.robust_score) out += test_in_words("robust score", *fit.robust_score);
  return out;
}

std::string_view status_word(CoxStatus status) {
  switch (status) {
    case CoxStatus::converged:
      return "converged";
    case CoxStatus::no_events:
      return "no events";
    case CoxStatus::too_few_events:
      return "fewer events than coefficients";
    case CoxStatus::collinear:
      return "collinear covariates";
    case CoxStatus::infinite:
      return "a coefficient runs to infinity (separation)";
    case CoxStatus::not_converged:
      return "not converged";
    case CoxStatus::bad_data:
      return "data that this model does not take";
  }
  return "";
}

}  // namespace

std::unique_ptr<Regression> regression_records(SurvivalRun& run, FrameParts parts) {
  auto out = std::make_unique<Regression>();
  parts.covariates = !run.data.terms.empty();
  parts.group = parts.group || run.data.terms.empty();
  out->all = run.records_with(parts);
  if (out->all == nullptr) return nullptr;
  if (run.data.terms.empty()) {
    groups_as_covariates(run, *out);
  } else {
    const DesignMatrix& design = out->all->frame.design();
    out->terms.resize(run.data.terms.size());
    for (std::size_t c = 0; c < design.term.size(); ++c) out->terms[design.term[c]].push_back(c);
    for (const ModelTerm& term : run.data.terms) out->term_names.push_back(term.text);
  }
  if (run.request.ties == "breslow") out->options.ties = Ties::breslow;
  return out;
}

Regression* regression_of(SurvivalRun& run) {
  if (run.regression == nullptr) {
    FrameParts parts;
    parts.strata = true;
    parts.cluster = true;
    run.regression = regression_records(run, parts);
    if (run.regression == nullptr) return nullptr;
    Regression& made = *run.regression;
    if (made.all->covariates.count() == 0) {
      made.fit.status = CoxStatus::bad_data;
      made.fit.warnings = {"there is only one group"};
      return &made;
    }
    made.fit = cox_regression(made.all->records, made.all->covariates, made.options);
  }
  return run.regression.get();
}

void fail_fit(SurvivalRun& run, const StatisticRequest& statistic, CoxStatus status,
              const std::vector<std::string>& words) {
  if (words.empty()) {
    run.fail(statistic, std::string(status_word(status)));
  } else {
    run.failed = true;
    run.warn(statistic, words);
  }
}

bool write_cox(SurvivalRun& run, const StatisticRequest& statistic) {
  Regression* regression = regression_of(run);
  if (regression == nullptr) return false;
  const CoxRegression& fit = regression->fit;
  JsonWriter& out = run.begin(statistic, *regression->all);
  put_records(out, *regression->all, fit.rows);
  put_count(out, "events", fit.events);
  put_flag(out, "converged", fit.converged());
  if (!fit.converged()) {
    put(out, "status", status_word(fit.status));
    run.end();
    fail_fit(run, statistic, fit.status, fit.warnings);
    return true;
  }
  run.warn(statistic, fit.warnings);
  const bool robust = !fit.robust_covariance.empty();
  out.key("coefficients").begin_array();
  std::vector<std::vector<std::string>> rows{
      {"", "hazard ratio (95 % CI)", "log HR", robust ? "robust se" : "se", "z", "p"}};
  for (std::size_t i = 0; i < fit.count(); ++i) {
    put_coefficient(out, fit.names[i], fit.coefficients[i], fit.se(i), fit.robust_se(i), robust);
    rows.push_back(
        coefficient_row(fit.names[i], fit.coefficients[i], robust ? fit.robust_se(i) : fit.se(i)));
  }
  out.end_array();
  put(out, "loglik", std::vector<double>{fit.log_likelihood_null, fit.log_likelihood});
  put_matrix(out, "covariance", fit.covariance, fit.count());
  if (robust) put_matrix(out, "robust_covariance", fit.robust_covariance, fit.count());
  put_test(out, "likelihood_ratio", fit.likelihood_ratio);
  put_test(out, "wald", fit.wald);
  put_test(out, "score", fit.score);
  if (fit.robust_wald) put_test(out, "robust_wald", *fit.robust_wald);
  if (fit.robust_score) put_test(out, "robust_score", *fit.robust_score);
  put_count(out, "iterations", static_cast<std::size_t>(fit.iterations));
  put(out, "newton_decrement", fit.newton_decrement);
  put(out, "largest_gradient_in_se", fit.largest_gradient);
  put(out, "smallest_eigenvalue", fit.smallest_eigenvalue);
  run.end();
  // As in coxph, n and events are records whatever their weights.
  const std::string counted =
      regression->all->weighted()
          ? " (records; sum of weights " + figure(regression->all->sum_of_weights()) + ")"
          : "";
  run.table("Cox regression: n " + std::to_string(fit.rows) + ", events " +
                std::to_string(fit.events) + counted + tests_in_words(fit),
            rows);
  return true;
}

bool write_zph(SurvivalRun& run, const StatisticRequest& statistic) {
  Regression* regression = regression_of(run);
  if (regression == nullptr) return false;
  JsonWriter& out = run.begin(statistic, *regression->all);
  if (!regression->fit.converged()) {
    run.end();
    fail_fit(run, statistic, regression->fit.status, regression->fit.warnings);
    return true;
  }
  const ProportionalHazardsTest test = proportional_hazards_test(
      regression->all->records, regression->all->covariates, regression->fit, TimeScale::km,
      regression->options, regression->terms);
  put(out, "transform", "km");
  out.key("terms").begin_array();
  std::vector<std::vector<std::string>> rows{{"", "chi-square", "df", "p"}};
  for (std::size_t i = 0; i < test.terms.size(); ++i) {
    const ChiSquareTest& one = test.terms[i].test;
    const std::string& name =
        i < regression->term_names.size() ? regression->term_names[i] : test.terms[i].name;
    out.begin_object();
    put(out, "name", name);
    put(out, "chisq", one.chi_square);
    put_count(out, "df", static_cast<std::size_t>(one.df));
    put(out, "p", one.p);
    out.end_object();
    rows.push_back({name, figure(one.chi_square), std::to_string(one.df), p_value_text(one.p)});
  }
  out.end_array();
  put_test(out, "global", test.global);
  run.end();
  rows.push_back({"global", figure(test.global.chi_square), std::to_string(test.global.df),
                  p_value_text(test.global.p)});
  run.warn(statistic, test.warnings);
  run.table("Test of proportional hazards", rows);
  return true;
}

bool write_fine_gray(SurvivalRun& run, const StatisticRequest& statistic) {
  FrameParts parts;
  parts.causes = true;
  const auto regression = regression_records(run, parts);
  if (regression == nullptr) return false;
  const EventCodes& codes = run.data.codes;
  if (regression->all->covariates.count() == 0) {
    run.fail(statistic, "there is only one group");
    return true;
  }
  for (std::size_t cause = 1; cause <= codes.cause_names.size(); ++cause) {
    const auto code = static_cast<std::int32_t>(cause);
    if (codes.cause_of_interest > 0 && codes.cause_of_interest != code) continue;
    FineGrayOptions options;
    options.cause = code;
    const FineGray fit = fine_gray(regression->all->records, regression->all->covariates, options);
    const std::string& name = codes.cause_names[cause - 1];
    JsonWriter& out = run.begin(statistic, *regression->all);
    put(out, "cause", name);
    put_count(out, "n", fit.rows);
    put_count(out, "events", fit.events);
    put_flag(out, "converged", fit.converged());
    if (!fit.converged()) {
      put(out, "status", status_word(fit.status));
      run.end();
      fail_fit(run, statistic, fit.status, fit.warnings);
      continue;
    }
    run.warn(statistic, fit.warnings);
    out.key("coefficients").begin_array();
    std::vector<std::vector<std::string>> rows{
        {"", "subdistribution HR (95 % CI)", "log HR", "se", "z", "p"}};
    const std::size_t count = fit.count();
    for (std::size_t i = 0; i < count; ++i) {
      const double fixed = std::sqrt(fit.covariance_fixed_weights[i * count + i]);
      out.begin_object();
      put(out, "name", fit.names[i]);
      put(out, "coef", fit.coefficients[i]);
      put(out, "se", fit.se(i));
      put(out, "se_fixed_weights", fixed);
      put(out, "lo95", fit.coefficients[i] - z_95 * fit.se(i));
      put(out, "hi95", fit.coefficients[i] + z_95 * fit.se(i));
      put(out, "z", fit.coefficients[i] / fit.se(i));
      put(out, "p", two_sided_p(fit.coefficients[i] / fit.se(i)));
      put(out, "hr", std::exp(fit.coefficients[i]));
      out.end_object();
      rows.push_back(coefficient_row(fit.names[i], fit.coefficients[i], fit.se(i)));
    }
    out.end_array();
    put(out, "loglik", std::vector<double>{fit.log_likelihood_null, fit.log_likelihood});
    put_matrix(out, "covariance", fit.covariance, count);
    put(out, "newton_decrement", fit.newton_decrement);
    run.end();
    run.table("Fine-Gray regression, cause " + name + ": n " + std::to_string(fit.rows) +
                  ", events " + std::to_string(fit.events),
              rows);
  }
  return true;
}

}  // namespace npcsim::detail

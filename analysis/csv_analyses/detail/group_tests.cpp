// The log-rank family.
#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/survival/case_weights.hpp>
#include <npcsim/survival/weighted_log_rank.hpp>

#include <numeric>

namespace npcsim::detail {
namespace {

using Kind = StatisticRequest::Kind;

EventWeight weight_of(const StatisticRequest& statistic) {
  switch (statistic.kind) {
    case Kind::fleming_harrington:
      return EventWeight::fleming_harrington(statistic.numbers[0], statistic.numbers[1]);
    case Kind::modest:
      return {EventWeight::Kind::modest_time, statistic.numbers[0], 0};
    case Kind::gehan:
      return {EventWeight::Kind::gehan, 0, 0};
    case Kind::tarone_ware:
      return {EventWeight::Kind::tarone_ware, 0, 0};
    case Kind::peto:
      return {EventWeight::Kind::peto, 0, 0};
    default:
      return EventWeight::log_rank();
  }
}

std::string title_of(const StatisticRequest& statistic) {
  switch (statistic.kind) {
    case Kind::log_rank:
      return "Log-rank test";
    case Kind::fleming_harrington:
      return "Fleming-Harrington test (rho " + figure(statistic.numbers[0]) + ", gamma " +
             figure(statistic.numbers[1]) + ")";
    case Kind::modest:
      return "Modestly weighted log-rank test (T = " + figure(statistic.numbers[0], 6) + ")";
    case Kind::gehan:
      return "Gehan-Wilcoxon test";
    case Kind::tarone_ware:
      return "Tarone-Ware test";
    case Kind::peto:
      return "Peto-Peto test";
    default:
      return "Log-rank test for trend";
  }
}

std::unique_ptr<RunRecords> test_records(SurvivalRun& run) {
  FrameParts parts;
  parts.group = true;
  parts.strata = true;
  return run.records_with(parts);
}

// The variance of these tests counts patients; false, and said so, if the weights do not.
bool weights_count_patients(SurvivalRun& run, const StatisticRequest& statistic,
                            const RunRecords& all) {
  if (are_counts(all.records.weight)) return true;
  run.begin(statistic, all);
  run.end();
  run.fail(statistic,
           "weights that are not whole numbers do not count patients, which this test needs; "
           "cox has a robust standard error and a robust score test for them");
  return false;
}

}  // namespace

bool write_group_test(SurvivalRun& run, const StatisticRequest& statistic) {
  const auto all = test_records(run);
  if (all == nullptr) return false;
  if (!weights_count_patients(run, statistic, *all)) return true;
  const SortedRecords sorted(all->records, all->group);
  const RiskSets sets(sorted);
  const GroupLogRank test = log_rank_test(sets, weight_of(statistic));
  const auto& names = all->frame.group_names();
  JsonWriter& out = run.begin(statistic, *all);
  put(out, "groups", names);
  put_records(out, *all, all->rows());
  if (!test.defined) {
    run.end();
    run.fail(statistic, names.size() < 2 ? "there is only one group"
                                         : "no two groups are at risk at an event");
    return true;
  }
  std::vector<std::vector<std::string>> rows;
  if (statistic.kind == Kind::trend) {
    std::vector<double> scores(test.groups());
    std::iota(scores.begin(), scores.end(), 1.0);
    const TrendTest trend = trend_test(test, scores);
    put(out, "scores", scores);
    put(out, "z", trend.z);
    put(out, "chisq", trend.z * trend.z);
    put_count(out, "df", 1);
    put(out, "p", trend.p);
    run.end();
    run.table(title_of(statistic), {{"z", "p"}, {figure(trend.z), p_value_text(trend.p)}});
    return true;
  }
  put(out, "chisq", test.chi_square);
  put_count(out, "df", static_cast<std::size_t>(test.degrees));
  put(out, "p", test.p);
  if (test.groups() == 2) put(out, "z", test.z);
  put(out, "observed", test.observed);
  put(out, "expected", test.expected);
  put_matrix(out, "variance", test.variance, test.groups());
  run.end();
  rows.push_back({"group", "observed", "expected"});
  for (std::size_t g = 0; g < test.groups(); ++g) {
    rows.push_back(
        {group_label(*all, g), figure(test.observed[g], 6), figure(test.expected[g], 6)});
  }
  const std::string strata = run.data.roles.strata.empty() ? "" : ", stratified";
  run.table(title_of(statistic) + strata + ": chi-square " + figure(test.chi_square) + " on " +
                std::to_string(test.degrees) + " df, p " + p_value_text(test.p),
            rows);
  return true;
}

bool write_max_combo(SurvivalRun& run, const StatisticRequest& statistic) {
  const auto all = test_records(run);
  if (all == nullptr) return false;
  if (!weights_count_patients(run, statistic, *all)) return true;
  const SortedRecords sorted(all->records, all->group);
  const RiskSets sets(sorted);
  const std::vector<EventWeight> rules = usual_combination();
  const MaxCombo test = max_combo(sets, rules);
  JsonWriter& out = run.begin(statistic, *all);
  put(out, "groups", all->frame.group_names());
  put_records(out, *all, all->rows());
  if (!test.defined) {
    run.end();
    run.fail(statistic, "needs two groups that are both at risk at events");
    return true;
  }
  out.key("tests").begin_array();
  std::vector<std::vector<std::string>> rows{{"test", "z"}};
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string name = "fh:" + figure(rules[i].a) + ":" + figure(rules[i].b);
    out.text(name);
    rows.push_back({name, figure(test.z[i])});
  }
  out.end_array();
  put(out, "z", test.z);
  put_matrix(out, "correlation", test.correlation, rules.size());
  put(out, "p", test.p);
  put(out, "p_lower", test.p_lower);
  put(out, "p_upper", test.p_upper);
  run.end();
  run.table("MaxCombo test: p " + p_value_text(test.p), rows);
  return true;
}

}  // namespace npcsim::detail

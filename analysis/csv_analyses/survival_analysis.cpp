#include <npcsim/csv_analyses/detail/survival_run.hpp>
#include <npcsim/csv_analyses/survival_analysis.hpp>

#include <algorithm>
#include <utility>

namespace npcsim {
namespace {

using Kind = StatisticRequest::Kind;

bool uses_causes(Kind kind) {
  return kind == Kind::cumulative_incidence || kind == Kind::gray || kind == Kind::fine_gray;
}

bool uses_strata(Kind kind) {
  switch (kind) {
    case Kind::restricted_mean:
    case Kind::milestone:
    case Kind::cumulative_incidence:
    case Kind::fine_gray:
    case Kind::uno:
    case Kind::auc:
      return false;
    default:
      return true;
  }
}

bool uses_clusters(Kind kind) {
  switch (kind) {
    case Kind::km:
    case Kind::restricted_mean:
    case Kind::milestone:
    case Kind::cumulative_incidence:
    case Kind::cox:
    case Kind::concordance:
    case Kind::uno:
      return true;
    default:
      return false;
  }
}

// Curves are by group alone, which is no news beside a test or a regression that has the strata.
bool strata_are_used_elsewhere(const SurvivalRequest& request) {
  return std::any_of(request.statistics.begin(), request.statistics.end(),
                     [](const StatisticRequest& statistic) {
                       return statistic.kind != Kind::km && uses_strata(statistic.kind);
                     });
}

// Columns that were named and change nothing of this statistic.
void warn_of_unused_columns(detail::SurvivalRun& run, const StatisticRequest& statistic) {
  const DataRoles& roles = run.data.roles;
  const bool strata = statistic.kind == Kind::km ? strata_are_used_elsewhere(run.request)
                                                 : uses_strata(statistic.kind);
  if (!roles.strata.empty() && !strata) run.warn(statistic, "--strata is not used here");
  if (!roles.cluster.empty() && !uses_clusters(statistic.kind))
    run.warn(statistic, "--cluster is not used here: every row counts as a subject");
}

// A rule names the events; the code of censoring tells causes apart, or explains a column alone.
void warn_of_unused_code(detail::SurvivalRun& run) {
  const DataRoles& roles = run.data.roles;
  const bool alone = roles.event == run.data.event_column;
  if (roles.censored.empty() || roles.causes || alone) return;
  add_warnings(run.warnings,
               {"--censored is not used here: --event " + roles.event +
                " says which rows are events, and no statistic has competing causes"});
}

bool write(detail::SurvivalRun& run, const StatisticRequest& statistic) {
  warn_of_unused_columns(run, statistic);
  switch (statistic.kind) {
    case Kind::km:
      return detail::write_km(run, statistic);
    case Kind::log_rank:
    case Kind::fleming_harrington:
    case Kind::modest:
    case Kind::gehan:
    case Kind::tarone_ware:
    case Kind::peto:
    case Kind::trend:
      return detail::write_group_test(run, statistic);
    case Kind::max_combo:
      return detail::write_max_combo(run, statistic);
    case Kind::cox:
      return detail::write_cox(run, statistic);
    case Kind::zph:
      return detail::write_zph(run, statistic);
    case Kind::restricted_mean:
      return detail::write_restricted_mean(run, statistic);
    case Kind::milestone:
      return detail::write_milestone(run, statistic);
    case Kind::concordance:
    case Kind::uno:
      return detail::write_concordance(run, statistic);
    case Kind::auc:
      return detail::write_auc(run, statistic);
    case Kind::brier:
      return detail::write_brier(run, statistic);
    case Kind::calibration:
      return detail::write_calibration(run, statistic);
    case Kind::cumulative_incidence:
      return detail::write_cumulative_incidence(run, statistic);
    case Kind::gray:
      return detail::write_gray(run, statistic);
    case Kind::fine_gray:
      return detail::write_fine_gray(run, statistic);
    case Kind::rpsft:
      return detail::write_rpsft(run, statistic);
  }
  return false;
}

void set_defaults(SurvivalRequest& request) {
  if (request.statistics.empty()) {
    std::string none;
    std::vector<std::string> names{"km"};
    if (!request.roles.group.empty()) names.push_back("logrank");
    if (!request.roles.group.empty() || !request.roles.covariates.empty()) names.push_back("cox");
    for (const std::string& name : names) {
      request.statistics.push_back(*parse_statistic(name, none));
    }
  }
  request.roles.causes = false;
  request.roles.events = false;
  for (const StatisticRequest& statistic : request.statistics) {
    (uses_causes(statistic.kind) ? request.roles.causes : request.roles.events) = true;
  }
  for (const std::string* column :
       {&request.marker, &request.switched_share, &request.censoring_time}) {
    if (!column->empty()) request.roles.others.push_back(*column);
  }
}

}  // namespace

std::optional<AnalysisOutput> survival_analysis(DataFile& file, SurvivalRequest request,
                                                std::string_view version,
                                                Diagnostics& diagnostics) {
  set_defaults(request);
  const auto data = read_study_data(file, request.roles, diagnostics);
  if (!data) return std::nullopt;
  AnalysisJson json("survival", version);
  put_input(json.input(), file, *data);
  put(json.input(), "ties", request.ties);
  put(json.input(), "conf", request.conf);
  if (request.landmark > 0) put(json.input(), "landmark", request.landmark);
  if (!request.marker.empty()) put(json.input(), "marker", request.marker);

  detail::SurvivalRun run{request, *data, file, diagnostics, json, {}, {}, false, nullptr, nullptr};
  add_warnings(run.warnings, data->codes.warnings);
  warn_of_unused_code(run);
  for (const StatisticRequest& statistic : request.statistics) {
    if (!write(run, statistic)) return std::nullopt;
  }
  AnalysisOutput out;
  out.json = json.finish(run.warnings);
  out.text = std::move(run.text);
  out.warnings = std::move(run.warnings);
  out.failed = run.failed;
  return out;
}

}  // namespace npcsim

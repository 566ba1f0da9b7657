// npcsim survival: statistics of times to events in a CSV file.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/data_options.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/csv_analyses/survival_analysis.hpp>
#include <npcsim/dataset/data_file.hpp>

#include <algorithm>
#include <array>
#include <sstream>

#include <boost/program_options.hpp>

namespace npcsim {
namespace {

namespace po = boost::program_options;
using Kind = StatisticRequest::Kind;

struct SurvivalOptions {
  std::string path;
  SurvivalRequest request;
  bool json = false;
};

std::string help_page(const po::options_description& options) {
  std::vector<std::vector<std::string>> statistics;
  for (const StatisticInfo& info : statistic_infos()) {
    statistics.push_back({"  " + std::string(info.form), std::string(info.meaning)});
  }
  std::ostringstream out;
  out << "npcsim survival DATA.csv --time COLUMN --event COLUMN==CODE [options]\n"
         "  statistics of times to events, one row for each patient\n\n"
      << options << "\nStatistics:\n"
      << aligned(statistics)
      << "\nEvents: 'status==2', 'status!=0', 'status>0', 'status in 1,2', 'outcome==dead', or a\n"
         "column alone that holds 0 and 1, 1 and 2, or FALSE and TRUE. With cuminc, gray and "
         "finegray, 'status==2'\nmakes every other code but 0 (or --censored) a competing cause, "
         "'status in 2' makes it censored.\nCovariates: columns of numbers, texts (as contrasts "
         "with their first level), factor(x), log(x), a:b, a*b.\n"
         "\nExample:\n"
         "  npcsim survival tests/data/lung.csv --time time --event status==2 --group sex \\\n"
         "      --covariates age,sex --statistic km,logrank,cox,rmst:365\n";
  return out.str();
}

void check(const SurvivalRequest& request) {
  const bool compares = !request.roles.group.empty();
  const bool regresses = compares || !request.roles.covariates.empty();
  for (const StatisticRequest& statistic : request.statistics) {
    switch (statistic.kind) {
      case Kind::log_rank:
      case Kind::fleming_harrington:
      case Kind::modest:
      case Kind::gehan:
      case Kind::tarone_ware:
      case Kind::peto:
      case Kind::max_combo:
      case Kind::trend:
      case Kind::gray:
        if (!compares) throw UsageError("statistic '" + statistic.text + "' needs --group");
        break;
      case Kind::rpsft:
        if (!compares || request.switched_share.empty()) {
          throw UsageError("statistic 'rpsft' needs --group and --treated-share");
        }
        break;
      case Kind::cox:
      case Kind::zph:
      case Kind::brier:
      case Kind::calibration:
      case Kind::fine_gray:
        if (!regresses) {
          throw UsageError("statistic '" + statistic.text + "' needs --covariates or --group");
        }
        break;
      case Kind::concordance:
      case Kind::uno:
      case Kind::auc:
        if (!regresses && request.marker.empty()) {
          throw UsageError("statistic '" + statistic.text +
                           "' needs --marker, --covariates or --group");
        }
        break;
      case Kind::km:
      case Kind::restricted_mean:
      case Kind::milestone:
      case Kind::cumulative_incidence:
        break;
    }
  }
}

// What is computed, said or not: without --statistic curves, with groups their tests, and a
// regression where there is something to regress on.
std::vector<Kind> kinds_of(const SurvivalRequest& request) {
  std::vector<Kind> kinds;
  for (const StatisticRequest& statistic : request.statistics) kinds.push_back(statistic.kind);
  if (!kinds.empty()) return kinds;
  kinds.push_back(Kind::km);
  const bool compares = !request.roles.group.empty();
  if (compares) kinds.push_back(Kind::log_rank);
  if (compares || !request.roles.covariates.empty()) kinds.push_back(Kind::cox);
  return kinds;
}

// Options that some kinds of statistic use and the others would pass over in silence.
void check_uses(const SurvivalRequest& request, const po::variables_map& values) {
  const std::vector<Kind> asked = kinds_of(request);
  const auto refuse = [&](const char* option, const std::vector<Kind>& users,
                          const std::string& words) {
    const bool used = std::any_of(asked.begin(), asked.end(), [&users](Kind kind) {
      return std::find(users.begin(), users.end(), kind) != users.end();
    });
    if (values.count(option) > 0 && !used)
      throw UsageError("--" + std::string(option) + " goes with --statistic " + words);
  };
  refuse("at", {Kind::km}, "km");
  refuse("quantiles", {Kind::km}, "km");
  refuse("conf", {Kind::km, Kind::milestone, Kind::cumulative_incidence},
         "km, milestone or cuminc");
  refuse("marker", {Kind::concordance, Kind::uno, Kind::auc}, "concordance, uno or auc");
  refuse("treated-share", {Kind::rpsft}, "rpsft");
  refuse("censoring-time", {Kind::rpsft}, "rpsft");
  // A marker takes the place of the Cox model where risks are only put in order.
  std::vector<Kind> cox{Kind::cox, Kind::zph, Kind::brier, Kind::calibration};
  const bool marker = !request.marker.empty();
  if (!marker) cox.insert(cox.end(), {Kind::concordance, Kind::uno, Kind::auc});
  const std::string orders =
      "concordance, uno or auc" + std::string(marker ? " (these three without --marker)" : "");
  refuse("ties", cox, "cox, zph, brier, calibration, " + orders);
  cox.push_back(Kind::fine_gray);
  refuse("covariates", cox, "cox, zph, brier, calibration, finegray, " + orders);
}

std::optional<SurvivalOptions> read_survival_options(const Context& context) {
  SurvivalOptions out;
  SurvivalRequest& request = out.request;
  DataRoles& roles = request.roles;
  std::vector<std::string> statistics;
  std::vector<std::string> covariates;
  std::vector<std::string> strata;
  std::vector<std::string> at;
  std::vector<std::string> quantiles;
  std::string landmark;
  using Texts = std::vector<std::string>;
  po::options_description shown("Options");
  auto add = shown.add_options();
  const auto text = [](std::string* to, const char* name) {
    return po::value<std::string>(to)->value_name(name);
  };
  const auto texts = [](Texts* to, const char* name) {
    return po::value<Texts>(to)->value_name(name)->composing();
  };
  add("help,h", "this page");
  add("time", text(&roles.time, "COLUMN"), "end of follow-up");
  add("event", text(&roles.event, "RULE"), "which code is the event, e.g. status==2");
  add("entry", text(&roles.entry, "COLUMN"), "start of follow-up (left truncation)");
  add("group", text(&roles.group, "COLUMN"), "groups to compare; the first level is the reference");
  add("strata", texts(&strata, "a,b"), "strata of the tests and of the regression");
  add("covariates", texts(&covariates, "a,b"), "terms of the regression");
  add("weights", text(&roles.weights, "COLUMN"), "case weights");
  add("cluster", text(&roles.cluster, "COLUMN"), "rows of one subject, for robust standard errors");
  add("censored", text(&roles.censored, "CODE"),
      "code of a censored row, with competing causes (default 0; without a 0, the other of two "
      "codes)");
  add("statistic", texts(&statistics, "a,b"),
      "see below (default km, and logrank and cox with --group)");
  add("ties", text(&request.ties, "HOW"), "efron (default) or breslow");
  add("conf", text(&request.conf, "SCALE"),
      "of intervals of curves: log-log (default), plain, log, logit");
  add("quantiles", texts(&quantiles, "p,q"), "of km (default 0.25,0.5,0.75)");
  add("at", texts(&at, "t,u"), "times of the table of numbers at risk of km");
  add("landmark", text(&landmark, "T"), "follow-up begins at T, without those whose ended before");
  add("marker", text(&request.marker, "COLUMN"),
      "for concordance, uno and auc: higher means more risk");
  add("treated-share", text(&request.switched_share, "COLUMN"),
      "for rpsft: share of follow-up on the experimental treatment");
  add("censoring-time", text(&request.censoring_time, "COLUMN"),
      "for rpsft: administrative end of follow-up; recensors");
  add("json", po::bool_switch(&out.json), "one JSON object on standard output and nothing else");
  Texts files;
  const po::variables_map values = read_arguments(context, shown, files);
  if (values.count("help") > 0) {
    print(help_page(shown));
    return std::nullopt;
  }
  if (files.size() != 1) {
    throw UsageError(files.empty() ? "which data? give a CSV file"
                                   : "one file at a time, found " + std::to_string(files.size()));
  }
  out.path = files.front();
  if (roles.time.empty()) throw UsageError("which column is the time? give --time COLUMN");
  if (roles.event.empty()) throw UsageError("which rows are events? give --event COLUMN==CODE");
  const auto each = [](const Texts& lists, const auto& use) {
    for (const std::string& list : lists) {
      for (const std::string& one : split_list(list)) use(one);
    }
  };
  each(strata, [&roles](const std::string& one) { roles.strata.push_back(one); });
  each(covariates, [&roles](const std::string& one) { roles.covariates.push_back(one); });
  each(at, [&request](const std::string& one) { request.at.push_back(read_number("at", one)); });
  if (!quantiles.empty()) request.quantiles.clear();
  each(quantiles, [&request](const std::string& one) {
    const double p = read_number("quantiles", one);
    if (!(p > 0 && p < 1)) throw UsageError("--quantiles must be above 0 and below 1");
    request.quantiles.push_back(p);
  });
  each(statistics, [&request](const std::string& one) {
    std::string problem;
    const auto statistic = parse_statistic(one, problem);
    if (!statistic) throw UsageError(problem);
    request.statistics.push_back(*statistic);
  });
  for (const char* const option : {"statistic", "covariates", "strata", "at", "quantiles"}) {
    check_names_something(option, values);
  }
  if (request.ties != "efron" && request.ties != "breslow") {
    throw UsageError("--ties must be efron or breslow, found '" + request.ties + "'");
  }
  const std::array<std::string_view, 4> scales{"log-log", "plain", "log", "logit"};
  if (std::find(scales.begin(), scales.end(), request.conf) == scales.end()) {
    throw UsageError("--conf must be log-log, plain, log or logit, found '" + request.conf + "'");
  }
  if (!landmark.empty()) request.landmark = read_number("landmark", landmark);
  request.curves = out.json;  // nobody reads every point at a terminal
  check(request);
  check_uses(request, values);
  return out;
}

}  // namespace

ExitCode survival_command(const Context& context) {
  const auto options = read_survival_options(context);
  if (!options) return ExitCode::done;
  Diagnostics diagnostics;
  auto file = DataFile::open(options->path, diagnostics);
  if (!file) return report(context, diagnostics, "nothing was computed");
  const auto output =
      survival_analysis(*file, options->request, make_provenance(context).version, diagnostics);
  if (!output) return report(context, diagnostics, "nothing was computed");
  print(options->json ? output->json : output->text);
  if (!options->json) {
    for (const std::string& text : output->warnings) print_error("warning: " + text + "\n");
  }
  return output->failed ? ExitCode::bad_document : ExitCode::done;
}

}  // namespace npcsim

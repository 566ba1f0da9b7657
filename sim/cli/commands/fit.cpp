// npcsim fit: parametric hazard models of times to events in a CSV file.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/data_options.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/csv_analyses/fit_analysis.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/io/files.hpp>

#include <algorithm>
#include <charconv>
#include <sstream>
#include <system_error>

#include <boost/program_options.hpp>

namespace npcsim {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

struct FitOptions {
  std::string path;
  std::string new_data;
  std::string out;
  std::string hazard;
  FitRequest request;
  bool json = false;
};

std::string help_page(const po::options_description& options) {
  std::vector<std::vector<std::string>> rows;
  for (const FamilyInfo& info : families()) {
    std::string names(info.name);
    if (!info.aliases[0].empty()) names += ", " + std::string(info.aliases[0]);
    rows.push_back({"  " + names, std::string(info.help)});
  }
  std::ostringstream out;
  out << "npcsim fit DATA.csv --time COLUMN --event COLUMN==CODE [options]\n"
         "  maximum likelihood of parametric models, each with a certificate of its maximum\n\n"
      << options << "\nModels (names and parameters as in R's flexsurv):\n"
      << aligned(rows)
      << "  piecewise:12:24 has change times; piecewise alone chooses them by BIC. spline_hazard:2 "
         "has two\n  inner knots. The prefixes cure_mixture_ and cure_non_mixture_ add a cured "
         "fraction. all: the\n  usual seven.\n"
         "\nExamples:\n"
         "  npcsim fit tests/data/lung.csv --time time --event status==2 --covariates age,sex \\\n"
         "      --model weibull,gengamma,spline_hazard:2 --predict survival,median --at 180,365\n"
         "  npcsim fit tests/data/lung.csv --time time --event status==2 --model weibull \\\n"
         "      --time-unit days --hazard hazard.yaml\n";
  return out.str();
}

std::uint64_t read_count(const std::string& option, const std::string& text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || value > most) {
    throw UsageError("--" + option + " needs a whole number up to " + std::to_string(most) +
                     ", found '" + text + "'");
  }
  return value;
}

// "a:b" at the first colon outside parentheses.
std::pair<std::string, std::string> at_colon(const std::string& option, const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon == 0 || colon + 1 == text.size()) {
    throw UsageError("--" + option + " needs two names with a colon between them, found '" + text +
                     "'");
  }
  return {text.substr(0, colon), text.substr(colon + 1)};
}

// What an option that is written would do nothing without.
void check_pairs(const FitOptions& options, const po::variables_map& values) {
  const FitRequest& request = options.request;
  for (const char* const option : {"model", "covariates", "on", "predict", "at"}) {
    check_names_something(option, values);
  }
  for (const PredictionKind kind : request.predict) {
    if (needs_at(kind) && request.at.empty()) {
      throw UsageError("--predict " + std::string(prediction_name(kind)) + " needs --at");
    }
    for (const double share : request.at) {
      if (kind == PredictionKind::quantile && !(share > 0 && share < 1)) {
        throw UsageError("--predict quantile needs shares above 0 and below 1 in --at, found " +
                         shortest(share));
      }
    }
  }
  if (!request.at.empty() &&
      std::none_of(request.predict.begin(), request.predict.end(), needs_at)) {
    throw UsageError("--at goes with --predict survival, hazard, cumhaz, quantile or rmst");
  }
  if (!options.new_data.empty() && request.predict.empty()) {
    throw UsageError("--newdata goes with --predict");
  }
  if (request.draws > 0 && options.out.empty()) {
    throw UsageError("--draws goes with --out FILE.csv or --out DIR, which take them");
  }
  if (!options.out.empty() && !request.page && request.draws == 0) {
    throw UsageError("--out FILE.csv takes the draws of --draws N");
  }
  if (values.count("horizon") > 0 && !request.page) {
    throw UsageError("--horizon goes with --out DIR, which has the page");
  }
  if (values.count("time-unit") > 0 && !request.hazard_block && !request.page &&
      request.life_table_path.empty()) {
    throw UsageError("--time-unit goes with --hazard, --life-table or --out DIR");
  }
  if (request.average && request.predict.empty()) {
    throw UsageError("--average goes with --predict");
  }
  if (values.count("clock") > 0 && request.transition.empty()) {
    throw UsageError("--clock goes with --transition");
  }
  if (values.count("seed") > 0 && request.draws == 0 && request.bootstrap == 0) {
    throw UsageError("--seed goes with --draws or --bootstrap");
  }
  for (const char* const option : {"process", "source"}) {
    if (values.count(option) > 0 && !request.hazard_block) {
      throw UsageError("--" + std::string(option) + " goes with --hazard FILE");
    }
  }
}

void check_terms(const FitRequest& request) {
  for (const auto& [parameter, term] : request.on) {
    const auto has = [&name = parameter](const ModelRequest& model) {
      return has_parameter(model, name);
    };
    if (std::any_of(request.models.begin(), request.models.end(), has)) continue;
    throw UsageError("--on " + parameter + ":" + term + ": no model of this fit has a parameter '" +
                     parameter + "'");
  }
}

void check(const FitOptions& options) {
  const FitRequest& request = options.request;
  const DataRoles& roles = request.roles;
  if (roles.time.empty()) throw UsageError("which column is the time? give --time COLUMN");
  if (roles.event.empty() && roles.upper.empty()) {
    throw UsageError("which rows are events? give --event COLUMN==CODE");
  }
  const bool table = !request.life_table_path.empty();
  if (table && request.age.empty()) {
    throw UsageError("--life-table needs --age COLUMN (years at time 0)");
  }
  if (!table && !(request.age.empty() && request.sex.empty() && request.year.empty())) {
    throw UsageError("--age, --sex and --year go with --life-table");
  }
  if (table && !request.background.empty()) {
    throw UsageError("--life-table and --background say the same: give one");
  }
  const bool relative = table || !request.background.empty();
  if ((table || request.hazard_block) && request.time_unit.empty()) {
    throw UsageError(std::string(table ? "--life-table" : "--hazard") +
                     " needs --time-unit days, months or years");
  }
  if (!request.time_unit.empty() && request.time_unit != "days" && request.time_unit != "months" &&
      request.time_unit != "years") {
    throw UsageError("--time-unit must be days, months or years, found '" + request.time_unit +
                     "'");
  }
  const bool several = !request.frailty.empty() || !request.subject.empty();
  if (!request.frailty.empty() && !request.subject.empty()) {
    throw UsageError("--frailty and --subject do not go together");
  }
  if (several && (request.bootstrap > 0 || relative || !roles.upper.empty())) {
    throw UsageError("--frailty and --subject do not go with --bootstrap, --upper or a background");
  }
  if (request.hazard_block && request.models.size() != 1) {
    throw UsageError("--hazard writes one model: name it with --model");
  }
}

// Options that belong together: the columns, and what is asked of them.
struct Written {
  Texts covariates;
  Texts on;
  Texts models;
  Texts predict;
  Texts at;
  std::string transition;
  std::string clock = "forward";
  std::string bootstrap;
  std::string draws;
  std::string seed;
  std::string horizon;
};

void add_options(po::options_description& shown, FitOptions& out, Written& written) {
  FitRequest& request = out.request;
  auto add = shown.add_options();
  const auto text = [](std::string* to, const char* name) {
    return po::value<std::string>(to)->value_name(name);
  };
  const auto texts = [](Texts* to, const char* name) {
    return po::value<Texts>(to)->value_name(name)->composing();
  };
  add("help,h", "this page");
  add("time", text(&request.roles.time, "COLUMN"), "end of follow-up, or lower end of intervals");
  add("event", text(&request.roles.event, "RULE"), "which code is the event, e.g. status==2");
  add("entry", text(&request.roles.entry, "COLUMN"), "start of follow-up (left truncation)");
  add("upper", text(&request.roles.upper, "COLUMN"),
      "upper end of intervals; without --event, empty or Inf is right-censored");
  add("weights", text(&request.roles.weights, "COLUMN"), "case weights");
  add("model", texts(&written.models, "a,b"), "see below (default all)");
  add("covariates", texts(&written.covariates, "a,b"), "terms on the location parameter");
  add("on", texts(&written.on, "parameter:term"), "terms on another parameter, e.g. shape:group");
  add("predict", texts(&written.predict, "a,b"),
      "survival, hazard, cumhaz, quantile, rmst (at the numbers of --at), median, mean");
  add("at", texts(&written.at, "t,u"),
      "times (for quantile: shares above 0 and below 1) of the predictions");
  add("newdata", text(&out.new_data, "FILE"), "CSV with the covariates of the predictions");
  add("average", po::bool_switch(&request.average), "predictions averaged by AIC weight too");
  add("background", text(&request.background, "COLUMN"),
      "relative survival: hazard of the population at the end of follow-up, per unit of time");
  add("life-table", text(&request.life_table_path, "FILE"),
      "relative survival: death rates by age_from, rate or probability, sex, year");
  add("age", text(&request.age, "COLUMN"), "years of age at time 0, for --life-table");
  add("sex", text(&request.sex, "COLUMN"), "male and female, for --life-table");
  add("year", text(&request.year, "COLUMN"), "calendar year at time 0, for --life-table");
  add("frailty", text(&request.frailty, "COLUMN"), "clusters that share a gamma frailty");
  add("subject", text(&request.subject, "COLUMN"),
      "start-stop rows of one subject: covariates change with time");
  add("transition", text(&written.transition, "from:to"),
      "columns of multi-state data in long form: one set of models for each transition");
  add("clock", text(&written.clock, "CLOCK"),
      "of transitions: forward (default), or reset (time since --entry)");
  add("bootstrap", text(&written.bootstrap, "N"), "samples with replacement");
  add("draws", text(&written.draws, "N"),
      "draws of the coefficients from their normal approximation, to --out");
  add("seed", text(&written.seed, "S"), "of bootstrap and draws (default 1)");
  add("time-unit", text(&request.time_unit, "UNIT"), "of the times: days, months, years");
  add("hazard", text(&out.hazard, "FILE"), "writes a hazard that a model document includes");
  add("process", text(&request.process, "NAME"), "process that the hazard is for (default event)");
  add("source", text(&request.source, "KEY"), "citation key in the hazard (default assumed)");
  add("out", text(&out.out, "DIR"),
      "folder for a page of figures (fit.html) and draws; or FILE.csv for the draws alone");
  add("horizon", text(&written.horizon, "T"), "end of the extrapolation on the page");
  add("json", po::bool_switch(&out.json), "one JSON object on standard output and nothing else");
}

void interpret(FitOptions& out, const Written& written) {
  FitRequest& request = out.request;
  const auto each = [](const Texts& lists, const auto& use) {
    for (const std::string& list : lists) {
      for (const std::string& one : split_list(list)) use(one);
    }
  };
  each(written.covariates,
       [&request](const std::string& one) { request.roles.covariates.push_back(one); });
  each(written.on,
       [&request](const std::string& one) { request.on.push_back(at_colon("on", one)); });
  const auto add_model = [&request](const std::string& one) {
    std::string problem;
    const auto model = parse_model(one, problem);
    if (!model) throw UsageError(problem);
    for (const ModelRequest& other : request.models) {
      if (same_model(other, *model))
        throw UsageError("--model names '" + other.text + "' twice" +
                         (one == other.text ? "" : ", the second time as '" + one + "'"));
    }
    request.models.push_back(*model);
  };
  each(written.models, [&add_model](const std::string& one) {
    if (one != "all") return add_model(one);
    for (const std::string& usual : usual_models()) add_model(usual);
  });
  if (request.models.empty()) {
    for (const std::string& usual : usual_models()) add_model(usual);
  }
  each(written.predict, [&request](const std::string& one) {
    const auto kind = find_prediction(one);
    if (!kind) {
      throw UsageError(
          "--predict must be survival, hazard, cumhaz, quantile, median, mean or "
          "rmst, found '" +
          one + "'");
    }
    request.predict.push_back(*kind);
  });
  each(written.at,
       [&request](const std::string& one) { request.at.push_back(read_number("at", one)); });
  if (!written.transition.empty()) {
    const auto [from, to] = at_colon("transition", written.transition);
    request.transition = {from, to};
  }
  if (written.clock != "forward" && written.clock != "reset") {
    throw UsageError("--clock must be forward or reset, found '" + written.clock + "'");
  }
  request.clock = written.clock == "reset" ? FitClock::reset : FitClock::forward;
  if (!written.bootstrap.empty()) {
    constexpr std::uint64_t most = 1000000;
    const std::optional<std::int64_t> samples = parse_integer(written.bootstrap);
    if (!samples || *samples < 2 || static_cast<std::uint64_t>(*samples) > most) {
      throw UsageError("--bootstrap needs a whole number from 2 to " + std::to_string(most) +
                       ", since a standard error takes two samples, found '" + written.bootstrap +
                       "'");
    }
    request.bootstrap = static_cast<std::size_t>(*samples);
  }
  if (!written.draws.empty()) request.draws = read_count("draws", written.draws, 10000000);
  if (!written.seed.empty()) {
    request.seed = read_count("seed", written.seed, ~std::uint64_t{0});
  }
  if (!written.horizon.empty()) request.horizon = read_number("horizon", written.horizon);
  request.hazard_block = !out.hazard.empty();
  request.page = !out.out.empty() && !out.out.ends_with(".csv");
}

std::optional<FitOptions> read_fit_options(const Context& context) {
  FitOptions out;
  Written written;
  po::options_description shown("Options");
  add_options(shown, out, written);
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
  interpret(out, written);
  check(out);
  check_pairs(out, values);
  check_terms(out.request);
  return out;
}

// Before anything is read: a long fit does not end with files that cannot be written.
void check_files(const FitOptions& options) {
  std::vector<OutputFile> outputs{{"hazard", options.hazard}};
  if (!options.request.page) {
    outputs.push_back({"out", options.out});
  } else {
    for (const char* const name : {"fit.html", "fit.json", "draws.csv", "bootstrap.csv"})
      outputs.push_back({"out", beside(options.out, name)});
  }
  check_output_files(outputs, {options.path, options.new_data, options.request.life_table_path});
}

void write_files(const FitOptions& options, const FitOutput& output) {
  if (!options.hazard.empty() && !output.hazard_yaml.empty()) {
    write_file_atomically(options.hazard, output.hazard_yaml);
  }
  if (options.out.empty()) return;
  if (!options.request.page) {
    write_file_atomically(options.out, output.draws_csv);
    return;
  }
  make_folders(options.out);
  write_file_atomically(beside(options.out, "fit.html"), output.page_html);
  write_file_atomically(beside(options.out, "fit.json"), output.json);
  if (!output.draws_csv.empty()) {
    write_file_atomically(beside(options.out, "draws.csv"), output.draws_csv);
  }
  if (!output.bootstrap_csv.empty()) {
    write_file_atomically(beside(options.out, "bootstrap.csv"), output.bootstrap_csv);
  }
}

}  // namespace

ExitCode fit_command(const Context& context) {
  const auto options = read_fit_options(context);
  if (!options) return ExitCode::done;
  check_files(*options);
  Diagnostics diagnostics;
  auto file = DataFile::open(options->path, diagnostics);
  std::optional<DataFile> new_data;
  if (file && !options->new_data.empty()) {
    new_data = DataFile::open(options->new_data, diagnostics);
  }
  if (!file || (!options->new_data.empty() && !new_data)) {
    return report(context, diagnostics, "nothing was fitted");
  }
  const auto output = fit_analysis(*file, new_data ? &*new_data : nullptr, options->request,
                                   make_provenance(context).version, diagnostics);
  if (!output) return report(context, diagnostics, "nothing was fitted");
  write_files(*options, *output);
  print(options->json ? output->json : output->text);
  if (!options->json) {
    for (const std::string& text : output->warnings) print_error("warning: " + text + "\n");
  }
  return output->failed ? ExitCode::bad_document : ExitCode::done;
}

}  // namespace npcsim

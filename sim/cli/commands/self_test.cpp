// npcsim calibrate --self-test: calibration on synthetic worlds whose parameters are known.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/self_test_text.hpp>
#include <npcsim/cli/watched_run.hpp>

#include <boost/program_options.hpp>

namespace npcsim {
namespace {

namespace po = boost::program_options;

constexpr std::size_t most_worlds = 100'000;

struct SelfTestWords {
  SelfTestOptions test;
  std::string misspecified;
  bool without_heterogeneity = false;
  bool long_run = false;
  bool json = false;
  bool quiet = false;
};

po::options_description shown_options(SelfTestWords& options) {
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("self-test", po::value<std::size_t>(&options.test.worlds)->value_name("N"),
      "N synthetic worlds: does the calibration find their parameters again?");
  add("misspecified", po::value<std::string>(&options.misspecified)->value_name("KIND"),
      "delayed: in truth, treatment effects begin after six months; the check must see it");
  add("without-heterogeneity", po::bool_switch(&options.without_heterogeneity),
      "leaves differences and biases of studies out of the fit; coverage must fall");
  add("long-run", po::bool_switch(&options.long_run),
      "eight times the patients and nearly twice the runs in each calibration");
  add("seed", po::value<std::uint64_t>(&options.test.seed)->value_name("S"),
      "seed of the worlds (default 1)");
  add("patients-seed", po::value<std::uint64_t>(&options.test.patients_seed)->value_name("S"),
      "seed of the patients that calibrations simulate (default 0)");
  add("threads", po::value<int>(&options.test.threads)->value_name("N"),
      "0: all cores (the results do not depend on it)");
  add("json", po::bool_switch(&options.json),
      "one JSON object on standard output and nothing else");
  add("quiet,q", po::bool_switch(&options.quiet), "no progress line");
  return shown;
}

void check(const SelfTestWords& options, const po::variables_map& values,
           const std::vector<std::string>& others) {
  if (!others.empty())
    throw UsageError("--self-test takes no documents, found '" + others[0] + "'");
  if (values.count("self-test") == 0)
    throw UsageError("npcsim calibrate needs --self-test N, the number of synthetic worlds");
  if (options.test.worlds < 1 || options.test.worlds > most_worlds)
    throw UsageError("--self-test must be from 1 to " + std::to_string(most_worlds));
  if (!options.misspecified.empty() && options.misspecified != "delayed")
    throw UsageError("--misspecified must be 'delayed', found '" + options.misspecified + "'");
  if (options.test.threads < 0 || options.test.threads > 4096)
    throw UsageError("--threads must be from 0 to 4096");
}

}  // namespace

ExitCode self_test_command(const Context& context) {
  SelfTestWords options;
  const po::options_description shown = shown_options(options);
  std::vector<std::string> others;
  const po::variables_map values = read_arguments(context, shown, others);
  if (values.count("help") > 0) {
    print(help_page("calibrate", shown, "npcsim calibrate --self-test 100"));
    return ExitCode::done;
  }
  check(options, values, others);
  SelfTestOptions& test = options.test;
  test.delayed = !options.misspecified.empty();
  test.between_studies = !options.without_heterogeneity;
  if (options.long_run) test.effort = SelfTestEffort::long_run;
  const bool progress = context.progress && !options.quiet && !options.json;
  if (progress) {
    test.progress = [total = test.worlds](std::size_t done) {
      print_error("\r  " + std::to_string(done) + " / " + std::to_string(total) + " worlds   ");
    };
  }
  test.stop = stop_sign(context);
  Diagnostics diagnostics;
  const SelfTestResult result = run_self_test(library_near(context, ""), test, diagnostics);
  if (progress) print_error("\r\033[K");
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  if (!result.complete) {
    print_error("npcsim: interrupted\n");
    return context.signal->load() == 15 ? ExitCode::terminated : ExitCode::interrupted;
  }
  const SelfTestSummary summary = summarise_self_test(result, test);
  print(options.json ? self_test_json(result, summary) : self_test_text(summary));
  return summary.passed() ? ExitCode::done : ExitCode::check_failed;
}

}  // namespace npcsim

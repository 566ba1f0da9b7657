#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/cli/watched_run.hpp>
#include <npcsim/emulation/patient_pool.hpp>
#include <npcsim/io/files.hpp>
#include <npcsim/run/run_manifest.hpp>

#include <algorithm>
#include <charconv>
#include <new>

namespace npcsim {
namespace {

namespace po = boost::program_options;

const Command* find_command(const std::string& name) {
  for (const Command& command : commands()) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

std::string overview() {
  std::vector<std::vector<std::string>> rows;
  for (const Command& command : commands()) {
    rows.push_back({"  " + std::string(command.name) + " " + std::string(command.arguments),
                    std::string(command.help)});
  }
  return "npcsim: virtual patients with de novo metastatic nasopharyngeal carcinoma live through "
         "treatment\n"
         "strategies. Model projections for research and teaching; not medical advice.\n\n" +
         aligned(rows) +
         "\nnpcsim COMMAND --help says more. Start with:\n  npcsim run configs/studies/lrrt.yaml\n";
}

// "3/8": the third of eight.
void read_slice(const std::string& text, SimulationOptions& out) {
  const auto number = [](std::string_view digits) -> std::uint32_t {
    std::uint32_t value = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return read.ec == std::errc() && read.ptr == digits.data() + digits.size() ? value : 0;
  };
  const auto slash = text.find('/');
  out.slice = number(std::string_view(text).substr(0, slash));
  out.slices = slash == std::string::npos ? 0 : number(std::string_view(text).substr(slash + 1));
  if (out.slice < 1 || out.slice > out.slices || out.slices > most_slices) {
    throw UsageError("--blocks must be K/N with K from 1 to N, e.g. 3/8; found '" + text + "'");
  }
}

}  // namespace

bool given(const SimulationOptions& options, std::string_view option) {
  return std::find(options.given.begin(), options.given.end(), option) != options.given.end();
}

std::optional<SimulationOptions> read_options(const Context& context, const std::string& name,
                                              const CommandOptions& wanted,
                                              const std::string& example) {
  SimulationOptions out;
  std::vector<std::string> sets;
  std::vector<std::string> strategies;
  std::string patient;
  std::string patients;
  std::string seed;
  std::string draws;
  std::string blocks;
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("patients", po::value<std::string>(&patients)->value_name("N"), "number of patients");
  add("seed", po::value<std::string>(&seed)->value_name("S"), "master seed, from 0 to below 2^63");
  if (wanted.running || wanted.replay) {
    add("draws", po::value<std::string>(&draws)->value_name("N"),
        "number of draws of the parameters; if the study does not say from where, of the posterior "
        "that comes with its model, or else of their priors");
  }
  add("strategies", po::value<std::vector<std::string>>(&strategies)->value_name("a,b"),
      "only these strategies, in this order");
  add("set", po::value<std::vector<std::string>>(&sets)->value_name("path=value")->composing(),
      "another value anywhere in the study, e.g. model.parameters.pd1_log_hr=-0.5 (repeatable)");
  if (wanted.running) {
    add("out", po::value<std::string>(&out.folder)->value_name("DIR"),
        "folder of the run (default outputs/runs/STUDY)");
    add("output", po::value<std::string>()->value_name("KIND"),
        "summary, patients or journal: what is kept");
    add("sample", po::value<std::string>()->value_name("F"),
        "share of patients kept in per-patient output");
    add("threads", po::value<int>(&out.threads)->value_name("N"),
        "0: all cores (the results do not depend on it)");
    add("block-size", po::value<std::uint32_t>(&out.block)->value_name("N"),
        "patients per block (the results do not depend on it)");
    add("blocks", po::value<std::string>(&blocks)->value_name("K/N"),
        "only the Kth of N shares of the run, for array jobs; npcsim merge joins them");
    add("snapshot-seconds", po::value<double>(&out.snapshot_seconds)->value_name("S"),
        "seconds between snapshots of a summary run, from which --resume goes on (default 5; 0: "
        "after every block)");
    add("force", po::bool_switch(&out.force), "replace a finished run of another study");
    add("resume", po::bool_switch(&out.resume), "go on with a run that was interrupted");
    add("quiet,q", po::bool_switch(&out.quiet), "no progress line, no table");
  }
  add("json", po::bool_switch(&out.json), "one JSON object on standard output and nothing else");
  if (wanted.replay) {
    add("patient", po::value<std::string>(&patient)->value_name("N"),
        "number of the patient, from 0");
    add("strategy", po::value<std::string>(&out.strategy)->value_name("S"), "only this strategy");
    add("draw", po::value<std::int64_t>(&out.draw)->value_name("D"),
        "in this draw of the parameters; 0: at the values of the documents (default)");
  }
  std::vector<std::string> studies;
  const po::variables_map values = read_arguments(context, shown, studies);
  if (values.count("help") > 0) {
    print(help_page(name, shown, example));
    return std::nullopt;
  }
  for (const auto& [option, value] : values) {
    if (shown.find_nothrow(option, false) != nullptr && !value.defaulted())
      out.given.push_back(option);
  }
  if (wanted.study) {
    if (studies.size() != 1) {
      throw UsageError(studies.empty()
                           ? "which study? give its file, e.g. configs/studies/lrrt.yaml"
                           : "one study at a time, found " + std::to_string(studies.size()));
    }
    out.study = studies.front();
  }
  // What the command line gets wrong is no mistake of a document.
  const auto whole = [&values](const char* option, const std::string& text, std::int64_t least) {
    if (values.count(option) == 0) return false;
    const auto number = parse_integer(text);
    const bool too_long = text.size() > 18 && text.find_first_not_of("0123456789") == text.npos;
    if (!number || *number < least)
      throw UsageError("--" + std::string(option) + " needs a whole number from " +
                       std::to_string(least) + (too_long ? " to below 2^63" : " on") + ", found '" +
                       text + "'");
    return true;
  };
  if (values.count("patient") > 0) {
    constexpr std::int64_t last = 4294967294;  // patients are counted in 32 bits
    const auto number = parse_integer(patient);
    if (!number || *number < 0 || *number > last)
      throw UsageError("--patient needs a whole number from 0 to " + std::to_string(last) +
                       ", found '" + patient + "'");
    out.patient = *number;
  }
  if (whole("patients", patients, 1)) out.patients = patients;
  if (whole("seed", seed, 0)) out.seed = seed;
  if (whole("draws", draws, 1)) out.draws = draws;
  if (values.count("output") > 0) out.output = values["output"].as<std::string>();
  if (out.threads < 0 || out.threads > 4096) throw UsageError("--threads must be from 0 to 4096");
  if (values.count("sample") > 0) {
    out.sample = values["sample"].as<std::string>();
    const double share = parse_number(*out.sample).value_or(0);
    if (!(share > 0 && share <= 1)) throw UsageError("--sample must be above 0 and at most 1");
  }
  // As from a variable of a shell that is not set.
  if (values.count("out") > 0 && out.folder.empty()) throw UsageError("--out names no folder");
  if (values.count("block-size") > 0 && (out.block < 1 || out.block > 65536)) {
    throw UsageError("--block-size must be from 1 to 65536");
  }
  if (!(out.snapshot_seconds >= 0 && out.snapshot_seconds <= 86400)) {
    throw UsageError("--snapshot-seconds must be from 0 to 86400");
  }
  if (!blocks.empty()) read_slice(blocks, out);
  for (const std::string& list : strategies) {
    std::string rest = list;
    if (list.empty()) throw UsageError("--strategies names no strategy");
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      const std::string one = rest.substr(0, comma);
      if (std::find(out.strategies.begin(), out.strategies.end(), one) != out.strategies.end())
        throw UsageError("--strategies names '" + one + "' twice");
      out.strategies.push_back(one);
      rest = comma == std::string::npos ? std::string() : rest.substr(comma + 1);
    }
  }
  for (const std::string& text : sets) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      throw UsageError("--set needs path=value, found '" + text + "'");
    }
    const std::string path = text.substr(0, equals);
    for (const auto& [before, value] : out.set) {
      if (before == path) throw UsageError("--set " + path + " is given twice");
    }
    out.set.emplace_back(path, text.substr(equals + 1));
    // --draws is the count of the draws.
    const std::string option = path == "draws.count" ? "draws" : path;
    if (given(out, option) && option != "set")
      throw UsageError("--" + option + " and --set " + path + " contradict each other");
  }
  return out;
}

ExitCode run_program(Context context) {
  try {
    const std::string name = context.arguments.empty() ? "" : context.arguments.front();
    if (name.empty() || name == "--help" || name == "-h" || name == "help") {
      print(overview());
      return name.empty() ? ExitCode::usage : ExitCode::done;
    }
    if (name == "--version") {
      print("npcsim " + program_version() + "\n");
      return ExitCode::done;
    }
    const Command* command = find_command(name);
    if (command == nullptr) {
      std::vector<std::string> names;
      for (const Command& known : commands()) names.emplace_back(known.name);
      throw UsageError("unknown command '" + name + "'" +
                       (suggestion(name, names).empty() ? "" : "; " + suggestion(name, names)));
    }
    context.arguments.erase(context.arguments.begin());
    if (command->on_signal == OnSignal::asks && context.watch_signals != nullptr)
      context.watch_signals();
    return command->run(context);
  } catch (const UsageError& error) {
    print_error(std::string("npcsim: error: ") + error.what() +
                "\n   hint: npcsim --help, or npcsim COMMAND --help\n");
    return ExitCode::usage;
  } catch (const Stopped&) {
    return say_interrupted(context);
  } catch (const StrategyFailed& error) {
    print_error(std::string("npcsim: error: ") + error.what() + "\n");
    return ExitCode::bad_document;
  } catch (const FileError& error) {
    print_error(std::string("npcsim: error: ") + error.what() + "\n");
    switch (error.kind()) {
      case FileError::Kind::cannot_read:
        return ExitCode::cannot_read;
      case FileError::Kind::cannot_create:
        return ExitCode::cannot_create;
      case FileError::Kind::cannot_write:
        return ExitCode::cannot_write;
    }
    return ExitCode::cannot_write;
  } catch (const std::bad_alloc&) {
    print_error(
        "npcsim: error: out of memory\n   hint: fewer strategies, endpoints or subgroups, or a "
        "shorter horizon\n");
    return ExitCode::our_fault;
  } catch (const std::exception& error) {
    print_error(std::string("npcsim: internal error: ") + error.what() +
                "\n   This is a fault of npcsim, not of your documents. Please report it with the "
                "command and the files.\n");
    return ExitCode::our_fault;
  }
}

}  // namespace npcsim

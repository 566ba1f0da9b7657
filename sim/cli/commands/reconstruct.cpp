// npcsim reconstruct: individual records from digitised Kaplan-Meier curves.
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/output_files.hpp>
#include <npcsim/cli/version.hpp>
#include <npcsim/csv_analyses/reconstruct_data.hpp>
#include <npcsim/io/files.hpp>

#include <charconv>
#include <sstream>
#include <system_error>

#include <boost/program_options.hpp>

namespace npcsim {
namespace {

namespace po = boost::program_options;
using Texts = std::vector<std::string>;

struct Options {
  ReconstructRequest request;
  std::string out;
  std::string page;
  bool json = false;
};

template <typename Integer>
Integer read_count(const std::string& option, const std::string& text) {
  Integer value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || !(value >= 0)) {
    throw UsageError("--" + option + " needs a whole number that is not negative, found '" + text +
                     "'");
  }
  return value;
}

Rounded read_positive(const std::string& option, const std::string& text) {
  const auto value = read_rounded(text);
  if (!value || !(value->value > 0)) {
    throw UsageError("--" + option + " needs a number above 0, found '" + text + "'");
  }
  return *value;
}

Texts split_at_colons(const std::string& text) {
  Texts parts(1);
  for (const char letter : text) {
    if (letter == ':') {
      parts.emplace_back();
    } else {
      parts.back() += letter;
    }
  }
  return parts;
}

// T:S, survival as a share or in per cent.
Landmark read_landmark(const std::string& option, const std::string& text) {
  const Texts parts = split_at_colons(text);
  const auto time = parts.size() == 2 ? read_rounded(parts[0]) : std::nullopt;
  auto survival = parts.size() == 2 ? read_rounded(parts[1]) : std::nullopt;
  if (!time || !survival || !(time->value >= 0) || !(survival->value >= 0) ||
      !(survival->value <= 100)) {
    throw UsageError("--" + option + " needs TIME:SURVIVAL, e.g. 12:0.62, found '" + text + "'");
  }
  if (survival->value > 1) {
    survival->value /= 100;
    survival->half_width /= 100;
  }
  return {time->value, *survival};
}

// HR or HR:LOW:HIGH.
PublishedRatio read_ratio(const std::string& text) {
  const Texts parts = split_at_colons(text);
  if (parts.size() != 1 && parts.size() != 3) {
    throw UsageError("--hr needs RATIO or RATIO:LOW:HIGH, e.g. 0.6:0.4:0.9, found '" + text + "'");
  }
  PublishedRatio ratio;
  ratio.ratio = read_positive("hr", parts[0]);
  if (parts.size() == 3) {
    ratio.low = read_positive("hr", parts[1]).value;
    ratio.high = read_positive("hr", parts[2]).value;
    if (!(*ratio.low <= ratio.ratio.value && ratio.ratio.value <= *ratio.high)) {
      throw UsageError("--hr: the ratio must lie within its interval, found '" + text + "'");
    }
  }
  return ratio;
}

// What is asked of one arm; the options of the second end in 2.
struct ArmTexts {
  Texts curve;
  std::string at_risk;
  std::string events;
  std::string median;
  std::string ticks;
  Texts landmarks;

  void add_to(po::options_description& shown, const std::string& suffix) {
    const auto text = [](std::string* to, const char* name) {
      return po::value<std::string>(to)->value_name(name);
    };
    auto add = shown.add_options();
    const std::string of = suffix.empty() ? "" : " of the second arm";
    add(("at-risk" + suffix).c_str(), text(&at_risk, "FILE"),
        ("table of patients at risk" + of + ": time,at_risk").c_str());
    add(("events" + suffix).c_str(), text(&events, "N"), ("total of events" + of).c_str());
    add(("median" + suffix).c_str(), text(&median, "T"), ("median as printed" + of).c_str());
    add(("landmark" + suffix).c_str(), po::value<Texts>(&landmarks)->value_name("T:S")->composing(),
        ("survival as printed" + of + ", e.g. 12:0.62; repeatable").c_str());
    add(("ticks" + suffix).c_str(), text(&ticks, "FILE"),
        ("censoring marks" + of + ": time").c_str());
  }

  ReconstructArm read(const std::string& suffix) const {
    ReconstructArm arm;
    arm.curve_path = curve.front();
    arm.at_risk_path = at_risk;
    arm.ticks_path = ticks;
    if (at_risk.empty()) {
      throw UsageError("which table of patients at risk? give --at-risk" + suffix +
                       " FILE with columns time,at_risk");
    }
    if (!events.empty()) arm.events = read_count<std::int32_t>("events" + suffix, events);
    if (!median.empty()) arm.median = read_positive("median" + suffix, median);
    for (const std::string& landmark : landmarks) {
      arm.landmarks.push_back(read_landmark("landmark" + suffix, landmark));
    }
    return arm;
  }
};

std::string help_page(const po::options_description& options) {
  std::ostringstream out;
  out << "npcsim reconstruct CURVE.csv --at-risk RISK.csv [options]\n"
         "  individual records from a digitised Kaplan-Meier curve (columns time,survival)\n\n"
      << options
      << "\nWith --curve2 the hazard ratio is that of the first curve over the second.\n"
         "\nExample:\n"
         "  npcsim reconstruct curve.csv --at-risk risk.csv --events 112 --out ipd.csv\n";
  return out.str();
}

std::optional<Options> read(const Context& context) {
  Options out;
  ArmTexts first;
  ArmTexts second;
  std::string curve2, ratio, method, clicks, draws, seed;
  const auto text = [](std::string* to, const char* name) {
    return po::value<std::string>(to)->value_name(name);
  };
  po::options_description shown("Options");
  shown.add_options()("help,h", "this page");
  first.add_to(shown, "");
  auto add = shown.add_options();
  add("curve2", text(&curve2, "FILE"), "curve of a second arm");
  second.add_to(shown, "2");
  add("hr", text(&ratio, "HR[:LO:HI]"), "hazard ratio as printed, first curve over second");
  add("method", text(&method, "joint|guyot"), "joint (default): all constraints at once");
  add("clicks", text(&clicks, "KIND"),
      "auto (default), steps (the corners were clicked on) or points (anywhere on the curve)");
  add("draws", text(&draws, "N"), "further reconstructions that differ where the data allow it");
  add("seed", text(&seed, "S"), "of the draws; needed with --draws");
  add("out", text(&out.out, "FILE"), "records: time,event (and arm, draw)");
  add("page", text(&out.page, "FILE"),
      "diagnostic figure (default: beside --out, if that is a file, ending in .html)");
  add("json", po::bool_switch(&out.json), "one JSON object on standard output and nothing else");
  const po::variables_map values = read_arguments(context, shown, first.curve);
  if (values.count("help") > 0) {
    print(help_page(shown));
    return std::nullopt;
  }
  if (first.curve.size() != 1) {
    throw UsageError(first.curve.empty() ? "which curve? give a CSV file with columns time,survival"
                                         : "one curve at a time; a second arm is --curve2 FILE");
  }
  ReconstructRequest& request = out.request;
  request.arms.push_back(first.read(""));
  if (!curve2.empty()) {
    second.curve = {curve2};
    request.arms.push_back(second.read("2"));
  } else if (!second.at_risk.empty() || !second.events.empty() || !second.median.empty() ||
             !second.landmarks.empty() || !second.ticks.empty()) {
    throw UsageError("options of the second arm need --curve2 FILE");
  }
  if (!ratio.empty()) {
    if (curve2.empty()) throw UsageError("--hr needs a second arm: --curve2 and --at-risk2");
    request.ratio = read_ratio(ratio);
  }
  if (!method.empty() && method != "joint" && method != "guyot") {
    throw UsageError("--method must be joint or guyot, found '" + method + "'");
  }
  request.guyot = method == "guyot";
  if (clicks == "steps") {
    request.options.clicks = ClickKind::steps;
  } else if (clicks == "points") {
    request.options.clicks = ClickKind::points;
  } else if (!clicks.empty() && clicks != "auto") {
    throw UsageError("--clicks must be auto, steps or points, found '" + clicks + "'");
  }
  if (!draws.empty()) {
    request.options.draws = read_count<std::uint32_t>("draws", draws);
    if (request.options.draws > 10000) throw UsageError("--draws must be 10000 at most");
    if (request.guyot) throw UsageError("--draws needs --method joint: guyot gives one answer");
    if (seed.empty()) throw UsageError("--draws needs --seed S");
  }
  if (!seed.empty()) request.options.seed = read_count<std::uint64_t>("seed", seed);
  // There is nothing beside a pipe or a device.
  if (out.page.empty() && !out.out.empty() && !is_written_in_place(out.out)) {
    const bool csv = out.out.size() > 4 && out.out.compare(out.out.size() - 4, 4, ".csv") == 0;
    out.page = (csv ? out.out.substr(0, out.out.size() - 4) : out.out) + ".html";
  }
  return out;
}

}  // namespace

ExitCode reconstruct_command(const Context& context) {
  const auto options = read(context);
  if (!options) return ExitCode::done;
  std::vector<std::string> inputs;
  for (const ReconstructArm& arm : options->request.arms)
    inputs.insert(inputs.end(), {arm.curve_path, arm.at_risk_path, arm.ticks_path});
  check_output_files({{"out", options->out}, {"page", options->page}}, inputs);
  Diagnostics diagnostics;
  const auto output =
      reconstruct_data(options->request, make_provenance(context).version, diagnostics);
  if (!output) return report(context, diagnostics, "nothing was reconstructed");
  if (!options->out.empty() && !output->failed) {
    write_file_atomically(options->out, output->records_csv);
  }
  if (!options->page.empty() && !output->failed) {
    write_file_atomically(options->page, output->page_html);
  }
  if (options->json) {
    print(output->json);
  } else {
    std::string text = output->text;
    if (!options->out.empty() && !output->failed) text += "records: " + options->out + "\n";
    if (!options->page.empty() && !output->failed) text += "figure: " + options->page + "\n";
    print(text);
    for (const std::string& words : output->warnings) print_error("warning: " + words + "\n");
  }
  return output->failed ? ExitCode::bad_document : ExitCode::done;
}

}  // namespace npcsim

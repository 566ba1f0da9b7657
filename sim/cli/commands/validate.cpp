// npcsim validate: simulates the published studies and prints published beside predicted.
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/table.hpp>
#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/emulation_documents.hpp>
#include <npcsim/cli/commands/evidence_documents.hpp>
#include <npcsim/validation/compared_figures.hpp>

#include <cmath>

namespace npcsim {
namespace {

namespace po = boost::program_options;

struct ValidateOptions {
  std::vector<std::string> emulations;
  std::uint32_t patients = 4096;
  std::uint32_t replicates = 200;
  std::uint64_t seed = 1;
  bool json = false;
};

std::string number(double value) {
  if (std::isnan(value)) return "";
  return std::isinf(value) ? "not reached" : rounded(value, 3);
}

void print_table(const EmulationSet& set, const std::vector<ComparedFigure>& rows) {
  std::vector<std::vector<std::string>> lines{
      {"figure", "published", "95 % interval", "predicted", "95 % interval", "z", ""}};
  for (const ComparedFigure& row : rows) {
    const Figure& figure = set.figure(row.figure);
    std::string published = number(row.published);
    if (figure.reading == FigureReading::above)
      published = "> " + number(to_natural(figure.scale, figure.value));
    if (figure.reading == FigureReading::below)
      published = "< " + number(to_natural(figure.scale, figure.value));
    if (figure.reading == FigureReading::within)
      published = number(to_natural(figure.scale, figure.low)) + " to " +
                  number(to_natural(figure.scale, figure.high));
    lines.push_back(
        {figure.id, published, figure.se > 0 ? number(row.low95) + " to " + number(row.high95) : "",
         number(row.predicted), number(row.predicted_low95) + " to " + number(row.predicted_high95),
         number(row.z), row.inside95 ? "" : "outside"});
  }
  print(aligned(lines));
}

}  // namespace

ExitCode validate_command(const Context& context) {
  ValidateOptions options;
  po::options_description shown("Options");
  auto add = shown.add_options();
  add("help,h", "this page");
  add("patients", po::value<std::uint32_t>(&options.patients)->value_name("N"),
      "patients of each pool (default 4096)");
  add("replicates", po::value<std::uint32_t>(&options.replicates)->value_name("N"),
      "data sets of each study's size (default 200)");
  add("seed", po::value<std::uint64_t>(&options.seed)->value_name("S"), "master seed (default 1)");
  const po::variables_map values = read_arguments(context, shown, options.emulations);
  if (values.count("help") > 0) {
    print(help_page("validate", shown, "npcsim validate you_2020 zeng_2014"));
    return ExitCode::done;
  }
  Diagnostics diagnostics;
  const Library library =
      library_near(context, options.emulations.empty() ? "" : options.emulations.front());
  const Evidence evidence = read_all_evidence(library, diagnostics);
  EmulationSet set(library, emulation_paths(library, options.emulations), evidence,
                   {options.seed, options.patients}, diagnostics);
  if (diagnostics.has_errors()) return report(context, diagnostics, "nothing was run");
  set.settle_effective_n(evidence);
  const std::vector<Twins> twins = set.simulate({}, {}, 0);
  const auto samples = set.sampled(twins, {}, options.replicates, 0);
  print_table(set, compare_figures(set, samples));
  return ExitCode::done;
}

}  // namespace npcsim

#include <npcsim/cli/arguments.hpp>
#include <npcsim/cli/command_line.hpp>

#include <sstream>

namespace npcsim {

namespace po = boost::program_options;

namespace {

// `--out --json` would make a folder called --json.
void refuse_options_as_values(const po::parsed_options& parsed,
                              const po::options_description& known) {
  for (const po::option& option : parsed.options) {
    if (option.position_key >= 0) continue;
    for (const std::string& value : option.value) {
      if (value.starts_with("--") && known.find_nothrow(value.substr(2), false) != nullptr)
        throw UsageError("'--" + option.string_key + "' needs a value, found the option '" + value +
                         "'");
    }
  }
}

}  // namespace

po::variables_map read_arguments(const Context& context, const po::options_description& shown,
                                 std::vector<std::string>& others) {
  po::options_description all;
  all.add(shown).add_options()("others", po::value<std::vector<std::string>>(), "");
  po::positional_options_description positions;
  positions.add("others", -1);
  po::variables_map values;
  try {
    const po::parsed_options parsed =
        po::command_line_parser(context.arguments)
            .options(all)
            .positional(positions)
            .style(po::command_line_style::default_style & ~po::command_line_style::allow_guessing)
            .run();
    refuse_options_as_values(parsed, all);
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::error& error) {
    throw UsageError(error.what());
  }
  if (values.count("others") > 0) others = values["others"].as<std::vector<std::string>>();
  return values;
}

std::string help_page(const std::string& command, const po::options_description& shown,
                      const std::string& example) {
  std::ostringstream out;
  out << "npcsim " << command;
  for (const Command& known : commands()) {
    if (known.name == command) out << " " << known.arguments << "\n  " << known.help;
  }
  out << "\n\n" << shown;
  if (!example.empty()) out << "\nExample:\n  " << example << "\n";
  return out.str();
}

std::int64_t whole(const std::string& option, std::int64_t value, std::int64_t least,
                   std::int64_t most) {
  if (value >= least && value <= most) return value;
  const bool open = most == std::numeric_limits<std::int64_t>::max();
  throw UsageError("--" + option + " needs a whole number from " + std::to_string(least) +
                   (open ? " on" : " to " + std::to_string(most)) + ", found " +
                   std::to_string(value));
}

void check_threads(int threads) {
  if (threads < 0 || threads > 4096) throw UsageError("--threads must be from 0 to 4096");
}

}  // namespace npcsim

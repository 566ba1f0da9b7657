// Reading the arguments of one command, for the commands themselves.
#pragma once

#include <npcsim/cli/context.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <boost/program_options.hpp>

namespace npcsim {

/// Reads the options that are shown and, apart, what is no option. Throws UsageError.
boost::program_options::variables_map read_arguments(
    const Context& context, const boost::program_options::options_description& shown,
    std::vector<std::string>& others);

/// The page of `npcsim COMMAND --help`; its first lines come from the table of commands.
std::string help_page(const std::string& command,
                      const boost::program_options::options_description& shown,
                      const std::string& example);

/// The number that an option has, if it is in its range; else throws UsageError. Numbers are read
/// with a sign, since a negative one would turn into a huge one without it.
std::int64_t whole(const std::string& option, std::int64_t value, std::int64_t least,
                   std::int64_t most = std::numeric_limits<std::int64_t>::max());

/// Throws UsageError unless so many threads can be asked for; 0: all cores.
void check_threads(int threads);

}  // namespace npcsim

// Reading the arguments of one command, for the commands themselves.
#pragma once

#include <npcsim/cli/context.hpp>

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

}  // namespace npcsim

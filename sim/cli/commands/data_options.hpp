// Values of options that the commands on CSV files read alike.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/dataset/model_terms.hpp>

#include <charconv>
#include <string>
#include <system_error>
#include <vector>

#include <boost/program_options.hpp>

namespace npcsim {

/// A number from 0 on, finite. Throws UsageError.
inline double read_number(const std::string& option, const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc{} || result.ptr != text.data() + text.size() || !(value >= 0) ||
      !(value < 1e300)) {
    throw UsageError("--" + option + " needs a number that is not negative, found '" + text + "'");
  }
  return value;
}

/// Throws UsageError if a list is written and holds nothing: "," or the empty text of a variable of
/// a shell would fall back to the default in silence. \pre the option is a list of texts.
inline void check_names_something(const std::string& option,
                                  const boost::program_options::variables_map& values) {
  if (values.count(option) == 0) return;
  std::string written;
  for (const std::string& list : values[option].as<std::vector<std::string>>()) {
    if (!split_list(list).empty()) return;
    written = list;
  }
  throw UsageError("--" + option + " names nothing, found '" + written + "'");
}

}  // namespace npcsim

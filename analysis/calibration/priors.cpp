#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/quantity_text.hpp>
#include <npcsim/calibration/priors.hpp>
#include <npcsim/io/yaml_reader.hpp>

namespace npcsim {

std::optional<CalibrationParameter> calibration_prior(const Parameter& parameter,
                                                      Diagnostics& diagnostics) {
  Diagnostics reading;  // the text was read once, with the document
  const Tree tree = read_yaml_text(parameter.name, parameter.prior, reading);
  if (!tree.is_map() || tree.size() != 1) return std::nullopt;
  const std::string& family = tree.keys()[0].text;
  if (family != "normal" && family != "log_normal") return std::nullopt;
  const auto wrong = [&](const std::string& problem) {
    diagnostics.error(parameter.place, problem, "", "parameters > " + parameter.name + " > prior");
    return std::nullopt;
  };
  const Tree& numbers = tree.items()[0];
  std::optional<double> centre;
  std::optional<double> spread;
  if (numbers.is_list() && numbers.size() == 2) {
    centre = parse_number(numbers.items()[0].text());
    spread = parse_number(numbers.items()[1].text());
  }
  if (!centre || !spread) return wrong("a " + family + " prior has two numbers");
  if (!(*spread > 0))
    return wrong("the standard deviation of a prior must be above 0, found " + shortest(*spread));
  CalibrationParameter out;
  out.name = parameter.name;
  out.sd = *spread;
  const double unit = parameter.written != 0 ? parameter.value / parameter.written : 1;
  if (family == "normal") {
    out.mean = *centre * unit;
    out.sd = *spread * unit;
    return out;
  }
  if (!(*centre > 0))
    return wrong("the median of a log-normal prior must be above 0, found " + shortest(*centre));
  out.transform = ParameterTransform::log;
  out.mean = portable::log(*centre * unit);
  return out;
}

}  // namespace npcsim

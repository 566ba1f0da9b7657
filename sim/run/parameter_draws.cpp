#include <npcsim/model/prior.hpp>
#include <npcsim/random/draws.hpp>
#include <npcsim/run/parameter_draws.hpp>

#include <algorithm>
#include <limits>

namespace npcsim {

namespace {

// No study has a patient of this number.
constexpr std::uint32_t no_patient = std::numeric_limits<std::uint32_t>::max();

}  // namespace

std::size_t ParameterDraws::row_of(std::int64_t draw) const {
  return static_cast<std::size_t>(draw - 1) * rows / static_cast<std::size_t>(count);
}

std::size_t ParameterDraws::redrawn() const {
  return attempts.size() -
         static_cast<std::size_t>(std::count(attempts.begin(), attempts.end(), 0));
}

std::size_t ParameterDraws::from_priors() const {
  return static_cast<std::size_t>(std::count(column.begin(), column.end(), -1));
}

std::vector<double> ParameterDraws::written(std::int64_t draw,
                                            const ParameterTable& parameters) const {
  std::vector<double> out;
  for (const Parameter& parameter : parameters.rows()) out.push_back(parameter.written);
  if (draw == 0) return out;
  const PatientDraws random(DrawKey{seed, 0}, no_patient);
  for (std::size_t v = 0; v < varying.size(); ++v) {
    const auto index = static_cast<std::size_t>(varying[v]);
    if (column[v] >= 0) {
      out[index] = cells[row_of(draw) * columns + static_cast<std::size_t>(column[v])];
    } else {
      const Parameter& parameter = parameters.rows()[index];
      const StreamName stream("parameter " + parameter.name);
      const std::uint32_t attempt = attempts[static_cast<std::size_t>(draw - 1)];
      out[index] = prior_quantile(
          parameter, random.uniform(stream, static_cast<std::uint32_t>(draw), attempt));
    }
  }
  return out;
}

std::vector<double> ParameterDraws::values(std::int64_t draw,
                                           const ParameterTable& parameters) const {
  std::vector<double> out = parameters.values();
  if (draw == 0) return out;
  const std::vector<double> numbers = written(draw, parameters);
  for (const std::int32_t index : varying) {
    const auto at = static_cast<std::size_t>(index);
    out[at] = inner_value(parameters.rows()[at], numbers[at])
                  .value_or(std::numeric_limits<double>::quiet_NaN());
  }
  return out;
}

}  // namespace npcsim

#include <npcsim/base/diagnostics.hpp>
#include <npcsim/csv_analyses/fit_request.hpp>
#include <npcsim/hazard/family_info.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace npcsim {
namespace {

struct NamedPrediction {
  std::string_view name;
  PredictionKind kind;
};
constexpr std::array<NamedPrediction, 8> predictions{
    {{"survival", PredictionKind::survival},
     {"hazard", PredictionKind::hazard},
     {"cumhaz", PredictionKind::cumhaz},
     {"quantile", PredictionKind::quantile},
     {"median", PredictionKind::median},
     {"mean", PredictionKind::mean},
     {"rmst", PredictionKind::rmst},
     {"cumulative_hazard", PredictionKind::cumhaz}}};

std::vector<std::string> split_at_colons(const std::string& text) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(':'); at != std::string::npos; at = text.find(':', from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + 1;
  }
  parts.push_back(text.substr(from));
  return parts;
}

std::optional<double> number(const std::string& text) {
  double value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = result.ec == std::errc{} && result.ptr == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

std::vector<std::string> model_names() {
  std::vector<std::string> names;
  for (const FamilyInfo& info : families()) {
    for (const std::string_view alias : info.aliases) {
      if (!alias.empty()) names.emplace_back(alias);
    }
    for (const Cure cure : {Cure::none, Cure::mixture, Cure::non_mixture}) {
      names.push_back(model_name(info.family, cure));
    }
  }
  return names;
}

}  // namespace

std::optional<ModelRequest> parse_model(const std::string& text, std::string& problem) {
  const std::vector<std::string> parts = split_at_colons(text);
  const auto found = find_model(parts.front());
  if (!found) {
    const std::string hint = suggestion(parts.front(), model_names());
    problem = "there is no model '" + parts.front() + "'" + (hint.empty() ? "" : "; " + hint) +
              " (npcsim fit --help lists them)";
    return std::nullopt;
  }
  ModelRequest out;
  out.family = found->family;
  out.cure = found->cure;
  out.text = text;
  const FamilyInfo& info = family_info(found->family);
  if (found->family == Family::piecewise) {
    out.choose_changes = parts.size() == 1;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto time = number(parts[i]);
      const double before = out.change_times.empty() ? 0.0 : out.change_times.back();
      if (!time || !(*time > before)) {
        problem = "'" + text + "' needs change times above 0 that increase, e.g. piecewise:12:24";
        return std::nullopt;
      }
      out.change_times.push_back(*time);
    }
  } else if (info.needs_knots) {
    const auto knots = parts.size() == 2 ? number(parts[1]) : std::optional<double>(0.0);
    if (parts.size() > 2 || !knots || *knots < 0 || *knots > 20 || *knots != std::floor(*knots)) {
      problem = "'" + text + "' needs the number of its inner knots, 0 to 20, e.g. " +
                model_name(found->family, found->cure) + ":2";
      return std::nullopt;
    }
    out.inner_knots = static_cast<int>(*knots);
  } else if (parts.size() > 1) {
    problem = "model '" + parts.front() + "' takes no number, found '" + text + "'";
    return std::nullopt;
  }
  return out;
}

bool same_model(const ModelRequest& one, const ModelRequest& other) {
  return one.family == other.family && one.cure == other.cure &&
         one.change_times == other.change_times && one.choose_changes == other.choose_changes &&
         one.inner_knots == other.inner_knots;
}

bool has_parameter(const ModelRequest& model, std::string_view name) {
  if (model.cure != Cure::none && name == "theta") return true;
  const FamilyInfo& info = family_info(model.family);
  for (std::size_t i = 0; i < info.parameter_count; ++i) {
    const std::string_view known = info.parameters[i].name;
    if (!info.repeats && name == known) return true;
    // How often it repeats, the data may have to say.
    if (info.repeats && name.size() > known.size() + 1 && name.substr(0, known.size()) == known &&
        name[known.size()] == '_' &&
        name.find_first_not_of("0123456789", known.size() + 1) == std::string_view::npos)
      return true;
  }
  return false;
}

std::vector<std::string> usual_models() {
  return {"exponential", "weibull", "gompertz", "lnorm", "llogis", "gamma", "gengamma"};
}

std::optional<PredictionKind> find_prediction(std::string_view name) {
  for (const NamedPrediction& prediction : predictions) {
    if (prediction.name == name) return prediction.kind;
  }
  return std::nullopt;
}

std::string_view prediction_name(PredictionKind kind) {
  for (const NamedPrediction& prediction : predictions) {
    if (prediction.kind == kind) return prediction.name;
  }
  return {};
}

bool needs_at(PredictionKind kind) {
  return kind != PredictionKind::median && kind != PredictionKind::mean;
}

}  // namespace npcsim

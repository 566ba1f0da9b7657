// Baseline hazards: family, parameters with their units, knots, covariates on parameters.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/base/units.hpp>
#include <npcsim/hazard/family_info.hpp>
#include <npcsim/hazard/spline.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>
#include <cstdio>

namespace npcsim {
namespace {

double time_unit_days(const std::string& unit) {
  return unit == "days" ? 1.0 : unit == "years" ? days_per_year : days_per_month;
}

bool is_spline(const Baseline& baseline) {
  return family_info(baseline.family).needs_knots && baseline.family != Family::piecewise;
}

// Puts the numbers of one hazard into a process, in days. Family and cure are set already.
class HazardNumbers {
 public:
  HazardNumbers(const HazardDoc& doc, const CompileInput& input, Diagnostics& diagnostics,
                Process& out)
      : doc_(doc),
        input_(input),
        diagnostics_(diagnostics),
        out_(out),
        info_(family_info(out.baseline.family)),
        log_unit_(portable::log(time_unit_days(doc.time_unit))),
        where_("processes > " + out.name + " > hazard > " + doc.family.text),
        used_(doc.parameters.size(), false) {}

  // False if a mistake leaves nothing to go on with; it has been reported.
  bool find() {
    if (out_.baseline.cure != Cure::none) find_cured_share();
    // Knots and change times first: they say how many parameters there are.
    if (!find_knots()) {
      out_.baseline = Baseline{};
      out_.knots.clear();
      out_.parameters = {0.0};
      return false;
    }
    if (info_.repeats) {
      if (!find_list()) return false;
    } else {
      for (std::size_t i = 0; i < info_.parameter_count; ++i) find_named(info_.parameters[i]);
    }
    report_unused();
    return true;
  }

  // Whether the parameters are in their ranges.
  bool check_range();

 private:
  double at(const Value& value) const { return value.given ? value.at(input_.parameters) : 0.0; }

  void error(SourcePlace place, std::string message, std::string hint = "") const {
    diagnostics_.error(place, std::move(message), std::move(hint), where_);
  }

  const Value* find(std::string_view name) {
    for (std::size_t i = 0; i < doc_.parameters.size(); ++i) {
      if (doc_.parameters[i].first.text == name) {
        used_[i] = true;
        return &doc_.parameters[i].second;
      }
    }
    return nullptr;
  }

  // Which dimension a document's number had: literal units were folded in while reading.
  Dimension dimension_of(const Value& value) const {
    for (const std::int32_t parameter : value.parameters) {
      const Dimension d =
          input_.model->parameters.rows()[static_cast<std::size_t>(parameter)].dimension;
      if (d != Dimension::none) return d;
    }
    return value.dimension;
  }

  void find_cured_share() {
    const Value* share = doc_.cure.empty() ? find("theta") : &doc_.cured;
    if (share == nullptr || !share->given)
      error(doc_.family.place, "a cure model needs the share cured",
            "write cure: {kind: mixture, share: 0.3} beside the family");
    out_.parameters.push_back(share == nullptr ? 0.0 : at(*share));
  }

  bool find_knots();
  bool find_list();
  void find_named(const ParameterInfo& parameter);
  const Value* value_of(const ParameterInfo& parameter);
  bool is_misspelt(const ParameterInfo& parameter) const;
  double in_days(const ParameterInfo& parameter, const Value& value);
  void report_unused() const;

  const HazardDoc& doc_;
  const CompileInput& input_;
  Diagnostics& diagnostics_;
  Process& out_;
  const FamilyInfo& info_;
  double log_unit_;
  std::string where_;
  std::vector<bool> used_;  ///< [parameter of the document]
};

bool HazardNumbers::find_knots() {
  if (out_.baseline.family == Family::piecewise) {
    for (const Value& time : doc_.times) out_.knots.push_back(at(time));
  } else if (info_.needs_knots) {
    // Splines live on the log of time in the unit in which they were fitted; a change of unit
    // shifts the knots.
    const double unit = time_unit_days(doc_.time_unit);
    for (const Value& time : doc_.times)
      out_.knots.push_back(portable::log(at(time) / unit) + log_unit_);
  }
  for (std::size_t i = 0; i < doc_.times.size(); ++i) {
    const bool positive = at(doc_.times[i]) > 0;
    if (positive && (i == 0 || at(doc_.times[i]) > at(doc_.times[i - 1]))) continue;
    const auto months = [this](const Value& time) {
      return rounded(at(time) / days_per_month, 4) + " months";
    };
    error(doc_.times[i].place, !positive ? "times must be above 0"
                                         : "times must increase, found " + months(doc_.times[i]) +
                                               " after " + months(doc_.times[i - 1]));
    return false;
  }
  out_.baseline.knots = out_.knots.data();
  out_.baseline.knot_count = static_cast<int>(out_.knots.size());
  const std::string wrong = knot_problem(out_.baseline);
  if (!wrong.empty()) error(doc_.family.place, wrong);
  return wrong.empty();
}

// Parameters that are a list: rates of a piecewise hazard, coefficients of a spline.
bool HazardNumbers::find_list() {
  const bool piecewise = out_.baseline.family == Family::piecewise;
  const bool cured = out_.baseline.cure != Cure::none;
  const auto expected = static_cast<std::size_t>(parameter_count(out_.baseline));
  const auto& list = piecewise ? doc_.rates : doc_.gammas;
  for (const Value& value : list) out_.parameters.push_back(at(value));
  if (out_.parameters.size() != expected) {
    error(doc_.family.place,
          "'" + doc_.family.text + "' needs " + std::to_string(expected - (cured ? 1 : 0)) + " " +
              (piecewise ? "rates" : "gammas") + " for " + std::to_string(out_.knots.size()) +
              (piecewise ? " change times" : " knots") + ", found " + std::to_string(list.size()));
    out_.parameters.resize(expected, 0.0);
    return false;
  }
  if (is_spline(out_.baseline)) {
    // gamma_0 + gamma_1 log t in the unit of the fit: log t[unit] = log t[days] - log unit; the
    // other basis functions do not change because their knots moved along.
    const std::size_t first = cured ? 1 : 0;
    out_.parameters[first] -= out_.parameters[first + 1] * log_unit_;
  }
  return true;
}

const Value* HazardNumbers::value_of(const ParameterInfo& parameter) {
  const Value* value = find(parameter.name);
  if (value == nullptr && parameter.name == "Q") value = find("q");
  if (value == nullptr && parameter.name == "P") value = find("p");
  if (value == nullptr && info_.parameter_count == 1) value = find("");
  return value;
}

void HazardNumbers::find_named(const ParameterInfo& parameter) {
  const Value* const value = value_of(parameter);
  // A log-scale location may be given as a median on the time scale.
  if (value == nullptr && parameter.dimension == ParameterDimension::log_time) {
    const Value* median = find("median");
    if (median != nullptr && out_.baseline.family == Family::log_normal) {
      if (dimension_of(*median) != Dimension::time)
        error(median->place, "'median' must be a duration such as 10 months");
      out_.parameters.push_back(portable::log(at(*median)));
      return;
    }
  }
  if (value != nullptr && value->given) {
    out_.parameters.push_back(in_days(parameter, *value));
    return;
  }
  out_.parameters.push_back(1.0);
  // What could not be read has been reported, and what was written wrong is reported as unknown.
  if (value != nullptr || is_misspelt(parameter)) return;
  error(doc_.family.place, "'" + doc_.family.text + "' needs '" + std::string(parameter.name) + "'",
        std::string(parameter.help));
}

bool HazardNumbers::is_misspelt(const ParameterInfo& parameter) const {
  for (const auto& [written, number] : doc_.parameters) {
    bool known = written.text.empty();
    for (std::size_t k = 0; k < info_.parameter_count; ++k)
      known = known || written.text == info_.parameters[k].name;
    if (!known && !closest(written.text, {std::string(parameter.name)}).empty()) return true;
  }
  return false;
}

double HazardNumbers::in_days(const ParameterInfo& parameter, const Value& value) {
  const Dimension dimension = dimension_of(value);
  const std::string name = "'" + std::string(parameter.name) + "'";
  const auto wants = [&](Dimension needed) {
    if (dimension == needed) return true;
    error(
        value.place,
        name + " of '" + doc_.family.text + "' must be " + std::string(dimension_in_words(needed)),
        std::string(parameter.help));
    return false;
  };
  const std::string say_which = "write time_unit: months beside the family";
  const double number = at(value);
  switch (parameter.dimension) {
    case ParameterDimension::time:
      wants(Dimension::time);
      break;
    case ParameterDimension::rate:
      wants(Dimension::rate);
      break;
    case ParameterDimension::none:
      wants(Dimension::none);
      break;
    case ParameterDimension::log_time:
      if (!wants(Dimension::none)) break;
      if (doc_.time_unit.empty())
        error(value.place, name + " is the logarithm of a time: say in which unit", say_which);
      return number + log_unit_;
    case ParameterDimension::rate_power: {
      // H = scale t^shape with t in the unit named: scale per day^shape.
      const Value* shape = find("shape");
      if (dimension == Dimension::rate) {
        if (shape != nullptr && at(*shape) != 1)
          error(value.place,
                name + " of '" + doc_.family.text + "' is a rate only where 'shape' is 1",
                "write the number without a unit, and time_unit: months beside the family");
        break;
      }
      if (doc_.time_unit.empty())
        error(value.place, name + " depends on the unit of time: say which", say_which);
      return shape == nullptr ? number : number * portable::exp(-at(*shape) * log_unit_);
    }
  }
  return number;
}

void HazardNumbers::report_unused() const {
  std::vector<std::string> names;
  for (std::size_t k = 0; k < info_.parameter_count; ++k)
    names.emplace_back(info_.parameters[k].name);
  if (info_.repeats) names = {"times", "rates"};
  if (info_.repeats && is_spline(out_.baseline)) names = {"knots", "gammas"};
  for (std::size_t i = 0; i < doc_.parameters.size(); ++i) {
    if (used_[i]) continue;
    const Name& written = doc_.parameters[i].first;
    error(written.place, "'" + doc_.family.text + "' has no parameter '" + written.text + "'",
          suggestion(written.text, names));
  }
}

bool HazardNumbers::check_range() {
  std::string wrong = parameter_problem(out_.baseline, out_.parameters.data());
  if (wrong.empty()) return true;
  SourcePlace place = doc_.family.place;
  if (wrong.find(" at time ") != std::string::npos) wrong += " d";  // of a spline that falls
  for (const auto& [name, value] : doc_.parameters) {
    if (name.text.empty() || wrong.compare(0, name.text.size() + 1, name.text + " ") != 0) continue;
    place = value.place;
    // The number as a reader would write it, not per day.
    const Dimension dimension = dimension_of(value);
    const auto found_at = wrong.rfind(", found ");
    const bool is_rate = dimension == Dimension::rate;
    if (found_at == std::string::npos || (!is_rate && dimension != Dimension::time)) continue;
    char text[40] = {};
    std::snprintf(text, sizeof text, "%.6g %s",
                  is_rate ? at(value) * days_per_month : at(value) / days_per_month,
                  is_rate ? "per month" : "months");
    wrong = wrong.substr(0, found_at) + ", found " + text;
  }
  error(place, "in '" + doc_.family.text + "': " + wrong);
  return false;
}

std::uint8_t code_of(Transform transform) {
  switch (transform) {
    case Transform::identity:
      return 0;
    case Transform::log:
      return 1;
    case Transform::logit:
      return 2;
  }
  return 0;
}

}  // namespace

void Compiler::hazard(const HazardDoc& doc, Process& out) {
  if (!doc.life_table.empty()) {
    life_table(doc, out);
    return;
  }
  out.parameters = {0.0};
  if (doc.family.empty()) return;
  const auto found = find_model(doc.family.text);
  if (!found) {
    std::vector<std::string> names;
    for (const FamilyInfo& info : families()) names.emplace_back(info.name);
    names.emplace_back("life_table");
    unknown(doc.family, "hazard", names);
    return;
  }
  out.parameters.clear();
  out.baseline.family = found->family;
  out.baseline.cure = found->cure;
  if (!doc.cure.empty())
    out.baseline.cure = doc.cure.text == "mixture" ? Cure::mixture : Cure::non_mixture;
  HazardNumbers numbers(doc, input_, diagnostics_, out);
  if (!numbers.find()) return;
  const bool sound = numbers.check_range();
  for (const AncillaryDoc& entry : doc.covariates) covariates_on_parameter(doc, entry, out);
  if (sound) tabulate_hazard(out);
}

void Compiler::covariates_on_parameter(const HazardDoc& doc, const AncillaryDoc& entry,
                                       Process& out) {
  const int count = parameter_count(out.baseline);
  std::vector<std::string> names;
  for (int i = 0; i < count; ++i) names.push_back(parameter_name(out.baseline, i));
  const auto found = std::find(names.begin(), names.end(), entry.parameter.text);
  if (found == names.end()) {
    unknown(entry.parameter, "parameter of '" + doc.family.text + "'", names);
    return;
  }
  const double unit = time_unit_days(doc.time_unit);
  ParameterTerms terms;
  terms.parameter = static_cast<std::int32_t>(found - names.begin());
  const ParameterInfo& fitted = parameter_info(out.baseline, terms.parameter);
  terms.transform = code_of(fitted.transform);
  terms.terms = linear_terms(entry.terms);
  if (fitted.transform == Transform::identity && fitted.dimension == ParameterDimension::rate) {
    // A coefficient that is added to a rate is a rate too, in the unit of the fit.
    if (doc.time_unit.empty()) {
      diagnostics_.error(
          entry.parameter.place,
          "coefficients on '" + entry.parameter.text + "' are per time: say in which unit",
          "write time_unit: months beside the family",
          "processes > " + out.name + " > hazard > " + doc.family.text);
    }
    for (LinearTerm& term : terms.terms) term.coef /= unit;
  }
  // Parameters that were converted to days with the baseline value of this one follow the
  // patient's value.
  const std::int32_t first = out.baseline.cure != Cure::none ? 1 : 0;
  if (is_spline(out.baseline) && terms.parameter == first + 1) {
    terms.converted = first;
    terms.log_unit = portable::log(unit);
  } else if (out.baseline.family == Family::weibull_ph && terms.parameter == first &&
             !doc.time_unit.empty()) {
    terms.converted = first + 1;
    terms.converted_log = true;
    terms.log_unit = portable::log(unit);
  }
  out.covariates.push_back(std::move(terms));
}

// Baselines on clocks that begin with diagnosis or with an event of the treatment are tabulated at
// whole weeks, where doses and changes of effects fall.
void Compiler::tabulate_hazard(Process& out) const {
  const bool cheap = out.baseline.cure == Cure::none &&
                     (out.baseline.family == Family::exponential ||
                      (out.baseline.family == Family::weibull && out.parameters[0] == 1.0));
  const bool shared = out.clock == Clock::forward || out.clock == Clock::since;
  if (!shared || !out.covariates.empty() || cheap || !(input_.horizon_days > 0)) return;
  const auto weeks = static_cast<std::size_t>(input_.horizon_days / days_per_week) + 2;
  for (std::size_t k = 0; k < weeks; ++k)
    out.grid.push_back(cumulative_hazard(out.baseline, out.parameters.data(),
                                         static_cast<double>(k) * days_per_week));
}

}  // namespace npcsim

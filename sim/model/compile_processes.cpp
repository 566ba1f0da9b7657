// Processes: states, clocks, baseline hazards with their units, covariates, frailties.
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

}  // namespace

void Compiler::processes() {
  // States that no process names under `from` are final, unless the document says which ones are.
  std::uint64_t left = 0;
  bool unclear = false;  // a state that does not exist has been named and will be reported
  for (const auto& [name, doc] : model_.processes) {
    if (doc.from.empty()) continue;
    for (const Name& from : doc.from) {
      const std::int32_t index = program_.find_state(from.text);
      if (index >= 0) left |= std::uint64_t{1} << static_cast<unsigned>(index);
      if (index < 0) unclear = true;
    }
  }
  const auto bit = [](std::int32_t index) {
    return index < 0 ? std::uint64_t{0} : std::uint64_t{1} << static_cast<unsigned>(index);
  };
  std::uint64_t ends = 0;  // where processes that run everywhere and fatal toxicities lead
  std::uint64_t entered = 0;
  const Name* everywhere = nullptr;
  for (const auto& [name, doc] : model_.processes) {
    if (!doc.to.empty()) entered |= bit(program_.find_state(doc.to.text));
    for (const auto& [when, target] : doc.to_by_state)
      entered |= bit(program_.find_state(target.text));
    if (!doc.from.empty()) continue;
    everywhere = &name;
    if (!doc.to.empty()) ends |= bit(program_.find_state(doc.to.text));
    for (const auto& [when, target] : doc.to_by_state)
      ends |= bit(program_.find_state(target.text));
  }
  for (const auto& [name, doc] : model_.toxicities) {
    if (!doc.to.empty()) ends |= bit(program_.find_state(doc.to.text));
  }
  const std::uint64_t all = (std::uint64_t{1} << program_.states.size()) - 1;
  program_.final_mask = all & ~left;
  if (!model_.final_states.empty()) {
    program_.final_mask = 0;
    for (const Name& name : model_.final_states) {
      const std::int32_t index = state(name);
      program_.final_mask |= bit(index);
      if ((bit(index) & left) != 0) {
        diagnostics_.error(name.place,
                           "state '" + name.text + "' is final, but a process leaves it",
                           "remove it from 'final', or from the 'from' of the process");
      }
    }
  } else if (everywhere != nullptr && !unclear) {
    // A process without `from` runs in every state that is not final: whether a state that only it
    // could leave is final cannot be told.
    for (const StateDoc& doc : model_.states) {
      const std::int32_t index = program_.find_state(doc.name.text);
      if (index == program_.start || (bit(index) & (left | ends)) != 0 ||
          (bit(index) & entered) == 0)
        continue;
      diagnostics_.error(doc.name.place,
                         "does state '" + doc.name.text + "' end a life? Process '" +
                             everywhere->text +
                             "' runs in every state that is not final, and no process names '" +
                             doc.name.text + "' under 'from'",
                         "list the states that end a life, e.g. final: [dead]");
      states_are_clear_ = false;
    }
  }
  program_.final_mask &= ~(std::uint64_t{1} << static_cast<unsigned>(program_.start));
  if (model_.processes.size() > 60)
    diagnostics_.error(model_.place, "a model has at most 60 processes");
  for (const auto& [name, doc] : model_.processes) process(name, doc);
  if (program_.processes.empty()) diagnostics_.error(model_.place, "the model has no processes");
}

void Compiler::process(const Name& name, const ProcessDoc& doc) {
  Process out;
  out.name = name.text;
  out.label = doc.label.empty() ? name.text : doc.label;
  if (program_.find_process(name.text) >= 0) {
    diagnostics_.error(name.place, "process '" + name.text + "' is declared twice");
  }
  out.stream = stream("process " + name.text, name.place);
  out.to.assign(program_.states.size(), -1);
  std::vector<std::int32_t> from;
  if (doc.from.empty()) {
    for (std::size_t s = 0; s < program_.states.size(); ++s) {
      if (((program_.final_mask >> s) & 1U) == 0) from.push_back(static_cast<std::int32_t>(s));
    }
  }
  for (const Name& entry : doc.from) {
    const std::int32_t index = state(entry);
    if (index >= 0) from.push_back(index);
  }
  for (const std::int32_t s : from) {
    out.from_mask |= std::uint64_t{1} << static_cast<unsigned>(s);
    std::int32_t to = -1;
    if (!doc.to.empty()) {
      to = program_.find_state(doc.to.text);
    } else {
      bool said = doc.to_by_state.empty();  // a missing key has been reported
      for (const auto& [when, target] : doc.to_by_state) {
        if (program_.find_state(when.text) != s) continue;
        to = program_.find_state(target.text);
        said = true;
      }
      if (!said) {
        diagnostics_.error(name.place, "process '" + name.text +
                                           "' does not say where it leads from '" +
                                           program_.states[static_cast<std::size_t>(s)] + "'");
      }
    }
    out.to[static_cast<std::size_t>(s)] = static_cast<std::int8_t>(to);
  }
  if (!doc.to.empty()) state(doc.to);
  for (const auto& [when, target] : doc.to_by_state) {
    state(when);
    state(target);
  }
  out.fatal = !from.empty();
  for (const std::int8_t to : out.to) {
    if (to >= 0 && ((program_.final_mask >> static_cast<unsigned>(to)) & 1U) == 0)
      out.fatal = false;
  }
  out.clock = doc.clock.text == "reset"   ? Clock::reset
              : doc.clock.text == "age"   ? Clock::age
              : doc.clock.text == "since" ? Clock::since
                                          : Clock::forward;
  if (out.clock == Clock::since) out.since = origin(doc.since);
  if (out.clock == Clock::since && doc.since.text == name.text) {
    diagnostics_.error(doc.since.place, "process '" + name.text + "' would begin when it happens",
                       "name another process, an agent, first_dose or diagnosis");
  }
  if (out.clock == Clock::age) {
    out.age_column = program_.find_column(model_.age.text);
    if (out.age_column < 0) {
      diagnostics_.error(
          doc.clock.place, "the age clock needs an attribute with the age in years",
          "declare the attribute '" + model_.age.text + "', or name yours under 'age'");
      out.age_column = 0;
    } else if (const auto& levels =
                   program_.columns[static_cast<std::size_t>(out.age_column)].levels;
               !levels.empty()) {
      diagnostics_.error(doc.clock.place,
                         "the age clock needs an attribute with the age in years, and '" +
                             model_.age.text + "' has levels",
                         "declare a number, and name it under 'age'");
    }
  }
  hazard(doc.hazard, out);
  out.log_hr.terms = linear_terms(doc.log_hr);
  if (!doc.in_state.empty()) {
    out.has_state_factors = true;
    out.state_factor.assign(program_.states.size(), 1.0);
    for (const auto& [when, value] : doc.in_state) {
      const std::int32_t index = state(when);
      if (index >= 0 && out.to[static_cast<std::size_t>(index)] < 0) {
        diagnostics_.error(when.place,
                           "process '" + name.text + "' does not run in '" + when.text + "'",
                           "'in_state' names states of 'from'");
      }
      if (index >= 0) out.state_factor[static_cast<std::size_t>(index)] = portable::exp(at(value));
    }
  }
  for (const auto& [frailty, exponent] : doc.frailty) {
    const std::int32_t index = program_.find_column("log frailty " + frailty.text);
    if (index < 0) {
      std::vector<std::string> names;
      for (const auto& [known, entry] : model_.frailties) names.push_back(known.text);
      unknown(frailty, "frailty", names);
      continue;
    }
    out.frailties.push_back({index, at(exponent)});
  }
  program_.processes.push_back(std::move(out));
  // The knots moved with the process; the baseline points at them where they are now.
  Process& stored = program_.processes.back();
  stored.baseline.knots = stored.knots.data();
  stored.baseline.knot_count = static_cast<int>(stored.knots.size());
}

void Compiler::hazard(const HazardDoc& doc, Process& out) {
  if (!doc.life_table.empty()) {
    life_table(doc, out);
    return;
  }
  if (doc.family.empty()) {
    out.parameters = {0.0};
    return;
  }
  const auto found = find_model(doc.family.text);
  if (!found) {
    std::vector<std::string> names;
    for (const FamilyInfo& info : families()) names.emplace_back(info.name);
    names.emplace_back("life_table");
    unknown(doc.family, "hazard", names);
    out.parameters = {0.0};
    return;
  }
  out.baseline.family = found->family;
  out.baseline.cure = found->cure;
  if (!doc.cure.empty())
    out.baseline.cure = doc.cure.text == "mixture" ? Cure::mixture : Cure::non_mixture;
  const bool cured = out.baseline.cure != Cure::none;
  const FamilyInfo& info = family_info(out.baseline.family);
  const double unit = time_unit_days(doc.time_unit);
  const double log_unit = portable::log(unit);
  const std::string where = "processes > " + out.name + " > hazard > " + doc.family.text;
  std::vector<bool> used(doc.parameters.size(), false);
  const auto find = [&](std::string_view name) -> const Value* {
    for (std::size_t i = 0; i < doc.parameters.size(); ++i) {
      if (doc.parameters[i].first.text == name) {
        used[i] = true;
        return &doc.parameters[i].second;
      }
    }
    return nullptr;
  };
  // Which dimension a document's number had: literal units were folded in while reading.
  const auto dimension_of = [&](const Value& value) {
    for (const std::int32_t parameter : value.parameters) {
      const Dimension d = model_.parameters.rows()[static_cast<std::size_t>(parameter)].dimension;
      if (d != Dimension::none) return d;
    }
    return value.dimension;
  };

  if (cured) {
    const Value* share = doc.cure.empty() ? find("theta") : &doc.cured;
    if (share == nullptr || !share->given) {
      diagnostics_.error(doc.family.place, "a cure model needs the share cured",
                         "write cure: {kind: mixture, share: 0.3} beside the family", where);
    }
    out.parameters.push_back(share == nullptr ? 0.0 : at(*share));
  }
  // Knots and change times first: they say how many parameters there are.
  if (out.baseline.family == Family::piecewise) {
    for (const Value& time : doc.times) out.knots.push_back(at(time));
  } else if (info.needs_knots) {
    // Splines live on the log of time in the unit in which they were fitted; a change of unit
    // shifts the knots.
    for (const Value& time : doc.times)
      out.knots.push_back(portable::log(at(time) / unit) + log_unit);
  }
  for (std::size_t i = 0; i < doc.times.size(); ++i) {
    const bool positive = at(doc.times[i]) > 0;
    if (positive && (i == 0 || at(doc.times[i]) > at(doc.times[i - 1]))) continue;
    const auto months = [this](const Value& time) {
      return rounded(at(time) / days_per_month, 4) + " months";
    };
    diagnostics_.error(doc.times[i].place,
                       !positive ? "times must be above 0"
                                 : "times must increase, found " + months(doc.times[i]) +
                                       " after " + months(doc.times[i - 1]),
                       "", where);
    out.baseline = Baseline{};
    out.knots.clear();
    out.parameters = {0.0};
    return;
  }
  out.baseline.knots = out.knots.data();
  out.baseline.knot_count = static_cast<int>(out.knots.size());
  const std::string knots_wrong = knot_problem(out.baseline);
  if (!knots_wrong.empty()) {
    diagnostics_.error(doc.family.place, knots_wrong, "", where);
    out.baseline = Baseline{};
    out.knots.clear();
    out.parameters = {0.0};
    return;
  }
  const std::size_t expected = static_cast<std::size_t>(parameter_count(out.baseline));
  if (info.repeats) {
    const auto& list = out.baseline.family == Family::piecewise ? doc.rates : doc.gammas;
    for (const Value& value : list) out.parameters.push_back(at(value));
    if (out.parameters.size() != expected) {
      diagnostics_.error(
          doc.family.place,
          "'" + doc.family.text + "' needs " + std::to_string(expected - (cured ? 1 : 0)) + " " +
              (out.baseline.family == Family::piecewise ? "rates" : "gammas") + " for " +
              std::to_string(out.knots.size()) +
              (out.baseline.family == Family::piecewise ? " change times" : " knots") + ", found " +
              std::to_string(list.size()),
          "", where);
      out.parameters.resize(expected, 0.0);
      return;
    }
    if (info.needs_knots && out.baseline.family != Family::piecewise) {
      // gamma_0 + gamma_1 log t in the unit of the fit: log t[unit] = log t[days] - log unit; the
      // other basis functions do not change because their knots moved along.
      const std::size_t first = cured ? 1 : 0;
      out.parameters[first] -= out.parameters[first + 1] * log_unit;
    }
  } else {
    for (std::size_t i = 0; i < info.parameter_count; ++i) {
      const ParameterInfo& parameter = info.parameters[i];
      const Value* value = find(parameter.name);
      if (value == nullptr && parameter.name == "Q") value = find("q");
      if (value == nullptr && parameter.name == "P") value = find("p");
      if (value == nullptr && info.parameter_count == 1) value = find("");
      // A log-scale location may be given as a median on the time scale.
      if (value == nullptr && parameter.dimension == ParameterDimension::log_time) {
        const Value* median = find("median");
        if (median != nullptr && out.baseline.family == Family::log_normal) {
          if (dimension_of(*median) != Dimension::time) {
            diagnostics_.error(median->place, "'median' must be a duration such as 10 months", "",
                               where);
          }
          out.parameters.push_back(portable::log(at(*median)));
          continue;
        }
      }
      if (value != nullptr && !value->given) {
        out.parameters.push_back(1.0);  // could not be read, which has been reported
        continue;
      }
      if (value == nullptr) {
        out.parameters.push_back(1.0);
        // One that was written wrong is reported as unknown below.
        bool misspelt = false;
        for (const auto& [written, number] : doc.parameters) {
          bool known = written.text.empty();
          for (std::size_t k = 0; k < info.parameter_count; ++k)
            known = known || written.text == info.parameters[k].name;
          misspelt =
              misspelt || (!known && !closest(written.text, {std::string(parameter.name)}).empty());
        }
        if (misspelt) continue;
        diagnostics_.error(doc.family.place,
                           "'" + doc.family.text + "' needs '" + std::string(parameter.name) + "'",
                           std::string(parameter.help), where);
        continue;
      }
      const Dimension dimension = dimension_of(*value);
      const auto wants = [&](Dimension needed) {
        if (dimension == needed) return true;
        diagnostics_.error(value->place,
                           "'" + std::string(parameter.name) + "' of '" + doc.family.text +
                               "' must be " + std::string(dimension_in_words(needed)),
                           std::string(parameter.help), where);
        return false;
      };
      double number = at(*value);
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
          if (wants(Dimension::none)) {
            if (doc.time_unit.empty()) {
              diagnostics_.error(value->place,
                                 "'" + std::string(parameter.name) +
                                     "' is the logarithm of a time: say in which unit",
                                 "write time_unit: months beside the family", where);
            }
            number += log_unit;
          }
          break;
        case ParameterDimension::rate_power: {
          // H = scale t^shape with t in the unit named: scale per day^shape.
          if (dimension == Dimension::rate) break;
          if (doc.time_unit.empty()) {
            diagnostics_.error(
                value->place,
                "'" + std::string(parameter.name) + "' depends on the unit of time: say which",
                "write time_unit: months beside the family", where);
          }
          const Value* shape = find("shape");
          if (shape != nullptr) number *= portable::exp(-at(*shape) * log_unit);
          break;
        }
      }
      out.parameters.push_back(number);
    }
  }
  for (std::size_t i = 0; i < doc.parameters.size(); ++i) {
    if (used[i]) continue;
    std::vector<std::string> names;
    for (std::size_t k = 0; k < info.parameter_count; ++k)
      names.emplace_back(info.parameters[k].name);
    if (info.repeats) names = {"times", "rates"};
    if (info.repeats && info.needs_knots && out.baseline.family != Family::piecewise)
      names = {"knots", "gammas"};
    diagnostics_.error(
        doc.parameters[i].first.place,
        "'" + doc.family.text + "' has no parameter '" + doc.parameters[i].first.text + "'",
        suggestion(doc.parameters[i].first.text, names), where);
  }
  std::string wrong = parameter_problem(out.baseline, out.parameters.data());
  if (!wrong.empty()) {
    SourcePlace place = doc.family.place;
    if (wrong.find(" at time ") != std::string::npos) wrong += " d";  // of a spline that falls
    for (const auto& [name, value] : doc.parameters) {
      if (name.text.empty() || wrong.compare(0, name.text.size() + 1, name.text + " ") != 0)
        continue;
      place = value.place;
      // The number as a reader would write it, not per day.
      const Dimension dimension = dimension_of(value);
      const auto found_at = wrong.rfind(", found ");
      if (found_at == std::string::npos ||
          (dimension != Dimension::rate && dimension != Dimension::time))
        continue;
      char text[40] = {};
      std::snprintf(
          text, sizeof text, "%.6g %s",
          dimension == Dimension::rate ? at(value) * days_per_month : at(value) / days_per_month,
          dimension == Dimension::rate ? "per month" : "months");
      wrong = wrong.substr(0, found_at) + ", found " + text;
    }
    diagnostics_.error(place, "in '" + doc.family.text + "': " + wrong, "", where);
  }
  for (const AncillaryDoc& entry : doc.covariates) {
    ParameterTerms terms_out;
    bool known = false;
    for (std::size_t i = 0; i < expected; ++i) {
      if (parameter_name(out.baseline, static_cast<int>(i)) != entry.parameter.text) continue;
      known = true;
      terms_out.parameter = static_cast<std::int32_t>(i);
      switch (parameter_info(out.baseline, static_cast<int>(i)).transform) {
        case Transform::identity:
          terms_out.transform = 0;
          break;
        case Transform::log:
          terms_out.transform = 1;
          break;
        case Transform::logit:
          terms_out.transform = 2;
          break;
      }
    }
    if (!known) {
      std::vector<std::string> names;
      for (std::size_t i = 0; i < expected; ++i)
        names.push_back(parameter_name(out.baseline, static_cast<int>(i)));
      unknown(entry.parameter, "parameter of '" + doc.family.text + "'", names);
      continue;
    }
    terms_out.terms = linear_terms(entry.terms);
    const ParameterInfo& fitted = parameter_info(out.baseline, terms_out.parameter);
    if (fitted.transform == Transform::identity && fitted.dimension == ParameterDimension::rate) {
      // A coefficient that is added to a rate is a rate too, in the unit of the fit.
      if (doc.time_unit.empty()) {
        diagnostics_.error(
            entry.parameter.place,
            "coefficients on '" + entry.parameter.text + "' are per time: say in which unit",
            "write time_unit: months beside the family", where);
      }
      for (LinearTerm& term : terms_out.terms) term.coef /= unit;
    }
    // Parameters that were converted to days with the baseline value of this one follow the
    // patient's value.
    const std::int32_t first = cured ? 1 : 0;
    const bool spline = info.needs_knots && out.baseline.family != Family::piecewise;
    if (spline && terms_out.parameter == first + 1) {
      terms_out.converted = first;
      terms_out.log_unit = log_unit;
    } else if (out.baseline.family == Family::weibull_ph && terms_out.parameter == first &&
               !doc.time_unit.empty()) {
      terms_out.converted = first + 1;
      terms_out.converted_log = true;
      terms_out.log_unit = log_unit;
    }
    out.covariates.push_back(std::move(terms_out));
  }
  // Baselines on clocks that begin with diagnosis or with an event of the treatment are tabulated
  // at whole weeks, where doses and changes of effects fall.
  const bool cheap = out.baseline.cure == Cure::none &&
                     (out.baseline.family == Family::exponential ||
                      (out.baseline.family == Family::weibull && out.parameters[0] == 1.0));
  if ((out.clock == Clock::forward || out.clock == Clock::since) && out.covariates.empty() &&
      !cheap && wrong.empty() && input_.horizon_days > 0) {
    const auto weeks = static_cast<std::size_t>(input_.horizon_days / days_per_week) + 2;
    for (std::size_t k = 0; k < weeks; ++k) {
      out.grid.push_back(cumulative_hazard(out.baseline, out.parameters.data(),
                                           static_cast<double>(k) * days_per_week));
    }
  }
}

}  // namespace npcsim

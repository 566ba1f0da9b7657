#include <npcsim/base/quantity_text.hpp>
#include <npcsim/base/special_functions.hpp>
#include <npcsim/evidence/detail/checks.hpp>
#include <npcsim/evidence/effective_n.hpp>

#include <cmath>
#include <optional>

namespace npcsim::detail {
namespace {

// What a statistic must look like.
struct Shape {
  std::string_view units;  ///< "a|b"
  bool needs_time = false;
  bool needs_contrast = false;
};

Shape shape_of(Statistic statistic) {
  switch (statistic) {
    case Statistic::median:
      return {"months"};
    case Statistic::landmark_survival:
      return {"fraction", true, false};
    case Statistic::hazard_ratio:
      return {"ratio", false, true};
    case Statistic::difference:
      return {"fraction|months", false, true};
    case Statistic::share:
    case Statistic::response_rate:
    case Statistic::toxicity_rate:
    case Statistic::crude_rate:
      return {"fraction"};
    case Statistic::incidence_rate:
      return {"per_100000_per_year"};
    case Statistic::count:
      return {"persons"};
    case Statistic::p_value:
      return {"probability", false, true};
    case Statistic::c_index:
      return {"probability"};
    case Statistic::auc:
      return {"probability", true, false};
  }
  return {};
}

bool one_of(std::string_view word, std::string_view list) {
  while (!list.empty()) {
    const auto bar = list.find('|');
    if (list.substr(0, bar) == word) return true;
    if (bar == std::string_view::npos) break;
    list.remove_prefix(bar + 1);
  }
  return false;
}

std::string in_text(std::string_view list) {
  std::string out;
  for (const char c : list) out += c == '|' ? std::string(" or ") : std::string(1, c);
  return out;
}

bool is_response(const std::string& endpoint) { return one_of(endpoint, "ORR|CR|PR|SD|PD"); }

class TargetCheck {
 public:
  TargetCheck(const Name& id, const Target& target, Diagnostics& diagnostics)
      : id_(id), target_(target), diagnostics_(diagnostics) {}

  void shape() {
    const std::string statistic = target_.statistic_word;
    const Shape needed = shape_of(target_.statistic);
    const bool has_arm = !target_.arm.empty();
    if (has_arm == target_.has_contrast) {
      error(has_arm ? "has an arm and a contrast" : "has neither an arm nor a contrast",
            "a figure is of one arm, or of one arm against another");
    } else if (needed.needs_contrast && !target_.has_contrast) {
      error("is a " + statistic + " of one arm", "write contrast: {of: ..., against: ...}");
    }
    if (target_.has_contrast && target_.contrast.of.text == target_.contrast.against.text)
      error("compares '" + target_.contrast.of.text + "' with itself");
    if (needed.needs_time && !target_.at_written)
      error("is a " + statistic + " without 'at_months'", "a rate without a time is a crude_rate");
    if (!needed.units.empty() && !one_of(target_.unit, needed.units))
      error("is a " + statistic + " in " + target_.unit,
            "the unit must be " + in_text(needed.units));
    if (target_.at_written &&
        (target_.statistic == Statistic::median || target_.statistic == Statistic::hazard_ratio ||
         (target_.statistic == Statistic::difference && target_.unit == "months")))
      error("is a " + statistic + " with 'at_months'",
            "leave the time away; a share without the event at a time is a landmark_survival");
    // An endpoint that nobody knows has been reported.
    if (target_.statistic == Statistic::response_rate && !target_.endpoint.empty() &&
        !is_response(target_.endpoint))
      error("is a response_rate of " + target_.endpoint, "endpoints are ORR, CR, PR, SD or PD");
  }

  // Whether the numbers can be taken at their word.
  bool value() {
    const bool value = is_printed(target_.value);
    const bool range = is_printed(target_.range.low);
    if ((target_.value_written && !value) || target_.range.unreadable()) return false;
    if (target_.reading == Reading::not_reached) {
      if (value || range) error("is not reached and has a value");
      return false;
    }
    if (value && range) error("has a value and a range", "keep what is printed");
    if (!value && !range)
      error("has no value", "write value, or range with is: range, or is: not_reached");
    if (target_.reading == Reading::range && !range) error("is called a range and has none");
    for (const double x : {target_.value, target_.range.low, target_.range.high,
                           target_.interval.low, target_.interval.high}) {
      if (!is_printed(x)) continue;
      if (one_of(target_.unit, "fraction|probability") && x > 1) {
        error("has the " + target_.unit + " " + shortest(x),
              // What is a little above 1 may be in per cent, or a slip of the pen.
              x < 2 ? "fractions are from 0 to 1; " + shortest(x) + " per cent are " +
                          shortest(std::round(x * 1e10) / 1e12)
              : x <= 100 ? "write it as a fraction: " + shortest(std::round(x * 1e10) / 1e12)
                         : std::string());
        return false;
      }
      if (target_.unit == "ratio" && !(x > 0)) {
        error("has the ratio " + shortest(x), "ratios are above 0");
        return false;
      }
      // The logarithm of a median is what is compared.
      if (target_.statistic == Statistic::median && !(x > 0)) {
        error("is a median of " + shortest(x) + " " + target_.unit, "medians are above 0");
        return false;
      }
    }
    return true;
  }

  void interval() {
    const bool has = is_printed(target_.interval.low);
    if (target_.interval.unreadable() || (target_.level_written && !is_printed(target_.level)))
      return;
    if (has != is_printed(target_.level)) {
      error(has ? "has an interval without 'level'" : "has a level without 'interval'",
            has ? "write level: 0.95" : std::string());
      return;
    }
    if (has && target_.level <= 0.5) {
      error("has an interval of the level " + shortest(target_.level),
            "write level: 0.95 for an interval of 95 %");
      return;
    }
    if (!has || !is_printed(target_.value)) return;
    if (target_.value < target_.interval.low || target_.value > target_.interval.high) {
      diagnostics_.error(
          target_.interval.place,
          "the interval of '" + id_.text + "' does not hold its value " + shortest(target_.value),
          "look it up again; a misprint goes into 'doubt'", path());
      return;
    }
    if (target_.statistic != Statistic::hazard_ratio || target_.unit != "ratio") return;
    // A ratio lies in the middle of its interval on the log scale; rounding moves it a little.
    const std::optional<double> se = standard_error_of_interval(target_);
    if (!se) return;
    const double centre = 0.5 * (std::log(target_.interval.low) + std::log(target_.interval.high));
    const double off = std::fabs(std::log(target_.value) - centre) / *se;
    if (!target_.doubt.empty()) return;
    if (off > 0.25) {
      diagnostics_.error(target_.interval.place,
                         "the ratio " + shortest(target_.value) + " of '" + id_.text +
                             "' is not in the middle of its interval on the log scale",
                         "one of them is misprinted: say so in 'doubt'", path());
    } else if (is_printed(target_.p) && target_.p_is == "exact") {
      const double p = 2 * portable::normal_survival(std::fabs(std::log(target_.value)) / *se);
      if (p > 3 * target_.p || p < target_.p / 3)
        error(
            "has the P value " + shortest(target_.p) + ", but its interval gives " + number_text(p),
            "one of them is misprinted: say so in 'doubt'");
    }
  }

  void patients(const Evidence& evidence) {
    const Study* study = find(evidence.studies, target_.study.text);
    if (study == nullptr || study->patients == 0) return;
    if (target_.cohort > study->patients)
      error("is of a cohort of " + std::to_string(target_.cohort) + " patients, its study has " +
            std::to_string(study->patients));
    if (target_.n == 0) return;
    if (target_.n > study->patients)
      error("has " + std::to_string(target_.n) + " patients, its study " +
            std::to_string(study->patients));
    if (!target_.risk_class.empty() && target_.n == study->patients)
      error("is of a class and has the n of the whole study",
            "leave n away: the rule of n_basis takes the size of the class");
  }

  void basis(const Evidence& evidence) {
    const EffectiveNRule* rule = find(evidence.effective_n, target_.n_basis.text);
    if (rule == nullptr) return;
    if (rule->of == "printed" && !target_.n_written) basis_error("is 'printed', but there is no n");
    if (rule->of == "interval" && !is_printed(target_.interval.low) &&
        !target_.interval.unreadable())
      basis_error("is '" + target_.n_basis.text + "', but there is no interval");
    if (rule->of == "class" && target_.risk_class.empty())
      basis_error("is '" + target_.n_basis.text + "', but there is no risk_class");
    const Study* study = find(evidence.studies, target_.study.text);
    if ((rule->of == "study" || rule->of == "class") && study != nullptr &&
        !study->patients_written)
      basis_error("is '" + target_.n_basis.text + "', but its study has no number of patients");
  }

 private:
  static std::string number_text(double p) {
    const double rounded = p < 0.001 ? p : std::round(p * 1000.0) / 1000.0;
    return p < 0.001 ? std::string("below 0.001") : shortest(rounded);
  }
  std::string path() const { return "targets > " + id_.text; }
  void error(const std::string& what, std::string hint = {}) {
    diagnostics_.error(id_.place, "'" + id_.text + "' " + what, std::move(hint), path());
  }
  void basis_error(const std::string& what) {
    diagnostics_.error(target_.n_basis.place, "the n_basis of '" + id_.text + "' " + what,
                       "effective_n lists the rules", path());
  }

  const Name& id_;
  const Target& target_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_target(const Evidence& evidence, const Name& id, const Target& target,
                  Diagnostics& diagnostics) {
  // What could not be read has been reported; its shape would only repeat that.
  if (!statistic_of(target.statistic_word) || target.unit.empty()) return;
  TargetCheck check(id, target, diagnostics);
  check.shape();
  if (check.value()) check.interval();
  check.patients(evidence);
  check.basis(evidence);
}

}  // namespace npcsim::detail

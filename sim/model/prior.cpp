#include <npcsim/base/portable_math.hpp>
#include <npcsim/model/prior.hpp>
#include <npcsim/random/distributions.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace npcsim {

namespace {

struct Form {
  std::string_view name;
  Prior::Kind kind;
  std::size_t numbers;
  std::string_view meaning;
  bool first_positive;
};

constexpr std::array<Form, 4> forms{
    {{"normal", Prior::Kind::normal, 2, "[mean, sd]", false},
     {"log_normal", Prior::Kind::log_normal, 2, "[median, sd of the logarithm]", true},
     {"beta", Prior::Kind::beta, 2, "[a, b]", true},
     {"half_normal", Prior::Kind::half_normal, 1, "[scale]", true}}};

std::vector<std::string> form_names() {
  std::vector<std::string> names;
  for (const Form& form : forms) names.emplace_back(form.name);
  names.emplace_back("fixed");
  return names;
}

std::string example(const Form& form) {
  return "write {" + std::string(form.name) + ": " + std::string(form.meaning) +
         "}, numbers in the unit of the value";
}

bool is_percent(const Parameter& parameter) { return parameter.suffix == "%"; }

}  // namespace

Prior read_prior(Binder& binder, const Tree& tree) {
  Prior out;
  out.place = tree.place();
  if (tree.is_scalar() && tree.text() == "fixed") {
    out.kind = Prior::Kind::fixed;
    return out;
  }
  if (!tree.is_map() || tree.size() != 1) {
    binder.error(tree.place(),
                 "a prior must be 'fixed' or one distribution, found " + in_words(tree),
                 "e.g. {normal: [-0.85, 0.2]}");
    return out;
  }
  const Tree::Key& name = tree.keys()[0];
  const auto form = std::find_if(forms.begin(), forms.end(),
                                 [&](const Form& known) { return known.name == name.text; });
  if (form == forms.end()) {
    binder.error(name.place, "unknown prior '" + name.text + "'",
                 suggestion(name.text, form_names()));
    return out;
  }
  const Tree& list = tree.items()[0];
  const std::size_t found = list.is_list() ? list.size() : 1;
  if (found != form->numbers) {
    binder.error(list.place(),
                 "the prior '" + name.text + "' takes " + std::to_string(form->numbers) +
                     (form->numbers == 1 ? " number" : " numbers") + ", found " +
                     (list.is_list() ? std::to_string(found) : in_words(list)),
                 example(*form));
    return out;
  }
  std::array<double, 2> numbers{0, 0};
  for (std::size_t i = 0; i < found; ++i) {
    const Tree& item = list.is_list() ? list.items()[i] : list;
    const auto number =
        item.is_scalar() && !item.quoted() ? parse_number(item.text()) : std::nullopt;
    if (!number) {
      binder.error(item.place(), "a prior is made of numbers, found " + in_words(item),
                   example(*form));
      return out;
    }
    if ((i > 0 || form->first_positive) && !(*number > 0)) {
      binder.error(
          item.place(), "this number of the prior must be above 0, found " + item.text(),
          example(*form) + (i > 0 && *number == 0 ? "; to hold a value: prior: fixed" : ""));
      return out;
    }
    numbers[i] = *number;
  }
  out.kind = form->kind;
  out.first = numbers[0];
  out.second = numbers[1];
  return out;
}

std::string written(const Prior& prior) {
  if (prior.kind == Prior::Kind::fixed) return "fixed";
  const auto form = std::find_if(forms.begin(), forms.end(),
                                 [&](const Form& known) { return known.kind == prior.kind; });
  if (form == forms.end()) return {};
  return "{" + std::string(form->name) + ": [" + shortest(prior.first) +
         (form->numbers > 1 ? ", " + shortest(prior.second) : "") + "]}";
}

bool is_uncertain(const Parameter& parameter) {
  return parameter.distribution.kind != Prior::Kind::none &&
         parameter.distribution.kind != Prior::Kind::fixed;
}

double prior_quantile(const Parameter& parameter, double u) {
  const Prior& prior = parameter.distribution;
  switch (prior.kind) {
    case Prior::Kind::normal:
      return NormalDistribution{prior.first, prior.second}.quantile(u);
    case Prior::Kind::log_normal:
      return LogNormalDistribution{portable::log(prior.first), prior.second}.quantile(u);
    case Prior::Kind::beta:
      return BetaDistribution{prior.first, prior.second}.quantile(u) *
             (is_percent(parameter) ? 100.0 : 1.0);
    case Prior::Kind::half_normal:
      // The lower tail of the normal, turned over: 1 - u is exact for a uniform draw.
      return -NormalDistribution{0.0, prior.first}.quantile(0.5 * (1.0 - u));
    case Prior::Kind::none:
    case Prior::Kind::fixed:
      break;
  }
  return parameter.written;
}

bool prior_allows(const Parameter& parameter, double written) {
  switch (parameter.distribution.kind) {
    case Prior::Kind::log_normal:
      return written > 0;
    case Prior::Kind::half_normal:
      return written >= 0;
    case Prior::Kind::beta:
      return written >= 0 && written <= (is_percent(parameter) ? 100 : 1);
    case Prior::Kind::none:
    case Prior::Kind::fixed:
    case Prior::Kind::normal:
      break;
  }
  return std::isfinite(written);
}

const char* prior_range(const Parameter& parameter) {
  switch (parameter.distribution.kind) {
    case Prior::Kind::log_normal:
      return "above 0";
    case Prior::Kind::half_normal:
      return "at least 0";
    case Prior::Kind::beta:
      return is_percent(parameter) ? "from 0 to 100" : "from 0 to 1";
    case Prior::Kind::none:
    case Prior::Kind::fixed:
    case Prior::Kind::normal:
      break;
  }
  return "a finite number";
}

}  // namespace npcsim

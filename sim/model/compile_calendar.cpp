// Calendar time: the attribute that says when a patient was diagnosed, and the study's word on it.
#include <npcsim/model/calendar.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>

namespace npcsim {
namespace {

struct Range {
  double low = 0;
  double high = 0;
};

// What a rule can fill in, as far as the rule alone says.
std::optional<Range> known_range(const ColumnRule& rule, const Program& program) {
  const bool plain = rule.location.terms.empty();
  std::optional<Range> out;
  switch (rule.kind) {
    case ColumnKind::uniform:
    case ColumnKind::truncated_normal:
      out = Range{rule.low, rule.high};
      break;
    case ColumnKind::constant:
    case ColumnKind::linear:
    case ColumnKind::normal:  // its middle
      if (plain) out = Range{rule.location.intercept, rule.location.intercept};
      break;
    case ColumnKind::resample: {
      if (program.resample == nullptr || rule.operands.empty()) break;
      const auto& cells = program.resample->columns[static_cast<std::size_t>(rule.operands[0])];
      if (cells.empty()) break;
      const auto [low, high] = std::minmax_element(cells.begin(), cells.end());
      out = Range{*low, *high};
      break;
    }
    default:
      break;
  }
  if (out) out = Range{out->low + rule.plus, out->high + rule.plus};
  return out;
}

}  // namespace

// The study gives everybody one calendar time. If the model has a rule for it, the study's word
// holds: the outer document sets what the inner one says, as it does for parameters.
void Compiler::diagnosed_by_study(const AttributeDoc& instead_of) {
  ColumnRule rule;
  rule.kind = ColumnKind::constant;
  rule.location.intercept = *input_.diagnosed_on;
  const std::string& name = model_.diagnosed_on.text;
  ColumnInfo info{name,
                  instead_of.label.empty() ? name : instead_of.label,
                  instead_of.unit.empty() ? "years" : instead_of.unit,
                  {},
                  false};
  info.latent = instead_of.latent;
  add_column(std::move(info), std::move(rule));
}

void Compiler::check_diagnosed_on() {
  const Name& name = model_.diagnosed_on;
  const AttributeDoc* doc = nullptr;
  for (const auto& [known, attribute] : model_.attributes) {
    if (known.text == name.text) doc = &attribute;
  }
  const std::int32_t index = program_.find_column(name.text);
  if (index < 0) {
    // Without an attribute of the usual name patients have no calendar time.
    if (doc == nullptr && name.text != usual_diagnosed_on)
      unknown(name, "attribute", variable_names(program_, true));
    return;
  }
  if (input_.diagnosed_on) return;  // the binder has checked the study's number
  const bool usual = name.text == usual_diagnosed_on;
  const auto& levels = program_.columns[static_cast<std::size_t>(index)].levels;
  if (!levels.empty()) {
    diagnostics_.error(usual && doc != nullptr ? doc->kind.place : name.place,
                       "'" + name.text +
                           "' holds the calendar time of diagnosis and must be a number, found " +
                           (levels == std::vector<std::string>{"no", "yes"} ? "a flag" : "levels"),
                       usual ? "a decimal year, e.g. " + name.text + ": {uniform: [2015, 2020]}"
                             : "name an attribute that is a decimal year, such as 2019.5");
    return;
  }
  const ColumnRule& rule = program_.rules[static_cast<std::size_t>(index)];
  const auto is_year = [](double year) {
    return year >= earliest_diagnosis && year <= latest_diagnosis;
  };
  const auto wrong = [&](double found, const std::string& where, const std::string& hint) {
    diagnostics_.error(doc == nullptr ? name.place : doc->kind.place,
                       "'" + name.text + "' must be a decimal year from " +
                           shortest(earliest_diagnosis) + " to " + shortest(latest_diagnosis) +
                           ", found " + shortest(found) + where,
                       hint, "attributes > " + name.text);
  };
  const std::optional<Range> range = known_range(rule, program_);
  if (range && !(is_year(range->low) && is_year(range->high))) {
    wrong(is_year(range->low) ? range->high : range->low, "", "2019.5 is the middle of 2019");
  } else if (rule.condition >= 0 && !is_year(rule.otherwise)) {
    wrong(rule.otherwise, " where 'when' is false", "write otherwise: 2019.5");
  }
}

std::int32_t Compiler::calendar_column(const HazardDoc& doc, const LifeTable& table) {
  const auto latest = table.latest_of_years();
  if (!latest) return -1;
  const std::int32_t index = program_.find_column(model_.diagnosed_on.text);
  if (index < 0 && !input_.model_alone && !diagnostics_.has_errors()) {
    diagnostics_.warning(
        doc.life_table.place,
        "the life table has years, but no patient has a calendar time: everybody dies by the "
        "rates of its latest year, " +
            std::to_string(*latest),
        "write diagnosed_on: 2019.5 in the study, or declare the attribute '" +
            model_.diagnosed_on.text + "'");
  }
  return index;
}

}  // namespace npcsim

// Columns, and the rules that fill them: order of attributes, copulas, levels, frailties.
#include <npcsim/model/calendar.hpp>
#include <npcsim/model/detail/compiler.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace npcsim {
namespace {

// Whether an attribute of this kind has a distribution of its own, which a copula can join.
bool is_drawn(ColumnKind kind) {
  switch (kind) {
    case ColumnKind::constant:
    case ColumnKind::resample:
    case ColumnKind::linear:
    case ColumnKind::sum:
    case ColumnKind::product:
    case ColumnKind::log10:
    case ColumnKind::standardised:
    case ColumnKind::condition:
      return false;
    default:
      return true;
  }
}

}  // namespace

ColumnKind Compiler::column_kind(const std::string& name) {
  static const std::vector<std::pair<std::string, ColumnKind>> kinds{
      {"bernoulli", ColumnKind::bernoulli},
      {"categorical", ColumnKind::categorical},
      {"normal", ColumnKind::normal},
      {"truncated_normal", ColumnKind::truncated_normal},
      {"log_normal", ColumnKind::log_normal},
      {"gamma", ColumnKind::gamma},
      {"beta", ColumnKind::beta},
      {"uniform", ColumnKind::uniform},
      {"poisson", ColumnKind::poisson},
      {"constant", ColumnKind::constant},
      {"pattern", ColumnKind::pattern},
      {"resample", ColumnKind::resample},
      {"linear", ColumnKind::linear},
      {"sum", ColumnKind::sum},
      {"product", ColumnKind::product},
      {"log10", ColumnKind::log10},
      {"standardised", ColumnKind::standardised},
      {"condition", ColumnKind::condition}};
  for (const auto& [text, kind] : kinds) {
    if (text == name) return kind;
  }
  return ColumnKind::constant;
}

std::int32_t Compiler::add_column(ColumnInfo info, ColumnRule rule) {
  const auto index = static_cast<std::int32_t>(program_.columns.size());
  rule.column = index;
  program_.columns.push_back(std::move(info));
  program_.rules.push_back(std::move(rule));
  return index;
}

std::int32_t Compiler::hidden_normal(const std::string& name) {
  ColumnRule rule;
  rule.kind = ColumnKind::normal;
  rule.spread = 1;
  rule.stream = stream(name, model_.place);
  return add_column({name, "", "", {}, true}, std::move(rule));
}

void Compiler::columns() {
  copulas();
  const auto is_calendar = [this](const auto& entry) {
    return entry.first.text == model_.diagnosed_on.text;
  };
  // First, so that attributes may be derived from it.
  if (input_.diagnosed_on && model_.diagnosed_on.text == usual_diagnosed_on &&
      std::none_of(model_.attributes.begin(), model_.attributes.end(), is_calendar)) {
    diagnosed_by_study({});
  }
  for (const auto& [name, doc] : model_.attributes) attribute(name, doc);
  check_diagnosed_on();
  frailties();
}

void Compiler::copulas() {
  std::set<std::string> members;  // the second latent normal would replace the first
  for (std::size_t g = 0; g < model_.copulas.size(); ++g) {
    const CopulaDoc& doc = model_.copulas[g];
    const std::size_t n = doc.of.size();
    CopulaGroup group;
    bool square = doc.correlation.size() == n;
    for (const auto& row : doc.correlation) square = square && row.size() == n;
    if (!square || n == 0) {
      diagnostics_.error(doc.place, "the correlation matrix must have " + std::to_string(n) +
                                        " rows of " + std::to_string(n) + " numbers");
      continue;
    }
    // Cholesky factor, row by row; a pivot that is not positive means that no such normal exists.
    group.cholesky.assign(n * (n + 1) / 2, 0.0);
    const auto cell = [&group](std::size_t i, std::size_t j) -> double& {
      return group.cholesky[i * (i + 1) / 2 + j];
    };
    bool sound = true;
    for (std::size_t i = 0; i < n && sound; ++i) {
      if (at(doc.correlation[i][i]) != 1.0) {
        diagnostics_.error(doc.correlation[i][i].place,
                           "the diagonal of a correlation matrix is 1");
        sound = false;
      }
      for (std::size_t j = 0; j < i && sound; ++j) {
        if (at(doc.correlation[i][j]) != at(doc.correlation[j][i])) {
          diagnostics_.error(doc.correlation[i][j].place,
                             "the correlation matrix is not symmetric");
          sound = false;
        }
      }
    }
    for (std::size_t i = 0; i < n && sound; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        double sum = at(doc.correlation[i][j]);
        for (std::size_t k = 0; k < j; ++k) sum -= cell(i, k) * cell(j, k);
        if (i == j) {
          if (!(sum > 1e-12)) {
            diagnostics_.error(doc.place, "the correlation matrix is not positive definite",
                               "row " + std::to_string(i + 1) + " contradicts the rows before it");
            sound = false;
            break;
          }
          cell(i, i) = std::sqrt(sum);
        } else {
          cell(i, j) = sum / cell(j, j);
        }
      }
    }
    for (const Name& name : doc.of) {
      if (!members.insert(name.text).second) {
        diagnostics_.error(name.place, "'" + name.text + "' is a member of a copula already",
                           "all that hang together belong into one correlation matrix");
      }
      group.streams.push_back(stream("copula " + name.text, name.place));
      const auto member =
          std::find_if(model_.attributes.begin(), model_.attributes.end(),
                       [&](const auto& row) { return row.first.text == name.text; });
      if (member == model_.attributes.end()) {
        unknown(name, "attribute", {});
      } else if (!member->second.kind.empty() && !is_drawn(column_kind(member->second.kind.text))) {
        diagnostics_.error(name.place,
                           "'" + name.text + "' is not drawn at random, but comes from others",
                           "a copula is for attributes with a distribution of their own");
      }
    }
    for (std::size_t i = 0; i < n; ++i) {
      ColumnRule rule;
      rule.kind = ColumnKind::copula_normal;
      rule.copula = static_cast<std::int32_t>(program_.copulas.size());
      rule.copula_row = static_cast<std::int32_t>(i);
      rule.stream = group.streams[i];
      group.columns.push_back(
          add_column({"latent " + doc.of[i].text, "", "", {}, true}, std::move(rule)));
    }
    program_.copulas.push_back(std::move(group));
  }
}

bool Compiler::has_other_levels(std::int32_t column) const {
  const auto& levels = program_.columns[static_cast<std::size_t>(column)].levels;
  return !levels.empty() && levels != std::vector<std::string>{"no", "yes"};
}

// The value of an attribute with levels is the number of one of them, whatever else is said.
void Compiler::check_levels(const Name& name, const AttributeDoc& doc, const ColumnInfo& info) {
  const std::size_t levels = info.levels.size();
  if (levels == 0) return;
  const std::string path = "attributes > " + name.text;
  if (levels > most_levels) {
    diagnostics_.error(doc.kind.place,
                       "an attribute has at most " + std::to_string(most_levels) +
                           " levels, found " + std::to_string(levels),
                       "join some of them, or use a number instead", path);
    return;
  }
  if (at(doc.plus) != 0)
    diagnostics_.error(doc.plus.place, "an attribute with levels takes no 'plus'",
                       "it is for numbers", path);
  const double value = at(doc.otherwise);
  const auto whole = static_cast<std::size_t>(value >= 0 && value < 1e6 ? value : 1e6);
  if (whole < levels && static_cast<double>(whole) == value) return;
  diagnostics_.error(doc.otherwise.place,
                     "'otherwise' is the number of a level here, from 0 (" + info.levels.front() +
                         ") to " + std::to_string(levels - 1) + " (" + info.levels.back() +
                         "), found " + shortest(value),
                     "", path);
}

void Compiler::frailties() {
  for (const auto& [name, doc] : model_.frailties) {
    if (doc.kind.empty()) continue;
    ColumnRule rule;
    rule.stream = stream("frailty " + name.text, name.place);
    if (doc.kind.text == "gamma") {
      rule.kind = ColumnKind::frailty_gamma;
      rule.spread = at(doc.variance);
    } else if (doc.kind.text == "log_normal") {
      rule.kind = ColumnKind::frailty_log_normal;
      rule.spread = at(doc.sd);
    } else {
      rule.kind = ColumnKind::frailty_stable;
      rule.spread = at(doc.index);
    }
    // Two columns: the standard normal score, and the logarithm of the frailty that hazards use.
    const std::int32_t score =
        add_column({"frailty " + name.text, name.text, "", {}, true}, std::move(rule));
    ColumnRule log_rule;
    log_rule.kind = ColumnKind::frailty_log;
    log_rule.operands = {score};
    add_column({"log frailty " + name.text, "", "", {}, true}, std::move(log_rule));
  }
}

}  // namespace npcsim

// Attributes, copulas and frailties into columns and the rules that fill them.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/model/calendar.hpp>
#include <npcsim/model/detail/compiler.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace npcsim {
namespace {

constexpr double most_poisson_mean = 1e6;  // far beyond any count of a patient

bool is_linear(const Linear& predictor) { return !predictor.terms.empty(); }

ColumnKind kind_of(const std::string& name) {
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

const LinearDoc* number(const AttributeDoc& doc, std::string_view name) {
  for (const auto& [key, value] : doc.numbers) {
    if (key == name) return &value;
  }
  return nullptr;
}

}  // namespace

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
      } else if (!member->second.kind.empty() && !is_drawn(kind_of(member->second.kind.text))) {
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

void Compiler::attribute(const Name& name, const AttributeDoc& doc) {
  if (program_.find_column(name.text) >= 0) {
    diagnostics_.error(name.place, "attribute '" + name.text + "' is declared twice");
    return;
  }
  if (doc.kind.empty()) return;
  if (input_.diagnosed_on && name.text == model_.diagnosed_on.text) {
    diagnosed_by_study(doc);
    return;
  }
  ColumnRule rule;
  rule.kind = kind_of(doc.kind.text);
  rule.stream = stream(name.text, name.place);
  rule.otherwise = at(doc.otherwise);
  rule.plus = at(doc.plus);
  if (!doc.when.empty() && declared_before(doc.when)) {
    rule.condition = compile_condition(doc.when, program_, input_.parameters, true, diagnostics_);
  }
  // A copula supplies the latent normal of its members.
  for (std::size_t g = 0; g < program_.copulas.size(); ++g) {
    for (const std::int32_t latent : program_.copulas[g].columns) {
      if (program_.columns[static_cast<std::size_t>(latent)].name == "latent " + name.text) {
        rule.latent = latent;
        rule.copula = static_cast<std::int32_t>(g);
      }
    }
  }
  const auto needed = [&](std::string_view key) -> const LinearDoc* {
    const LinearDoc* found = number(doc, key);
    if (found == nullptr) {
      diagnostics_.error(doc.kind.place, "'" + doc.kind.text + "' needs '" + std::string(key) + "'",
                         "", "attributes > " + name.text);
    }
    return found;
  };
  const auto constant = [&](std::string_view key) -> double {
    const LinearDoc* found = needed(key);
    return found == nullptr ? 1.0 : at(found->intercept);
  };
  const auto must = [&](bool fine, const std::string& what) {
    if (!fine) diagnostics_.error(doc.kind.place, what, "", "attributes > " + name.text);
  };
  ColumnInfo info{name.text, doc.label.empty() ? name.text : doc.label, doc.unit, {}, false};
  switch (rule.kind) {
    case ColumnKind::bernoulli: {
      info.levels = {"no", "yes"};
      if (number(doc, "logit") != nullptr && number(doc, "probability") != nullptr)
        must(false, "a flag has a probability or a logit, not both");
      if (const LinearDoc* logit = number(doc, "logit")) {
        rule.kind = ColumnKind::bernoulli_logit;
        rule.location = linear(*logit);
      } else if (const LinearDoc* probability = needed("probability")) {
        rule.location = linear(*probability);
        if (rule.location.terms.empty()) {
          must(rule.location.intercept >= 0 && rule.location.intercept <= 1,
               "a probability must be from 0 to 1, found " + shortest(rule.location.intercept));
        }
      }
      break;
    }
    case ColumnKind::categorical: {
      double sum = 0;
      for (const auto& [level, probability] : doc.levels) {
        info.levels.push_back(level.text);
        sum += at(probability);
        rule.weights.push_back(sum);
      }
      must(!doc.levels.empty(), "the attribute has no levels");
      must(sum > 1.0 - 1e-9 && sum < 1.0 + 1e-9,
           "the probabilities of the levels must sum to 1, found " + shortest(sum));
      for (double& cumulative : rule.weights) cumulative /= sum;
      break;
    }
    case ColumnKind::normal:
    case ColumnKind::truncated_normal: {
      if (const LinearDoc* mean = needed("mean")) rule.location = linear(*mean);
      rule.spread = constant("sd");
      must(rule.spread >= 0, "'sd' must be at least 0, found " + shortest(rule.spread));
      if (rule.kind == ColumnKind::truncated_normal) {
        must(rule.spread > 0, "'sd' must be above 0 between limits, found 0");
        rule.low = constant("min");
        rule.high = constant("max");
        must(rule.low < rule.high, "'min' must be below 'max'");
      }
      break;
    }
    case ColumnKind::log_normal: {
      if (const LinearDoc* mean = needed("meanlog")) rule.location = linear(*mean);
      rule.spread = constant("sdlog");
      must(rule.spread >= 0, "'sdlog' must be at least 0, found " + shortest(rule.spread));
      break;
    }
    case ColumnKind::gamma: {
      if (const LinearDoc* mean = needed("mean")) rule.location = linear(*mean);
      must(is_linear(rule.location) || rule.location.intercept > 0,
           "'mean' must be above 0, found " + shortest(rule.location.intercept));
      rule.spread = constant("shape");
      must(rule.spread >= QuantileTable::smallest_shape,
           "'shape' must be at least " + shortest(QuantileTable::smallest_shape) + ", found " +
               shortest(rule.spread));
      break;
    }
    case ColumnKind::beta:
      rule.low = constant("a");
      rule.high = constant("b");
      must(rule.low > 0 && rule.high > 0, "'a' and 'b' must be above 0");
      break;
    case ColumnKind::uniform:
      rule.low = constant("min");
      rule.high = constant("max");
      must(rule.low < rule.high, "'min' must be below 'max'");
      break;
    case ColumnKind::poisson: {
      if (const LinearDoc* mean = needed("mean")) rule.location = linear(*mean);
      must(is_linear(rule.location) ||
               (rule.location.intercept >= 0 && rule.location.intercept <= most_poisson_mean),
           "'mean' must be from 0 to " + shortest(most_poisson_mean) + ", found " +
               shortest(rule.location.intercept));
      for (const Name& times : doc.of) {
        const std::int32_t index = column(times);
        if (index >= 0) rule.operands.push_back(index);
      }
      break;
    }
    case ColumnKind::constant:
      rule.location.intercept = constant("value");
      break;
    case ColumnKind::linear:
      if (const LinearDoc* value = needed("value")) rule.location = linear(*value);
      break;
    case ColumnKind::sum:
    case ColumnKind::product:
    case ColumnKind::log10:
    case ColumnKind::standardised:
      for (const Name& operand : doc.of) {
        const std::int32_t index = column(operand);
        if (index >= 0) rule.operands.push_back(index);
      }
      if (rule.kind == ColumnKind::log10 || rule.kind == ColumnKind::standardised) {
        must(doc.of.size() == 1, "'" + doc.kind.text + "' takes one attribute");
      }
      break;
    case ColumnKind::condition:
      info.levels = {"no", "yes"};
      if (!doc.when.empty()) {
        diagnostics_.error(name.place, "a condition takes no 'when'",
                           "put it into the condition: {condition: {..., liver: true}}");
      }
      if (declared_before(doc.derived)) {
        rule.condition =
            compile_condition(doc.derived, program_, input_.parameters, true, diagnostics_);
      }
      break;
    case ColumnKind::resample: {
      const auto found = input_.data.find(input_.resample_file);
      const Column* source =
          found == input_.data.end() ? nullptr : found->second.find(doc.table.text);
      if (found == input_.data.end()) {
        // One that cannot be read has been reported.
        if (input_.resample_file.empty())
          diagnostics_.error(doc.table.place, "there is no table of real patients",
                             "the population names it: resample: patients.csv");
      } else if (source == nullptr || !std::holds_alternative<Column::Numbers>(source->cells)) {
        std::vector<std::string> names;
        for (const Column& candidate : found->second.columns) names.push_back(candidate.name);
        diagnostics_.error(
            doc.table.place,
            source == nullptr
                ? "the table of patients has no column '" + doc.table.text + "'"
                : "column '" + doc.table.text + "' of " + input_.resample_file + " is not numeric",
            source == nullptr ? suggestion(doc.table.text, names) : "");
      } else {
        auto table = program_.resample == nullptr
                         ? std::make_shared<ResampleTable>()
                         : std::make_shared<ResampleTable>(*program_.resample);
        rule.operands.push_back(static_cast<std::int32_t>(table->columns.size()));
        table->names.push_back(doc.table.text);
        table->columns.push_back(std::get<Column::Numbers>(source->cells));
        table->rows = static_cast<std::uint32_t>(source->size());
        for (std::size_t row = 0; row < table->columns.back().size(); ++row) {
          const double value = table->columns.back()[row];
          if (value != value) {
            diagnostics_.error(doc.table.place, "column '" + doc.table.text +
                                                    "' has an empty cell in row " +
                                                    std::to_string(row + 1));
            break;
          }
        }
        if (table->rows == 0) diagnostics_.error(doc.table.place, "the table of patients is empty");
        program_.resample = table;
        program_.resample_stream = StreamName("resampled patient").hash();
      }
      break;
    }
    case ColumnKind::pattern: {
      rule.spread = constant("pair");
      if (doc.of.size() != doc.weights.size() || doc.of.empty() || doc.of.size() > 16) {
        diagnostics_.error(doc.kind.place,
                           "a pattern needs 1 to 16 members and one weight for each");
        return;
      }
      // P(s) = exp(sum of weights + pair K (K - 1) / 2) / Z over the non-empty subsets.
      const std::size_t subsets = std::size_t{1} << doc.of.size();
      std::vector<double> log_weights;
      for (std::size_t s = 1; s < subsets; ++s) {
        double log_weight = 0;
        double members = 0;
        for (std::size_t j = 0; j < doc.of.size(); ++j) {
          if (((s >> j) & 1U) != 0) {
            log_weight += at(doc.weights[j]);
            members += 1;
          }
        }
        log_weights.push_back(log_weight + rule.spread * members * (members - 1) / 2);
      }
      // Relative to the largest, so that none of the sums leaves the range of numbers.
      const double largest = *std::max_element(log_weights.begin(), log_weights.end());
      std::vector<double> probability;
      double sum = 0;
      for (const double log_weight : log_weights) {
        sum += portable::exp(log_weight - largest);
        probability.push_back(sum);
      }
      for (double& cumulative : probability) cumulative /= sum;
      rule.weights = std::move(probability);
      break;
    }
    default:
      break;
  }
  if (rule.kind == ColumnKind::standardised && rule.operands.size() == 1) {
    ColumnRule& source = program_.rules[static_cast<std::size_t>(rule.operands[0])];
    if (source.kind != ColumnKind::gamma && source.kind != ColumnKind::normal &&
        source.kind != ColumnKind::log_normal) {
      diagnostics_.error(doc.of.front().place,
                         "only gamma, normal and log-normal attributes can be standardised");
    }
    source.score = static_cast<std::int32_t>(program_.columns.size());
  }
  check_levels(name, doc, info);
  const bool is_pattern = rule.kind == ColumnKind::pattern;
  if (is_pattern) info.hidden = true;
  info.latent = doc.latent;
  const std::int32_t index = add_column(std::move(info), std::move(rule));
  if (is_pattern) {
    for (std::size_t j = 0; j < doc.of.size(); ++j) {
      if (program_.find_column(doc.of[j].text) >= 0) {
        diagnostics_.error(doc.of[j].place, "attribute '" + doc.of[j].text + "' is declared twice");
        continue;
      }
      ColumnRule member;
      member.kind = ColumnKind::pattern_member;
      member.operands = {index};
      member.low = static_cast<double>(j);
      add_column({doc.of[j].text, doc.of[j].text, "", {"no", "yes"}, false, doc.latent},
                 std::move(member));
    }
  }
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

// One attribute: its distribution or formula, as a rule that fills a column.
#include <npcsim/base/portable_math.hpp>
#include <npcsim/model/detail/compiler.hpp>
#include <npcsim/random/quantile_table.hpp>

#include <algorithm>

namespace npcsim {

// Makes the rule and what is known of its column; one member for each group of kinds.
class Compiler::AttributeRule {
 public:
  AttributeRule(Compiler& compiler, const Name& name, const AttributeDoc& doc)
      : compiler_(compiler),
        name_(name),
        doc_(doc),
        info{name.text, doc.label.empty() ? name.text : doc.label, doc.unit, {}, false} {
    info.latent = doc.latent;
    rule.kind = column_kind(doc.kind.text);
    rule.stream = compiler.stream(name.text, name.place);
    rule.otherwise = compiler.at(doc.otherwise);
    rule.plus = compiler.at(doc.plus);
    if (!doc.when.empty() && compiler.declared_before(doc.when))
      rule.condition = compiled(doc.when);
  }

  // False if nothing can be made of it, which has been reported.
  bool make();

 private:
  // Far beyond any count of a patient.
  static constexpr double most_poisson_mean = 1e6;
  static constexpr std::size_t most_members = 16;

  void error(SourcePlace place, std::string message, std::string hint = "") {
    compiler_.diagnostics_.error(place, std::move(message), std::move(hint));
  }
  void must(bool fine, std::string what) {
    if (!fine)
      compiler_.diagnostics_.error(doc_.kind.place, std::move(what), "",
                                   "attributes > " + name_.text);
  }
  std::int32_t compiled(const ConditionDoc& condition) {
    return compile_condition(condition, compiler_.program_, compiler_.input_.parameters, true,
                             compiler_.diagnostics_);
  }
  const LinearDoc* number(std::string_view key) const {
    for (const auto& [written, value] : doc_.numbers) {
      if (written == key) return &value;
    }
    return nullptr;
  }
  const LinearDoc* needed(std::string_view key) {
    const LinearDoc* found = number(key);
    must(found != nullptr, "'" + doc_.kind.text + "' needs '" + std::string(key) + "'");
    return found;
  }
  double constant(std::string_view key) {
    const LinearDoc* found = needed(key);
    return found == nullptr ? 1.0 : compiler_.at(found->intercept);
  }
  void locate(std::string_view key) {
    if (const LinearDoc* found = needed(key)) rule.location = compiler_.linear(*found);
  }
  bool is_linear() const { return !rule.location.terms.empty(); }
  void add_operands() {
    for (const Name& operand : doc_.of) {
      const std::int32_t index = compiler_.column(operand);
      if (index >= 0) rule.operands.push_back(index);
    }
  }

  void flag();
  void category();
  void normal();
  void gamma();
  void limits(std::string_view low, std::string_view high);
  void poisson();
  void condition();
  void standardise();
  void resample();
  void add_table(const Column& source);
  bool pattern();

  Compiler& compiler_;
  const Name& name_;
  const AttributeDoc& doc_;

 public:
  ColumnRule rule;
  ColumnInfo info;
};

bool Compiler::AttributeRule::make() {
  switch (rule.kind) {
    case ColumnKind::bernoulli:
      flag();
      break;
    case ColumnKind::categorical:
      category();
      break;
    case ColumnKind::normal:
    case ColumnKind::truncated_normal:
      normal();
      break;
    case ColumnKind::log_normal:
      locate("meanlog");
      rule.spread = constant("sdlog");
      must(rule.spread >= 0, "'sdlog' must be at least 0, found " + shortest(rule.spread));
      break;
    case ColumnKind::gamma:
      gamma();
      break;
    case ColumnKind::beta:
      limits("a", "b");
      must(rule.low > 0 && rule.high > 0, "'a' and 'b' must be above 0");
      break;
    case ColumnKind::uniform:
      limits("min", "max");
      must(rule.low < rule.high, "'min' must be below 'max'");
      break;
    case ColumnKind::poisson:
      poisson();
      break;
    case ColumnKind::constant:
      rule.location.intercept = constant("value");
      break;
    case ColumnKind::linear:
      locate("value");
      break;
    case ColumnKind::sum:
    case ColumnKind::product:
      add_operands();
      break;
    case ColumnKind::log10:
    case ColumnKind::standardised:
      add_operands();
      must(doc_.of.size() == 1, "'" + doc_.kind.text + "' takes one attribute");
      if (rule.kind == ColumnKind::standardised && rule.operands.size() == 1) standardise();
      break;
    case ColumnKind::condition:
      condition();
      break;
    case ColumnKind::resample:
      resample();
      break;
    case ColumnKind::pattern:
      return pattern();
    default:
      break;
  }
  return true;
}

void Compiler::AttributeRule::flag() {
  info.levels = {"no", "yes"};
  const LinearDoc* const logit = number("logit");
  if (logit != nullptr) {
    must(number("probability") == nullptr, "a flag has a probability or a logit, not both");
    rule.kind = ColumnKind::bernoulli_logit;
    rule.location = compiler_.linear(*logit);
    return;
  }
  const LinearDoc* const probability = needed("probability");
  if (probability == nullptr) return;
  rule.location = compiler_.linear(*probability);
  const double p = rule.location.intercept;
  must(is_linear() || (p >= 0 && p <= 1),
       "a probability must be from 0 to 1, found " + shortest(p));
}

void Compiler::AttributeRule::category() {
  double sum = 0;
  for (const auto& [level, probability] : doc_.levels) {
    info.levels.push_back(level.text);
    sum += compiler_.at(probability);
    rule.weights.push_back(sum);
  }
  must(!doc_.levels.empty(), "the attribute has no levels");
  must(sum > 1.0 - 1e-9 && sum < 1.0 + 1e-9,
       "the probabilities of the levels must sum to 1, found " + shortest(sum));
  for (double& cumulative : rule.weights) cumulative /= sum;
}

void Compiler::AttributeRule::normal() {
  locate("mean");
  rule.spread = constant("sd");
  must(rule.spread >= 0, "'sd' must be at least 0, found " + shortest(rule.spread));
  if (rule.kind == ColumnKind::normal) return;
  must(rule.spread > 0, "'sd' must be above 0 between limits, found 0");
  limits("min", "max");
  must(rule.low < rule.high, "'min' must be below 'max'");
}

void Compiler::AttributeRule::gamma() {
  locate("mean");
  const double mean = rule.location.intercept;
  must(is_linear() || mean > 0, "'mean' must be above 0, found " + shortest(mean));
  rule.spread = constant("shape");
  must(rule.spread >= QuantileTable::smallest_shape, "'shape' must be at least " +
                                                         shortest(QuantileTable::smallest_shape) +
                                                         ", found " + shortest(rule.spread));
}

void Compiler::AttributeRule::limits(std::string_view low, std::string_view high) {
  rule.low = constant(low);
  rule.high = constant(high);
}

void Compiler::AttributeRule::poisson() {
  locate("mean");
  const double mean = rule.location.intercept;
  must(is_linear() || (mean >= 0 && mean <= most_poisson_mean),
       "'mean' must be from 0 to " + shortest(most_poisson_mean) + ", found " + shortest(mean));
  add_operands();
}

void Compiler::AttributeRule::condition() {
  info.levels = {"no", "yes"};
  if (!doc_.when.empty())
    error(name_.place, "a condition takes no 'when'",
          "put it into the condition: {condition: {..., liver: true}}");
  if (compiler_.declared_before(doc_.derived)) rule.condition = compiled(doc_.derived);
}

// The rule of the operand fills this column too: the standard normal that it was made of.
void Compiler::AttributeRule::standardise() {
  ColumnRule& source = compiler_.program_.rules[static_cast<std::size_t>(rule.operands[0])];
  if (source.kind != ColumnKind::gamma && source.kind != ColumnKind::normal &&
      source.kind != ColumnKind::log_normal) {
    error(doc_.of.front().place,
          "only gamma, normal and log-normal attributes can be standardised");
  }
  source.score = static_cast<std::int32_t>(compiler_.program_.columns.size());
}

void Compiler::AttributeRule::resample() {
  const CompileInput& input = compiler_.input_;
  const auto found = input.data.find(input.resample_file);
  if (found == input.data.end()) {
    // One that cannot be read has been reported.
    if (input.resample_file.empty())
      error(doc_.table.place, "there is no table of real patients",
            "the population names it: resample: patients.csv");
    return;
  }
  const Table& table = found->second;
  const Column* source = table.find(doc_.table.text);
  if (source == nullptr) {
    std::vector<std::string> names;
    for (const Column& candidate : table.columns) names.push_back(candidate.name);
    error(doc_.table.place, "the table of patients has no column '" + doc_.table.text + "'",
          suggestion(doc_.table.text, names));
  } else if (!std::holds_alternative<Column::Numbers>(source->cells)) {
    error(doc_.table.place,
          "column '" + doc_.table.text + "' of " + input.resample_file + " is not numeric");
  } else {
    add_table(*source);
  }
}

// Another column of the table that all resampled attributes share.
void Compiler::AttributeRule::add_table(const Column& source) {
  Program& program = compiler_.program_;
  auto table = program.resample == nullptr ? std::make_shared<ResampleTable>()
                                           : std::make_shared<ResampleTable>(*program.resample);
  const auto& cells = std::get<Column::Numbers>(source.cells);
  rule.operands.push_back(static_cast<std::int32_t>(table->columns.size()));
  table->names.push_back(doc_.table.text);
  table->columns.push_back(cells);
  table->rows = static_cast<std::uint32_t>(source.size());
  const auto empty =
      std::find_if(cells.begin(), cells.end(), [](double value) { return value != value; });
  if (empty != cells.end())
    error(doc_.table.place, "column '" + doc_.table.text + "' has an empty cell in row " +
                                std::to_string(empty - cells.begin() + 1));
  if (table->rows == 0) error(doc_.table.place, "the table of patients is empty");
  program.resample = table;
  program.resample_stream = StreamName("resampled patient").hash();
}

// P(s) = exp(sum of weights + pair K (K - 1) / 2) / Z over the non-empty subsets.
bool Compiler::AttributeRule::pattern() {
  rule.spread = constant("pair");
  info.hidden = true;
  const std::size_t count = doc_.of.size();
  if (count != doc_.weights.size() || count == 0 || count > most_members) {
    error(doc_.kind.place, "a pattern needs 1 to 16 members and one weight for each");
    return false;
  }
  std::vector<double> log_weights;
  for (std::size_t s = 1; s < std::size_t{1} << count; ++s) {
    double log_weight = 0;
    double members = 0;
    for (std::size_t j = 0; j < count; ++j) {
      if (((s >> j) & 1U) == 0) continue;
      log_weight += compiler_.at(doc_.weights[j]);
      members += 1;
    }
    log_weights.push_back(log_weight + rule.spread * members * (members - 1) / 2);
  }
  // Relative to the largest, so that none of the sums leaves the range of numbers.
  const double largest = *std::max_element(log_weights.begin(), log_weights.end());
  double sum = 0;
  for (const double log_weight : log_weights) {
    sum += portable::exp(log_weight - largest);
    rule.weights.push_back(sum);
  }
  for (double& cumulative : rule.weights) cumulative /= sum;
  return true;
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
  AttributeRule attribute(*this, name, doc);
  join_copula(name, attribute.rule);
  if (!attribute.make()) return;
  check_levels(name, doc, attribute.info);
  const bool is_pattern = attribute.rule.kind == ColumnKind::pattern;
  const std::int32_t index = add_column(std::move(attribute.info), std::move(attribute.rule));
  if (is_pattern) pattern_members(doc, index);
}

// A copula supplies the latent normal of its members.
void Compiler::join_copula(const Name& name, ColumnRule& rule) const {
  for (std::size_t g = 0; g < program_.copulas.size(); ++g) {
    for (const std::int32_t latent : program_.copulas[g].columns) {
      if (program_.columns[static_cast<std::size_t>(latent)].name != "latent " + name.text)
        continue;
      rule.latent = latent;
      rule.copula = static_cast<std::int32_t>(g);
    }
  }
}

// A flag for each member of the subset that a patient has.
void Compiler::pattern_members(const AttributeDoc& doc, std::int32_t pattern) {
  for (std::size_t j = 0; j < doc.of.size(); ++j) {
    const Name& name = doc.of[j];
    if (program_.find_column(name.text) >= 0) {
      diagnostics_.error(name.place, "attribute '" + name.text + "' is declared twice");
      continue;
    }
    ColumnRule member;
    member.kind = ColumnKind::pattern_member;
    member.operands = {pattern};
    member.low = static_cast<double>(j);
    add_column({name.text, name.text, "", {"no", "yes"}, false, doc.latent}, std::move(member));
  }
}

}  // namespace npcsim

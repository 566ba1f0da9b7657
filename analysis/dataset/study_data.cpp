#include <npcsim/base/quantity_text.hpp>
#include <npcsim/dataset/model_frame.hpp>
#include <npcsim/dataset/number_cell.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace npcsim {
namespace {

constexpr std::size_t enough_errors = 10;

class StudyDataReader {
 public:
  StudyDataReader(DataFile& file, const DataRoles& roles, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics) {
    out_.roles = roles;
  }

  std::optional<StudyData> read() {
    const DataRoles& roles = out_.roles;
    const std::size_t before = diagnostics_.error_count();
    want(roles.time, "--time");
    std::optional<EventRule> rule;
    if (!roles.event.empty()) {
      rule = parse_event_rule(roles.event, file_, diagnostics_);
      if (rule) {
        want(rule->column, "--event");
        out_.event_column = rule->column;
      }
    }
    want(roles.entry, "--entry");
    want(roles.upper, "--upper");
    want(roles.weights, "--weights");
    want(roles.group, "--group");
    want(roles.cluster, "--cluster");
    for (const std::string& name : roles.strata) want(name, "--strata");
    for (const std::string& name : roles.others) want(name, "");
    auto terms = parse_terms(roles.covariates, file_, "--covariates", diagnostics_);
    if (diagnostics_.error_count() > before) return std::nullopt;
    out_.terms = std::move(*terms);
    for (const ModelTerm& term : out_.terms) {
      for (const TermPart& part : term.parts) want(part.column, "--covariates");
    }
    auto columns = read_columns(file_, indices_, diagnostics_);
    if (!columns) return std::nullopt;
    out_.columns = std::move(*columns);
    out_.rows = out_.columns.front().rows();

    needs_numbers(roles.time, "--time");
    needs_numbers(roles.entry, "--entry");
    needs_numbers(roles.upper, "--upper");
    needs_numbers(roles.weights, "--weights");
    for (const std::string& name : roles.others) needs_numbers(name, "");
    check_times();
    for (const ModelTerm& term : out_.terms) {
      for (const TermPart& part : term.parts) {
        if (part.kind == TermPart::Kind::plain) no_text_among_numbers(part.column);
      }
    }
    if (rule) {
      const EventUse use{roles.events, roles.causes, roles.censored};
      auto codes = apply_event_rule(*rule, out_.column(rule->column), use, file_, diagnostics_);
      if (codes) out_.codes = std::move(*codes);
    }
    if (!roles.group.empty()) out_.group = group_of(roles.group, "--group");
    if (!roles.strata.empty()) make_strata();
    if (!roles.cluster.empty()) out_.cluster = as_factor(out_.column(roles.cluster), out_.rows);
    if (diagnostics_.error_count() > before) return std::nullopt;
    release_event_column();
    return std::move(out_);
  }

 private:
  void want(const std::string& name, std::string_view asked_by) {
    if (name.empty()) return;
    const auto index = file_.find(name, asked_by, diagnostics_);
    if (index && std::find(indices_.begin(), indices_.end(), *index) == indices_.end()) {
      indices_.push_back(*index);
    }
  }

  // Says where a column of numbers holds texts. They are missing from then on, so that the numbers
  // among them are checked too and all mistakes are told at once.
  void needs_numbers(const std::string& name, std::string_view asked_by) {
    if (name.empty()) return;
    const auto found =
        std::find_if(out_.columns.begin(), out_.columns.end(),
                     [&name](const DataColumn& candidate) { return candidate.name == name; });
    DataColumn& column = *found;
    if (!column.is_text) return;
    constexpr double missing = std::numeric_limits<double>::quiet_NaN();
    std::vector<double> values(column.levels.size(), missing);
    std::vector<char> wrong(column.levels.size(), 0);
    for (std::size_t level = 0; level < values.size(); ++level) {
      if (whole_number_cell(column.levels[level], values[level])) continue;
      values[level] = missing;
      wrong[level] = 1;
    }
    const std::string role = asked_by.empty() ? "" : " (" + std::string(asked_by) + ")";
    complain(
        column, [&](std::size_t row) { return is_wrong(column, wrong, row); },
        [&](std::size_t row) {
          return "column '" + name + "'" + role + " needs a number, found '" +
                 column.levels[static_cast<std::size_t>(column.codes[row])] + "'";
        },
        "leave the cell empty if the value is missing");
    column.numbers.resize(column.codes.size());
    for (std::size_t row = 0; row < column.codes.size(); ++row) {
      const std::int32_t code = column.codes[row];
      column.numbers[row] = code < 0 ? missing : values[static_cast<std::size_t>(code)];
    }
  }

  static bool is_wrong(const DataColumn& column, const std::vector<char>& wrong, std::size_t row) {
    const std::int32_t code = column.codes[row];
    return code >= 0 && wrong[static_cast<std::size_t>(code)] != 0;
  }

  // One error for each wrong row up to a number of them; the last one says how many more there are.
  template <typename Wrong, typename Words>
  void complain(const DataColumn& column, Wrong wrong, Words words, const std::string& hint) {
    std::vector<std::size_t> shown;
    std::size_t all = 0;
    for (std::size_t row = 0; row < out_.rows; ++row) {
      if (!wrong(row)) continue;
      ++all;
      if (shown.size() < enough_errors) shown.push_back(row);
    }
    for (const std::size_t row : shown) {
      const std::size_t more = row == shown.back() ? all - shown.size() : 0;
      const std::string rest = more == 0 ? ""
                                         : " (and " + std::to_string(more) + " more such " +
                                               (more == 1 ? "cell)" : "cells)");
      file_.error(row, column.index, words(row) + rest, hint, diagnostics_);
    }
  }

  // Numbers and texts in one covariate: a slip, or codes, for which factor() is there.
  void no_text_among_numbers(const std::string& name) {
    const DataColumn& column = out_.column(name);
    std::vector<char> wrong;
    std::size_t numbers = 0;
    for (const std::string& level : column.levels) {
      double value = 0;
      const bool is_number = whole_number_cell(level, value);
      wrong.push_back(is_number ? 0 : 1);
      numbers += is_number ? 1U : 0U;
    }
    if (numbers == 0) return;
    complain(
        column, [&](std::size_t row) { return is_wrong(column, wrong, row); },
        [&](std::size_t row) {
          return "covariate '" + name + "' holds numbers, but here '" +
                 column.levels[static_cast<std::size_t>(column.codes[row])] + "'";
        },
        "leave the cell empty if the value is missing; write factor(" + name +
            ") if these are categories");
  }

  template <typename Wrong>
  void check(const std::string& name, const std::string& message, const std::string& hint,
             Wrong wrong) {
    const DataColumn& column = out_.column(name);
    complain(
        column, [&](std::size_t row) { return wrong(column.numbers[row], row); },
        [&message](std::size_t) { return message; }, hint);
  }

  void check_times() {
    const DataRoles& roles = out_.roles;
    const std::vector<double>& time = out_.column(roles.time).numbers;
    check(roles.time, "a time must be 0 or above and finite",
          "times count from the start of follow-up",
          [](double t, std::size_t) { return t < 0 || std::isinf(t); });
    if (!roles.entry.empty()) {
      check(roles.entry, "entry must be finite", "",
            [](double t, std::size_t) { return std::isinf(t); });
      check(roles.entry, "entry must be below the time of exit ('" + roles.time + "')",
            "a row is at risk from its entry to its time",
            [&time](double entry, std::size_t row) { return entry >= time[row]; });
    }
    if (!roles.upper.empty()) {
      check(roles.upper, "the upper end must not be below the lower one ('" + roles.time + "')",
            "leave the cell empty if the row is censored on the right",
            [&time](double upper, std::size_t row) { return upper < time[row] || upper < 0; });
    }
    if (!roles.weights.empty()) {
      const DataColumn& weights = out_.column(roles.weights);
      complain(
          weights,
          [&weights](std::size_t row) {
            return weights.numbers[row] < 0 || std::isinf(weights.numbers[row]);
          },
          [&weights](std::size_t row) {
            return "a weight must be above 0 and finite, found " + shortest(weights.numbers[row]);
          },
          "a weight says how many rows like this one there are; a row of weight 0 is left out");
    }
  }

  std::optional<Factor> group_of(const std::string& name, const std::string& asked_by) {
    constexpr std::size_t most_groups = 100'000;
    const DataColumn& column = out_.column(name);
    auto factor = as_factor(column, most_groups);
    if (!factor || factor->levels.size() > most_groups) {
      file_.header_error(column.index,
                         "column '" + name + "' (" + asked_by + ") has more than " +
                             std::to_string(most_groups) + " different values",
                         "a group is a treatment, a sex, a stage, ...", diagnostics_);
      return std::nullopt;
    }
    return factor;
  }

  // What the codes say need not be kept twice.
  void release_event_column() {
    const DataRoles& roles = out_.roles;
    const std::string& name = out_.event_column;
    std::vector<std::string> others{roles.time,    roles.entry, roles.upper,
                                    roles.weights, roles.group, roles.cluster};
    others.insert(others.end(), roles.strata.begin(), roles.strata.end());
    others.insert(others.end(), roles.others.begin(), roles.others.end());
    for (const ModelTerm& term : out_.terms) {
      for (const TermPart& part : term.parts) others.push_back(part.column);
    }
    if (name.empty() || std::find(others.begin(), others.end(), name) != others.end()) return;
    for (DataColumn& column : out_.columns) {
      if (column.name != name) continue;
      column.numbers = {};
      column.codes = {};
    }
  }

  // One factor of all strata columns: the levels that occur, in the order of the columns.
  void make_strata() {
    std::vector<Factor> factors;
    for (const std::string& name : out_.roles.strata) {
      auto factor = group_of(name, "--strata");
      if (!factor) return;
      factors.push_back(std::move(*factor));
    }
    std::vector<std::uint64_t> keys(out_.rows, 0);
    std::vector<char> missing(out_.rows, 0);
    for (const Factor& factor : factors) {
      for (std::size_t row = 0; row < out_.rows; ++row) {
        if (factor.codes[row] < 0) {
          missing[row] = 1;
        } else {
          keys[row] =
              keys[row] * factor.levels.size() + static_cast<std::uint64_t>(factor.codes[row]);
        }
      }
    }
    std::vector<std::uint64_t> present;
    for (std::size_t row = 0; row < out_.rows; ++row) {
      if (missing[row] == 0) present.push_back(keys[row]);
    }
    std::sort(present.begin(), present.end());
    present.erase(std::unique(present.begin(), present.end()), present.end());
    Factor all;
    for (std::uint64_t key : present) {
      std::string name;
      for (std::size_t f = factors.size(); f-- > 0;) {
        const std::uint64_t count = factors[f].levels.size();
        const std::string& level = factors[f].levels[static_cast<std::size_t>(key % count)];
        name = out_.roles.strata[f] + "=" + level + (name.empty() ? "" : ", ") + name;
        key /= count;
      }
      all.levels.push_back(std::move(name));
    }
    for (std::size_t row = 0; row < out_.rows; ++row) {
      const auto at = std::lower_bound(present.begin(), present.end(), keys[row]);
      all.codes.push_back(missing[row] != 0 ? -1 : static_cast<std::int32_t>(at - present.begin()));
    }
    out_.stratum = std::move(all);
  }

  DataFile& file_;
  Diagnostics& diagnostics_;
  std::vector<std::size_t> indices_;
  StudyData out_;
};

}  // namespace

std::optional<StudyData> read_study_data(DataFile& file, const DataRoles& roles,
                                         Diagnostics& diagnostics) {
  return StudyDataReader(file, roles, diagnostics).read();
}

}  // namespace npcsim

#include <npcsim/dataset/event_rule.hpp>
#include <npcsim/dataset/number_cell.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <string_view>
#include <utility>

namespace npcsim {
namespace {

using Test = EventRule::Test;

constexpr std::size_t most_codes = 1000;

std::string trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  if (text.size() >= 2 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    text = text.substr(1, text.size() - 2);
  }
  return std::string(text);
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// The codes of a column and what the rule makes of each.
class CodeTable {
 public:
  CodeTable(const EventRule& rule, const DataColumn& column, const EventUse& use,
            const DataFile& file, Diagnostics& diagnostics)
      : rule_(rule), column_(column), use_(use), file_(file), diagnostics_(diagnostics) {}

  std::optional<EventCodes> apply() {
    auto factor = as_factor(column_, most_codes);
    if (!factor) {
      return fail("event code unknown: column '" + column_.name + "' has more than " +
                      std::to_string(most_codes) + " different values",
                  "--event names the column that says whether follow-up ended with the event");
    }
    codes_ = std::move(factor->codes);
    levels_ = std::move(factor->levels);
    count();
    if (levels_.empty()) return fail("every cell of column '" + column_.name + "' is missing", "");
    holds_.assign(levels_.size(), 0);
    if (!test_levels()) return std::nullopt;
    EventCodes out;
    out.warnings = warnings_;
    if (use_.causes && !causes(out)) return std::nullopt;
    if (use_.events && rule_.test == Test::alone && !binary(out)) return std::nullopt;
    if (use_.events) {
      out.event.reserve(codes_.size());
      for (const std::int32_t code : codes_) {
        out.event.push_back(code < 0 ? -1 : holds_[static_cast<std::size_t>(code)]);
      }
    }
    return out;
  }

 private:
  std::nullopt_t fail(std::string message, std::string hint) {
    file_.header_error(column_.index, std::move(message), std::move(hint), diagnostics_);
    return std::nullopt;
  }

  void count() {
    counts_.assign(levels_.size(), 0);
    for (const std::int32_t code : codes_) {
      if (code >= 0) ++counts_[static_cast<std::size_t>(code)];
    }
  }

  std::string codes_in_words() const {
    std::string out;
    constexpr std::size_t shown = 8;
    for (std::size_t i = 0; i < levels_.size() && i < shown; ++i) {
      out += (i == 0 ? "" : ", ") + levels_[i] + " (" + std::to_string(counts_[i]) +
             (counts_[i] == 1 ? " row)" : " rows)");
    }
    if (levels_.size() > shown) {
      out += " and " + std::to_string(levels_.size() - shown) + " other values";
    }
    return out;
  }

  bool is(std::size_t level, const std::string& value) const {
    if (column_.is_text) return levels_[level] == value;
    double a = 0;
    double b = 0;
    return whole_number_cell(levels_[level], a) && whole_number_cell(value, b) && !(a < b) &&
           !(b < a);
  }

  bool occurs(const std::string& value) const {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (is(i, value)) return true;
    }
    return false;
  }

  // Which levels the comparison holds for.
  bool test_levels() {
    if (rule_.test == Test::alone) return true;
    const bool ordered = rule_.test == Test::above || rule_.test == Test::at_least ||
                         rule_.test == Test::below || rule_.test == Test::at_most;
    if (ordered) return compare_numbers();
    const bool negated = rule_.test == Test::not_equal;
    std::fill(holds_.begin(), holds_.end(), negated ? 1 : 0);
    // One of several codes may not have happened.
    const bool some_there = std::any_of(rule_.values.begin(), rule_.values.end(),
                                        [this](const std::string& value) { return occurs(value); });
    for (const std::string& value : rule_.values) {
      if (some_there && !column_.is_text && !occurs(value)) {
        warnings_.push_back("no cell of '" + column_.name + "' is " + value);
      } else if (!set_level(value, negated ? 0 : 1)) {
        return false;
      }
    }
    return true;
  }

  bool set_level(const std::string& value, std::int32_t to) {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (!is(i, value)) continue;
      holds_[i] = to;
      return true;
    }
    // Data in which nobody has had an event, or in which everybody has, need not hold both codes.
    double number = 0;
    const bool is_number = whole_number_cell(value, number);
    const bool nobody = levels_.size() == 1 && is(0, "0");
    const bool everybody = to == 0 && is_number && std::abs(number) <= 0;
    if (!column_.is_text && is_number && (nobody || everybody)) return true;
    fail("event code unknown: no cell of column '" + column_.name + "' is " + value +
             "; it holds " + codes_in_words(),
         column_.is_text ? suggestion(value, levels_) : "");
    return false;
  }

  bool compare_numbers() {
    double bound = 0;
    if (column_.is_text || !whole_number_cell(rule_.values[0], bound)) {
      fail("'" + rule_.text + "' compares numbers; column '" + column_.name + "' holds " +
               codes_in_words(),
           "write '" + column_.name + "==CODE'");
      return false;
    }
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      double value = 0;
      whole_number_cell(levels_[i], value);
      const bool holds = rule_.test == Test::above      ? value > bound
                         : rule_.test == Test::at_least ? value >= bound
                         : rule_.test == Test::below    ? value < bound
                                                        : value <= bound;
      holds_[i] = holds ? 1 : 0;
    }
    return true;
  }

  // A column alone: 0 and 1, 1 and 2, FALSE and TRUE.
  bool binary(EventCodes& out) {
    const auto all_of = [this](std::string_view a, std::string_view b) {
      return std::all_of(levels_.begin(), levels_.end(), [a, b](const std::string& level) {
        return lower(level) == a || lower(level) == b;
      });
    };
    std::string event;
    if (!use_.censored.empty()) {
      for (std::size_t i = 0; i < levels_.size(); ++i) holds_[i] = is(i, use_.censored) ? 0 : 1;
      return true;
    }
    if (all_of("0", "1")) event = "1";
    if (event.empty() && all_of("1", "2")) {
      event = "2";
      out.warnings.push_back("'" + column_.name + "' holds " +
                             (levels_.size() == 2 ? "1 and 2: 2" : "2 alone: it") +
                             " was taken as the event, as in R's Surv");
    }
    if (event.empty() && all_of("false", "true")) event = "true";
    if (event.empty()) {
      const std::string example = levels_.size() > 1 ? levels_[1] : levels_[0];
      fail("event code unknown: column '" + column_.name + "' holds " + codes_in_words(),
           "say which code is the event, e.g. --event '" + column_.name + "==" + example + "'");
      return false;
    }
    for (std::size_t i = 0; i < levels_.size(); ++i) holds_[i] = lower(levels_[i]) == event ? 1 : 0;
    return true;
  }

  // Index of the level that means censored, levels_.size() if no row is censored.
  std::size_t censored_level() const {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      if (!use_.censored.empty()
              ? is(i, use_.censored)
              : (column_.is_text ? is_word_for_censored(levels_[i]) : is(i, "0"))) {
        return i;
      }
    }
    return levels_.size();
  }

  static bool is_word_for_censored(const std::string& level) {
    constexpr std::array<std::string_view, 4> words{"censored", "censor", "cens", "0"};
    const std::string small = lower(level);
    return std::find(words.begin(), words.end(), small) != words.end();
  }

  bool holds_one_and_two() const { return levels_.size() == 2 && is(0, "1") && is(1, "2"); }

  // What was made of two codes of which none is known to mean censored.
  void warn_of_causes(bool one_or_two, EventCodes& out) const {
    const std::string column = "'" + column_.name + "'";
    const std::string event = out.cause_names.front();
    const std::string other = levels_[levels_[0] == event ? 1 : 0];
    if (one_or_two) {
      out.warnings.push_back(column +
                             " holds 1 and 2: 1 was taken as censored and 2 as the only cause, as "
                             "in R's Surv; --censored 0 makes both causes");
    } else if (column_.is_text) {
      out.warnings.push_back("no code of " + column + " is 0 or censored: " + other +
                             " was taken as censored and " + event +
                             " as the only cause; --event '" + column_.name + " in " + event + "," +
                             other + "' makes both causes");
    } else {
      out.warnings.push_back("no code of " + column + " is 0, which means censored: " + other +
                             " was taken as censored and " + event +
                             " as the only cause; --censored 0 makes both causes");
    }
  }

  // Of three codes or more, one of which is named by the rule, the others may be causes or not.
  void refuse_open_codes() {
    const std::string which = "event code unknown: which code of column '" + column_.name +
                              "' means censored? It holds " + codes_in_words();
    if (rule_.test == Test::alone) {
      fail(which, "say it, e.g. --censored " + levels_[0]);
      return;
    }
    const std::string other = levels_[holds_[0] != 0 ? 1 : 0];
    fail(which, "say it, e.g. --censored " + other + (column_.is_text ? "" : ", or 0 if none is") +
                    "; if only " + rule_.values[0] + " is an event, --event '" + column_.name +
                    " in " + rule_.values[0] + "'");
  }

  bool causes(EventCodes& out) {
    std::vector<std::int32_t> cause(levels_.size(), 0);
    const std::size_t censored = censored_level();
    const bool open = rule_.test == Test::alone || rule_.test == Test::equal;
    if (open && censored == levels_.size() && !use_.censored.empty() && column_.is_text) {
      fail("event code unknown: no cell of column '" + column_.name + "' is " + use_.censored +
               " (--censored); it holds " + codes_in_words(),
           suggestion(use_.censored, levels_));
      return false;
    }
    const bool none_censored = censored == levels_.size() && use_.censored.empty();
    // Two codes of which '==' names one are event and censored, as for every other statistic.
    const bool only_named = rule_.test == Test::equal && none_censored;
    const bool one_or_two = rule_.test == Test::alone && none_censored && !column_.is_text &&
                            (levels_.size() == 1 || holds_one_and_two());
    if ((rule_.test == Test::alone && none_censored && !one_or_two) ||
        (only_named && levels_.size() > 2)) {
      refuse_open_codes();
      return false;
    }
    std::int32_t next = 0;
    for (std::size_t i = 0; i < levels_.size(); ++i) {
      bool is_event = i != censored;
      if (!open || only_named) is_event = holds_[i] != 0 && (!open || is_event);
      if (one_or_two && levels_.size() == 2) is_event = i == 1;
      if (!is_event) continue;
      cause[i] = ++next;
      out.cause_names.push_back(levels_[i]);
      if (rule_.test == Test::equal && holds_[i] != 0) out.cause_of_interest = next;
    }
    if (open && none_censored && levels_.size() > 1) warn_of_causes(one_or_two, out);
    out.cause.reserve(codes_.size());
    for (const std::int32_t code : codes_) {
      out.cause.push_back(code < 0 ? -1 : cause[static_cast<std::size_t>(code)]);
    }
    return true;
  }

  const EventRule& rule_;
  const DataColumn& column_;
  const EventUse& use_;
  const DataFile& file_;
  Diagnostics& diagnostics_;
  std::vector<std::int32_t> codes_;
  std::vector<std::string> levels_;
  std::vector<std::size_t> counts_;
  std::vector<std::int32_t> holds_;  // [level]
  std::vector<std::string> warnings_;
};

// "1,2", also in parentheses.
std::vector<std::string> split_values(std::string_view text) {
  const auto first = text.find_first_not_of(' ');
  const auto last = text.find_last_not_of(' ');
  if (first != std::string_view::npos && text[first] == '(' && text[last] == ')') {
    text = text.substr(first + 1, last - first - 1);
  }
  std::vector<std::string> out;
  while (true) {
    const auto comma = text.find(',');
    out.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return out;
    text.remove_prefix(comma + 1);
  }
}

}  // namespace

std::optional<EventRule> parse_event_rule(const std::string& text, const DataFile& file,
                                          Diagnostics& diagnostics) {
  EventRule rule;
  rule.text = text;
  if (file.has(text)) {
    rule.column = text;
    return rule;
  }
  struct Operator {
    std::string_view sign;
    Test test;
  };
  constexpr std::array<Operator, 8> operators{{{"==", Test::equal},
                                               {"!=", Test::not_equal},
                                               {">=", Test::at_least},
                                               {"<=", Test::at_most},
                                               {">", Test::above},
                                               {"<", Test::below},
                                               {"=", Test::equal},
                                               {" in ", Test::in}}};
  std::size_t at = std::string::npos;
  for (const Operator& candidate : operators) {
    const auto found = text.find(candidate.sign);
    if (found == std::string::npos || (at != std::string::npos && found >= at)) continue;
    at = found;
    rule.test = candidate.test;
    rule.column = trimmed(std::string_view(text).substr(0, found));
    const std::string_view right = std::string_view(text).substr(found + candidate.sign.size());
    rule.values =
        rule.test == Test::in ? split_values(right) : std::vector<std::string>{trimmed(right)};
  }
  if (at == std::string::npos) rule.column = trimmed(text);
  const bool empty_value = std::any_of(rule.values.begin(), rule.values.end(),
                                       [](const std::string& value) { return value.empty(); });
  if (empty_value || rule.column.empty()) {
    file.header_error("--event '" + text + "' says no " + (empty_value ? "code" : "column"),
                      "write e.g. --event 'status==1'", diagnostics);
    return std::nullopt;
  }
  return rule;
}

std::optional<EventCodes> apply_event_rule(const EventRule& rule, const DataColumn& column,
                                           const EventUse& use, const DataFile& file,
                                           Diagnostics& diagnostics) {
  return CodeTable(rule, column, use, file, diagnostics).apply();
}

}  // namespace npcsim

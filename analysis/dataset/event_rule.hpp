// Which codes of a column are events, and of which cause.
#pragma once

#include <npcsim/dataset/data_columns.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// What --event says: a column, or a column and a comparison.
///
/// status==2, status!=0, status>0, status<=1, status in 1,2, outcome==dead, or status alone, which
/// then has to hold 0 and 1, 1 and 2 (2 is the event, as in R's Surv) or FALSE and TRUE.
struct EventRule {
  enum class Test { alone, equal, not_equal, above, at_least, below, at_most, in };

  std::string text;  ///< as written
  std::string column;
  Test test = Test::alone;
  std::vector<std::string> values;  ///< what the column is compared with
};

/// Reads a rule; a column whose name is the whole text is taken as it is. Nothing, and an error, if
/// a column or value is missing.
std::optional<EventRule> parse_event_rule(const std::string& text, const DataFile& file,
                                          Diagnostics& diagnostics);

/// Every row as 0 (censored) or 1, and, if causes were wanted, as 0 or its cause 1, 2, ...
struct EventCodes {
  std::vector<std::int32_t> event;       ///< [row] 0, 1, or -1 (missing)
  std::vector<std::int32_t> cause;       ///< [row] 0, 1, ..., or -1 (missing); empty if not wanted
  std::vector<std::string> cause_names;  ///< [cause - 1], the codes as they stand in the file
  /// Index of the cause that the rule names with '==' ; 0 if it names none.
  std::int32_t cause_of_interest = 0;
  std::vector<std::string> warnings;
};

/// What is wanted of the codes.
struct EventUse {
  bool events = true;    ///< event or not
  bool causes = false;   ///< competing causes
  std::string censored;  ///< --censored: the code of a censored row, where the rule does not say it
};

/// Applies a rule. The cause of a row is its code, unless the row is censored: by --censored, or by
/// a comparison that does not hold, or, with '==' and with a column alone, by the code 0
/// ("censored" and "censor" among texts). Where none of two codes says so, a warning tells what was
/// made of them. Nothing, and an error that lists the codes found, when a code is unknown or when
/// none of three or more is known to mean censored.
std::optional<EventCodes> apply_event_rule(const EventRule& rule, const DataColumn& column,
                                           const EventUse& use, const DataFile& file,
                                           Diagnostics& diagnostics);

}  // namespace npcsim

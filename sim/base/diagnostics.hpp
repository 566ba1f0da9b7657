// What is wrong with a user's documents: collected, located, explained; reported all at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// A place in a text that was read; line and column count from 1, 0 means unknown. Columns and
/// lengths are bytes here and characters in messages.
struct SourcePlace {
  std::int32_t file = -1;
  std::int32_t line = 0;
  std::int32_t column = 0;
  std::int32_t length = 1;
};

enum class Severity : std::uint8_t { error, warning };

struct Diagnostic {
  Severity severity = Severity::error;
  SourcePlace place;
  std::string message;         ///< what was found and what was expected
  std::string path;            ///< "strategies > gp_pd1 > steps > 2", may be empty
  std::string hint;            ///< what to do, may be empty
  bool contradiction = false;  ///< each document is right by itself, but they do not go together
};

/// Collects problems and renders them in the order of files and lines.
class Diagnostics {
 public:
  /// Keeps the text so that its lines can be shown. Returns the index for SourcePlace::file.
  std::int32_t add_source(std::string name, std::string text);
  const std::string& source_name(std::int32_t file) const;

  void error(SourcePlace place, std::string message, std::string hint = {}, std::string path = {});
  /// An error that lies between documents, not in one of them.
  void contradiction(SourcePlace place, std::string message, std::string hint = {},
                     std::string path = {});
  void warning(SourcePlace place, std::string message, std::string hint = {},
               std::string path = {});

  /// Until the next call, what is said is said of this part of a document: it stands before the
  /// paths of the messages. A warning that was given before is not given again.
  void enter(std::string scope) { scope_ = std::move(scope); }

  /// Whether this very place has been complained about: what is unreadable has no further faults.
  bool has_error_at(const SourcePlace& place) const;
  bool has_errors() const { return errors_ > 0; }
  std::size_t error_count() const { return errors_; }
  std::size_t warning_count() const { return items_.size() - errors_; }
  const std::vector<Diagnostic>& items() const { return items_; }

  /// The whole text, at most `limit` problems, with a closing line when there are errors.
  /// `last_words` follows the count, e.g. "nothing was run".
  std::string text(std::string_view last_words, bool colour = false, std::size_t limit = 20) const;

 private:
  struct Source {
    std::string name;
    std::string text;
  };
  std::string_view line_of(const SourcePlace& place) const;
  std::string scoped(std::string path) const;
  std::vector<Source> sources_;
  std::vector<Diagnostic> items_;
  std::size_t errors_ = 0;
  std::string scope_;
};

/// The closest of `choices` by edit distance, or empty when nothing is close.
std::string closest(std::string_view wrong, const std::vector<std::string>& choices);

/// "did you mean 'x'?" or, when nothing is close and there are few, "one of a, b, c". May be empty.
std::string suggestion(std::string_view wrong, const std::vector<std::string>& choices);

}  // namespace npcsim

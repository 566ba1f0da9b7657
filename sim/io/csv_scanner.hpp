// Cuts CSV text into rows and cells (RFC 4180); knows nothing of what they mean.
#pragma once

#include <npcsim/base/diagnostics.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace npcsim {

struct CsvCell {
  std::string_view raw;  // with its quotation marks
  std::size_t at = 0;    // where it begins
  bool sound = true;     // false: a quotation mark is not closed, or text follows it
};

// Takes cells and rows off the front of a text.
class CsvScanner {
 public:
  CsvScanner(std::string_view text, std::size_t at, std::int32_t line)
      : text_(text), at_(at), line_(line) {}

  bool at_end() const { return at_ >= text_.size(); }
  std::size_t position() const { return at_; }
  std::int32_t line() const { return line_; }

  bool at_empty_line() const {
    return !at_end() && (text_[at_] == '\n' || text_.substr(at_, 2) == "\r\n");
  }
  void skip_line() {
    const auto end = text_.find('\n', at_);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
  }

  /// The next cell; `more` says whether another one follows in this row.
  CsvCell next(bool& more) {
    CsvCell cell;
    cell.at = at_;
    std::size_t end = at_;
    if (end < text_.size() && text_[end] == '"') {
      end = after_quotes(end, cell.sound);
      if (end < text_.size() && text_[end] != ',' && !ends_line(end)) cell.sound = false;
    }
    while (end < text_.size() && text_[end] != ',' && text_[end] != '\n') ++end;
    cell.raw = text_.substr(at_, end - at_);
    more = end < text_.size() && text_[end] == ',';
    if (!more && !cell.raw.empty() && cell.raw.back() == '\r') cell.raw.remove_suffix(1);
    if (end < text_.size()) ++end;
    if (!more) ++line_;
    at_ = end;
    return cell;
  }

 private:
  bool ends_line(std::size_t at) const {
    return text_[at] == '\n' || text_.substr(at, 2) == "\r\n" ||
           (text_[at] == '\r' && at + 1 == text_.size());
  }
  std::size_t after_quotes(std::size_t at, bool& closed) {
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (text_[i] == '\n') ++line_;
      if (text_[i] != '"') continue;
      if (i + 1 < text_.size() && text_[i + 1] == '"') {
        ++i;
      } else {
        return i + 1;
      }
    }
    closed = false;
    return text_.size();
  }

  std::string_view text_;
  std::size_t at_;
  std::int32_t line_;
};

/// What stands in a cell, without quotation marks or blanks around it.
std::string csv_content(std::string_view raw);

/// The same without a copy; a quotation mark inside is still written twice.
std::string_view csv_inner(std::string_view raw);

/// Place of a cell in a row that begins at `row_start` on `line`.
SourcePlace csv_place(std::string_view text, std::size_t row_start, std::int32_t line,
                      const CsvCell& cell, std::int32_t file);

}  // namespace npcsim

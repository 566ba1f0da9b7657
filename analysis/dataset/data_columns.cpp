#include <npcsim/base/quantity_text.hpp>
#include <npcsim/dataset/data_columns.hpp>
#include <npcsim/dataset/number_cell.hpp>
#include <npcsim/io/csv.hpp>
#include <npcsim/io/csv_scanner.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace npcsim {
namespace {

constexpr double missing_number = std::numeric_limits<double>::quiet_NaN();

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

// The distinct texts of a column, numbered as they come.
class Dictionary {
 public:
  std::int32_t code(std::string_view raw) {
    if (raw == last_raw_) return last_;  // neighbours are often equal
    std::string text = csv_content(raw);
    if (is_missing(text)) return -1;
    const auto found = index_.find(text);
    if (found != index_.end()) {
      last_ = found->second;
    } else {
      last_ = static_cast<std::int32_t>(levels_.size());
      levels_.push_back(text);
      index_.emplace(std::move(text), last_);
    }
    last_raw_.assign(raw);
    return last_;
  }

  // Sorts the levels and renumbers.
  void sort(std::vector<std::int32_t>& codes, std::vector<std::string>& levels) {
    std::vector<std::size_t> order(levels_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [this](std::size_t a, std::size_t b) { return levels_[a] < levels_[b]; });
    std::vector<std::int32_t> rank(order.size());
    for (std::size_t r = 0; r < order.size(); ++r) rank[order[r]] = static_cast<std::int32_t>(r);
    for (std::int32_t& code : codes) {
      if (code >= 0) code = rank[static_cast<std::size_t>(code)];
    }
    levels.reserve(order.size());
    for (const std::size_t old : order) levels.push_back(std::move(levels_[old]));
  }

 private:
  std::vector<std::string> levels_;
  std::unordered_map<std::string, std::int32_t, TextHash, std::equal_to<>> index_;
  std::string last_raw_;
  std::int32_t last_ = -1;
};

}  // namespace

// One pass over the rows. A cell that is a plain number is read where it stands; everything else
// goes through the scanner that every CSV reader here shares.
class ColumnReader {
 public:
  ColumnReader(DataFile& file, const std::vector<std::size_t>& indices, Diagnostics& diagnostics)
      : file_(file), diagnostics_(diagnostics), text_(file.text()), slot_(file.columns().size()) {
    std::fill(slot_.begin(), slot_.end(), -1);
    for (const std::size_t index : indices) {
      slot_[index] = static_cast<int>(columns_.size());
      columns_.push_back({file.columns()[index], index, false, {}, {}, {}});
    }
    dictionaries_.resize(columns_.size());
    text_from_.assign(columns_.size(), 0);
  }

  std::optional<std::vector<DataColumn>> read() {
    const std::string_view body = text_.substr(file_.first_row_.at);
    const auto most_rows = static_cast<std::size_t>(std::count(body.begin(), body.end(), '\n')) + 1;
    for (DataColumn& column : columns_) column.numbers.reserve(most_rows);
    file_.anchors_.clear();
    at_ = file_.first_row_.at;
    line_ = file_.first_row_.line;
    std::size_t released = at_;
    while (skip_empty_lines() && errors_ < enough_errors) {
      if (row_ % DataFile::rows_per_anchor == 0) {
        file_.anchors_.push_back({at_, line_});
        if (at_ - released > piece) {
          file_.file_.release_front(at_);
          released = at_;
        }
      }
      if (!read_row()) return std::nullopt;
      ++row_;
    }
    if (errors_ > 0) return std::nullopt;
    if (row_ == 0) {
      file_.header_error("the file has a header and no rows", "", diagnostics_);
      return std::nullopt;
    }
    texts_before_the_first();
    for (std::size_t s = 0; s < columns_.size(); ++s) {
      DataColumn& column = columns_[s];
      if (column.is_text) dictionaries_[s].sort(column.codes, column.levels);
    }
    file_.file_.release_front(file_.bytes().size());
    return std::move(columns_);
  }

 private:
  static constexpr int enough_errors = 10;
  static constexpr std::size_t piece = 16U << 20;  // bytes of the file in memory at a time

  bool skip_empty_lines() {
    CsvScanner scan(text_, at_, line_);
    while (scan.at_empty_line()) scan.skip_line();
    at_ = scan.position();
    line_ = scan.line();
    return !scan.at_end();
  }

  // False when the rest of the file cannot be understood any more.
  bool read_row() {
    const std::size_t start = at_;
    const std::int32_t line = line_;
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
      const int slot = count < slot_.size() ? slot_[count] : -1;
      if (slot >= 0 && !columns_[static_cast<std::size_t>(slot)].is_text &&
          quick_cell(columns_[static_cast<std::size_t>(slot)], more)) {
        continue;
      }
      if (slot < 0 && skip_cell(more)) continue;
      CsvScanner scan(text_, at_, line_);
      const CsvCell cell = scan.next(more);
      if (!cell.sound) {
        diagnostics_.error(csv_place(text_, start, line, cell, file_.source(diagnostics_)),
                           "the quotation marks of this cell are wrong",
                           "\" begins and ends the cell; inside it is written twice");
        return false;
      }
      at_ = scan.position();
      line_ = scan.line();
      if (slot >= 0) keep(static_cast<std::size_t>(slot), cell.raw);
    }
    if (count != slot_.size()) wrong_count(start, line, count);
    return true;
  }

  // The end of a cell that needs no second look: at a comma or a line's end.
  bool end_cell(const char* at, bool& more) {
    const char* const end = text_.data() + text_.size();
    if (at < end && *at == '\r' && at + 1 < end && at[1] == '\n') ++at;
    if (at < end && *at != ',' && *at != '\n') return false;
    more = at < end && *at == ',';
    if (!more) ++line_;
    at_ = static_cast<std::size_t>(at - text_.data()) + (at < end ? 1 : 0);
    return true;
  }

  bool quick_cell(DataColumn& column, bool& more) {
    double value = 0;
    const char* const from = text_.data() + at_;
    const char* const end = quick_number(from, text_.data() + text_.size(), value);
    if (end == nullptr || !end_cell(end, more)) return false;
    column.numbers.push_back(value);
    return true;
  }

  bool skip_cell(bool& more) {
    const char* at = text_.data() + at_;
    const char* const end = text_.data() + text_.size();
    if (at < end && *at == '"') return false;
    while (at < end && *at != ',' && *at != '\n') ++at;
    return end_cell(at, more);
  }

  void keep(std::size_t slot, std::string_view raw) {
    DataColumn& column = columns_[slot];
    if (!column.is_text) {
      const std::string_view text = csv_inner(raw);
      double value = missing_number;
      if (is_missing(text) || whole_number_cell(text, value)) {
        column.numbers.push_back(value);
        return;
      }
      column.is_text = true;
      text_from_[slot] = row_;
      column.codes.reserve(column.numbers.capacity());
      column.codes.assign(row_, -1);
      column.numbers = {};
    }
    column.codes.push_back(dictionaries_[slot].code(raw));
  }

  // What was taken for numbers before a column's first text.
  void texts_before_the_first() {
    const std::size_t rows =
        text_from_.empty() ? 0 : *std::max_element(text_from_.begin(), text_from_.end());
    at_ = file_.first_row_.at;
    line_ = file_.first_row_.line;
    for (std::size_t row = 0; row < rows; ++row) {
      skip_empty_lines();
      CsvScanner scan(text_, at_, line_);
      std::size_t column = 0;
      for (bool more = true; more; ++column) {
        const CsvCell cell = scan.next(more);
        if (slot_[column] < 0) continue;
        const auto slot = static_cast<std::size_t>(slot_[column]);
        if (row < text_from_[slot]) columns_[slot].codes[row] = dictionaries_[slot].code(cell.raw);
      }
      at_ = scan.position();
      line_ = scan.line();
    }
  }

  void wrong_count(std::size_t start, std::int32_t line, std::size_t count) {
    ++errors_;
    const CsvCell first{text_.substr(start, 1), start, true};
    std::string_view row = text_.substr(start, at_ - start);
    while (!row.empty() && (row.back() == '\n' || row.back() == '\r')) row.remove_suffix(1);
    std::string hint;
    if (count == slot_.size() + 1 && row.back() == ',') {
      hint = "the row ends with a comma";
    } else if (count == slot_.size() + 1 && row_ == 0) {
      hint = "the column of row numbers needs a name in the header";
    }
    diagnostics_.error(
        csv_place(text_, start, line, first, file_.source(diagnostics_)),
        "this row has " + std::to_string(count) + (count == 1 ? " cell" : " cells") +
            ", the header has " + std::to_string(slot_.size()) +
            (errors_ == enough_errors && at_ < text_.size() ? " (what follows was not read)" : ""),
        std::move(hint));
    // The columns stay of one length, so that what follows can be checked too.
    for (DataColumn& column : columns_) {
      if (column.is_text) {
        column.codes.resize(row_ + 1, -1);
      } else {
        column.numbers.resize(row_ + 1, missing_number);
      }
    }
  }

  DataFile& file_;
  Diagnostics& diagnostics_;
  std::string_view text_;
  std::vector<int> slot_;  // of each column of the file, -1 when nobody asked for it
  std::vector<DataColumn> columns_;
  std::vector<Dictionary> dictionaries_;
  std::vector<std::size_t> text_from_;  // row of a column's first text
  std::size_t at_ = 0;
  std::int32_t line_ = 1;
  std::size_t row_ = 0;
  int errors_ = 0;
};

std::optional<std::vector<DataColumn>> read_columns(DataFile& file,
                                                    const std::vector<std::size_t>& indices,
                                                    Diagnostics& diagnostics) {
  return ColumnReader(file, indices, diagnostics).read();
}

std::optional<Factor> as_factor(const DataColumn& column, std::size_t most) {
  Factor out;
  if (column.is_text) {
    out.codes = column.codes;
    out.levels = column.levels;
    return out;
  }
  const auto bits_differ = [](double a, double b) { return a < b || b < a; };
  std::unordered_map<double, std::int32_t> index;
  std::vector<double> values;
  for (const double value : column.numbers) {
    if (std::isnan(value)) continue;
    if (!values.empty() && !bits_differ(values.back(), value)) continue;
    if (index.emplace(value + 0.0, 0).second) values.push_back(value + 0.0);
    if (values.size() > most) return std::nullopt;
  }
  std::sort(values.begin(), values.end());
  for (std::size_t i = 0; i < values.size(); ++i) {
    index[values[i]] = static_cast<std::int32_t>(i);
    out.levels.push_back(shortest(values[i]));
  }
  out.codes.reserve(column.numbers.size());
  for (const double value : column.numbers) {
    out.codes.push_back(std::isnan(value) ? -1 : index.find(value + 0.0)->second);
  }
  return out;
}

}  // namespace npcsim

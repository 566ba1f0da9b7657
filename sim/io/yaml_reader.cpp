#include <npcsim/io/files.hpp>
#include <npcsim/io/text_check.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <unordered_map>
#include <utility>
#include <vector>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

namespace npcsim {
namespace {

constexpr std::uintmax_t most_bytes = 20'000'000;
constexpr std::size_t most_nodes = 1'000'000;
constexpr std::size_t most_depth = 64;

// Thrown through the parser when reading on makes no sense; the reason is in the diagnostics
// already.
struct StopReading {};

std::size_t count_nodes(const Tree& tree) {
  std::size_t n = 1;
  for (const Tree& item : tree.items()) n += count_nodes(item);
  return n;
}

bool is_special_number(std::string_view text) {
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  static constexpr std::array<std::string_view, 6> words{".nan", ".NaN", ".NAN",
                                                         ".inf", ".Inf", ".INF"};
  return std::find(words.begin(), words.end(), text) != words.end();
}

// Builds the tree from the parser's events, which give places that the finished nodes of the
// library no longer have.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, std::int32_t file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  Tree take() { return std::move(root_); }

  /// The innermost bracket that is still open, for the message about it.
  const Tree* open_bracket() const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
      if (frame->flow) return &frame->tree;
    }
    return nullptr;
  }

  SourcePlace place_of(const YAML::Mark& mark, std::size_t length = 1) const {
    return {file_, mark.line + 1, mark.column + 1, static_cast<std::int32_t>(length)};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ == 1) return;
    if (text_.substr(offset(mark), 3) == "---") {
      diagnostics_.error(place_of(mark), "a second document begins here",
                         "one file holds one document; remove '---'");
    } else {
      diagnostics_.error(place_of(mark), "this line does not continue what stands above it",
                         "check the indentation; a document is one map or one list");
    }
    throw StopReading{};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Tree tree;
    const bool in_map = !frames_.empty() && frames_.back().tree.is_map();
    if (is_written_null(mark)) {
      tree.set_place(place_of(mark, token_length(offset(mark))));
    } else if (in_map && frames_.back().key) {
      tree.set_place(frames_.back().key->place);
    } else if (in_map) {
      tree.set_place(place_of(mark));
    } else {
      tree.set_place(dash_before(mark));
    }
    add(std::move(tree), mark, anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const std::size_t at = after_anchor(offset(mark));
    const char first = at < text_.size() ? text_[at] : '\0';
    const bool quoted = tag == "!";
    refuse_tag(mark, tag, quoted && std::strchr("\"'|>", first) != nullptr);
    SourcePlace place = place_of(mark);
    place.column += static_cast<std::int32_t>(at - offset(mark));
    if (first == '"' || first == '\'') {
      const std::size_t end = closing_quote(at);
      if (end == std::string_view::npos) {
        diagnostics_.error(place, "this quotation mark is never closed");
        throw StopReading{};
      }
      place.length = static_cast<std::int32_t>(std::min(end + 1, end_of_line(at)) - at);
    } else if (!quoted) {
      const std::size_t length = std::min(value.size(), end_of_line(at) - at);
      place.length = static_cast<std::int32_t>(std::max<std::size_t>(length, 1));
      if (is_special_number(value)) {
        diagnostics_.error(place, "'" + value + "' is not a usable value",
                           "write a finite number, or leave the key out");
      }
    }
    add(Tree::scalar(value, place, quoted), mark, anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      diagnostics_.error(place_of(mark, token_length(offset(mark))),
                         "this alias stands inside the value that it repeats");
      throw StopReading{};
    }
    count(count_nodes(known->second), mark);
    add(known->second, mark, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(Tree::list(place_of(mark)), mark, tag, anchor, style);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(Tree::map(place_of(mark)), mark, tag, anchor, style);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Tree tree;
    YAML::Mark mark;
    YAML::anchor_t anchor = 0;
    bool flow = false;
    bool drop_value = false;  // its key was refused
    std::optional<Tree::Key> key = std::nullopt;
    std::unordered_map<std::string, std::int32_t> lines = {};  // of the keys so far
  };

  std::size_t offset(const YAML::Mark& mark) const {
    return std::min(static_cast<std::size_t>(std::max(mark.pos, 0)), text_.size());
  }
  std::size_t end_of_line(std::size_t at) const {
    std::size_t end = std::min(text_.find('\n', at), text_.size());
    if (end > at && text_[end - 1] == '\r') --end;
    return end;
  }
  std::size_t token_length(std::size_t at) const {
    const std::size_t end = std::min(text_.find_first_of(" :,]}#\r\n", at), text_.size());
    return std::max<std::size_t>(end - at, 1);
  }
  std::size_t after_anchor(std::size_t at) const {
    if (at >= text_.size() || text_[at] != '&') return at;
    const std::size_t end = std::min(text_.find_first_of(" \r\n", at), text_.size());
    return std::min(text_.find_first_not_of(" \r\n", end), text_.size());
  }
  std::size_t closing_quote(std::size_t at) const {
    const char quote = text_[at];
    for (std::size_t i = at + 1; i < text_.size(); ++i) {
      if (quote == '"' && text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote) {
        if (quote == '\'' && i + 1 < text_.size() && text_[i + 1] == quote) {
          ++i;
        } else {
          return i;
        }
      }
    }
    return std::string_view::npos;
  }

  bool is_written_null(const YAML::Mark& mark) const {
    const std::size_t at = offset(mark);
    const std::string_view word = text_.substr(at, token_length(at));
    return word == "~" || word == "null" || word == "Null" || word == "NULL";
  }

  // For "- " without anything the parser gives the place of what comes next; the dash is on a line
  // above.
  SourcePlace dash_before(const YAML::Mark& mark) const {
    std::size_t end = offset(mark);
    for (std::int32_t line = mark.line; line >= 0; --line) {
      const std::size_t start = end == 0 ? 0 : text_.rfind('\n', end - 1) + 1;
      const std::size_t first = text_.find_first_not_of(' ', start);
      if (first < end && text_[first] == '-') {
        return {file_, line + 1, static_cast<std::int32_t>(first - start) + 1, 1};
      }
      end = start == 0 ? 0 : start - 1;
    }
    return place_of(mark);
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag, bool only_quoted) {
    if (tag.empty() || tag == "?" || only_quoted) return;
    const std::size_t at = after_anchor(offset(mark));
    if (tag == "!" && (at >= text_.size() || text_[at] != '!')) return;
    diagnostics_.error(
        place_of(mark, token_length(at)), "tags such as '!' or '!!str' are refused",
        "write the plain value; text that looks like a number goes in quotation marks");
  }

  void count(std::size_t nodes, const YAML::Mark& mark) {
    nodes_ += nodes;
    if (nodes_ <= most_nodes) return;
    diagnostics_.error(place_of(mark),
                       "more than 1,000,000 entries; an alias counts each time it is used",
                       "large tables belong in a CSV file");
    throw StopReading{};
  }

  void open(Tree tree, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            YAML::EmitterStyle::value style) {
    refuse_tag(mark, tag, false);
    if (frames_.size() == most_depth) {
      diagnostics_.error(place_of(mark), "nested more than 64 deep");
      throw StopReading{};
    }
    count(1, mark);
    frames_.push_back({std::move(tree), mark, anchor, style == YAML::EmitterStyle::Flow});
  }

  void close() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    --nodes_;  // add() counts it again
    add(std::move(frame.tree), frame.mark, frame.anchor);
  }

  void add(Tree tree, const YAML::Mark& mark, YAML::anchor_t anchor) {
    count(1, mark);
    if (anchor != 0) anchors_[anchor] = tree;
    if (frames_.empty()) {
      root_ = std::move(tree);
      return;
    }
    Frame& frame = frames_.back();
    if (frame.tree.is_list()) {
      frame.tree.append(std::move(tree));
    } else if (!frame.key) {
      take_key(frame, tree, mark);
    } else {
      if (!frame.drop_value) frame.tree.append(std::move(*frame.key), std::move(tree));
      frame.key.reset();
    }
  }

  void take_key(Frame& frame, const Tree& tree, const YAML::Mark& mark) {
    frame.key = Tree::Key{tree.text(), tree.place().line > 0 ? tree.place() : place_of(mark)};
    frame.drop_value = true;
    const std::string& text = frame.key->text;
    if (!tree.is_scalar()) {
      diagnostics_.error(frame.key->place, "a key must be text, found " + in_words(tree),
                         tree.is_null() ? "put a key such as null in quotation marks" : "");
    } else if (text == "<<" && !tree.quoted()) {
      diagnostics_.error(frame.key->place, "merge keys '<<' are refused",
                         "write the keys out, or use an alias for the whole value");
    } else if (const auto [first, is_new] = frame.lines.emplace(text, tree.place().line); !is_new) {
      diagnostics_.error(frame.key->place, "duplicate key '" + text + "', first given on line " +
                                               std::to_string(first->second));
    } else {
      frame.drop_value = false;
    }
  }

  std::string_view text_;
  std::int32_t file_;
  Diagnostics& diagnostics_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, Tree> anchors_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
  Tree root_;
};

struct PlainWords {
  std::string_view library;  // how the library's message begins
  std::string_view message;
  std::string_view hint;
};

constexpr std::array<PlainWords, 17> plain_words{{
    {"illegal map value", "unexpected ':'",
     "check the indentation here and on the line before; text that holds ': ' goes in quotation "
     "marks"},
    {"illegal map key", "a key cannot stand here", "check the indentation"},
    {"end of map not found", "this line does not continue the map above it",
     "check the indentation: keys of one map begin in the same column"},
    {"end of sequence not found", "this line does not continue the list above it",
     "check the indentation: the dashes of one list stand in the same column"},
    {"illegal block entry", "a list item '-' cannot stand here",
     "begin the list on a new line; all its dashes stand in the same column"},
    {"illegal flow end", "this closing bracket closes nothing", ""},
    {"unknown token", "text cannot begin with this character", "put it in quotation marks"},
    {"unknown escape character", "unknown escape after '\\' in double quotation marks",
     "write '\\\\' for a backslash, or use single quotation marks"},
    {"bad character found while scanning hex", "not a hexadecimal escape", ""},
    {"invalid unicode", "not a Unicode character", ""},
    {"the referenced anchor is not defined", "unknown alias: nothing before it has this anchor",
     "text cannot begin with '*' unless it is in quotation marks"},
    {"alias not found after *", "text cannot begin with '*'", "put it in quotation marks"},
    {"anchor not found after &", "text cannot begin with '&'", "put it in quotation marks"},
    {"illegal character found while scanning a", "the name of an anchor cannot hold this", ""},
    {"illegal document indicator", "a document mark inside quotation marks",
     "the quotation mark before it may never be closed"},
    {"illegal EOF in scalar", "the text ends inside quotation marks", ""},
    {"illegal tab", "a tab where indentation is expected", "indent with spaces"},
}};

bool begins_with(std::string_view text, std::string_view start) {
  return text.substr(0, start.size()) == start;
}

std::string_view line_at(std::string_view text, int line) {
  for (; line > 0; --line) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

// The mark stands behind other text of its line.
bool follows_text(std::string_view line, const YAML::Mark& mark) {
  return line.find_first_not_of(" -") < static_cast<std::size_t>(std::max(mark.column, 0));
}

// "key:value": without the space it is a word, and the line after it makes no sense to the parser.
bool lacks_space_after_colon(std::string_view line) {
  const auto colon = line.find(':');
  return colon != std::string_view::npos && colon + 1 < line.size() &&
         line.find_first_of(" \r", colon) != colon + 1 && line.find(": ") == std::string_view::npos;
}

void report_syntax(const YAML::ParserException& error, const TreeBuilder& builder,
                   std::string_view text, Diagnostics& diagnostics) {
  const std::string_view message = error.msg;
  if (message.find("flow not found") != std::string_view::npos) {
    if (const Tree* bracket = builder.open_bracket()) {
      diagnostics.error(
          bracket->place(),
          bracket->is_list() ? "this '[' is never closed" : "this '{' is never closed",
          "or a ',' is missing between two entries");
      return;
    }
  }
  const YAML::Mark& mark = error.mark;
  const std::string_view line_of_error = line_at(text, mark.line);
  if (begins_with(message, "end of ") && follows_text(line_of_error, mark)) {
    diagnostics.error(builder.place_of(mark), "the value ended before this",
                      "text that holds quotation marks goes in quotation marks as a whole");
    return;
  }
  if (begins_with(message, "illegal map value")) {
    for (int line = std::max(mark.line - 1, 0); line <= mark.line; ++line) {
      const std::string_view found = line_at(text, line);
      if (!lacks_space_after_colon(found)) continue;
      SourcePlace place = builder.place_of(mark);
      place.line = line + 1;
      place.column = static_cast<std::int32_t>(found.find(':')) + 1;
      diagnostics.error(place, "no space after ':'", "write 'key: value'");
      return;
    }
  }
  for (const PlainWords& row : plain_words) {
    if (begins_with(message, row.library)) {
      diagnostics.error(builder.place_of(mark), std::string(row.message), std::string(row.hint));
      return;
    }
  }
  diagnostics.error(builder.place_of(mark), "not valid YAML: " + error.msg);
}

bool check_indentation(std::string_view text, std::int32_t file, Diagnostics& diagnostics) {
  std::int32_t line = 0;
  int found = 0;
  constexpr int enough = 10;
  while (!text.empty() && found < enough) {
    ++line;
    const auto end = text.find('\n');
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = row.find_first_not_of(" \t\r");
    if (first == std::string_view::npos || row[first] == '#') continue;
    const auto tab = row.find('\t');
    if (tab < first) {
      ++found;
      diagnostics.error({file, line, static_cast<std::int32_t>(tab) + 1, 1},
                        "a tab in the indentation", "indent with spaces");
    }
  }
  return found == 0;
}

bool check_size(std::uintmax_t bytes, std::int32_t file, Diagnostics& diagnostics) {
  if (bytes <= most_bytes) return true;
  diagnostics.error(
      {file, 0, 0, 1},
      "too large for a document: " + std::to_string(bytes / 1'000'000) + " MB, at most 20 MB",
      "large tables belong in a CSV file");
  return false;
}

Tree parse(std::string_view text, std::int32_t file, Diagnostics& diagnostics) {
  if (!check_text(text, file, diagnostics) || !check_indentation(text, file, diagnostics))
    return {};
  TreeBuilder builder(text, file, diagnostics);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const StopReading&) {
    return {};
  } catch (const YAML::ParserException& error) {
    report_syntax(error, builder, text, diagnostics);
    return {};
  }
  Tree tree = builder.take();
  if (tree.is_null()) diagnostics.error({file, 0, 0, 1}, "the document is empty");
  return tree;
}

}  // namespace

Tree read_yaml_text(std::string name, std::string text, Diagnostics& diagnostics) {
  const std::string kept(without_byte_order_mark(text));
  const bool shown = kept.size() <= most_bytes && !looks_binary(kept);
  const std::int32_t file = diagnostics.add_source(std::move(name), shown ? kept : std::string());
  if (!check_size(kept.size(), file, diagnostics)) return {};
  return parse(kept, file, diagnostics);
}

std::optional<Tree> read_yaml_file(const std::string& path, Diagnostics& diagnostics) {
  std::error_code none;
  if (std::filesystem::is_other(path, none))
    throw FileError(FileError::Kind::cannot_read, "read", path,
                    "a document must be a file, since it is read more than once; this is a pipe or "
                    "a device");
  const std::uintmax_t size = file_size(path);
  if (size > most_bytes) {
    check_size(size, diagnostics.add_source(path, ""), diagnostics);
    return std::nullopt;
  }
  Tree tree = read_yaml_text(path, read_file(path), diagnostics);
  if (tree.is_null()) return std::nullopt;
  return tree;
}

}  // namespace npcsim

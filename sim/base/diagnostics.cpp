#include <npcsim/base/diagnostics.hpp>

#include <algorithm>
#include <filesystem>
#include <set>
#include <tuple>

namespace npcsim {
namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Characters of UTF-8 text; each is taken to be one column wide.
std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !continues_character(c); }));
}

std::size_t bytes_before(const SourcePlace& place, std::string_view line) {
  return std::min(static_cast<std::size_t>(place.column - 1), line.size());
}

// The line with its number and, below it, the caret. A very long line is cut around the caret.
std::string excerpt(const SourcePlace& place, std::string_view line) {
  constexpr std::size_t widest = 110;
  const std::size_t caret = bytes_before(place, line);
  std::size_t from = caret > widest ? caret - widest / 2 : 0;
  std::size_t to = std::min(from + widest, line.size());
  while (from > 0 && continues_character(line[from])) --from;
  while (to < line.size() && continues_character(line[to])) ++to;
  std::string shown(line.substr(from, to - from));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  }
  const std::string number = std::to_string(place.line);
  const auto length = static_cast<std::size_t>(std::max(place.length, 1));
  const std::size_t marks =
      std::max<std::size_t>(characters(line.substr(caret, std::min(length, to - caret))), 1);
  std::string out(number.size() < 5 ? 5 - number.size() : 0, ' ');
  out += number;
  out += " | ";
  out += shown;
  out += "\n      | ";
  out.append(characters(line.substr(from, caret - from)), ' ');
  out += '^';
  out.append(marks - 1, '~');
  out += '\n';
  return out;
}

}  // namespace

std::int32_t Diagnostics::add_source(std::string name, std::string text) {
  sources_.push_back({std::move(name), std::move(text)});
  return static_cast<std::int32_t>(sources_.size()) - 1;
}

const std::string& Diagnostics::source_name(std::int32_t file) const {
  static const std::string none;
  const auto index = static_cast<std::size_t>(file);
  return file >= 0 && index < sources_.size() ? sources_[index].name : none;
}

std::string Diagnostics::scoped(std::string path) const {
  if (scope_.empty()) return path;
  return path.empty() ? scope_ : scope_ + " > " + path;
}

void Diagnostics::error(SourcePlace place, std::string message, std::string hint,
                        std::string path) {
  items_.push_back({Severity::error, place, std::move(message), scoped(std::move(path)),
                    std::move(hint), false});
  ++errors_;
}

bool Diagnostics::has_error_at(const SourcePlace& place) const {
  return std::any_of(items_.begin(), items_.end(), [&place](const Diagnostic& item) {
    return item.severity == Severity::error && item.place.line > 0 &&
           item.place.file == place.file && item.place.line == place.line &&
           item.place.column == place.column;
  });
}

void Diagnostics::contradiction(SourcePlace place, std::string message, std::string hint,
                                std::string path) {
  error(place, std::move(message), std::move(hint), std::move(path));
  items_.back().contradiction = true;
}

void Diagnostics::warning(SourcePlace place, std::string message, std::string hint,
                          std::string path) {
  const bool repeated = std::any_of(items_.begin(), items_.end(), [&](const Diagnostic& item) {
    return item.severity == Severity::warning && item.message == message &&
           item.place.file == place.file && item.place.line == place.line &&
           item.place.column == place.column;
  });
  if (repeated && !scope_.empty()) return;
  items_.push_back({Severity::warning, place, std::move(message), scoped(std::move(path)),
                    std::move(hint), false});
}

std::string_view Diagnostics::line_of(const SourcePlace& place) const {
  const auto index = static_cast<std::size_t>(place.file);
  if (place.file < 0 || index >= sources_.size() || place.line <= 0) return {};
  std::string_view rest = sources_[index].text;
  for (std::int32_t line = 1; line < place.line; ++line) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  std::string_view line = rest.substr(0, rest.find('\n'));
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

std::string Diagnostics::text(std::string_view last_words, bool colour, std::size_t limit) const {
  // Several documents may have read the same one, by other paths, each with the same mistakes.
  std::vector<std::string> files;
  for (const Source& source : sources_) {
    std::error_code none;
    const auto absolute = std::filesystem::absolute(source.name, none);
    files.push_back(std::filesystem::weakly_canonical(absolute, none).string());
  }
  std::vector<const Diagnostic*> order;
  std::set<std::tuple<std::string, std::int32_t, std::int32_t, std::string, std::string>> known;
  std::size_t errors = 0;
  for (const Diagnostic& item : items_) {
    const SourcePlace& place = item.place;
    const auto file = static_cast<std::size_t>(place.file);
    if (place.line > 0 && place.file >= 0 && file < files.size() && !files[file].empty() &&
        !known.emplace(files[file], place.line, place.column, item.message, item.path).second)
      continue;
    order.push_back(&item);
    if (item.severity == Severity::error) ++errors;
  }
  std::stable_sort(order.begin(), order.end(), [](const Diagnostic* a, const Diagnostic* b) {
    if (a->place.file != b->place.file) return a->place.file < b->place.file;
    if (a->place.line != b->place.line) return a->place.line < b->place.line;
    return a->place.column < b->place.column;
  });

  const char* bold = colour ? "\033[1m" : "";
  const char* red = colour ? "\033[1;31m" : "";
  const char* yellow = colour ? "\033[1;33m" : "";
  const char* off = colour ? "\033[0m" : "";

  std::string out;
  std::size_t shown = 0;
  for (const Diagnostic* item : order) {
    if (shown == limit) break;
    ++shown;
    const SourcePlace& place = item->place;
    std::string head = source_name(place.file);
    const std::string_view line = line_of(place);
    if (!head.empty() && place.line > 0) {
      head += ':';
      head += std::to_string(place.line);
      head += ':';
      // People and editors count characters, parsers count bytes.
      head += std::to_string(
          place.column > 0 ? characters(line.substr(0, bytes_before(place, line))) + 1 : 0);
    }
    if (!head.empty()) head += ": ";
    const bool is_error = item->severity == Severity::error;
    out += bold + head + off + (is_error ? red : yellow) + (is_error ? "error: " : "warning: ") +
           off + item->message + "\n";
    if (!line.empty() && place.column > 0) out += excerpt(place, line);
    if (!item->path.empty()) out += "   in " + item->path + "\n";
    if (!item->hint.empty()) out += "   hint: " + item->hint + "\n";
  }
  if (order.size() > shown) {
    out += "... and " + std::to_string(order.size() - shown) + " more\n";
  }
  if (errors > 0) {
    out += std::to_string(errors) + (errors == 1 ? " error" : " errors");
    if (!last_words.empty()) out += ", " + std::string(last_words);
    out += "\n";
  }
  return out;
}

std::string closest(std::string_view wrong, const std::vector<std::string>& choices) {
  const std::size_t tolerance = wrong.size() <= 3 ? 1 : wrong.size() <= 6 ? 2 : 3;
  std::string best;
  std::size_t best_distance = tolerance + 1;
  for (const std::string& choice : choices) {
    const std::size_t distance = edit_distance(wrong, choice);
    if (distance < best_distance) {
      best_distance = distance;
      best = choice;
    }
  }
  return best;
}

std::string suggestion(std::string_view wrong, const std::vector<std::string>& choices) {
  const std::string near = closest(wrong, choices);
  if (!near.empty()) return "did you mean '" + near + "'?";
  if (choices.empty() || choices.size() > 24) return {};
  std::string list = "one of ";
  for (std::size_t i = 0; i < choices.size(); ++i) list += (i == 0 ? "" : ", ") + choices[i];
  return list;
}

}  // namespace npcsim

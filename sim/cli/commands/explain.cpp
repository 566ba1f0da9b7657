// npcsim explain: what a key means, from the descriptors that read it.
#include <npcsim/base/table.hpp>
#include <npcsim/cli/command_line.hpp>
#include <npcsim/cli/commands/key_catalogue.hpp>
#include <npcsim/cli/commands/reference_text.hpp>
#include <npcsim/cli/commands/text_layout.hpp>
#include <npcsim/io/json.hpp>

#include <algorithm>

namespace npcsim {
namespace {

constexpr std::string_view help_text =
    "npcsim explain KEY [--json]\n"
    "  what a key of a document means: type, unit, range, default, example\n\n"
    "  KEY is a path or its last part: agents.pd1.cycle.every, cycle.every, half_life\n"
    "  npcsim explain --reference prints the reference of all keys (Markdown)\n\n"
    "Example:\n  npcsim explain kernel.half_life\n";

std::string stands_in(const CataloguedKey& row) {
  return row.document == "condition"
             ? "conditions (when, eligible, ...)"
             : (row.document.front() == 'e' ? "an " : "a ") + row.document + " document";
}

std::string choices_in_words(std::string range) {
  for (std::size_t at = range.find('|'); at != std::string::npos; at = range.find('|', at))
    range.replace(at, 1, ", ");
  return range;
}

std::string entry(const CataloguedKey& row) {
  const KeyDescription& key = row.key;
  std::string out = key.path + "\n" + wrapped(key.help, 2, 100);
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"  type", key.type});
  if (!key.range.empty()) {
    rows.push_back({key.range.find('|') == std::string::npos ? "  range" : "  one of",
                    choices_in_words(key.range)});
  }
  rows.push_back({"  default", key.required           ? "none: required"
                               : key.fallback.empty() ? "none: may be left out"
                                                      : key.fallback});
  if (!key.example.empty()) {
    const std::string word = last_part(key.path);
    rows.push_back({"  example", row.document == "condition" || word.front() == '<'
                                     ? key.example
                                     : word + ": " + key.example});
  }
  rows.push_back({"  stands in", stands_in(row)});
  return out + aligned(rows);
}

std::string children(const CataloguedKey& row, const std::vector<CataloguedKey>& keys) {
  std::vector<std::vector<std::string>> rows;
  for (const CataloguedKey& other : keys) {
    if (other.document != row.document || other.key.path.size() <= row.key.path.size()) continue;
    if (other.key.path.compare(0, row.key.path.size(), row.key.path) != 0) continue;
    const std::string rest = other.key.path.substr(row.key.path.size());
    if (rest.front() != '.' && rest.front() != '[') continue;
    const std::string shown = rest.substr(rest.find('.') + 1);
    rows.push_back(
        {"    " + (rest.front() == '[' && rest.find('.') == std::string::npos ? rest : shown),
         cut(other.key.help, 60)});
  }
  if (rows.size() > 24)
    return "  keys below it: " + std::to_string(rows.size()) + "; see npcsim explain --reference\n";
  return rows.empty() ? std::string() : "  keys below it\n" + aligned(rows);
}

const Topic* topic_of(const CataloguedKey& row) {
  std::string bare = row.key.path;
  for (const Topic& topic : topics()) {
    const std::string path(topic.path);
    if (!path.empty() && topic.document == row.document && (path == bare || path == bare + "[]"))
      return &topic;
  }
  return nullptr;
}

void add_json(JsonWriter& json, const CataloguedKey& row) {
  const KeyDescription& key = row.key;
  json.begin_object()
      .key("path")
      .text(key.path)
      .key("document")
      .text(row.document)
      .key("meaning")
      .text(key.help);
  json.key("type")
      .text(key.type)
      .key("range")
      .text(choices_in_words(key.range))
      .key("default")
      .text(key.fallback);
  json.key("required").boolean(key.required).key("example").text(key.example).end_object();
}

}  // namespace

ExitCode explain_command(const Context& context) {
  bool json_wanted = false;
  std::string query;
  for (const std::string& word : context.arguments) {
    if (word == "--help" || word == "-h") {
      print(std::string(help_text));
      return ExitCode::done;
    }
    if (word == "--reference") {
      print(reference_page());
      return ExitCode::done;
    }
    if (word == "--json") {
      json_wanted = true;
    } else if (!word.empty() && word.front() == '-') {
      throw UsageError("unknown option '" + word + "'");
    } else if (!query.empty()) {
      throw UsageError("one key at a time, found '" + query + "' and '" + word + "'");
    } else {
      query = word;
    }
  }
  if (query.empty())
    throw UsageError(
        "which key? e.g. npcsim explain kernel.half_life, or npcsim explain --reference");
  const std::vector<CataloguedKey> keys = catalogue();
  std::vector<const CataloguedKey*> found;
  for (const CataloguedKey& row : keys) {
    if (key_fits(query, row.key.path)) found.push_back(&row);
  }
  if (found.empty()) {
    std::vector<std::string> names;
    for (const CataloguedKey& row : keys) {
      names.push_back(last_part(row.key.path));
      if (query.find('.') != std::string::npos) names.push_back(row.key.path);
    }
    std::string near = closest(query, names);
    if (near.empty()) near = closest(last_part(query), names);
    throw UsageError("no document has a key '" + query + "'" +
                     (near.empty() ? "; npcsim explain --reference shows all of them"
                                   : "; did you mean '" + near + "'?"));
  }
  if (json_wanted) {
    JsonWriter json(JsonWriter::Layout::indented);
    json.begin_object()
        .key("command")
        .text("explain")
        .key("query")
        .text(query)
        .key("keys")
        .begin_array();
    for (const CataloguedKey* row : found) add_json(json, *row);
    json.end_array().end_object();
    print(json.str() + "\n");
    return ExitCode::done;
  }
  std::string out;
  if (found.size() > 3) {
    out = std::to_string(found.size()) +
          " keys are called so; give more of the path for one of them\n";
    std::vector<std::vector<std::string>> rows;
    for (const CataloguedKey* row : found) {
      rows.push_back({"  " + row->key.path, row->document, cut(row->key.help, 60)});
    }
    print(out + aligned(rows));
    return ExitCode::done;
  }
  for (const CataloguedKey* row : found) {
    out += (out.empty() ? "" : "\n") + entry(*row) + children(*row, keys);
    if (const Topic* topic = topic_of(*row)) out += "\n" + plain_markdown(topic->text);
  }
  print(out);
  return ExitCode::done;
}

}  // namespace npcsim

#include <npcsim/csv_analyses/detail/document_names.hpp>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace npcsim::detail {
namespace {

// A document takes 100 characters; the rest is for "_frailty", and for a number before it.
constexpr std::size_t longest_given = 92;
constexpr std::size_t longest = 80;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Sign {
  std::string_view sign;
  std::string_view word;
};

// Levels often differ in these alone. The longer sign comes first; an arrow is no comparison.
constexpr std::array<Sign, 9> signs{{{"->", "_"},
                                     {"<=", "_at_most_"},
                                     {">=", "_at_least_"},
                                     {"\xe2\x89\xa4", "_at_most_"},
                                     {"\xe2\x89\xa5", "_at_least_"},
                                     {"!=", "_not_"},
                                     {"<", "_below_"},
                                     {">", "_above_"},
                                     {"+", "_plus_"}}};

// Truth values for other readers of YAML, and what conditions of a model know already: an effect
// on 'line' would act on the line of treatment instead of the column.
bool is_taken_word(const std::string& name) {
  std::string small = name;
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  constexpr std::array<std::string_view, 7> truth{"on",   "off",   "yes", "no",
                                                  "true", "false", "null"};
  constexpr std::array<std::string_view, 4> known{"months_since_diagnosis", "progressions", "line",
                                                  "progression_type"};
  return std::find(truth.begin(), truth.end(), small) != truth.end() ||
         std::find(known.begin(), known.end(), name) != known.end();
}

bool is_document_name(const std::string& text) {
  return !text.empty() && text.size() <= longest_given && !is_digit(text.front()) &&
         !is_taken_word(text) && std::all_of(text.begin(), text.end(), [](char c) {
           return is_letter(c) || is_digit(c) || c == '_';
         });
}

// One underscore at a time, none in front.
void append(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (c != '_' || (!out.empty() && out.back() != '_')) out += c;
  }
}

}  // namespace

std::string document_name(const std::string& text) {
  if (is_document_name(text)) return text;
  std::string out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto sign = std::find_if(signs.begin(), signs.end(), [rest](const Sign& candidate) {
      return rest.substr(0, candidate.sign.size()) == candidate.sign;
    });
    const char c = rest.front();
    if (sign != signs.end()) {
      append(out, sign->word);
    } else if (is_letter(c) || is_digit(c)) {
      out += c;
    } else {
      append(out, "_");
    }
    rest.remove_prefix(sign != signs.end() ? sign->sign.size() : 1);
  }
  if (out.size() > longest) out.resize(longest);
  while (!out.empty() && out.back() == '_') out.pop_back();
  if (out.empty() || is_digit(out.front())) return "x" + out;
  return is_taken_word(out) ? "x_" + out : out;
}

DocumentNames document_names_of(const std::vector<std::string>& texts) {
  DocumentNames out;
  std::set<std::string> taken;
  std::vector<char> keeps(texts.size(), 0);
  for (const std::string& text : texts) out.names.push_back(document_name(text));
  // Numbers are not given that a text has of its own.
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (out.names[i] == texts[i] && taken.insert(texts[i]).second) keeps[i] = 1;
  }
  const std::set<std::string> wanted(out.names.begin(), out.names.end());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (keeps[i] != 0 || taken.insert(out.names[i]).second) continue;
    const std::string stem = out.names[i] + "_";
    for (int number = 2;; ++number) {
      const std::string name = stem + std::to_string(number);
      if (wanted.count(name) > 0 || !taken.insert(name).second) continue;
      out.names[i] = name;
      break;
    }
    out.numbered.push_back(i);
  }
  return out;
}

std::string in_comment(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  }
  return text;
}

}  // namespace npcsim::detail

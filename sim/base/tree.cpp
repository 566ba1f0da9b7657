#include <npcsim/base/tree.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace npcsim {

Tree Tree::scalar(std::string text, SourcePlace place, bool quoted) {
  Tree tree;
  tree.kind_ = Kind::scalar;
  tree.text_ = std::move(text);
  tree.place_ = place;
  tree.quoted_ = quoted;
  return tree;
}

Tree Tree::list(SourcePlace place) {
  Tree tree;
  tree.kind_ = Kind::list;
  tree.place_ = place;
  return tree;
}

Tree Tree::map(SourcePlace place) {
  Tree tree;
  tree.kind_ = Kind::map;
  tree.place_ = place;
  return tree;
}

const Tree* Tree::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].text == key) return &items_[i];
  }
  return nullptr;
}

Tree* Tree::find(std::string_view key) { return const_cast<Tree*>(std::as_const(*this).find(key)); }

const Tree::Key* Tree::find_key(std::string_view key) const {
  for (const Key& candidate : keys_) {
    if (candidate.text == key) return &candidate;
  }
  return nullptr;
}

void Tree::append(Tree item) { items_.push_back(std::move(item)); }

void Tree::append(Key key, Tree value) {
  keys_.push_back(std::move(key));
  items_.push_back(std::move(value));
}

void Tree::set(Key key, Tree value) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].text == key.text) {
      items_[i] = std::move(value);
      return;
    }
  }
  append(std::move(key), std::move(value));
}

void Tree::set(std::string key, Tree value) { set(Key{std::move(key), {}}, std::move(value)); }

void Tree::erase(std::string_view key) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    if (keys_[i].text == key) {
      const auto at = static_cast<std::ptrdiff_t>(i);
      keys_.erase(keys_.begin() + at);
      items_.erase(items_.begin() + at);
      return;
    }
  }
}

std::string in_words(const Tree& tree) {
  switch (tree.kind()) {
    case Tree::Kind::null:
      return "nothing";
    case Tree::Kind::scalar: {
      const std::string& text = tree.text();
      return "'" + (text.size() > 40 ? text.substr(0, 37) + "..." : text) + "'";
    }
    case Tree::Kind::list:
      return "a list";
    case Tree::Kind::map:
      return "a map";
  }
  return {};
}

namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// Plain text needs quotation marks when YAML would read it as something else.
bool needs_quotes(const std::string& text) {
  if (text.empty()) return true;
  static constexpr std::string_view first_characters = "!&*-?|>@%`\"'#,[]{}: ~";
  if (first_characters.find(text.front()) != std::string_view::npos) {
    // A leading minus of a number is plain.
    const bool number = text.front() == '-' && text.size() > 1 &&
                        (text[1] == '.' || (text[1] >= '0' && text[1] <= '9'));
    if (!number) return true;
  }
  if (text.back() == ' ' || text.back() == ':') return true;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (is_control(c)) return true;
    if (c == '#' || c == ',' || c == '[' || c == ']' || c == '{' || c == '}') return true;
    if (c == ':' && i + 1 < text.size() && text[i + 1] == ' ') return true;
  }
  static constexpr std::array<std::string_view, 6> words{"null", "Null", "NULL", "<<", "...", "="};
  if (std::find(words.begin(), words.end(), text) != words.end()) return true;
  // ".nan", "-.inf" and the like are numbers to YAML.
  const std::size_t point = text.front() == '-' || text.front() == '+' ? 1 : 0;
  if (text.size() < point + 2 || text[point] != '.') return false;
  return std::isalpha(static_cast<unsigned char>(text[point + 1])) != 0;
}

std::string quote(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (is_control(c)) {
      static constexpr char digits[] = "0123456789abcdef";
      out += "\\x";
      out += digits[(static_cast<unsigned char>(c) >> 4) & 15];
      out += digits[static_cast<unsigned char>(c) & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void write(const Tree& tree, std::size_t indent, bool after_key, std::string& out) {
  const std::string margin(indent, ' ');
  switch (tree.kind()) {
    case Tree::Kind::null:
      out += after_key ? " ~\n" : "~\n";
      return;
    case Tree::Kind::scalar:
      if (after_key) out += ' ';
      out += tree.quoted() || needs_quotes(tree.text()) ? quote(tree.text()) : tree.text();
      out += '\n';
      return;
    case Tree::Kind::list:
      if (tree.items().empty()) {
        out += after_key ? " []\n" : "[]\n";
        return;
      }
      if (after_key) out += '\n';
      for (std::size_t i = 0; i < tree.size(); ++i) {
        out += (i == 0 && !after_key ? std::string() : margin) + "- ";
        write(tree.items()[i], indent + 2, false, out);
      }
      return;
    case Tree::Kind::map:
      if (tree.items().empty()) {
        out += after_key ? " {}\n" : "{}\n";
        return;
      }
      if (after_key) out += '\n';
      for (std::size_t i = 0; i < tree.size(); ++i) {
        const std::string& key = tree.keys()[i].text;
        out += (i == 0 && !after_key ? std::string() : margin) +
               (needs_quotes(key) ? quote(key) : key) + ":";
        write(tree.items()[i], indent + 2, true, out);
      }
      return;
  }
}

}  // namespace

std::string to_yaml(const Tree& tree) {
  std::string out;
  write(tree, 0, false, out);
  return out;
}

bool same_content(const Tree& a, const Tree& b) {
  if (a.kind() != b.kind() || a.text() != b.text() || a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.keys().size(); ++i) {
    if (a.keys()[i].text != b.keys()[i].text) return false;
  }
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!same_content(a.items()[i], b.items()[i])) return false;
  }
  return true;
}

}  // namespace npcsim

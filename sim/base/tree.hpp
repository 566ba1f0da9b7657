// A document as it was written: scalars, lists and maps, each with its place. Knows no format and
// no meaning.
#pragma once

#include <npcsim/base/diagnostics.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace npcsim {

class Tree {
 public:
  enum class Kind { null, scalar, list, map };
  struct Key {
    std::string text;
    SourcePlace place;
  };

  Tree() = default;
  static Tree scalar(std::string text, SourcePlace place = {}, bool quoted = false);
  static Tree list(SourcePlace place = {});
  static Tree map(SourcePlace place = {});

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_scalar() const { return kind_ == Kind::scalar; }
  bool is_list() const { return kind_ == Kind::list; }
  bool is_map() const { return kind_ == Kind::map; }
  const SourcePlace& place() const { return place_; }
  void set_place(SourcePlace place) { place_ = place; }

  /// The text of a scalar; empty for other kinds.
  const std::string& text() const { return text_; }
  /// Whether a scalar stood in quotation marks (a quoted number is text).
  bool quoted() const { return quoted_; }

  /// Items of a list, or values of a map in the order of keys().
  const std::vector<Tree>& items() const { return items_; }
  std::vector<Tree>& items() { return items_; }
  const std::vector<Key>& keys() const { return keys_; }
  std::size_t size() const { return items_.size(); }

  /// Value of a key in a map, or nullptr.
  const Tree* find(std::string_view key) const;
  Tree* find(std::string_view key);
  const Key* find_key(std::string_view key) const;

  void append(Tree item);            ///< to a list
  void append(Key key, Tree value);  ///< to a map; the key must be new to it
  void set(Key key, Tree value);     ///< adds to a map, or replaces the value of an equal key
  void set(std::string key, Tree value);
  void erase(std::string_view key);  ///< from a map; no effect if absent

 private:
  Kind kind_ = Kind::null;
  bool quoted_ = false;
  std::string text_;
  SourcePlace place_;
  std::vector<Key> keys_;
  std::vector<Tree> items_;
};

/// "a scalar", "a list", ... with the beginning of the text, for messages.
std::string in_words(const Tree& tree);

/// The tree as YAML text that reads back to an equal tree.
std::string to_yaml(const Tree& tree);

/// Equality of content; places do not count.
bool same_content(const Tree& a, const Tree& b);

}  // namespace npcsim

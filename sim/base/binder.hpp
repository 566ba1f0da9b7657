// Trees into plain structs. One descriptor of a key gives parser, range check, default, message and
// reference page.
//
// A room writes `void bind(Binder&, ItsStruct&)` once. Reading a document runs it on a tree;
// `npcsim explain` and the reference page run the same function in describing mode, which only
// records the descriptors.
#pragma once

#include <npcsim/base/parameters.hpp>
#include <npcsim/base/tree.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace npcsim {

/// A word that refers to something, with its place.
struct Name {
  std::string text;
  SourcePlace place;
  bool empty() const { return text.empty(); }
};

/// Descriptor of one key.
struct Key {
  std::string_view name;
  std::string_view help;  ///< what it means, one sentence
  bool required = false;
  std::string_view fallback = {};  ///< the default as it would be written; "" if there is none
  std::string_view example = {};
  Dimension dimension = Dimension::none;
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
  bool above_least = false;       ///< `least` itself is not allowed
  bool below_most = false;        ///< `most` itself is not allowed
  std::string_view choices = {};  ///< "a|b|c" for words out of a closed set
};

/// What `npcsim explain` and the reference page show of a key.
struct KeyDescription {
  std::string path;  ///< "agents.<name>.cycle.every"
  std::string type;
  std::string range;
  std::string fallback;
  std::string example;
  std::string help;
  bool required = false;
};

/// A default that a document did not write, for the compiled study.
struct FilledDefault {
  std::vector<std::string> path;  ///< keys and indices of the map that lacks it
  std::string key;
  std::string text;
};

/// A place where named parameters are used, and the range that their product must keep there.
struct ValueUse {
  Value value;
  std::string key;
  std::string path;   ///< of the map that holds the key, in words
  std::string range;  ///< in words
  double least = 0;
  double most = 0;
  bool above_least = false;
  bool below_most = false;

  bool allows(double number) const;
};

/// What all binders of one document share.
struct BindContext {
  Diagnostics* diagnostics = nullptr;
  const ParameterTable* parameters = nullptr;           ///< what $name may refer to
  std::vector<KeyDescription>* descriptions = nullptr;  ///< set in describing mode
  std::vector<FilledDefault>* defaults = nullptr;       ///< optional
  std::vector<ValueUse>* uses = nullptr;                ///< optional; uses with a range
};

class Binder {
 public:
  Binder(BindContext& context, const Tree& node, std::vector<std::string> path);
  Binder(const Binder&) = delete;
  Binder& operator=(const Binder&) = delete;

  bool describing() const { return context_.descriptions != nullptr; }
  const Tree& node() const { return node_; }
  const std::vector<std::string>& path() const { return path_; }
  BindContext& context() { return context_; }
  bool has(std::string_view key) const { return node_.find(key) != nullptr; }

  void text(const Key& key, std::string& out);
  void name(const Key& key, Name& out);
  /// What the document calls itself: folders and columns are called so, hence a letter, then
  /// letters, digits, `_`, `-` and `.`, at most 100 of them.
  void own_name(const Key& key, Name& out);
  /// One word or a list of words.
  void names(const Key& key, std::vector<Name>& out);
  void number(const Key& key, double& out);
  void integer(const Key& key, std::int64_t& out);
  void flag(const Key& key, bool& out);
  void value(const Key& key, Value& out);
  void values(const Key& key, std::vector<Value>& out);
  /// A part of the tree that its room reads itself; nullptr if absent.
  const Tree* raw(const Key& key, std::string_view type);

  /// A nested map.
  template <class T>
  bool child(const Key& key, T& out) {
    const Tree* tree = enter(key, "map", Tree::Kind::map);
    if (tree == nullptr && !describing()) return false;
    Binder inner(context_, tree == nullptr ? empty_map() : *tree, extended(key.name));
    bind(inner, out);
    inner.finish();
    return tree != nullptr;
  }
  /// A map whose keys are the user's names; order is kept.
  template <class T>
  void children(const Key& key, std::vector<std::pair<Name, T>>& out) {
    const Tree* tree = enter(key, "map of named entries", Tree::Kind::map);
    if (describing()) {
      T entry{};
      Binder inner(context_, empty_map(), extended(std::string(key.name) + ".<name>"));
      bind(inner, entry);
      return;
    }
    if (tree == nullptr) return;
    for (std::size_t i = 0; i < tree->size(); ++i) {
      const Tree::Key& name = tree->keys()[i];
      const Tree& item = tree->items()[i];
      out.emplace_back(Name{name.text, name.place}, T{});
      if (!item.is_map()) {
        error(item.place().line > 0 ? item.place() : name.place,
              "'" + name.text + "' must be a map of keys, found " + in_words(item));
        continue;
      }
      auto path = extended(key.name);
      path.push_back(name.text);
      Binder inner(context_, item, path);
      bind(inner, out.back().second);
      inner.finish();
    }
  }
  /// A list of maps.
  template <class T>
  void list(const Key& key, std::vector<T>& out) {
    const Tree* tree = enter(key, "list", Tree::Kind::list);
    if (describing()) {
      T entry{};
      Binder inner(context_, empty_map(), extended(std::string(key.name) + "[]"));
      bind(inner, entry);
      return;
    }
    if (tree == nullptr) return;
    for (std::size_t i = 0; i < tree->size(); ++i) {
      const Tree& item = tree->items()[i];
      if (!item.is_map()) {
        error(item.place(), "each entry of '" + std::string(key.name) +
                                "' must be a map of keys, found " + in_words(item));
        continue;
      }
      out.emplace_back();
      auto path = extended(key.name);
      path.push_back(std::to_string(i + 1));
      Binder inner(context_, item, path);
      bind(inner, out.back());
      inner.finish();
    }
  }

  /// Reports the keys that nobody asked for and the required ones that are not there. Call once,
  /// last.
  void finish();

  void error(SourcePlace place, std::string message, std::string hint = {});
  void warning(SourcePlace place, std::string message, std::string hint = {});

  /// Reads a scientific number from any scalar, with the checks of `key`.
  bool read_value(const Tree& tree, const Key& key, Value& out);
  /// Reads a literal quantity from any scalar, with the checks of `key`.
  bool read_number(const Tree& tree, const Key& key, double& out);

 private:
  const Tree* enter(const Key& key, std::string_view type, Tree::Kind kind);
  const Tree* find(const Key& key, std::string_view type);
  bool in_range(const Key& key, double value) const;
  void note_use(const Key& key, const Value& value);
  void report_range(const Tree& tree, const Key& key);
  std::vector<std::string> extended(std::string_view key) const;
  static const Tree& empty_map();
  void describe(const Key& key, std::string_view type);

  BindContext& context_;
  const Tree& node_;
  std::vector<std::string> path_;
  std::vector<std::string> asked_;
  struct Missing {
    std::string key;
    std::string hint;
  };
  std::vector<Missing> missing_;  ///< required keys that are not there
};

/// Range of a key in words, e.g. "above 0", "0 to 1"; "" if unbounded. Durations in days.
std::string range_in_words(const Key& key);

/// "a > b > c".
std::string path_in_words(const std::vector<std::string>& path);

/// Writes defaults into a copy of the document.
Tree with_defaults(Tree document, const std::vector<FilledDefault>& defaults);

}  // namespace npcsim

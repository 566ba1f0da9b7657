// A map inside a map that has no struct of its own.
#pragma once

#include <npcsim/model/model_doc.hpp>

namespace npcsim {

/// The map `dose_response`: a logistic curve by EQD2.
void bind_dose_response(Binder& binder, std::string_view help, Value& midpoint, Value& slope);

// Runs `read` on the map under `key` with a binder of its own.
template <class Read>
bool nested(Binder& binder, const Key& key, Read read) {
  const Tree* tree = binder.raw(key, "map");
  if (tree == nullptr && !binder.describing()) return false;
  if (tree != nullptr && !tree->is_map()) {
    binder.error(tree->place(),
                 "'" + std::string(key.name) + "' must be a map, found " + in_words(*tree),
                 key.example.empty() ? std::string() : "e.g. " + std::string(key.example));
    return false;
  }
  static const Tree empty = Tree::map();
  auto path = binder.path();
  path.emplace_back(key.name);
  Binder inner(binder.context(), tree == nullptr ? empty : *tree, path);
  read(inner);
  inner.finish();
  return tree != nullptr;
}

}  // namespace npcsim

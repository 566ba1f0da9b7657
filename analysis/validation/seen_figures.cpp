#include <npcsim/validation/seen_figures.hpp>

namespace npcsim {

SeenFigures read_seen(const CsvTable& file, Diagnostics& diagnostics) {
  SeenFigures out;
  if (!file.find("use")) return out;
  const auto figures = file.texts("figure", diagnostics);
  const auto uses = file.texts("use", diagnostics);
  if (!figures || !uses) return out;
  out.known = true;
  for (std::size_t row = 0; row < figures->size(); ++row) {
    if ((*uses)[row] == "fitted") out.ids.insert((*figures)[row]);
  }
  return out;
}

}  // namespace npcsim

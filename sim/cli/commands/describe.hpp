// Documents told in words, and the picture of a model's states.
#pragma once

#include <npcsim/model/model_doc.hpp>
#include <npcsim/strategies/step_doc.hpp>

#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// A model for a reader at 100 columns: states, hazards, effects, markers, harms, endpoints,
/// parameters.
std::string model_in_words(const ModelDoc& model);

/// The steps of a strategy read aloud. `model` gives titles of agents; may be nullptr.
std::string strategy_in_words(const StrategyDoc& strategy, const ModelDoc* model);

/// States and the moves between them, for pictures.
struct StateGraph {
  struct Arrow {
    std::size_t from = 0;
    std::size_t to = 0;
    std::vector<std::string> labels;  ///< processes that make this move
  };
  std::vector<std::string> titles;
  std::vector<std::size_t> layer;  ///< 0 for the start, then one more than the longest way there
  std::vector<bool> final;
  std::vector<Arrow> arrows;
};

StateGraph state_graph(const ModelDoc& model);

/// Boxes and arrows in plain text, at most `width` columns.
std::string diagram_text(const StateGraph& graph, std::size_t width);

/// The same as an SVG document that needs nothing else.
std::string diagram_svg(const StateGraph& graph, const std::string& title);

/// "-0.87", "7.8 months": a number of a document with its parameters put in, in a unit that people
/// use.
std::string value_text(const Value& value, const ParameterTable& parameters);

}  // namespace npcsim

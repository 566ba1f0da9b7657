// Attributes that are 0, or false, for every patient of a model.
#pragma once

#include <npcsim/model/model_doc.hpp>

#include <string>

namespace npcsim::detail {

/// Whether the attribute is a constant 0, or a condition that no patient can meet because it asks
/// for levels of probability 0. False where it cannot be told from the document.
bool is_always_zero(const ModelDoc& model, const std::string& attribute);

}  // namespace npcsim::detail

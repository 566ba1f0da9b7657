// Names that a model gives.
#pragma once

#include <npcsim/model/model_doc.hpp>

namespace npcsim {

/// Reports names that no column, dataset or condition could have, and those that would be mixed up.
void check_names(const ModelDoc& model, Diagnostics& diagnostics);

/// Reports names by which two results of a run would be called the same.
void check_measures(const ModelDoc& model, Diagnostics& diagnostics);

}  // namespace npcsim

// Whether the columns of a posterior say something to the models that are validated with it.
#pragma once

#include <npcsim/validation/posterior.hpp>

namespace npcsim {

/// A column that no model of the set has as a parameter is a warning; that none of the columns is
/// one, that two models read a column in different units, and a cell without a possible value are
/// errors. `posterior` has been read from `file`.
void check_posterior(const CsvTable& file, const Posterior& posterior, const EmulationSet& set,
                     Diagnostics& diagnostics);

}  // namespace npcsim

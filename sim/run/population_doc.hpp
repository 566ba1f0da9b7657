// Who is simulated: a population document.
#pragma once

#include <npcsim/base/binder.hpp>
#include <npcsim/model/condition_doc.hpp>

namespace npcsim {

/// What is left of a population once its parameters, attributes and copulas have been put into the
/// model.
struct PopulationDoc {
  ConditionDoc eligible;
  Name resample;  ///< CSV file of real patients; empty: patients are drawn from the model
};

void bind(Binder& binder, PopulationDoc& out);

/// Reads a population tree. Problems go to `diagnostics`.
PopulationDoc read_population(const Tree& tree, const ParameterTable& parameters,
                              Diagnostics& diagnostics);

}  // namespace npcsim

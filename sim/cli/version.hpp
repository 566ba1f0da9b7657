// Which program this is.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/results/results.hpp>

namespace npcsim {

Provenance make_provenance(const Context& context);

}  // namespace npcsim

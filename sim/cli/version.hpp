// Which program this is.
#pragma once

#include <npcsim/cli/context.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/results/results.hpp>

#include <string>

namespace npcsim {

std::string program_version();
/// Version and commit. What one program has begun another does not go on with.
std::string program_name();

Provenance make_provenance(const Context& context);

/// The keys of a provenance.json that say which program wrote it, how, and what it is not.
void put_program(JsonWriter& json, const Context& context);

}  // namespace npcsim

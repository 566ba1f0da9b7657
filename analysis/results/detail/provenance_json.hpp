// provenance.json: what was run, from what, by which program.
#pragma once

#include <npcsim/results/results.hpp>

#include <string>

namespace npcsim::detail {

/// Everything but the object "host" is the same for equal runs of the same program.
std::string provenance_json(const CompiledStudy& study, const RunResult& run,
                            const Provenance& provenance, const WriteOptions& options);

}  // namespace npcsim::detail

// Parts of JSON documents that the outputs of several kinds of studies share.
#pragma once

#include <npcsim/io/json.hpp>
#include <npcsim/results/results.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace npcsim {

/// Citation keys with the full references.
using Citations = std::vector<std::pair<std::string, std::string>>;

/// Keys `assumed`, `inputs` and `sources` of a page's data: every number that a study rests on.
/// `more` sources follow those of the model, each key once.
void put_inputs(JsonWriter& json, const CompiledStudy& study, const Citations& more = {});

/// A table for the section "sources" of a page: the parameters at work that no data, or only weak
/// data, inform. Nothing if there are none.
void put_weak_parameters_table(JsonWriter& json, const CompiledStudy& study);

/// Key `weak_parameters` of an open object: {at_work, weak, parameters: [{name, value, unit,
/// identified, part, acts_on, meaning}]}.
void put_weak_parameters(JsonWriter& json, const CompiledStudy& study);

/// Fields of one row of a summary, into an open object.
void put_summary_row(JsonWriter& json, const SummaryRow& row);

/// Keys `program` and `inputs` of provenance.json. `document` is study.yaml, `inputs` the data
/// files.
void put_program(JsonWriter& json, const Provenance& provenance, const std::string& document,
                 const std::map<std::string, std::string>& inputs);

/// Key `host` of provenance.json: facts of one execution, which differ between equal runs.
void put_host(JsonWriter& json, const Provenance& provenance);

}  // namespace npcsim

// What every analysis of a data file says about its input.
#pragma once

#include <npcsim/csv_analyses/analysis_json.hpp>
#include <npcsim/dataset/model_frame.hpp>
#include <npcsim/survival/time_to_event.hpp>

#include <string>
#include <vector>

namespace npcsim {

/// Writes "data" (path), "digest" (XXH64 of the file), "rows", and every role that is given under
/// the name of its option: "time", "event", "entry", "upper", "group", "strata", "covariates",
/// "weights", "cluster", "censored".
void put_input(JsonWriter& json, const DataFile& file, const StudyData& data);

/// The records and the covariates of a frame, as statistics and fits take them. Views: the frame
/// must outlive them.
TimeToEvent records_of(const ModelFrame& frame);
Covariates covariates_of(const ModelFrame& frame);

/// Adds those texts that are not there yet.
void add_warnings(std::vector<std::string>& to, const std::vector<std::string>& more);

}  // namespace npcsim

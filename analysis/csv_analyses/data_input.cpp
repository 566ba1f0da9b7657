#include <npcsim/csv_analyses/data_input.hpp>
#include <npcsim/io/digest.hpp>

#include <algorithm>
#include <span>

namespace npcsim {

void put_input(JsonWriter& json, const DataFile& file, const StudyData& data) {
  const DataRoles& roles = data.roles;
  const auto role = [&json](std::string_view key, const std::string& value) {
    if (!value.empty()) put(json, key, value);
  };
  put(json, "data", file.name());
  put(json, "digest", digest_text(digest_of(file.bytes())));
  put_count(json, "rows", data.rows);
  role("time", roles.time);
  role("event", roles.event);
  role("entry", roles.entry);
  role("upper", roles.upper);
  role("group", roles.group);
  if (!roles.strata.empty()) put(json, "strata", roles.strata);
  if (!data.terms.empty()) {
    std::vector<std::string> terms;
    for (const ModelTerm& term : data.terms) terms.push_back(term.text);
    put(json, "covariates", terms);
  }
  role("weights", roles.weights);
  role("cluster", roles.cluster);
  role("censored", roles.censored);
}

TimeToEvent records_of(const ModelFrame& frame) {
  TimeToEvent out;
  out.time = frame.time();
  out.event = frame.event();
  out.entry = frame.entry();
  out.weight = frame.weight();
  out.stratum = frame.stratum();
  out.cluster = frame.cluster();
  return out;
}

Covariates covariates_of(const ModelFrame& frame) {
  Covariates out;
  out.names = frame.design().names;
  for (const auto& column : frame.design().columns) out.columns.emplace_back(column);
  return out;
}

void add_warnings(std::vector<std::string>& to, const std::vector<std::string>& more) {
  for (const std::string& text : more) {
    if (std::find(to.begin(), to.end(), text) == to.end()) to.push_back(text);
  }
}

}  // namespace npcsim

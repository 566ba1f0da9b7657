// Parameters that no data, or only weak data, inform, for programs and for the page.
#include <npcsim/results/json_parts.hpp>
#include <npcsim/results/parameter_use.hpp>

namespace npcsim {
namespace {

std::string places_of(const ParameterUse& use) {
  std::string out;
  for (const std::string& place : use.acts_on) out += (out.empty() ? "" : ", ") + place;
  return out;
}

void put_column(JsonWriter& json, const char* key, const char* label, const char* align) {
  json.begin_object();
  json.key("key").text(key);
  json.key("label").text(label);
  if (*align != '\0') json.key("align").text(align);
  json.end_object();
}

void put_use(JsonWriter& json, const CompiledStudy& study, const ParameterUse& use) {
  const Parameter& parameter = study.model.parameters.rows()[use.parameter];
  json.key("name").text(parameter.name);
  json.key("value").number(parameter.written);
  json.key("unit").text(parameter.unit);
  json.key("identified")
      .text(parameter.identified.empty() ? "not said; the value is assumed" : parameter.identified);
  json.key("part").text(use.part);
  json.key("meaning").text(parameter.meaning);
}

}  // namespace

void put_weak_parameters_table(JsonWriter& json, const CompiledStudy& study) {
  const WeakParameters weak = weak_parameters(study);
  if (weak.weak.empty()) return;
  json.begin_object();
  json.key("id").text("weak-parameters");
  json.key("title").text("What the results rest on without data, or with weak data");
  json.key("section").text("sources");
  json.key("note").text(
      std::to_string(weak.weak.size()) + " of the " + std::to_string(weak.at_work) +
      " parameters at work in this study. Only a scenario or draws of the parameters can say how "
      "much a result depends on them; its ± does not.");
  json.key("columns").begin_array();
  put_column(json, "name", "Parameter", "");
  put_column(json, "meaning", "Meaning", "");
  put_column(json, "value", "Value", "right");
  put_column(json, "unit", "Unit", "");
  put_column(json, "identified", "Identified by data", "");
  put_column(json, "part", "Part", "");
  put_column(json, "acts_on", "Acts on", "");
  json.end_array();
  json.key("rows").begin_array();
  for (const ParameterUse& use : weak.weak) {
    json.begin_object();
    put_use(json, study, use);
    json.key("acts_on").text(places_of(use));
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void put_weak_parameters(JsonWriter& json, const CompiledStudy& study) {
  const WeakParameters weak = weak_parameters(study);
  json.key("weak_parameters").begin_object();
  json.key("at_work").integer(static_cast<std::int64_t>(weak.at_work));
  json.key("weak").integer(static_cast<std::int64_t>(weak.weak.size()));
  json.key("parameters").begin_array();
  for (const ParameterUse& use : weak.weak) {
    json.begin_object();
    put_use(json, study, use);
    json.key("acts_on").begin_array();
    for (const std::string& place : use.acts_on) json.text(place);
    json.end_array();
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

}  // namespace npcsim

#include <npcsim/report/detail/page_json.hpp>

namespace npcsim::detail {

void put(JsonWriter& json, std::string_view key, std::optional<double> number) {
  json.key(key);
  if (number) {
    json.number(*number);
  } else {
    json.null();
  }
}

void put_text(JsonWriter& json, std::string_view key, std::string_view text) {
  if (!text.empty()) json.key(key).text(text);
}

void put_estimate(JsonWriter& json, const PageEstimate& estimate) {
  put(json, "value", estimate.value);
  put(json, "lo", estimate.low);
  put(json, "hi", estimate.high);
}

void put_head(JsonWriter& json, const PageHead& head) {
  json.key("title").text(head.title);
  put_text(json, "study", head.name);
  put_text(json, "subtitle", head.subtitle);
  put_text(json, "disclaimer", head.disclaimer);
  if (!head.warnings.empty()) {
    json.key("warnings").begin_array();
    for (const std::string& warning : head.warnings) json.text(warning);
    json.end_array();
  }
  json.key("generated").begin_object();
  for (const PageFact& fact : head.facts) json.key(fact.label).text(fact.text);
  json.end_object();
  json.key("assumed").begin_array();
  for (const PageAssumption& each : head.assumed) {
    json.begin_object().key("name").text(each.name);
    put(json, "value", each.value);
    put_text(json, "unit", each.unit);
    put_text(json, "meaning", each.meaning);
    json.end_object();
  }
  json.end_array();
  json.key("sources").begin_array();
  for (const PageSource& source : head.sources) {
    json.begin_object().key("id").text(source.id).key("citation").text(source.citation);
    put_text(json, "link", source.link);
    json.end_object();
  }
  json.end_array();
  json.key("notes").begin_array();
  for (const std::string& note : head.notes) json.text(note);
  json.end_array();
}

}  // namespace npcsim::detail

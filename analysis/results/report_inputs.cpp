// Numbers that went in, and where they come from.
#include <npcsim/results/detail/input_rows.hpp>
#include <npcsim/results/detail/report_data.hpp>
#include <npcsim/results/json_parts.hpp>

#include <set>

namespace npcsim {

namespace {

// The first link in a citation: an address, or a DOI.
std::string link_of(const std::string& citation) {
  const auto word_at = [&](std::size_t begin) {
    std::string word = citation.substr(begin, citation.find_first_of(" ;,\n", begin) - begin);
    while (!word.empty() && (word.back() == '.' || word.back() == ')')) word.pop_back();
    return word;
  };
  if (const auto at = citation.find("https://"); at != std::string::npos) return word_at(at);
  for (const char* const mark : {"doi:10.", "doi 10.", "doi: 10.", "DOI 10."}) {
    const auto at = citation.find(mark);
    if (at != std::string::npos) return "https://doi.org/" + word_at(citation.find("10.", at));
  }
  return {};
}

}  // namespace

void put_inputs(JsonWriter& json, const CompiledStudy& study, const Citations& more) {
  std::vector<detail::InputRow> rows = detail::input_rows(study);
  for (detail::InputRow& row : detail::rows_without_source(study)) rows.push_back(std::move(row));
  json.key("assumed").begin_array();
  for (const detail::InputRow& row : rows) {
    if (!row.assumed) continue;
    json.begin_object();
    detail::put_input(json, row);
    json.end_object();
  }
  json.end_array();
  json.key("inputs").begin_array();
  for (const detail::InputRow& row : rows) {
    json.begin_object();
    detail::put_input(json, row);
    json.key("prior").text(row.prior);
    json.key("source").text(row.source);
    json.key("assumed").boolean(row.assumed);
    json.key("identified").text(row.identified);
    json.end_object();
  }
  json.end_array();
  json.key("sources").begin_array();
  std::set<std::string> listed;
  const auto put_source = [&](const std::string& id, const std::string& citation) {
    if (!listed.insert(id).second) return;
    json.begin_object();
    json.key("id").text(id);
    json.key("citation").text(citation);
    if (const std::string link = link_of(citation); !link.empty()) json.key("link").text(link);
    json.end_object();
  };
  for (const auto& [id, citation] : study.model.sources) put_source(id, citation);
  for (const auto& [id, citation] : more) put_source(id, citation);
  json.end_array();
}

namespace detail {

void add_inputs(JsonWriter& json, const ReportInput& in) {
  put_inputs(json, in.study, citations_of_classes(in));
}

}  // namespace detail

}  // namespace npcsim

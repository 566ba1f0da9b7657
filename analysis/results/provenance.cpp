#include <npcsim/io/digest.hpp>
#include <npcsim/io/json.hpp>
#include <npcsim/results/detail/input_rows.hpp>
#include <npcsim/results/detail/provenance_json.hpp>
#include <npcsim/results/json_parts.hpp>

#include <thread>

namespace npcsim {

namespace {

const char* name_of(WriteOptions::Keep keep) {
  switch (keep) {
    case WriteOptions::Keep::patients:
      return "patients";
    case WriteOptions::Keep::journal:
      return "journal";
    case WriteOptions::Keep::summary:
      break;
  }
  return "summary";
}

void add_digest(JsonWriter& json, const std::string& file, const std::string& bytes) {
  json.begin_object();
  json.key("file").text(file);
  json.key("bytes").integer(static_cast<std::int64_t>(bytes.size()));
  json.key("xxh64").text(digest_text(digest_of(bytes)));
  json.end_object();
}

}  // namespace

void put_program(JsonWriter& json, const Provenance& provenance, const std::string& document,
                 const std::map<std::string, std::string>& inputs) {
  json.key("program").begin_object();
  json.key("version").text(provenance.version);
  json.key("commit").text(provenance.commit);
  json.key("compiler").text(provenance.compiler);
  json.key("build_type").text(provenance.build_type);
  json.end_object();
  json.key("inputs").begin_array();
  add_digest(json, "study.yaml", document);
  for (const auto& [name, bytes] : inputs) add_digest(json, "inputs/" + name, bytes);
  json.end_array();
}

void put_host(JsonWriter& json, const Provenance& provenance) {
  json.key("host").begin_object();
  json.key("command").text(provenance.command);
  json.key("started_at");
  if (provenance.started_at.empty()) {
    json.null();
  } else {
    json.text(provenance.started_at);
  }
  json.key("wall_seconds").number(provenance.wall_seconds);
  json.key("threads").integer(provenance.threads);
  json.key("processors").integer(static_cast<std::int64_t>(std::thread::hardware_concurrency()));
  json.end_object();
}

namespace detail {

std::string provenance_json(const CompiledStudy& study, const RunResult& run,
                            const Provenance& provenance, const WriteOptions& options) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object();
  json.key("study").text(study.study.name);
  json.key("digest").text(digest_text(study.digest));
  json.key("seed").integer(study.study.seed);
  json.key("replicate").integer(study.study.replicate);
  json.key("patients").integer(study.study.patients);
  json.key("candidates").integer(static_cast<std::int64_t>(run.candidates));
  json.key("output").text(name_of(options.keep));
  json.key("sample").number(options.sample);
  put_program(json, provenance, to_yaml(study.document), study.inputs);
  json.key("assumed").begin_array();
  for (const InputRow& row : input_rows(study)) {
    if (!row.assumed) continue;
    json.begin_object();
    put_input(json, row);
    json.end_object();
  }
  json.end_array();
  json.key("warnings").begin_array();
  for (const std::string& warning : options.of_documents) json.text(warning);
  for (const std::string& warning : result_warnings(study, run)) json.text(warning);
  json.end_array();
  put_weak_parameters(json, study);
  put_host(json, provenance);
  json.end_object();
  return json.str() + "\n";
}

}  // namespace detail

}  // namespace npcsim

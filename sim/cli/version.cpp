#include <npcsim/cli/version.hpp>

namespace npcsim {

std::string program_version() { return NPCSIM_VERSION; }

std::string program_name() { return std::string(NPCSIM_VERSION) + " " + NPCSIM_COMMIT; }

Provenance make_provenance(const Context& context) {
  Provenance out;
  out.version = NPCSIM_VERSION;
  out.commit = NPCSIM_COMMIT;
  out.compiler = NPCSIM_COMPILER;
  out.build_type = NPCSIM_BUILD_TYPE;
  out.command = context.command_line;
  return out;
}

void put_program(JsonWriter& json, const Context& context) {
  const Provenance provenance = make_provenance(context);
  json.key("program").begin_object();
  json.key("version").text(provenance.version);
  json.key("commit").text(provenance.commit);
  json.end_object();
  json.key("note").text("model projections for research and teaching; not medical advice");
  json.key("host").begin_object();
  json.key("command").text(provenance.command);
  json.end_object();
}

}  // namespace npcsim

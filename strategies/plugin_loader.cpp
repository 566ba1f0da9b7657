// Opens a shared library and answers it while it looks names up.
#include <npcsim/base/utf8.hpp>
#include <npcsim/model/compile.hpp>
#include <npcsim/random/stream.hpp>
#include <npcsim/strategies/detail/library_file.hpp>
#include <npcsim/strategies/detail/plugin_state.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>

namespace npcsim {
namespace {

// Keeps the draws of plugins apart from those of models and of step documents.
constexpr const char* stream_prefix = "plugin ";

// A handle: place of `name` in `names`, where it is put if it is new.
std::size_t place_in(std::vector<std::string>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  const auto index = static_cast<std::size_t>(at - names.begin());
  if (at == names.end()) names.push_back(name);
  return index;
}

class PluginHost {
 public:
  PluginHost(const StrategyDoc& doc, Program& program, const std::vector<double>& parameters,
             PluginStrategy::State& state, Diagnostics& diagnostics)
      : doc_(doc),
        program_(program),
        parameters_(parameters),
        state_(state),
        diagnostics_(diagnostics) {
    state_.may_give.assign(program.agents.size(), false);
    state_.markers = static_cast<std::int32_t>(program.markers.size());
  }

  npcsim_host functions() {
    npcsim_host out{};
    out.context = this;
    out.agents = [](void* host, const char* name, std::int32_t* indices) {
      return self(host).agents(name, indices);
    };
    out.marker = [](void* host, const char* name) { return self(host).marker(name); };
    out.variable = [](void* host, const char* name) { return self(host).variable(name); };
    out.level = [](void* host, std::int32_t variable, const char* level) {
      return self(host).level(variable, level);
    };
    out.stream = [](void* host, const char* name) { return self(host).stream(name); };
    out.setting = [](void* host, const char* name, double* value) {
      return self(host).setting(name, *value);
    };
    out.error = [](void* host, const char* message) { self(host).error(message); };
    return out;
  }

  void refuse_unused_settings() {
    for (const auto& [name, value] : doc_.settings) {
      if (std::find(settings_.begin(), settings_.end(), name.text) != settings_.end()) continue;
      diagnostics_.error(name.place,
                         "plugin '" + state_.name + "' has no setting '" + name.text + "'",
                         printable(suggestion(name.text, settings_)), "settings");
    }
  }

 private:
  static PluginHost& self(void* context) { return *static_cast<PluginHost*>(context); }

  // Names and words that the plugin gives are bytes that nobody has checked.
  void report(const std::string& message, const std::string& hint = {}) {
    diagnostics_.error(doc_.plugin.place, printable(message), hint, "plugin");
  }
  void unknown(const std::string& what, const std::string& name,
               const std::vector<std::string>& choices) {
    report("plugin '" + state_.name + "' asks for the " + what + " '" + name + "', which model '" +
               program_.name + "' does not have",
           suggestion(name, choices));
  }

  std::int32_t agents(const std::string& name, std::int32_t* indices) {
    std::vector<std::int32_t> members;
    std::vector<std::string> names;
    if (const std::int32_t agent = program_.find_agent(name); agent >= 0) members.push_back(agent);
    for (const auto& [regimen, agents] : program_.regimens) {
      names.push_back(regimen);
      if (members.empty() && regimen == name) members = agents;
    }
    if (members.empty()) {
      for (const Agent& agent : program_.agents) names.push_back(agent.name);
      unknown("agent or regimen", name, names);
      return 0;
    }
    if (members.size() > most_agents_in_action) {
      report("plugin '" + state_.name + "' asks for the regimen '" + name + "' of " +
             std::to_string(members.size()) + " agents; an action takes at most " +
             std::to_string(most_agents_in_action));
      return 0;
    }
    for (const std::int32_t agent : members)
      state_.may_give[static_cast<std::size_t>(agent)] = true;
    std::copy(members.begin(), members.end(), indices);
    return static_cast<std::int32_t>(members.size());
  }

  std::int32_t marker(const std::string& name) {
    const std::int32_t index = program_.find_marker(name);
    if (index < 0) {
      std::vector<std::string> names;
      for (const Marker& marker : program_.markers) names.push_back(marker.name);
      unknown("marker", name, names);
    }
    return index;
  }

  std::int32_t variable(const std::string& name) {
    const std::vector<std::string> names = variable_names(program_, false);
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      unknown("variable", name, names);
      return -1;
    }
    const std::size_t handle = place_in(variables_, name);
    if (handle == state_.variables.size()) {
      // The test stays in the program's pool: what is there is what patients are drawn with.
      Diagnostics none;
      state_.variables.push_back(compiled({}, name, none).variable);
    }
    return static_cast<std::int32_t>(handle);
  }

  std::int32_t level(std::int32_t variable, const std::string& level) {
    if (variable < 0 || static_cast<std::size_t>(variable) >= variables_.size())
      return -1;  // reported before
    const std::string& name = variables_[static_cast<std::size_t>(variable)];
    Diagnostics problems;
    const std::uint64_t mask = compiled({Name{level, {}}}, name, problems).level_mask;
    program_.conditions.nodes().pop_back();
    for (std::int32_t i = 0; i < 64; ++i) {
      if (((mask >> static_cast<unsigned>(i)) & 1U) != 0) return i;
    }
    const std::string& hint = problems.items().front().hint;
    report("plugin '" + state_.name + "' asks for the level '" + level + "' of '" + name +
               "', which does not exist",
           hint.compare(0, 5, "it is") == 0 ? "'" + name + "' is a number" : hint);
    return -1;
  }

  // The model resolves names of variables and levels while it compiles conditions.
  ConditionNode compiled(std::vector<Name> levels, const std::string& variable,
                         Diagnostics& problems) {
    ConditionDoc test;
    test.kind = ConditionDoc::Kind::test;
    test.variable.text = variable;
    test.levels = std::move(levels);
    const std::int32_t root = compile_condition(test, program_, parameters_, false, problems);
    return program_.conditions.nodes()[static_cast<std::size_t>(root)];
  }

  std::int32_t stream(const std::string& name) {
    const std::size_t handle = place_in(streams_, name);
    if (handle < state_.streams.size()) return static_cast<std::int32_t>(handle);
    const std::uint32_t hash = StreamName(stream_prefix + name).hash();
    const auto same = std::find(state_.streams.begin(), state_.streams.end(), hash);
    if (same != state_.streams.end()) {
      report("plugin '" + state_.name + "' names draws '" + name + "' and '" +
                 streams_[static_cast<std::size_t>(same - state_.streams.begin())] +
                 "', which have the same hash",
             "rename one of the two");
    }
    state_.streams.push_back(hash);
    return static_cast<std::int32_t>(handle);
  }

  std::int32_t setting(const std::string& name, double& value) {
    place_in(settings_, name);
    for (const auto& [given, number] : doc_.settings) {
      if (given.text != name) continue;
      value = number.at(parameters_);
      return 1;
    }
    return 0;
  }

  void error(const std::string& message) {
    report("plugin '" + state_.name + "' refuses to work: " + message);
  }

  const StrategyDoc& doc_;
  Program& program_;
  const std::vector<double>& parameters_;
  PluginStrategy::State& state_;
  Diagnostics& diagnostics_;
  std::vector<std::string> variables_;  // [handle]
  std::vector<std::string> streams_;    // [handle]
  std::vector<std::string> settings_;   // that were asked for
};

template <class Function>
bool find_symbol(void* library, const char* symbol, Function& out, const StrategyDoc& doc,
                 Diagnostics& diagnostics) {
  void* address = dlsym(library, symbol);
  if (address == nullptr) {
    diagnostics.error(
        doc.plugin.place,
        "'" + doc.plugin.text + "' is no strategy plugin: it does not export '" + symbol + "'",
        "C++ plugins export themselves by NPCSIM_STRATEGY_PLUGIN", "plugin");
    return false;
  }
  out = reinterpret_cast<Function>(address);
  return true;
}

}  // namespace

std::string plugin_file(const StrategyDoc& doc) {
  const std::filesystem::path path = std::filesystem::path(doc.folder) / doc.plugin.text;
  for (const std::filesystem::path& candidate :
       {path, std::filesystem::path(path.string() + ".so")}) {
    std::error_code ignored;
    // Absolute, so that the system's search path for libraries is never asked.
    if (std::filesystem::is_regular_file(candidate, ignored))
      return std::filesystem::absolute(candidate).string();
  }
  return {};
}

std::unique_ptr<PluginStrategy> load_plugin(const StrategyDoc& doc, Program& program,
                                            const std::vector<double>& parameters,
                                            Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.error_count();
  for (const auto* steps : {&doc.steps, &doc.on_progression, &doc.on_second_progression}) {
    if (steps->empty()) continue;
    diagnostics.error(steps->front().place, "strategy '" + doc.name + "' has steps and a plugin",
                      "a plugin decides alone: remove one of the two");
    return nullptr;
  }
  const std::string file = plugin_file(doc);
  if (file.empty()) {
    diagnostics.error(doc.plugin.place,
                      "there is no plugin '" + doc.plugin.text + "' beside the strategy document",
                      "give the path of the shared library from the folder of the document",
                      "plugin");
    return nullptr;
  }
  auto state = std::make_unique<PluginStrategy::State>();
  state->name = doc.plugin.text;
  if (const LibraryFault fault = fault_of_library(file); !fault.problem.empty()) {
    diagnostics.error(doc.plugin.place,
                      "plugin '" + doc.plugin.text + "' cannot be loaded: " + fault.problem,
                      fault.hint, "plugin");
    return nullptr;
  }
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* reason = dlerror();
    diagnostics.error(doc.plugin.place, "plugin '" + doc.plugin.text + "' cannot be loaded",
                      reason == nullptr ? std::string() : printable(reason), "plugin");
    return nullptr;
  }
  state->library = std::shared_ptr<void>(library, [](void* handle) { dlclose(handle); });

  decltype(&npcsim_plugin_version) version = nullptr;
  if (!find_symbol(library, "npcsim_plugin_version", version, doc, diagnostics)) return nullptr;
  if (const std::uint32_t found = version(); found != npcsim_plugin_api_version) {
    diagnostics.error(doc.plugin.place,
                      "plugin '" + doc.plugin.text + "' was built for version " +
                          std::to_string(found) +
                          " of the plugin interface, this npcsim has version " +
                          std::to_string(npcsim_plugin_api_version),
                      "compile it again with the headers of this npcsim", "plugin");
    return nullptr;
  }
  decltype(&npcsim_plugin_create) create = nullptr;
  if (!find_symbol(library, "npcsim_plugin_create", create, doc, diagnostics) ||
      !find_symbol(library, "npcsim_plugin_decide", state->decide, doc, diagnostics) ||
      !find_symbol(library, "npcsim_plugin_destroy", state->destroy, doc, diagnostics)) {
    return nullptr;
  }
  PluginHost host(doc, program, parameters, *state, diagnostics);
  const npcsim_host functions = host.functions();
  state->self = create(&functions);
  if (state->self == nullptr) {
    if (diagnostics.error_count() == errors_before) {
      diagnostics.error(doc.plugin.place,
                        "plugin '" + doc.plugin.text + "' refuses to work and gives no reason", "",
                        "plugin");
    }
    return nullptr;
  }
  host.refuse_unused_settings();
  if (diagnostics.error_count() != errors_before) return nullptr;
  return std::make_unique<PluginStrategy>(std::move(state));
}

}  // namespace npcsim

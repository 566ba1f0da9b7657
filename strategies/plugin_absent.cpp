// Where shared libraries are left out of the build, as for the browser.
#include <npcsim/strategies/plugin_loader.hpp>

namespace npcsim {

struct PluginStrategy::State {};

PluginStrategy::PluginStrategy(std::unique_ptr<State> state) : state_(std::move(state)) {}
PluginStrategy::~PluginStrategy() = default;
void PluginStrategy::decide(const StrategyView&, StrategyMemory&, Decision&) const noexcept {}
std::vector<std::int32_t> PluginStrategy::agents() const { return {}; }
std::optional<PluginFailure> PluginStrategy::failed() const { return std::nullopt; }

std::optional<PluginFailure> failure_of(const Strategy&) { return std::nullopt; }
std::string plugin_file(const StrategyDoc&) { return {}; }

std::unique_ptr<PluginStrategy> load_plugin(const StrategyDoc& doc, Program&,
                                            const std::vector<double>&, Diagnostics& diagnostics) {
  diagnostics.error(doc.plugin.place, "this npcsim was built without plugins",
                    "configure it with -DNPCSIM_PLUGINS=ON", "plugin");
  return nullptr;
}

}  // namespace npcsim

// Strategies in shared libraries: loading, checking, and adapting them to what the engine asks.
#pragma once

#include <npcsim/engine/strategy.hpp>
#include <npcsim/model/program.hpp>
#include <npcsim/strategies/step_doc.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace npcsim {

/// A plugin failed, or asked for something impossible.
struct PluginFailure {
  std::uint32_t patient = 0;
  std::string message;  ///< names plugin, day and trigger
};

/// A strategy that a plugin decides.
///
/// A decision with a mistake in it is not carried out at all, and the failure is kept. Lives go on,
/// so that which failure is reported does not depend on which thread was first: it is that of the
/// lowest patient number, and of this patient the first one. Results of a run with a failure are
/// worthless.
class PluginStrategy final : public Strategy {
 public:
  struct State;
  explicit PluginStrategy(std::unique_ptr<State> state);
  ~PluginStrategy() override;
  void decide(const StrategyView& view, StrategyMemory& memory,
              Decision& decision) const noexcept override;

  /// Every agent that it may give: those that it looked up. Ascending.
  std::vector<std::int32_t> agents() const;
  /// Nothing as long as all went well. Any thread may ask at any time.
  std::optional<PluginFailure> failed() const;

 private:
  std::unique_ptr<State> state_;
};

/// The failure of a strategy, if a plugin decides it and has failed.
std::optional<PluginFailure> failure_of(const Strategy& strategy);

/// Absolute path of the shared library that the document names: beside the document, with or
/// without the suffix ".so". Empty if there is none.
std::string plugin_file(const StrategyDoc& doc);

/// Loads the plugin that the document names, see plugin_file(). Null after a problem,
/// which goes to `diagnostics` at its place in the document. `parameters` are the values behind
/// $names in its settings.
///
/// A plugin is native code with all rights of the process: load only what you would run.
std::unique_ptr<PluginStrategy> load_plugin(const StrategyDoc& doc, Program& program,
                                            const std::vector<double>& parameters,
                                            Diagnostics& diagnostics);

}  // namespace npcsim

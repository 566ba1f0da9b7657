// What a loaded plugin consists of.
#pragma once

#include <npcsim/model/condition.hpp>
#include <npcsim/strategies/plugin_api.h>
#include <npcsim/strategies/plugin_loader.hpp>

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace npcsim {

struct PluginStrategy::State {
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (self != nullptr) destroy(self);
  }

  std::shared_ptr<void> library;  ///< closed last: the code below lives in it
  decltype(&npcsim_plugin_decide) decide = nullptr;
  decltype(&npcsim_plugin_destroy) destroy = nullptr;
  void* self = nullptr;
  std::string name;                    ///< as the document has it
  std::vector<bool> may_give;          ///< [agent] it was looked up
  std::int32_t markers = 0;            ///< of the model
  std::vector<Variable> variables;     ///< [handle]
  std::vector<std::uint32_t> streams;  ///< [handle] hash

  static constexpr std::uint64_t nobody = std::numeric_limits<std::uint64_t>::max();
  std::atomic<std::uint64_t> lowest{
      nobody};  ///< patient of `failure`; spares the lock to all others
  std::mutex mutex;
  PluginFailure failure;  ///< guarded
};

}  // namespace npcsim

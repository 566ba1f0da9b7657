// Plugins in the tiny world.
#pragma once

#include "world.hpp"
#include <npcsim/io/yaml_reader.hpp>
#include <npcsim/strategies/plugin_loader.hpp>

#include <memory>
#include <string>

#include <gtest/gtest.h>

namespace npcsim::testing {

/// Loads the plugin of a document named strategy.yaml; `problems` receives what a user would read.
inline std::unique_ptr<PluginStrategy> load(World& world, const std::string& text,
                                            std::string& problems) {
  Diagnostics found;
  const Tree tree = read_yaml_text("strategy.yaml", text, found);
  StrategyDoc doc = read_strategy(tree, &world.table, found);
  doc.folder = NPCSIM_TEST_PLUGINS;
  auto out = load_plugin(doc, world.program, world.parameters, found);
  problems = found.has_errors() ? found.text("nothing was run") : "";
  return out;
}

/// Fails the test if there are problems.
inline std::unique_ptr<PluginStrategy> plugin(World& world, const std::string& text) {
  std::string problems;
  auto out = load(world, text, problems);
  EXPECT_EQ(problems, "") << text;
  return out;
}

}  // namespace npcsim::testing

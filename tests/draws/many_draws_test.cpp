// What many draws of the parameters ask for: memory, and an ear for signals.
#include "draws_study.hpp"
#include <npcsim/io/yaml_reader.hpp>

#include <gtest/gtest.h>

namespace npcsim::testing {

namespace {

// Compiles and checks a study with draws; says how often somebody was asked whether to stop, who
// says so from the time `stop_at` on.
struct Asked {
  int compiling = 0;
  int checking = 0;
};
Asked asked(const std::string& text, int stop_at) {
  Diagnostics diagnostics;
  const Library library;
  Tree tree = read_yaml_text("draws.yaml", text, diagnostics);
  inline_documents(library, tree, diagnostics);
  Asked out;
  int times = 0;
  const StopSign stop = [&] { return ++times > stop_at; };
  const auto study = compile_study(library, tree, diagnostics, stop);
  EXPECT_EQ(diagnostics.text(""), "");
  out.compiling = times;
  check_draws(*study, diagnostics, stop);
  out.checking = times - out.compiling;
  return out;
}

TEST(ManyDraws, ChecksStopAtAnyDraw) {
  const std::string text = draws_text({.draws = "{count: 50, from: prior}"});
  const Asked all = asked(text, 1'000);
  EXPECT_EQ(all.compiling, 100);  // ranges, and whether the model can be simulated
  EXPECT_EQ(all.checking, 50);
  for (const int at : {0, 30, 70, 99, 100, 149}) EXPECT_THROW(asked(text, at), Stopped) << at;
}

TEST(ManyDraws, TheForecastCountsFiguresAndParametersOfEachDraw) {
  RunOptions options;
  options.threads = 1;
  options.figures = 7;
  const auto bytes = [&](const std::string& draws) {
    return forecast(*draws_study({.draws = draws}), options).memory_bytes;
  };
  // Three parameters and the number of the draw.
  EXPECT_EQ(bytes("{count: 1000, from: prior}") - bytes("{count: 10, from: prior}"),
            990 * (7 + 4) * sizeof(double));
}

}  // namespace

}  // namespace npcsim::testing

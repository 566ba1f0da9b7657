// Every rule of the checker on a small tree with one planted mistake.
#include "layout/checker.hpp"
#include "support/temp_folder.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace npcsim::layout {
namespace {

using npcsim::testing::TempFolder;

struct PlantedFile {
  std::string name;
  std::string text;
};

// A tree that keeps all rules: seven rooms, one header each, and words that only look forbidden.
const std::vector<PlantedFile> sound_tree{
    {"sim/base/CMakeLists.txt", "npcsim_room(base FLOOR 0 SOURCES units.cpp)\n"},
    {"sim/base/units.hpp", "#pragma once\n#include <cmath>\n"},
    {"sim/base/units.cpp",
     "// std::exp( and printf( in a comment\n"
     "#include <npcsim/base/units.hpp>\n"
     "double root(double x) { return std::sqrt(x) + npcsim::portable::exp(x); }\n"
     "const char* text() { return \"std::cout << std::log(2)\"; }\n"
     "int size() { return std::snprintf(nullptr, 0, \"%d\", 65'536); }\n"},
    {"sim/base/portable_math.hpp",
     "#pragma once\nnamespace npcsim::portable {\ndouble exp(double x);\n}\n"},
    {"sim/io/CMakeLists.txt",
     "npcsim_room(io FLOOR 1  # files\n  USES base PRIVATE yaml-cpp SOURCES reader.cpp)\n"},
    {"sim/io/reader.cpp", "#include <npcsim/base/units.hpp>\n#include <yaml-cpp/yaml.h>\n"},
    {"sim/model/CMakeLists.txt", "npcsim_room(model FLOOR 2 USES base SOURCES program.cpp)\n"},
    {"sim/model/detail/inner.hpp", "#pragma once\n"},
    {"sim/model/program.cpp",
     "#include <npcsim/base/units.hpp>\n#include <npcsim/model/detail/inner.hpp>\n"},
    {"sim/engine/CMakeLists.txt", "npcsim_room(engine FLOOR 3 USES base model SOURCES run.cpp)\n"},
    {"sim/engine/run.cpp", "#include <npcsim/model/program.hpp>\n"},
    {"strategies/CMakeLists.txt",
     "npcsim_room(strategies FLOOR 4 USES base engine SOURCES step.cpp)\n"},
    {"strategies/step.cpp", "#include <npcsim/engine/decision.hpp>\n"},
    {"sim/run/CMakeLists.txt", "npcsim_room(run FLOOR 5 USES base SOURCES blocks.cpp)\n"},
    {"sim/run/blocks.cpp", "#include <tbb/parallel_for.h>\n"},
    {"sim/cli/CMakeLists.txt", "npcsim_room(cli FLOOR 10 USES run SOURCES main.cpp)\n"},
    {"sim/cli/main.cpp",
     "#include <boost/program_options.hpp>\nint main() { std::cout << std::getenv(\"HOME\"); }\n"},
    {"tests/model/inner_test.cpp", "#include <npcsim/model/detail/inner.hpp>\n"},
    {"docs/page.md", "Random streams need no shared state.\n"},
};

std::vector<Violation> check_with(const std::vector<PlantedFile>& planted) {
  const TempFolder folder;
  for (const PlantedFile& file : sound_tree) {
    folder.write(file.name, file.text);
  }
  for (const PlantedFile& file : planted) {
    folder.write(file.name, file.text);
  }
  return check_tree(folder.path());
}

struct Case {
  std::string claim;
  std::string rule;
  PlantedFile file;
  std::size_t line = 0;
};

// NOLINTNEXTLINE(readability-identifier-naming): the name that GoogleTest looks for
void PrintTo(const Case& planted, std::ostream* out) { *out << planted.claim; }

class Planted : public ::testing::TestWithParam<Case> {};

TEST_P(Planted, IsFound) {
  const std::vector<Violation> found = check_with({GetParam().file});
  ASSERT_EQ(found.size(), 1U) << to_text(found);
  EXPECT_EQ(found[0].rule, GetParam().rule);
  EXPECT_EQ(found[0].file.generic_string(), GetParam().file.name);
  EXPECT_EQ(found[0].line, GetParam().line) << to_text(found);
}

PlantedFile engine_code(std::string text) { return {"sim/engine/planted.cpp", std::move(text)}; }
PlantedFile io_code(std::string text) { return {"sim/io/planted.cpp", std::move(text)}; }

std::string lines(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += "//\n";
  }
  return text;
}

// What must not stand in this file either is put together from halves.
std::string halves(std::string_view head, std::string_view tail) {
  return "one\n`" + std::string(head) + std::string(tail) + "`\n";
}

const std::vector<Case> cases{
    {"AnIncludeThatUsesDoesNotList", "uses", io_code("\n#include <npcsim/model/program.hpp>\n"), 2},
    {"ANeighbourReachedThroughAnother",
     "uses",
     {"strategies/planted.cpp", "#include <npcsim/model/program.hpp>\n"},
     1},
    {"TheEngineIncludingStrategies", "uses", engine_code("#include <npcsim/strategies/step.hpp>\n"),
     1},
    {"ALinkToTheSameFloor",
     "floor",
     {"sim/io/CMakeLists.txt", "npcsim_room(io FLOOR 0 USES base SOURCES reader.cpp)\n"},
     0},
    {"ALinkToNoRoom",
     "floor",
     {"sim/io/CMakeLists.txt", "npcsim_room(io FLOOR 1 USES base attic SOURCES reader.cpp)\n"},
     0},
    {"DetailsOfAnotherRoom", "detail", engine_code("#include <npcsim/model/detail/inner.hpp>\n"),
     1},
    {"DetailsInTestsOfAnotherRoom",
     "detail",
     {"tests/engine/planted_test.cpp", "#include <npcsim/model/detail/inner.hpp>\n"},
     1},
    {"AnIncludeWithTwoDots", "relative include", engine_code("#include \"../model/program.hpp\"\n"),
     1},
    {"AnIncludeOfANeighbourFile",
     "relative include",
     {"sim/base/planted.cpp", "#include \"units.hpp\"\n"},
     1},
    {"YamlOutsideIo", "third party", engine_code("#include <yaml-cpp/yaml.h>\n"), 1},
    {"Hdf5OutsideIo", "third party", engine_code("#include <H5Cpp.h>\n"), 1},
    {"ThreadsOutsideRun", "third party", engine_code("#include <tbb/parallel_for.h>\n"), 1},
    {"NewThreadHeadersOutsideRun", "third party",
     engine_code("#include <oneapi/tbb/parallel_for.h>\n"), 1},
    {"OptionsOutsideTheCommandLine", "third party",
     io_code("#include <boost/program_options.hpp>\n"), 1},
    {"BoostMathBelowFitting", "third party", io_code("#include <boost/math/distributions.hpp>\n"),
     1},
    {"StandardLogarithm", "portable mathematics",
     engine_code("double f(double x) {\n  return std::log(x);\n}\n"), 2},
    {"StandardPower", "portable mathematics", engine_code("auto y = std::pow(x, 2);\n"), 1},
    {"StandardLogGamma", "portable mathematics", engine_code("auto y = std::lgamma(x);\n"), 1},
    {"StandardErrorFunction", "portable mathematics", engine_code("auto y = std::erfc(x);\n"), 1},
    {"StandardSine", "portable mathematics", engine_code("auto y = std::sin(x);\n"), 1},
    {"GlobalLogarithm", "portable mathematics", engine_code("auto y = ::log(x);\n"), 1},
    {"UnqualifiedExponential", "portable mathematics", engine_code("auto y = 2 * exp(x);\n"), 1},
    {"UnqualifiedReturn", "portable mathematics", engine_code("{ return exp(x); }\n"), 1},
    {"BuiltinLogarithm", "portable mathematics", engine_code("auto y = __builtin_log(x);\n"), 1},
    {"RangesAlgorithm", "portable language", engine_code("std::ranges::sort(x);\n"), 1},
    {"BitCast", "portable language", engine_code("auto y = std::bit_cast<int>(x);\n"), 1},
    {"SourceLocation", "portable language", engine_code("#include <source_location>\n"), 1},
    {"JoiningThread", "portable language", engine_code("std::jthread t;\n"), 1},
    {"PolymorphicAllocator", "portable language", engine_code("std::pmr::string s;\n"), 1},
    {"Format", "language", io_code("auto s = std::format(\"{}\", 1);\n"), 1},
    {"ParallelSum",
     "parallel sum",
     {"sim/run/planted.cpp", "double s = tbb::parallel_reduce(range, 0.0, body, plus);\n"},
     1},
    {"StandardDistribution", "distribution", io_code("std::normal_distribution<double> d;\n"), 1},
    {"StandardGenerator", "distribution", io_code("std::mt19937_64 g(1);\n"), 1},
    {"TooLongAFile", "file size", engine_code(lines(601)), 0},
    {"TooLongAScript", "file size", {"scripts/planted.py", lines(601)}, 0},
    {"ATab", "tab", engine_code("int x;\n\tint y;\n"), 2},
    {"ATabInADocument", "tab", {"configs/planted.yaml", "a:\n\t- 1\n"}, 2},
    {"PrintingToTheScreen", "output", io_code("void f() { std::cout << 1; }\n"), 1},
    {"PrintingErrors", "output", io_code("void f() { std::cerr << 1; }\n"), 1},
    {"PrintingTheOldWay", "output", io_code("void f() { std::printf(\"1\"); }\n"), 1},
    {"EndingTheProcess", "process end", io_code("void f() { std::exit(1); }\n"), 1},
    {"ReadingTheEnvironment", "environment", io_code("auto x = std::getenv(\"X\");\n"), 1},
    {"AHeaderWithoutItsGuard", "pragma once", {"sim/io/planted.hpp", "int f();\n"}, 0},
    {"TheDesignFolder", "private notes", {"docs/planted.md", halves("../sha", "red/x")}, 2},
    {"TheSampleFolder", "private notes", {"docs/planted.md", halves("snip", "pets/x")}, 2},
    {"APrivateSourceNumber", "private notes", {"docs/planted.md", halves("S0", "01")}, 2},
    {"TheFirstPrivateSource", "private notes", {"configs/planted.yaml", halves("S0", "00")}, 2},
    {"TheSourceFolder", "private notes", {"configs/planted.yaml", halves("see", "ds/x")}, 2},
    {"APathOfOneMachine", "private notes", {"README.md", halves("/wo", "rk/main")}, 2},
    {"AHiddenFile", "private notes", {".ci/run", halves("/wo", "rk/main")}, 2},
    {"ARegistry",
     "registry host",
     {"analysis/report/package-lock.json", halves("registry.", "npmjs.org")},
     2},
};

INSTANTIATE_TEST_SUITE_P(Layout, Planted, ::testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.claim; });

TEST(PlantedTree, TheSoundTreeIsSound) {
  const std::vector<Violation> found = check_with({});
  EXPECT_TRUE(found.empty()) << to_text(found);
}

TEST(PlantedTree, ALinkUpwardsIsFound) {
  const std::vector<Violation> found =
      check_with({{"sim/engine/CMakeLists.txt",
                   "npcsim_room(engine FLOOR 3 USES base model strategies SOURCES run.cpp)\n"}});
  ASSERT_EQ(found.size(), 2U) << to_text(found);
  EXPECT_EQ(found[0].rule, "floor");
  EXPECT_EQ(found[1].problem, "the engine does not know that strategies exist");
}

TEST(PlantedTree, FoldersOfOthersAreNotRead) {
  const std::string note = halves("snip", "pets/");
  const std::vector<Violation> found = check_with({{"build/release/log.md", note},
                                                   {"build-old/log.md", note},
                                                   {"node_modules/a/b.md", note},
                                                   {"outputs/runs/lrrt/study.yaml", note},
                                                   {".git/description", note}});
  EXPECT_TRUE(found.empty()) << to_text(found);
}

TEST(PlantedTree, AMessageNamesFileLineRuleAndProblem) {
  EXPECT_EQ(to_text(check_with({engine_code("\n#include <H5Cpp.h>\n")})),
            "sim/engine/planted.cpp:2: third party: <H5Cpp.h> does not belong into room "
            "'engine'\n");
}

}  // namespace
}  // namespace npcsim::layout

// Documents that a study names: looked for below the working folder as well as below that of the
// program.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

TEST(Names, UnknownModelIsOneMistakeAndNotManyMore) {
  const TempFolder folder;
  static_cast<void>(folder.write("configs/models/illness_death.yaml", "model: illness_death\n"));
  const std::string text = right_study();
  static_cast<void>(folder.write("study.yaml", text.substr(0, text.find("model:\n")) +
                                                   "model: ilness_death\n" +
                                                   text.substr(text.find("strategies:\n"))));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "study.yaml:2:8: error: cannot find the model 'ilness_death'\n"
            "    2 | model: ilness_death\n"
            "      |        ^~~~~~~~~~~~\n"
            "   hint: did you mean 'illness_death'?\n"
            "1 error, nothing was run\n");
}

TEST(Names, UnknownStrategyIsAnsweredWithTheNearestOne) {
  const TempFolder folder;
  static_cast<void>(folder.write("configs/models/m.yaml", "model: m\n"));
  static_cast<void>(
      folder.write("strategies/watchful_waiting.yaml", "strategy: watchful_waiting\n"));
  static_cast<void>(folder.write(
      "study.yaml", changed(changed(right_study(), "strategy: nothing", "watchfull_waiting"),
                            "reference: nothing\n", "")));
  const ProcessResult answer = npcsim(folder, {"check", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 65);
  EXPECT_EQ(answer.err,
            "study.yaml:42:5: error: cannot find the strategy 'watchfull_waiting'\n"
            "   42 |   - watchfull_waiting\n"
            "      |     ^~~~~~~~~~~~~~~~~\n"
            "   hint: did you mean 'watchful_waiting'?\n"
            "1 error, nothing was run\n");
}

TEST(Names, PopulationOfAnotherModelContradictsTheStudy) {
  const TempFolder folder;
  static_cast<void>(folder.write(
      "study.yaml", changed(right_study(), "reference: nothing",
                            "population: {population: p, model: other}\nreference: nothing")));
  const ProcessResult answer = npcsim(folder, {"run", "study.yaml"});
  EXPECT_EQ(answer.exit_code, 78);
  EXPECT_EQ(
      answer.err,
      "study.yaml:50:36: error: the population is written for model 'other', the study uses 'm'\n"
      "   50 | population: {population: p, model: other}\n"
      "      |                                    ^~~~~\n"
      "1 error, nothing was run\n");
  EXPECT_EQ(names_in(folder.path()), std::vector<std::string>{"study.yaml"});
}

}  // namespace
}  // namespace npcsim::testing

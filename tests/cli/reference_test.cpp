// configs/reference.md is what the program prints; it is replaced with `scripts/test --update`, or
// by hand with `npcsim explain --reference > configs/reference.md`.
#include "documents.hpp"
#include "support/golden.hpp"

#include <gtest/gtest.h>
#include <npcsim_places.hpp>

namespace npcsim::testing {
namespace {

TEST(Reference, StoredPageIsThePageThatTheProgramPrints) {
  const TempFolder folder;
  const ProcessResult page = npcsim(folder, {"explain", "--reference"});
  EXPECT_EQ(page.exit_code, 0);
  EXPECT_EQ(page.err, "");
  EXPECT_TRUE(matches_golden(page.out, NPCSIM_SOURCE_DIR "/configs/reference.md"));
}

TEST(Reference, ItsExampleRunsAsItStands) {
  const std::string page = read_text(NPCSIM_SOURCE_DIR "/configs/reference.md");
  const std::string mark = "```yaml\n";
  const auto from = page.find(mark) + mark.size();
  const TempFolder folder;
  static_cast<void>(folder.write("example.yaml", page.substr(from, page.find("```", from) - from)));
  const ProcessResult run = npcsim(folder, {"run", "example.yaml", "--patients", "200", "--quiet"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
}

TEST(Reference, ExplainsNestedKeysThatRoomsReadThemselves) {
  const TempFolder folder;
  for (const char* key :
       {"stop.per_cycle", "gate.response", "weibull.shape", "piecewise.rates", "cure.share",
        "truncated_normal.max", "log_hr.centre", "until.time_on_agent", "with.cisplatin.cycles",
        "ordered_probit.cuts", "rebound.beta", "report.subgroups", "eligible",
        "agents.pd1.effects.1.hr", "months_since_platinum", "received_drug", "response_detectable",
        "hazard.exponential"}) {
    const ProcessResult answer = npcsim(folder, {"explain", key});
    EXPECT_EQ(answer.exit_code, 0) << key << "\n" << answer.err;
    EXPECT_NE(answer.out, "") << key;
  }
}

TEST(Explain, SaysTypeRangeDefaultAndExample) {
  const TempFolder folder;
  const ProcessResult answer = npcsim(folder, {"explain", "cycle.every"});
  EXPECT_EQ(answer.exit_code, 0);
  EXPECT_EQ(answer.out,
            "agents.<name>.cycle.every\n"
            "  from one dose to the next\n"
            "  type       a duration such as 21 d or 6 months\n"
            "  range      at least 0.03125 d\n"
            "  default    none: required\n"
            "  example    every: 21 d\n"
            "  stands in  a model document\n");
}

TEST(Explain, DocumentsHaveTheirArticle) {
  const TempFolder folder;
  const ProcessResult answer = npcsim(folder, {"explain", "targets"});
  EXPECT_NE(answer.out.find("  stands in  an emulation document\n"), std::string::npos)
      << answer.out;
}

TEST(Explain, UnknownKeyIsAnsweredWithTheNearestOne) {
  const TempFolder folder;
  const ProcessResult answer = npcsim(folder, {"explain", "half_live"});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(answer.err,
            "npcsim: error: no document has a key 'half_live'; did you mean 'half_life'?\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
}

}  // namespace
}  // namespace npcsim::testing

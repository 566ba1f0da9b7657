// A file that is written is none of those that are read, by whatever name.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

// Runs the command in a folder where `input` is a file that it reads and an option names for
// output as `output`; expects the refusal, and the file as it was.
void expect_kept(const TempFolder& folder, const std::vector<std::string>& words,
                 const std::string& input, const std::string& option, const std::string& output) {
  const std::string before = read_text(folder / input);
  const ProcessResult answer = npcsim(folder, words);
  EXPECT_EQ(answer.exit_code, 73) << words[0] << " --" << option << answer.err;
  EXPECT_EQ(answer.err, "npcsim: error: cannot create '" + output +
                            "': this command reads it; give --" + option + " another name\n");
  EXPECT_EQ(answer.out, "");
  EXPECT_EQ(read_text(folder / input), before);
}

TEST(OutputFiles, ReconstructKeepsItsCurvesAndTables) {
  const TempFolder folder;
  static_cast<void>(folder.write("c.csv", "time,survival\n0,1\n2,0.9\n4,0.8\n6,0.7\n"));
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n5,8\n"));
  static_cast<void>(folder.write("i.html", "time\n3\n"));
  const std::vector<std::string> words{"reconstruct", "c.csv", "--at-risk", "r.csv"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> out = words;
    out.insert(out.end(), more.begin(), more.end());
    return out;
  };
  expect_kept(folder, with({"--out", "c.csv"}), "c.csv", "out", "c.csv");
  expect_kept(folder, with({"--out", "./r.csv"}), "r.csv", "out", "./r.csv");
  expect_kept(folder, with({"--page", "c.csv"}), "c.csv", "page", "c.csv");
  // The page that is written beside the records.
  expect_kept(folder, with({"--ticks", "i.html", "--out", "i.csv"}), "i.html", "page", "i.html");
}

TEST(OutputFiles, FitKeepsItsData) {
  const TempFolder folder;
  static_cast<void>(folder.write("d/draws.csv", "time,status\n1,1\n2,1\n3,0\n4,1\n5,1\n"));
  std::filesystem::create_symlink("d/draws.csv", folder / "link.csv");
  const std::vector<std::string> words{"fit",     "d/draws.csv", "--time",  "time",
                                       "--event", "status",      "--model", "weibull"};
  const auto with = [&](const std::vector<std::string>& more) {
    std::vector<std::string> out = words;
    out.insert(out.end(), more.begin(), more.end());
    return out;
  };
  expect_kept(folder, with({"--time-unit", "days", "--hazard", "d/draws.csv"}), "d/draws.csv",
              "hazard", "d/draws.csv");
  expect_kept(folder, with({"--time-unit", "days", "--hazard", "link.csv"}), "d/draws.csv",
              "hazard", "link.csv");
  expect_kept(folder, with({"--draws", "5", "--out", "d/draws.csv"}), "d/draws.csv", "out",
              "d/draws.csv");
  expect_kept(folder, with({"--draws", "5", "--out", "d"}), "d/draws.csv", "out", "d/draws.csv");
}

TEST(OutputFiles, DescribeKeepsTheDocumentsThatItReads) {
  const TempFolder folder;
  const std::string study = right_study();
  const auto model = study.find("  model: m\n");
  const auto strategies = study.find("strategies:\n");
  std::string lines = study.substr(model, strategies - model);
  for (std::size_t at = 0; at != std::string::npos && at < lines.size();) {
    lines.erase(at, 2);
    at = lines.find('\n', at);
    if (at != std::string::npos) ++at;
  }
  static_cast<void>(folder.write("m.yaml", lines));
  static_cast<void>(
      folder.write("s.yaml", "study: small\nmodel: m.yaml\n" + study.substr(strategies)));
  expect_kept(folder, {"describe", "s.yaml", "--svg", "s.yaml"}, "s.yaml", "svg", "s.yaml");
  expect_kept(folder, {"describe", "s.yaml", "--html", "m.yaml"}, "m.yaml", "html", "m.yaml");
}

TEST(OutputFiles, ALinkIsWrittenThrough) {
  const TempFolder folder;
  static_cast<void>(folder.write("c.csv", "time,survival\n0,1\n2,0.9\n4,0.8\n6,0.7\n"));
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n5,8\n"));
  static_cast<void>(folder.write("real.csv", "old\n"));
  std::filesystem::create_symlink("real.csv", folder / "ln.csv");
  const ProcessResult answer =
      npcsim(folder, {"reconstruct", "c.csv", "--at-risk", "r.csv", "--out", "ln.csv"});
  EXPECT_EQ(answer.exit_code, 0) << answer.err;
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "ln.csv"));
  EXPECT_EQ(read_text(folder / "real.csv").substr(0, 10), "time,event");
}

TEST(OutputFiles, StandardOutputTakesTwoFilesAndHasNoPageBesideIt) {
  const TempFolder folder;
  static_cast<void>(folder.write("s.yaml", right_study()));
  static_cast<void>(folder.write("c.csv", "time,survival\n0,1\n2,0.9\n4,0.8\n6,0.7\n"));
  static_cast<void>(folder.write("r.csv", "time,at_risk\n0,10\n5,8\n"));
  std::filesystem::create_symlink("/dev/stdout", folder / "x");
  const ProcessResult pictures =
      npcsim(folder, {"describe", "s.yaml", "--svg", "x", "--html", "x"});
  EXPECT_EQ(pictures.exit_code, 0) << pictures.err;
  EXPECT_EQ(pictures.out.substr(0, 4), "<svg");
  EXPECT_NE(pictures.out.find("</svg>\n<!doctype html>"), std::string::npos);
  const ProcessResult records =
      npcsim(folder, {"reconstruct", "c.csv", "--at-risk", "r.csv", "--out", "x"});
  EXPECT_EQ(records.exit_code, 0) << records.err;
  EXPECT_EQ(records.out.substr(0, 11), "time,event\n");
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"c.csv", "r.csv", "s.yaml", "x"}));
}

TEST(OutputFiles, TwoOptionsDoNotNameOneFile) {
  const TempFolder folder;
  static_cast<void>(folder.write("s.yaml", right_study()));
  const ProcessResult answer =
      npcsim(folder, {"describe", "s.yaml", "--svg", "x", "--html", "./x"});
  EXPECT_EQ(answer.exit_code, 64);
  EXPECT_EQ(answer.err,
            "npcsim: error: --svg and --html would write the same file './x'\n"
            "   hint: npcsim --help, or npcsim COMMAND --help\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "x"));
}

}  // namespace
}  // namespace npcsim::testing

// Array jobs: shares of a run, joining them, and how far a run is.
#include "documents.hpp"

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

constexpr const char* blocks_folder = "outputs/runs/small.blocks";

// One share of a run in blocks of 16 patients.
ProcessResult share(const TempFolder& folder, const std::string& blocks,
                    const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"run", "study.yaml", "--block-size", "16", "--blocks", blocks};
  words.insert(words.end(), more.begin(), more.end());
  return npcsim(folder, words);
}

std::string of(const std::string& slice) { return std::string(blocks_folder) + "/" + slice; }

void join_to_the_same_bytes(const std::string& output) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--output", output, "--quiet", "--out", "whole"})
                .exit_code,
            0);
  for (const char* const blocks : {"2/3", "1/3", "3/3"}) {
    const ProcessResult run = share(folder, blocks, {"--output", output, "--quiet"});
    ASSERT_EQ(run.exit_code, 0) << run.err;
  }
  const ProcessResult merged =
      npcsim(folder, {"merge", of("3-of-3"), of("1-of-3"), of("2-of-3") + "/"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_NE(merged.out.find("outputs/runs/small/report.html"), std::string::npos) << merged.out;
  EXPECT_EQ(npcsim(folder, {"digest", "outputs/runs/small"}).out,
            npcsim(folder, {"digest", "whole"}).out);
  EXPECT_EQ(names_in(folder / "outputs/runs/small"), names_in(folder / "whole"));
}

TEST(Blocks, JoinToTheBytesOfOneRun) { join_to_the_same_bytes("summary"); }

TEST(Blocks, JoinToTheBytesOfOneRunWithPatients) { join_to_the_same_bytes("patients"); }

TEST(Blocks, TheNameOfTheRunOrOfAFolderOfSharesStandsForThem) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet", "--out", "whole"}).exit_code, 0);
  ASSERT_EQ(share(folder, "1/2", {"--quiet", "--out", "a"}).exit_code, 0);
  ASSERT_EQ(share(folder, "2/2", {"--quiet", "--out", "b"}).exit_code, 0);
  const ProcessResult merged = npcsim(folder, {"merge", "a", "b.blocks", "--out", "joined"});
  ASSERT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(npcsim(folder, {"digest", "joined"}).out, npcsim(folder, {"digest", "whole"}).out);
}

TEST(Blocks, AShareSaysWhereItIsAndWhatComesNext) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult run = share(folder, "1/2");
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("are kept in outputs/runs/small.blocks/1-of-2.\nWhen all are there: "
                         "npcsim merge outputs/runs/small.blocks/*\n"),
            std::string::npos)
      << run.out;
  EXPECT_EQ(names_in(folder / "outputs/runs"), std::vector<std::string>{"small.blocks/"});
}

TEST(Blocks, TheHintGoesOnInTheFolderThatWasAskedFor) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const ProcessResult run = share(folder, "1/2", {"--out", "disk/b"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_NE(run.out.find("When all are there: npcsim merge disk/b.blocks/* --out disk/b\n"),
            std::string::npos)
      << run.out;
}

TEST(Blocks, JsonOfMergeSaysSo) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(share(folder, "1/1", {"--quiet"}).exit_code, 0);
  const ProcessResult merged = npcsim(folder, {"merge", of("1-of-1"), "--json"});
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(merged.out.substr(0, 28), R"({"command":"merge","version")");
}

TEST(Blocks, MissingSharesAreNamed) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(share(folder, "2/4", {"--quiet"}).exit_code, 0);
  const ProcessResult merged = npcsim(folder, {"merge", of("2-of-4")});
  EXPECT_EQ(merged.exit_code, 78);
  EXPECT_EQ(merged.err,
            "npcsim: error: of the 4 shares these are missing: 1, 3, 4\n"
            "   hint: npcsim run STUDY --blocks K/4 computes share K\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "outputs/runs/small"));
}

TEST(Blocks, OfDifferentStudiesOrVersionsAreNotJoined) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(share(folder, "1/2", {"--quiet"}).exit_code, 0);
  ASSERT_EQ(share(folder, "2/2", {"--quiet", "--seed", "99"}).exit_code, 0);
  const ProcessResult other = npcsim(folder, {"merge", of("1-of-2"), of("2-of-2")});
  EXPECT_EQ(other.exit_code, 78);
  EXPECT_EQ(other.err.rfind("npcsim: error: outputs/runs/small.blocks/1-of-2 and "
                            "outputs/runs/small.blocks/2-of-2 are of different versions of the "
                            "study or other options (digests ",
                            0),
            0U)
      << other.err;
  EXPECT_NE(other.err.find("\n   hint: merge joins the shares of one run\n"), std::string::npos);

  ASSERT_EQ(share(folder, "2/2", {"--quiet", "--force"}).exit_code, 0);
  for (const char* const slice : {"1-of-2", "2-of-2"}) {
    const auto path = folder / of(slice) / "run.yaml";
    std::string text = read_text(path);
    const auto at = text.find("program: \"") + 10;
    write_text(path, text.replace(at, text.find('"', at) - at, "0.0.1 abc"));
  }
  const ProcessResult old = npcsim(folder, {"merge", of("1-of-2"), of("2-of-2")});
  EXPECT_EQ(old.exit_code, 78);
  EXPECT_EQ(old.err.rfind("npcsim: error: the blocks were computed by another version of npcsim "
                          "(0.0.1 abc; this is ",
                          0),
            0U)
      << old.err;
}

TEST(Blocks, WhatIsNoShareOrGivenTwiceIsRefused) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  EXPECT_EQ(npcsim(folder, {"merge", "outputs/runs/small"}).err,
            "npcsim: error: outputs/runs/small is a finished run, not blocks of one\n"
            "   hint: npcsim run STUDY --blocks K/N makes them\n");
  EXPECT_EQ(npcsim(folder, {"merge", "outputs"}).err,
            "npcsim: error: outputs holds no blocks of a run\n"
            "   hint: npcsim run STUDY --blocks K/N makes them\n");
  const ProcessResult absent = npcsim(folder, {"merge", "nothere"});
  EXPECT_EQ(absent.exit_code, 66);
  EXPECT_EQ(absent.err, "npcsim: error: cannot read 'nothere': No such file or directory\n");
  ASSERT_EQ(share(folder, "1/2", {"--quiet"}).exit_code, 0);
  EXPECT_EQ(npcsim(folder, {"merge", of("1-of-2"), of("1-of-2")}).err,
            "npcsim: error: blocks 1/2 are given twice\n   hint: name each folder once\n");
  std::filesystem::rename(folder / of("1-of-2"), folder / of("1-of-2.part"));
  EXPECT_EQ(npcsim(folder, {"merge", of("1-of-2.part")}).err,
            "npcsim: error: blocks 1/2 in outputs/runs/small.blocks/1-of-2.part are not finished\n"
            "   hint: the command that began them goes on with --resume\n");
}

// What another program has simulated may have other numbers.
TEST(Blocks, OfAnotherProgramAreNotGoneOnWith) {
  for (const char* const output : {"summary", "patients"}) {
    const TempFolder folder;
    static_cast<void>(folder.write("study.yaml", right_study()));
    ASSERT_EQ(share(folder, "1/2", {"--quiet", "--output", output}).exit_code, 0);
    const std::string part = of("1-of-2.part");
    std::filesystem::rename(folder / of("1-of-2"), folder / part);
    const std::string manifest = read_text(folder / (part + "/run.yaml"));
    const auto at = manifest.find("program: ");
    const std::string program = manifest.substr(at, manifest.find('\n', at) - at);
    write_text(folder / (part + "/run.yaml"), changed(manifest, program, "program: 0.0.1 abc"));
    const ProcessResult again = share(folder, "1/2", {"--quiet", "--output", output, "--resume"});
    EXPECT_EQ(again.exit_code, 66);
    EXPECT_NE(again.err.find("npcsim: error: cannot go on with '" + part +
                             "': it was begun with another version of npcsim (0.0.1 abc; this is "),
              std::string::npos)
        << again.err;
    EXPECT_NE(read_text(folder / (part + "/run.yaml")).find("0.0.1 abc"), std::string::npos);
  }
}

TEST(Blocks, AreCountedFromOne) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  for (const char* const wrong : {"0/3", "4/3", "3", "a/b", "1/", "/2", "-1/2", "1/2x"}) {
    const ProcessResult run =
        npcsim(folder, {"run", "study.yaml", std::string("--blocks=") + wrong});
    EXPECT_EQ(run.exit_code, 64) << wrong;
    EXPECT_EQ(run.err, std::string("npcsim: error: --blocks must be K/N with K from 1 to N, e.g. "
                                   "3/8; found '") +
                           wrong + "'\n   hint: npcsim --help, or npcsim COMMAND --help\n");
  }
}

TEST(Blocks, OfAnotherSizeAreRefusedBeforeAnythingIsWritten) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  const std::vector<std::string> patients = {"--quiet", "--output", "patients"};
  ASSERT_EQ(share(folder, "1/2", patients).exit_code, 0);
  const std::string part = of("1-of-2.part");
  std::filesystem::rename(folder / of("1-of-2"), folder / part);
  const std::string before = read_text(folder / (part + "/run.yaml"));
  const std::string status = npcsim(folder, {"status", "outputs/runs/small"}).out;
  const auto again = [&](std::vector<std::string> more) {
    std::vector<std::string> words = {"run",      "study.yaml", "--blocks", "1/2",
                                      "--resume", "--output",   "patients"};
    words.insert(words.end(), more.begin(), more.end());
    return npcsim(folder, words);
  };
  const ProcessResult size = again({"--block-size", "32"});
  EXPECT_EQ(size.exit_code, 66);
  EXPECT_NE(size.err.find("npcsim: error: cannot go on with '" + part +
                          "': it was begun with --block-size 16\n"),
            std::string::npos)
      << size.err;
  const ProcessResult seed = again({"--block-size", "16", "--seed", "2"});
  EXPECT_EQ(seed.exit_code, 66);
  EXPECT_NE(seed.err.find("npcsim: error: cannot go on with '" + part +
                          "': it was begun with another study or other options\n"),
            std::string::npos)
      << seed.err;
  EXPECT_EQ(read_text(folder / (part + "/run.yaml")), before);
  EXPECT_EQ(npcsim(folder, {"status", "outputs/runs/small"}).out, status);
  EXPECT_EQ(again({"--block-size", "16"}).exit_code, 0);
}

// What a killed program leaves on file systems that cannot exchange folders.
TEST(Blocks, AShareThatWasReplacedIsNone) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  for (const char* const blocks : {"1/2", "2/2"})
    ASSERT_EQ(share(folder, blocks, {"--quiet"}).exit_code, 0);
  const std::string replaced = of("1-of-2.part-123");
  std::filesystem::copy(folder / of("1-of-2"), folder / replaced);
  const std::string status = npcsim(folder, {"status", "outputs/runs/small"}).out;
  EXPECT_EQ(status.find(".part-"), std::string::npos) << status;
  EXPECT_EQ(npcsim(folder, {"merge", blocks_folder, "--quiet"}).exit_code, 0);
  const ProcessResult by_name =
      npcsim(folder, {"merge", of("1-of-2"), replaced, of("2-of-2"), "--quiet"});
  EXPECT_EQ(by_name.exit_code, 0) << by_name.err;
  const ProcessResult none = npcsim(folder, {"merge", replaced, replaced});
  EXPECT_EQ(none.exit_code, 78);
  EXPECT_EQ(none.err,
            "npcsim: error: these are what killed programs have left of shares\n"
            "   hint: npcsim run STUDY --blocks K/N makes shares\n");
}

TEST(Blocks, WhatRunYamlSaysIsNotTrusted) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(share(folder, "1/1", {"--quiet"}).exit_code, 0);
  const auto path = folder / of("1-of-1") / "run.yaml";
  const std::string right = read_text(path);
  write_text(path, changed(right, "slices: 1", "slices: 200000"));
  const ProcessResult many = npcsim(folder, {"merge", of("1-of-1")});
  EXPECT_EQ(many.exit_code, 78);
  EXPECT_EQ(many.err,
            "npcsim: error: outputs/runs/small.blocks/1-of-1 holds no blocks of a run\n"
            "   hint: npcsim run STUDY --blocks K/N makes them\n");
  // 2^32 would be cut to 0.
  const std::string size = right.substr(right.find("block_patients: "));
  write_text(path, changed(right, size.substr(0, size.find('\n')), "block_patients: 4294967296"));
  EXPECT_EQ(npcsim(folder, {"merge", of("1-of-1")}).exit_code, 78);
  write_text(path, changed(right, "study: \"small\"", "study: \"../../evil\""));
  const ProcessResult merged = npcsim(folder, {"merge", of("1-of-1"), "--quiet"});
  EXPECT_EQ(merged.exit_code, 0) << merged.err;
  EXPECT_EQ(names_in(folder / "outputs/runs"),
            (std::vector<std::string>{"small.blocks/", "small/"}));
  EXPECT_EQ(names_in(folder.path()), (std::vector<std::string>{"outputs/", "study.yaml"}));
}

// One block of two shares: the first has nothing to do.
TEST(Status, SaysThatAShareHasNoPatients) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  for (const char* const blocks : {"1/2", "2/2"})
    ASSERT_EQ(share(folder, blocks, {"--quiet", "--patients", "10"}).exit_code, 0);
  EXPECT_EQ(npcsim(folder, {"status", blocks_folder}).out,
            of("1-of-2") + ": finished, its share has no patients\n" + of("2-of-2") +
                ": finished, 10 of 10 patients (100 %)\n");
}

TEST(Status, SaysHowFarRunsAndSharesAre) {
  const TempFolder folder;
  static_cast<void>(folder.write("study.yaml", right_study()));
  ASSERT_EQ(npcsim(folder, {"run", "study.yaml", "--quiet"}).exit_code, 0);
  ASSERT_EQ(share(folder, "1/2", {"--quiet"}).exit_code, 0);
  ASSERT_EQ(share(folder, "2/2", {"--quiet", "--output", "patients"}).exit_code, 0);
  std::filesystem::rename(folder / of("2-of-2"), folder / of("2-of-2.part"));
  const ProcessResult status = npcsim(folder, {"status", "outputs/runs/small"});
  EXPECT_EQ(status.exit_code, 0) << status.err;
  const std::string text = status.out;
  EXPECT_EQ(text.rfind("outputs/runs/small: finished\n", 0), 0U) << text;
  EXPECT_NE(text.find("small.blocks/1-of-2: finished, "), std::string::npos) << text;
  EXPECT_NE(text.find("small.blocks/2-of-2.part: in progress, "), std::string::npos) << text;
  EXPECT_NE(text.find(" patients (100 %)\n"), std::string::npos) << text;
  EXPECT_NE(npcsim(folder, {"status", "outputs/runs/small", "--json"})
                .out.find("\"blocks\":\"1/2\",\"state\":\"finished\",\"patients_done\":"),
            std::string::npos);
  const ProcessResult nothing = npcsim(folder, {"status", "nowhere"});
  EXPECT_EQ(nothing.exit_code, 66);
  EXPECT_EQ(nothing.err,
            "npcsim: error: there is no run in nowhere\n"
            "   hint: npcsim run writes to outputs/runs/STUDY\n");
}

}  // namespace
}  // namespace npcsim::testing

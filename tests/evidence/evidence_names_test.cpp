#include "small_evidence.hpp"
#include <npcsim/evidence/evidence_document.hpp>
#include <npcsim/evidence/evidence_names.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <algorithm>

#include <gtest/gtest.h>

namespace npcsim::testing {
namespace {

NamesOfKind only(std::vector<std::string> names) {
  NamesOfKind out;
  out.has = [names](const Name& name) {
    return std::find(names.begin(), names.end(), name.text) != names.end()
               ? NamesOfKind::Answer::there
               : NamesOfKind::Answer::not_there;
  };
  out.all = [names](const Name&) { return names; };
  return out;
}

// What is said of the names of a document.
std::string said(const std::string& text, const KnownNames& known) {
  Diagnostics diagnostics;
  Evidence evidence;
  read_evidence(read_yaml_text("facts.yaml", text, diagnostics), evidence, diagnostics);
  check_names(evidence, known, diagnostics);
  return diagnostics.items().empty() ? std::string() : diagnostics.text("nothing was run");
}

// The small document with a word for everything.
std::string explained() {
  return changed(right_document(), "  all: {reason: the whole study}\n",
                 "  all: {reason: the whole study}\n  old: {reason: x}\n  gp: {agents: gp}\n");
}

KnownNames all_known() {
  KnownNames known;
  known.strategies = only({"gp", "gp_pd1"});
  known.populations = only({"review"});
  known.agents = only({"gp"});
  known.parameters = only({"cut"});
  return known;
}

TEST(EvidenceNames, SaysNothingWhereAllAreKnown) { EXPECT_EQ(said(explained(), all_known()), ""); }

TEST(EvidenceNames, SaysNothingWhereNobodyKnows) {
  NamesOfKind silent;
  silent.has = [](const Name&) { return NamesOfKind::Answer::unknown; };
  EXPECT_EQ(said(explained(), {silent, silent, silent, silent}), "");
  EXPECT_EQ(said(explained(), {}), "");
}

TEST(EvidenceNames, UnknownNamesAreShownWithPlaceAndHint) {
  struct Case {
    const char* from;
    const char* to;
    const char* message;
    const char* hint;
  };
  const Case cases[] = {
      {"preset: review", "preset: revew", "there is no population document 'revew'",
       "did you mean 'review'?"},
      {"strategies: gp_pd1}", "strategies: gp_pd2}", "there is no strategy 'gp_pd2'",
       "did you mean 'gp_pd1'?"},
      {"new: {strategies: gp,", "new: {strategies: pg,", "there is no strategy 'pg'",
       "one of gp, gp_pd1"},
      {"agents: gp}", "agents: pg}", "the model has no agent or regimen 'pg'", "one of gp"},
      {"drugs: [gp]", "drugs: [gp], strategies: [gp_pd2]", "there is no strategy 'gp_pd2'",
       "did you mean 'gp_pd1'?"},
      {"    place: Figure 1\n", "    place: Figure 1\n    strategies: [gp_pd]\n",
       "there is no strategy 'gp_pd'", "did you mean 'gp_pd1'?"},
      {"    title: Liver\n", "    title: Liver\n    assumed: [cute]\n",
       "the model has no parameter 'cute'", "did you mean 'cut'?"},
  };
  for (const Case& one : cases) {
    const std::string text = said(changed(explained(), one.from, one.to), all_known());
    EXPECT_NE(text.find(one.message), std::string::npos) << one.to << "\n" << text;
    EXPECT_NE(text.find("hint: " + std::string(one.hint) + "\n"), std::string::npos)
        << one.to << "\n"
        << text;
    EXPECT_NE(text.find("1 error, nothing was run"), std::string::npos) << one.to << "\n" << text;
  }
}

TEST(EvidenceNames, WordsAreFreeButForSlipsOfThePen) {
  const std::string known = changed(explained(), "  old: {reason: x}\n",
                                    "  old: {reason: x}\n  cisplatin: {agents: gp}\n");
  for (const char* free :
       {"cisplatin", "carboplatin", "x1", "gpp", "cisplatin_weekly", "cisplatine5"}) {
    for (const char* key : {"drugs: [gp", "with: [gp"})
      EXPECT_EQ(said(changed(known, key, std::string(key) + ", " + free), all_known()), "") << free;
  }
  EXPECT_EQ(said(changed(known, "arm: all,", "arm: everybody,"), all_known()), "");
  for (const char* slip : {"cisplatine", "cisplatim", "cisplatn", "isplatin"}) {
    for (const std::string key : {"drugs: [gp", "with: [gp", "arm: all", "contrast: {of: new"}) {
      const std::string word = key.find("gp") == std::string::npos
                                   ? key.substr(0, key.rfind(' ') + 1) + slip
                                   : key + ", " + slip;
      const std::string text = said(changed(known, key, word), all_known());
      EXPECT_NE(text.find(std::string("warning: nothing says what stands for '") + slip + "'\n"),
                std::string::npos)
          << word << "\n"
          << text;
      EXPECT_NE(text.find("hint: did you mean 'cisplatin'?\n"), std::string::npos) << text;
      EXPECT_EQ(text.find("error"), std::string::npos) << text;
    }
  }
}

TEST(EvidenceNames, ConditionsSayWhenTheyAreAsked) {
  const Evidence evidence = evidence_of(
      changed(right_document(), "preset: review", "later: {response: CR}, preset: review"));
  std::string listed;
  for (const ConditionUse& use : conditions_of(evidence))
    listed +=
        use.path + " " + std::to_string(static_cast<int>(use.knows)) + " " + use.preset + "\n";
  EXPECT_EQ(listed,
            "populations > everybody > eligible 0 review\n"
            "populations > everybody > later 1 review\n"
            "tables > sexes > conditions > men 2 \n"
            "systems > by_liver > classes > low 2 \n"
            "systems > by_liver > classes > high 2 \n"
            "algorithms > guideline > steps > 2 > when 1 \n");
}

}  // namespace
}  // namespace npcsim::testing

#include <npcsim/base/tree.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

Tree read(const std::string& text) {
  Diagnostics diagnostics;
  Tree tree = read_yaml_text("test.yaml", text, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "") << text;
  return tree;
}

TEST(Tree, SetReplacesAndKeepsTheOrder) {
  Tree map = Tree::map();
  map.set("b", Tree::scalar("1"));
  map.set("a", Tree::scalar("2"));
  map.set("b", Tree::scalar("3"));
  EXPECT_EQ(to_yaml(map), "b: 3\na: 2\n");
  map.erase("b");
  map.erase("absent");
  EXPECT_EQ(to_yaml(map), "a: 2\n");
  EXPECT_EQ(map.find("b"), nullptr);
  EXPECT_EQ(map.find_key("a")->text, "a");
}

TEST(Tree, InWordsIsShort) {
  EXPECT_EQ(in_words(Tree{}), "nothing");
  EXPECT_EQ(in_words(Tree::scalar("x")), "'x'");
  EXPECT_EQ(in_words(Tree::list()), "a list");
  EXPECT_EQ(in_words(Tree::map()), "a map");
  EXPECT_EQ(in_words(Tree::scalar(std::string(50, 'x'))), "'" + std::string(37, 'x') + "...'");
}

TEST(ToYaml, NestsMapsAndLists) {
  const std::string text =
      "study: three_state\n"
      "arms:\n"
      "  - name: control\n"
      "    rates:\n"
      "      - 0.1\n"
      "      - 0.2\n"
      "  - name: treated\n"
      "    none: ~\n"
      "  - - 1\n"
      "    - 2\n"
      "empty_list: []\n"
      "empty_map: {}\n"
      "code: \"12\"\n";
  EXPECT_EQ(to_yaml(read(text)), text);
}

TEST(ToYaml, TextThatYamlWouldReadDifferentlyIsQuoted) {
  for (const char* text :
       {"",     " ",    "~",    "null",  "Null", "NULL", "true",  "-",    "- a",   "--- a", "...",
        "? a",  ": a",  "a: b", "a:",    "a #b", "#a",   "a,b",   "[a",   "a]",    "{a",    "a}",
        "&a",   "*a",   "!a",   "|",     ">",    "%a",   "@a",    "`a",   "\"a\"", "'a'",   "a\nb",
        "\n",   "a\tb", "\ta",  "a\\nb", "<<",   ".nan", "-.inf", ".INF", " a",    "a ",    "é: ü",
        "\x7f", "a\rb", "\x01", "=",     "0x10", "-1",   "-a",    "12 d", "a: ",   "a:b"}) {
    Tree map = Tree::map();
    map.set("key", Tree::scalar(text));
    map.set(std::string("k") + text, Tree::scalar("1"));
    map.set(text, Tree::scalar("2"));
    Tree list = Tree::list();
    list.append(Tree::scalar(text));
    map.set("list", list);
    EXPECT_TRUE(same_content(read(to_yaml(map)), map)) << to_yaml(map);
  }
}

// A small generator of trees: any shape, texts of awkward characters.
class Forest {
 public:
  Tree tree(int depth) {
    const std::uint32_t kind = next() % (depth == 0 ? 4 : 8);
    if (kind == 0) return {};
    if (kind < 4) return Tree::scalar(text(), {}, next() % 4 == 0);
    const std::uint32_t size = next() % 4;
    if (kind < 6) {
      Tree list = Tree::list();
      for (std::uint32_t i = 0; i < size; ++i) list.append(tree(depth - 1));
      return list;
    }
    Tree map = Tree::map();
    for (std::uint32_t i = 0; i < size; ++i) map.set(text(), tree(depth - 1));
    return map;
  }
  Tree document() {
    Tree map = Tree::map();
    map.set("root", tree(4));
    return map;
  }

 private:
  std::uint32_t next() {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::uint32_t>(state_ >> 33);
  }
  std::string text() {
    static const std::string characters = "aB1 -:#,[]{}&*!|>'\"%@`~?<.=\\\n\t0";
    std::string out;
    const std::uint32_t length = next() % 6;
    for (std::uint32_t i = 0; i < length; ++i) out += characters[next() % characters.size()];
    return out;
  }
  std::uint64_t state_ = 7;
};

TEST(ToYaml, ReadsBackToAnEqualTree) {
  Forest forest;
  for (int i = 0; i < 3'000; ++i) {
    const Tree tree = forest.document();
    const std::string text = to_yaml(tree);
    Diagnostics diagnostics;
    const Tree back = read_yaml_text("test.yaml", text, diagnostics);
    ASSERT_EQ(diagnostics.text(""), "") << text;
    ASSERT_TRUE(same_content(back, tree)) << text << "---\n" << to_yaml(back);
  }
}

TEST(SameContent, LooksAtTextOrderAndShapeNotAtPlaces) {
  EXPECT_TRUE(same_content(read("a: 1\nb: [2]"), read("\n\na:   1\nb:\n  - 2\n")));
  EXPECT_FALSE(same_content(read("a: 1\nb: 2"), read("b: 2\na: 1")));
  EXPECT_FALSE(same_content(read("a: 1"), read("a: 2")));
  EXPECT_FALSE(same_content(read("a: [1]"), read("a: 1")));
  EXPECT_FALSE(same_content(read("a: [1]"), read("a: [1, 2]")));
}

}  // namespace
}  // namespace npcsim

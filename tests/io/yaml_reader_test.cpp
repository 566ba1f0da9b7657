#include "support/temp_folder.hpp"
#include <npcsim/io/files.hpp>
#include <npcsim/io/yaml_reader.hpp>

#include <string>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

Tree read(const std::string& text) {
  Diagnostics diagnostics;
  Tree tree = read_yaml_text("study.yaml", text, diagnostics);
  EXPECT_EQ(diagnostics.text(""), "") << text;
  return tree;
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  read_yaml_text("study.yaml", text, diagnostics);
  return diagnostics.text("nothing was run");
}

std::string where(const SourcePlace& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column) + "+" +
         std::to_string(place.length);
}

TEST(YamlReader, KeepsTextsAsWritten) {
  const Tree tree = read("a: 010\nb: 1e3\nc: yes\nd: 21 d\ne: '0.5'\nf: \"x\\ty\"\ng: 1_0\n");
  EXPECT_EQ(tree.find("a")->text(), "010");
  EXPECT_EQ(tree.find("b")->text(), "1e3");
  EXPECT_EQ(tree.find("c")->text(), "yes");
  EXPECT_EQ(tree.find("d")->text(), "21 d");
  EXPECT_FALSE(tree.find("d")->quoted());
  EXPECT_EQ(tree.find("e")->text(), "0.5");
  EXPECT_TRUE(tree.find("e")->quoted());
  EXPECT_EQ(tree.find("f")->text(), "x\ty");
  EXPECT_TRUE(tree.find("f")->quoted());
}

TEST(YamlReader, KnowsWhereEverythingStood) {
  const Tree tree = read(
      "study: three_state\n"
      "arms:\n"
      "  - {hr: 0.7, \"name\": 'a b'}\n"
      "  - hr: 0.8\n"
      "text: |\n"
      "  line\n");
  EXPECT_EQ(where(tree.find_key("study")->place), "1:1+5");
  EXPECT_EQ(where(tree.find("study")->place()), "1:8+11");
  EXPECT_EQ(where(tree.find("arms")->place()), "3:3+1");
  const Tree& first = tree.find("arms")->items()[0];
  EXPECT_EQ(where(first.place()), "3:5+1");
  EXPECT_EQ(where(first.find("hr")->place()), "3:10+3");
  EXPECT_EQ(where(first.find_key("name")->place), "3:15+6");
  EXPECT_EQ(where(first.find("name")->place()), "3:23+5");
  const Tree& second = tree.find("arms")->items()[1];
  EXPECT_EQ(where(second.place()), "4:5+1");
  EXPECT_EQ(where(second.find("hr")->place()), "4:9+3");
  EXPECT_EQ(where(tree.find("text")->place()), "5:7+1");
  EXPECT_EQ(tree.find("text")->text(), "line\n");
}

TEST(YamlReader, ValuesThatAreNotThereAreNullWhereTheyShouldBe) {
  const Tree tree = read("a:\nb: ~\nc: null\nlist:\n  - x\n  -\n  # remark\n\n  - ~\n  -\n");
  EXPECT_TRUE(tree.find("a")->is_null());
  EXPECT_EQ(where(tree.find("a")->place()), "1:1+1");
  EXPECT_EQ(where(tree.find("b")->place()), "2:4+1");
  EXPECT_EQ(where(tree.find("c")->place()), "3:4+4");
  const Tree& list = *tree.find("list");
  ASSERT_EQ(list.size(), 4U);
  EXPECT_TRUE(list.items()[1].is_null());
  EXPECT_EQ(where(list.items()[1].place()), "6:3+1");
  EXPECT_EQ(where(list.items()[2].place()), "9:5+1");
  EXPECT_EQ(where(list.items()[3].place()), "10:3+1");
}

TEST(YamlReader, WindowsLineEndsAndAByteOrderMarkDoNotMatter) {
  const std::string unix_text = "a: 1\nb:\n  - x\n  - 'y z'\n";
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : unix_text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  const Tree tree = read(windows);
  EXPECT_TRUE(same_content(tree, read(unix_text)));
  EXPECT_EQ(where(tree.find("a")->place()), "1:4+1");
  EXPECT_EQ(where(tree.find("b")->items()[1].place()), "4:5+5");
}

TEST(YamlReader, AnAliasRepeatsAValueWithThePlaceOfTheOriginal) {
  const Tree tree = read("a: &x {hr: 0.7}\nb: *x\nc: &n \"3\"\nd: *n\n");
  EXPECT_TRUE(same_content(*tree.find("a"), *tree.find("b")));
  EXPECT_EQ(where(tree.find("b")->find("hr")->place()), "1:12+3");
  EXPECT_EQ(where(tree.find("c")->place()), "3:7+3");
  EXPECT_TRUE(tree.find("d")->quoted());
}

TEST(YamlReader, CountsBytesInPlacesAndCharactersInMessages) {
  EXPECT_EQ(where(read("größe: x\n").find("größe")->place()), "1:10+1");
  EXPECT_EQ(problems("größe: 1\nx: 2\ngröße: 3\n"),
            "study.yaml:3:1: error: duplicate key 'größe', first given on line 1\n"
            "    3 | größe: 3\n"
            "      | ^~~~~\n"
            "1 error, nothing was run\n");
}

TEST(YamlReader, TheRestOfADocumentWithRefusedPartsCanStillBeChecked) {
  Diagnostics diagnostics;
  const Tree tree = read_yaml_text("study.yaml", "a: 1\na: 2\nb: 3\n<<: 4\n", diagnostics);
  EXPECT_EQ(diagnostics.error_count(), 2U);
  EXPECT_EQ(to_yaml(tree), "a: 1\nb: 3\n");
}

struct Case {
  std::string text;
  std::string problems;
};

class YamlMessage : public ::testing::TestWithParam<Case> {};

TEST_P(YamlMessage, IsThis) { EXPECT_EQ(problems(GetParam().text), GetParam().problems); }

// One error of one line.
Case one(const std::string& text, int line, int column, const std::string& message,
         const std::string& shown, int length, const std::string& hint = {}) {
  Case out{text, "study.yaml:" + std::to_string(line) + ":" + std::to_string(column) + ": error: " +
                     message + "\n    " + std::to_string(line) + " | " + shown + "\n      | "};
  out.problems.append(static_cast<std::size_t>(column - 1), ' ');
  out.problems += "^" + std::string(static_cast<std::size_t>(length - 1), '~') + "\n";
  if (!hint.empty()) out.problems += "   hint: " + hint + "\n";
  out.problems += "1 error, nothing was run\n";
  return out;
}

const std::string tag_hint =
    "write the plain value; text that looks like a number goes in quotation marks";
const std::string colon_hint =
    "check the indentation here and on the line before; text that holds ': ' goes in quotation "
    "marks";
const std::string number_hint = "write a finite number, or leave the key out";
const std::string merge_hint = "write the keys out, or use an alias for the whole value";

INSTANTIATE_TEST_SUITE_P(
    Refused, YamlMessage,
    ::testing::Values(
        one("a: 1\nbb: 2\nbb: 3\n", 3, 1, "duplicate key 'bb', first given on line 2", "bb: 3", 2),
        one("a: {b: 1, b: 2}\n", 1, 11, "duplicate key 'b', first given on line 1",
            "a: {b: 1, b: 2}", 1),
        one("a: &x {b: 1}\nc:\n  <<: *x\n", 3, 3, "merge keys '<<' are refused", "  <<: *x", 2,
            merge_hint),
        one("a: !!str 1\n", 1, 4, "tags such as '!' or '!!str' are refused", "a: !!str 1", 5,
            tag_hint),
        one("a: !units {b: 1}\n", 1, 4, "tags such as '!' or '!!str' are refused",
            "a: !units {b: 1}", 6, tag_hint),
        one("a: ! 1\n", 1, 4, "tags such as '!' or '!!str' are refused", "a: ! 1", 1, tag_hint),
        one("a: ! \"1\"\n", 1, 4, "tags such as '!' or '!!str' are refused", "a: ! \"1\"", 1,
            tag_hint),
        one("a: .nan\n", 1, 4, "'.nan' is not a usable value", "a: .nan", 4, number_hint),
        one("a: [1, -.Inf]\n", 1, 8, "'-.Inf' is not a usable value", "a: [1, -.Inf]", 5,
            number_hint),
        one("? [a]\n: 1\n", 1, 3, "a key must be text, found a list", "? [a]", 1),
        one("{a: 1}: 1\n", 1, 1, "a key must be text, found a map", "{a: 1}: 1", 1),
        one("null: 1\n", 1, 1, "a key must be text, found nothing", "null: 1", 4,
            "put a key such as null in quotation marks"),
        one("a: 1\n---\nb: 1\n", 2, 1, "a second document begins here", "---", 1,
            "one file holds one document; remove '---'"),
        one("a:\n  b: 1\n\tc: 2\n", 3, 1, "a tab in the indentation", " c: 2", 1,
            "indent with spaces"),
        one("a: &x [1, *x]\n", 1, 11, "this alias stands inside the value that it repeats",
            "a: &x [1, *x]", 2),
        one("a: *x\n", 1, 4, "unknown alias: nothing before it has this anchor", "a: *x", 1,
            "text cannot begin with '*' unless it is in quotation marks"),
        one("a: \x01\n", 1, 4, "control character 0x01", "a:  ", 1, "remove it"),
        one("a: b\xe9\n", 1, 5, "byte 0xe9 is not valid UTF-8", "a: b\xe9", 1,
            "save the file as UTF-8"),
        one("a: 1\rb: 2\n", 1, 5, "a carriage return that ends no line", "a: 1 b: 2", 1,
            "save the file with the line ends of Unix or Windows")));

INSTANTIATE_TEST_SUITE_P(
    Syntax, YamlMessage,
    ::testing::Values(
        one("a: b: c\n", 1, 5, "unexpected ':'", "a: b: c", 1, colon_hint),
        one("a: 1\n  b: 2\n", 2, 4, "unexpected ':'", "  b: 2", 1, colon_hint),
        one("a:1\nb: 2\n", 1, 2, "no space after ':'", "a:1", 1, "write 'key: value'"),
        one("a: [1, 2\nb: 3\n", 1, 4, "this '[' is never closed", "a: [1, 2", 1,
            "or a ',' is missing between two entries"),
        one("a: {b: [1], c: {d: 1}\n", 1, 4, "this '{' is never closed", "a: {b: [1], c: {d: 1}", 1,
            "or a ',' is missing between two entries"),
        one("a: \"b\nc: 3\n", 1, 4, "this quotation mark is never closed", "a: \"b", 1),
        one("a: 'it''s\nc: 3\n", 1, 4, "this quotation mark is never closed", "a: 'it''s", 1),
        one("a: &x 'it\nc: 3\n", 1, 7, "this quotation mark is never closed", "a: &x 'it", 1),
        one("a: \"b\" c\n", 1, 8, "the value ended before this", "a: \"b\" c", 1,
            "text that holds quotation marks goes in quotation marks as a whole"),
        one("a:\n  b: 2\n c: 3\n", 3, 2, "this line does not continue the map above it", " c: 3", 1,
            "check the indentation: keys of one map begin in the same column"),
        one("a:\n  - b\n - c\n", 3, 2, "this line does not continue the map above it", " - c", 1,
            "check the indentation: keys of one map begin in the same column"),
        one("- a\nb: 1\n", 2, 1, "this line does not continue what stands above it", "b: 1", 1,
            "check the indentation; a document is one map or one list"),
        one("a: @b\n", 1, 4, "text cannot begin with this character", "a: @b", 1,
            "put it in quotation marks"),
        one("a: - b\n", 1, 4, "a list item '-' cannot stand here", "a: - b", 1,
            "begin the list on a new line; all its dashes stand in the same column"),
        one("a: ]\n", 1, 4, "this closing bracket closes nothing", "a: ]", 1),
        one("a: \"\\q\"\n", 1, 7, "unknown escape after '\\' in double quotation marks",
            "a: \"\\q\"", 1, "write '\\\\' for a backslash, or use single quotation marks")));

INSTANTIATE_TEST_SUITE_P(
    WholeFile, YamlMessage,
    ::testing::Values(
        Case{"", "study.yaml: error: the document is empty\n1 error, nothing was run\n"},
        Case{"# nothing\n", "study.yaml: error: the document is empty\n1 error, nothing was run\n"},
        Case{std::string("a: b\0c\n", 7),
             "study.yaml: error: this is not a text file\n   hint: expected UTF-8 text\n"
             "1 error, nothing was run\n"},
        Case{"\xff\xfe"
             "a: b",
             "study.yaml: error: this text is UTF-16\n   hint: save it as UTF-8\n"
             "1 error, nothing was run\n"}));

TEST(YamlReader, AliasBombsAreRefusedQuickly) {
  // Each list holds the one before nine times: 9^10 entries in half a kilobyte.
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before;
    for (int j = 1; j < 9; ++j) bomb += ", " + before;
    bomb += "]\n";
  }
  EXPECT_EQ(problems(bomb),
            "study.yaml:7:10: error: more than 1,000,000 entries; an alias counts each time it is "
            "used\n"
            "    7 | a6: &a6 [*a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5, *a5]\n"
            "      |          ^\n"
            "   hint: large tables belong in a CSV file\n"
            "1 error, nothing was run\n");
}

TEST(YamlReader, NestingIsLimited) {
  // The map and 63 brackets are 64 levels.
  EXPECT_EQ(problems("a: " + std::string(63, '[') + std::string(63, ']') + "\n"), "");
  const std::string deep = "a: " + std::string(64, '[') + std::string(64, ']');
  EXPECT_EQ(problems(deep + "\n"), "study.yaml:1:67: error: nested more than 64 deep\n    1 | " +
                                       deep.substr(0, 110) + "\n      | " + std::string(66, ' ') +
                                       "^\n1 error, nothing was run\n");
  EXPECT_NE(problems("a: " + std::string(500'000, '[')), "");
}

TEST(YamlReader, AFileThatIsTooLargeIsNotEvenRead) {
  const testing::TempFolder folder;
  const std::string path = folder.write("big.yaml", "a: 1\n").string();
  std::filesystem::resize_file(path, 23'456'789);
  Diagnostics diagnostics;
  EXPECT_FALSE(read_yaml_file(path, diagnostics));
  EXPECT_EQ(diagnostics.text("nothing was run"),
            path +
                ": error: too large for a document: 23 MB, at most 20 MB\n"
                "   hint: large tables belong in a CSV file\n"
                "1 error, nothing was run\n");
}

TEST(YamlReader, ReadsAFileUnderItsName) {
  const testing::TempFolder folder;
  const std::string path = folder.write("a.yaml", "a: 1\n").string();
  Diagnostics diagnostics;
  const auto tree = read_yaml_file(path, diagnostics);
  ASSERT_TRUE(tree);
  EXPECT_EQ(diagnostics.source_name(tree->place().file), path);
  EXPECT_THROW(read_yaml_file(path + ".absent", diagnostics), FileError);
}

// Whatever bytes come: a tree or a message, never an exception or a crash.
TEST(YamlReader, AnyBytesGiveATreeOrAMessage) {
  const std::string good =
      "study: a\nmodel: &m {b: [1, 2], 'c': \"d\"}\nlist:\n  - x: 1\n    y: |\n      text\n  - *m\n"
      "  - ? key\n    : value\n";
  const std::string bytes = "\n\t :-#,[]{}&*!|>'\"%@`?~<.\\0aé\x7f\xff";
  std::uint64_t state = 3;
  const auto next = [&state] {
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<std::size_t>(state >> 33);
  };
  for (int i = 0; i < 20'000; ++i) {
    std::string text = good;
    for (std::size_t changes = 1 + next() % 4; changes > 0; --changes) {
      const std::size_t at = next() % text.size();
      const char byte = bytes[next() % bytes.size()];
      if (next() % 3 == 0) {
        text.erase(at, 1 + next() % 5);
        if (text.empty()) text = "a";
      } else if (next() % 2 == 0) {
        text[at] = byte;
      } else {
        text.insert(at, 1, byte);
      }
    }
    Diagnostics diagnostics;
    const Tree tree = read_yaml_text("study.yaml", text, diagnostics);
    ASSERT_TRUE(!tree.is_null() || diagnostics.has_errors()) << text;
    ASSERT_FALSE(diagnostics.has_errors() && diagnostics.text("").empty());
  }
}

}  // namespace
}  // namespace npcsim

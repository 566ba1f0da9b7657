#include <npcsim/io/json.hpp>

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace npcsim {
namespace {

TEST(JsonWriter, WritesObjectsAndArraysInOrder) {
  JsonWriter json;
  json.begin_object().key("z").integer(-3).key("a").begin_array().number(0.1).boolean(true).null();
  json.begin_object().end_object().begin_array().end_array().end_array();
  json.key("text").text("x").key("raw").raw("{\"b\":1}").end_object();
  EXPECT_EQ(json.str(), R"({"z":-3,"a":[0.1,true,null,{},[]],"text":"x","raw":{"b":1}})");
}

TEST(JsonWriter, IndentsForPeople) {
  JsonWriter json(JsonWriter::Layout::indented);
  json.begin_object().key("a").begin_array().integer(1).integer(2).end_array();
  json.key("b").begin_object().end_object().end_object();
  EXPECT_EQ(json.str(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

TEST(JsonWriter, NumbersKeepAllDigitsAndNanIsNull) {
  JsonWriter json;
  json.begin_array().number(0.1 + 0.2).number(100).number(1e300).number(-0.5);
  json.number(std::nan("")).number(std::numeric_limits<double>::infinity()).end_array();
  EXPECT_EQ(json.str(), "[0.30000000000000004,100,1e+300,-0.5,null,null]");
}

TEST(JsonWriter, EscapesWhatWouldEndAStringOrAScript) {
  JsonWriter json;
  json.text("a\"b\\c\n\t\r\x01 é </script><!--");
  EXPECT_EQ(json.str(), "\"a\\\"b\\\\c\\n\\t\\r\\u0001 é \\u003c/script>\\u003c!--\"");
}

TEST(JsonWriter, BytesThatAreNoUtf8BecomeTheReplacementCharacter) {
  JsonWriter json;
  json.text("a\xff z");
  EXPECT_EQ(json.str(), "\"a\\ufffd z\"");
}

TEST(JsonWriter, TablesKeepUnitsAndMissingCells) {
  Table table;
  table.name = "t";
  table.add_numbers("median", "months", "of OS").cells = Column::Numbers{1.5, std::nan("")};
  table.add_integers("n", "").cells = Column::Integers{1, 2};
  table.add_texts("arm").cells = Column::Texts{"a", "b"};
  EXPECT_EQ(to_json(table),
            R"({"name":"t","columns":[)"
            R"({"name":"median","unit":"months","meaning":"of OS","values":[1.5,null]},)"
            R"({"name":"n","unit":"","meaning":"","values":[1,2]},)"
            R"({"name":"arm","unit":"","meaning":"","values":["a","b"]}]})");
}

}  // namespace
}  // namespace npcsim

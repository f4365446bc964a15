#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/random_schema.h"
#include "avro/schema.h"

namespace avro {
namespace {

using ::testing::HasSubstr;

SchemaError ErrorOf(std::string_view text) {
  const ParsedSchema parsed = ParseSchema(text);
  EXPECT_EQ(parsed.document, nullptr) << text;
  EXPECT_FALSE(parsed.error.message.empty()) << text;
  EXPECT_GE(parsed.error.line, 1U) << text;
  EXPECT_GE(parsed.error.column, 1U) << text;
  return parsed.error;
}

struct Case {
  const char* text;
  uint32_t line;
  uint32_t column;
  const char* path;
  const char* message;
};

constexpr Case kCases[] = {
    {"", 1, 1, "", "the JSON text ends too early"},
    {"   ", 1, 4, "", "the JSON text ends too early"},
    {"{\"type\":\n\"record\"", 2, 9, "", "the JSON text ends too early"},
    {"\"int", 1, 5, "", "the JSON text ends too early"},
    {"{\"type\":\n  int}", 2, 3, "", "this is not JSON: invalid literal"},
    {"\"int\" \"long\"", 1, 12, "", "this is not JSON: unexpected string literal; expected end of input"},
    {"{\"a\": 1e999}", 1, 12, "", "this is not JSON: number overflow parsing '1e999'"},
    {"\"i\xFFnt\"", 1, 3, "", "the text is not valid UTF-8"},
    {"{\"type\":\"int\",\n \"type\":\"long\"}", 2, 2, "", "the key `type` stands twice in one object"},
    {"42", 1, 1, "", "a type is a name, an object or a list of branches, not a number"},
    {"\"strng\"", 1, 1, "", "there is no type `strng`; did you mean `string`?"},
    {"\"record\"", 1, 1, "", "`record` needs an object with its parts: {\"type\": \"record\", ...}"},
    {R"({"typ":"int"})", 1, 1, "", "the type has no `type`; is `typ` meant as such?"},
    {R"({"type":"recrod","name":"R"})", 1, 9, "", "there is no type `recrod`; did you mean `record`?"},
    {R"({"type":{"type":"int"}})", 1, 9, "",
     "`type` is an object where a name is needed; write the inner type in "
     "place of the object around it"},
    {R"({"type":"array","item":"int"})", 1, 1, "", "the array has no `items`; is `item` meant as such?"},
    {R"({"type":"map","values":"strin"})", 1, 24, "values", "there is no type `strin`; did you mean `string`?"},
    {R"({"type":"record","fields":[]})", 1, 1, "", "the record has no `name`"},
    {R"({"type":"record","name":"R-1","fields":[]})", 1, 25, "",
     "`R-1` is no name: letters A-Z a-z, digits and `_`, no digit first"},
    {R"({"type":"record","name":"int","fields":[]})", 1, 25, "",
     "`int` is the name of a primitive type and cannot be defined"},
    {R"({"type":"record","name":"R","namespace":"a..b","fields":[]})", 1, 41, "",
     "`a..b` is no namespace: names joined by dots"},
    {R"({"type":"record","name":"R","fields":{}})", 1, 38, "", "`fields` must be a list, not an object"},
    {R"({"type":"record","name":"R","aliases":"a","fields":[]})", 1, 39, "", "`aliases` must be a list of strings"},
    {R"({"type":"record","name":"R","fields":[{"name":"1a","type":"int"}]})", 1, 47, "fields",
     "`1a` is no name for a field: letters A-Z a-z, digits and `_`, no digit first"},
    {"{\"type\":\"record\",\"name\":\"R\",\"fields\":[{\"name\":\"a\",\"type\":\"int\"},\n{\"name\":\"a\",\"type\":"
     "\"int\"}]}",
     2, 9, "fields", "record `R` has two fields called `a`, the first in line 1"},
    {R"({"type":"record","name":"R","fields":[{"name":"a"}]})", 1, 39, "fields.a", "the field `a` has no `type`"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":"int","order":"up"}]})", 1, 72, "fields.a",
     "`order` must be \"ascending\", \"descending\" or \"ignore\""},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":"Later"},{"name":"b","type":{"type":"fixed","name":"Later","size":1}}]})",
     1, 58, "fields.a.type", "there is no type `Later` yet: a type must be defined before its name is used"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"record","name":"R","fields":[]}}]})", 1, 82,
     "fields.a.type", "the type `R` is defined twice, first in line 1"},
    {R"(["null",{"type":"fixed","name":"F","size":2},{"type":"F"}])", 1, 54, "[2]",
     "the defined type `F` stands in an object; write just \"F\""},
    {R"(["int","int"])", 1, 8, "[1]", "the union has two branches of type int"},
    {R"([["int"]])", 1, 2, "[0]", "a union may not hold another union directly"},
    {R"([{"type":"array","items":"int"},{"type":"array","items":"long"}])", 1, 33, "[1]",
     "the union has two branches of type array of long"},
    {R"({"type":"enum","name":"E","symbols":["A","A"]})", 1, 42, "", "enum `E` has the symbol `A` twice"},
    {R"({"type":"enum","name":"E","symbols":["BUY","SELL"],"default":"SEL"})", 1, 62, "",
     "the default `SEL` is no symbol of enum `E`; did you mean `SELL`?"},
    {R"({"type":"fixed","name":"F","size":-1})", 1, 35, "",
     "the size of fixed `F` must be a whole number from 0 to 2,147,483,647"},
    {R"({"type":"fixed","name":"F","size":4294967296})", 1, 35, "",
     "the size of fixed `F` must be a whole number from 0 to 2,147,483,647"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"array","items":"int"},"default":[1,null]}]})",
     1, 102, "fields.a.default[1]", "the default is null, which is no int"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":"bytes","default":"\u0100"}]})", 1, 76,
     "fields.a.default", "the default of bytes has a character beyond \\u00FF"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":{"type":"fixed","name":"F","size":2},"default":"\u00ff"}]})",
     1, 105, "fields.a.default", "the default has 1 bytes, but fixed `F` has 2"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":"long","default":9223372036854775808}]})", 1, 75,
     "fields.a.default", "the default is beyond what long can hold"},
    {R"({"type":"record","name":"R","fields":[{"name":"a","type":"R","default":{}}]})", 1, 72, "fields.a.default",
     "the default of `a` never ends: it needs itself"},
};

TEST(SchemaErrors, SayWhatAndWhere) {
  for (const Case& c : kCases) {
    const SchemaError error = ErrorOf(c.text);
    EXPECT_EQ(error.message, c.message) << c.text;
    EXPECT_EQ(error.line, c.line) << c.text;
    EXPECT_EQ(error.column, c.column) << c.text;
    EXPECT_EQ(error.path, c.path) << c.text;
  }
}

TEST(SchemaErrors, NestingHasALimit) {
  const auto nested = [](int levels) {
    std::string text;
    for (int i = 1; i < levels; ++i) text += R"({"type":"array","items":)";
    text += "\"int\"";
    for (int i = 1; i < levels; ++i) text += "}";
    return text;
  };
  EXPECT_NE(ParseSchema(nested(256)).document, nullptr);
  EXPECT_EQ(ErrorOf(nested(257)).message, "the schema is nested more than 256 levels deep");
  EXPECT_EQ(ErrorOf(nested(100'000)).message, "the JSON text is nested more than 1,024 levels deep");
  EXPECT_THAT(ErrorOf(std::string(1'000'000, '[')).message, HasSubstr("nested more than"));
}

TEST(SchemaErrors, HugeTextsAreBounded) {
  EXPECT_THAT(ErrorOf(std::string(17 << 20, ' ')).message, HasSubstr("at most 16,777,216 are read"));
  std::string many = "[";
  for (int i = 0; i < 600'000; ++i) many += "0,";
  EXPECT_THAT(ErrorOf(many).message, HasSubstr("more than 500,000 values"));
}

// Unions of records within unions of records can be tried against a default in exponentially many ways.
TEST(SchemaErrors, IntricateDefaultsAreBounded) {
  std::string branches;
  for (char name = 'A'; name <= 'H'; ++name) {
    branches += std::string(name == 'A' ? "" : ",") + R"({"type":"record","name":")" + name +
                R"(","fields":[{"name":"x","type":["null","Top"]},{"name":")" + name + R"(","type":"int"}]})";
  }
  std::string value = "null";
  for (int i = 0; i < 100; ++i) value = R"({"u":{"x":)" + value + R"(,"none":1}})";
  const std::string text = R"({"type":"record","name":"Top","fields":[{"name":"u","type":[)" + branches +
                           R"(]},{"name":"d","type":["null","Top"],"default":)" + value + "}]}";
  EXPECT_THAT(ErrorOf(text).message, ::testing::AnyOf(HasSubstr("too intricate"), HasSubstr("is no")));
}

TEST(SchemaErrors, EveryCutAndEveryFlipOfASchemaIsAnAnswer) {
  const std::string text = RandomSchemaText(10, {.max_depth = 4, .max_fields = 12});
  ASSERT_GT(text.size(), 500U);
  for (size_t cut = 0; cut < text.size(); ++cut) ErrorOf(std::string_view(text).substr(0, cut));
  for (size_t at = 0; at < text.size(); ++at) {
    for (const char c : {'\0', '"', '{', ']', '9', '\xC3', '\xFF'}) {
      std::string flipped = text;
      flipped[at] = c;
      const ParsedSchema parsed = ParseSchema(flipped);
      EXPECT_EQ(parsed.document == nullptr, !parsed.error.message.empty());
    }
  }
}

}  // namespace
}  // namespace avro

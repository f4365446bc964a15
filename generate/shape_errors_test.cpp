#include <gtest/gtest.h>

#include "generate/generator.h"

namespace rulec::generate {
namespace {

constexpr char kSchema[] = R"({"type":"record","name":"market.Trade","fields":[
  {"name":"price","type":"double"},{"name":"symbol","type":"string"},{"name":"size","type":"int"},
  {"name":"at","type":{"type":"long","logicalType":"timestamp-micros"}},
  {"name":"side","type":{"type":"enum","name":"Side","symbols":["BUY","SELL"]}},
  {"name":"lines","type":{"type":"array","items":{"type":"record","name":"Line","fields":[{"name":"n","type":"int"}]}}},
  {"name":"u","type":["long","string"]},
  {"name":"next","type":["null","market.Trade"]},
  {"name":"f","type":{"type":"fixed","name":"F","size":3}}]})";

GenerateError ErrorOf(const std::string& shape, const std::string& time_field = "") {
  GenerateOptions options;
  options.schema = avro::ParseSchema(kSchema).document;
  EXPECT_NE(options.schema, nullptr);
  options.shape_toml = shape;
  options.shape_path = "t.toml";
  options.time_field = time_field;
  options.count = 1;
  GenerateError error;
  EXPECT_EQ(EventGenerator::Make(options, &error), nullptr) << shape;
  EXPECT_TRUE(error) << shape;
  return error;
}

struct Case {
  const char* shape;
  const char* error;
};

constexpr Case kCases[] = {
    {"[fields.prise]\n", "t.toml:1:9: record `market.Trade` has no field `prise`; did you mean `price`?"},
    {"[field.price]\n", "t.toml:1:2: a shape file has tables [fields.NAME] only, not `field`"},
    {"[fields.lines]\ndistribution = \"uniform\"\nmin = -5\nmax = 1\n",
     "t.toml:3:1: `min` must be a whole number from 0 to 100,000"},
    {"[fields.lines]\ndistribution = \"normal\"\nmean = 5\nmax = 1_000_000\n",
     "t.toml:4:1: `max` must be a whole number from 0 to 100,000"},
    {"fields = 3\n", "t.toml:1:1: a shape file has tables [fields.NAME] only, not `fields`"},
    {"[fields]\nprice = 3\n", "t.toml:2:1: `price` must be a table: [fields.price]"},
    {"[fields.lines.n]\n", "t.toml:1:15: `n` is no setting; a field inside another is written [fields.\"lines.n\"]"},
    {"[fields.\"lines.n\"]\n",
     "t.toml:1:9: `lines` has no fields, it is array of record `market.Line`; its items are written `[]`"},
    {"[fields.\"lines[].m\"]\n", "t.toml:1:9: record `market.Line` has no field `m`; did you mean `n`?"},
    {"[fields.\"price[]\"]\n", "t.toml:1:9: `price` is no array but double"},
    {"[fields.\"u.x\"]\n", "t.toml:1:9: `u` is a union of long and string; say which branch, as in `<string>`"},
    {"[fields.\"u<strin>\"]\n", "t.toml:1:9: `u` has no branch `strin`; did you mean `string`?"},
    {"[fields.\"next.price\"]\n",
     "t.toml:1:9: `next` is a record `market.Trade` inside another one, and takes the shape of the outer one"},
    {"[fields.price]\ndistribution = \"unifrom\"\n",
     "t.toml:2:1: there is no distribution `unifrom`; did you mean `uniform`?"},
    {"[fields.price]\ndistribution = 3\n", "t.toml:2:1: `distribution` must be a string, not a number"},
    {"[fields.price]\ndistribution = \"uniform\"\nmni = 3\n",
     "t.toml:3:1: there is no setting `mni` here; did you mean `min`?"},
    {"[fields.price]\ndistribution = \"uniform\"\nmin = \"a\"\n",
     "t.toml:3:1: `min` must be a number from -1e+300 to 1e+300"},
    {"[fields.price]\ndistribution = \"uniform\"\nmin = 5\nmax = 4\n", "t.toml:1:9: `min` is greater than `max`"},
    {"[fields.size]\ndistribution = \"uniform\"\nmax = 3000000000\n",
     "t.toml:3:1: `max` must be a whole number from -2,147,483,648 to 2,147,483,647"},
    {"[fields.price]\ndistribution = \"normal\"\ndeviation = -1\n",
     "t.toml:3:1: `deviation` must be a number from 0 to 1e+300"},
    {"[fields.price]\ndistribution = \"normal\"\nmean = nan\n",
     "t.toml:3:1: `mean` must be a number from -1e+300 to 1e+300"},
    {"[fields.symbol]\ndistribution = \"normal\"\n",
     "t.toml:1:9: `normal` makes no strings; `choice`, `zipf`, `uniform`, `sequence` and `text` do"},
    {"[fields.symbol]\ndistribution = \"zipf\"\npattern = \"S\"\n",
     "t.toml:3:1: the pattern gives the same text each time; put a number in it, as in \"S{0000}\""},
    {"[fields.symbol]\npattern = \"{q*3}\"\n",
     "t.toml:2:1: `{q*3}` is no hole of a pattern; there are {0000}, {A*6}, {a*6}, {9*6}, {x*6} and {w*6}"},
    {"[fields.symbol]\npattern = \"S{00\"\n", "t.toml:2:1: a `{` has no `}`; write `{{` for a brace"},
    {"[fields.symbol]\ndistribution = \"choice\"\nvalues = []\n",
     "t.toml:3:1: `values` must be a list of at least one value"},
    {"[fields.symbol]\ndistribution = \"choice\"\nvalues = [\"a\",\n 3]\n",
     "t.toml:4:2: a number is no value of string"},
    {"[fields.symbol]\ndistribution = \"choice\"\nvalues = [\"a\"]\nweights = [1, 2]\n",
     "t.toml:4:1: `weights` must be a list of 1 numbers, one for each value and not all 0"},
    {"[fields.side]\ndistribution = \"choice\"\nvalues = [\"SEL\"]\n",
     "t.toml:3:11: `SEL` is no symbol of enum `market.Side`; did you mean `SELL`?"},
    {"[fields.side]\ndistribution = \"constant\"\n", "t.toml:1:9: a `constant` needs a `value`"},
    {"[fields.size]\ndistribution = \"constant\"\nvalue = 1.5\n", "t.toml:3:1: a number is no value of int"},
    {"[fields.f]\ndistribution = \"constant\"\nvalue = \"ab\"\n",
     "t.toml:3:1: the string has 2 bytes, but fixed `market.F` has 3"},
    {"[fields.at]\ndistribution = \"time\"\ngap = \"5 parsecs\"\n",
     "t.toml:3:1: `gap` must be a duration up to 1000d, such as \"400us\", \"1.5s\" or \"2h\""},
    {"[fields.at]\ndistribution = \"time\"\nstart = 5\n", "t.toml:3:1: `start` must be a date: 2026-01-05T14:30:00Z"},
    {"[fields.price]\ndistribution = \"time\"\n", "t.toml:1:9: a `time` needs a field of type int or long"},
    {"[fields.price]\ndistribution = \"walk\"\nstart = 1\nmin = 2\n",
     "t.toml:1:9: the walk starts outside `min` and `max`"},
    {"[fields.price]\ndistribution = \"walk\"\nby = \"symbl\"\n",
     "t.toml:3:1: `by`: record `market.Trade` has no field `symbl`; did you mean `symbol`?"},
    {"[fields.price]\ndistribution = \"walk\"\nby = \"lines[].n\"\n",
     "t.toml:3:1: `by` needs a field that an event has once, and `lines[].n` is in a list"},
    {"[fields.price]\ndistribution = \"walk\"\nby = \"lines\"\n",
     "t.toml:3:1: `by` needs a field with a plain value, and `lines` is array of record `market.Line`"},
    {"[fields.price]\ndistribution = \"uniform\"\nby = \"size\"\n[fields.size]\ndistribution = \"uniform\"\nby = "
     "\"price\"\n",
     "t.toml:1:9: `price` depends on itself through `by`"},
    {"[fields.u]\nbranches = { strng = 1 }\n",
     "t.toml:2:22: union of long and string has no branch `strng`; did you mean `string`?"},
    {"[fields.u]\nbranches = { string = 0 }\n",
     "t.toml:1:9: every branch of union of long and string that has values has the weight 0"},
    {"[fields.next]\nnull = 2\n", "t.toml:2:1: `null` must be a number from 0 to 1"},
    {"[fields.lines]\ndistribution = \"time\"\n",
     "t.toml:1:9: the length of a list cannot be `time`; `uniform` and `pareto` can be used"},
    {"[fields.at]\ndistribution = \"time\"\nstart = 9000-01-01\n",
     "t.toml:3:9: the date is beyond the years 1680 to 2260"},
};

TEST(ShapeErrors, SayWhatAndWhere) {
  for (const Case& c : kCases) EXPECT_EQ(ErrorOf(c.shape).ToString(), c.error) << c.shape;
}

TEST(ShapeErrors, TextThatIsNoToml) {
  for (const char* text :
       {"[fields.price", "x", "[fields.a]\n[fields.a]\n", "\xFF\xFE", "[fields.price]\nmin = \"\n"}) {
    const GenerateError error = ErrorOf(text);
    EXPECT_NE(error.message.find("this is not TOML: "), std::string::npos) << error.ToString();
    EXPECT_EQ(error.file, "t.toml");
    EXPECT_GE(error.line, 1U);
  }
  EXPECT_NE(ErrorOf("a = " + std::string(100'000, '[')).message.find("not TOML"), std::string::npos);
  EXPECT_NE(ErrorOf(std::string(2 << 20, '#')).message.find("at most 1,048,576 are read"), std::string::npos);
}

TEST(ShapeErrors, UnknownTimeField) {
  EXPECT_EQ(
      ErrorOf("", "att").ToString(),
      "the field of the event's time is not in the schema: record `market.Trade` has no field `att`; did you mean "
      "`at`?");
}

}  // namespace
}  // namespace rulec::generate

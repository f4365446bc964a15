#include "avro/resolution.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/varint.h"

namespace avro {
namespace {

using ::testing::HasSubstr;
using Bytes = std::vector<uint8_t>;

SchemaPtr Parse(const std::string& text) {
  ParsedSchema parsed = ParseSchema(text);
  EXPECT_NE(parsed.document, nullptr) << text.substr(0, 200) << ": " << parsed.error.message;
  return parsed.document;
}

// The datum as JSON, or "refused: ...", or "error at byte N, path: ...".
std::string Decode(const std::string& writer, const std::string& reader, const Bytes& bytes) {
  const ResolvedSchemas resolved = ResolveSchemas(Parse(writer), Parse(reader));
  if (resolved.resolution == nullptr) return "refused: " + resolved.error.path + ": " + resolved.error.message;
  Datum datum;
  size_t used = 0;
  const DecodeError error = DecodeResolved(*resolved.resolution, bytes, &datum, &used);
  if (error) return "error at byte " + std::to_string(error.byte) + ", " + error.path + ": " + error.message;
  EXPECT_EQ(used, bytes.size());
  return DatumToJson(resolved.resolution->reader().root(), datum);
}

std::string Record(const std::string& fields, const std::string& name = "R") {
  return R"({"type":"record","name":")" + name + R"(","fields":[)" + fields + "]}";
}

std::string Refusal(const std::string& writer, const std::string& reader) { return Decode(writer, reader, {}); }

TEST(Resolution, PromotesAsTheSpecificationSays) {
  const char* const kinds[] = {"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
  const std::vector<std::pair<std::string, std::string>> promotions{
      {"int", "long"},    {"int", "float"},    {"int", "double"},   {"long", "float"},
      {"long", "double"}, {"float", "double"}, {"string", "bytes"}, {"bytes", "string"}};
  for (const std::string from : kinds) {
    for (const std::string to : kinds) {
      const bool fits = from == to || std::count(promotions.begin(), promotions.end(), std::pair(from, to)) > 0;
      const auto resolved = ResolveSchemas(Parse("\"" + from + "\""), Parse("\"" + to + "\""));
      EXPECT_EQ(resolved.resolution != nullptr, fits) << from << " to " << to;
    }
  }
}

TEST(Resolution, WholeNumbersBecomeFloatsByOneRounding) {
  // A double would drop the 1 and leave a tie, which goes the other way.
  Bytes bytes;
  AppendVarint((int64_t{1} << 60) + (int64_t{1} << 36) + 1, &bytes);
  const ResolvedSchemas resolved = ResolveSchemas(Parse("\"long\""), Parse("\"float\""));
  Datum datum;
  size_t used = 0;
  ASSERT_FALSE(DecodeResolved(*resolved.resolution, bytes, &datum, &used));
  EXPECT_EQ(datum.number, 1152921642045800448.0) << "2^60 + 2^37";
  EXPECT_EQ(datum.kind, Kind::Float);
  EXPECT_EQ(datum.integer, 0);
}

TEST(Resolution, BytesReadAsStringMustBeText) {
  EXPECT_EQ(Decode("\"bytes\"", "\"string\"", {4, 'o', 'k'}), "\"ok\"");
  EXPECT_EQ(Decode("\"bytes\"", "\"string\"", {4, 'o', 0xFF}),
            "error at byte 2, : bytes read as a string are not valid UTF-8");
  EXPECT_THAT(Decode("\"string\"", "\"bytes\"", {2, 0xFF}), HasSubstr("not valid UTF-8"));
}

TEST(Resolution, FieldsByNameThenAliasThenDefault) {
  const std::string writer =
      Record(R"({"name":"a","type":"int"},{"name":"b","type":"string"},{"name":"c","type":"int"})");
  const Bytes bytes{2, 2, 'x', 6};
  EXPECT_EQ(Decode(writer,
                   Record(R"({"name":"c","type":"double"},{"name":"z","type":"string","default":"zz"},)"
                          R"({"name":"y","type":"long","aliases":["none","a"]})"),
                   bytes),
            R"({"c":3,"z":"zz","y":1})");
  // A field of the data goes to the field of its name, not to an alias as well.
  EXPECT_EQ(Decode(writer, Record(R"({"name":"x","type":"int","aliases":["a"],"default":9},{"name":"a","type":"int"})"),
                   bytes),
            R"({"x":9,"a":1})");
  EXPECT_EQ(Refusal(writer, Record(R"({"name":"q","type":"int"})")),
            "refused: : the data lack the field `q` of record `R`, which has no default");
}

TEST(Resolution, DefaultsOfEveryType) {
  const std::string reader = Record(
      R"({"name":"n","type":"null","default":null},{"name":"b","type":"boolean","default":true},)"
      R"({"name":"i","type":"int","default":-7},{"name":"l","type":"long","default":9007199254740993},)"
      R"({"name":"f","type":"float","default":0.1},{"name":"d","type":"double","default":1e300},)"
      R"({"name":"by","type":"bytes","default":"\u00ff\u0000a"},{"name":"s","type":"string","default":"t\u20ac"},)"
      R"({"name":"fx","type":{"type":"fixed","name":"F","size":2},"default":"\u0001\u00fe"},)"
      R"({"name":"e","type":{"type":"enum","name":"E","symbols":["A","B"]},"default":"B"},)"
      R"({"name":"ar","type":{"type":"array","items":"int"},"default":[1,2]},)"
      R"({"name":"m","type":{"type":"map","values":"E"},"default":{"k":"A"}},)"
      R"({"name":"u","type":["null","string"],"default":null},{"name":"v","type":["int","string"],"default":"second"},)"
      R"({"name":"r","type":{"type":"record","name":"I","fields":[{"name":"p","type":"int"},)"
      R"({"name":"q","type":"int","default":5}]},"default":{"p":4}})");
  EXPECT_EQ(Decode(Record(""), reader, {}),
            R"({"n":null,"b":true,"i":-7,"l":9007199254740993,"f":0.1,"d":1e+300,"by":"\u00ff\u0000a","s":"t€",)"
            R"("fx":"\u0001\u00fe","e":"B","ar":[1,2],"m":{"k":"A"},"u":null,"v":"second","r":{"p":4,"q":5}})");
}

TEST(Resolution, EnumsFallBackOnTheReadersDefault) {
  const std::string writer = R"({"type":"enum","name":"E","symbols":["A","B","C"],"default":"A"})";
  const std::string with = R"({"type":"enum","name":"E","symbols":["C","X"],"default":"X"})";
  EXPECT_EQ(Decode(writer, with, {4}), "\"C\"");
  EXPECT_EQ(Decode(writer, with, {2}), "\"X\"");
  const std::string without = R"({"type":"enum","name":"E","symbols":["C"]})";
  EXPECT_EQ(Decode(writer, without, {4}), "\"C\"");
  EXPECT_EQ(Decode(writer, without, {2}), "error at byte 0, : enum `E` has no symbol `B` and no default");
  EXPECT_THAT(Decode(writer, with, {6}), HasSubstr("none of the index 3"));
}

TEST(Resolution, NamesMatchWithoutNamespaceOrByAlias) {
  const auto fixed = [](const std::string& rest) { return R"({"type":"fixed","size":1,)" + rest + "}"; };
  EXPECT_EQ(Decode(fixed(R"("name":"a.F")"), fixed(R"("name":"b.F")"), {'x'}), "\"x\"");
  EXPECT_EQ(Decode(fixed(R"("name":"a.F")"), fixed(R"("name":"a.G","aliases":["F"])"), {'x'}), "\"x\"");
  EXPECT_EQ(Refusal(fixed(R"("name":"b.F")"), fixed(R"("name":"a.G","aliases":["F"])")),
            "refused: : the data are fixed `b.F`, and fixed `a.G` has neither that name nor the alias");
  EXPECT_THAT(Refusal(Record(""), Record("", "S")), HasSubstr("has neither that name nor the alias"));
  EXPECT_EQ(Refusal(R"({"type":"fixed","name":"F","size":2})", R"({"type":"fixed","name":"F","size":3})"),
            "refused: : the data are fixed `F` of 2 bytes, the reader's has 3");
}

TEST(Resolution, DecimalsMustAgree) {
  const auto decimal = [](int precision, int scale) {
    return R"({"type":"bytes","logicalType":"decimal","precision":)" + std::to_string(precision) + R"(,"scale":)" +
           std::to_string(scale) + "}";
  };
  EXPECT_EQ(Decode(decimal(4, 2), decimal(4, 2), {2, 1}), R"("\u0001")");
  EXPECT_EQ(Refusal(decimal(4, 2), decimal(4, 1)),
            "refused: : the data are bytes (decimal 4, 2), which is not read as bytes (decimal 4, 1)");
  EXPECT_THAT(Refusal(decimal(4, 2), decimal(5, 2)), HasSubstr("refused"));
  EXPECT_EQ(Decode("\"bytes\"", decimal(4, 2), {2, 1}), R"("\u0001")");
  EXPECT_EQ(Decode(R"({"type":"long","logicalType":"timestamp-millis"})",
                   R"({"type":"long","logicalType":"timestamp-micros"})", {2}),
            "1")
      << "units are told by CompareLogicalTypes";
}

TEST(Resolution, AReadersUnionPrefersTheSameType) {
  const auto branch_of = [](const std::string& writer, const std::string& reader, const Bytes& bytes) {
    const ResolvedSchemas resolved = ResolveSchemas(Parse(writer), Parse(reader));
    EXPECT_NE(resolved.resolution, nullptr) << resolved.error.message;
    Datum datum;
    size_t used = 0;
    EXPECT_FALSE(DecodeResolved(*resolved.resolution, bytes, &datum, &used));
    return datum.branch;
  };
  EXPECT_EQ(branch_of("\"long\"", "[\"float\",\"long\"]", {2}), 1);
  EXPECT_EQ(branch_of("\"int\"", "[\"string\",\"double\",\"long\"]", {2}), 1) << "else the first that it promotes to";
  EXPECT_EQ(branch_of("[\"null\",\"int\"]", "[\"int\",\"null\"]", {2, 2}), 0);
  const std::string named = R"([{"type":"fixed","name":"a.F","size":1},{"type":"fixed","name":"b.F","size":1}])";
  EXPECT_EQ(branch_of(R"({"type":"fixed","name":"b.F","size":1})", named, {'x'}), 1) << "the full name first";
  EXPECT_EQ(branch_of(R"({"type":"fixed","name":"c.F","size":1})", named, {'x'}), 0);
  const std::string sized = R"([{"type":"fixed","name":"a.F","size":2},{"type":"fixed","name":"b.F","size":1}])";
  EXPECT_EQ(branch_of(R"({"type":"fixed","name":"c.F","size":1})", sized, {'x'}), 1) << "the one that fits";
}

TEST(Resolution, ABranchThatCannotBeReadIsAnErrorOfTheDataThatHoldIt) {
  const std::string writer =
      Record(R"({"name":"f","type":["string","int",)" + Record(R"({"name":"x","type":"string"})", "S") + "]}");
  const std::string reader =
      Record(R"({"name":"f","type":["long",)" + Record(R"({"name":"x","type":"int"})", "S") + "]}");
  EXPECT_EQ(Decode(writer, reader, {2, 2}), R"({"f":1})");
  EXPECT_EQ(Decode(writer, reader, {0, 2, 'x'}),
            "error at byte 0, f: the data are string, which no branch of union of long and record `S` takes");
  EXPECT_EQ(Decode(writer, reader, {4, 2, 'x'}),
            "error at byte 0, f: the data are string, which is not read as int (at x)");
  EXPECT_THAT(Decode(writer, reader, {6}), HasSubstr("none of the index 3"));
  EXPECT_EQ(Decode(R"(["int","string"])", "\"long\"", {0, 8}), "4");
  EXPECT_THAT(Decode(R"(["int","string"])", "\"long\"", {2, 2, 'x'}), HasSubstr("string, which is not read as long"));
}

TEST(Resolution, ErrorsNameThePath) {
  const auto nest = [](const std::string& type) {
    return Record(R"({"name":"lines","type":{"type":"array","items":)" +
                  Record(R"({"name":"by_name","type":{"type":"map","values":)" + type + "}}", "L") + "}}");
  };
  EXPECT_EQ(Refusal(nest("\"string\""), nest("\"int\"")),
            "refused: lines[].by_name[*]: the data are string, which is not read as int");
  EXPECT_EQ(Refusal(nest("\"string\""), nest("[\"null\",\"int\"]")),
            "refused: lines[].by_name[*]: the data are string, which no branch of union of null and int takes");
}

TEST(Resolution, Recursion) {
  const auto list = [](const std::string& type, const std::string& rest = "") {
    return R"({"type":"record","name":"L","fields":[{"name":"v","type":)" + type +
           R"(},{"name":"next","type":["null","L"]})" + rest + "]}";
  };
  EXPECT_EQ(Decode(list("\"int\""), list("\"double\"", R"(,{"name":"w","type":"int","default":8})"), {2, 2, 4, 0}),
            R"({"v":1,"next":{"v":2,"next":null,"w":8},"w":8})");
  EXPECT_EQ(Refusal(list("\"int\""), list("\"string\"")), "refused: v: the data are int, which is not read as string");
  // A pair that leads to itself before it fails.
  const std::string before =
      R"({"type":"record","name":"T","fields":[{"name":"kids","type":{"type":"array","items":"T"}},)";
  EXPECT_EQ(Refusal(before + R"({"name":"v","type":"int"}]})", before + R"({"name":"v","type":"null"}]})"),
            "refused: v: the data are int, which is not read as null");
}

TEST(Resolution, ADatumIsFilledAgain) {
  const std::string writer = Record(R"({"name":"a","type":{"type":"map","values":"int"}})");
  const std::string reader = Record(R"({"name":"a","type":["null",{"type":"map","values":"long"}]},)"
                                    R"({"name":"d","type":{"type":"array","items":"int"},"default":[1]})");
  const ResolvedSchemas resolved = ResolveSchemas(Parse(writer), Parse(reader));
  ASSERT_NE(resolved.resolution, nullptr);
  Datum datum;
  size_t used = 0;
  for (const Bytes& bytes : {Bytes{4, 2, 'k', 2, 2, 'l', 4, 0}, Bytes{0}, Bytes{2, 2, 'm', 6, 0}}) {
    Datum fresh;
    ASSERT_FALSE(DecodeResolved(*resolved.resolution, bytes, &fresh, &used));
    ASSERT_FALSE(DecodeResolved(*resolved.resolution, bytes, &datum, &used));
    EXPECT_EQ(datum, fresh);
  }
}

TEST(Resolution, DepthAndMemoryAreBounded) {
  const std::string list = R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})";
  Bytes deep(1001, 2);
  deep.push_back(0);
  EXPECT_THAT(Decode(list, list, deep), HasSubstr("nested more than 1,000 levels"));
  // A default of 100,000 items for every element, none of which has a byte.
  std::string items = "[0";
  for (int i = 1; i < 100'000; ++i) items += ",0";
  const std::string reader = R"({"type":"array","items":)" +
                             Record(R"({"name":"d","type":{"type":"array","items":"int"},"default":)" + items + "]}") +
                             "}";
  Bytes many;
  AppendVarint(60'000, &many);
  many.push_back(0);
  EXPECT_THAT(Decode(R"({"type":"array","items":)" + Record("") + "}", reader, many),
              HasSubstr("would take more than"));
}

TEST(Resolution, DefaultsThatMultiplyAreRefused) {
  std::string fields;
  std::string inner = Record("", "R0");
  for (int i = 1; i < 40; ++i) {
    const std::string before = "R" + std::to_string(i - 1);
    inner = Record(
        R"({"name":"a","type":)" + inner + R"(,"default":{}},{"name":"b","type":")" + before + R"(","default":{}})",
        "R" + std::to_string(i));
  }
  EXPECT_THAT(Refusal(Record("", "Top"), Record(R"({"name":"x","type":)" + inner + R"(,"default":{}})", "Top")),
              HasSubstr("the default of `x` is too large"));
}

// Unions of very many records of one name make each meet each.
TEST(Resolution, TooManyPairsAreRefused) {
  const auto crowd = [](int size) {
    std::string text = "[";
    for (int i = 0; i < size; ++i) {
      text += (i > 0 ? "," : "") + Record("", "n" + std::to_string(i) + ".R");
    }
    return text + "]";
  };
  EXPECT_THAT(Refusal(crowd(1000), crowd(1000)), HasSubstr("too large together"));
  EXPECT_NE(ResolveSchemas(Parse(crowd(50)), Parse(crowd(50))).resolution, nullptr);
}

}  // namespace
}  // namespace avro

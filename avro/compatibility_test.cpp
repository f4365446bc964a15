#include "avro/compatibility.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace avro {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

SchemaPtr Parse(const std::string& text) {
  ParsedSchema parsed = ParseSchema(text);
  EXPECT_NE(parsed.document, nullptr) << text << ": " << parsed.error.message;
  return parsed.document;
}

// "KIND path" of each.
std::vector<std::string> Check(const std::string& reader, const std::string& writer) {
  const SchemaPtr to = Parse(reader);
  const SchemaPtr from = Parse(writer);
  std::vector<std::string> lines;
  for (const Incompatibility& found : CheckCompatibility(to->root(), from->root())) {
    lines.push_back(std::string(IncompatibilityName(found.kind)) + " " + found.path);
    EXPECT_FALSE(found.message.empty());
  }
  return lines;
}

std::vector<std::string> CheckLogical(const std::string& reader, const std::string& writer) {
  const SchemaPtr to = Parse(reader);
  const SchemaPtr from = Parse(writer);
  std::vector<std::string> lines;
  for (const LogicalChange& found : CompareLogicalTypes(to->root(), from->root())) {
    lines.push_back(std::string(LogicalChangeName(found.kind)) + " " + found.path);
  }
  return lines;
}

std::string Record(const std::string& fields, const std::string& name = "R") {
  return R"({"type":"record","name":")" + name + R"(","fields":[)" + fields + "]}";
}

std::string OneField(const std::string& type) { return Record(R"({"name":"f","type":)" + type + "}"); }

TEST(Compatibility, NamesWhatIsWrongAndWhere) {
  EXPECT_THAT(Check("\"int\"", "\"string\""), ElementsAre("TYPE_MISMATCH /"));
  EXPECT_THAT(Check(OneField("\"int\""), OneField("\"string\"")), ElementsAre("TYPE_MISMATCH /fields/0/type"));
  EXPECT_THAT(Check(OneField(R"({"type":"array","items":"int"})"), OneField(R"({"type":"array","items":"long"})")),
              ElementsAre("TYPE_MISMATCH /fields/0/type/items"));
  EXPECT_THAT(Check(R"({"type":"map","values":"int"})", R"({"type":"map","values":"null"})"),
              ElementsAre("TYPE_MISMATCH /values"));
  EXPECT_THAT(Check(R"({"type":"fixed","name":"A","size":1})", R"({"type":"fixed","name":"B","size":2})"),
              ElementsAre("NAME_MISMATCH /name", "FIXED_SIZE_MISMATCH /size"));
  EXPECT_THAT(
      Check(R"({"type":"enum","name":"E","symbols":["A"]})", R"({"type":"enum","name":"E","symbols":["B","A"]})"),
      ElementsAre("MISSING_ENUM_SYMBOLS /symbols"));
  EXPECT_THAT(Check(Record(R"({"name":"a","type":"int","default":1},{"name":"b","type":"int"})"), Record("")),
              ElementsAre("READER_FIELD_MISSING_DEFAULT_VALUE /fields/1"));
}

TEST(Compatibility, Unions) {
  EXPECT_THAT(Check("[\"int\"]", "[\"int\",\"string\"]"), ElementsAre("MISSING_UNION_BRANCH /1"));
  EXPECT_THAT(Check("[\"int\",\"null\"]", "\"string\""), ElementsAre("MISSING_UNION_BRANCH /"));
  EXPECT_THAT(Check("\"int\"", "[\"int\",\"null\"]"), ElementsAre("TYPE_MISMATCH /"));
  EXPECT_THAT(Check("[\"null\",\"double\"]", "[\"long\",\"null\"]"), IsEmpty());
  EXPECT_THAT(Check("\"int\"", "[]"), IsEmpty());
  EXPECT_THAT(Check("[]", "\"int\""), ElementsAre("MISSING_UNION_BRANCH /"));
}

TEST(Compatibility, SaysWhyTheBranchThatWasMeantDoesNotFit) {
  const SchemaPtr reader = Parse("[\"null\"," + OneField("\"int\"") + "]");
  const SchemaPtr writer = Parse(OneField("\"string\""));
  const auto found = CheckCompatibility(reader->root(), writer->root());
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(
      found[0].message,
      "the reader's union has no branch for record `R`: string is not read as int (/fields/0/type in the branch)");
}

TEST(Compatibility, NamesAndAliases) {
  const auto fixed = [](const std::string& rest) { return R"({"type":"fixed","size":1,)" + rest + "}"; };
  EXPECT_THAT(Check(fixed(R"("name":"a.F")"), fixed(R"("name":"b.F")")), IsEmpty()) << "namespaces do not count";
  EXPECT_THAT(Check(fixed(R"("name":"a.G","aliases":["F"])"), fixed(R"("name":"a.F")")), IsEmpty());
  EXPECT_THAT(Check(fixed(R"("name":"a.G","aliases":["F"])"), fixed(R"("name":"b.F")")),
              ElementsAre("NAME_MISMATCH /name"))
      << "an alias is a full name";
  EXPECT_THAT(Check(Record(R"({"name":"a","type":"int","aliases":["b"]})"),
                    Record(R"({"name":"a","type":"int"},{"name":"b","type":"int"})")),
              ElementsAre("AMBIGUOUS_ALIAS /fields/0"));
}

TEST(Compatibility, AnEnumWithADefaultDoesNotMakeUpForAMissingField) {
  const std::string type = R"({"type":"enum","name":"E","symbols":["A"],"default":"A"})";
  EXPECT_THAT(Check(OneField(type), Record("")), ElementsAre("TYPE_MISMATCH /fields/0/type"));
}

TEST(Compatibility, RecursionEndsAndSharedTypesTellOnce) {
  const std::string node = R"({"type":"record","name":"N","fields":[{"name":"next","type":["null","N"]},)";
  EXPECT_THAT(Check(node + R"({"name":"v","type":"long"}]})", node + R"({"name":"v","type":"int"}]})"), IsEmpty());
  EXPECT_THAT(Check(node + R"({"name":"v","type":"int"}]})", node + R"({"name":"v","type":"long"}]})"),
              ElementsAre("TYPE_MISMATCH /fields/1/type"));
  // 2^60 ways lead to the innermost type.
  const auto tower = [](const std::string& innermost) {
    std::string text = innermost;
    for (int i = 0; i < 60; ++i) {
      const std::string name = "R" + std::to_string(i);
      text = R"({"type":"record","name":")" + name + R"(","fields":[{"name":"a","type":)" + text +
             R"(},{"name":"b","type":")" + (i == 0 ? "int" : "R" + std::to_string(i - 1)) + "\"}]}";
    }
    return text;
  };
  EXPECT_THAT(Check(tower("\"int\""), tower("\"string\"")), SizeIs(1));
  EXPECT_THAT(CheckLogical(tower("\"int\""), tower(R"({"type":"int","logicalType":"date"})")), SizeIs(1));
}

// A chain of records, each of which holds the one before.
std::string Chain(int length) {
  std::string text = "[" + Record("", "C0");
  for (int i = 1; i < length; ++i) {
    text += "," + Record(R"({"name":"f","type":"C)" + std::to_string(i - 1) + "\"}", "C" + std::to_string(i));
  }
  return text + "]";
}

TEST(Compatibility, TooLargeIsSaid) {
  EXPECT_THAT(Check(Chain(500), Chain(500)), IsEmpty());
  // Read in this order the chain is entered from its end.
  const std::string deep = R"({"type":"record","name":"Top","fields":[{"name":"all","type":)" + Chain(5000) + "}]}";
  const std::string reversed = R"({"type":"record","name":"A","fields":[{"name":"void","type":["null",)" + deep +
                               R"(],"default":null},)" + R"({"name":"f","type":"C4999"}]})";
  const std::string last = R"({"type":"record","name":"A","fields":[{"name":"chain","type":["null",)" + deep + "]}," +
                           R"({"name":"f","type":"C4999"}]})";
  EXPECT_THAT(Check(reversed, last), ElementsAre("TOO_LARGE /"));
}

TEST(CompareLogicalTypes, TellsKindsApart) {
  const std::string millis = R"({"type":"long","logicalType":"timestamp-millis"})";
  const std::string micros = R"({"type":"long","logicalType":"timestamp-micros"})";
  const std::string local = R"({"type":"long","logicalType":"local-timestamp-micros"})";
  EXPECT_THAT(CheckLogical(millis, millis), IsEmpty());
  EXPECT_THAT(CheckLogical(OneField(micros), OneField(millis)), ElementsAre("UNIT_CHANGED /fields/0/type"));
  EXPECT_THAT(CheckLogical(local, micros), ElementsAre("LOGICAL_TYPE_CHANGED /"));
  EXPECT_THAT(CheckLogical(micros, "\"int\""), ElementsAre("LOGICAL_TYPE_ADDED /"));
  EXPECT_THAT(CheckLogical("\"double\"", micros), ElementsAre("LOGICAL_TYPE_REMOVED /"));
  EXPECT_THAT(CheckLogical("[\"null\"," + micros + "]", "[" + millis + ",\"null\"]"), ElementsAre("UNIT_CHANGED /0"));
  EXPECT_THAT(CheckLogical(R"({"type":"array","items":)" + micros + "}", R"({"type":"array","items":)" + millis + "}"),
              ElementsAre("UNIT_CHANGED /items"));
  const auto decimal = [](int precision, int scale) {
    return R"({"type":"bytes","logicalType":"decimal","precision":)" + std::to_string(precision) + R"(,"scale":)" +
           std::to_string(scale) + "}";
  };
  EXPECT_THAT(CheckLogical(decimal(10, 2), decimal(10, 3)), ElementsAre("DECIMAL_CHANGED /"));
  EXPECT_THAT(CheckLogical(decimal(11, 2), decimal(10, 2)), ElementsAre("DECIMAL_CHANGED /"));
  EXPECT_THAT(Check(decimal(11, 2), decimal(10, 2)), IsEmpty()) << "registries do not look at logical types";
}

TEST(CheckVersions, ModesChooseVersionsAndDirections) {
  const SchemaPtr one = Parse(Record(R"({"name":"a","type":"int"})"));
  const SchemaPtr two = Parse(Record(R"({"name":"a","type":"int"},{"name":"b","type":"int","default":0})"));
  const SchemaPtr three = Parse(Record(R"({"name":"a","type":"int"},{"name":"b","type":"int"})"));
  const std::vector<SchemaPtr> older{one, two};
  const auto accepted = [&](const SchemaPtr& schema, CompatibilityMode mode) {
    return IsCompatible(CheckVersions(schema->root(), older, mode));
  };
  EXPECT_TRUE(accepted(three, CompatibilityMode::Backward));
  EXPECT_FALSE(accepted(three, CompatibilityMode::BackwardTransitive)) << "the first version lacks b";
  EXPECT_TRUE(accepted(three, CompatibilityMode::Full));
  EXPECT_FALSE(accepted(three, CompatibilityMode::FullTransitive));
  EXPECT_TRUE(accepted(three, CompatibilityMode::ForwardTransitive));
  const SchemaPtr text = Parse("\"string\"");
  EXPECT_FALSE(accepted(text, CompatibilityMode::Forward));
  EXPECT_TRUE(accepted(text, CompatibilityMode::None));
  const auto found = CheckVersions(text->root(), older, CompatibilityMode::FullTransitive);
  ASSERT_THAT(found, SizeIs(4));
  EXPECT_EQ(found[0].version, 1U);
  EXPECT_TRUE(found[0].new_is_reader);
  EXPECT_FALSE(found[1].new_is_reader);
  EXPECT_EQ(found[3].version, 0U);
}

TEST(CheckVersions, ModesHaveNames) {
  for (int i = 0; i <= static_cast<int>(CompatibilityMode::FullTransitive); ++i) {
    const auto mode = static_cast<CompatibilityMode>(i);
    EXPECT_EQ(CompatibilityModeByName(CompatibilityModeName(mode)), mode);
  }
  EXPECT_EQ(CompatibilityModeByName("BACKWARD_TRANSITIVE"), CompatibilityMode::BackwardTransitive);
  EXPECT_EQ(CompatibilityModeByName("sideways"), std::nullopt);
}

}  // namespace
}  // namespace avro

#include "avro/schema.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "avro/value_height.h"

namespace avro {
namespace {

SchemaPtr Parse(std::string_view text) {
  ParsedSchema parsed = ParseSchema(text);
  EXPECT_NE(parsed.document, nullptr) << text << ": " << parsed.error.message;
  return parsed.document;
}

constexpr char kTrade[] = R"({
  "type": "record", "name": "Trade", "namespace": "market", "doc": "one trade", "aliases": ["Deal", "old.Deal"],
  "fields": [
    {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": -1},
    {"name": "side", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL"], "default": "BUY"},
     "default": "SELL", "aliases": ["s"]},
    {"name": "note", "type": ["null", "string"], "default": null},
    {"name": "other_side", "type": "Side"},
    {"name": "tags", "type": {"type": "array", "items": {"type": "map", "values": "market.Side"}}},
    {"name": "id", "type": {"type": "fixed", "name": "other.Id", "size": 16, "logicalType": "uuid"}}
  ]})";

TEST(Schema, ReadsEveryPart) {
  const SchemaPtr document = Parse(kTrade);
  const Schema& trade = document->root();
  EXPECT_EQ(document->text(), kTrade);
  EXPECT_EQ(trade.kind, Kind::Record);
  EXPECT_EQ(trade.name, "market.Trade");
  EXPECT_EQ(trade.doc, "one trade");
  EXPECT_THAT(trade.aliases, ::testing::ElementsAre("market.Deal", "old.Deal"));
  ASSERT_EQ(trade.fields.size(), 7U);
  EXPECT_EQ(trade.fields[0].line, 4U);
  EXPECT_EQ(trade.fields[0].type->logical, Logical::Decimal);
  EXPECT_EQ(trade.fields[0].type->precision, 10);
  EXPECT_EQ(trade.fields[0].type->scale, 2);
  EXPECT_FALSE(trade.fields[0].default_json.has_value());
  EXPECT_EQ(trade.fields[1].type->logical, Logical::TimestampMicros);
  EXPECT_EQ(trade.fields[1].default_json, "-1");
  const Schema& side = *trade.fields[2].type;
  EXPECT_EQ(side.name, "market.Side");
  EXPECT_THAT(side.symbols, ::testing::ElementsAre("BUY", "SELL"));
  EXPECT_EQ(side.enum_default, "BUY");
  EXPECT_EQ(trade.fields[2].default_json, "\"SELL\"");
  EXPECT_THAT(trade.fields[2].aliases, ::testing::ElementsAre("s"));
  EXPECT_EQ(trade.fields[3].type->NullBranch(), 0);
  EXPECT_EQ(trade.fields[4].type, &side) << "a name refers to the same node";
  EXPECT_EQ(trade.fields[5].type->items->items, &side);
  EXPECT_EQ(trade.fields[6].type->name, "other.Id");
  EXPECT_EQ(trade.fields[6].type->logical, Logical::Uuid);
  EXPECT_EQ(trade.FieldIndex("tags"), 5);
  EXPECT_EQ(trade.FieldIndex("tag"), -1);
}

TEST(Schema, RecursionIsOneNode) {
  const SchemaPtr document = Parse(R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})");
  const Schema& list = document->root();
  EXPECT_EQ(list.fields[0].type->branches[1], &list);
}

TEST(Schema, NamesResolveThroughNamespaces) {
  // A dotted name sets the namespace of what is inside; a name without one is found from inside a namespace.
  const SchemaPtr document = Parse(R"([
    {"type":"fixed","name":"Plain","size":1},
    {"type":"record","name":"a.R","namespace":"void","fields":[
      {"name":"x","type":{"type":"enum","name":"E","symbols":["S"]}},
      {"name":"y","type":"a.E"}, {"name":"z","type":"Plain"}, {"name":"w","type":".Plain"}]}])");
  const Schema& record = *document->root().branches[1];
  EXPECT_EQ(record.name, "a.R");
  EXPECT_EQ(record.fields[0].type->name, "a.E");
  EXPECT_EQ(record.fields[1].type, record.fields[0].type);
  EXPECT_EQ(record.fields[2].type, document->root().branches[0]);
  EXPECT_EQ(record.fields[3].type, document->root().branches[0]);
}

TEST(Schema, InvalidLogicalTypesAreIgnored) {
  for (const char* text : {R"({"type":"long","logicalType":"date"})", R"({"type":"int","logicalType":"nonsense"})",
                           R"({"type":"int","logicalType":7})", R"({"type":"bytes","logicalType":"decimal"})",
                           R"({"type":"bytes","logicalType":"decimal","precision":0})",
                           R"({"type":"bytes","logicalType":"decimal","precision":2,"scale":3})",
                           R"({"type":"bytes","logicalType":"decimal","precision":2,"scale":-1})",
                           R"({"type":"bytes","logicalType":"decimal","precision":99999999999})",
                           R"({"type":"fixed","name":"F","size":1,"logicalType":"decimal","precision":3})",
                           R"({"type":"fixed","name":"F","size":15,"logicalType":"uuid"})"}) {
    EXPECT_EQ(Parse(text)->root().logical, Logical::None) << text;
  }
  EXPECT_EQ(Parse(R"({"type":"fixed","name":"F","size":1,"logicalType":"decimal","precision":2})")->root().logical,
            Logical::Decimal);
  EXPECT_EQ(Parse(R"({"type":"fixed","name":"F","size":12,"logicalType":"duration"})")->root().logical,
            Logical::Duration);
}

TEST(Schema, Describes) {
  const SchemaPtr document = Parse(kTrade);
  const Schema& trade = document->root();
  EXPECT_EQ(Describe(trade), "record `market.Trade`");
  EXPECT_EQ(Describe(*trade.fields[0].type), "bytes (decimal 10, 2)");
  EXPECT_EQ(Describe(*trade.fields[1].type), "long (timestamp-micros)");
  EXPECT_EQ(Describe(*trade.fields[3].type), "union of null and string");
  EXPECT_EQ(Describe(*trade.fields[5].type), "array of map of enum `market.Side`");
  EXPECT_EQ(Describe(Parse(R"(["null","int","string"])")->root()), "union of null, int and string");
}

TEST(ValueHeights, TellTypesWithoutValues) {
  const SchemaPtr endless = Parse(R"({"type":"record","name":"A","fields":[{"name":"a","type":"A"}]})");
  EXPECT_EQ(ValueHeights(endless->root()).Of(endless->root()), -1);
  const SchemaPtr list = Parse(R"({"type":"record","name":"L","fields":[{"name":"n","type":["L","null"]}]})");
  EXPECT_EQ(ValueHeights(list->root()).Of(list->root()), 1);
  const SchemaPtr tree =
      Parse(R"({"type":"record","name":"T","fields":[{"name":"k","type":{"type":"array","items":"T"}}]})");
  EXPECT_EQ(ValueHeights(tree->root()).Of(tree->root()), 1);
  const SchemaPtr nothing = Parse("[]");
  EXPECT_EQ(ValueHeights(nothing->root()).Of(nothing->root()), -1);
}

TEST(CanonicalForm, StripsAndOrders) {
  EXPECT_EQ(CanonicalForm(Parse(R"({"type":"int","logicalType":"date"})")->root()), "\"int\"");
  EXPECT_EQ(CanonicalForm(Parse(kTrade)->root()),
            R"({"name":"market.Trade","type":"record","fields":[{"name":"price","type":"bytes"},)"
            R"({"name":"at","type":"long"},)"
            R"({"name":"side","type":{"name":"market.Side","type":"enum","symbols":["BUY","SELL"]}},)"
            R"({"name":"note","type":["null","string"]},{"name":"other_side","type":"market.Side"},)"
            R"({"name":"tags","type":{"type":"array","items":{"type":"map","values":"market.Side"}}},)"
            R"({"name":"id","type":{"name":"other.Id","type":"fixed","size":16}}]})");
}

// Values of the table of Apache Avro's share/test/data/schema-tests.txt.
TEST(Fingerprint, KnownValues) {
  EXPECT_EQ(Fingerprint(Parse("\"null\"")->root()), 7195948357588979594U);
  EXPECT_EQ(static_cast<int64_t>(Fingerprint(Parse("\"boolean\"")->root())), -6970731678124411036);
  EXPECT_EQ(Fingerprint(Parse("\"int\"")->root()), 0x7275d51a3f395c8fU);
  EXPECT_EQ(static_cast<int64_t>(Fingerprint(Parse("\"string\"")->root())), -8142146995180207161);
  EXPECT_EQ(static_cast<int64_t>(Fingerprint(
                Parse(R"({"type":"record","name":"foo","fields":[{"name":"f1","type":"boolean"}]})")->root())),
            7843277075252814651);
}

TEST(SameLayout, LooksAtWhatDataNeed) {
  const auto same = [](const char* a, const char* b) {
    const SchemaPtr left = Parse(a);
    const SchemaPtr right = Parse(b);
    return SameLayout(left->root(), right->root());
  };
  EXPECT_TRUE(same(R"({"type":"record","name":"R","doc":"x","fields":[{"name":"a","type":"int","default":1}]})",
                   R"({"type":"record","name":"R","fields":[{"name":"a","type":"int","aliases":["b"]}]})"));
  EXPECT_TRUE(same(R"({"type":"record","name":"L","fields":[{"name":"n","type":["null","L"]}]})",
                   R"({"type":"record","name":"L","fields":[{"name":"n","type":["null","L"],"default":null}]})"));
  EXPECT_FALSE(same("\"int\"", "\"long\""));
  EXPECT_FALSE(same("\"int\"", R"({"type":"int","logicalType":"date"})"));
  EXPECT_FALSE(same(R"(["null","int"])", R"(["int","null"])"));
  EXPECT_FALSE(
      same(R"({"type":"enum","name":"E","symbols":["A","B"]})", R"({"type":"enum","name":"E","symbols":["B","A"]})"));
  EXPECT_FALSE(same(R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"}]})",
                    R"({"type":"record","name":"R","fields":[{"name":"b","type":"int"}]})"));
  EXPECT_FALSE(same(R"({"type":"fixed","name":"F","size":1})", R"({"type":"fixed","name":"F","size":2})"));
}

// A chain of references as deep as the text is long must not be followed on the call stack.
TEST(CanonicalForm, LongChainsOfReferences) {
  std::string text = R"({"type":"record","name":"Top","fields":[{"name":"f0","type":)"
                     R"({"type":"record","name":"R0","fields":[]}})";
  constexpr int kLinks = 20'000;
  for (int i = 1; i < kLinks; ++i) {
    text += ",{\"name\":\"f" + std::to_string(i) + R"(","type":{"type":"record","name":"R)" + std::to_string(i) +
            R"(","fields":[{"name":"x","type":"R)" + std::to_string(i - 1) + "\"}]}}";
  }
  text += "]}";
  const SchemaPtr document = Parse(text);
  ASSERT_NE(document, nullptr);
  const Schema& last = *document->root().fields.back().type;
  EXPECT_GT(CanonicalForm(last).size(), size_t{kLinks} * 20);
  const SchemaPtr again = Parse(text);
  EXPECT_TRUE(SameLayout(last, *again->root().fields.back().type));
  EXPECT_EQ(ValueHeights(last).Of(last), kLinks - 1);
}

}  // namespace
}  // namespace avro

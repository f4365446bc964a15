#include "runtime/decode/json_decoder.h"

#include <gtest/gtest.h>

#include "avro/random_schema.h"
#include "runtime/decode/decode_fixture.h"

namespace rulert {
namespace {

class JsonLines : public testing::Test {
 protected:
  void Read(std::string_view fields, std::vector<SlotSpec> slots = {}) {
    reader_ = ParseOrDie(R"({"type":"record","name":"shop.Event","fields":[)" + std::string(fields) + "]}");
    slots_ = slots.empty() ? SlotChooser().Choose(reader_->root()) : std::move(slots);
    auto made = JsonDecoder::Make(reader_, slots_, AllOf(slots_));
    ASSERT_TRUE(made.ok()) << made.error().message();
    decoder_ = std::move(*made);
  }
  void ReadType(std::string_view type) { Read(R"({"name":"f","type":)" + std::string(type) + "}"); }

  TestBatch::Outcome Run(std::string_view text) {
    TestBatch batch(reader_->root(), slots_);
    return batch.RunText(*decoder_, text);
  }
  // The row that one line gives, or its error and where.
  std::string Line(std::string_view text) {
    const auto outcome = Run(text);
    if (outcome.rows.size() == 1 && outcome.errors.empty()) return outcome.rows[0];
    if (outcome.errors.size() != 1) return "?";
    const auto& failed = outcome.errors[0];
    EXPECT_EQ(failed.problem.loss, Loss::Record);
    EXPECT_FALSE(failed.problem.message.empty());
    return "error " + std::to_string(failed.error) + " " + failed.problem.path + "@" + std::to_string(failed.byte);
  }
  // What a value of field `f` is read as.
  std::string Value(std::string_view json) {
    const std::string row = Line(R"({"f":)" + std::string(json) + "}\n");
    if (row.rfind("{\"f\":", 0) == 0) return row.substr(5, row.size() - 6);
    return row.substr(0, row.find(' ', 6));
  }

  avro::SchemaPtr reader_;
  std::vector<SlotSpec> slots_;
  std::unique_ptr<JsonDecoder> decoder_;
};

TEST_F(JsonLines, Numbers) {
  ReadType(R"("int")");
  EXPECT_EQ(Value("-2147483648"), "-2147483648");
  EXPECT_EQ(Value("2147483648"), "error 15");
  EXPECT_EQ(Value("1.0"), "error 15");
  EXPECT_EQ(Value("1e3"), "error 15");
  EXPECT_EQ(Value("\"1\""), "error 15");
  EXPECT_EQ(Value("null"), "error 15");
  ReadType(R"("long")");
  EXPECT_EQ(Value("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(Value("-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(Value("9223372036854775808"), "error 15");
  EXPECT_EQ(Value("99999999999999999999999"), "error 15");
  EXPECT_EQ(Value("-0"), "0");
  for (const char* bad : {"01", "-", "+1", "1x", "1-2", "tru", "0x10", ".5", "--1"}) {
    EXPECT_TRUE(Value(bad).rfind("error 14", 0) == 0 || Value(bad) == "error 15") << bad;
  }
  ReadType(R"("double")");
  EXPECT_EQ(Value("0.1"), "0.1");
  EXPECT_EQ(Value("-12.5e-3"), "-0.0125");
  EXPECT_EQ(Value("3"), "3.0");
  EXPECT_EQ(Value("1.7976931348623157e308"), "1.7976931348623157e+308");
  EXPECT_EQ(Value("5e-324"), "5e-324");
  EXPECT_EQ(Value("123456789012345678901234567890.5"), "1.2345678901234568e+29");
  EXPECT_EQ(Value("0.1000000000000000055511151231257827021181583404541015625"), "0.1");
  EXPECT_EQ(Value("1e400"), "error 15");
  EXPECT_EQ(Value("1e-400"), "0.0");
  EXPECT_EQ(Value("\"NaN\""), "\"NaN\"");
  EXPECT_EQ(Value("\"-Infinity\""), "\"-Infinity\"");
  EXPECT_EQ(Value("\"1.5\""), "error 15");
  for (const char* bad : {"1.", "1e", "1e+", "1.5.2", "NaN", "Infinity"}) {
    EXPECT_TRUE(Value(bad).rfind("error 1", 0) == 0) << bad;
  }
  ReadType(R"("float")");
  EXPECT_EQ(Value("16777217"), "16777216.0");
  EXPECT_EQ(Value("0.1"), "0.1");
  EXPECT_EQ(Value("1e39"), "error 15");
  ReadType(R"("boolean")");
  EXPECT_EQ(Value("true"), "true");
  EXPECT_EQ(Value("false"), "false");
  EXPECT_EQ(Value("truex"), "error 14");
  EXPECT_EQ(Value("1"), "error 15");
}

TEST_F(JsonLines, DoublesAreThoseOfTheStandardLibrary) {
  ReadType(R"("double")");
  std::mt19937_64 random(7);
  TestBatch batch(reader_->root(), slots_);
  for (int i = 0; i < 20'000; ++i) {
    std::string number = std::to_string(random() % 100'000'000);
    if (random() % 2 == 0) number += "." + std::to_string(random() % 1'000'000'000);
    if (random() % 3 == 0) number += "e" + std::to_string(static_cast<int>(random() % 60) - 30);
    const auto outcome = batch.RunText(*decoder_, "{\"f\":" + number + "}");
    ASSERT_EQ(outcome.rows.size(), 1u) << number;
    ASSERT_EQ(LoadCell<double>(batch.columns()[0].values), std::stod(number)) << number;
  }
}

TEST_F(JsonLines, TextAndBytes) {
  ReadType(R"("string")");
  EXPECT_EQ(Value(R"("")"), R"("")");
  EXPECT_EQ(Value(R"("exactly 12 b")"), R"("exactly 12 b")");
  EXPECT_EQ(Value(R"("more than twelve bytes of text")"), R"("more than twelve bytes of text")");
  EXPECT_EQ(Value(R"("a\"b\\c\/d\b\f\n\r\t\u0041\u00e9\ud83d\ude00")"), R"("a\"b\\c/d\b\f\n\r\tAé😀")");
  EXPECT_EQ(Value("\"Ringe çıkmadan ateş 😃\""), "\"Ringe çıkmadan ateş 😃\"");
  for (const char* bad : {R"("\x")", R"("\u12")", R"("\ud83d")", R"("\ud83dx")", R"("\ude00")", R"("\ud83d\u0041")"}) {
    EXPECT_EQ(Value(bad), "error 14") << bad;
  }
  EXPECT_EQ(Value("\"\xFF\""), "error 9");
  EXPECT_EQ(Value("\"a\tb\""), "error 14") << "control characters are escaped in JSON";
  EXPECT_EQ(Value("5"), "error 15");
  ReadType(R"("bytes")");
  EXPECT_EQ(Value(R"("a\u0000\u00ff")"), R"("a\u0000\u00ff")");
  EXPECT_EQ(Value(R"("ÿ")"), R"("\u00ff")");
  EXPECT_EQ(Value(R"("Ā")"), "error 15");
  ReadType(R"({"type":"fixed","name":"F","size":2})");
  EXPECT_EQ(Value(R"("ab")"), R"("ab")");
  EXPECT_EQ(Value(R"("abc")"), "error 15");
}

TEST_F(JsonLines, LogicalTypes) {
  ReadType(R"({"type":"bytes","logicalType":"decimal","precision":5,"scale":2})");
  EXPECT_EQ(Value("\"12.5\""), "\"12.50\"");
  EXPECT_EQ(Value("-12.50"), "\"-12.50\"");
  EXPECT_EQ(Value("1e2"), "\"100.00\"");
  EXPECT_EQ(Value("999.99"), "\"999.99\"");
  EXPECT_EQ(Value("1000"), "error 10");
  EXPECT_EQ(Value("0.001"), "error 10");
  EXPECT_EQ(Value("\"x\""), "error 15");
  ReadType(R"({"type":"int","logicalType":"date"})");
  EXPECT_EQ(Value("19844"), "19844");
  EXPECT_EQ(Value("\"2024-05-01\""), "19844");
  EXPECT_EQ(Value("\"2024-02-30\""), "error 15");
  ReadType(R"({"type":"int","logicalType":"time-millis"})");
  EXPECT_EQ(Value("45000500"), "45000500");
  EXPECT_EQ(Value("\"12:30:00.5\""), "45000500");
  ReadType(R"({"type":"long","logicalType":"timestamp-millis"})");
  EXPECT_EQ(Value("1714566600000"), "1714566600000");
  EXPECT_EQ(Value("\"2024-05-01T12:30:00Z\""), "1714566600000");
  EXPECT_EQ(Value("\"2024-05-01T14:30:00+02:00\""), "1714566600000");
  EXPECT_EQ(Value("\"2024-05-01T12:30:00\""), "error 15") << "which zone?";
  EXPECT_EQ(Value("9223372036854775807"), "error 8");
  ReadType(R"({"type":"long","logicalType":"local-timestamp-micros"})");
  EXPECT_EQ(Value("\"2024-05-01T12:30:00\""), "1714566600000000");
  ReadType(R"({"type":"long","logicalType":"timestamp-nanos"})");
  EXPECT_EQ(Value("-1"), "-1000") << "floored";
  ReadType(R"({"type":"string","logicalType":"uuid"})");
  EXPECT_EQ(Value("\"123E4567-e89b-12d3-a456-426614174000\""), "\"123e4567-e89b-12d3-a456-426614174000\"");
  EXPECT_EQ(Value("\"123e4567\""), "error 11");
  ReadType(R"({"type":"enum","name":"Side","symbols":["BUY","SELL"]})");
  EXPECT_EQ(Value("\"SELL\""), "\"SELL\"");
  EXPECT_EQ(Value("\"HOLD\""), "error 5");
}

TEST_F(JsonLines, UnknownSymbolsTakeTheSchemasDefault) {
  ReadType(R"({"type":"enum","name":"Side","symbols":["BUY","OTHER"],"default":"OTHER"})");
  EXPECT_EQ(Value("\"HOLD\""), "\"OTHER\"");
  EXPECT_EQ(Value("1"), "error 15");
}

TEST_F(JsonLines, ListsMapsAndRecords) {
  ReadType(R"({"type":"array","items":["null","long"]})");
  EXPECT_EQ(Value("[]"), "[]");
  EXPECT_EQ(Value("[1, null ,3]"), "[1,null,3]");
  EXPECT_EQ(Value("[1,]"), "error 14");
  EXPECT_EQ(Value("[1 2]"), "error 14");
  EXPECT_EQ(Value("[1"), "error 14");
  EXPECT_EQ(Value("{}"), "error 15");
  ReadType(R"({"type":"array","items":{"type":"array","items":"string"}})");
  EXPECT_EQ(Value(R"([["a"],[],["b","longer than twelve bytes"]])"), R"([["a"],[],["b","longer than twelve bytes"]])");
  ReadType(R"({"type":"map","values":"double"})");
  EXPECT_EQ(Value(R"({"a":1,"\u0062":2})"), R"({"a":1.0,"b":2.0})");
  EXPECT_EQ(Value("{}"), "{}");
  EXPECT_EQ(Value(R"({"a"})"), "error 14");
  EXPECT_EQ(Value(R"({a:1})"), "error 14");
  ReadType(R"({"type":"record","name":"R","fields":[{"name":"x","type":"long","aliases":["old"]},
    {"name":"y","type":["null","string"]},{"name":"z","type":"string","default":"a text of more than twelve"}]})");
  EXPECT_EQ(Value(R"({"x":1,"y":"s","z":"t"})"), R"({"x":1,"y":"s","z":"t"})");
  EXPECT_EQ(Value(R"({"more":{"x":[1,{"y":2}]},"old":7})"), R"({"x":7,"y":null,"z":"a text of more than twelve"})");
  EXPECT_EQ(Value(R"({"x":1,"x":2,"y":"s","y":null})"), R"({"x":2,"y":null,"z":"a text of more than twelve"})");
  EXPECT_EQ(Line(R"({"f":{"y":"s"}})"), "error 16 f.x@13");
}

TEST_F(JsonLines, Unions) {
  ReadType(R"(["null","long","double","string",{"type":"array","items":"int"}])");
  EXPECT_EQ(Value("null"), "null");
  EXPECT_EQ(Value("5"), "5");
  EXPECT_EQ(Value("5.0"), "5.0");
  EXPECT_EQ(Value("\"s\""), "\"s\"");
  EXPECT_EQ(Value("[1]"), "[1]");
  EXPECT_EQ(Value(R"({"double":5})"), "5.0");
  EXPECT_EQ(Value(R"({"string":"NaN"})"), R"({"string":"NaN"})");
  EXPECT_EQ(Value(R"({"double":"NaN"})"), R"({"double":"NaN"})");
  EXPECT_EQ(Value("\"NaN\""), "error 4") << "a string or a double";
  EXPECT_EQ(Value("true"), "error 4");
  EXPECT_EQ(Value(R"({"boolean":true})"), "error 4");
  ReadType(R"([{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]},
    {"type":"record","name":"B","fields":[{"name":"x","type":"int"}]}])");
  EXPECT_EQ(Value(R"({"x":1})"), "error 4") << "either";
  EXPECT_EQ(Value(R"({"shop.B":{"x":1}})"), R"({"shop.B":{"x":1}})");
  ReadType(R"(["null",{"type":"long","logicalType":"timestamp-micros"}])");
  EXPECT_EQ(Value(R"({"long":5})"), "5") << "Avro's JSON encoding";
  ReadType(R"(["null",{"type":"map","values":"int"}])");
  EXPECT_EQ(Value(R"({"map":5})"), R"({"map":5})");
  ReadType(R"(["null",{"type":"record","name":"A","fields":[{"name":"x","type":"int"}]}])");
  EXPECT_EQ(Value(R"({"shop.A":{"x":1}})"), R"({"x":1})");
  EXPECT_EQ(Value(R"({"x":1})"), R"({"x":1})");
}

TEST_F(JsonLines, PartsOfRecords) {
  const ColumnSpec text{ColumnKind::String, true};
  const ColumnSpec number{ColumnKind::Long, true};
  constexpr std::string_view kBuyer = R"({"name":"buyer","type":["null",{"type":"record","name":"Buyer","fields":[
    {"name":"country","type":"string"},{"name":"age","type":"long","default":7},
    {"name":"home","type":["null",{"type":"record","name":"Home","fields":[{"name":"zip","type":"string"}]}],
     "default":null}]}],"default":null})";
  Read(kBuyer, {{"buyer.country", text}, {"buyer.age", number}, {"buyer.home.zip", text}});
  EXPECT_EQ(Line(R"({"buyer":{"country":"DE","age":1,"home":{"zip":"1"}}})"),
            R"({"buyer.country":"DE","buyer.age":1,"buyer.home.zip":"1"})");
  EXPECT_EQ(Line(R"({"buyer":{"country":"DE"}})"), R"({"buyer.country":"DE","buyer.age":7,"buyer.home.zip":null})");
  EXPECT_EQ(Line(R"({"buyer":null})"), R"({"buyer.country":null,"buyer.age":null,"buyer.home.zip":null})");
  EXPECT_EQ(Line("{}"), R"({"buyer.country":null,"buyer.age":null,"buyer.home.zip":null})");
  EXPECT_EQ(Line(R"({"buyer":{"shop.Buyer":{"country":"DE"}}})"),
            R"({"buyer.country":"DE","buyer.age":7,"buyer.home.zip":null})");
  EXPECT_EQ(Line(R"({"buyer":{}})"), "error 16 buyer.country@10");
  EXPECT_EQ(Line(R"({"buyer":[]})"), "error 15 buyer@9");
  auto whole = SpecOf(*reader_->root().fields[0].type);
  ASSERT_TRUE(whole);
  Read(kBuyer, {{"buyer", *whole}, {"buyer.home.zip", text}});
  EXPECT_EQ(Line(R"({"buyer":{"country":"DE","home":{"zip":"1"}}})"),
            R"({"buyer":{"country":"DE","age":7,"home":{"zip":"1"}},"buyer.home.zip":"1"})");
  EXPECT_EQ(Line(R"({"buyer":{"country":"DE"}})"),
            R"({"buyer":{"country":"DE","age":7,"home":null},"buyer.home.zip":null})");
  EXPECT_EQ(Line("{}"), R"({"buyer":null,"buyer.home.zip":null})");
}

TEST_F(JsonLines, DefaultsOfMissingFields) {
  Read(R"({"name":"a","type":"long","default":5},{"name":"b","type":["null","long"]},
    {"name":"c","type":{"type":"array","items":"string"},"default":["a text of more than twelve"]},
    {"name":"d","type":"long"})");
  EXPECT_EQ(Line(R"({"d":1})"), R"({"a":5,"b":null,"c":["a text of more than twelve"],"d":1})");
  EXPECT_EQ(Line(R"({"a":1})"), "error 16 d@6");
}

TEST_F(JsonLines, ABadLineCostsItselfAlone) {
  ReadType(R"("long")");
  const std::vector<std::string> bad = {"{\"f\":\"unclosed}",
                                        "{\"f\":\"\xFF\"}",
                                        "nonsense",
                                        "{\"f\":1",
                                        "{\"f\":1}}",
                                        "{\"f\":1} {\"f\":2}",
                                        "[1]",
                                        "{\"f\":{}",
                                        "{\"f\":1}x",
                                        "{,}",
                                        "{\"f\" 1}",
                                        "{\"f\":1,}",
                                        "{\"g\":[1,2}",
                                        "\"f\":1}",
                                        "{\"f\":}",
                                        "{\"f\":1 \"g\":2}",
                                        "}",
                                        "{\"f\":\"a\\\"}",
                                        "{\"f\":[[[[[",
                                        "{\"f\":1,\"g\":{",
                                        "{\"f\":nul}",
                                        "{\"f\"",
                                        "\\",
                                        "{\"g\":\"\\\"}"};
  for (const std::string& line : bad) {
    const auto outcome = Run("{\"f\":1}\n" + line + "\n{\"f\":2}\r\n\n  \n{\"f\":3}");
    ASSERT_EQ(outcome.errors.size(), 1u) << line;
    EXPECT_EQ(outcome.errors[0].row, 1u) << line;
    EXPECT_GE(outcome.errors[0].byte, 8u) << line;
    EXPECT_LE(outcome.errors[0].byte, 8 + line.size() + 1) << line;
    ASSERT_EQ(outcome.rows.size(), 3u) << line;
    EXPECT_EQ(outcome.rows[2], "{\"f\":3}");
  }
  EXPECT_TRUE(Run("").rows.empty());
  EXPECT_TRUE(Run("\n\n").errors.empty());
  EXPECT_EQ(Run("\xEF\xBB\xBF{\"f\":1}\n").rows.size(), 1u);
  const auto spread = Run("{\"f\":\n1}\n");
  EXPECT_EQ(spread.errors.size(), 2u) << "a value over two lines is two bad lines";
}

// Many bad lines among windows of many lines.
TEST_F(JsonLines, WindowsAndLinesAgree) {
  Read(R"({"name":"f","type":"long"},{"name":"s","type":["null","string"]})");
  std::mt19937_64 random(3);
  std::string text;
  std::vector<std::string> rows;
  size_t errors = 0;
  for (int i = 0; i < 30'000; ++i) {
    const uint64_t kind = random() % 1000;
    if (kind == 0) {
      text += "{\"f\":\"open\n";
      ++errors;
    } else if (kind < 4) {
      text += "{\"f\":1.5, \"s\":\"x\"}\n";
      ++errors;
    } else if (kind < 10) {
      text += " \n";
    } else {
      const std::string number = std::to_string(i);
      const std::string word(random() % 30, 'w');
      text += "{\"f\":" + number + (kind % 2 == 0 ? " , " : ",") + "\"s\":\"" + word + "\"}\n";
      rows.push_back("{\"f\":" + number + ",\"s\":\"" + word + "\"}");
    }
  }
  const auto outcome = Run(text);
  EXPECT_EQ(outcome.errors.size(), errors);
  EXPECT_EQ(outcome.rows, rows);
}

// Lines like the ones before them are read by a shorter way, which a blank in front closes: both read the same.
TEST_F(JsonLines, UsualLinesAndTheLongWayAgree) {
  Read(R"({"name":"s","type":"string"},{"name":"n","type":["null","int"]},{"name":"d","type":"double","default":5.5},
          {"name":"l","type":"long"})");
  const std::string usual = R"({"s":"ab","u":"x y","n":12,"d":-3.25,"l":1767623400004081,"v":7})";
  std::string before;
  for (int i = 0; i < 24; ++i) before += usual + "\n";
  const auto compare = [&](const std::string& line, std::string_view end) {
    const auto shorter = Run(before + line + std::string(end));
    const auto longer = Run(before + " " + line + std::string(end));
    ASSERT_EQ(shorter.rows, longer.rows) << line;
    ASSERT_EQ(shorter.errors.size(), longer.errors.size()) << line;
    for (size_t i = 0; i < shorter.errors.size(); ++i) {
      const auto& one = shorter.errors[i];
      const auto& other = longer.errors[i];
      ASSERT_EQ(one.error, other.error) << line;
      ASSERT_EQ(one.row, other.row) << line;
      ASSERT_TRUE(one.byte == other.byte || one.byte + 1 == other.byte) << line;
      ASSERT_EQ(one.problem.message, other.problem.message) << line;
    }
  };
  const std::string next = "\n" + usual + "\n";
  for (const std::string_view end : {"", "\n", "\r\n", " \n", "}\n", ",\n", "x\n", "\n\n{", "\n}", "\n,", "\n[]"}) {
    compare(usual, end);
  }
  const std::vector<std::string> lines = {R"({"s":"ab","u":"x y","n":null,"d":-3.25,"l":1,"v":7})",
                                          R"({"s":"a\"b","u":"x\"y","n":12,"d":-3.25,"l":1,"v":7})",
                                          R"({"s":"ab","u":"x y","n":12,"d":-3.25,"l":1,"v":{"s":1}})",
                                          R"({"s":"ab","u":"x y","n":12,"d":-3.25,"l":1})",
                                          R"({"s":"ab","s":"x y","n":12,"d":-3.25,"l":1,"v":7})",
                                          R"({"s":"ab","u":"x y","n":12,"l":1,"v":7})",
                                          R"({"s":"ab","u":"x y","n":2147483648,"d":-3.25,"l":1,"v":7})",
                                          R"({"s":"ab","u":"x y","n":12,"d":0.1234567890123456789,"l":1,"v":7})",
                                          R"({"s":"ab","u":"x y","n":12,"d":01,"l":1,"v":7})",
                                          R"({"s":"ab","u":,"n":12,"d":-3.25,"l":1,"v":7})"};
  for (const std::string& line : lines) compare(line, next);
  std::mt19937_64 random(7);
  constexpr std::string_view kBytes = "{}[],:\"\\ \n\r\t0.e-nsudlv\x01";
  for (int i = 0; i < 4000 && !HasFatalFailure(); ++i) {
    std::string line = usual;
    for (uint64_t changes = 1 + random() % 2; changes > 0; --changes) {
      const size_t place = random() % line.size();
      const char byte = kBytes[random() % kBytes.size()];
      switch (random() % 3) {
        case 0: line[place] = byte; break;
        case 1: line.insert(place, 1, byte); break;
        default: line.erase(place, 1 + random() % 3);
      }
    }
    compare(line, next);
  }
}

TEST_F(JsonLines, LimitsAreKept) {
  ReadType(R"(["null","long"])");
  const auto nested = [&](int levels) {
    return Line("{\"g\":" + std::string(static_cast<size_t>(levels), '[') +
                std::string(static_cast<size_t>(levels), ']') + "}");
  };
  EXPECT_EQ(nested(1000), "{\"f\":null}");
  EXPECT_EQ(nested(1001).substr(0, 8), "error 7 ");
  std::string many = "{";
  for (int i = 0; i < 20'000; ++i) many += "\"k" + std::to_string(i) + "\":1,";
  EXPECT_EQ(Line(many + "\"f\":2}"), "{\"f\":2}");
  EXPECT_EQ(Line("{\"" + std::string(100'000, 'k') + "\":1}"), "{\"f\":null}");
  ReadType(R"({"type":"array","items":"string"})");
  std::string list = "{\"f\":[\"\"";
  for (int i = 0; i < 17'000'000; ++i) list += ",\"\"";
  EXPECT_EQ(Line(list + "]}").substr(0, 9), "error 13 ") << "272 MB of cells";
}

TEST_F(JsonLines, SkipsLines) {
  ReadType(R"("long")");
  const std::string text = "{\"f\":1}\n\nbad\n{\"f\":3}\n";
  rulert_decode call{};
  call.bytes = reinterpret_cast<const uint8_t*>(text.data());
  call.size = text.size();
  call.records = kUnknownRecords;
  EXPECT_EQ(decoder_->Skip(2, &call), 2u);
  EXPECT_EQ(call.cursor, 13u);
  EXPECT_EQ(decoder_->Skip(2, &call), 1u);
  EXPECT_EQ(call.records, 0u);
}

// What is written is read back: random schemas, random values.
class RandomJson : public testing::TestWithParam<uint64_t> {};

TEST_P(RandomJson, RoundTrips) {
  std::mt19937_64 random(GetParam());
  const avro::SchemaPtr schema = avro::RandomSchema(random());
  const auto slots = SlotChooser().Choose(schema->root());
  auto decoder = JsonDecoder::Make(schema, slots, AllOf(slots));
  ASSERT_TRUE(decoder.ok()) << decoder.error().message();
  TestBatch batch(schema->root(), slots);
  std::vector<std::string> written;
  std::string text;
  for (int i = 0; i < 30; ++i) {
    const std::string row = batch.DatumText(schema->root(), avro::RandomDatum(schema->root(), random));
    if (row.empty()) continue;
    written.push_back(row);
    text += row + "\n";
  }
  const auto outcome = batch.RunText(**decoder, text);
  for (const auto& failed : outcome.errors) {
    ADD_FAILURE() << failed.problem.path << ": " << failed.problem.message << "\n" << written.at(failed.row);
  }
  ASSERT_EQ(outcome.rows, written);
}

INSTANTIATE_TEST_SUITE_P(JsonDecoder, RandomJson, testing::Range<uint64_t>(1, 250));

}  // namespace
}  // namespace rulert

#include "compiler/emit/random_events_test.h"

#include <cmath>
#include <limits>

#include "compiler/types/avro_type.h"

namespace rulec {

using typed::Value;

const char* const kEventSchema = R"({"type": "record", "namespace": "gen", "name": "Event", "fields": [
  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}},
  {"name": "pick", "type": "int"},
  {"name": "b", "type": "boolean"}, {"name": "nb", "type": ["null", "boolean"]},
  {"name": "i", "type": "int"}, {"name": "i2", "type": "int"}, {"name": "ni", "type": ["int", "null"]},
  {"name": "l", "type": "long"}, {"name": "l2", "type": "long"}, {"name": "nl", "type": ["null", "long"]},
  {"name": "f", "type": "float"}, {"name": "nf", "type": ["null", "float"]},
  {"name": "d", "type": "double"}, {"name": "d2", "type": "double"}, {"name": "nd", "type": ["null", "double"]},
  {"name": "m", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
  {"name": "nm", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}]},
  {"name": "m4", "type": {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}},
  {"name": "w", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 0}},
  {"name": "w10", "type": {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 10}},
  {"name": "nw", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 10}]},
  {"name": "s", "type": "string"}, {"name": "s2", "type": "string"}, {"name": "ns", "type": ["string", "null"]},
  {"name": "y", "type": "bytes"}, {"name": "ny", "type": ["null", "bytes"]},
  {"name": "y4", "type": {"type": "fixed", "name": "Four", "size": 4}},
  {"name": "da", "type": {"type": "int", "logicalType": "date"}},
  {"name": "nda", "type": ["null", {"type": "int", "logicalType": "date"}]},
  {"name": "td", "type": {"type": "long", "logicalType": "time-micros"}},
  {"name": "ntd", "type": ["null", {"type": "int", "logicalType": "time-millis"}]},
  {"name": "ts", "type": {"type": "long", "logicalType": "timestamp-micros"}},
  {"name": "nts", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
  {"name": "u", "type": {"type": "string", "logicalType": "uuid"}},
  {"name": "nu", "type": ["null", {"type": "string", "logicalType": "uuid"}]},
  {"name": "e", "type": {"type": "enum", "name": "Side", "symbols": ["BUY", "SELL", "HOLD"]}},
  {"name": "ne", "type": ["null", "Side"]},
  {"name": "r", "type": {"type": "record", "name": "Part", "fields": [
    {"name": "a", "type": "int"}, {"name": "t", "type": ["null", "string"]}, {"name": "x", "type": "double"},
    {"name": "tags", "type": {"type": "array", "items": "string"}},
    {"name": "m", "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}]}]}},
  {"name": "nr", "type": ["null", "Part"]},
  {"name": "c", "type": ["int", "string", "double", "Part"]},
  {"name": "nc", "type": ["null", "string", "long", {"type": "array", "items": "long"}]},
  {"name": "c2", "type": ["string", "long", {"type": "array", "items": "long"}]},
  {"name": "c3", "type": ["int", "string"]},
  {"name": "lb", "type": {"type": "array", "items": "boolean"}},
  {"name": "li", "type": {"type": "array", "items": ["null", "int"]}},
  {"name": "ll", "type": {"type": "array", "items": "long"}},
  {"name": "nll", "type": ["null", {"type": "array", "items": "long"}]},
  {"name": "lnl", "type": {"type": "array", "items": ["null", "long"]}},
  {"name": "lf", "type": {"type": "array", "items": "float"}},
  {"name": "ld", "type": {"type": "array", "items": "double"}},
  {"name": "lm", "type": {"type": "array", "items": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}}},
  {"name": "ls", "type": {"type": "array", "items": "string"}},
  {"name": "lns", "type": {"type": "array", "items": ["string", "null"]}},
  {"name": "lts", "type": {"type": "array", "items": {"type": "long", "logicalType": "timestamp-micros"}}},
  {"name": "lda", "type": {"type": "array", "items": {"type": "int", "logicalType": "date"}}},
  {"name": "le", "type": {"type": "array", "items": "Side"}},
  {"name": "lu", "type": {"type": "array", "items": {"type": "string", "logicalType": "uuid"}}},
  {"name": "lr", "type": {"type": "array", "items": "Part"}},
  {"name": "llr", "type": {"type": "array", "items": {"type": "array", "items": "long"}}},
  {"name": "lls", "type": {"type": "array", "items": {"type": "array", "items": ["null", "string"]}}},
  {"name": "lc", "type": {"type": "array", "items": ["int", "string"]}},
  {"name": "ml", "type": {"type": "map", "values": "long"}},
  {"name": "ms", "type": {"type": "map", "values": ["null", "string"]}},
  {"name": "nms", "type": ["null", {"type": "map", "values": ["null", "string"]}]},
  {"name": "md", "type": {"type": "map", "values": "double"}},
  {"name": "mr", "type": {"type": "map", "values": "Part"}},
  {"name": "mll", "type": {"type": "map", "values": {"type": "array", "items": "long"}}}]})";

std::vector<EventField> EventFields(const avro::Schema& event) {
  std::vector<EventField> fields;
  for (size_t i = 2; i < event.fields.size(); ++i) {
    fields.push_back({event.fields[i].name, TypeOf(*event.fields[i].type)});
  }
  return fields;
}

const std::vector<std::string>& SampleTexts() {
  static const std::vector<std::string> texts = {
      "",
      "a",
      "abc",
      "A,b,,c",
      " padded  text ",
      "abcdefghijkl",
      "abcdefghijklm",
      "wire transfer to Zürich",
      "Ångström",
      "ÉTÉ",
      "straße",
      "İstanbul",
      "日本語テキスト",
      "👩‍👩‍👧 family",
      "e\xcc\x81"
      "t\xc3\xa9",
      "ﬁx",
      "0",
      "42",
      "-7",
      "1.50",
      "-0.005",
      "1e3",
      "9223372036854775807",
      "9223372036854775808",
      "12345678901234567890123456789.5",
      "NaN",
      "true",
      "false",
      "2024-02-29",
      "2024-03-31T02:30:00",
      "2024-03-31T01:30:00Z",
      "2024-10-27T02:30:00+02:00",
      "1969-12-31T23:59:59.999999Z",
      "9999-12-31T23:59:59Z",
      "13:45:10.5",
      "24:00:00",
      "2023-02-29",
      "31.12.2024 23:59",
      "123e4567-e89b-12d3-a456-426614174000",
      "0190163D-8694-739B-AEA5-966C26F8AD91",
      R"({"a": {"b": [1, 2.5, "x", null, true]}, "name": "Zo\u00eb", "n": 12345678901234567890})",
      R"([])",
      R"({"a": )",
      "$.a.b[2]",
      "$.name",
      "$.a",
      "$[",
      "a.b[0]",
      "192.168.1.10",
      "10.0.0.0/8",
      "2001:db8::1",
      "2001:db8::/32",
      "::ffff:10.1.2.3",
      "256.1.1.1",
      "127.0.0.1",
      "https://user:pw@www.Example.co.uk:8443/a/b%20c?x=1&y=%C3%A9#top",
      "ftp://host",
      "mailto:x",
      "%zz",
      "John.Doe+tag@Example.COM",
      "not an email",
      "DE89370400440532013000",
      "GB82 WEST 1234 5698 7654 32",
      "4111111111111111",
      "5500 0000 0000 0004",
      "79927398713",
      "DEUTDEFF500",
      "US0378331005",
      "037833100",
      "B0YBKJ7",
      "021000021",
      "529900T8BM49AURSDO55",
      "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
      "0x52908400098527886E0F7030069857D2E4169EE7",
      "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa",
      "u33db",
      "ezs42",
      "deadBEEF",
      "abc=",
      "YWJj",
      "Zm9vYg==",
      "key=value",
      "kitten",
      "sitting",
      "Ashcraft",
      "Thompson",
      "MARTHA",
      "MARHTA",
      "day",
      "month",
      "week",
      "hour",
      "year",
      "NFC",
      "NFKD",
      "x\ty\nz",
      "\xef\xbb\xbf"
      "bom",
      "urgent 123",
      std::string(300, 'x') + "é" + std::string(40, 'y'),
      "the quick brown fox jumps over the lazy dog 0123456789"};
  return texts;
}

namespace {

template <typename T>
T OneOf(Random& random, const std::vector<T>& values) {
  return values[random() % values.size()];
}

int64_t RandomLong(Random& random, int64_t least, int64_t most) {
  switch (random() % 9) {
    case 0: return most - static_cast<int64_t>(random() % 2);
    case 1: return least + static_cast<int64_t>(random() % 2);
    case 2: return most > INT32_MAX ? (int64_t{1} << 53) + static_cast<int64_t>(random() % 3) - 1 : 1 << 20;
    case 3: {
      const auto any = static_cast<int64_t>(random()) >> random() % 64;
      return any < least || any > most ? 17 : any;
    }
    case 4: return static_cast<int64_t>(random() % 2000) - 500;
    default: return static_cast<int64_t>(random() % 9) - 2;
  }
}

double RandomDouble(Random& random) {
  using Limits = std::numeric_limits<double>;
  static const std::vector<double> edges = {0.0,
                                            -0.0,
                                            1.0,
                                            -1.0,
                                            0.5,
                                            -0.5,
                                            2.5,
                                            0.1,
                                            1e308,
                                            -1e308,
                                            5e-324,
                                            Limits::infinity(),
                                            -Limits::infinity(),
                                            Limits::quiet_NaN(),
                                            9007199254740993.0,
                                            9.3e18,
                                            45.0,
                                            -120.25,
                                            1e-7};
  if (random() % 3 == 0) return OneOf(random, edges);
  const double size = std::pow(10.0, static_cast<double>(random() % 7) - 2);
  return (static_cast<double>(random() % 2001) - 1000) / 100 * size;
}

// At most `precision` digits.
typed::Int128 RandomDecimal(Random& random, uint8_t precision) {
  const uint64_t digits = random() % 4 == 0 ? precision : random() % (precision + 1u);
  typed::Int128 value = 0;
  const bool nines = random() % 4 == 0;
  for (uint64_t i = 0; i < digits; ++i) value = value * 10 + (nines ? 9 : static_cast<int>(random() % 10));
  return random() % 2 ? value : -value;
}

constexpr int64_t kSecond = 1'000'000;

int64_t RandomTimestamp(Random& random) {
  // Changes of the clocks in Berlin, New York, Lord Howe and Apia; the ends of what is written with four digits.
  static const std::vector<int64_t> edges = {0,
                                             -1,
                                             1711846800 * kSecond,
                                             1729990800 * kSecond,
                                             1710054000 * kSecond,
                                             1730613600 * kSecond,
                                             1712415600 * kSecond,
                                             1325239200 * kSecond,
                                             253402300799 * kSecond,
                                             -62135596800 * kSecond,
                                             INT64_MAX,
                                             INT64_MIN,
                                             951782400 * kSecond,
                                             4107542400 * kSecond};
  if (random() % 2 == 0) {
    const int64_t edge = OneOf(random, edges);
    const int64_t step = static_cast<int64_t>(random() % 3) - 1;
    return (edge == INT64_MAX && step > 0) || (edge == INT64_MIN && step < 0) ? edge : edge + step;
  }
  return static_cast<int64_t>(random() % 4'000'000'000) * kSecond + static_cast<int64_t>(random() % kSecond);
}

int32_t RandomDate(Random& random) {
  static const std::vector<int32_t> edges = {0, -1, 19782, 19813, 2932896, -719162, INT32_MAX, INT32_MIN, 11016};
  return random() % 3 == 0 ? OneOf(random, edges) : static_cast<int32_t>(random() % 40'000) - 5000;
}

std::string RandomBytes(Random& random, size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

std::vector<Value> RandomItems(Random& random, const Type& element) {
  std::vector<Value> items(random() % 4 == 0 ? 0 : random() % 5);
  for (Value& item : items) item = RandomValueOf(random, element);
  // Equal ones, too.
  if (items.size() > 2 && random() % 2 == 0) items.back() = items.front();
  return items;
}

}  // namespace

Value RandomValueOf(Random& random, const Type& type) {
  Value value;
  if (type.nullable && random() % 3 == 0) return {.is_null = true};
  switch (type.kind) {
    case TypeKind::Bool: value.boolean = random() % 2 != 0; break;
    case TypeKind::Int: value.integer = RandomLong(random, INT32_MIN, INT32_MAX); break;
    case TypeKind::Float: value.number = static_cast<double>(static_cast<float>(RandomDouble(random))); break;
    case TypeKind::Double: value.number = RandomDouble(random); break;
    case TypeKind::Decimal: value.decimal = RandomDecimal(random, type.precision); break;
    case TypeKind::String: value.text = OneOf(random, SampleTexts()); break;
    case TypeKind::Bytes:
      value.text = type.schema != nullptr ? RandomBytes(random, type.schema->size)
                   : random() % 3 == 0    ? RandomBytes(random, random() % 20)
                                          : OneOf(random, SampleTexts());
      break;
    case TypeKind::Date: value.integer = RandomDate(random); break;
    case TypeKind::TimeOfDay:
      value.integer = random() % 3 == 0 ? 86'399'999'999 : static_cast<int64_t>(random() % 86'400'000'000);
      break;
    case TypeKind::Timestamp: value.integer = RandomTimestamp(random); break;
    case TypeKind::Uuid: value.text = random() % 4 == 0 ? std::string(16, '\0') : RandomBytes(random, 16); break;
    case TypeKind::Enum: value.integer = static_cast<int64_t>(random() % type.schema->symbols.size()); break;
    case TypeKind::List: value.items = RandomItems(random, ElementOf(type)); break;
    case TypeKind::Map:
      value.items = RandomItems(random, ElementOf(type));
      // A writer may give a key twice.
      for (size_t i = 0; i < value.items.size(); ++i) {
        value.keys.push_back(random() % 2 == 0 ? "k" + std::to_string(random() % 3) : OneOf(random, SampleTexts()));
      }
      break;
    case TypeKind::Record:
      for (size_t i = 0; i < FieldCount(type); ++i) value.items.push_back(RandomValueOf(random, FieldType(type, i)));
      break;
    case TypeKind::Union:
      value.integer = static_cast<int64_t>(random() % type.of->types.size());
      value.items.push_back(RandomValueOf(random, type.of->types[static_cast<size_t>(value.integer)]));
      break;
    default: value.integer = RandomLong(random, INT64_MIN, INT64_MAX);
  }
  return value;
}

}  // namespace rulec

// Runs the shared conformance cases for data of one schema read as another, and for compatibility.
#include "avro/compatibility.h"
#include "avro/conformance_cases.h"
#include "avro/resolution.h"

namespace avro {
namespace {

using PlainJson = nlohmann::json;  // members in any order are equal

// Each byte as the code point of its number.
std::string TextOfBytes(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) text += static_cast<char>(0xC0 | (byte >> 6));
    text += byte < 0x80 ? c : static_cast<char>(0x80 | (byte & 0x3F));
  }
  return text;
}

// Avro's own JSON encoding, in which the branch of a union is named.
PlainJson ToAvroJson(const Schema& schema, const Datum& datum) {
  PlainJson json;
  switch (schema.kind) {
    case Kind::Null: return nullptr;
    case Kind::Bool: return datum.boolean;
    case Kind::Int:
    case Kind::Long: return datum.integer;
    case Kind::Float:
    case Kind::Double: return datum.number;
    case Kind::Bytes:
    case Kind::Fixed: return TextOfBytes(datum.text);
    case Kind::String: return datum.text;
    case Kind::Enum: return schema.symbols.at(static_cast<size_t>(datum.integer));
    case Kind::Record:
      json = PlainJson::object();
      for (size_t i = 0; i < schema.fields.size(); ++i) {
        json[schema.fields[i].name] = ToAvroJson(*schema.fields[i].type, datum.items.at(i));
      }
      return json;
    case Kind::Array:
      json = PlainJson::array();
      for (const Datum& item : datum.items) json.push_back(ToAvroJson(*schema.items, item));
      return json;
    case Kind::Map:
      json = PlainJson::object();
      for (size_t i = 0; i < datum.items.size(); ++i) {
        json[datum.keys[i]] = ToAvroJson(*schema.items, datum.items[i]);
      }
      return json;
    case Kind::Union: {
      const Schema& branch = *schema.branches.at(static_cast<size_t>(datum.branch));
      if (branch.kind == Kind::Null) return nullptr;
      const std::string name = branch.name.empty() ? std::string(KindName(branch.kind)) : branch.name;
      json[name] = ToAvroJson(branch, datum);
      return json;
    }
  }
  return json;
}

ResolvedSchemas ResolveCase(const Json& writer, const Json& reader, const std::string& name) {
  const ParsedSchema from = ParseSchema(writer.dump());
  const ParsedSchema to = ParseSchema(reader.dump());
  EXPECT_NE(from.document, nullptr) << name << ": " << from.error.message;
  EXPECT_NE(to.document, nullptr) << name << ": " << to.error.message;
  if (from.document == nullptr || to.document == nullptr) return {};
  return ResolveSchemas(from.document, to.document);
}

TEST(Conformance, DataAreResolved) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("resolve.json");
  ASSERT_FALSE(cases.empty());
  for (const Json& item : cases) {
    const std::string name = item["name"];
    const ResolvedSchemas resolved = ResolveCase(item["writer"], item["reader"], name);
    const std::vector<uint8_t> bytes = FromHex(item["binary_hex"]);
    Datum datum;
    size_t used = 0;
    DecodeError error;
    if (resolved.resolution == nullptr) {
      error = {resolved.error.message, 0, resolved.error.path};
    } else {
      error = DecodeResolved(*resolved.resolution, bytes, &datum, &used);
    }
    if (item.contains("error")) {
      EXPECT_TRUE(error) << name << ": " << item["error"];
      continue;
    }
    ASSERT_FALSE(error) << name << ": " << error.message << " at " << error.path;
    EXPECT_EQ(used, bytes.size()) << name;
    const PlainJson expected = PlainJson::parse(item["expected"].dump());
    EXPECT_EQ(ToAvroJson(resolved.resolution->reader().root(), datum), expected) << name;
  }
}

TEST(Conformance, MalformedDataAreNotResolved) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("malformed.json");
  size_t tried = 0;
  for (const Json& item : cases) {
    const std::string name = item["name"];
    const Json reader = item.contains("reader") ? item["reader"] : item["schema"];
    const ResolvedSchemas resolved = ResolveCase(item["schema"], reader, name);
    ASSERT_NE(resolved.resolution, nullptr) << name << ": " << resolved.error.message;
    const std::vector<uint8_t> bytes = BytesOf(item);
    Datum datum;
    size_t used = 0;
    const DecodeError error = DecodeResolved(*resolved.resolution, bytes, &datum, &used);
    EXPECT_TRUE(error || used < bytes.size()) << name << ": " << item["why"];
    tried += item.contains("reader") ? 1 : 0;
  }
  EXPECT_GT(tried, 0U);
}

TEST(Conformance, Compatibility) {
  SKIP_WITHOUT_CASES();
  const Json cases = Load("compat.json");
  ASSERT_FALSE(cases.empty());
  for (const Json& item : cases) {
    const std::string name = item["name"];
    const ParsedSchema reader = ParseSchema(item["reader"].dump());
    const ParsedSchema writer = ParseSchema(item["writer"].dump());
    ASSERT_NE(reader.document, nullptr) << name << ": " << reader.error.message;
    ASSERT_NE(writer.document, nullptr) << name << ": " << writer.error.message;
    const auto found = CheckCompatibility(reader.document->root(), writer.document->root());
    const std::string first = found.empty() ? "compatible" : found.front().path + " " + found.front().message;
    EXPECT_EQ(found.empty(), item["compatible"].get<bool>()) << name << ": " << item["why"] << "; found: " << first;
    // What is compatible is read.
    if (!item["compatible"].get<bool>()) continue;
    EXPECT_NE(ResolveSchemas(writer.document, reader.document).resolution, nullptr) << name;
  }
}

}  // namespace
}  // namespace avro

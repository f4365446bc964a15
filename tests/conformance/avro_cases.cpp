// The forms of the avro/ cases: schemas, compatibility, resolution, malformed data.
#include "avro/compatibility.h"
#include "avro/resolution.h"
#include "tests/conformance/case_data.h"
#include "tests/conformance/cases.h"
#include "tests/conformance/decoders.h"

namespace conformance {
namespace {

Failure GoodSchema(const Json& item) {
  const avro::ParsedSchema parsed = avro::ParseSchema(SchemaText(item));
  if (parsed.document == nullptr) return "refused: " + parsed.error.message;
  if (!item.value("ignored_logical", false)) return "";
  return parsed.document->root().logical == avro::Logical::None ? "" : "its faulty logical type was not ignored";
}

Failure BadSchema(const Json& item) {
  const avro::ParsedSchema parsed = avro::ParseSchema(SchemaText(item));
  if (parsed.document != nullptr) return "accepted: " + item.value("why", "");
  return parsed.error.message.empty() || parsed.error.line == 0 ? "refused without message or line" : "";
}

// The schema at `member`; *failure tells if there is none.
avro::SchemaPtr SchemaAt(const Json& item, const char* member, Failure* failure) {
  const avro::ParsedSchema parsed = avro::ParseSchema(item[member].dump());
  if (parsed.document == nullptr) *failure = std::string(member) + " is refused: " + parsed.error.message;
  return parsed.document;
}

Failure Compatible(const Json& item) {
  Failure failure;
  const avro::SchemaPtr reader = SchemaAt(item, "reader", &failure);
  const avro::SchemaPtr writer = SchemaAt(item, "writer", &failure);
  if (!failure.empty()) return failure;
  const auto found = avro::CheckCompatibility(reader->root(), writer->root());
  if (found.empty() && avro::ResolveSchemas(writer, reader).resolution == nullptr) return "compatible, but not read";
  if (found.empty() == item["compatible"].get<bool>()) return "";
  return found.empty() ? "found compatible" : "found incompatible: " + found[0].path + " " + found[0].message;
}

// Where writer and reader are one schema, the value's bytes must come back as they were.
Failure RoundTrip(const Json& item, const avro::Schema& writer, const std::vector<uint8_t>& bytes) {
  avro::Datum datum;
  size_t used = 0;
  if (const avro::DecodeError error = avro::DecodeDatum(writer, bytes, &datum, &used)) {
    return "the writer's own data are refused: " + error.message;
  }
  if (!item.value("canonical", true)) return "";
  std::vector<uint8_t> again;
  avro::EncodeDatum(writer, datum, &again);
  return again == bytes ? "" : "encoded again it has other bytes";
}

// Are all members of `part` in `whole`, and equal?
bool Holds(const PlainJson& whole, const PlainJson& part) {
  if (!part.is_object() || !whole.is_object()) return whole == part;
  for (const auto& [name, value] : part.items()) {
    if (!whole.contains(name) || !Holds(whole[name], value)) return false;
  }
  return true;
}

// Of some types (an array of nulls) rules read nothing: the bytes were stepped over.
bool NothingIsRead(const Decoded& decoded) { return decoded.part && decoded.value.is_null(); }

bool Agree(const PlainJson& expected, const Decoded& decoded) {
  if (NothingIsRead(decoded)) return true;
  return decoded.part ? Holds(expected, decoded.value) : expected == decoded.value;
}

Failure Resolved(const Json& item, Decoder& decoder) {
  Failure failure;
  const avro::SchemaPtr writer = SchemaAt(item, "writer", &failure);
  const avro::SchemaPtr reader = SchemaAt(item, "reader", &failure);
  if (!failure.empty()) return failure;
  const std::vector<uint8_t> bytes = FromHex(item["binary_hex"]);
  const Decoded decoded = decoder.Decode(writer, reader, bytes);
  if (item.contains("error")) {
    return decoded.error.empty() && !NothingIsRead(decoded) ? "read as " + decoded.value.dump() : "";
  }
  if (!decoded.error.empty()) return "refused: " + decoded.error;
  if (decoded.used != bytes.size()) return "read " + std::to_string(decoded.used) + " bytes";
  const PlainJson expected = PlainJson::parse(item["expected"].dump());
  if (!Agree(expected, decoded)) return "read as " + decoded.value.dump() + ", not " + expected.dump();
  return RoundTrip(item, writer->root(), bytes);
}

Failure Malformed(const Json& item, Decoder& decoder) {
  Failure failure;
  const avro::SchemaPtr writer = SchemaAt(item, "schema", &failure);
  const avro::SchemaPtr reader = SchemaAt(item, item.contains("reader") ? "reader" : "schema", &failure);
  if (!failure.empty()) return failure;
  const std::vector<uint8_t> bytes = BytesOf(item);
  // Stepping over a field that the reader lacks must find the same faults; of texts it does not look at the letters.
  size_t used = 0;
  const bool looked_at = item.value("level", "must") == "must" && !item.value("letters", false);
  if (looked_at && writer->text() == reader->text() && !avro::SkipDatum(writer->root(), bytes, &used) &&
      used == bytes.size()) {
    return "stepped over";
  }
  const Decoded decoded = decoder.Decode(writer, reader, bytes);
  return decoded.error.empty() && decoded.used == bytes.size() ? "read as " + decoded.value.dump().substr(0, 200) : "";
}

using Run = Failure (*)(const Json&);
using RunDecoder = Failure (*)(const Json&, Decoder&);

void Add(const Json& item, Run run, std::vector<Case>* cases) {
  cases->push_back({item["name"], item.value("level", "must"), [&item, run] { return run(item); }});
}

void AddAll(const Json& items, Run run, std::vector<Case>* cases) {
  for (const Json& item : items) Add(item, run, cases);
}

void AddDecoded(const Json& item, RunDecoder run, std::vector<Case>* cases) {
  for (const auto& decoder : {std::shared_ptr(TableDrivenDecoder()), std::shared_ptr(GeneratedDecoder())}) {
    cases->push_back({item["name"].get<std::string>() + " (" + decoder->name() + ")", item.value("level", "must"),
                      [&item, run, decoder] { return run(item, *decoder); }});
  }
}

}  // namespace

std::vector<Case> CasesOf(const Json& file, std::string* error) {
  std::vector<Case> cases;
  // Cases refer to the file's items, which must not be copies.
  if (file.is_object() && (file.contains("good") || file.contains("bad"))) {
    if (file.contains("good")) AddAll(file["good"], GoodSchema, &cases);
    if (file.contains("bad")) AddAll(file["bad"], BadSchema, &cases);
    return cases;
  }
  if (!file.is_array()) {
    *error = "no array of cases";
    return {};
  }
  for (const Json& item : file) {
    if (item.contains("compatible")) {
      Add(item, Compatible, &cases);
    } else if (item.contains("binary_hex")) {
      AddDecoded(item, Resolved, &cases);
    } else if (item.contains("hex") || item.contains("hex_parts")) {
      AddDecoded(item, Malformed, &cases);
    } else {
      *error = item.contains("pattern") ? "cases of patterns are not run by this version" : "a case of unknown form";
      return {};
    }
  }
  if (cases.empty()) *error = "no cases of a known form";
  return cases;
}

}  // namespace conformance

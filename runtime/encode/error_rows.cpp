#include "runtime/encode/error_rows.h"

#include <cassert>

#include "avro/datum.h"
#include "runtime/base/text.h"

namespace rulert {
namespace {

avro::Datum Text(std::string text) {
  avro::Datum datum;
  datum.kind = avro::Kind::String;
  datum.text = std::move(text);
  return datum;
}

avro::Datum Number(avro::Kind kind, int64_t value) {
  avro::Datum datum;
  datum.kind = kind;
  datum.integer = value;
  return datum;
}

// Of a union of null and something.
avro::Datum Branch(std::optional<avro::Datum> value) {
  avro::Datum datum = value ? std::move(*value) : avro::Datum();
  datum.branch = value ? 1 : 0;
  return datum;
}

avro::Datum Optional(const std::optional<std::string>& text) {
  return Branch(text ? std::optional(Text(*text)) : std::nullopt);
}

template <typename T>
avro::Datum Optional(avro::Kind kind, const std::optional<T>& value) {
  return Branch(value ? std::optional(Number(kind, *value)) : std::nullopt);
}

std::string_view KindName(ErrorEntry::Kind kind) { return kind == ErrorEntry::Kind::Rule ? "rule" : "data"; }

avro::Datum ToDatum(const ErrorEntry& entry) {
  using avro::Kind;
  avro::Datum operands;
  operands.kind = Kind::Array;
  for (const std::string& operand : entry.operands) operands.items.push_back(Text(operand));
  avro::Datum record;
  record.kind = Kind::Record;
  record.items = {Text(std::string(KindName(entry.kind))),
                  Optional(entry.rule),
                  Optional(Kind::Int, entry.version),
                  Text(entry.cause),
                  Text(entry.message),
                  Optional(entry.file),
                  Optional(Kind::Int, entry.line),
                  Optional(Kind::Int, entry.column),
                  std::move(operands),
                  Text(entry.stream),
                  Number(Kind::Int, entry.partition),
                  Optional(entry.input),
                  Optional(Kind::Long, entry.offset),
                  Optional(Kind::Long, entry.byte),
                  Optional(Kind::Long, entry.time),
                  Optional(entry.path),
                  Optional(Kind::Long, entry.item)};
  return record;
}

class JsonObject {
 public:
  explicit JsonObject(std::string* out) : out_(out) { *out_ += '{'; }
  void Add(std::string_view name, std::string_view text) {
    Name(name);
    AppendJsonString(text, out_);
  }
  void Add(std::string_view name, const std::optional<std::string>& text) {
    if (text) return Add(name, std::string_view(*text));
    Name(name);
    *out_ += "null";
  }
  template <typename T>
    requires std::is_integral_v<T>
  void Add(std::string_view name, const std::optional<T>& value) {
    Name(name);
    if (value) {
      AppendInteger(*value, out_);
    } else {
      *out_ += "null";
    }
  }
  void Add(std::string_view name, const std::vector<std::string>& texts) {
    Name(name);
    *out_ += '[';
    for (size_t i = 0; i < texts.size(); ++i) {
      if (i != 0) *out_ += ',';
      AppendJsonString(texts[i], out_);
    }
    *out_ += ']';
  }
  void End() { *out_ += '}'; }

 private:
  void Name(std::string_view name) {
    if (!first_) *out_ += ',';
    first_ = false;
    AppendJsonString(name, out_);
    *out_ += ':';
  }
  std::string* out_;
  bool first_ = true;
};

void AppendJson(const ErrorEntry& entry, std::string* out) {
  JsonObject json(out);
  json.Add("kind", KindName(entry.kind));
  json.Add("rule", entry.rule);
  json.Add("version", entry.version);
  json.Add("cause", std::string_view(entry.cause));
  json.Add("message", std::string_view(entry.message));
  json.Add("file", entry.file);
  json.Add("line", entry.line);
  json.Add("column", entry.column);
  json.Add("operands", entry.operands);
  json.Add("stream", std::string_view(entry.stream));
  json.Add("partition", std::optional(entry.partition));
  json.Add("input", entry.input);
  json.Add("offset", entry.offset);
  json.Add("byte", entry.byte);
  json.Add("time", entry.time);
  json.Add("path", entry.path);
  json.Add("item", entry.item);
  json.End();
}

}  // namespace

const std::string& ErrorSchemaJson() {
  static const std::string schema =
      R"({"type":"record","name":"Error","namespace":"rulec","fields":[)"
      R"({"name":"kind","type":"string"},)"
      R"({"name":"rule","type":["null","string"],"default":null},)"
      R"({"name":"version","type":["null","int"],"default":null},)"
      R"({"name":"cause","type":"string"},)"
      R"({"name":"message","type":"string"},)"
      R"({"name":"file","type":["null","string"],"default":null},)"
      R"({"name":"line","type":["null","int"],"default":null},)"
      R"({"name":"column","type":["null","int"],"default":null},)"
      R"({"name":"operands","type":{"type":"array","items":"string"}},)"
      R"({"name":"stream","type":"string"},)"
      R"({"name":"partition","type":"int"},)"
      R"({"name":"input","type":["null","string"],"default":null},)"
      R"({"name":"offset","type":["null","long"],"default":null},)"
      R"({"name":"byte","type":["null","long"],"default":null},)"
      R"({"name":"time","type":["null",{"type":"long","logicalType":"timestamp-micros"}],"default":null},)"
      R"({"name":"path","type":["null","string"],"default":null},)"
      R"({"name":"item","type":["null","long"],"default":null}]})";
  return schema;
}

ErrorRows::ErrorRows(ErrorFormat format) : format_(format), schema_(avro::ParseSchema(ErrorSchemaJson()).document) {
  assert(schema_ && "the schema of `errors` must parse");
}

Error ErrorRows::Write(const ErrorEntry& entry, Sink& sink) {
  if (format_ == ErrorFormat::Avro) {
    bytes_.clear();
    avro::EncodeDatum(schema_->root(), ToDatum(entry), &bytes_);
    return sink.Write({reinterpret_cast<const char*>(bytes_.data()), bytes_.size()}, 1);
  }
  text_.clear();
  if (format_ == ErrorFormat::JsonNamed) text_ += "{\"errors\":";
  AppendJson(entry, &text_);
  text_ += format_ == ErrorFormat::JsonNamed ? "}\n" : "\n";
  return sink.Write(text_, 1);
}

}  // namespace rulert

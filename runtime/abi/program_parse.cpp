// ProgramSpec from JSON. The text may come from a damaged or hostile file: every type and every index is checked here,
// so that the rest of the runtime can trust a ProgramSpec.
#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "runtime/abi/program.h"

namespace rulert {
namespace {

using Json = nlohmann::json;

constexpr uint32_t kMostParamsBytes = 16u << 20;
constexpr int kMostNesting = 600;  // types are nested 256 deep at most

// Reads members of one object and keeps the first thing that is wrong, with its path.
class ObjectReader {
 public:
  ObjectReader(const Json& value, std::string path, std::string* error, int depth = 0)
      : value_(value), path_(std::move(path)), error_(error), depth_(depth) {
    if (!value_.is_object()) Fail("", "is not an object");
  }

  bool ok() const { return error_->empty(); }
  void Fail(const std::string& member, const std::string& what) {
    if (error_->empty()) *error_ = path_ + (member.empty() ? "" : "." + member) + " " + what;
  }
  bool Has(const char* member) const { return value_.is_object() && value_.contains(member); }

  const Json* Member(const char* member) {
    if (!ok()) return nullptr;
    const auto found = value_.find(member);
    if (found == value_.end()) {
      Fail(member, "is missing");
      return nullptr;
    }
    return &*found;
  }

  void Read(const char* member, std::string* out) {
    const Json* json = Member(member);
    if (json == nullptr) return;
    if (!json->is_string()) return Fail(member, "is not a string");
    *out = json->get<std::string>();
  }
  void Read(const char* member, bool* out) {
    const Json* json = Member(member);
    if (json == nullptr) return;
    if (!json->is_boolean()) return Fail(member, "is not true or false");
    *out = json->get<bool>();
  }
  template <typename Integer>
    requires std::is_integral_v<Integer>
  void Read(const char* member, Integer* out) {
    const Json* json = Member(member);
    if (json != nullptr) ReadInteger(member, *json, out);
  }
  template <typename T>
  void Read(const char* member, std::optional<T>* out) {
    if (Has(member)) Read(member, &out->emplace());
  }
  template <typename T>
  void Read(const char* member, std::vector<T>* out) {
    const Json* json = Member(member);
    if (json == nullptr) return;
    if (!json->is_array()) return Fail(member, "is not a list");
    for (size_t i = 0; i < json->size() && ok(); ++i) {
      const std::string name = std::string(member) + "[" + std::to_string(i) + "]";
      if constexpr (std::is_same_v<T, std::string>) {
        if (!(*json)[i].is_string()) return Fail(name, "is not a string");
        out->push_back((*json)[i].template get<std::string>());
      } else if constexpr (std::is_same_v<T, int32_t>) {
        ReadInteger(name, (*json)[i], &out->emplace_back());
      } else {
        ObjectReader reader((*json)[i], path_ + "." + name, error_, depth_ + 1);
        if (depth_ > kMostNesting) return Fail(name, "is nested too deeply");
        Parse(reader, &out->emplace_back());
      }
    }
  }
  void ReadColumn(const char* member, ColumnSpec* out) {
    const Json* json = Member(member);
    if (json == nullptr) return;
    ObjectReader reader(*json, path_ + "." + member, error_, depth_ + 1);
    Parse(reader, out);
  }

 private:
  template <typename Integer>
  void ReadInteger(const std::string& name, const Json& json, Integer* out) {
    if (!json.is_number_integer()) return Fail(name, "is not an integer");
    if (json.is_number_unsigned()) {
      if (json.get<uint64_t>() > static_cast<uint64_t>(std::numeric_limits<Integer>::max()))
        return Fail(name, "is too large");
      *out = static_cast<Integer>(json.get<uint64_t>());
      return;
    }
    const auto value = json.get<int64_t>();
    if (value < 0 && std::is_unsigned_v<Integer>) return Fail(name, "is negative");
    if constexpr (std::is_signed_v<Integer>) {
      if (value < std::numeric_limits<Integer>::min()) return Fail(name, "is too small");
    }
    *out = static_cast<Integer>(value);
  }

  static void Parse(ObjectReader& in, ColumnSpec* out) {
    std::string kind;
    in.Read("kind", &kind);
    in.Read("nullable", &out->nullable);
    if (!in.ok()) return;
    const auto named = ColumnKindNamed(kind);
    if (!named) return in.Fail("kind", "is not the name of a type: `" + kind.substr(0, 40) + "`");
    out->kind = *named;
    if (out->kind == ColumnKind::Enum) in.Read("symbols", &out->symbols);
    if (out->kind == ColumnKind::Decimal) {
      in.Read("precision", &out->precision);
      in.Read("scale", &out->scale);
      if (in.ok() && (out->precision < 1 || out->precision > 38 || out->scale > out->precision)) {
        in.Fail("precision", "is not that of a decimal");
      }
    }
    if (in.Has("fixed_size")) in.Read("fixed_size", &out->fixed_size);
    if (in.Has("children")) in.Read("children", &out->children);
    if (in.Has("names")) in.Read("names", &out->names);
    if (in.Has("type_name")) in.Read("type_name", &out->type_name);
    CheckChildren(in, *out);
  }
  static void CheckChildren(ObjectReader& in, const ColumnSpec& column) {
    const bool one = column.kind == ColumnKind::List || column.kind == ColumnKind::Map;
    const bool many = column.kind == ColumnKind::Record || column.kind == ColumnKind::Union;
    if (one ? column.children.size() != 1 : !many && !column.children.empty()) {
      in.Fail("children", "is not what the type has");
    }
    if (many && column.children.size() != column.names.size()) in.Fail("names", "is not as long as `children`");
  }
  static void Parse(ObjectReader& in, SlotSpec* out) {
    in.Read("path", &out->path);
    in.ReadColumn("column", &out->column);
  }
  static void Parse(ObjectReader& in, OutputField* out) {
    in.Read("name", &out->name);
    in.ReadColumn("column", &out->column);
  }
  static void Parse(ObjectReader& in, StreamSpec* out) {
    in.Read("name", &out->name);
    in.Read("schema_name", &out->schema_name);
    in.Read("schema", &out->schema_json);
    in.Read("slots", &out->slots);
    in.Read("time_slot", &out->time_slot);
    in.Read("watermark_us", &out->watermark_us);
    if (in.Has("versions")) in.Read("versions", &out->versions);
    if (in.Has("versions_open")) in.Read("versions_open", &out->versions_open);
    if (in.Has("not_accepted")) in.Read("not_accepted", &out->not_accepted);
    if (in.Has("output")) in.Read("output", &out->output);
  }
  static void Parse(ObjectReader& in, VersionSpec* out) {
    in.Read("version", &out->version);
    in.Read("schema", &out->schema_json);
  }
  static void Parse(ObjectReader& in, OutputSpec* out) {
    in.Read("name", &out->name);
    in.Read("schema", &out->schema_json);
    in.Read("meta", &out->meta);
    if (in.Has("internal")) in.Read("internal", &out->internal);
    in.Read("fields", &out->fields);
  }
  static void Parse(ObjectReader& in, ErrorSite* out) {
    in.Read("cause", &out->cause);
    in.Read("line", &out->line);
    in.Read("column", &out->column);
    in.Read("expression", &out->expression);
    in.Read("operands", &out->operands);
    if (in.ok() && out->operands.size() > 2) in.Fail("operands", "has more than two entries");
  }
  static void Parse(ObjectReader& in, EmitSpec* out) { in.Read("output", &out->output); }
  static void Parse(ObjectReader& in, ParamSpec* out) {
    in.Read("name", &out->name);
    in.ReadColumn("column", &out->column);
    in.Read("offset", &out->offset);
    if (in.Has("prepared")) {
      std::string name;
      in.Read("prepared", &name);
      const auto prepared = PreparedNamed(name);
      if (!prepared) return in.Fail("prepared", "is nothing that can be prepared: `" + name.substr(0, 40) + "`");
      out->prepared = *prepared;
    }
    if (in.Has("texts")) in.Read("texts", &out->texts);
    const Json* value = in.Member("value");
    if (value == nullptr) return;
    out->is_null = value->is_null();
    if (out->is_null) {
      if (!out->column.nullable) in.Fail("value", "is null though the param cannot be");
      return;
    }
    switch (out->column.kind) {
      case ColumnKind::Bool: return in.Read("value", &out->boolean);
      case ColumnKind::Decimal:
      case ColumnKind::Uuid:
      case ColumnKind::String: return in.Read("value", &out->text);
      case ColumnKind::Bytes: return ReadLatin1(in, &out->text);
      case ColumnKind::Float:
      case ColumnKind::Double: return ReadDouble(in, *value, &out->number);
      case ColumnKind::Int: {
        int32_t narrow = 0;
        in.Read("value", &narrow);
        out->integer = narrow;
        return;
      }
      case ColumnKind::Enum: {
        in.Read("value", &out->integer);
        const auto symbols = static_cast<int64_t>(out->column.symbols.size());
        if (in.ok() && (out->integer < 0 || out->integer >= symbols)) in.Fail("value", "is not the number of a symbol");
        return;
      }
      default: return in.Read("value", &out->integer);
    }
  }
  // Bytes as text, one code point a byte.
  static void ReadLatin1(ObjectReader& in, std::string* out) {
    std::string text;
    in.Read("value", &text);
    for (size_t i = 0; i < text.size(); ++i) {
      const auto byte = static_cast<unsigned char>(text[i]);
      if (byte < 0x80) {
        *out += text[i];
      } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < text.size()) {
        *out += static_cast<char>(((byte & 3) << 6) | (static_cast<unsigned char>(text[++i]) & 0x3F));
      } else {
        return in.Fail("value", "holds more than bytes");
      }
    }
  }
  static void ReadDouble(ObjectReader& in, const Json& value, double* out) {
    if (value.is_number()) {
      *out = value.get<double>();
    } else if (value == "NaN") {
      *out = std::numeric_limits<double>::quiet_NaN();
    } else if (value == "Infinity" || value == "-Infinity") {
      *out = value == "Infinity" ? HUGE_VAL : -HUGE_VAL;
    } else {
      in.Fail("value", "is not a number");
    }
  }
  static void Parse(ObjectReader& in, IndexCondition* out) {
    in.Read("slot", &out->slot);
    in.Read("params", &out->params);
    std::string name;
    in.Read("op", &name);
    if (!in.ok()) return;
    const auto named = IndexOpNamed(name);
    if (!named) return in.Fail("op", "is not the name of a comparison: `" + name.substr(0, 40) + "`");
    out->op = *named;
  }
  static void Parse(ObjectReader& in, RuleSpec* out) {
    in.Read("package", &out->package);
    in.Read("name", &out->name);
    in.Read("version", &out->version);
    in.Read("severity", &out->severity);
    in.Read("file", &out->file);
    in.Read("stream", &out->stream);
    in.Read("slots", &out->slots);
    in.Read("keys", &out->keys);
    in.Read("emits", &out->emits);
    in.Read("params", &out->params);
    in.Read("params_size", &out->params_size);
    in.Read("sites", &out->sites);
    in.Read("module", &out->module);
    if (in.Has("expands")) in.Read("expands", &out->expands);
    if (in.Has("index")) in.Read("index", &out->index);
    in.Read("active_from", &out->active_from);
    in.Read("active_to", &out->active_to);
    if (in.Has("key_slots")) in.Read("key_slots", &out->key_slots);
    if (in.Has("state_size")) in.Read("state_size", &out->state_size);
  }
  static void Parse(ObjectReader& in, DecoderSpec* out) {
    in.Read("stream", &out->stream);
    in.Read("writer_schema", &out->writer_schema_json);
    in.Read("slots", &out->slots);
    if (in.Has("absent")) in.Read("absent", &out->absent);
    in.Read("field_paths", &out->field_paths);
    in.Read("module", &out->module);
  }
  static void Parse(ObjectReader& in, ScanSpec* out) {
    in.Read("stream", &out->stream);
    in.Read("rule", &out->rule);
    in.Read("writer_schema", &out->writer_schema_json);
    if (in.Has("absent")) in.Read("absent", &out->absent);
    in.Read("field_paths", &out->field_paths);
    in.Read("module", &out->module);
  }
  static void Parse(ObjectReader& in, EncoderSpec* out) {
    in.Read("output", &out->output);
    in.Read("module", &out->module);
  }

  const Json& value_;
  std::string path_;
  std::string* error_;
  int depth_;
};

// What refers to something by index refers to something that is there.
class References {
 public:
  explicit References(const ProgramSpec& program) : program_(program) {}

  std::string Check() {
    for (size_t i = 0; i < program_.streams.size(); ++i)
      Stream(program_.streams[i], "streams[" + std::to_string(i) + "]");
    for (size_t i = 0; i < program_.rules.size(); ++i) Rule(program_.rules[i], "rules[" + std::to_string(i) + "]");
    for (size_t i = 0; i < program_.decoders.size(); ++i) {
      const std::string path = "decoders[" + std::to_string(i) + "]";
      const DecoderSpec& decoder = program_.decoders[i];
      if (Index(decoder.stream, program_.streams.size(), path + ".stream")) {
        Slots(decoder.slots, decoder.stream, path + ".slots");
        Slots(decoder.absent, decoder.stream, path + ".absent");
      }
    }
    for (size_t i = 0; i < program_.scans.size(); ++i) {
      const std::string path = "scans[" + std::to_string(i) + "]";
      if (Index(program_.scans[i].stream, program_.streams.size(), path + ".stream")) {
        Slots(program_.scans[i].absent, program_.scans[i].stream, path + ".absent");
      }
      Index(program_.scans[i].rule, program_.rules.size(), path + ".rule");
    }
    for (size_t i = 0; i < program_.encoders.size(); ++i) {
      Index(program_.encoders[i].output, program_.outputs.size(), "encoders[" + std::to_string(i) + "].output");
    }
    return error_;
  }

 private:
  bool Index(int32_t index, size_t size, const std::string& path) {
    if (index >= 0 && static_cast<size_t>(index) < size) return true;
    if (error_.empty()) {
      error_ = "program." + path + " is " + std::to_string(index) + ", of " + std::to_string(size) + " there are";
    }
    return false;
  }
  void Slots(const std::vector<int32_t>& slots, int32_t stream, const std::string& path) {
    for (const int32_t slot : slots) Index(slot, program_.streams[static_cast<size_t>(stream)].slots.size(), path);
  }
  void Fail(const std::string& path, const std::string& what) {
    if (error_.empty()) error_ = "program." + path + " " + what;
  }

  void Stream(const StreamSpec& stream, const std::string& path) {
    if (stream.output != kNone) Index(stream.output, program_.outputs.size(), path + ".output");
    if (stream.time_slot == kNone || !Index(stream.time_slot, stream.slots.size(), path + ".time_slot")) return;
    if (stream.slots[static_cast<size_t>(stream.time_slot)].column.kind != ColumnKind::Timestamp) {
      Fail(path + ".time_slot", "is not a timestamp");
    }
  }

  void Rule(const RuleSpec& rule, const std::string& path) {
    if (!Index(rule.stream, program_.streams.size(), path + ".stream")) return;
    Slots(rule.slots, rule.stream, path + ".slots");
    Slots(rule.key_slots, rule.stream, path + ".key_slots");
    for (const EmitSpec& emit : rule.emits) Index(emit.output, program_.outputs.size(), path + ".emits.output");
    if (rule.params_size > kMostParamsBytes) Fail(path + ".params_size", "is over 16 MiB");
    for (const ParamSpec& param : rule.params) {
      const uint32_t width = param.prepared == Prepared::None ? ColumnWidth(param.column.kind) : 8;
      if (param.offset % std::min<uint32_t>(width, 8) != 0 || param.offset > rule.params_size ||
          rule.params_size - param.offset < width + (param.column.nullable ? 1u : 0u)) {
        Fail(path + ".params", "has an offset that does not fit: " + std::to_string(param.offset));
      }
    }
  }

  const ProgramSpec& program_;
  std::string error_;
};

}  // namespace

std::string ParseProgram(std::string_view text, ProgramSpec* program) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return "program is not JSON";
  std::string error;
  ObjectReader in(json, "program", &error);
  in.Read("compiler", &program->compiler);
  in.Read("target_cpu", &program->target_cpu);
  in.Read("streams", &program->streams);
  in.Read("outputs", &program->outputs);
  in.Read("rules", &program->rules);
  in.Read("decoders", &program->decoders);
  in.Read("scans", &program->scans);
  in.Read("encoders", &program->encoders);
  return error.empty() ? References(*program).Check() : error;
}

}  // namespace rulert

// ProgramSpec as JSON, written; docs/formats/job_image.md has the grammar.
#include <cmath>

#include <nlohmann/json.hpp>

#include "runtime/abi/program.h"

namespace rulert {
namespace {

using Json = nlohmann::ordered_json;

template <typename T, typename ToJsonOne>
Json ArrayOf(const std::vector<T>& items, ToJsonOne to_json) {
  Json array = Json::array();
  for (const T& item : items) array.push_back(to_json(item));
  return array;
}

Json Number(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value < 0 ? "-Infinity" : "Infinity";
  return value;
}

// Bytes as text, one code point a byte.
std::string Latin1(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

Json ToJson(const ColumnSpec& column) {
  Json json = {{"kind", ColumnKindName(column.kind)}, {"nullable", column.nullable}};
  if (column.kind == ColumnKind::Enum) json["symbols"] = column.symbols;
  if (column.kind == ColumnKind::Decimal) {
    json["precision"] = column.precision;
    json["scale"] = column.scale;
  }
  if (column.fixed_size != 0) json["fixed_size"] = column.fixed_size;
  if (!column.children.empty()) {
    json["children"] = ArrayOf(column.children, [](const ColumnSpec& child) { return ToJson(child); });
  }
  if (!column.names.empty()) json["names"] = column.names;
  if (!column.type_name.empty()) json["type_name"] = column.type_name;
  return json;
}

Json ToJson(const SlotSpec& slot) { return {{"path", slot.path}, {"column", ToJson(slot.column)}}; }
Json ToJson(const OutputField& field) { return {{"name", field.name}, {"column", ToJson(field.column)}}; }

Json ToJson(const VersionSpec& version) { return {{"version", version.version}, {"schema", version.schema_json}}; }

Json ToJson(const StreamSpec& stream) {
  return {{"name", stream.name},
          {"schema_name", stream.schema_name},
          {"schema", stream.schema_json},
          {"slots", ArrayOf(stream.slots, [](const SlotSpec& slot) { return ToJson(slot); })},
          {"time_slot", stream.time_slot},
          {"watermark_us", stream.watermark_us},
          {"versions", ArrayOf(stream.versions, [](const VersionSpec& version) { return ToJson(version); })},
          {"versions_open", stream.versions_open},
          {"not_accepted", ArrayOf(stream.not_accepted, [](const VersionSpec& version) { return ToJson(version); })},
          {"output", stream.output}};
}

Json ToJson(const OutputSpec& output) {
  return {{"name", output.name},
          {"schema", output.schema_json},
          {"meta", output.meta},
          {"internal", output.internal},
          {"fields", ArrayOf(output.fields, [](const OutputField& field) { return ToJson(field); })}};
}

Json ToJson(const ErrorSite& site) {
  return {{"cause", site.cause},
          {"line", site.line},
          {"column", site.column},
          {"expression", site.expression},
          {"operands", ArrayOf(site.operands, [](const ColumnSpec& column) { return ToJson(column); })}};
}

Json ToJson(const ParamSpec& param) {
  Json json = {{"name", param.name}, {"column", ToJson(param.column)}, {"offset", param.offset}};
  if (param.prepared != Prepared::None) json["prepared"] = PreparedName(param.prepared);
  if (param.prepared == Prepared::StringSet) json["texts"] = param.texts;
  if (param.is_null) {
    json["value"] = nullptr;
    return json;
  }
  switch (param.column.kind) {
    case ColumnKind::Bool: json["value"] = param.boolean; break;
    case ColumnKind::Float:
    case ColumnKind::Double: json["value"] = Number(param.number); break;
    case ColumnKind::Decimal:
    case ColumnKind::Uuid:
    case ColumnKind::String: json["value"] = param.text; break;
    case ColumnKind::Bytes: json["value"] = Latin1(param.text); break;
    default: json["value"] = param.integer; break;
  }
  return json;
}

Json ToJson(const IndexCondition& condition) {
  return {{"slot", condition.slot}, {"op", IndexOpName(condition.op)}, {"params", condition.params}};
}

Json ToJson(const RuleSpec& rule) {
  Json json = {{"package", rule.package}, {"name", rule.name}, {"version", rule.version}};
  if (rule.severity) json["severity"] = *rule.severity;
  json["file"] = rule.file;
  json["stream"] = rule.stream;
  json["slots"] = rule.slots;
  json["keys"] = ArrayOf(rule.keys, [](const ColumnSpec& column) { return ToJson(column); });
  json["emits"] = ArrayOf(rule.emits, [](const EmitSpec& emit) { return Json{{"output", emit.output}}; });
  json["params"] = ArrayOf(rule.params, [](const ParamSpec& param) { return ToJson(param); });
  json["params_size"] = rule.params_size;
  json["sites"] = ArrayOf(rule.sites, [](const ErrorSite& site) { return ToJson(site); });
  json["module"] = rule.module;
  if (rule.expands) json["expands"] = true;
  if (!rule.index.empty()) {
    json["index"] = ArrayOf(rule.index, [](const IndexCondition& condition) { return ToJson(condition); });
  }
  if (rule.active_from) json["active_from"] = *rule.active_from;
  if (rule.active_to) json["active_to"] = *rule.active_to;
  if (!rule.key_slots.empty()) json["key_slots"] = rule.key_slots;
  if (rule.state_size != 0) json["state_size"] = rule.state_size;
  return json;
}

Json ToJson(const DecoderSpec& decoder) {
  return {{"stream", decoder.stream}, {"writer_schema", decoder.writer_schema_json}, {"slots", decoder.slots},
          {"absent", decoder.absent}, {"field_paths", decoder.field_paths},          {"module", decoder.module}};
}

Json ToJson(const ScanSpec& scan) {
  return {{"stream", scan.stream},
          {"rule", scan.rule},
          {"writer_schema", scan.writer_schema_json},
          {"absent", scan.absent},
          {"field_paths", scan.field_paths},
          {"module", scan.module}};
}

Json ToJson(const EncoderSpec& encoder) { return {{"output", encoder.output}, {"module", encoder.module}}; }

}  // namespace

std::string ProgramToJson(const ProgramSpec& program) {
  const auto one = [](const auto& item) { return ToJson(item); };
  const Json json = {{"compiler", program.compiler},
                     {"target_cpu", program.target_cpu},
                     {"streams", ArrayOf(program.streams, one)},
                     {"outputs", ArrayOf(program.outputs, one)},
                     {"rules", ArrayOf(program.rules, one)},
                     {"decoders", ArrayOf(program.decoders, one)},
                     {"scans", ArrayOf(program.scans, one)},
                     {"encoders", ArrayOf(program.encoders, one)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace rulert

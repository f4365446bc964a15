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

Json ToJson(const ColumnSpec& column) {
  Json json = {{"kind", ColumnKindName(column.kind)}, {"nullable", column.nullable}};
  if (column.kind == ColumnKind::Enum) json["symbols"] = column.symbols;
  return json;
}

Json ToJson(const SlotSpec& slot) { return {{"path", slot.path}, {"column", ToJson(slot.column)}}; }
Json ToJson(const OutputField& field) { return {{"name", field.name}, {"column", ToJson(field.column)}}; }

Json ToJson(const StreamSpec& stream) {
  return {{"name", stream.name},
          {"schema_name", stream.schema_name},
          {"schema", stream.schema_json},
          {"slots", ArrayOf(stream.slots, [](const SlotSpec& slot) { return ToJson(slot); })},
          {"time_slot", stream.time_slot},
          {"watermark_us", stream.watermark_us}};
}

Json ToJson(const OutputSpec& output) {
  return {{"name", output.name},
          {"schema", output.schema_json},
          {"meta", output.meta},
          {"fields", ArrayOf(output.fields, [](const OutputField& field) { return ToJson(field); })}};
}

Json ToJson(const ErrorSite& site) {
  return {{"cause", site.cause},
          {"line", site.line},
          {"column", site.column},
          {"expression", site.expression},
          {"operands", ArrayOf(site.operands, [](ColumnKind kind) { return ColumnKindName(kind); })}};
}

Json ToJson(const ParamSpec& param) {
  Json json = {{"name", param.name}, {"column", ToJson(param.column)}, {"offset", param.offset}};
  if (param.is_null) {
    json["value"] = nullptr;
    return json;
  }
  switch (param.column.kind) {
    case ColumnKind::Bool: json["value"] = param.boolean; break;
    case ColumnKind::Double: json["value"] = Number(param.number); break;
    case ColumnKind::String: json["value"] = param.text; break;
    default: json["value"] = param.integer; break;
  }
  return json;
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
  if (rule.active_from) json["active_from"] = *rule.active_from;
  if (rule.active_to) json["active_to"] = *rule.active_to;
  if (!rule.key_slots.empty()) json["key_slots"] = rule.key_slots;
  if (rule.state_size != 0) json["state_size"] = rule.state_size;
  return json;
}

Json ToJson(const DecoderSpec& decoder) {
  return {{"stream", decoder.stream},
          {"writer_schema", decoder.writer_schema_json},
          {"slots", decoder.slots},
          {"field_paths", decoder.field_paths},
          {"module", decoder.module}};
}

Json ToJson(const ScanSpec& scan) {
  return {{"stream", scan.stream},
          {"rule", scan.rule},
          {"writer_schema", scan.writer_schema_json},
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

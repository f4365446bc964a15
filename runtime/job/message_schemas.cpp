#include "runtime/job/message_schemas.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "runtime/base/text.h"

namespace rulert {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

Result<std::string> ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error::Environment("cannot open `" + path.string() + "`");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Result<avro::SchemaPtr> Parse(const std::string& json, const std::string& where) {
  auto parsed = avro::ParseSchema(json);
  if (!parsed.document) return Error::Environment(where + ": " + parsed.error.message);
  return std::move(parsed.document);
}

// Of Length and Bare.
Result<avro::SchemaPtr> SchemaOf(const FileUri& uri, const StreamSpec& stream) {
  if (!uri.version) return Parse(stream.schema_json, "the schema of stream `" + stream.name + "`");
  for (const VersionSpec& version : stream.versions) {
    if (version.version == *uri.version) return Parse(version.schema_json, "version " + std::to_string(*uri.version));
  }
  return Error::Environment("`" + uri.path + "`: version " + std::to_string(*uri.version) + " of `" +
                            stream.schema_name + "` is not one that the rules accept");
}

Result<std::map<uint64_t, avro::SchemaPtr>> ByFingerprint(const StreamSpec& stream) {
  std::map<uint64_t, avro::SchemaPtr> schemas;
  auto own = Parse(stream.schema_json, "the schema of stream `" + stream.name + "`");
  if (!own.ok()) return own.error();
  schemas[avro::Fingerprint((*own)->root())] = *own;
  for (const VersionSpec& version : stream.versions) {
    auto schema = Parse(version.schema_json, "version " + std::to_string(version.version));
    if (!schema.ok()) return schema.error();
    schemas[avro::Fingerprint((*schema)->root())] = *schema;
  }
  return schemas;
}

// `{"17": "market.Trade/2"}`: the schema is in market.Trade/2.avsc beside the file. Ids of other schemas are nothing to
// this stream, and neither are those whose files are not there.
Result<std::map<uint32_t, avro::SchemaPtr>> ById(const fs::path& path, const StreamSpec& stream) {
  const auto text = ReadText(path);
  if (!text.ok()) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  const std::string where = "`" + path.string() + "`";
  if (!json.is_object()) return Error::Environment(where + ": an object of ids is expected, as in {\"17\": \"market.Trade/2\"}");
  std::map<uint32_t, avro::SchemaPtr> schemas;
  for (const auto& [id, value] : json.items()) {
    const auto number = ParseInteger(id);
    if (!number || *number < 0 || *number > UINT32_MAX || !value.is_string()) {
      return Error::Environment(where + ": `" + id + "` is no registry id with the name of a schema's file");
    }
    const auto name = value.get<std::string>();
    const size_t slash = name.rfind('/');
    if (slash == std::string::npos || !ParseInteger(name.substr(slash + 1)) || name.find("..") != std::string::npos) {
      return Error::Environment(where + ": `" + name + "` is no schema and version, as in `market.Trade/2`");
    }
    if (name.substr(0, slash) != stream.schema_name) continue;
    const auto schema_text = ReadText(path.parent_path() / (name + ".avsc"));
    if (!schema_text.ok()) return schema_text.error();
    auto schema = Parse(*schema_text, where + ", `" + name + "`");
    if (!schema.ok()) return schema.error();
    schemas[static_cast<uint32_t>(*number)] = *schema;
  }
  if (schemas.empty()) return Error::Environment(where + " names no version of `" + stream.schema_name + "`");
  return schemas;
}

}  // namespace

Result<MessageSchemas> FindMessageSchemas(const FileUri& uri, const StreamSpec& stream, const std::string& folder) {
  MessageSchemas schemas;
  if (uri.framing == Framing::Length || uri.framing == Framing::Bare) {
    auto only = SchemaOf(uri, stream);
    if (!only.ok()) return only.error();
    schemas.only = *only;
  } else if (uri.framing != Framing::Confluent) {
    auto found = ByFingerprint(stream);
    if (!found.ok()) return found.error();
    schemas.by_fingerprint = *found;
  } else {
    if (uri.ids.empty() && folder.empty()) {
      return Error::Environment("`" + uri.path + "`: where are the registry's ids? say `&ids=schemas/ids.json`");
    }
    auto found = ById(uri.ids.empty() ? fs::path(folder) / "ids.json" : fs::path(uri.ids), stream);
    if (!found.ok()) return found.error();
    schemas.by_id = *found;
  }
  return schemas;
}

}  // namespace rulert

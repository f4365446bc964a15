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

using Fingerprints = std::map<uint64_t, avro::SchemaPtr>;

Error AddSchema(const std::string& json, const std::string& where, Fingerprints* schemas) {
  auto schema = Parse(json, where);
  if (!schema.ok()) return schema.error();
  schemas->emplace(avro::Fingerprint((*schema)->root()), *schema);
  return {};
}

// `<folder>/market.Trade/<version>.avsc`: versions that came after the job was built.
Error AddFiles(const fs::path& folder, Fingerprints* schemas) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::path& path = it->path();
    if (path.extension() != ".avsc" || !ParseInteger(path.stem().string())) continue;
    const auto text = ReadText(path);
    if (!text.ok()) return text.error();
    if (Error wrong = AddSchema(*text, "`" + path.string() + "`", schemas)) return wrong;
  }
  return {};
}

// Versions that the rules do not accept are found too, so that their data are told from others.
Result<Fingerprints> ByFingerprint(const StreamSpec& stream, const std::string& folder) {
  Fingerprints schemas;
  if (Error error = AddSchema(stream.schema_json, "the schema of stream `" + stream.name + "`", &schemas)) return error;
  for (const auto* versions : {&stream.versions, &stream.not_accepted}) {
    for (const VersionSpec& version : *versions) {
      const std::string where = "version " + std::to_string(version.version) + " of `" + stream.schema_name + "`";
      if (Error error = AddSchema(version.schema_json, where, &schemas)) return error;
    }
  }
  if (folder.empty()) return schemas;
  if (Error error = AddFiles(fs::path(folder) / stream.schema_name, &schemas)) return error;
  return schemas;
}

// `{"17": "market.Trade/2"}`: the schema is in market.Trade/2.avsc beside the file.
Error ReadIds(const fs::path& path, const StreamSpec& stream, MessageSchemas* schemas) {
  const auto text = ReadText(path);
  if (!text.ok()) return text.error();
  const Json json = Json::parse(*text, nullptr, false);
  const std::string where = "`" + path.string() + "`";
  if (!json.is_object())
    return Error::Environment(where + ": an object of ids is expected, as in {\"17\": \"market.Trade/2\"}");
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
    if (name.substr(0, slash) != stream.schema_name) {
      schemas->other_ids[static_cast<uint32_t>(*number)] = name;
      continue;
    }
    const auto schema_text = ReadText(path.parent_path() / (name + ".avsc"));
    if (!schema_text.ok()) return schema_text.error();
    auto schema = Parse(*schema_text, where + ", `" + name + "`");
    if (!schema.ok()) return schema.error();
    schemas->by_id[static_cast<uint32_t>(*number)] = *schema;
  }
  if (schemas->by_id.empty()) return Error::Environment(where + " names no version of `" + stream.schema_name + "`");
  return {};
}

}  // namespace

Result<MessageSchemas> FindMessageSchemas(const FileUri& uri, const StreamSpec& stream, const std::string& folder) {
  MessageSchemas schemas;
  if (uri.framing == Framing::Length || uri.framing == Framing::Bare) {
    auto only = SchemaOf(uri, stream);
    if (!only.ok()) return only.error();
    schemas.only = *only;
  } else if (uri.framing != Framing::Confluent) {
    auto found = ByFingerprint(stream, folder);
    if (!found.ok()) return found.error();
    schemas.by_fingerprint = *found;
  } else {
    if (uri.ids.empty() && folder.empty()) {
      return Error::Environment("`" + uri.path + "`: where are the registry's ids? say `&ids=schemas/ids.json`");
    }
    const fs::path ids = uri.ids.empty() ? fs::path(folder) / "ids.json" : fs::path(uri.ids);
    if (Error error = ReadIds(ids, stream, &schemas)) return error;
  }
  return schemas;
}

}  // namespace rulert

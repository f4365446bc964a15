#include "compiler/check/version_proof.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "avro/compatibility.h"

namespace rulec::check {
namespace {

// The record of a type that is one, or may be one; null if there is none or no single one.
const avro::Schema* RecordIn(const avro::Schema& type) {
  if (type.kind == avro::Kind::Record) return &type;
  if (type.kind != avro::Kind::Union) return nullptr;
  const avro::Schema* record = nullptr;
  for (const avro::Schema* branch : type.branches) {
    if (branch->kind == avro::Kind::Null) continue;
    if (branch->kind != avro::Kind::Record || record) return nullptr;
    record = branch;
  }
  return record;
}

// As avro/schema_match.h: by name, else by an alias of the reader's that no field of the reader has as its name.
const avro::Field* WriterField(const avro::Schema& writer, const avro::Field& field) {
  if (const int index = writer.FieldIndex(field.name); index >= 0) return &writer.fields[static_cast<size_t>(index)];
  for (const std::string& alias : field.aliases) {
    if (const int index = writer.FieldIndex(alias); index >= 0) return &writer.fields[static_cast<size_t>(index)];
  }
  return nullptr;
}

bool SameRecord(const avro::Schema& writer, const avro::Schema& reader) {
  const auto simple = [](std::string_view name) {
    const size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? name : name.substr(dot + 1);
  };
  if (simple(writer.name) == simple(reader.name)) return true;
  return std::find(reader.aliases.begin(), reader.aliases.end(), writer.name) != reader.aliases.end();
}

class PathProof {
 public:
  PathProof(const typed::SchemaVersion& version, const avro::Schema& reader, std::string_view path)
      : version_(version), reader_(reader), path_(path) {}

  bool absent = false;

  std::optional<VersionGap> Prove() {
    const avro::Schema* reader = &reader_;
    const avro::Schema* writer = &version_.document->root();
    while (true) {
      const size_t dot = path_.find('.', at_);
      const std::string_view name = path_.substr(at_, dot == std::string_view::npos ? dot : dot - at_);
      const int index = reader->FieldIndex(name);
      if (index < 0 || writer->kind != avro::Kind::Record) return std::nullopt;  // told elsewhere
      const avro::Field& field = reader->fields[static_cast<size_t>(index)];
      const std::string_view path = path_.substr(0, dot);
      const avro::Field* written = WriterField(*writer, field);
      if (!written) {
        absent = true;
        if (field.default_json) return std::nullopt;
        return Gap(VersionGap::Kind::Missing, path, field, nullptr, "");
      }
      if (dot == std::string_view::npos) return Value(path, field, *written);
      const avro::Schema* inner = RecordIn(*field.type);
      const avro::Schema* inner_written = RecordIn(*written->type);
      if (!inner || !inner_written || !SameRecord(*inner_written, *inner)) return Value(path, field, *written);
      if (written->type->kind == avro::Kind::Union && written->type->NullBranch() >= 0 &&
          (field.type->kind != avro::Kind::Union || field.type->NullBranch() < 0)) {
        return Gap(VersionGap::Kind::Type, path, field, written, "it may be null there");
      }
      reader = inner;
      writer = inner_written;
      at_ = dot + 1;
    }
  }

 private:
  std::optional<VersionGap> Value(std::string_view path, const avro::Field& field, const avro::Field& written) {
    const std::vector<avro::Incompatibility> wrong = avro::CheckCompatibility(*field.type, *written.type);
    if (!wrong.empty()) return Gap(VersionGap::Kind::Type, path, field, &written, wrong.front().message);
    const std::vector<avro::LogicalChange> changes = avro::CompareLogicalTypes(*field.type, *written.type);
    if (!changes.empty()) return Gap(VersionGap::Kind::Logical, path, field, &written, changes.front().message);
    return std::nullopt;
  }

  VersionGap Gap(VersionGap::Kind kind, std::string_view path, const avro::Field& field, const avro::Field* written,
                 std::string message) const {
    return {kind, version_.version, version_.file, written, &field, std::string(path), std::move(message)};
  }

  const typed::SchemaVersion& version_;
  const avro::Schema& reader_;
  const std::string_view path_;
  size_t at_ = 0;
};

}  // namespace

const FieldProof& VersionProofs::Of(const typed::Schema& schema, const std::string& path) {
  std::string key = schema.full_name;
  for (const typed::SchemaVersion& version : schema.accepted) key += "," + std::to_string(version.version);
  key += ":" + path;
  const auto [at, added] = known_.try_emplace(std::move(key));
  if (!added) return at->second;
  for (const typed::SchemaVersion& version : schema.accepted) {
    if (version.version == schema.version || !version.document) continue;
    PathProof proof(version, schema.document->root(), path);
    if (std::optional<VersionGap> gap = proof.Prove()) at->second.gaps.push_back(std::move(*gap));
    at->second.absent_somewhere = at->second.absent_somewhere || proof.absent;
  }
  return at->second;
}

}  // namespace rulec::check

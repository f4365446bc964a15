#include "avro/schema_match.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "avro/names.h"

namespace avro {
namespace {

enum class Closeness : uint8_t { FullName, ShortName, Promoted, None };

bool HasAlias(const Schema& schema, const std::string& full_name) {
  return std::find(schema.aliases.begin(), schema.aliases.end(), full_name) != schema.aliases.end();
}

Closeness Compare(const Schema& writer, const Schema& reader) {
  if (writer.kind != reader.kind) return Promotes(writer.kind, reader.kind) ? Closeness::Promoted : Closeness::None;
  if (writer.name == reader.name || HasAlias(reader, writer.name)) return Closeness::FullName;
  return NamesMatch(writer, reader) ? Closeness::ShortName : Closeness::None;
}

}  // namespace

bool NamesMatch(const Schema& writer, const Schema& reader) {
  return ShortName(writer.name) == ShortName(reader.name) || HasAlias(reader, writer.name);
}

bool Promotes(Kind writer, Kind reader) {
  switch (reader) {
    case Kind::Long: return writer == Kind::Int;
    case Kind::Float: return writer == Kind::Int || writer == Kind::Long;
    case Kind::Double: return writer == Kind::Int || writer == Kind::Long || writer == Kind::Float;
    case Kind::Bytes: return writer == Kind::String;
    case Kind::String: return writer == Kind::Bytes;
    default: return false;
  }
}

std::vector<uint32_t> MatchingBranches(const Schema& writer, const Schema& reader) {
  std::vector<uint32_t> by_closeness[static_cast<size_t>(Closeness::None) + 1];
  for (size_t i = 0; i < reader.branches.size(); ++i) {
    by_closeness[static_cast<size_t>(Compare(writer, *reader.branches[i]))].push_back(static_cast<uint32_t>(i));
  }
  std::vector<uint32_t> branches;
  for (const Closeness closeness : {Closeness::FullName, Closeness::ShortName, Closeness::Promoted}) {
    const auto& some = by_closeness[static_cast<size_t>(closeness)];
    branches.insert(branches.end(), some.begin(), some.end());
  }
  return branches;
}

std::vector<int32_t> MatchingFields(const Schema& writer, const Schema& reader) {
  std::unordered_map<std::string_view, int32_t> free;
  for (size_t i = 0; i < writer.fields.size(); ++i) free.emplace(writer.fields[i].name, static_cast<int32_t>(i));
  std::vector<int32_t> matches(reader.fields.size(), -1);
  const auto take = [&](size_t field, const std::string& name) {
    const auto found = free.find(name);
    if (found == free.end()) return;
    matches[field] = found->second;
    free.erase(found);
  };
  for (size_t i = 0; i < matches.size(); ++i) take(i, reader.fields[i].name);
  for (size_t i = 0; i < matches.size(); ++i) {
    for (const std::string& alias : reader.fields[i].aliases) {
      if (matches[i] < 0) take(i, alias);
    }
  }
  return matches;
}

}  // namespace avro

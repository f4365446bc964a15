#include "compiler/driver/schema_place.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "avro/json_tree.h"

namespace rulec {
namespace {

const avro::JsonValue* Item(const avro::JsonValue& list, std::string_view index) {
  size_t number = 0;
  const auto [end, error] = std::from_chars(index.data(), index.data() + index.size(), number);
  const bool whole = error == std::errc() && end == index.data() + index.size();
  return whole && number < list.items.size() ? &list.items[number] : nullptr;
}

// RFC 6901: ~1 is a slash, ~0 a tilde.
std::string Unescape(std::string_view part) {
  std::string out;
  for (size_t i = 0; i < part.size(); ++i) {
    const bool escape = part[i] == '~' && i + 1 < part.size();
    out += !escape ? part[i] : part[i + 1] == '1' ? '/' : '~';
    i += escape;
  }
  return out;
}

// An object is shown by its name where it has one: braces over many lines say little.
const avro::JsonValue& Shown(const avro::JsonValue& value) {
  const avro::JsonValue* name = value.is_object() ? value.Find("name") : nullptr;
  return name != nullptr && name->is_string() ? *name : value;
}

}  // namespace

Span SchemaPlace(const SourceSet& sources, FileId file, std::string_view path) {
  const std::string_view text = sources.file(file).text();
  avro::JsonValue root;
  if (!avro::ParseJsonTree(text, &root).message.empty()) {
    return {file, 0, static_cast<uint32_t>(std::min(text.find('\n'), text.size()))};
  }
  const avro::JsonValue* at = &root;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const size_t end = std::min(path.find('/'), path.size());
    const std::string part = Unescape(path.substr(0, end));
    path.remove_prefix(end);
    const avro::JsonValue* next = at->is_array() ? Item(*at, part) : at->is_object() ? at->Find(part) : nullptr;
    if (next == nullptr) break;
    at = next;
  }
  const avro::JsonValue& shown = Shown(*at);
  return {file, static_cast<uint32_t>(shown.begin), static_cast<uint32_t>(shown.end)};
}

}  // namespace rulec

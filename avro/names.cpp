#include "avro/names.h"

#include <algorithm>

namespace avro {
namespace {

bool IsLetter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; }
bool IsLetterOrDigit(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

}  // namespace

bool IsName(std::string_view name) {
  return !name.empty() && IsLetter(name.front()) && std::all_of(name.begin(), name.end(), IsLetterOrDigit);
}

bool IsNamespace(std::string_view name) {
  while (true) {
    const size_t dot = name.find('.');
    if (!IsName(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

std::string_view NamespaceOf(std::string_view full_name) {
  const size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? std::string_view() : full_name.substr(0, dot);
}

std::string_view ShortName(std::string_view full_name) {
  const size_t dot = full_name.rfind('.');
  return dot == std::string_view::npos ? full_name : full_name.substr(dot + 1);
}

std::string FullName(std::string_view name, std::string_view name_space) {
  if (name.rfind('.') == 0) return std::string(name.substr(1));
  if (name_space.empty() || name.find('.') != std::string_view::npos) return std::string(name);
  return std::string(name_space) + "." + std::string(name);
}

std::optional<Kind> PrimitiveKind(std::string_view name) {
  for (Kind kind :
       {Kind::Null, Kind::Bool, Kind::Int, Kind::Long, Kind::Float, Kind::Double, Kind::Bytes, Kind::String}) {
    if (KindName(kind) == name) return kind;
  }
  return std::nullopt;
}

}  // namespace avro

#include "compiler/check/names_elsewhere.h"

#include <algorithm>

#include "compiler/check/library_types.h"

namespace rulec::check {
namespace {

#define RULEC_ELSEWHERE(name, here, help) {name, here, help},
constexpr NameElsewhere kNames[] = {
#include "compiler/check/names_elsewhere.def"
};
#undef RULEC_ELSEWHERE

}  // namespace

std::span<const NameElsewhere> NamesElsewhere() { return kNames; }

std::string PlainName(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c != '_') plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  }
  return plain;
}

const NameElsewhere* FindElsewhere(std::string_view name) {
  const std::string plain = PlainName(name);
  const auto found =
      std::lower_bound(std::begin(kNames), std::end(kNames), plain,
                       [](const NameElsewhere& row, const std::string& text) { return row.name < text; });
  return found != std::end(kNames) && found->name == plain ? found : nullptr;
}

std::string_view FunctionMeant(std::string_view member) {
  for (const std::string_view name : FunctionNames()) {
    if (name == member) return name;
  }
  const NameElsewhere* elsewhere = FindElsewhere(member);
  return elsewhere ? elsewhere->here : std::string_view{};
}

}  // namespace rulec::check

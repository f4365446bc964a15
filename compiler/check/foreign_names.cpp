#include "compiler/check/foreign_names.h"

#include <algorithm>
#include <array>
#include <string>

namespace rulec::check {
namespace {

struct Entry {
  std::string_view name;  // in small letters
  ForeignName meaning;
};

constexpr std::string_view kSmall = "keywords are lower case";
constexpr std::string_view kNothing = "what is not there is `null`";
constexpr std::string_view kClock = "rules see no clock but that of the events: `@time`";
constexpr std::string_view kCalled = "it is called so";

constexpr std::array kValues = {
    Entry{"null", {"null", kSmall}},     Entry{"true", {"true", kSmall}},
    Entry{"false", {"false", kSmall}},   Entry{"none", {"null", kNothing}},
    Entry{"nil", {"null", kNothing}},    Entry{"undefined", {"null", kNothing}},
    Entry{"now", {{}, kClock}},          Entry{"today", {{}, kClock}},
    Entry{"sysdate", {{}, kClock}},      Entry{"current_timestamp", {{}, kClock}},
    Entry{"current_date", {{}, kClock}}, Entry{"current_time", {{}, kClock}},
    Entry{"event_time", {{}, kClock}},   Entry{"rowtime", {{}, kClock}},
    Entry{"proctime", {{}, kClock}},
};

constexpr std::array kTypes = {
    Entry{"text", {"string", kCalled}},
    Entry{"str", {"string", kCalled}},
    Entry{"varchar", {"string", kCalled}},
    Entry{"char", {"string", kCalled}},
    Entry{"integer", {"int", kCalled}},
    Entry{"int32", {"int", kCalled}},
    Entry{"i32", {"int", kCalled}},
    Entry{"smallint", {"int", kCalled}},
    Entry{"int64", {"long", kCalled}},
    Entry{"i64", {"long", kCalled}},
    Entry{"bigint", {"long", kCalled}},
    Entry{"number", {"double", kCalled}},
    Entry{"real", {"float", kCalled}},
    Entry{"float32", {"float", kCalled}},
    Entry{"f32", {"float", kCalled}},
    Entry{"float64", {"double", kCalled}},
    Entry{"f64", {"double", kCalled}},
    Entry{"numeric", {{}, "decimals are `decimal(18, 2)`"}},
    Entry{"money", {{}, "decimals are `decimal(18, 2)`"}},
    Entry{"boolean", {"bool", kCalled}},
    Entry{"datetime", {"timestamp", kCalled}},
    Entry{"instant", {"timestamp", kCalled}},
    Entry{"time", {"timeofday", kCalled}},
    Entry{"interval", {"duration", kCalled}},
    Entry{"timedelta", {"duration", kCalled}},
    Entry{"binary", {"bytes", kCalled}},
    Entry{"blob", {"bytes", kCalled}},
    Entry{"guid", {"uuid", kCalled}},
    Entry{"array", {{}, "a list is `list<long>`"}},
    Entry{"list", {{}, "a list is `list<long>`"}},
    Entry{"vector", {{}, "a list is `list<long>`"}},
    Entry{"map", {{}, "a map is `map<long>`, its keys are strings"}},
    Entry{"dict", {{}, "a map is `map<long>`, its keys are strings"}},
};

template <size_t N>
std::optional<ForeignName> Find(const std::array<Entry, N>& entries, std::string_view name) {
  std::string lower(name);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& e) { return e.name == lower; });
  return found == entries.end() ? std::nullopt : std::optional(found->meaning);
}

template <size_t N>
std::vector<std::string_view> RightOf(const std::array<Entry, N>& entries) {
  std::vector<std::string_view> right;
  for (const Entry& entry : entries) {
    if (!entry.meaning.right.empty()) right.push_back(entry.meaning.right);
  }
  return right;
}

}  // namespace

std::vector<std::string_view> RightTypes() { return RightOf(kTypes); }
std::optional<ForeignName> ForeignValue(std::string_view name) { return Find(kValues, name); }
std::optional<ForeignName> ForeignType(std::string_view name) { return Find(kTypes, name); }

}  // namespace rulec::check

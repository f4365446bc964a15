// JSON lines, sound and damaged, against a parser that builds a tree and a reader that walks it.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "runtime/decode/text_fixture.h"

namespace rulert {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kSchema = R"({"type":"record","name":"Event","fields":[
  {"name":"a","type":"long"},
  {"name":"b","type":["null","string"],"default":null},
  {"name":"c","type":{"type":"array","items":"int"},"default":[]},
  {"name":"d","type":{"type":"map","values":"double"},"default":{}},
  {"name":"e","type":["null",{"type":"record","name":"E","fields":[
    {"name":"x","type":"boolean"},{"name":"y","type":"string","default":"why not"}]}],"default":null}]})";

// What a value is read as; nothing if it is refused.
using Read = std::optional<Json>;

Read Whole(const Json& value, int64_t least, int64_t most) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() && value.get<uint64_t>() > static_cast<uint64_t>(most)) return std::nullopt;
  const auto number = value.get<int64_t>();
  return number < least || number > most ? Read() : Read(number);
}

Read Double(const Json& value) {
  if (value.is_number()) return Json(value.get<double>());
  const bool named = value.is_string() && (value == "NaN" || value == "Infinity" || value == "-Infinity");
  return named ? Read(value) : Read();
}

Read ReadNested(const Json& value) {
  if (value.is_null()) return value;
  if (!value.is_object() || !value.contains("x") || !value["x"].is_boolean()) return std::nullopt;
  if (value.contains("y") && !value["y"].is_string()) return std::nullopt;
  return Json{{"x", value["x"]}, {"y", value.value("y", "why not")}};
}

Read ReadList(const Json& value) {
  if (!value.is_array()) return std::nullopt;
  Json list = Json::array();
  for (const Json& item : value) {
    const Read read = Whole(item, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max());
    if (!read) return std::nullopt;
    list.push_back(*read);
  }
  return list;
}

Read ReadMap(const Json& value) {
  if (!value.is_object()) return std::nullopt;
  Json map = Json::object();
  for (const auto& [key, item] : value.items()) {
    const Read read = Double(item);
    if (!read) return std::nullopt;
    map[key] = *read;
  }
  return map;
}

Read ReadEvent(const Json& value) {
  if (!value.is_object() || !value.contains("a")) return std::nullopt;
  Json event;
  const auto add = [&](const char* name, const Read& read) {
    if (read) event[name] = *read;
    return read.has_value();
  };
  const auto member = [&](const char* name, const Json& missing) {
    return value.contains(name) ? value[name] : missing;
  };
  const Json text = member("b", nullptr);
  const bool read =
      add("a", Whole(value["a"], std::numeric_limits<int64_t>::min(), std::numeric_limits<int64_t>::max())) &&
      add("b", text.is_null() || text.is_string() ? Read(text) : Read()) &&
      add("c", ReadList(member("c", Json::array()))) && add("d", ReadMap(member("d", Json::object()))) &&
      add("e", ReadNested(member("e", nullptr)));
  return read ? Read(event) : Read();
}

class Lines {
 public:
  explicit Lines(uint64_t seed) : random_(seed) {}

  std::string Next() {
    std::string line = "{" + Blank() + "\"a\":" + Number();
    const char* const names[] = {"b", "c", "d", "e"};
    for (size_t i = 0; i < 4; ++i) {
      if (Of(3) != 0) line += Blank() + "," + Blank() + "\"" + names[i] + "\"" + Blank() + ":" + Value(i);
    }
    line += Blank() + "}";
    if (Of(2) == 0) Damage(&line);
    return line;
  }

 private:
  uint64_t Of(uint64_t n) { return random_() % n; }
  std::string Blank() { return Of(6) == 0 ? " " : ""; }
  std::string Number() {
    switch (Of(6)) {
      case 0: return std::to_string(static_cast<int64_t>(random_()));
      case 1: return std::to_string(random_());
      case 2: return "-" + std::to_string(Of(1000));
      default: return std::to_string(Of(1) + Of(100));
    }
  }
  std::string Text() {
    std::string text = "\"";
    const char* const parts[] = {"a", "longer than twelve", "é", "\\n", "\\u00e9", "\\ud83d\\ude00", "😃", "\\\"", ""};
    for (uint64_t n = Of(4); n > 0; --n) text += parts[Of(std::size(parts))];
    return text + "\"";
  }
  std::string Double() {
    std::string number = std::to_string(Of(100'000));
    if (Of(2) == 0) number += "." + std::to_string(random_() >> Of(60));
    if (Of(4) == 0) number += "e" + std::to_string(static_cast<int>(Of(40)) - 20);
    return Of(10) == 0 ? "\"NaN\"" : number;
  }
  std::string Value(size_t field) {
    if (field == 0) return Of(5) == 0 ? "null" : Text();
    if (field == 3) return Of(4) == 0 ? "null" : Of(2) == 0 ? R"({"x":true})" : R"({"y":)" + Text() + R"(,"x":false})";
    std::string list(1, field == 1 ? '[' : '{');
    for (uint64_t n = Of(4), i = 0; i < n; ++i) {
      if (i > 0) list += ",";
      list += field == 1 ? std::to_string(Of(1000)) : "\"k" + std::to_string(i) + "\":" + Double();
    }
    return list + (field == 1 ? ']' : '}');
  }
  void Damage(std::string* line) {
    constexpr std::string_view kLetters = "{}[]:,\"\\0123456789-+.eEtfnu \t\xFF\x01";
    for (uint64_t n = Of(3); n > 0; --n) {
      const size_t at = Of(line->size());
      const char letter = kLetters[Of(kLetters.size())];
      switch (Of(3)) {
        case 0: (*line)[at] = letter; break;
        case 1: line->insert(at, 1, letter); break;
        default: line->erase(at, 1 + Of(3)); break;
      }
      if (line->empty()) *line = "x";
    }
  }

  std::mt19937_64 random_;
};

// Members that the schema lacks are not looked into, so that a tree may refuse what is read here.
bool OnlyKnown(const Json& value) {
  for (const auto& [key, member] : value.items()) {
    if (key.size() != 1 || key[0] < 'a' || key[0] > 'e') return false;
  }
  if (!value.contains("e") || !value["e"].is_object()) return true;
  for (const auto& [key, member] : value["e"].items()) {
    if (key != "x" && key != "y") return false;
  }
  return true;
}

// Is some text in front of a colon none of the schema's names, nor a map's?
bool HasUnknownKey(const std::string& line) {
  for (size_t colon = line.find(':'); colon != std::string::npos; colon = line.find(':', colon + 1)) {
    const size_t end = line.find_last_not_of(' ', colon - 1);
    const size_t begin = end == std::string::npos || end == 0 ? std::string::npos : line.rfind('"', end - 1);
    if (begin == std::string::npos) return true;
    const std::string key = line.substr(begin + 1, end - begin - 1);
    if (key.size() != 1 && !(key.size() == 2 && key[0] == 'k')) return true;
    if (key.size() == 1 && std::string("abcdexy").find(key) == std::string::npos) return true;
    if ((key == "x" || key == "y") && line.find("\"e\"") == std::string::npos) return true;
  }
  return false;
}

TEST(JsonOracle, LinesAreReadAsTheirTrees) {
  TextRows rows{std::string(kSchema)};
  const RecordDecoderPtr decoder = rows.Json();
  constexpr uint64_t kSeed = 11;
  Lines lines(kSeed);
  size_t sound = 0;
  size_t refused = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string line = lines.Next();
    const Json tree = Json::parse(line, nullptr, false);
    const auto outcome = rows.Read(*decoder, line + "\n");
    const bool blank = line.find_first_not_of(" \t\r") == std::string::npos;
    ASSERT_EQ(outcome.rows + outcome.errors.size(), blank ? 0u : 1u) << line;
    if (tree.is_discarded()) {
      // Only in a member that nobody reads may something be wrong that is not noticed.
      EXPECT_TRUE(outcome.rows == 0 || HasUnknownKey(line)) << line;
      ++refused;
      continue;
    }
    const Read expected = ReadEvent(tree);
    if (!tree.is_object() || !OnlyKnown(tree)) continue;
    ASSERT_EQ(outcome.rows == 1, expected.has_value()) << line;
    if (!expected) continue;
    ++sound;
    ASSERT_EQ(Json::parse(rows.WriteJson()), *expected) << line;
  }
  EXPECT_GT(sound, 30'000u);
  EXPECT_GT(refused, 10'000u);
}

}  // namespace
}  // namespace rulert

#include "avro/default_check.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "avro/number_text.h"

namespace avro {
namespace {

// Bytes in JSON are text of code points 0 to 255, one for each byte. Returns their number, or -1.
int64_t ByteCount(std::string_view text) {
  int64_t count = 0;
  for (size_t i = 0; i < text.size(); ++i, ++count) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) continue;
    if (c != 0xC2 && c != 0xC3) return -1;
    ++i;
  }
  return count;
}

std::string Joined(std::string_view step, const std::string& path) {
  const bool dot = !path.empty() && path.front() != '[';
  return std::string(step) + (dot ? "." : "") + path;
}

}  // namespace

DefaultProblem DefaultChecker::Check(const Field& field, const JsonValue& json) {
  problem_ = {};
  current_uses_.clear();
  if (!CheckValue(*field.type, json)) return problem_;
  if (!current_uses_.empty()) uses_[&field] = current_uses_;
  return {};
}

bool DefaultChecker::Fail(const JsonValue& json, std::string message) {
  problem_ = {std::move(message), json.begin, ""};
  return false;
}

bool DefaultChecker::Misfit(const Schema& schema, const JsonValue& json) {
  return Fail(json, "the default is " + std::string(JsonTypeName(json.type)) + ", which is no " + Describe(schema));
}

bool DefaultChecker::CheckValue(const Schema& schema, const JsonValue& json) {
  if (++steps_ > kMaxSteps) return Fail(json, "the defaults of this schema are too intricate to check");
  switch (schema.kind) {
    case Kind::Null: return json.type == JsonValue::Type::Null || Misfit(schema, json);
    case Kind::Bool: return json.type == JsonValue::Type::Bool || Misfit(schema, json);
    case Kind::Int:
    case Kind::Long:
    case Kind::Float:
    case Kind::Double: return CheckNumber(schema, json);
    case Kind::String: return json.is_string() || Misfit(schema, json);
    case Kind::Bytes:
    case Kind::Fixed: return CheckBytes(schema, json);
    case Kind::Enum:
      if (!json.is_string()) return Misfit(schema, json);
      if (std::find(schema.symbols.begin(), schema.symbols.end(), json.text) != schema.symbols.end()) return true;
      return Fail(json, "the default `" + json.text + "` is no symbol of " + Describe(schema));
    case Kind::Array:
    case Kind::Map: return CheckItems(schema, json);
    case Kind::Union: return CheckUnion(schema, json);
    case Kind::Record: return CheckRecord(schema, json);
  }
  return false;
}

bool DefaultChecker::CheckNumber(const Schema& schema, const JsonValue& json) {
  const bool whole = json.type == JsonValue::Type::Integer;
  const bool number = whole || json.type == JsonValue::Type::Huge || json.type == JsonValue::Type::Double;
  if (!number) return Misfit(schema, json);
  if (schema.kind == Kind::Float || schema.kind == Kind::Double) return true;
  if (json.type == JsonValue::Type::Double) {
    return Fail(json, "the default is no whole number, but the type is " + Describe(schema));
  }
  const bool fits = whole && (schema.kind == Kind::Long || (json.integer >= std::numeric_limits<int32_t>::min() &&
                                                            json.integer <= std::numeric_limits<int32_t>::max()));
  return fits || Fail(json, "the default is beyond what " + Describe(schema) + " can hold");
}

bool DefaultChecker::CheckBytes(const Schema& schema, const JsonValue& json) {
  if (!json.is_string()) return Misfit(schema, json);
  const int64_t count = ByteCount(json.text);
  if (count < 0) return Fail(json, "the default of " + Describe(schema) + " has a character beyond \\u00FF");
  if (schema.kind == Kind::Fixed && count != schema.size) {
    return Fail(json, "the default has " + WithCommas(count) + " bytes, but " + Describe(schema) + " has " +
                          WithCommas(uint64_t{schema.size}));
  }
  return true;
}

bool DefaultChecker::CheckItems(const Schema& schema, const JsonValue& json) {
  const bool fits = schema.kind == Kind::Array ? json.is_array() : json.is_object();
  if (!fits) return Misfit(schema, json);
  for (size_t i = 0; i < json.items.size(); ++i) {
    if (CheckValue(*schema.items, json.items[i])) continue;
    const std::string step = "[" + (json.is_array() ? std::to_string(i) : json.keys[i].name) + "]";
    problem_.path = Joined(step, problem_.path);
    return false;
  }
  return true;
}

bool DefaultChecker::CheckUnion(const Schema& schema, const JsonValue& json) {
  const size_t uses = current_uses_.size();
  for (const Schema* branch : schema.branches) {
    if (CheckValue(*branch, json)) {
      problem_ = {};
      return true;
    }
    if (steps_ > kMaxSteps) return false;
    current_uses_.resize(uses);
  }
  // With `null` and one other branch the reason why that one does not fit says more.
  const bool told = schema.branches.size() == 2 && schema.NullBranch() == 0 && json.type != JsonValue::Type::Null &&
                    !problem_.path.empty();
  return told ? false : Misfit(schema, json);
}

bool DefaultChecker::CheckRecord(const Schema& schema, const JsonValue& json) {
  if (!json.is_object()) return Misfit(schema, json);
  std::unordered_map<std::string_view, const JsonValue*> members;
  for (size_t i = 0; i < json.keys.size(); ++i) members.emplace(json.keys[i].name, &json.items[i]);
  for (const Field& field : schema.fields) {
    const auto member = members.find(field.name);
    if (member == members.end()) {
      if (!field.default_json) {
        return Fail(json, "the default lacks the field `" + field.name + "` of " + Describe(schema));
      }
      current_uses_.push_back(&field);
      if (++steps_ > kMaxSteps) return Fail(json, "the defaults of this schema are too intricate to check");
      continue;
    }
    if (CheckValue(*field.type, *member->second)) continue;
    problem_.path = Joined(field.name, problem_.path);
    return false;
  }
  return true;
}

const Field* DefaultChecker::Endless() const {
  enum class Mark : uint8_t { Open, Done };
  struct Visit {
    const Field* field;
    size_t next;
  };
  std::unordered_map<const Field*, Mark> marks;
  for (const auto& [start, unused] : uses_) {
    if (!marks.emplace(start, Mark::Open).second) continue;
    std::vector<Visit> open{{start, 0}};
    while (!open.empty()) {
      Visit& top = open.back();
      const auto uses = uses_.find(top.field);
      if (uses == uses_.end() || top.next == uses->second.size()) {
        marks[top.field] = Mark::Done;
        open.pop_back();
        continue;
      }
      const Field* used = uses->second[top.next++];
      const auto [mark, fresh] = marks.emplace(used, Mark::Open);
      if (fresh) {
        open.push_back({used, 0});
      } else if (mark->second == Mark::Open) {
        return used;
      }
    }
  }
  return nullptr;
}

}  // namespace avro

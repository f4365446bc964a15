#include "avro/random_schema.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

namespace avro {
namespace {

class SchemaWriter {
 public:
  SchemaWriter(uint64_t seed, const RandomSchemaOptions& options) : random_(seed), options_(options) {}

  std::string Write() {
    if (options_.top_is_record) return Record(0);
    return Type(0, false);
  }

 private:
  uint64_t Below(uint64_t bound) { return random_() % bound; }
  bool OneIn(uint64_t chances) { return Below(chances) == 0; }
  std::string NewName(const char* prefix) { return prefix + std::to_string(next_name_++); }

  // `{"type":"record","name":…`: sometimes with a namespace, given in one of its two ways.
  std::string Head(const char* kind, const std::string& name, std::string* full) {
    std::string space = space_;
    std::string written = name;
    std::string attribute;
    if (OneIn(4)) {
      space = OneIn(2) ? "data.market" : "other";
      if (OneIn(2)) {
        written = space + "." + name;
      } else {
        attribute = ",\"namespace\":\"" + space + "\"";
      }
    }
    *full = space.empty() ? name : space + "." + name;
    return std::string("{\"type\":\"") + kind + "\",\"name\":\"" + written + "\"" + attribute;
  }

  std::string Primitive() {
    static constexpr const char* kPlain[] = {"\"null\"",  "\"boolean\"", "\"int\"",   "\"long\"",
                                             "\"float\"", "\"double\"",  "\"bytes\"", "\"string\""};
    static constexpr const char* kLogical[] = {R"({"type":"int","logicalType":"date"})",
                                               R"({"type":"int","logicalType":"time-millis"})",
                                               R"({"type":"long","logicalType":"time-micros"})",
                                               R"({"type":"long","logicalType":"timestamp-millis"})",
                                               R"({"type":"long","logicalType":"timestamp-micros"})",
                                               R"({"type":"long","logicalType":"timestamp-nanos"})",
                                               R"({"type":"long","logicalType":"local-timestamp-millis"})",
                                               R"({"type":"long","logicalType":"local-timestamp-micros"})",
                                               R"({"type":"bytes","logicalType":"decimal","precision":18,"scale":4})",
                                               R"({"type":"string","logicalType":"uuid"})"};
    if (options_.logical_types && OneIn(4)) return kLogical[Below(std::size(kLogical))];
    return kPlain[Below(std::size(kPlain))];
  }

  std::string Enum() {
    std::string full;
    std::string text = Head("enum", NewName("Enum"), &full) + ",\"symbols\":[";
    const uint64_t count = OneIn(8) ? 1 + Below(200) : 1 + Below(5);
    for (uint64_t i = 0; i < count; ++i) text += (i > 0 ? ",\"S" : "\"S") + std::to_string(i) + "\"";
    defined_.push_back(full);
    return text + "]}";
  }

  std::string Fixed() {
    std::string full;
    std::string text = Head("fixed", NewName("Fixed"), &full);
    defined_.push_back(full);
    if (options_.logical_types && OneIn(3)) {
      if (OneIn(2)) return text + R"(,"size":12,"logicalType":"duration"})";
      return text + R"(,"size":16,"logicalType":"decimal","precision":38,"scale":10})";
    }
    return text + ",\"size\":" + std::to_string(Below(20)) + "}";
  }

  std::string Union(int depth) {
    std::string text = "[";
    const uint64_t count = 1 + Below(static_cast<uint64_t>(options_.max_branches));
    const bool has_null = OneIn(2);
    // One unnamed branch of each kind at most: they are drawn in order from this list.
    std::vector<std::string> branches;
    if (has_null) branches.push_back("\"null\"");
    static constexpr const char* kKinds[] = {"\"int\"",    "\"long\"",  "\"boolean\"", "\"double\"",
                                             "\"string\"", "\"bytes\"", "\"float\""};
    const uint64_t first = Below(std::size(kKinds));
    for (uint64_t i = 0; branches.size() < count; ++i) {
      if (i > 0 && depth < options_.max_depth && OneIn(3)) {
        branches.push_back(OneIn(2) ? Record(depth + 1) : Enum());
      } else {
        branches.push_back(kKinds[(first + i) % std::size(kKinds)]);
      }
    }
    if (depth < options_.max_depth && OneIn(4)) {
      branches.push_back("{\"type\":\"array\",\"items\":" + Type(depth + 1, true) + "}");
    }
    // To the end; the others keep their order, as one may refer to what an earlier one defines.
    if (has_null && OneIn(3)) std::rotate(branches.begin(), branches.begin() + 1, branches.end());
    for (size_t i = 0; i < branches.size(); ++i) text += (i > 0 ? "," : "") + branches[i];
    return text + "]";
  }

  // A reference to a type; to an enclosing record only where a value can end.
  std::string Reference(bool may_recurse) {
    if (may_recurse && options_.recursion && !open_.empty() && OneIn(2)) {
      return "\"" + Dotted(open_[Below(open_.size())]) + "\"";
    }
    if (defined_.empty()) return Primitive();
    return "\"" + Dotted(defined_[Below(defined_.size())]) + "\"";
  }

  // A leading dot would be the way to name a type without a namespace from inside one.
  static std::string Dotted(const std::string& full) { return full.find('.') == std::string::npos ? "." + full : full; }

  std::string Type(int depth, bool may_recurse) {
    if (depth >= options_.max_depth) return OneIn(5) ? Reference(may_recurse) : Primitive();
    switch (Below(12)) {
      case 0: return Enum();
      case 1: return Fixed();
      case 2: return "{\"type\":\"array\",\"items\":" + Type(depth + 1, true) + "}";
      case 3: return "{\"type\":\"map\",\"values\":" + Type(depth + 1, true) + "}";
      case 4:
      case 5: return Union(depth + 1);
      case 6: return Record(depth + 1);
      case 7: return Reference(may_recurse);
      case 8:
        if (options_.recursion && !open_.empty()) return "[\"null\",\"" + Dotted(open_.back()) + "\"]";
        return Primitive();
      default: return Primitive();
    }
  }

  std::string Record(int depth) {
    std::string full;
    std::string text = Head("record", NewName("Record"), &full) + ",\"fields\":[";
    const std::string outer = space_;
    space_ = full.find('.') == std::string::npos ? "" : full.substr(0, full.rfind('.'));
    open_.push_back(full);
    const uint64_t count =
        (depth == 0 ? 1 : 0) + Below(static_cast<uint64_t>(options_.max_fields) + (depth == 0 ? 0 : 1));
    for (uint64_t i = 0; i < count; ++i) {
      const std::string type = Type(depth + 1, false);
      text += (i > 0 ? ",{\"name\":\"f" : "{\"name\":\"f") + std::to_string(i) + "\",\"type\":" + type;
      if (options_.defaults && type == "\"long\"" && OneIn(2)) text += ",\"default\":7";
      if (options_.defaults && type.rfind("[\"null\"", 0) == 0 && OneIn(2)) text += ",\"default\":null";
      text += "}";
    }
    open_.pop_back();
    space_ = outer;
    defined_.push_back(full);
    return text + "]}";
  }

  std::mt19937_64 random_;
  const RandomSchemaOptions& options_;
  uint64_t next_name_ = 0;
  std::string space_;                 // the enclosing namespace
  std::vector<std::string> open_;     // records whose fields are being written
  std::vector<std::string> defined_;  // types that are whole
};

}  // namespace

std::string RandomSchemaText(uint64_t seed, const RandomSchemaOptions& options) {
  return SchemaWriter(seed, options).Write();
}

SchemaPtr RandomSchema(uint64_t seed, const RandomSchemaOptions& options) {
  ParsedSchema parsed = ParseSchema(RandomSchemaText(seed, options));
  if (parsed.document == nullptr) {
    std::fprintf(stderr, "random schema %llu does not parse: %s\n", static_cast<unsigned long long>(seed),
                 parsed.error.message.c_str());
    std::abort();
  }
  return std::move(parsed.document);
}

}  // namespace avro

// JSON text as a tree that knows where each value stands, so that errors in a schema can point at it.
// Internal to avro/: the rest of the project sees schemas, not JSON.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace avro {

struct JsonKey {
  std::string name;
  size_t begin = 0;  // offset of its opening quote
};

struct JsonValue {
  // Huge: an integer beyond 64 bits signed, of which `number` is the nearest double.
  enum class Type : uint8_t { Null, Bool, Integer, Huge, Double, String, Array, Object };
  Type type = Type::Null;
  bool boolean = false;
  size_t begin = 0;  // the value is text[begin, end)
  size_t end = 0;
  int64_t integer = 0;
  double number = 0;             // of every number
  std::string text;              // String
  std::vector<JsonValue> items;  // Array: its items; Object: the values of `keys`
  std::vector<JsonKey> keys;     // Object, in the order written

  // The member called `key`, or null.
  const JsonValue* Find(std::string_view key) const;
  bool is_string() const { return type == Type::String; }
  bool is_array() const { return type == Type::Array; }
  bool is_object() const { return type == Type::Object; }
};

// "a string", "an object", "null": for messages.
std::string_view JsonTypeName(JsonValue::Type type);

struct JsonError {
  std::string message;  // empty: no error
  size_t offset = 0;
};

// Limits: 16 MiB of text, 1,024 levels of nesting, 500,000 values. A key that stands twice in an object is refused.
inline constexpr size_t kMaxJsonBytes = size_t{16} << 20;
inline constexpr size_t kMaxJsonNesting = 1024;
inline constexpr size_t kMaxJsonValues = 500'000;
JsonError ParseJsonTree(std::string_view text, JsonValue* root);

// Line and column (both 1-based, columns in bytes) of offsets in a text.
class LineTable {
 public:
  explicit LineTable(std::string_view text);
  uint32_t Line(size_t offset) const;
  uint32_t Column(size_t offset) const;

 private:
  std::vector<size_t> starts_;
};

}  // namespace avro

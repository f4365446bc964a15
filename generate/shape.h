// A shape file as data, free of its syntax: for each field's path the settings written there.
// docs/formats/shape.md describes the format.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "generate/generate_error.h"

namespace rulec::generate {

struct ShapeValue {
  enum class Type : uint8_t { Whole, Real, Bool, Text, Time, List, Table };
  Type type = Type::Whole;
  int64_t whole = 0;  // Whole; Time: nanoseconds since 1970
  double real = 0;    // Real, and Whole as well
  bool boolean = false;
  std::string text;
  std::vector<ShapeValue> items;   // List, and the values of a Table
  std::vector<std::string> names;  // Table
  uint32_t line = 0;
  uint32_t column = 0;

  bool is_number() const { return type == Type::Whole || type == Type::Real; }
};

// "a string", "a list": for messages.
std::string_view ShapeTypeName(ShapeValue::Type type);

struct ShapeEntry {
  std::string path;  // as written
  uint32_t line = 0;
  uint32_t column = 0;
  std::map<std::string, ShapeValue> settings;
};

struct Shape {
  std::vector<ShapeEntry> entries;
};

// Limit: 1 MiB of text. `path` is for messages.
GenerateError ParseShape(std::string_view toml, const std::string& path, Shape* shape);

}  // namespace rulec::generate

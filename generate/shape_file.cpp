// The one place that knows TOML.
#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include <optional>

#include "avro/number_text.h"
#include "generate/shape.h"

namespace rulec::generate {
namespace {

constexpr size_t kMaxShapeBytes = size_t{1} << 20;
constexpr int64_t kNanosASecond = 1'000'000'000;
constexpr int64_t kSecondsADay = 86'400;
constexpr int64_t kMaxDays = 106'000;  // about year 2260, within 64 bits of nanoseconds

// Days since 1970 of a civil date; Howard Hinnant's algorithm
// (https://howardhinnant.github.io/date_algorithms.html#days_from_civil).
int64_t DaysOf(const toml::date& date) {
  const int64_t year = int64_t{date.year} - (date.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t year_of_era = year - era * 400;
  const int64_t month = (date.month + 9) % 12;
  const int64_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
  return era * 146'097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719'468;
}

std::optional<int64_t> NanosOf(const toml::date_time& time) {
  const int64_t days = DaysOf(time.date);
  if (days > kMaxDays || days < -kMaxDays) return std::nullopt;
  int64_t seconds = days * kSecondsADay + time.time.hour * 3600 + time.time.minute * 60 + time.time.second;
  if (time.offset) seconds -= int64_t{time.offset->minutes} * 60;
  return seconds * kNanosASecond + time.time.nanosecond;
}

class ShapeReader {
 public:
  ShapeReader(const std::string& path, Shape* shape) : path_(path), shape_(shape) {}

  GenerateError Read(std::string_view text) {
    if (text.size() > kMaxShapeBytes) {
      Fail({1, 1}, "the shape file has " + avro::WithCommas(uint64_t{text.size()}) + " bytes; at most " +
                       avro::WithCommas(uint64_t{kMaxShapeBytes}) + " are read");
      return error_;
    }
    const toml::parse_result parsed = toml::parse(text);
    if (!parsed) {
      Fail(parsed.error().source().begin, "this is not TOML: " + std::string(parsed.error().description()));
      return error_;
    }
    ReadTop(parsed.table());
    return error_;
  }

 private:
  bool Fail(toml::source_position at, std::string message) {
    if (!error_) error_ = {std::move(message), path_, at.line, at.column};
    return false;
  }

  bool ReadTop(const toml::table& top) {
    for (const auto& [key, node] : top) {
      if (key.str() != "fields" || !node.is_table()) {
        return Fail(key.source().begin,
                    "a shape file has tables [fields.NAME] only, not `" + std::string(key.str()) + "`");
      }
      for (const auto& [path, entry] : *node.as_table()) {
        if (!entry.is_table()) {
          return Fail(path.source().begin,
                      "`" + std::string(path.str()) + "` must be a table: [fields." + std::string(path.str()) + "]");
        }
        if (!ReadEntry(path, *entry.as_table())) return false;
      }
    }
    return true;
  }

  bool ReadEntry(const toml::key& path, const toml::table& table) {
    ShapeEntry entry{std::string(path.str()), path.source().begin.line, path.source().begin.column, {}};
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (node.is_table() && name != "branches") {
        return Fail(key.source().begin, "`" + name + "` is no setting; a field inside another is written [fields.\"" +
                                            entry.path + "." + name + "\"]");
      }
      ShapeValue value;
      if (!ReadValue(node, &value)) return false;
      value.line = key.source().begin.line;
      value.column = key.source().begin.column;
      entry.settings.emplace(name, std::move(value));
    }
    shape_->entries.push_back(std::move(entry));
    return true;
  }

  bool ReadTime(const toml::date_time& time, toml::source_position at, ShapeValue* value) {
    const std::optional<int64_t> nanos = NanosOf(time);
    if (!nanos) return Fail(at, "the date is beyond the years 1680 to 2260");
    value->type = ShapeValue::Type::Time;
    value->whole = *nanos;
    return true;
  }

  bool ReadValue(const toml::node& node, ShapeValue* value) {
    const toml::source_position at = node.source().begin;
    value->line = at.line;
    value->column = at.column;
    if (const auto* whole = node.as_integer()) {
      value->whole = whole->get();
      value->real = static_cast<double>(value->whole);
    } else if (const auto* real = node.as_floating_point()) {
      value->type = ShapeValue::Type::Real;
      value->real = real->get();
    } else if (const auto* boolean = node.as_boolean()) {
      value->type = ShapeValue::Type::Bool;
      value->boolean = boolean->get();
    } else if (const auto* text = node.as_string()) {
      value->type = ShapeValue::Type::Text;
      value->text = text->get();
    } else if (const auto* time = node.as_date_time()) {
      return ReadTime(time->get(), at, value);
    } else if (const auto* date = node.as_date()) {
      return ReadTime(toml::date_time(date->get(), toml::time{}), at, value);
    } else if (const auto* list = node.as_array()) {
      value->type = ShapeValue::Type::List;
      for (const toml::node& item : *list) {
        if (!ReadValue(item, &value->items.emplace_back())) return false;
      }
    } else if (const auto* table = node.as_table()) {
      value->type = ShapeValue::Type::Table;
      for (const auto& [key, item] : *table) {
        value->names.emplace_back(key.str());
        if (!ReadValue(item, &value->items.emplace_back())) return false;
      }
    } else {
      return Fail(at, "a time of day says nothing here; write a date and a time");
    }
    return true;
  }

  const std::string& path_;
  Shape* shape_;
  GenerateError error_;
};

}  // namespace

std::string_view ShapeTypeName(ShapeValue::Type type) {
  switch (type) {
    case ShapeValue::Type::Whole:
    case ShapeValue::Type::Real: return "a number";
    case ShapeValue::Type::Bool: return "a boolean";
    case ShapeValue::Type::Text: return "a string";
    case ShapeValue::Type::Time: return "a date";
    case ShapeValue::Type::List: return "a list";
    case ShapeValue::Type::Table: return "a table";
  }
  return "";
}

std::string GenerateError::ToString() const {
  if (file.empty()) return message;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": " + message;
}

GenerateError ParseShape(std::string_view toml, const std::string& path, Shape* shape) {
  return ShapeReader(path, shape).Read(toml);
}

}  // namespace rulec::generate

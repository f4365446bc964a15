#include "avro/json_tree.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "avro/number_text.h"
#include "avro/utf8.h"

namespace avro {
namespace {

// Feeds the text to nlohmann's lexer and tells how far it has read: its events carry no position of their own.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char** read_to) : at_(at), read_to_(read_to) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    if (read_to_ != nullptr) *read_to_ = at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** read_to_;
};

// nlohmann words its errors as `[json.exception…] parse error at line 1, column 2: syntax error while parsing
// value - REASON; last read: '…'`; the reason is what a reader of our messages wants.
std::string ReasonOf(std::string_view what) {
  const std::string_view mark = " - ";
  if (const size_t at = what.find("] "); at != std::string_view::npos) what.remove_prefix(at + 2);
  if (const size_t at = what.find(mark); at != std::string_view::npos) what.remove_prefix(at + mark.size());
  if (const size_t at = what.find("; last read"); at != std::string_view::npos) what = what.substr(0, at);
  return std::string(what);
}

bool IsCut(std::string_view reason) {
  return reason.find("unexpected end of input") != std::string_view::npos ||
         reason.find("missing closing quote") != std::string_view::npos;
}

class TreeBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  TreeBuilder(std::string_view text, JsonValue* root) : text_(text), root_(root), read_to_(text.data()) {
    if (text.substr(0, 3) == "\xEF\xBB\xBF") last_end_ = 3;
  }

  JsonError Run() {
    nlohmann::json::sax_parse(CountingIterator(text_.data(), &read_to_),
                              CountingIterator(text_.data() + text_.size(), nullptr), this);
    return error_;
  }

  bool null() override { return Add(JsonValue::Type::Null) != nullptr; }
  bool boolean(bool value) override {
    JsonValue* added = Add(JsonValue::Type::Bool);
    if (added != nullptr) added->boolean = value;
    return added != nullptr;
  }
  bool number_integer(number_integer_t value) override { return AddInteger(value); }
  bool number_unsigned(number_unsigned_t value) override {
    if (value <= static_cast<uint64_t>(INT64_MAX)) return AddInteger(static_cast<int64_t>(value));
    JsonValue* added = Add(JsonValue::Type::Huge);
    if (added != nullptr) added->number = static_cast<double>(value);
    return added != nullptr;
  }
  bool number_float(number_float_t value, const string_t& digits) override {
    const bool whole = digits.find_first_of(".eE") == string_t::npos;
    JsonValue* added = Add(whole ? JsonValue::Type::Huge : JsonValue::Type::Double);
    if (added != nullptr) added->number = value;
    return added != nullptr;
  }
  bool string(string_t& value) override {
    JsonValue* added = Add(JsonValue::Type::String);
    if (added != nullptr) added->text = std::move(value);
    return added != nullptr;
  }
  bool binary(binary_t&) override { return false; }  // JSON text has none

  bool start_object(size_t) override { return Open(JsonValue::Type::Object); }
  bool end_object() override {
    if (!KeysDiffer(*open_.back())) return false;
    return Close();
  }
  bool start_array(size_t) override { return Open(JsonValue::Type::Array); }
  bool end_array() override { return Close(); }
  bool key(string_t& name) override {
    const size_t begin = SkipToToken();
    open_.back()->keys.push_back({std::move(name), begin});
    last_end_ = ReadTo();
    return true;
  }

  bool parse_error(size_t, const std::string&, const nlohmann::json::exception& error) override {
    const std::string reason = ReasonOf(error.what());
    if (IsCut(reason)) return Fail(text_.size(), "the JSON text ends too early");
    const size_t read = ReadTo();
    return Fail(read > 0 ? read - 1 : 0, "this is not JSON: " + reason);
  }

 private:
  size_t ReadTo() const { return static_cast<size_t>(read_to_ - text_.data()); }

  // Between two tokens stand only white space, commas and colons.
  size_t SkipToToken() const {
    const size_t at = text_.find_first_not_of(" \t\r\n,:", last_end_);
    return at == std::string_view::npos ? text_.size() : at;
  }

  // The lexer reads one byte past a number to see its end.
  size_t NumberEnd(size_t begin) const {
    const size_t end = text_.find_first_not_of("+-.0123456789eE", begin);
    return end == std::string_view::npos ? text_.size() : end;
  }

  JsonValue* Add(JsonValue::Type type) {
    const size_t begin = SkipToToken();
    if (++values_ > kMaxJsonValues) {
      Fail(begin, "the JSON text holds more than " + WithCommas(uint64_t{kMaxJsonValues}) + " values");
      return nullptr;
    }
    JsonValue* added = root_;
    if (!open_.empty()) added = &open_.back()->items.emplace_back();
    const bool number =
        type == JsonValue::Type::Integer || type == JsonValue::Type::Huge || type == JsonValue::Type::Double;
    added->type = type;
    added->begin = begin;
    added->end = number ? NumberEnd(begin) : ReadTo();
    last_end_ = added->end;
    return added;
  }

  bool AddInteger(int64_t value) {
    JsonValue* added = Add(JsonValue::Type::Integer);
    if (added == nullptr) return false;
    added->integer = value;
    added->number = static_cast<double>(value);
    return true;
  }

  // Pointers to open values stay valid: nothing is added to a container while one of its items is open.
  bool Open(JsonValue::Type type) {
    JsonValue* added = Add(type);
    if (added == nullptr) return false;
    if (open_.size() >= kMaxJsonNesting) {
      return Fail(added->begin,
                  "the JSON text is nested more than " + WithCommas(uint64_t{kMaxJsonNesting}) + " levels deep");
    }
    open_.push_back(added);
    return true;
  }

  bool Close() {
    last_end_ = ReadTo();
    open_.back()->end = last_end_;
    open_.pop_back();
    return true;
  }

  bool KeysDiffer(const JsonValue& object) {
    std::vector<const JsonKey*> sorted;
    sorted.reserve(object.keys.size());
    for (const JsonKey& key : object.keys) sorted.push_back(&key);
    std::sort(sorted.begin(), sorted.end(), [](const JsonKey* a, const JsonKey* b) {
      return a->name != b->name ? a->name < b->name : a->begin < b->begin;
    });
    const auto twice = std::adjacent_find(sorted.begin(), sorted.end(),
                                          [](const JsonKey* a, const JsonKey* b) { return a->name == b->name; });
    if (twice == sorted.end()) return true;
    return Fail((*(twice + 1))->begin, "the key `" + (*twice)->name + "` stands twice in one object");
  }

  bool Fail(size_t offset, std::string message) {
    if (error_.message.empty()) error_ = {std::move(message), offset};
    return false;
  }

  std::string_view text_;
  JsonValue* root_;
  const char* read_to_;
  size_t last_end_ = 0;
  size_t values_ = 0;
  std::vector<JsonValue*> open_;
  JsonError error_;
};

}  // namespace

const JsonValue* JsonValue::Find(std::string_view key) const {
  for (size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].name == key) return &items[i];
  }
  return nullptr;
}

std::string_view JsonTypeName(JsonValue::Type type) {
  switch (type) {
    case JsonValue::Type::Null: return "null";
    case JsonValue::Type::Bool: return "a boolean";
    case JsonValue::Type::Integer:
    case JsonValue::Type::Huge:
    case JsonValue::Type::Double: return "a number";
    case JsonValue::Type::String: return "a string";
    case JsonValue::Type::Array: return "an array";
    case JsonValue::Type::Object: return "an object";
  }
  return "";
}

JsonError ParseJsonTree(std::string_view text, JsonValue* root) {
  if (text.size() > kMaxJsonBytes) {
    return {"the JSON text has " + WithCommas(uint64_t{text.size()}) + " bytes; at most " +
                WithCommas(uint64_t{kMaxJsonBytes}) + " are read",
            0};
  }
  if (const size_t valid = ValidUtf8Prefix(text); valid != text.size()) return {"the text is not valid UTF-8", valid};
  return TreeBuilder(text, root).Run();
}

LineTable::LineTable(std::string_view text) : starts_{0} {
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts_.push_back(at + 1);
  }
}

uint32_t LineTable::Line(size_t offset) const {
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), offset);
  return static_cast<uint32_t>(next - starts_.begin());
}

uint32_t LineTable::Column(size_t offset) const {
  return static_cast<uint32_t>(offset - starts_[Line(offset) - 1] + 1);
}

}  // namespace avro
